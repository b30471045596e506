"""Revoking: what the world is told afterwards, and what is left on record. Lists are read back as verifiers read them.

Judged twice: by this installation, and by the pure verifier with nothing but the signed text, did.json and the list.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db.models import QuerySet
from pytest_django import Settings

from laurea.actions import addresses, auditing, chunks, confirming, issuer_keys, judging, revoking, working
from laurea.credentials.document import parse
from laurea.credentials.errors import IssuingError
from laurea.credentials.status_list import read_list
from laurea.credentials.verification import Materials, Verdict, verify
from laurea.records.models import Account, Achievement, Credential, Delivery, Entry, Issuer, Person, StatusList

Issue = Callable[..., Credential]
REASON = Credential.Reason.MISTAKE


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }


@pytest.fixture
def issue(acme: Issuer, achievement: Achievement, now: datetime) -> Issue:
    """Has a worker issue one credential."""

    def issued(name: str = "Ada Lovelace", at: datetime = now, **more: object) -> Credential:
        before = set(Credential.objects.values_list("pk", flat=True))
        confirming.issue_one(acme, achievement, name=name, now=at, actor=None, **more)  # type: ignore[arg-type]
        while chunks.work_on_next(worker="one", now=at):
            pass
        return Credential.objects.exclude(pk__in=before).get()

    return issued


def everything() -> QuerySet[Credential]:
    return Credential.objects.all()


def revoke(issuer: Issuer, *chosen: Credential, now: datetime, **more: object) -> revoking.Done:
    found = Credential.objects.filter(pk__in=[each.pk for each in chosen])
    return revoking.revoke(issuer, found, **({"reason": REASON, "now": now, "actor": None} | more))  # type: ignore[arg-type]


def told_elsewhere(credential: Credential, now: datetime) -> Verdict:
    """What software elsewhere says, which has the signed text and what is public of the issuer."""
    did_document = issuer_keys.did_document(credential.issuer)
    lists = {addresses.status_list(each): parse(each.text) for each in StatusList.objects.all()}
    known = Materials(did_documents={str(did_document["id"]): did_document}, status_lists=lists)
    return verify(credential.text, known, now=now).verdict


def told_here(credential: Credential, now: datetime) -> Verdict:
    fresh = Credential.objects.select_related("issuer", "status_list").get(pk=credential.pk)
    return judging.judge(fresh, now=now).verdict


def bits() -> set[int]:
    """The indexes that are set in the only list."""
    listed = StatusList.objects.get()
    found = read_list(parse(listed.text), "revocation")
    return {index for index in range(listed.entries) if found.get(index)}


def test_the_world_is_told_at_once(acme: Issuer, issue: Issue, bob: Account, now: datetime) -> None:
    ada, grace = issue(), issue("Grace Hopper")
    assert (told_elsewhere(ada, now), told_here(ada, now)) == (Verdict.GENUINE, Verdict.GENUINE)
    later = now + timedelta(hours=1)
    done = revoke(acme, ada, now=later, note="Wrong course", actor=bob)
    assert done == revoking.Done(1, 0, 0)
    assert (told_elsewhere(ada, later), told_here(ada, later)) == (Verdict.REVOKED, Verdict.REVOKED)
    assert (told_elsewhere(grace, later), told_here(grace, later)) == (Verdict.GENUINE, Verdict.GENUINE)
    assert bits() == {ada.status_index}
    listed = StatusList.objects.get()
    assert listed.edition == later
    assert parse(listed.text)["validFrom"] == "2026-11-23T10:30:00Z"
    ada.refresh_from_db()
    assert (ada.revoked, ada.revocation_reason, ada.revocation_note) == (later, "mistake", "Wrong course")


def test_the_list_stays_as_long_as_it_was_and_is_signed_by_the_key_of_the_day(
    acme: Issuer, issue: Issue, now: datetime
) -> None:
    ada = issue()
    fresh = issuer_keys.create(acme, now=now, actor=None)
    revoke(acme, ada, now=now)
    listed = StatusList.objects.get()
    assert len(read_list(parse(listed.text), "revocation")) == 131_072
    assert listed.text.count(f"#{fresh.multikey}") == 2
    assert told_elsewhere(ada, now) is Verdict.REVOKED


def test_it_leaves_an_entry_without_the_note(acme: Issuer, issue: Issue, bob: Account, now: datetime) -> None:
    ada = issue()
    revoke(acme, ada, now=now, note="She told us herself", actor=bob)
    entry = Entry.objects.get(act="credential.revoked")
    ada = Credential.objects.get(pk=ada.pk)
    facts = parse(entry.content)["facts"]
    assert facts == {
        "code": ada.code, "reason": "mistake", "record": auditing.fingerprint(ada), "sha256": ada.sha256,
    }  # fmt: skip
    assert (entry.identifier, entry.person, entry.actor) == (ada.identifier, ada.person, bob)
    assert "herself" not in entry.content


def test_it_is_final_and_done_once(acme: Issuer, issue: Issue, now: datetime) -> None:
    ada, grace = issue(), issue("Grace Hopper")
    revoke(acme, ada, now=now)
    later = now + timedelta(days=1)
    assert revoke(acme, ada, grace, now=later, reason="other") == revoking.Done(1, 1, 0)
    ada.refresh_from_db()
    assert (ada.revoked, ada.revocation_reason) == (now, "mistake")
    assert bits() == {ada.status_index, grace.status_index}
    assert Entry.objects.filter(act="credential.revoked").count() == 2


def test_another_issuers_credentials_are_not_touched(acme: Issuer, other: Issuer, issue: Issue, now: datetime) -> None:
    ada = issue()
    assert revoke(other, ada, now=now) == revoking.Done(0, 0, 0)
    assert told_here(ada, now) is Verdict.GENUINE


def test_what_is_not_said_rightly_is_refused(
    acme: Issuer, issue: Issue, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, grace = issue(), issue("Grace Hopper")
    monkeypatch.setattr(revoking, "MOST", 1)
    for chosen, wrong, code in (
        ([ada], {"reason": ""}, "revoking.reason"),
        ([ada], {"reason": "because"}, "revoking.reason"),
        ([ada], {"note": "x" * 2_001}, "revoking.note"),
        ([ada, grace], {}, "revoking.many"),
    ):
        with pytest.raises(IssuingError) as caught:
            revoke(acme, *chosen, now=now, **wrong)
        assert caught.value.code == code
    assert not everything().filter(revoked__isnull=False).exists()


def test_many_are_revoked_in_parts(acme: Issuer, issue: Issue, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [issue(f"Person {number}") for number in range(3)]
    monkeypatch.setattr(revoking, "_TOGETHER", 2)
    assert revoke(acme, *made, now=now).revoked == 3
    assert bits() == {each.status_index for each in made}


def test_nobody_is_congratulated_any_more(acme: Issuer, issue: Issue, now: datetime) -> None:
    sent, waits = issue(email="ada@example.org"), issue("Grace Hopper", email="grace@example.org")
    Delivery.objects.filter(credential=sent).update(state=Delivery.State.SENT)
    assert Delivery.objects.get(credential=waits).state == "due"
    revoke(acme, sent, waits, now=now)
    assert [each.credential for each in Delivery.objects.all()] == [sent]


def test_without_lasting_addresses_the_records_tell(
    acme: Issuer, issue: Issue, settings: Settings, now: datetime
) -> None:
    settings.LAUREA_PUBLIC_URL = "http://localhost:8000"
    ada = issue()
    assert ada.status_list is None
    revoke(acme, ada, now=now)
    assert told_here(ada, now) is Verdict.REVOKED


def test_where_no_list_can_be_signed_nothing_is_revoked(acme: Issuer, issue: Issue, now: datetime) -> None:
    ada = issue()
    acme.keys.update(state="retired")
    with pytest.raises(Exception, match="no signing key"):
        revoke(acme, ada, now=now)
    ada.refresh_from_db()
    assert (ada.revoked, bits(), Entry.objects.filter(act="credential.revoked").count()) == (None, set(), 0)


# --- Earlier editions -------------------------------------------------------------------------------------------------


def test_an_earlier_edition_that_still_counts_goes_with_it(acme: Issuer, issue: Issue, now: datetime) -> None:
    first = issue(email="ada@example.org", awarded=date(2026, 11, 1))
    second = issue(person=first.person, renews=True, awarded=date(2026, 11, 20))
    assert second.supersedes == first
    assert told_elsewhere(first, now) is Verdict.GENUINE  # a renewal withdraws nothing
    assert revoke(acme, second, now=now) == revoking.Done(1, 0, 0)
    assert (told_elsewhere(first, now), told_elsewhere(second, now)) == (Verdict.REVOKED, Verdict.REVOKED)
    first.refresh_from_db()
    assert (first.revoked, first.revocation_reason) == (now, "mistake")


def test_one_that_has_ended_stays_as_it_ended(acme: Issuer, issue: Issue, now: datetime) -> None:
    first = issue(
        email="ada@example.org", at=now - timedelta(days=100), awarded=date(2026, 8, 1), expires=date(2026, 11, 1)
    )
    second = issue(person=first.person, renews=True)
    revoke(acme, second, now=now)
    first.refresh_from_db()
    assert (first.revoked, told_elsewhere(first, now)) == (None, Verdict.EXPIRED)


def test_a_replaced_one_is_not_revoked_by_itself(acme: Issuer, issue: Issue, now: datetime) -> None:
    first = issue(email="ada@example.org")
    issue(person=first.person, renews=True)
    assert revoke(acme, first, now=now) == revoking.Done(0, 0, 1)


# --- A day to come ----------------------------------------------------------------------------------------------------


def test_on_its_day_a_worker_revokes(acme: Issuer, issue: Issue, bob: Account, now: datetime) -> None:
    ada = issue()
    day = now + timedelta(days=7)
    assert revoke(acme, ada, now=now, at=day, reason="withdrawn", note="Ends with the contract", actor=bob).revoked == 1
    ada.refresh_from_db()
    assert (ada.revoked, ada.revoke_at) == (None, day)
    assert told_elsewhere(ada, now) is Verdict.GENUINE
    assert not revoking.revoke_due(now=day - timedelta(seconds=1), worker="one")
    assert revoking.revoke_due(now=day, worker="one")
    assert not revoking.revoke_due(now=day, worker="one")
    ada.refresh_from_db()
    assert (ada.revoked, ada.revoke_at, ada.revocation_reason) == (day, None, "withdrawn")
    assert told_elsewhere(ada, day) is Verdict.REVOKED
    planned, done = Entry.objects.filter(act__startswith="credential.revo").order_by("pk")
    assert (planned.act, planned.actor, done.act, done.actor) == (
        "credential.revocation-planned", bob, "credential.revoked", None,
    )  # fmt: skip
    assert parse(planned.content)["facts"]["at"] == "2026-11-30T09:30:00+00:00"  # type: ignore[index,call-overload]
    assert parse(done.content)["facts"]["record"] == auditing.fingerprint(Credential.objects.get(pk=ada.pk))  # type: ignore[index,call-overload]


def test_workers_are_asked_for_it() -> None:
    assert revoking.revoke_due in working.DESKS


def test_a_plan_can_be_taken_back(acme: Issuer, issue: Issue, bob: Account, now: datetime) -> None:
    ada = issue()
    revoke(acme, ada, now=now, at=now + timedelta(days=7))
    ada.refresh_from_db()
    revoking.keep(ada, now=now, actor=bob)
    assert (ada.revoke_at, ada.revocation_reason) == (None, "")
    assert not revoking.revoke_due(now=now + timedelta(days=8), worker="one")
    entry = Entry.objects.get(act="credential.revocation-withdrawn")
    assert parse(entry.content)["facts"]["record"] == auditing.fingerprint(Credential.objects.get(pk=ada.pk))  # type: ignore[index,call-overload]
    with pytest.raises(IssuingError) as caught:
        revoking.keep(ada, now=now, actor=bob)
    assert caught.value.code == "revoking.no-plan"


def test_a_plan_passes_to_the_successor(acme: Issuer, issue: Issue, now: datetime) -> None:
    first = issue(email="ada@example.org")
    day = now + timedelta(days=7)
    revoke(acme, first, now=now, at=day, reason="withdrawn", note="Contract ends")
    second = issue(person=first.person, renews=True)
    first.refresh_from_db()
    assert (first.revoke_at, first.revocation_reason, first.revocation_note) == (None, "", "")
    assert (second.revoke_at, second.revocation_reason, second.revocation_note) == (day, "withdrawn", "Contract ends")
    revoking.revoke_due(now=day, worker="one")
    assert (told_elsewhere(first, day), told_elsewhere(second, day)) == (Verdict.REVOKED, Verdict.REVOKED)


def test_one_issuers_broken_key_keeps_nobody_else_waiting(
    acme: Issuer, other: Issuer, issue: Issue, achievement: Achievement, now: datetime
) -> None:
    ada = issue()
    day = now + timedelta(days=1)
    revoke(acme, ada, now=now, at=day)
    acme.keys.update(state="retired")
    assert not revoking.revoke_due(now=day, worker="one")
    issuer_keys.create(acme, now=now, actor=None)
    assert revoking.revoke_due(now=day, worker="one")


# --- People -----------------------------------------------------------------------------------------------------------


def test_whoever_leaves_keeps_what_was_revoked_as_revoked(
    acme: Issuer, issue: Issue, ada: Person, now: datetime
) -> None:
    """Deleting somebody must not make a revoked credential good again."""
    held = issue(person=ada)
    revoke(acme, held, now=now)
    Credential.objects.update(person=None)
    assert told_elsewhere(held, now) is Verdict.REVOKED
