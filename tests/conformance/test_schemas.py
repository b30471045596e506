"""Our structural check says yes and no as the official JSON schemas do: on 1EdTech's corpus and on many mutants.

The judge is the `jsonschema` package with the schemas where they lie. Moments are left to our own reader, which is
stricter than the schema's `format` on purpose. Problems marked `beyond_schema` are the specification's text.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator, FormatChecker

from laurea.credentials import contexts
from laurea.credentials.errors import LaureaError
from laurea.credentials.moments import parse_day, parse_moment
from laurea.credentials.vocabulary import check

FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", raises=LaureaError)
def is_moment(value: object) -> bool:
    return not isinstance(value, str) or bool(parse_moment(value))


@FORMATS.checks("date", raises=LaureaError)
def is_day(value: object) -> bool:
    return not isinstance(value, str) or bool(parse_day(value))


WRONG: tuple[Any, ...] = (None, True, 7, 1.5, "", "x", "ext:own.type_1", [], {}, [7], [{}], ["x"], {"type": "x"})

ENDORSEMENT: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "EndorsementCredential"],
    "name": "Endorsement",
    "description": "What it is",
    "issuer": "did:web:example.org",
    "awardedDate": "2026-01-01T00:00:00Z",
    "validFrom": "2026-01-01T00:00:00Z",
    "validUntil": "2027-01-01T00:00:00Z",
    "credentialSubject": {"id": "urn:uuid:2", "type": ["EndorsementSubject"], "endorsementComment": "Good"},
    "credentialSchema": [{"id": "https://example.org/schema", "type": "1EdTechJsonSchemaValidator2019"}],
    "credentialStatus": {"id": "https://example.org/status", "type": "1EdTechRevocationList"},
    "refreshService": {"id": "https://example.org/refresh", "type": "1EdTechCredentialRefresh"},
    "termsOfUse": [{"id": "https://example.org/terms", "type": "Terms"}],
    "proof": [
        {
            "type": "DataIntegrityProof",
            "created": "2026-01-01T00:00:00Z",
            "cryptosuite": "eddsa-rdfc-2022",
            "challenge": "c",
            "domain": "d",
            "nonce": "n",
            "proofPurpose": "assertionMethod",
            "proofValue": "z1",
            "verificationMethod": "did:web:example.org#1",
        }
    ],
}
IMAGE = {"id": "https://example.org/image.png", "type": "Image", "caption": "A picture"}
ALIGNMENT = {
    "type": ["Alignment"],
    "targetCode": "1",
    "targetDescription": "d",
    "targetName": "n",
    "targetFramework": "f",
    "targetType": "CFItem",
    "targetUrl": "https://example.org/alignment",
}
PROFILE: dict[str, Any] = {
    "id": "https://example.org/profile",
    "type": ["Profile"],
    "name": "n",
    "url": "https://example.org",
    "phone": "+49",
    "description": "d",
    "endorsementJwt": ["a.b.c"],
    "image": IMAGE,
    "email": "a@example.org",
    "address": {
        "type": ["Address"],
        "addressCountry": "Germany",
        "addressCountryCode": "DE",
        "addressRegion": "BY",
        "addressLocality": "München",
        "streetAddress": "1",
        "postOfficeBoxNumber": "2",
        "postalCode": "3",
        "geo": {"type": "GeoCoordinates", "latitude": 48.1, "longitude": 11},
    },
    "otherIdentifier": [{"type": "IdentifierEntry", "identifier": "1", "identifierType": "sourcedId"}],
    "official": "o",
    "parentOrg": {"id": "urn:uuid:3", "type": ["Profile"]},
    "familyName": "f",
    "givenName": "g",
    "additionalName": "a",
    "patronymicName": "p",
    "honorificPrefix": "h",
    "honorificSuffix": "h",
    "familyNamePrefix": "f",
    "dateOfBirth": "1990-01-01",
}
CREDENTIAL: dict[str, Any] = {
    **ENDORSEMENT,
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "image": IMAGE,
    "endorsementJwt": ["a.b.c"],
    "endorsement": [{name: ENDORSEMENT[name] for name in ENDORSEMENT if name not in ("proof", "credentialSchema")}],
    "issuer": PROFILE,
    "evidence": [
        {
            "id": "https://example.org/evidence",
            "type": ["Evidence"],
            "narrative": "n",
            "name": "n",
            "description": "d",
            "genre": "g",
            "audience": "a",
        }
    ],
    "credentialSubject": {
        "id": "urn:uuid:4",
        "type": ["AchievementSubject"],
        "activityEndDate": "2026-01-01T00:00:00Z",
        "activityStartDate": "2026-01-01T00:00:00Z",
        "creditsEarned": 3,
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": "a@example.org",
                "identityType": "emailAddress",
                "salt": "s",
            }
        ],
        "image": IMAGE,
        "licenseNumber": "l",
        "narrative": "n",
        "result": [
            {
                "type": ["Result"],
                "achievedLevel": "urn:uuid:6",
                "alignment": [ALIGNMENT],
                "resultDescription": "urn:uuid:5",
                "status": "Completed",
                "value": "A",
            }
        ],
        "role": "r",
        "source": {"id": "urn:uuid:7", "type": ["Profile"]},
        "term": "t",
        "achievement": {
            "id": "urn:uuid:8",
            "type": ["Achievement"],
            "alignment": [ALIGNMENT],
            "achievementType": "Course",
            "creator": {"id": "urn:uuid:9", "type": ["Profile"]},
            "creditsAvailable": 5.5,
            "criteria": {"id": "https://example.org/criteria", "narrative": "n"},
            "description": "d",
            "fieldOfStudy": "f",
            "humanCode": "h",
            "image": IMAGE,
            "inLanguage": "de-DE",
            "name": "n",
            "otherIdentifier": [{"type": "IdentifierEntry", "identifier": "1", "identifierType": "ext:x"}],
            "related": [{"id": "urn:uuid:10", "type": ["Related"], "inLanguage": "zh-Hant-TW", "version": "1"}],
            "resultDescription": [
                {
                    "id": "urn:uuid:5",
                    "type": ["ResultDescription"],
                    "alignment": [ALIGNMENT],
                    "allowedValue": ["B", "A"],
                    "name": "n",
                    "requiredLevel": "urn:uuid:6",
                    "requiredValue": "B",
                    "resultType": "LetterGrade",
                    "rubricCriterionLevel": [
                        {
                            "id": "urn:uuid:6",
                            "type": ["RubricCriterionLevel"],
                            "alignment": [ALIGNMENT],
                            "description": "d",
                            "level": "1",
                            "name": "n",
                            "points": "5",
                        }
                    ],
                    "valueMax": "A",
                    "valueMin": "B",
                }
            ],
            "specialization": "s",
            "tag": ["a"],
            "version": "1",
        },
    },
}


@pytest.fixture(scope="module")
def schemas(conformance: Path) -> dict[str, Draft201909Validator]:
    def load(name: str) -> Draft201909Validator:
        schema = json.loads((conformance / "schemas" / f"ob_v3p0_{name}_schema.json").read_text())
        return Draft201909Validator(schema, format_checker=FORMATS)

    return {"EndorsementCredential": load("endorsementcredential"), "other": load("achievementcredential")}


def by_schema(schemas: dict[str, Draft201909Validator], document: dict[str, Any]) -> bool:
    types = document.get("type")
    kind = "EndorsementCredential" if isinstance(types, list) and "EndorsementCredential" in types else "other"
    return schemas[kind].is_valid(document)


def by_us(document: dict[str, Any]) -> bool:
    return all(problem.beyond_schema for problem in check(document))


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield from places(child, (*path, name))


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    for name in path:
        document = document[name]
    return document


def mutants(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each place removed, replaced by wrong values (a few of them in turn), each object with a member more."""
    for number, path in enumerate(places(document)):
        name = "/".join(map(str, path))
        for value in [WRONG[(number * 5 + turn) % len(WRONG)] for turn in range(5)]:
            changed = copy.deepcopy(document)
            at(changed, path[:-1])[path[-1]] = value
            yield f"{name}: {value!r}", changed
        changed = copy.deepcopy(document)
        del at(changed, path[:-1])[path[-1]]
        yield f"{name}: removed", changed
        if isinstance(at(document, path), dict):
            changed = copy.deepcopy(document)
            at(changed, path)["unknownMember"] = "x"
            yield f"{name}: one more", changed


@pytest.mark.slow
@pytest.mark.parametrize("document", [CREDENTIAL, ENDORSEMENT], ids=["credential", "endorsement"])
def test_mutants_are_judged_alike(schemas: dict[str, Draft201909Validator], document: dict[str, Any]) -> None:
    assert by_us(document)
    assert by_schema(schemas, document)
    judged = [(name, by_schema(schemas, mutant), by_us(mutant)) for name, mutant in mutants(document)]
    assert [(name, theirs) for name, theirs, ours in judged if theirs is not ours] == []
    assert 0.1 < sum(ours for _, _, ours in judged) / len(judged) < 0.9


def test_the_corpus_is_judged_alike(schemas: dict[str, Draft201909Validator], conformance: Path) -> None:
    folder = conformance / "1edtech-corpus" / "ob30"
    documents = {path.name: json.loads(path.read_text()) for path in folder.rglob("*.json")}
    credentials = {
        name: document
        for name, document in documents.items()
        if (by_schema(schemas, document) or "VerifiableCredential" in document["type"])
        and not contexts.is_older(document["@context"])  # the schema of version 1.1 is another one
    }
    assert len(credentials) >= 30
    theirs = {name: by_schema(schemas, document) for name, document in credentials.items()}
    ours = {name: by_us(document) for name, document in credentials.items()}
    assert ours == theirs
