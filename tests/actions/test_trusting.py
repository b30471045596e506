"""The list of trusted issuers: kept, exchanged as JSON, entered into the log, and heard by whoever judges."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from bare_key import DID, signed_by_a_bare_key
from laurea.actions import judging, trusting
from laurea.actions.trusting import Imported
from laurea.credentials import trust
from laurea.credentials.errors import LaureaError, TrustListError
from laurea.credentials.verification import Verdict
from laurea.records.models import Account, Entry, Issuer, TrustedIssuer

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SINCE = date(2026, 5, 31)

pytestmark = pytest.mark.django_db


def file(*issuers: tuple[str, str, str]) -> str:
    entries = [{"id": identifier, "name": name, "since": since} for identifier, name, since in issuers]
    return json.dumps({"laurea": "trust list", "version": 1, "issuers": entries})


def acts() -> list[tuple[str, dict[str, str]]]:
    return [(entry.act, json.loads(entry.content)["facts"]) for entry in Entry.objects.order_by("pk")]


def test_added_and_removed(alice: Account) -> None:
    entry = trusting.add(f" {DID} ", "Example Academy ", SINCE, now=NOW, actor=alice)
    assert (entry.identifier, entry.name, entry.since, entry.added_by) == (DID, "Example Academy", SINCE, alice)
    assert list(trusting.trust_list()) == [trust.TrustedIssuer(DID, "Example Academy", SINCE)]
    trusting.remove(entry, now=NOW, actor=alice)
    assert len(trusting.trust_list()) == 0
    facts = {"id": DID, "name": "Example Academy", "since": "2026-05-31"}
    assert acts()[-2:] == [("trust.added", facts), ("trust.removed", facts)]
    assert {entry.issuer for entry in Entry.objects.filter(act__startswith="trust.")} == {None}


@pytest.mark.parametrize(
    ("identifier", "name", "code"),
    [
        ("badges.example.org", "A", "trust.identifier"),
        ("did:key:x y", "A", "trust.identifier"),
        ("", "A", "trust.identifier"),
        ("did:web:" + "a" * 1_000, "A", "trust.identifier"),
        (DID, " ", "trust.name"),
        (DID, "A" * 201, "trust.name"),
        (DID, "A\nB", "trust.name"),
    ],
)
def test_what_is_no_issuer(identifier: str, name: str, code: str) -> None:
    with pytest.raises(TrustListError) as caught:
        trusting.add(identifier, name, SINCE, now=NOW, actor=None)
    assert caught.value.code == code
    assert not TrustedIssuer.objects.exists()
    assert acts() == []


def test_nobody_stands_there_twice() -> None:
    trusting.add(DID, "A", SINCE, now=NOW, actor=None)
    with pytest.raises(TrustListError) as caught:
        trusting.add(DID, "B", SINCE, now=NOW, actor=None)
    assert caught.value.code == "trust.twice"
    assert transaction.get_connection().needs_rollback is False
    assert [entry.name for entry in trusting.trust_list()] == ["A"]
    assert len(acts()) == 1


def test_a_list_goes_from_one_installation_to_another() -> None:
    trusting.add(DID, "Example Academy", SINCE, now=NOW, actor=None)
    trusting.add("did:web:b.example", "B", SINCE, now=NOW, actor=None)
    text = trusting.trust_list().to_text()
    TrustedIssuer.objects.all().delete()
    assert trusting.take_in(text, now=NOW, actor=None) == Imported(added=2)
    assert trusting.take_in(text.encode(), now=NOW, actor=None) == Imported(same=2)
    assert trusting.trust_list().to_text() == text
    assert [act for act, _ in acts()] == ["trust.added"] * 2 + ["trust.imported"] * 2


def test_an_import_renames_and_removes_nobody() -> None:
    trusting.add("did:web:a.example", "A", SINCE, now=NOW, actor=None)
    trusting.add("did:web:b.example", "B", SINCE, now=NOW, actor=None)
    text = file(("did:web:b.example", "B GmbH", "2026-06-01"), ("did:web:c.example", "C", "2026-06-01"))
    assert trusting.take_in(text, now=NOW, actor=None) == Imported(added=1, changed=1)
    assert {(each.identifier, each.name, each.since) for each in trusting.trust_list()} == {
        ("did:web:a.example", "A", SINCE),
        ("did:web:b.example", "B GmbH", date(2026, 6, 1)),
        ("did:web:c.example", "C", date(2026, 6, 1)),
    }
    assert [facts["name"] for act, facts in acts() if act == "trust.imported"] == ["C", "B GmbH"]


@pytest.mark.parametrize(
    "text",
    ["", "{}", file(("did:web:a.example", "A", "31.5.2026")), file(*[("did:web:a.example", "A", "2026-05-31")] * 2)],
)
def test_a_file_with_a_mistake_changes_nothing(text: str) -> None:
    with pytest.raises(LaureaError):
        trusting.take_in(text, now=NOW, actor=None)
    assert not TrustedIssuer.objects.exists()
    assert acts() == []


def test_the_list_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trusting, "MOST_ISSUERS", 1)
    text = file(("did:web:b.example", "B", "2026-06-01"), ("did:web:c.example", "C", "2026-06-01"))
    with pytest.raises(TrustListError) as caught:
        trusting.take_in(text, now=NOW, actor=None)
    assert caught.value.code == "trust.too-many"
    trusting.add(DID, "A", SINCE, now=NOW, actor=None)
    with pytest.raises(TrustListError) as caught:
        trusting.add("did:web:b.example", "B", SINCE, now=NOW, actor=None)
    assert caught.value.code == "trust.too-many"


def test_a_bare_key_is_known_by_the_list_alone() -> None:
    text = signed_by_a_bare_key("Example Academy")
    unknown = judging.judge_file(text, now=NOW)
    assert unknown.verified.verdict is Verdict.ISSUER_UNKNOWN
    assert unknown.namesake is None
    entry = trusting.add(DID, "The Academy", SINCE, now=NOW, actor=None)
    known = judging.judge_file(text, now=NOW)
    assert known.verified.verdict is Verdict.GENUINE
    assert known.verified.report is not None
    assert known.verified.report.issuer == {
        "id": DID,
        "key": DID.removeprefix("did:key:"),
        "claimedName": "Example Academy",
        "name": "The Academy",
        "since": "2026-05-31",
    }
    trusting.remove(entry, now=NOW, actor=None)
    assert judging.judge_file(text, now=NOW).verified.verdict is Verdict.ISSUER_UNKNOWN


def test_trust_mends_no_signature() -> None:
    trusting.add(DID, "The Academy", SINCE, now=NOW, actor=None)
    forged = signed_by_a_bare_key("Example Academy").replace(b"First Aid", b"First Add")
    assert judging.judge_file(forged, now=NOW).verified.verdict is Verdict.ALTERED


@pytest.mark.parametrize("name", ["Acme GmbH", "ACME  gmbh", "Example Academy"])
def test_who_goes_by_the_name_of_somebody_known(name: str, acme: Issuer) -> None:
    trusting.add("did:web:academy.example", "Example Academy", SINCE, now=NOW, actor=None)
    judged = judging.judge_file(signed_by_a_bare_key(name), now=NOW)
    assert judged.verified.verdict is Verdict.ISSUER_UNKNOWN
    assert judged.namesake is not None
    assert judged.namesake.name == ("Example Academy" if name == "Example Academy" else acme.name)
    assert judged.issuer is None
