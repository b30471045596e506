"""All models, so that Django finds them."""

from __future__ import annotations

from laurea.records.accounts import Account, Invitation, Member, Role
from laurea.records.achievements import Achievement
from laurea.records.batches import Batch, Chunk, ColumnMapping, Row
from laurea.records.credentials import Artifact, Credential, Delivery, StatusList
from laurea.records.designs import Design, DesignVersion
from laurea.records.issuers import Issuer, Key, Picture
from laurea.records.people import Email, Person

__all__ = [
    "Account",
    "Achievement",
    "Artifact",
    "Batch",
    "Chunk",
    "ColumnMapping",
    "Credential",
    "Delivery",
    "Design",
    "DesignVersion",
    "Email",
    "Invitation",
    "Issuer",
    "Key",
    "Member",
    "Person",
    "Picture",
    "Role",
    "Row",
    "StatusList",
]
