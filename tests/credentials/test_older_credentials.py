"""Open Badges 3.0 on Verifiable Credentials 1.1: each kind of signature, and what each check refuses."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laurea.credentials import base64url, contexts
from laurea.credentials.document import Document
from laurea.credentials.verification import Materials, Outcome, Report, Verdict, needs, verify

from .foreign_badges import BADGE, DATA_INTEGRITY, DID, LIST, MATERIALS, OB_3_0, OTHER_KEY, signed

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def changed(**members: Any) -> dict[str, Any]:
    """The badge with other members, signed as it then is; None removes one."""
    return signed({name: value for name, value in (BADGE | members).items() if value is not None})


def judge(credential: Document | str, materials: Materials = MATERIALS) -> Report:
    return verify(credential, materials, now=NOW)


def forced(report: Report) -> dict[str, str]:
    return {check.id: check.message for check in report.checks if check.leads_to is not None}


KINDS = {
    "Ed25519Signature2020": [contexts.CREDENTIALS_V1, OB_3_0, contexts.ED25519_2020],
    "Ed25519Signature2018": [contexts.CREDENTIALS_V1, OB_3_0],
    "eddsa-2022": [contexts.CREDENTIALS_V1, OB_3_0, DATA_INTEGRITY],
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_signature_is_judged(kind: str) -> None:
    credential = signed(BADGE | {"@context": KINDS[kind]}, kind)
    report = judge(credential)
    assert (report.verdict, forced(report)) == (Verdict.GENUINE, {})
    assert report.claims["validFrom"] == BADGE["issuanceDate"]
    assert report.claims["validUntil"] == BADGE["expirationDate"]
    forged = copy.deepcopy(credential)
    forged["credentialSubject"]["achievement"]["name"] = "Surgery"
    assert forced(judge(forged)) == {"proof.1": "proof.failed"}
    assert forced(judge(signed(BADGE | {"@context": KINDS[kind]}, kind, OTHER_KEY))) == {"proof.1": "proof.failed"}


def test_texts_that_were_once_written_differently() -> None:
    """Between URDNA2015 and RDFC-1.0 the form of tabs changed; both signers are right."""
    credential = BADGE | {"description": "one\ttwo\x7f"}
    for urdna2015 in (True, False):
        assert judge(signed(credential, urdna2015=urdna2015)).verdict is Verdict.GENUINE
    forged = signed(credential, urdna2015=True) | {"description": "one\tthree\x7f"}
    assert judge(forged).verdict is Verdict.ALTERED


def header(**members: Any) -> Callable[[dict[str, Any]], None]:
    def change(proof: dict[str, Any]) -> None:
        head = base64url.encode(json.dumps({"alg": "EdDSA", "b64": False, "crit": ["b64"]} | members).encode())
        proof["jws"] = f"{head}..{proof['jws'].partition('..')[2]}"

    return change


@pytest.mark.parametrize(
    "change",
    [
        header(alg="none"),
        header(alg="HS256"),
        header(b64=True),
        header(crit=[]),
        header(jwk={}),
        lambda proof: proof.pop("jws"),
        lambda proof: proof.update(jws=7),
        lambda proof: proof.update(jws=proof["jws"] + "="),
        lambda proof: proof.update(jws=proof["jws"].replace("..", ".e30.")),
        lambda proof: proof.update(proofValue="z2"),
        lambda proof: proof.update(proofPurpose="authentication"),
        lambda proof: proof.update(created="yesterday"),
    ],
    ids=range(12),
)
def test_a_detached_signature_has_one_form(change: Callable[[dict[str, Any]], None]) -> None:
    credential = signed(BADGE | {"@context": KINDS["Ed25519Signature2018"]}, "Ed25519Signature2018")
    change(credential["proof"])
    report = judge(credential)
    assert report.verdict is Verdict.MALFORMED
    assert {"proof.1", "terms", "structure"} & set(forced(report))


@pytest.mark.parametrize(
    ("members", "check", "message"),
    [
        ({"issuanceDate": None}, "structure", "structure.failed"),
        ({"validFrom": "2024-05-31T09:30:00Z"}, "structure", "structure.failed"),
        ({"validUntil": "2030-05-31T09:30:00Z"}, "structure", "structure.failed"),
        ({"issuanceDate": "2024-05-31"}, "structure", "structure.failed"),
        ({"expirationDate": "2020-01-01T00:00:00Z"}, "structure", "structure.failed"),
        ({"expirationDate": "2025-01-01T00:00:00Z"}, "period", "period.expired"),
        ({"issuanceDate": "2026-07-01T00:00:00Z"}, "period", "period.early"),
        ({"type": ["VerifiableCredential"], "credentialSubject": {"id": "did:example:a"}}, "structure",
         "structure.other-class"),
        ({"credentialStatus": {"id": LIST, "type": "1EdTechRevocationList"},
          "@context": [contexts.CREDENTIALS_V1, OB_3_0, contexts.EXTENSIONS, contexts.ED25519_2020]},
         "status", "status.unavailable"),
    ],
)  # fmt: skip
def test_what_each_check_refuses(members: dict[str, Any], check: str, message: str) -> None:
    assert forced(judge(changed(**members)))[check] == message


def test_an_unsigned_member_is_found() -> None:
    for members in ({"remark": "summa cum laude"}, {"evidence": []}, {"image": None}):
        report = judge(signed(BADGE) | members)
        assert forced(report)["terms"] == "terms.failed"
        assert report.verdict is Verdict.MALFORMED


@pytest.mark.parametrize(
    "context",
    [
        [OB_3_0, contexts.CREDENTIALS_V1, contexts.ED25519_2020],
        [contexts.CREDENTIALS_V1, contexts.ED25519_2020, OB_3_0],
        [contexts.CREDENTIALS_V1, OB_3_0, contexts.ED25519_2020, {"name": "https://schema.org/description"}],
        [contexts.CREDENTIALS_V1, OB_3_0, contexts.ED25519_2020, "https://attacker.example/context"],
        [contexts.CREDENTIALS_V2, OB_3_0, contexts.ED25519_2020],
    ],
    ids=range(5),
)
def test_contexts_stand_in_one_of_the_known_orders(context: list[Any]) -> None:
    report = judge(signed(BADGE) | {"@context": context})
    assert forced(report)["terms"] == "terms.contexts"
    assert report.verdict is Verdict.MALFORMED


def test_a_signature_of_the_older_kind_means_nothing_in_a_newer_credential() -> None:
    newer = [contexts.CREDENTIALS_V2, contexts.OPEN_BADGES]
    assert judge(signed(BADGE) | {"@context": newer}).verdict is Verdict.MALFORMED


# Lists of what was withdrawn


WITH_LIST = changed(
    **{
        "@context": [contexts.CREDENTIALS_V1, OB_3_0, contexts.EXTENSIONS, contexts.ED25519_2020],
        "credentialStatus": {"id": LIST, "type": "1EdTechRevocationList"},
        "credentialSchema": [{"id": "https://example.org/s", "type": "1EdTechJsonSchemaValidator2019"}],
    }
)


def listed(*entries: Any, **members: Any) -> Materials:
    document = {"id": LIST, "issuer": DID, "revokedCredential": list(entries), **members}
    return replace(MATERIALS, documents={LIST: {name: item for name, item in document.items() if item is not None}})


OWN = {"id": BADGE["id"]}


@pytest.mark.parametrize(
    ("materials", "verdict", "message"),
    [
        (listed(), Verdict.GENUINE, "status.passed-unsigned"),
        (listed({"id": "urn:uuid:other"}), Verdict.GENUINE, "status.passed-unsigned"),
        (listed({**OWN, "revoked": False}), Verdict.GENUINE, "status.passed-unsigned"),
        (listed(OWN), Verdict.REVOKED, "status.revoked"),
        (listed({**OWN, "revoked": True, "revocationReason": "fraud"}), Verdict.REVOKED, "status.revoked"),
        (listed({**OWN, "revoked": "no"}), Verdict.REVOKED, "status.revoked"),
        (listed(issuer={"id": DID}), Verdict.GENUINE, "status.passed-unsigned"),
        (listed(id=None), Verdict.GENUINE, "status.passed-unsigned"),
        (listed(issuer="did:web:other.example"), Verdict.CANNOT_TELL, "status.unverified"),
        (listed(issuer=None), Verdict.CANNOT_TELL, "status.unverified"),
        (listed(id=LIST + "/2"), Verdict.CANNOT_TELL, "status.unverified"),
        (listed(revokedCredential=None), Verdict.CANNOT_TELL, "status.unreadable"),
        (listed("x"), Verdict.CANNOT_TELL, "status.unreadable"),
        (listed(*[{"id": "x"}] * 50_001), Verdict.CANNOT_TELL, "status.unreadable"),
        (MATERIALS, Verdict.CANNOT_TELL, "status.unavailable"),
    ],
    ids=range(15),
)
def test_the_revocation_list_of_1edtech(materials: Materials, verdict: Verdict, message: str) -> None:
    report = judge(WITH_LIST, materials)
    assert report.verdict is verdict
    assert {check.id: check.message for check in report.checks}["status"] == message


def test_its_address_is_asked_for() -> None:
    assert needs(WITH_LIST).documents == (LIST,)
    http = {**BADGE, "credentialStatus": {"id": "http://10.0.0.1/list", "type": "1EdTechRevocationList"}}
    assert needs(http).documents == ()


STATUS_2021 = "https://badges.example.org/status/1"


def status_list_2021(*revoked: int, **members: Any) -> dict[str, Any]:
    bits = bytearray(16 * 1024)
    for index in revoked:
        bits[index >> 3] |= 0x80 >> (index & 7)
    document = {
        "@context": [contexts.CREDENTIALS_V1, contexts.STATUS_LIST_2021, contexts.ED25519_2020],
        "id": STATUS_2021,
        "type": ["VerifiableCredential", "StatusList2021Credential"],
        "issuer": DID,
        "issuanceDate": "2024-05-31T09:30:00Z",
        "credentialSubject": {
            "id": f"{STATUS_2021}#list",
            "type": "StatusList2021",
            "statusPurpose": "revocation",
            "encodedList": base64url.encode(gzip.compress(bytes(bits))),
        },
    }
    return signed(document | members)


WITH_2021 = changed(
    **{
        "@context": [contexts.CREDENTIALS_V1, OB_3_0, contexts.STATUS_LIST_2021, contexts.ED25519_2020],
        "credentialStatus": {
            "id": f"{STATUS_2021}#7",
            "type": "StatusList2021Entry",
            "statusPurpose": "revocation",
            "statusListIndex": "7",
            "statusListCredential": STATUS_2021,
        },
    }
)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (status_list_2021(), Verdict.GENUINE),
        (status_list_2021(6, 8), Verdict.GENUINE),
        (status_list_2021(7), Verdict.REVOKED),
        (status_list_2021(issuer="did:web:other.example"), Verdict.CANNOT_TELL),
        (status_list_2021(id=f"{STATUS_2021}0"), Verdict.CANNOT_TELL),
        (status_list_2021(expirationDate="2025-01-01T00:00:00Z"), Verdict.CANNOT_TELL),
        ({**status_list_2021(), "issuanceDate": "2024-06-01T09:30:00Z"}, Verdict.CANNOT_TELL),
        (None, Verdict.CANNOT_TELL),
    ],
    ids=range(8),
)
def test_status_list_2021(found: dict[str, Any] | None, verdict: Verdict) -> None:
    materials = replace(MATERIALS, status_lists={} if found is None else {STATUS_2021: found})
    assert judge(WITH_2021, materials).verdict is verdict


def test_a_list_of_2021_can_be_judged_itself() -> None:
    report = judge(status_list_2021(1))
    assert (report.verdict, forced(report)) == (Verdict.GENUINE, {})
    assert {check.id: check.outcome for check in report.checks}["list"] is Outcome.PASSED


# Anything at all

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for name, child in children for place in ((*path, name), *places(child, (*path, name)))]


def with_value(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    document = copy.deepcopy(document)
    holder = document
    for name in place[:-1]:
        holder = holder[name]
    holder[place[-1]] = value
    return document


@given(st.sampled_from(places(WITH_LIST)), values)
@settings(max_examples=300)
def test_whatever_stands_anywhere_gives_a_report(place: tuple[Any, ...], value: Any) -> None:
    document = with_value(WITH_LIST, place, value)
    report = verify(document, listed(), now=NOW, recipient="ada@example.org")
    assert json.dumps(report.in_language("de").to_json())
    assert needs(document) == needs(document)


@given(st.sampled_from(places(status_list_2021())), values)
@settings(max_examples=100)
def test_whatever_stands_in_a_list_of_2021_gives_a_report(place: tuple[Any, ...], value: Any) -> None:
    found = with_value(status_list_2021(), place, value)
    assert judge(WITH_2021, replace(MATERIALS, status_lists={STATUS_2021: found})).verdict is not Verdict.REVOKED


@given(st.sampled_from(places(listed().documents)), values)
@settings(max_examples=100)
def test_whatever_stands_in_a_revocation_list_gives_a_report(place: tuple[Any, ...], value: Any) -> None:
    found = with_value(listed(OWN).documents, place, value)
    documents = {address: item for address, item in found.items() if isinstance(item, dict)}
    assert judge(WITH_LIST, replace(MATERIALS, documents=documents)).verdict is not Verdict.ALTERED
