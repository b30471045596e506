"""The trust list: read strictly, written sorted, and what a report makes of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from laurea.credentials.errors import LaureaError, TrustListError
from laurea.credentials.trust import TrustedIssuer, TrustList
from laurea.credentials.verification import Materials, Outcome, Report, Verdict, verify

from .foreign_tokens import ED, WEB, did_document, multikey, token

SINCE = date(2026, 5, 31)
DID_KEY = f"did:key:{multikey(ED)}"
ACADEMY = TrustedIssuer("did:web:academy.example", "Example Academy", SINCE)
LIST = TrustList((ACADEMY, TrustedIssuer("https://b.example/issuer", "Börse e. V.", date(2025, 1, 1))))


def judge(text: str, materials: Materials) -> Report:
    return verify(text, materials, now=datetime(2026, 6, 1, 12, tzinfo=UTC))


def messages_of(report: Report) -> dict[str, str]:
    return {check.id: check.message for check in report.checks}


def text_of(**changes: Any) -> str:
    return json.dumps(json.loads(LIST.to_text()) | changes)


def entry(**changes: Any) -> list[dict[str, Any]]:
    return [{"id": "did:web:a.example", "name": "A", "since": "2026-05-31"} | changes]


def test_what_is_written_is_read() -> None:
    assert set(TrustList.read(LIST.to_text())) == set(LIST)
    assert TrustList.read(LIST.to_text()).to_text() == LIST.to_text()
    assert json.loads(LIST.to_text()) == {
        "laurea": "trust list",
        "version": 1,
        "issuers": [
            {"id": "https://b.example/issuer", "name": "Börse e. V.", "since": "2025-01-01"},
            {"id": "did:web:academy.example", "name": "Example Academy", "since": "2026-05-31"},
        ],
    }
    assert len(TrustList.read(TrustList().to_text())) == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "document.syntax"),
        ('{"laurea": "trust list", "laurea": "trust list"}', "document.duplicate-member"),
        ("{}", "trust.kind"),
        (text_of(version=2), "trust.kind"),
        (text_of(laurea="people"), "trust.kind"),
        (text_of(more=1), "trust.member"),
        (text_of(issuers={}), "trust.member"),
        (text_of(issuers=["did:web:a.example"]), "trust.member"),
        (text_of(issuers=entry(id="academy")), "trust.member"),
        (text_of(issuers=entry(id=7)), "trust.member"),
        (text_of(issuers=entry(id="did:web:" + "a" * 1_000)), "trust.member"),
        (text_of(issuers=entry(name="")), "trust.member"),
        (text_of(issuers=entry(name=" ")), "trust.member"),
        (text_of(issuers=entry(name="a\nb")), "trust.member"),
        (text_of(issuers=entry(name="a\u202eb")), "trust.member"),
        (text_of(issuers=entry(name="a" * 201)), "trust.member"),
        (text_of(issuers=entry(since="yesterday")), "trust.member"),
        (text_of(issuers=entry(since=None)), "trust.member"),
        (text_of(issuers=entry(more=1)), "trust.member"),
        (text_of(issuers=entry() + entry()), "trust.twice"),
        (text_of(issuers=entry() * 10_001), "trust.too-many"),
    ],
    ids=range(21),
)
def test_what_is_no_trust_list(text: str, code: str) -> None:
    with pytest.raises(LaureaError) as caught:
        TrustList.read(text)
    assert caught.value.code == code
    assert isinstance(caught.value, TrustListError) or code.startswith("document.")


@pytest.mark.parametrize(
    "name", ["Example Academy", "example academy", "EXAMPLE  ACADEMY", "Éxample-Academy.", "Ｅxample Academy"]
)
def test_namesakes(name: str) -> None:
    assert LIST.namesake(name, "did:web:attacker.example") == ACADEMY
    assert LIST.namesake(name, ACADEMY.identifier) is None
    assert LIST.namesake("Example Academy of Arts", "did:web:attacker.example") is None
    assert LIST.namesake("...", "did:web:attacker.example") is None


MATERIALS = Materials(did_documents={WEB: did_document(ED)})


def test_an_issuer_on_the_list_is_told_with_its_name_and_since_when() -> None:
    trusted = TrustList((TrustedIssuer(WEB, "The Academy", SINCE),))
    report = judge(token(ED, kid=f"{WEB}#k"), replace(MATERIALS, trust_list=trusted))
    [check] = [check for check in report.checks if check.id == "issuer"]
    assert (check.outcome, check.message) == (Outcome.PASSED, "issuer.listed")
    assert check.sentence == "This installation has trusted the issuer as “The Academy” since 31 May 2026."
    assert report.issuer == {
        "id": WEB,
        "domain": "badges.example.org",
        "claimedName": "Example Academy",
        "name": "The Academy",
        "since": "2026-05-31",
    }


def test_a_bare_key_on_the_list_is_known() -> None:
    text = token(ED, DID_KEY, kid=f"{DID_KEY}#{multikey(ED)}")
    assert judge(text, Materials()).verdict is Verdict.ISSUER_UNKNOWN
    assert judge(text, Materials()).issuer == {"id": DID_KEY, "key": multikey(ED), "claimedName": "Example Academy"}
    trusted = TrustList((TrustedIssuer(DID_KEY, "The Academy", SINCE),))
    assert judge(text, Materials(trust_list=trusted)).verdict is Verdict.GENUINE


def test_trust_does_not_mend_a_signature() -> None:
    trusted = TrustList((TrustedIssuer(WEB, "The Academy", SINCE),))
    assert judge(token(ED, kid=f"{WEB}#k"), Materials(trust_list=trusted)).verdict is Verdict.CANNOT_TELL
    other = replace(MATERIALS, trust_list=trusted, did_documents={WEB: did_document(ED, name="other")})
    assert judge(token(ED, kid=f"{WEB}#k"), other).verdict is Verdict.ALTERED


def test_another_domain_with_the_name_of_a_trusted_issuer_is_unknown() -> None:
    report = judge(token(ED, kid=f"{WEB}#k"), replace(MATERIALS, trust_list=LIST))
    assert messages_of(report)["issuer"] == "issuer.namesake"
    assert report.verdict is Verdict.ISSUER_UNKNOWN
    [check] = [check for check in report.checks if check.id == "issuer"]
    assert "comes from badges.example.org and calls itself “Example Academy”" in check.sentence
