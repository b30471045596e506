"""Open Badges 3.0: the values we write, and the check of any document we read.

`types` has the frozen values, `check` the structural check, `identity` the holder's name and hashed e-mail address.
"""

from __future__ import annotations

from laurea.credentials.vocabulary.check import (
    ACHIEVEMENT_CREDENTIAL,
    ENDORSEMENT_CREDENTIAL,
    STATUS_LIST_CREDENTIAL,
    check,
    class_of,
)
from laurea.credentials.vocabulary.identity import (
    email_identity,
    holder_name,
    identities,
    identity_hash,
    name_identity,
    names_email,
)
from laurea.credentials.vocabulary.rules import Problem
from laurea.credentials.vocabulary.terms import (
    ACHIEVEMENT_TYPES,
    ALIGNMENT_TARGET_TYPES,
    CONTEXTS,
    IDENTIFIER_TYPES,
    RESULT_STATUSES,
    RESULT_TYPES,
)
from laurea.credentials.vocabulary.types import (
    Achievement,
    AchievementCredential,
    AchievementSubject,
    Address,
    Alignment,
    BitstringStatusListEntry,
    Criteria,
    EndorsementCredential,
    EndorsementSubject,
    Evidence,
    GeoCoordinates,
    IdentifierEntry,
    IdentityObject,
    Image,
    Profile,
    Related,
    Result,
    ResultDescription,
    RubricCriterionLevel,
)

__all__ = [
    "ACHIEVEMENT_CREDENTIAL",
    "ACHIEVEMENT_TYPES",
    "ALIGNMENT_TARGET_TYPES",
    "CONTEXTS",
    "ENDORSEMENT_CREDENTIAL",
    "IDENTIFIER_TYPES",
    "RESULT_STATUSES",
    "RESULT_TYPES",
    "STATUS_LIST_CREDENTIAL",
    "Achievement",
    "AchievementCredential",
    "AchievementSubject",
    "Address",
    "Alignment",
    "BitstringStatusListEntry",
    "Criteria",
    "EndorsementCredential",
    "EndorsementSubject",
    "Evidence",
    "GeoCoordinates",
    "IdentifierEntry",
    "IdentityObject",
    "Image",
    "Problem",
    "Profile",
    "Related",
    "Result",
    "ResultDescription",
    "RubricCriterionLevel",
    "check",
    "class_of",
    "email_identity",
    "holder_name",
    "identities",
    "identity_hash",
    "name_identity",
    "names_email",
]
