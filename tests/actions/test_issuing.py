"""The one way to make a credential: from terms and an order, the document that Open Badges 3.0 asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurea.actions import achievements, issuing
from laurea.actions.issuing import Order, Terms
from laurea.credentials import keys, proof
from laurea.credentials.document import parse
from laurea.credentials.errors import VocabularyError
from laurea.credentials.keys import SigningKey
from laurea.credentials.status_list import StatusList, status_of
from laurea.credentials.vocabulary import (
    Achievement,
    Criteria,
    Profile,
    check,
    holder_name,
    identities,
    identity_hash,
)

MOMENT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
DID = "did:web:academy.example"
KEY = SigningKey.from_seed(bytes(range(32)))
ORDER = Order(
    line=2,
    code="0000000000000000",
    identifier="urn:uuid:0b9e1e6e-6c3f-4b0e-8f67-0a4b9d6f2a11",
    salt="000102030405060708090a0b0c0d0e0f",
    name="Ada Lovelace",
    awarded=date(2026, 11, 20),
)


def terms(examples: Path, name: str = "data-protection") -> Terms:
    file = achievements.read(examples / f"{name}.toml")
    return Terms(
        issuer=issuing.profile(file.issuer, DID),
        achievement=issuing.achievement(file, "urn:example:1"),
        valid_from=MOMENT,
        status_list="https://academy.example/status/1",
        base_url="https://academy.example",
    )


@pytest.mark.parametrize("name", ["arbeitssicherheit", "data-protection", "minimal", "python-basics"])
def test_every_example_makes_a_proper_credential(examples: Path, name: str) -> None:
    order = replace(
        ORDER,
        email="ada@example.org",
        expires=date(2028, 1, 1),
        status_index=7,
        credits=1.5,
        result="92 %",
        evidence="https://academy.example/work/1",
    )
    document = issuing.credential(terms(examples, name), order).to_document()
    signed = proof.sign(document, KEY, verification_method=f"{DID}#{KEY.verification_key.multikey}", created=MOMENT)
    assert check(signed) == []


def test_what_the_achievement_says_is_in_the_document(examples: Path) -> None:
    document = issuing.credential(terms(examples, "python-basics"), ORDER).to_document()
    assert document["issuer"] == {
        "id": DID,
        "type": ["Profile"],
        "name": "Northlight Academy",
        "url": "https://northlight.example",
    }
    subject = document["credentialSubject"]
    assert isinstance(subject, dict)
    assert subject["achievement"] == {
        "id": "urn:example:1",
        "type": ["Achievement"],
        "name": "Python for Analysts",
        "description": "Reads, cleans and charts tabular data with Python, and explains the result.",
        "criteria": {
            "id": "https://northlight.example/courses/python-for-analysts",
            "narrative": "Solved three graded exercises and presented an own analysis to the group.",
        },
        "achievementType": "MicroCredential",
        "alignment": [
            {
                "type": ["Alignment"],
                "targetName": "Python (computer programming)",
                "targetUrl": "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d",
                "targetCode": "ccd0a1d9-afda-43d9-b901-96344886e14d",
                "targetFramework": "ESCO",
            }
        ],
        "creditsAvailable": 3,
        "inLanguage": "en",
        "tag": ["Python", "data analysis"],
    }


def test_days_become_moments(examples: Path) -> None:
    document = issuing.credential(terms(examples), replace(ORDER, expires=date(2028, 11, 20))).to_document()
    assert document["validFrom"] == "2026-11-24T08:30:00Z"
    assert document["awardedDate"] == "2026-11-20T00:00:00Z"
    assert document["validUntil"] == "2028-11-20T23:59:59Z"


def test_what_an_order_leaves_open_is_left_out(examples: Path) -> None:
    document = issuing.credential(replace(terms(examples), status_list=None), ORDER).to_document()
    assert not {"validUntil", "credentialStatus", "evidence", "proof"} & set(document)
    assert [identity["identityType"] for identity in identities(document)] == ["name"]


def test_the_address_of_the_holder_is_hashed_with_its_salt(examples: Path) -> None:
    document = issuing.credential(terms(examples), replace(ORDER, email="Ada@Example.org")).to_document()
    _name, email = identities(document)
    assert email["identityHash"] == identity_hash("ada@example.org", ORDER.salt)
    assert "ada@example.org" not in str(document).lower()


def test_the_status_entry_points_to_the_bit(examples: Path) -> None:
    document = issuing.credential(terms(examples), replace(ORDER, status_index=94567)).to_document()
    assert document["credentialStatus"] == {
        "id": "https://academy.example/status/1#94567",
        "type": "BitstringStatusListEntry",
        "statusListCredential": "https://academy.example/status/1",
        "statusListIndex": "94567",
        "statusPurpose": "revocation",
    }


def test_the_public_page(examples: Path) -> None:
    assert terms(examples).address("0000000000000000") == "https://academy.example/c/0000000000000000"
    assert replace(terms(examples), base_url=None).address("0000000000000000") is None


def test_a_credential_that_never_was_valid_is_refused(examples: Path) -> None:
    with pytest.raises(VocabularyError) as caught:
        issuing.credential(terms(examples), replace(ORDER, expires=date(2026, 11, 23)))
    assert "must not be before validFrom" in caught.value.message


@given(name=st.text(st.characters(exclude_categories=["Cs"]), max_size=60).filter(str.strip))
def test_any_name_arrives_as_it_is(name: str) -> None:
    only = Terms(
        issuer=Profile(id=DID, name="Academy"),
        achievement=Achievement(id="urn:example:1", name="A", description="A", criteria=Criteria(narrative="A")),
        valid_from=MOMENT,
    )
    assert holder_name(issuing.credential(only, replace(ORDER, name=name)).to_document()) == name


def test_the_status_list_is_signed_and_tells_who_was_revoked() -> None:
    bits = StatusList.empty().set([3, 131_071])
    signed = parse(issuing.status_list(bits, DID, KEY, "https://academy.example/status/1", MOMENT), max_bytes=1 << 22)
    proofs = signed["proof"]
    assert isinstance(proofs, list)
    assert len(proofs) == 2
    for each in proofs:
        assert isinstance(each, dict)
        proof.verify_proof(signed, each, KEY.verification_key)
        assert each["verificationMethod"] == keys.verification_method(DID, KEY.verification_key)
    assert [status_of(signed, index) for index in (2, 3, 4, 131_071)] == [False, True, False, True]
