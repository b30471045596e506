"""A status list is judged once for many credentials, and anew as soon as anything that it was judged by is another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.conftest import Genuine

from laurea.credentials import keys, proof
from laurea.credentials.keys import SigningKey
from laurea.credentials.moments import parse_moment
from laurea.credentials.status_list import StatusList, status_list_credential
from laurea.credentials.verification import Materials, Outcome, verify
from laurea.credentials.verification.spans import Span, span

ADDRESS, DID = "https://badges.example.org/status/7f3a", "did:web:badges.example.org"


@pytest.fixture
def materials(genuine: Genuine) -> Materials:
    """Materials with which the list was judged before."""
    made = Materials(did_documents={DID: genuine.did_document}, status_lists={ADDRESS: genuine.status_list})
    assert status(genuine, made) == (Outcome.PASSED, "status.passed")
    assert list(made.judged_lists) == [(ADDRESS, DID)]
    return made


def status(genuine: Genuine, materials: Materials, now: str = "") -> tuple[Outcome, str]:
    report = verify(genuine.text, materials, now=parse_moment(now or genuine.now))
    [check] = [check for check in report.checks if check.id == "status"]
    return check.outcome, check.message


def test_the_same_again(genuine: Genuine, materials: Materials) -> None:
    before = dict(materials.judged_lists)
    assert status(genuine, materials) == (Outcome.PASSED, "status.passed")
    assert status(genuine, replace(materials, failures={"x": "y"})) == (Outcome.PASSED, "status.passed")
    assert materials.judged_lists == before


def test_a_newer_edition_of_the_list_counts_at_once(genuine: Genuine, materials: Materials) -> None:
    newer = replace(materials, status_lists={ADDRESS: genuine.revoked_list})
    assert status(genuine, newer) == (Outcome.FAILED, "status.revoked")
    assert status(genuine, materials) == (Outcome.PASSED, "status.passed")


def test_a_forged_list_does_not_pass_for_the_one_that_was_judged(genuine: Genuine, materials: Materials) -> None:
    forged = {**genuine.revoked_list, "credentialSubject": genuine.status_list["credentialSubject"]}
    assert status(genuine, replace(materials, status_lists={ADDRESS: forged}))[1] == "status.unverified"


def test_a_key_that_the_issuer_took_back(genuine: Genuine, materials: Materials) -> None:
    others = keys.did_web_document(DID, [SigningKey.from_seed(bytes(32)).verification_key])
    assert status(genuine, replace(materials, did_documents={DID: others}))[1] == "status.unverified"


def test_a_list_whose_time_is_over(genuine: Genuine) -> None:
    key, issued = SigningKey.from_seed(bytes(range(32))), datetime(2026, 5, 31, 9, 30, tzinfo=UTC)
    listing = status_list_credential(StatusList.empty(), url=ADDRESS, issuer=DID, valid_from=issued)
    listing["validUntil"] = "2026-06-02T00:00:00Z"
    method = keys.verification_method(DID, key.verification_key)
    signed = proof.sign(listing, key, verification_method=method, created=issued)
    materials = Materials(did_documents={DID: genuine.did_document}, status_lists={ADDRESS: signed})
    assert status(genuine, materials)[1] == "status.passed"
    assert status(genuine, materials, "2026-06-01T23:59:59Z")[1] == "status.passed"
    assert status(genuine, materials, "2026-06-02T00:00:00Z")[1] == "status.outdated"
    assert status(genuine, materials)[1] == "status.passed"


def test_a_list_that_is_refused_is_not_remembered(genuine: Genuine) -> None:
    materials = Materials(status_lists={ADDRESS: genuine.status_list})
    assert status(genuine, materials)[1] == "status.unverified"
    assert materials.judged_lists == {}


def test_spans() -> None:
    early, now, late = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 6, 9))
    document = {"a": [{"validFrom": "2026-01-01T00:00:00Z"}], "b": "2026-09-01T02:00:00+02:00", "c": "2026", "d": 5}
    found = span([document, {"e": "2025-01-01T00:00:00Z"}], now)
    assert found == Span(early, late)
    assert found.holds(early)
    assert found.holds(late - timedelta(microseconds=1))
    assert not found.holds(late)
    assert not found.holds(early - timedelta(microseconds=1))
    assert span([{}], now) == Span()
    assert Span().holds(now)
    assert span([document], late) == Span(late, None)
