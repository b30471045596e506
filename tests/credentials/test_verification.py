"""Judging: every verdict, what leads to it, and that nothing hostile gets a verdict it should not have."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laurea.credentials import base64url, jwt, keys, proof
from laurea.credentials.document import Document, serialise
from laurea.credentials.errors import VocabularyError
from laurea.credentials.keys import SigningKey
from laurea.credentials.receipt import REPLACED
from laurea.credentials.status_list import StatusList, status_list_credential
from laurea.credentials.verification import Check, Materials, Needs, Outcome, Report, Verdict, messages, needs, verify
from laurea.credentials.vocabulary import (
    Achievement,
    AchievementCredential,
    AchievementSubject,
    BitstringStatusListEntry,
    Criteria,
    EndorsementCredential,
    EndorsementSubject,
    Profile,
    email_identity,
    name_identity,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ISSUED = datetime(2026, 5, 31, 9, 30, tzinfo=UTC)
KEY = SigningKey.from_seed(bytes(range(32)))
OTHER_KEY = SigningKey.from_seed(bytes(range(32, 64)))
DID = "did:web:badges.example.org"
ACCREDITOR = "did:web:accreditor.example.net:quality"
LIST = "https://badges.example.org/status/7f3a"
INDEX = 94_567

BADGE = AchievementCredential(
    id="urn:uuid:0f6b3f5e-6c1b-4a8e-9d57-0f1d5f6f2c11",
    issuer=Profile(id=DID, name="Example Academy"),
    valid_from=ISSUED,
    name="First Aid",
    credential_subject=AchievementSubject(
        achievement=Achievement(
            id="urn:uuid:5a2f1a57-3b1c-4d7b-8a55-1f5d0d9a8b22",
            name="First Aid",
            description="Can help in the first minutes",
            criteria=Criteria(narrative="Attended both days and passed the exercise"),
        ),
        identifier=(name_identity("Ada Łovelace"), email_identity("Ada@Example.org", "c2FsdHNhbHRzYWx0c2FsdA")),
    ),
    credential_status=BitstringStatusListEntry(LIST, str(INDEX)),
)


def signed(document: Document, key: SigningKey = KEY, did: str = DID, **options: Any) -> dict[str, Any]:
    method = keys.verification_method(did, key.verification_key)
    return proof.sign(document, key, verification_method=method, created=ISSUED, **options)


def status_list(*revoked: int, key: SigningKey = KEY, did: str = DID, **options: Any) -> dict[str, Any]:
    bits = StatusList.empty().set(revoked)
    options = {"url": LIST, "issuer": did, "valid_from": ISSUED, **options}
    return signed(status_list_credential(bits, **options), key, did)


CREDENTIAL = signed(BADGE.to_document())
DOCUMENTS = {
    DID: keys.did_web_document(DID, [KEY.verification_key]),
    ACCREDITOR: keys.did_web_document(ACCREDITOR, [OTHER_KEY.verification_key]),
}
MATERIALS = Materials(did_documents=DOCUMENTS, status_lists={LIST: status_list()})


def judge(credential: Document | str | bytes, materials: Materials = MATERIALS, **options: Any) -> Report:
    return verify(credential, materials, **{"now": NOW, **options})


def forced(report: Report) -> dict[str, str]:
    """The checks that lead to a verdict, with their messages."""
    return {check.id: check.message for check in report.checks if check.leads_to is not None}


def outcome(report: Report, check_id: str) -> tuple[Outcome, str]:
    [check] = [check for check in report.checks if check.id == check_id]
    return check.outcome, check.message


def changed(**members: Any) -> dict[str, Any]:
    """The badge with other members, signed as it then is; None removes one."""
    document = BADGE.to_document() | members
    return signed({name: value for name, value in document.items() if value is not None})


# Genuine


def test_a_credential_in_order_is_genuine_and_every_check_says_so() -> None:
    report = judge(serialise(CREDENTIAL))
    assert report.verdict is Verdict.GENUINE
    assert [(check.id, check.outcome) for check in report.checks] == [
        ("format", Outcome.PASSED),
        ("structure", Outcome.PASSED),
        ("terms", Outcome.PASSED),
        ("proof.1", Outcome.PASSED),
        ("proof.2", Outcome.PASSED),
        ("issuer-key", Outcome.PASSED),
        ("issuer", Outcome.PASSED),
        ("status", Outcome.PASSED),
        ("period", Outcome.PASSED),
        ("recipient", Outcome.NOT_APPLICABLE),
    ]
    assert [check.title for check in report.checks][3:5] == [
        "Signature 1 of 2 (eddsa-rdfc-2022)",
        "Signature 2 of 2 (eddsa-jcs-2022)",
    ]
    assert report.claims == {
        "id": BADGE.id,
        "name": "First Aid",
        "holder": "Ada Łovelace",
        "achievement": "First Aid",
        "issuer": DID,
        "issuerName": "Example Academy",
        "validFrom": "2026-05-31T09:30:00Z",
    }


def test_text_bytes_and_value_are_judged_alike() -> None:
    text = serialise(CREDENTIAL)
    reports = [judge(CREDENTIAL), judge(text), judge(text.encode()), judge(b"\xef\xbb\xbf" + text.encode())]
    assert [report.verdict for report in reports] == [Verdict.GENUINE] * 4
    assert len({json.dumps(report.to_json()) for report in reports}) == 1


def test_a_report_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match=r"report\.verdict"):
        bool(judge(CREDENTIAL))


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(VocabularyError):
        verify(CREDENTIAL, MATERIALS, now=datetime(2026, 6, 1))  # noqa: DTZ001


# What must be known


def test_only_what_the_document_asks_for_is_needed() -> None:
    assert needs(serialise(CREDENTIAL)) == Needs(dids=(DID,), status_lists=(LIST,))


def test_a_did_key_needs_nothing() -> None:
    did = keys.did_key(KEY.verification_key)
    badge = replace(BADGE, issuer=Profile(id=did), credential_status=None)
    assert needs(signed(badge.to_document(), did=did)) == Needs()


@pytest.mark.parametrize(
    "address",
    [
        "http://badges.example.org/status",
        "https://user:secret@badges.example.org/",
        "ftp://badges.example.org/",
        "file:///etc/passwd",
        "https://",
        "https://[::1",
        "https://badges.example.org:99999/",
        "https://badges.example.org/\n",
        "https://badges.example.org/" + "a" * 3_000,
        "data:application/json,{}",
        7,
        None,
        ["https://badges.example.org/"],
    ],
)
def test_other_addresses_than_plain_https_are_never_asked_for(address: object) -> None:
    entry = {"type": "BitstringStatusListEntry", "statusListCredential": address}
    assert needs({"credentialStatus": entry}) == Needs()


@pytest.mark.parametrize(
    "issuer", ["did:web:127.0.0.1", "did:web:", "did:web:a b", "https://example.org", "x", 7, None]
)
def test_other_issuers_than_proper_did_web_are_never_asked_for(issuer: object) -> None:
    assert needs({"issuer": issuer}) == Needs()
    assert needs({"issuer": {"id": issuer}}) == Needs()


def test_what_is_needed_is_bounded_and_named_once() -> None:
    entries = [{"statusListCredential": f"https://example.org/{number % 40}"} for number in range(80)]
    assert len(needs({"credentialStatus": entries}).status_lists) == 16
    endorsements = [{"issuer": f"did:web:e{number}.example.org"} for number in range(50)]
    assert len(needs({"endorsement": endorsements}).dids) == 8


def test_what_cannot_be_read_needs_nothing() -> None:
    assert needs(b"\xff") == needs("") == needs("ey.ey.ey") == Needs()


# Malformed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        "NaN",
        '{"a": 1, "a": 2}',
        '{"a": "\\ud800"}',
        "[" * 100_000,
        '{"a":' * 100_000,
        b"\xff\xfe{\x00}\x00",
        b"\x00",
        "eyJ",
        "e..",
        "ey.ey.ey.ey",
        "{}" + " " * 2_000_000,
    ],
    ids=range(16),
)
def test_what_cannot_be_read_is_malformed(text: str | bytes) -> None:
    report = judge(text)
    assert forced(report) == {"format": "format.failed"}
    assert report.verdict is Verdict.MALFORMED
    assert report.claims == {}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"])
def test_a_value_that_no_text_can_say_is_malformed(value: object) -> None:
    assert forced(judge({**CREDENTIAL, "name": value})) == {"format": "format.failed"}


def test_an_endless_value_is_malformed() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    endless: dict[str, Any] = {}
    endless["a"] = endless
    assert [judge(value).verdict for value in (deep, endless)] == [Verdict.MALFORMED] * 2


def test_a_credential_without_signature_is_malformed() -> None:
    report = judge(BADGE.to_document())
    assert outcome(report, "structure") == (Outcome.FAILED, "structure.unsigned")
    assert report.verdict is Verdict.MALFORMED


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        1.5,
        True,
        "z6Mk",
        {},
        [],
        [[]],
        [None],
        [7],
        ["x"],
        [{}],
        [{"type": 7}],
        [{"type": ["x"]}],
        {"type": []},
    ],
    ids=str,
)
def test_proof_of_every_wrong_type_is_never_genuine(value: Any) -> None:
    report = judge({**CREDENTIAL, "proof": value})
    assert report.verdict is Verdict.MALFORMED
    assert all(check.sentence for check in report.checks)


@pytest.mark.parametrize(
    "member", ["type", "created", "verificationMethod", "cryptosuite", "proofPurpose", "proofValue"]
)
@pytest.mark.parametrize("value", [None, 7, "", "x", [], {}, "2026-01-01T00:00:60Z"], ids=str)
def test_a_proof_with_a_wrong_member_is_never_genuine(member: str, value: Any) -> None:
    for number in (0, 1):
        document = copy.deepcopy(CREDENTIAL)
        document["proof"][number][member] = value
        report = judge(document)
        assert report.verdict in (Verdict.MALFORMED, Verdict.ALTERED, Verdict.CANNOT_TELL)
        assert outcome(report, f"proof.{number + 1}")[0] is not Outcome.PASSED


def test_a_signature_that_is_no_signature_accuses_nobody_of_forgery() -> None:
    for value in ("x", "z", "z6Mk", "zO0"):
        document = copy.deepcopy(CREDENTIAL)
        document["proof"][1]["proofValue"] = value
        assert outcome(judge(document), "proof.2") == (Outcome.FAILED, "proof.malformed")
        assert judge(document).verdict is Verdict.MALFORMED


def test_an_honest_signature_of_another_kind_cannot_be_told() -> None:
    document = copy.deepcopy(CREDENTIAL)
    for member in ({"cryptosuite": "ecdsa-rdfc-2019"}, {"cryptosuite": "ecdsa-sd-2023", "domain": "a"}):
        document["proof"] = [{**CREDENTIAL["proof"][0], **member}]
        assert forced(judge(document)) == {"proof.1": "proof.unsupported"}
        assert judge(document).verdict is Verdict.CANNOT_TELL


def test_a_signature_for_one_occasion_or_after_another_cannot_be_told() -> None:
    """It is in line with the standard (VC-DI 1.0, section 2.1), so it must not be called badly written."""
    for number in (0, 1):
        for name in ("domain", "challenge", "previousProof"):
            document = copy.deepcopy(CREDENTIAL)
            document["proof"][number][name] = "urn:uuid:1"
            report = judge(document)
            assert forced(report) == {f"proof.{number + 1}": "proof.other-use"}
            assert report.verdict is Verdict.CANNOT_TELL
            assert f"({name})" in next(check.sentence for check in report.checks if check.message == "proof.other-use")


def test_a_crowd_of_proofs_is_refused_unread() -> None:
    report = judge({**CREDENTIAL, "proof": CREDENTIAL["proof"] * 9})
    assert outcome(report, "structure") == (Outcome.FAILED, "structure.too-many-proofs")
    assert not [check for check in report.checks if check.id.startswith("proof")]


def test_a_crowd_of_values_is_refused_unread() -> None:
    assert forced(judge({**CREDENTIAL, "evidence": [{}] * 10_000})) == {"format": "format.failed"}


def test_a_crowd_of_parts_is_told_from_a_statement_without_meaning() -> None:
    report = judge({**CREDENTIAL, "evidence": [{"type": ["Evidence"]}] * 3_000})
    assert outcome(report, "terms") == (Outcome.FAILED, "terms.too-much")
    assert report.verdict is Verdict.MALFORMED


def test_an_undefined_member_is_malformed_wherever_it_stands() -> None:
    for holder in ("credentialSubject", "issuer", "credentialStatus", None):
        document = copy.deepcopy(CREDENTIAL)
        (document[holder] if holder else document)["grade"] = "A"
        report = judge(document)
        assert report.verdict is Verdict.MALFORMED
        assert outcome(report, "terms") == (Outcome.FAILED, "terms.failed")


@pytest.mark.parametrize(
    "contexts",
    [
        ["https://www.w3.org/ns/credentials/v2"],
        ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "https://www.w3.org/ns/credentials/v2"],
        [*BADGE.to_document()["@context"], "https://example.org/mine.json"],
        [*BADGE.to_document()["@context"], {"name": "https://example.org/other"}],
        ["https://www.w3.org/ns/credentials/v2"] * 1_000,
        "https://www.w3.org/ns/credentials/v2",
        {},
        None,
        7,
    ],
    ids=range(9),
)
def test_other_contexts_are_malformed(contexts: Any) -> None:
    report = judge({**CREDENTIAL, "@context": contexts})
    assert report.verdict is Verdict.MALFORMED
    assert outcome(report, "terms")[0] is Outcome.FAILED


def test_an_older_credential_is_told_from_a_broken_one() -> None:
    older = {**CREDENTIAL, "@context": ["https://www.w3.org/2018/credentials/v1"]}
    assert outcome(judge(older), "structure") == (Outcome.FAILED, "structure.failed")
    other = {**CREDENTIAL, "type": ["VerifiableCredential"]}
    assert outcome(judge(other), "structure") == (Outcome.FAILED, "structure.other-class")


# Altered


def test_one_wrong_proof_of_two_fails_the_credential() -> None:
    for number in (0, 1):
        document = copy.deepcopy(CREDENTIAL)
        document["proof"][number] = signed(replace(BADGE, name="Other").to_document())["proof"][number]
        report = judge(document)
        assert forced(report) == {f"proof.{number + 1}": "proof.failed"}
        assert report.verdict is Verdict.ALTERED
        assert report.claims == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["credentialSubject"]["achievement"].update(tag=["law", "privacy"]),
        lambda document: document["credentialSubject"]["achievement"]["tag"].append("law"),
        lambda document: document["type"].append("AchievementCredential"),
        lambda document: document["@context"].append("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"),
    ],
    ids=["order", "twice", "another name of the type", "context"],
)
def test_what_makes_no_other_statement_is_noticed_by_the_second_proof(change: Callable[[Any], object]) -> None:
    document = changed(credentialSubject=with_tags("privacy", "law"))
    rdfc, jcs = document["proof"]
    assert judge(document).verdict is Verdict.GENUINE
    change(document)
    assert forced(judge(document)) == {"proof.2": "proof.failed"}
    assert judge({**document, "proof": [jcs]}).verdict is Verdict.ALTERED
    assert judge({**document, "proof": [rdfc]}).verdict is Verdict.GENUINE


def with_tags(*tags: str) -> dict[str, Any]:
    subject = BADGE.credential_subject
    return replace(subject, achievement=replace(subject.achievement, tag=tags)).to_document()


def test_a_signature_by_somebody_else_is_no_signature() -> None:
    """The attacker's key is named below the issuer's identifier, or is the attacker's own; both are refused."""
    document = BADGE.to_document()
    below = signed(document, OTHER_KEY, DID)
    own = signed(document, OTHER_KEY, keys.did_key(OTHER_KEY.verification_key))
    assert outcome(judge(below), "issuer-key") == (Outcome.FAILED, "issuer-key.not-listed")
    assert outcome(judge(own), "issuer-key") == (Outcome.FAILED, "issuer-key.foreign")
    assert judge(below).verdict is judge(own).verdict is Verdict.ALTERED


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_flipped_bit_is_ever_genuine(data: st.DataObject) -> None:
    text = serialise(CREDENTIAL).encode()
    position = data.draw(st.integers(0, len(text) - 1))
    flipped = bytearray(text)
    flipped[position] ^= 1 << data.draw(st.integers(0, 7))
    try:
        is_same = json.loads(flipped) == CREDENTIAL
    except ValueError:
        is_same = False
    verdict = judge(bytes(flipped)).verdict
    assert (verdict is Verdict.GENUINE) is is_same


TOKEN_BADGE = replace(
    BADGE, credential_subject=replace(BADGE.credential_subject, id="did:example:ada"), valid_until=NOW + timedelta(365)
)
TOKEN = jwt.sign(
    TOKEN_BADGE.to_document(), KEY, verification_method=keys.verification_method(DID, KEY.verification_key)
)


def test_a_token_is_judged_like_a_document() -> None:
    report = judge(TOKEN)
    assert report.verdict is Verdict.GENUINE
    assert [check.title for check in report.checks if check.id == "proof.1"] == ["Signature 1 of 1 (JWT EdDSA)"]
    assert judge(f"\n{TOKEN}\n".encode()).verdict is Verdict.GENUINE
    assert needs(TOKEN) == needs(CREDENTIAL)


@given(st.integers(0, len(TOKEN) - 1), st.integers(0, 7))
@settings(max_examples=150, deadline=None)
def test_no_flipped_bit_of_a_token_is_ever_genuine(position: int, bit: int) -> None:
    flipped = bytearray(TOKEN.encode())
    flipped[position] ^= 1 << bit
    if bytes(flipped).strip() != TOKEN.encode():
        assert judge(bytes(flipped)).verdict is not Verdict.GENUINE


# Keys


def with_document(document: Mapping[str, Any] | None, **more: Any) -> Materials:
    documents = {} if document is None else {DID: dict(document)}
    return replace(MATERIALS, did_documents=documents, **more)


METHOD_ID = keys.verification_method(DID, KEY.verification_key)
METHOD: dict[str, Any] = DOCUMENTS[DID]["verificationMethod"][0]
X = base64url.encode(KEY.verification_key.to_bytes())


@pytest.mark.parametrize(
    "document",
    [
        {"id": DID, "assertionMethod": [METHOD]},
        {"id": DID, "assertionMethod": METHOD},
        {"id": DID, "assertionMethod": METHOD_ID, "verificationMethod": METHOD},
        {"id": DID, "assertionMethod": ["#" + METHOD_ID.partition("#")[2]], "verificationMethod": [METHOD]},
        {"id": DID, "assertionMethod": [{**METHOD, "id": "#" + METHOD_ID.partition("#")[2]}]},
        {"id": DID, "assertionMethod": [{**METHOD, "controller": [DID]}]},
        {"id": DID, "assertionMethod": [{**METHOD, "expires": "2026-06-02T00:00:00Z"}]},
        {
            "id": DID,
            "assertionMethod": [
                {
                    "id": METHOD_ID,
                    "type": "JsonWebKey",
                    "controller": DID,
                    "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": X},
                }
            ],
        },
    ],
    ids=range(8),
)
def test_keys_are_found_as_others_publish_them(document: dict[str, Any]) -> None:
    assert judge(CREDENTIAL, with_document(document)).verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"id": DID, "verificationMethod": [METHOD]}, "issuer-key.not-listed"),
        ({"id": DID, "authentication": [METHOD_ID], "verificationMethod": [METHOD]}, "issuer-key.not-listed"),
        ({"id": DID, "assertionMethod": [{**METHOD, "controller": ACCREDITOR}]}, "issuer-key.foreign"),
        ({"id": DID, "assertionMethod": [{"id": METHOD_ID}]}, "issuer-key.foreign"),
        ({"id": DID, "verificationMethod": [{**METHOD, "revoked": "2999-01-01T00:00:00Z"}]}, "issuer-key.not-listed"),
        (
            {
                "id": DID,
                "verificationMethod": [{**METHOD, "controller": ACCREDITOR, "revoked": "2026-05-31T12:00:00Z"}],
            },
            "issuer-key.not-listed",
        ),
    ],
    ids=range(6),
)
def test_a_key_that_is_not_for_signing_credentials_does_not_count(document: dict[str, Any], message: str) -> None:
    report = judge(CREDENTIAL, with_document(document))
    assert forced(report)["issuer-key"] == message
    assert report.verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (None, "issuer-key.unavailable"),
        ({"id": ACCREDITOR, "assertionMethod": [METHOD]}, "issuer-key.unusable"),
        ({"id": DID, "assertionMethod": [METHOD_ID]}, "issuer-key.unusable"),
        ({"id": DID, "assertionMethod": [{**METHOD, "publicKeyMultibase": "z6Mk"}]}, "issuer-key.unusable"),
        ({"id": DID, "assertionMethod": [{**METHOD, "publicKeyMultibase": 7}]}, "issuer-key.unusable"),
        ({"id": DID, "assertionMethod": [{**METHOD, "revoked": "yesterday"}]}, "issuer-key.unusable"),
        ({"id": DID, "assertionMethod": [{**METHOD, "expires": 7}]}, "issuer-key.unusable"),
        ({"id": DID, "assertionMethod": [{**METHOD, "revoked": "2026-06-01T12:00:00Z"}]}, "issuer-key.withdrawn"),
        ({"id": DID, "assertionMethod": [{**METHOD, "expires": "2026-05-31T12:00:00Z"}]}, "issuer-key.withdrawn"),
        (
            {"id": DID, "assertionMethod": [], "verificationMethod": [{**METHOD, "revoked": "2026-05-31T12:00:00Z"}]},
            "issuer-key.withdrawn",
        ),
        (
            {"id": DID, "assertionMethod": [], "verificationMethod": [{**METHOD, "revoked": "soon"}]},
            "issuer-key.unusable",
        ),
        (
            {
                "id": DID,
                "assertionMethod": [
                    {"id": METHOD_ID, "controller": DID, "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": X + "A"}}
                ],
            },
            "issuer-key.unusable",
        ),
    ],
    ids=range(12),
)
def test_without_a_usable_key_it_cannot_be_told(document: dict[str, Any] | None, message: str) -> None:
    report = judge(CREDENTIAL, with_document(document))
    assert forced(report)["issuer-key"] == message
    assert forced(report)["proof.1"] == "proof.no-key"
    assert report.verdict is Verdict.CANNOT_TELL


def test_why_a_key_is_missing_is_told() -> None:
    materials = with_document(None, failures={DID: "connection refused"})
    [check] = [check for check in judge(CREDENTIAL, materials).checks if check.id == "issuer-key"]
    assert check.detail == "connection refused"


# Issuers


def self_made(key: SigningKey = KEY) -> dict[str, Any]:
    did = keys.did_key(key.verification_key)
    return signed(replace(BADGE, issuer=Profile(id=did), credential_status=None).to_document(), key, did)


def test_a_did_key_alone_names_nobody() -> None:
    report = judge(self_made(), Materials())
    assert forced(report) == {"issuer": "issuer.unknown"}
    assert report.verdict is Verdict.ISSUER_UNKNOWN


def test_a_did_key_that_somebody_vouches_for_is_known() -> None:
    did = keys.did_key(KEY.verification_key)
    handed_over = Materials(did_documents={did: keys.did_key_document(did)})
    for materials in (Materials(trusted={did}), handed_over):
        assert judge(self_made(), materials).verdict is Verdict.GENUINE


def test_vouching_for_one_key_vouches_for_no_other() -> None:
    did = keys.did_key(KEY.verification_key)
    assert judge(self_made(OTHER_KEY), Materials(trusted={did})).verdict is Verdict.ISSUER_UNKNOWN


def test_an_issuer_that_is_no_did_needs_its_document_handed_over() -> None:
    issuer = "https://academy.example.org/issuer"
    badge = replace(BADGE, issuer=Profile(id=issuer), credential_status=None)
    document = signed(badge.to_document(), did=issuer)
    method = {**METHOD, "id": keys.verification_method(issuer, KEY.verification_key), "controller": issuer}
    materials = Materials(did_documents={issuer: {"id": issuer, "assertionMethod": [method]}})
    assert judge(document, materials).verdict is Verdict.GENUINE
    assert outcome(judge(document, Materials()), "issuer-key") == (Outcome.UNKNOWN, "issuer-key.unavailable")
    assert judge(document, Materials()).verdict is Verdict.CANNOT_TELL


# Status


def with_list(found: Document | str | None, **more: Any) -> Materials:
    return replace(MATERIALS, status_lists={} if found is None else {LIST: found}, **more)


def test_a_set_bit_means_revoked() -> None:
    report = judge(CREDENTIAL, with_list(status_list(INDEX)))
    assert forced(report) == {"status": "status.revoked"}
    assert report.verdict is Verdict.REVOKED
    assert judge(CREDENTIAL, with_list(status_list(INDEX - 1, INDEX + 1))).verdict is Verdict.GENUINE


def test_the_list_may_be_a_text() -> None:
    assert judge(CREDENTIAL, with_list(serialise(status_list()))).verdict is Verdict.GENUINE
    assert judge(CREDENTIAL, with_list(serialise(status_list(INDEX)))).verdict is Verdict.REVOKED


def test_a_suspended_credential_does_not_count_while_it_is_suspended() -> None:
    entry = replace(BADGE.credential_status or BitstringStatusListEntry(LIST, "0"), status_purpose="suspension")
    document = signed(replace(BADGE, credential_status=entry).to_document())
    suspended = judge(document, with_list(status_list(INDEX, purpose="suspension")))
    assert forced(suspended) == {"status": "status.suspended"}
    assert judge(document, with_list(status_list(purpose="suspension"))).verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (None, "status.unavailable"),
        ("", "status.unverified"),
        ("{}", "status.unverified"),
        (status_list(key=OTHER_KEY), "status.unverified"),
        (status_list(key=OTHER_KEY, did=ACCREDITOR), "status.unverified"),
        (status_list(url=LIST + "/other"), "status.unverified"),
        ({**status_list(), "name": "x"}, "status.unverified"),
        ({**status_list(INDEX), "credentialSubject": status_list()["credentialSubject"]}, "status.unverified"),
        ({name: value for name, value in status_list().items() if name != "proof"}, "status.unverified"),
        (CREDENTIAL, "status.unverified"),
        (status_list(valid_from=NOW + timedelta(1)), "status.outdated"),
        (status_list(valid_until=NOW), "status.outdated"),
        (status_list(purpose="suspension"), "status.unreadable"),
    ],
    ids=range(13),
)
def test_without_a_proper_list_it_cannot_be_told(found: Document | str | None, message: str) -> None:
    report = judge(CREDENTIAL, with_list(found))
    assert forced(report) == {"status": message}
    assert report.verdict is Verdict.CANNOT_TELL


def test_a_damaged_list_that_the_issuer_signed_gives_no_answer() -> None:
    document = {name: value for name, value in status_list().items() if name != "proof"}
    for encoded in ("u", "uAAAA", status_list()["credentialSubject"]["encodedList"][:-5]):
        broken = signed({**document, "credentialSubject": {**document["credentialSubject"], "encodedList": encoded}})
        assert forced(judge(CREDENTIAL, with_list(broken))) == {"status": "status.unreadable"}


def test_an_index_beyond_the_list_gives_no_answer() -> None:
    document = signed(replace(BADGE, credential_status=BitstringStatusListEntry(LIST, "131072")).to_document())
    assert forced(judge(document)) == {"status": "status.unreadable"}


def test_why_a_list_is_missing_is_told() -> None:
    [check] = [
        check
        for check in judge(CREDENTIAL, with_list(None, failures={LIST: "timed out"})).checks
        if check.id == "status"
    ]
    assert (check.outcome, check.detail) == (Outcome.UNKNOWN, "timed out")


@pytest.mark.parametrize("purpose", ["refresh", "message"])
def test_a_list_about_something_else_is_no_matter(purpose: str) -> None:
    entry = BitstringStatusListEntry(LIST, "1", status_purpose=purpose)
    document = signed(replace(BADGE, credential_status=entry).to_document())
    assert outcome(judge(document, Materials(did_documents=DOCUMENTS)), "status")[0] is Outcome.NOT_APPLICABLE


def test_a_status_of_an_unknown_kind_is_never_taken_for_good() -> None:
    document = changed(
        **{
            "@context": [*BADGE.to_document()["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"],
            "credentialStatus": {"id": LIST, "type": "1EdTechCredentialRefresh"},
        }
    )
    assert forced(judge(document)) == {"status": "status.unsupported"}
    unknown = BitstringStatusListEntry(LIST, "1", status_purpose="mood")
    assert forced(judge(signed(replace(BADGE, credential_status=unknown).to_document()))) == {
        "status": "status.unsupported"
    }


def test_a_credential_without_status_is_not_asked_for_one() -> None:
    report = judge(changed(credentialStatus=None), Materials(did_documents=DOCUMENTS))
    assert outcome(report, "status") == (Outcome.NOT_APPLICABLE, "status.none")
    assert report.verdict is Verdict.GENUINE


def test_a_status_list_can_be_judged_itself() -> None:
    report = judge(status_list(1))
    assert report.verdict is Verdict.GENUINE
    assert outcome(report, "list") == (Outcome.PASSED, "list.passed")


# Period


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (ISSUED - timedelta(microseconds=1), Verdict.NOT_YET_VALID),
        (ISSUED, Verdict.GENUINE),
        (ISSUED + timedelta(days=365) - timedelta(microseconds=1), Verdict.GENUINE),
        (ISSUED + timedelta(days=365), Verdict.EXPIRED),
        (datetime.max.replace(tzinfo=UTC), Verdict.EXPIRED),
        (datetime.min.replace(tzinfo=UTC), Verdict.NOT_YET_VALID),
    ],
)
def test_the_period_of_validity(now: datetime, verdict: Verdict) -> None:
    document = signed(replace(BADGE, valid_until=ISSUED + timedelta(days=365), credential_status=None).to_document())
    assert judge(document, now=now).verdict is verdict


@pytest.mark.parametrize(
    "moment",
    [
        "2026-05-31T09:30:60Z",
        "2026-05-31T24:00:00Z",
        "2026-05-31T09:30:00",
        "2026-05-31T09:30:00+24:00",
        "2026-05-31T09:30:00+01:60",
        "2026-02-30T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "2026-05-31",
        "NaN",
        "",
        "٢٠٢٦-05-31T09:30:00Z",
        "2026-05-31T09:30:00Z\n",
        7,
        [],
        {},
        True,
    ],
    ids=str,
)
def test_a_moment_that_programs_disagree_about_is_malformed(moment: Any) -> None:
    for member in ("validFrom", "validUntil"):
        report = judge({**CREDENTIAL, member: moment})
        assert report.verdict is Verdict.MALFORMED
        assert outcome(report, "structure") == (Outcome.FAILED, "structure.failed")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999999-14:00"])
def test_the_ends_of_time_are_moments_like_others(moment: str) -> None:
    assert judge(changed(validFrom=moment)).verdict in (Verdict.GENUINE, Verdict.NOT_YET_VALID)
    assert judge(changed(validUntil=moment)).verdict in (Verdict.GENUINE, Verdict.MALFORMED)


def test_a_signature_can_have_an_end_of_its_own() -> None:
    document = BADGE.to_document()
    options: Document = {
        "type": "DataIntegrityProof",
        "created": "2026-05-31T09:30:00Z",
        "expires": "2026-06-01T12:00:00Z",
        "verificationMethod": METHOD_ID,
        "cryptosuite": "eddsa-rdfc-2022",
        "proofPurpose": "assertionMethod",
    }
    value = "z" + keys.base58_encode(KEY.sign(proof.hash_data(document, options)))
    ending = {**document, "proof": [{**options, "proofValue": value}]}
    assert judge(ending, now=NOW - timedelta(seconds=1)).verdict is Verdict.GENUINE
    assert forced(judge(ending)) == {"proof.1": "proof.expired"}
    assert judge(ending).verdict is Verdict.EXPIRED


# Recipient


@pytest.mark.parametrize("recipient", ["ada@example.org", "ADA@EXAMPLE.ORG", " Ada@Example.org\n"])
def test_the_holder_is_recognised_by_the_hashed_address(recipient: str) -> None:
    report = judge(CREDENTIAL, recipient=recipient)
    assert outcome(report, "recipient") == (Outcome.PASSED, "recipient.passed")
    assert report.verdict is Verdict.GENUINE


def test_somebody_else_is_not_the_holder() -> None:
    report = judge(CREDENTIAL, recipient="bob@example.org")
    assert forced(report) == {"recipient": "recipient.failed"}
    assert report.verdict is Verdict.OTHER_HOLDER


def for_holder(**subject: Any) -> dict[str, Any]:
    whole = BADGE.to_document()["credentialSubject"]
    assert isinstance(whole, dict)
    kept = {name: value for name, value in whole.items() if name != "identifier"}
    return changed(credentialSubject={**kept, **subject})


def identity(value: str, **members: Any) -> list[dict[str, Any]]:
    return [{"type": "IdentityObject", "identityHash": value, "identityType": "emailAddress", **members}]


@pytest.mark.parametrize(
    ("subject", "recipient", "result"),
    [
        ({"identifier": identity("a@example.com", hashed=False)}, "A@example.com", Outcome.PASSED),
        ({"identifier": identity("a@example.com", hashed=False)}, "b@example.com", Outcome.FAILED),
        (
            # The standard's own example, hashed as it was typed.
            {
                "identifier": identity(
                    "sha256$B5809D8A92F8858436D7E6B87C12EBC0AE1EAC4BAECC2C0B913AEE2C922EF399",
                    hashed=True,
                    salt="Kosher",
                )
            },
            "a@example.com",
            Outcome.PASSED,
        ),
        ({"identifier": identity("md5$0123", hashed=True)}, "a@example.com", Outcome.UNKNOWN),
        ({"identifier": identity("sha256$" + "0" * 64, hashed=True)}, "a\ud800@example.com", Outcome.FAILED),
        (
            {"identifier": [*BADGE.to_document()["credentialSubject"]["identifier"][:1]]},
            "a@example.com",
            Outcome.UNKNOWN,
        ),
        ({"id": "mailto:Ada@example.org"}, "ada@example.org", Outcome.PASSED),
        ({"id": "mailto:ada@example.org"}, "bob@example.org", Outcome.FAILED),
        ({"id": "did:example:ada"}, "did:example:ada", Outcome.PASSED),
        ({"id": "did:example:ada"}, "did:example:bob", Outcome.FAILED),
        ({"id": "did:example:ada"}, "ada@example.org", Outcome.UNKNOWN),
    ],
    ids=range(11),
)
def test_holders_are_recognised_as_others_name_them(subject: dict[str, Any], recipient: str, result: Outcome) -> None:
    assert outcome(judge(for_holder(**subject), recipient=recipient), "recipient")[0] is result


# Endorsements


def endorsement(about: str = DID, **changes: Any) -> dict[str, Any]:
    value = EndorsementCredential(
        id="urn:uuid:9c2b7c1e-1111-4d7b-8a55-1f5d0d9a8b33",
        name="In good standing",
        issuer=Profile(id=ACCREDITOR, name="Quality Board"),
        valid_from=ISSUED,
        credential_subject=EndorsementSubject(id=about, endorsement_comment="Audited in 2026"),
    )
    return signed(replace(value, **changes).to_document(), OTHER_KEY, ACCREDITOR)


def test_a_genuine_endorsement_is_told() -> None:
    document = signed(replace(BADGE, endorsement=(endorsement(),)).to_document())
    report = judge(document)
    assert outcome(report, "endorsement.1") == (Outcome.PASSED, "endorsement.passed")
    assert report.verdict is Verdict.GENUINE
    assert needs(document).dids == (DID, ACCREDITOR)


@pytest.mark.parametrize(
    ("inside", "result", "message"),
    [
        ({**endorsement(), "name": "Excellent"}, Outcome.FAILED, "endorsement.failed"),
        (endorsement(valid_until=NOW), Outcome.FAILED, "endorsement.failed"),
        (endorsement("did:web:somebody.example"), Outcome.FAILED, "endorsement.elsewhere"),
    ],
    ids=range(3),
)
def test_an_endorsement_that_does_not_count_is_told_and_changes_no_verdict(
    inside: dict[str, Any], result: Outcome, message: str
) -> None:
    report = judge(signed(replace(BADGE, endorsement=(inside,)).to_document()))
    assert outcome(report, "endorsement.1") == (result, message)
    assert report.verdict is Verdict.GENUINE


def test_an_endorsement_by_somebody_unreachable_is_unknown() -> None:
    document = signed(replace(BADGE, endorsement=(endorsement(),)).to_document())
    report = judge(document, replace(MATERIALS, did_documents={DID: DOCUMENTS[DID]}))
    assert outcome(report, "endorsement.1") == (Outcome.UNKNOWN, "endorsement.unknown")
    assert report.verdict is Verdict.GENUINE


def test_endorsements_inside_the_achievement_and_the_issuer_are_found() -> None:
    document = BADGE.to_document()
    document["issuer"] = {"id": DID, "type": ["Profile"], "endorsement": [endorsement()]}
    report = judge(signed(document))
    assert outcome(report, "endorsement.1") == (Outcome.PASSED, "endorsement.passed")


def test_of_many_endorsements_only_some_are_looked_at() -> None:
    many = [{**endorsement(), "id": f"urn:uuid:{number}"} for number in range(100)]
    report = judge({**CREDENTIAL, "endorsement": many})
    assert len([check for check in report.checks if check.id.startswith("endorsement.")]) <= 8
    assert report.verdict is not Verdict.GENUINE


# Words


def test_every_message_has_its_words_in_both_languages() -> None:
    names = ("number", "count", "suite", "limit", "domain", "purpose", "recipient", "issuer", "member")
    filled = dict.fromkeys(names, "x") | dict.fromkeys(
        ("from_moment", "until_moment", "list_moment", "since_moment"), "2026-05-31T23:30:00+02:00"
    )
    for message in messages.SENTENCES:
        english, german = (messages.sentence(message, filled, language) for language in messages.LANGUAGES)
        assert english != german
        assert english.endswith(".")
        assert german.endswith(".")
        assert "{" not in english + german
    for check_id in messages.TITLES:
        assert messages.title(check_id, filled, "en") != messages.title(check_id, filled, "de")
    assert set(messages.VERDICTS) == set(messages.WORDS) == {*(verdict.value for verdict in Verdict), REPLACED}


def test_every_verdict_and_check_is_documented(root: Path) -> None:
    page = (root / "docs" / "reference" / "verification.md").read_text()
    assert [verdict.value for verdict in Verdict] == re.findall(r"^\| `([a-z ]+)` \| [A-Z]", page, re.MULTILINE)[
        : len(Verdict)
    ]
    documented = set(re.findall(r"^\| `([a-z-]+)(?:\.1)?`[^|]*\| ", page, re.MULTILINE))
    assert set(messages.TITLES) <= documented


def test_a_report_speaks_german() -> None:
    report = judge(CREDENTIAL).in_language("de")
    assert report.sentence == "Echt: vom genannten Aussteller signiert, unverändert und gültig."
    assert report.to_json()["sentence"] == report.sentence
    [period] = [check for check in report.checks if check.id == "period"]
    assert period.sentence == "Der Nachweis gilt seit 31. Mai 2026 und läuft nicht ab."
    assert report.in_language("en").to_json() == judge(CREDENTIAL).to_json()
    assert report.in_language("tlh").language == "en"


def test_dates_are_the_issuers_own() -> None:
    report = judge(changed(validFrom="2026-06-01T00:30:00+14:00"))
    [period] = [check for check in report.checks if check.id == "period"]
    assert period.sentence == "It has been valid since 1 June 2026 and does not expire."


def test_foreign_words_cannot_play_tricks() -> None:
    check = Check(
        "recipient", Outcome.PASSED, "recipient.passed", {"recipient": "a\x1b[31m\u202eb{issuer}\nc" + "d" * 500}
    )
    assert check.sentence.startswith("It was issued to a[31mb{issuer} cddd")
    assert len(check.sentence) < 240


def test_the_verdict_is_the_gravest() -> None:
    right = Check("proof.1", Outcome.PASSED, "proof.passed")
    checks = [Check("issuer", Outcome.UNKNOWN, "issuer.unknown", leads_to=verdict) for verdict in reversed(Verdict)]
    verdicts = [Report((right, *checks[:count]), NOW).verdict for count in range(1, len(checks) + 1)]
    assert verdicts == list(reversed(Verdict))


def test_nothing_is_genuine_without_a_right_signature() -> None:
    assert Report((), NOW).verdict is Verdict.CANNOT_TELL
    assert Report((Check("issuer-key", Outcome.PASSED, "issuer-key.passed"),), NOW).verdict is Verdict.CANNOT_TELL
    assert Report((Check("proof.1", Outcome.PASSED, "proof.passed"),), NOW).verdict is Verdict.GENUINE


# Anything at all

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for name, child in children for place in ((*path, name), *places(child, (*path, name)))]


WHOLE = signed(replace(BADGE, endorsement=(endorsement(),)).to_document())
PLACES = places(WHOLE)


@given(st.sampled_from(PLACES), values)
@settings(max_examples=300, deadline=None)
def test_whatever_stands_anywhere_gives_a_report(place: tuple[Any, ...], value: Any) -> None:
    document = copy.deepcopy(WHOLE)
    holder: Any = document
    for name in place[:-1]:
        holder = holder[name]
    is_same = holder[place[-1]] == value and type(holder[place[-1]]) is type(value)
    holder[place[-1]] = value
    report = judge(document, recipient="ada@example.org")
    assert (report.verdict is Verdict.GENUINE) is is_same
    assert json.dumps(report.in_language("de").to_json())
    assert isinstance(needs(document), Needs)


@given(st.sampled_from(places(DOCUMENTS[DID])), values)
@settings(max_examples=100, deadline=None)
def test_whatever_stands_in_a_did_document_gives_a_report(place: tuple[Any, ...], value: Any) -> None:
    document: Any = copy.deepcopy(DOCUMENTS[DID])
    holder = document
    for name in place[:-1]:
        holder = holder[name]
    holder[place[-1]] = value
    judge(CREDENTIAL, with_document(document))


@given(st.sampled_from(places(status_list())), values)
@settings(max_examples=100, deadline=None)
def test_whatever_stands_in_a_status_list_gives_a_report(place: tuple[Any, ...], value: Any) -> None:
    document: Any = status_list()
    holder = document
    for name in place[:-1]:
        holder = holder[name]
    is_same = holder[place[-1]] == value and type(holder[place[-1]]) is type(value)
    holder[place[-1]] = value
    verdict = judge(CREDENTIAL, with_list(document)).verdict
    assert verdict is (Verdict.GENUINE if is_same else Verdict.CANNOT_TELL)
