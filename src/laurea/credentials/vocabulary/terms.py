"""The closed lists and patterns of Open Badges 3.0 (the information model, section B)."""

from __future__ import annotations

import re

CREDENTIALS_CONTEXT = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTEXTS = (CREDENTIALS_CONTEXT, OPEN_BADGES_CONTEXT)
"""The contexts of everything that Laurea issues."""

ACHIEVEMENT_TYPES = (
    "Achievement",
    "ApprenticeshipCertificate",
    "Assessment",
    "Assignment",
    "AssociateDegree",
    "Award",
    "BachelorDegree",
    "Badge",
    "Certificate",
    "CertificateOfCompletion",
    "Certification",
    "CoCurricular",
    "CommunityService",
    "Competency",
    "Course",
    "Degree",
    "Diploma",
    "DoctoralDegree",
    "Fieldwork",
    "GeneralEducationDevelopment",
    "JourneymanCertificate",
    "LearningProgram",
    "License",
    "MasterCertificate",
    "MasterDegree",
    "Membership",
    "MicroCredential",
    "ProfessionalDoctorate",
    "QualityAssuranceCredential",
    "ResearchDoctorate",
    "SecondarySchoolDiploma",
)

ALIGNMENT_TARGET_TYPES = (
    "CFItem",
    "CFRubric",
    "CFRubricCriterion",
    "CFRubricCriterionLevel",
    "CTDL",
    "ceasn:Competency",
    "ceterms:Credential",
)

IDENTIFIER_TYPES = (
    "accountId",
    "emailAddress",
    "identifier",
    "isbn",
    "issn",
    "lisSourcedId",
    "ltiContextId",
    "ltiDeploymentId",
    "ltiPlatformId",
    "ltiToolId",
    "ltiUserId",
    "name",
    "nationalIdentityNumber",
    "oneRosterSourcedId",
    "productId",
    "sisSourcedId",
    "sourcedId",
    "systemId",
    "userName",
)

RESULT_TYPES = (
    "GradePointAverage",
    "LetterGrade",
    "Percent",
    "PerformanceLevel",
    "PredictedScore",
    "RawScore",
    "Result",
    "RubricCriterion",
    "RubricCriterionLevel",
    "RubricScore",
    "ScaledScore",
    "Status",
)

RESULT_STATUSES = ("Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew")

STATUS_PURPOSES = ("message", "refresh", "revocation", "suspension")

LANGUAGE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", re.ASCII)
"""`inLanguage`: a subset of BCP 47, such as ``de``, ``pt-BR``, ``zh-Hant-TW``."""

EXTENSION = re.compile(r"ext:[A-Za-z0-9|._]")
"""What the official schema accepts beside a closed list: it looks for this anywhere in the value."""

OWN_EXTENSION = re.compile(r"ext:[A-Za-z0-9._]+", re.ASCII)
"""What we write ourselves: all of the value, and without the stray ``|`` of the official pattern."""

OPEN_BADGES_CONTEXTS = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)*\.json", re.ASCII)

COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+", re.ASCII)

INDEX = re.compile(r"0|[1-9][0-9]{0,11}", re.ASCII)
"""`statusListIndex`: base 10, no signs, no leading zeros."""

_IN_ADDRESS = r"(?:[^\s\\<>\"{}|^`\[\]%#]|%[0-9A-Fa-f]{2})*"
HTTP_URL = re.compile(rf"https?://[^\s/?#@\\<>\"{{}}|^`%]+([/?]{_IN_ADDRESS})?(#{_IN_ADDRESS})?", re.IGNORECASE)
"""An address for people to open: absolute, with a host, without user names, and written as RFC 3987 asks.

Browsers open addresses with brackets or with a lone percent sign too, but no signature would cover them.
"""

_TO_ESCAPE = re.compile(r"https?://.*(?:[\[\]]|%(?![0-9A-Fa-f]{2}))", re.IGNORECASE | re.DOTALL)

URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\\<>\"{}|^`]+")
"""An absolute identifier: https, urn, did, data, mailto, ..."""

EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
"""Enough to notice a slip; whether an address exists, only a message to it can tell."""


def how_to_write(address: str) -> str:
    """What to do about an `address` that is not of the form of `HTTP_URL`."""
    if _TO_ESCAPE.match(address):
        return "In an address, write [ as %5B, ] as %5D, and a % that stands for itself as %25"
    return "Write it in full: https://…"
