"""All models, so that Django finds them."""

from __future__ import annotations

from laurea.records.accounts import Account, Invitation, Member, Role
from laurea.records.achievements import Achievement
from laurea.records.audit import Checkpoint, Entry, Log, WitnessNotice
from laurea.records.batches import Batch, Chunk, ColumnMapping, Row
from laurea.records.credentials import Artifact, Credential, Delivery, StatusList
from laurea.records.designs import Design, DesignVersion
from laurea.records.issuers import Issuer, Key, Picture
from laurea.records.people import Email, Person
from laurea.records.trust import TrustedIssuer

__all__ = [
    "Account",
    "Achievement",
    "Artifact",
    "Batch",
    "Checkpoint",
    "Chunk",
    "ColumnMapping",
    "Credential",
    "Delivery",
    "Design",
    "DesignVersion",
    "Email",
    "Entry",
    "Invitation",
    "Issuer",
    "Key",
    "Log",
    "Member",
    "Person",
    "Picture",
    "Role",
    "Row",
    "StatusList",
    "TrustedIssuer",
    "WitnessNotice",
]
