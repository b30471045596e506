"""Is a document an Open Badges 3.0 credential? One table of classes, read from the information model.

It says yes and no as the official JSON schemas do, and names the place and the remedy. Where the text of the
specification asks for more than the schemas, a `Problem` says so (`beyond_schema`).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import VocabularyError
from laurea.credentials.moments import parse_moment
from laurea.credentials.vocabulary import older, terms
from laurea.credentials.vocabulary.rules import (
    LEVELS,
    Problem,
    Problems,
    Rule,
    Shape,
    contexts,
    day,
    flag,
    kind,
    many,
    moment,
    number,
    shown,
    step,
    text,
    text_or,
)

MOST_PROBLEMS = 50
"""A document with more problems than this is not described any further."""

ACHIEVEMENT_CREDENTIAL = "AchievementCredential"
ENDORSEMENT_CREDENTIAL = "EndorsementCredential"
STATUS_LIST_CREDENTIAL = "BitstringStatusListCredential"


def a(name: str) -> Rule:
    """An object of the class `name`; looked up late, because classes refer to each other."""

    def rule(value: JSON, pointer: str, levels: int) -> Problems:
        yield from SHAPES[name].problems(value, pointer, levels)

    return rule


def _either(first: str, second: str) -> Callable[[dict[str, JSON], str], Problems]:
    def rule(value: dict[str, JSON], pointer: str) -> Problems:
        if not value.get(first) and not value.get(second):
            yield Problem(pointer, f"must have “{first}” or “{second}”", beyond_schema=True)

    return rule


def _period(value: dict[str, JSON], pointer: str) -> Problems:
    """VCDM 2.0, section 4.9: the end of validity is not before its beginning."""
    begin, end = value.get("validFrom"), value.get("validUntil")
    if not isinstance(begin, str) or not isinstance(end, str):
        return
    try:
        backwards = parse_moment(end) < parse_moment(begin)
    except VocabularyError:
        return
    if backwards:
        yield Problem(step(pointer, "validUntil"), f"must not be before validFrom ({begin})", beyond_schema=True)


def _status(value: JSON, pointer: str, levels: int) -> Problems:
    """`credentialStatus`; the kind that Laurea reads is looked at more closely than the schema does."""
    yield from SHAPES["Typed"].problems(value, pointer, levels)
    if isinstance(value, dict) and value.get("type") == "BitstringStatusListEntry":
        for problem in SHAPES["BitstringStatusListEntry"].problems(value, pointer, levels):
            yield Problem(problem.pointer, problem.message, beyond_schema=True)


def _statuses(value: JSON, pointer: str, levels: int) -> Problems:
    """As Verifiable Credentials 2.0 allows it outside Open Badges: one status or a list of them."""
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        yield from SHAPES["Typed"].problems(item, step(pointer, index) if isinstance(value, list) else pointer, levels)


def _proofs(value: JSON, pointer: str, levels: int) -> Problems:
    """As Verifiable Credentials 2.0 allows it outside Open Badges: one proof or a list of them."""
    yield from (many(a("Proof")) if isinstance(value, list) else a("Proof"))(value, pointer, levels)


def _list_contexts(value: JSON, pointer: str, _levels: int) -> Problems:
    if not isinstance(value, list) or not value or value[0] != terms.CREDENTIALS_CONTEXT:
        yield Problem(pointer, f"must be a list that begins with {terms.CREDENTIALS_CONTEXT}")


def _list_type(value: JSON, pointer: str, levels: int) -> Problems:
    if value != "BitstringStatusList":
        yield from kind(("BitstringStatusList",))(value, pointer, levels)


def _purposes(value: JSON, pointer: str, _levels: int) -> Problems:
    purposes = value if isinstance(value, list) and value else [value]
    if not all(isinstance(purpose, str) for purpose in purposes):
        yield Problem(pointer, "must be a purpose, such as revocation, or a list of them")


_TEXT = text()
_LANGUAGE = text(pattern=terms.LANGUAGE, like="a language such as de, pt-BR or zh-Hant-TW")
_JWTS = many(text(pattern=terms.COMPACT_JWS, like="a compact JWS (three parts with dots)"))
_IDENTIFIER_TYPE = text(choices=terms.IDENTIFIER_TYPES, extensible=True)
_INDEX = text(pattern=terms.INDEX, like="a whole number written as text, such as “94567”")

_ENVELOPE: dict[str, Rule] = {
    "@context": contexts,
    "id": _TEXT,
    "name": _TEXT,
    "description": _TEXT,
    "awardedDate": moment,
    "issuer": text_or(a("Profile")),
    "validFrom": moment,
    "validUntil": moment,
    "proof": many(a("Proof")),
    "credentialSchema": many(a("Typed")),
    "credentialStatus": _status,
    "refreshService": a("Typed"),
    "termsOfUse": many(a("TermsOfUse")),
}
_ENVELOPE_REQUIRED = ("@context", "id", "type", "issuer", "validFrom", "credentialSubject")

SHAPES: dict[str, Shape] = {
    ACHIEVEMENT_CREDENTIAL: Shape(
        _ENVELOPE
        | {
            "type": kind(("VerifiableCredential",), ("OpenBadgeCredential", "AchievementCredential")),
            "image": a("Image"),
            "credentialSubject": a("AchievementSubject"),
            "endorsement": many(a(ENDORSEMENT_CREDENTIAL)),
            "endorsementJwt": _JWTS,
            "evidence": many(a("Evidence")),
        },
        _ENVELOPE_REQUIRED,
        rules=(_period,),
    ),
    ENDORSEMENT_CREDENTIAL: Shape(
        _ENVELOPE
        | {
            "type": kind(("VerifiableCredential",), ("EndorsementCredential",)),
            "credentialSubject": a("EndorsementSubject"),
        },
        (*_ENVELOPE_REQUIRED, "name"),
        rules=(_period,),
    ),
    STATUS_LIST_CREDENTIAL: Shape(
        {
            "@context": _list_contexts,
            "id": _TEXT,
            "type": kind(("VerifiableCredential",), ("BitstringStatusListCredential",)),
            "issuer": text_or(a("Identified")),
            "validFrom": moment,
            "validUntil": moment,
            "credentialSubject": a("BitstringStatusList"),
            "credentialStatus": _statuses,
            "proof": _proofs,
        },
        ("@context", "type", "issuer", "credentialSubject"),
        rules=(_period,),
    ),
    "BitstringStatusList": Shape(
        {"id": _TEXT, "type": _list_type, "statusPurpose": _purposes, "encodedList": _TEXT},
        ("type", "statusPurpose", "encodedList"),
    ),
    "BitstringStatusListEntry": Shape(
        {"statusPurpose": _TEXT, "statusListIndex": _INDEX, "statusListCredential": _TEXT},
        ("statusPurpose", "statusListIndex", "statusListCredential"),
    ),
    "Typed": Shape({"id": _TEXT, "type": _TEXT}, ("id", "type")),
    "Identified": Shape({"id": _TEXT}, ("id",)),
    "TermsOfUse": Shape({"id": _TEXT, "type": _TEXT}, ("type",)),
    "Proof": Shape(
        {
            "type": _TEXT,
            "created": moment,
            "cryptosuite": _TEXT,
            "challenge": _TEXT,
            "domain": _TEXT,
            "nonce": _TEXT,
            "proofPurpose": _TEXT,
            "proofValue": _TEXT,
            "verificationMethod": _TEXT,
        },
        ("type",),
    ),
    "AchievementSubject": Shape(
        {
            "id": _TEXT,
            "type": kind(("AchievementSubject",)),
            "activityEndDate": moment,
            "activityStartDate": moment,
            "creditsEarned": number,
            "achievement": a("Achievement"),
            "identifier": many(a("IdentityObject")),
            "image": a("Image"),
            "licenseNumber": _TEXT,
            "narrative": _TEXT,
            "result": many(a("Result")),
            "role": _TEXT,
            "source": a("Profile"),
            "term": _TEXT,
        },
        ("type", "achievement"),
        rules=(_either("id", "identifier"),),
    ),
    "EndorsementSubject": Shape(
        {"id": _TEXT, "type": kind(("EndorsementSubject",)), "endorsementComment": _TEXT}, ("id", "type")
    ),
    "IdentityObject": Shape(
        {
            "type": text(choices=("IdentityObject",)),
            "hashed": flag,
            "identityHash": _TEXT,
            "identityType": _IDENTIFIER_TYPE,
            "salt": _TEXT,
        },
        ("type", "hashed", "identityHash", "identityType"),
        closed=True,
    ),
    "IdentifierEntry": Shape(
        {"type": text(choices=("IdentifierEntry",)), "identifier": _TEXT, "identifierType": _IDENTIFIER_TYPE},
        ("type", "identifier", "identifierType"),
        closed=True,
    ),
    "Evidence": Shape(
        {
            "id": _TEXT,
            "type": kind(("Evidence",)),
            "narrative": _TEXT,
            "name": _TEXT,
            "description": _TEXT,
            "genre": _TEXT,
            "audience": _TEXT,
        },
        ("type",),
    ),
    "Achievement": Shape(
        {
            "id": _TEXT,
            "type": kind(("Achievement",)),
            "alignment": many(a("Alignment")),
            "achievementType": text(choices=terms.ACHIEVEMENT_TYPES, extensible=True),
            "creator": a("Profile"),
            "creditsAvailable": number,
            "criteria": a("Criteria"),
            "description": _TEXT,
            "endorsement": many(a(ENDORSEMENT_CREDENTIAL)),
            "endorsementJwt": _JWTS,
            "fieldOfStudy": _TEXT,
            "humanCode": _TEXT,
            "image": a("Image"),
            "inLanguage": _LANGUAGE,
            "name": _TEXT,
            "otherIdentifier": many(a("IdentifierEntry")),
            "related": many(a("Related")),
            "resultDescription": many(a("ResultDescription")),
            "specialization": _TEXT,
            "tag": many(_TEXT),
            "version": _TEXT,
        },
        ("id", "type", "criteria", "description", "name"),
    ),
    "Criteria": Shape({"id": _TEXT, "narrative": _TEXT}, rules=(_either("id", "narrative"),)),
    "Alignment": Shape(
        {
            "type": kind(("Alignment",)),
            "targetCode": _TEXT,
            "targetDescription": _TEXT,
            "targetName": _TEXT,
            "targetFramework": _TEXT,
            "targetType": text(choices=terms.ALIGNMENT_TARGET_TYPES, extensible=True),
            "targetUrl": _TEXT,
        },
        ("type", "targetName", "targetUrl"),
    ),
    "Image": Shape({"id": _TEXT, "type": text(choices=("Image",)), "caption": _TEXT}, ("id", "type"), closed=True),
    "Result": Shape(
        {
            "type": kind(("Result",)),
            "achievedLevel": _TEXT,
            "alignment": many(a("Alignment")),
            "resultDescription": _TEXT,
            "status": text(choices=terms.RESULT_STATUSES),
            "value": _TEXT,
        },
        ("type",),
    ),
    "ResultDescription": Shape(
        {
            "id": _TEXT,
            "type": kind(("ResultDescription",)),
            "alignment": many(a("Alignment")),
            "allowedValue": many(_TEXT),
            "name": _TEXT,
            "requiredLevel": _TEXT,
            "requiredValue": _TEXT,
            "resultType": text(choices=terms.RESULT_TYPES, extensible=True),
            "rubricCriterionLevel": many(a("RubricCriterionLevel")),
            "valueMax": _TEXT,
            "valueMin": _TEXT,
        },
        ("id", "type", "name", "resultType"),
    ),
    "RubricCriterionLevel": Shape(
        {
            "id": _TEXT,
            "type": kind(("RubricCriterionLevel",)),
            "alignment": many(a("Alignment")),
            "description": _TEXT,
            "level": _TEXT,
            "name": _TEXT,
            "points": _TEXT,
        },
        ("id", "type", "name"),
    ),
    "Related": Shape(
        {"id": _TEXT, "type": kind(("Related",)), "inLanguage": _LANGUAGE, "version": _TEXT}, ("id", "type")
    ),
    "Profile": Shape(
        {
            "id": _TEXT,
            "type": kind(("Profile",)),
            "name": _TEXT,
            "url": _TEXT,
            "phone": _TEXT,
            "description": _TEXT,
            "endorsement": many(a(ENDORSEMENT_CREDENTIAL)),
            "endorsementJwt": _JWTS,
            "image": a("Image"),
            "email": _TEXT,
            "address": a("Address"),
            "otherIdentifier": many(a("IdentifierEntry")),
            "official": _TEXT,
            "parentOrg": a("Profile"),
            "familyName": _TEXT,
            "givenName": _TEXT,
            "additionalName": _TEXT,
            "patronymicName": _TEXT,
            "honorificPrefix": _TEXT,
            "honorificSuffix": _TEXT,
            "familyNamePrefix": _TEXT,
            "dateOfBirth": day,
        },
        ("id", "type"),
    ),
    "Address": Shape(
        {
            "type": kind(("Address",)),
            "addressCountry": _TEXT,
            "addressCountryCode": _TEXT,
            "addressRegion": _TEXT,
            "addressLocality": _TEXT,
            "streetAddress": _TEXT,
            "postOfficeBoxNumber": _TEXT,
            "postalCode": _TEXT,
            "geo": a("GeoCoordinates"),
        },
        ("type",),
    ),
    "GeoCoordinates": Shape(
        {"type": text(choices=("GeoCoordinates",)), "latitude": number, "longitude": number},
        ("type", "latitude", "longitude"),
    ),
}


def class_of(document: Document) -> str | None:
    """Which class `document` says it is, in `type`; None when it is nothing that Laurea judges."""
    types = document.get("type")
    names = types if isinstance(types, list) else [types]
    if "OpenBadgeCredential" in names or ACHIEVEMENT_CREDENTIAL in names:
        return ACHIEVEMENT_CREDENTIAL
    if older.STATUS_LIST_2021 in names:
        return STATUS_LIST_CREDENTIAL
    return next((name for name in (ENDORSEMENT_CREDENTIAL, STATUS_LIST_CREDENTIAL) if name in names), None)


def check(document: Document) -> list[Problem]:
    """What is wrong with `document` as an Open Badges 3.0 credential, endorsement or status list; at most 50 problems.

    On Verifiable Credentials 2.0, or 1.1 when it says so. Nothing is said of signatures and time. Never raises.
    """
    name = class_of(document)
    if name is None:
        wanted = "“OpenBadgeCredential” (or “AchievementCredential”, “EndorsementCredential”, "
        wanted += f"“BitstringStatusListCredential”), not {shown(document.get('type'))}"
        return [Problem("/type", f"must be a list with “VerifiableCredential” and {wanted}")]
    if not older.is_older(document):
        return list(islice(SHAPES[name].problems(document, "", LEVELS), MOST_PROBLEMS))
    found = SHAPES[name].problems(older.modernised(document), "", LEVELS)
    return [*older.confusing(document), *(older.renamed(problem) for problem in islice(found, MOST_PROBLEMS))]
