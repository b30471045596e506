"""Correcting, and issuing anew: the code stays, the new document is right, and the old file says where it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

import logged
from laurea.actions import (
    addresses,
    auditing,
    chunks,
    comparing_log,
    confirming,
    correcting,
    delivering,
    editions,
    issuer_keys,
    judging,
    merging,
    revoking,
    showing,
    storing,
)
from laurea.actions.judging import Judged
from laurea.credentials import baking
from laurea.credentials.document import parse
from laurea.credentials.errors import IssuingError
from laurea.credentials.status_list import read_list
from laurea.credentials.verification import Materials, Verdict, verify
from laurea.records.models import (
    Account,
    Achievement,
    Credential,
    Delivery,
    DesignVersion,
    Email,
    Entry,
    Issuer,
    Person,
    Row,
    StatusList,
)
from laurea.rendering.qr_reading import read_qr

Issue = Callable[..., Credential]


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }


def work(now: datetime) -> None:
    while chunks.work_on_next(worker="one", now=now):
        pass


@pytest.fixture
def held(acme: Issuer, achievement: Achievement, ada: Person, now: datetime) -> Credential:
    """A credential with a name misspelt."""
    achievement.include = ["result", "hours", "evidence"]
    achievement.save()
    confirming.issue_one(
        acme,
        achievement,
        name="Ada Lovelase",
        email="ada@example.org",
        awarded=date(2026, 11, 2),
        result="92 %",
        hours=6.5,
        evidence="https://acme.example/ada",
        person=ada,
        now=now,
        actor=None,
    )
    work(now)
    return Credential.objects.get()


def fresh(credential: Credential) -> Credential:
    everything = Credential.objects.select_related("issuer", "achievement", "person", "row", "batch", "status_list")
    return everything.get(pk=credential.pk)


def told_elsewhere(credential: Credential) -> Verdict:
    """What software elsewhere says, to which the list of this very second is given."""
    did_document = issuer_keys.did_document(credential.issuer)
    lists = {addresses.status_list(each): parse(each.text) for each in StatusList.objects.all()}
    known = Materials(did_documents={str(did_document["id"]): did_document}, status_lists=lists)
    return verify(credential.text, known, now=timezone.now()).verdict


def told_of_file(credential: Credential) -> Judged:
    return judging.judge_file(credential.text.encode(), now=timezone.now(), online=False)


def corrected(credential: Credential, now: datetime, **changes: object) -> Credential:
    said = replace(correcting.said_by(credential), **changes)  # type: ignore[arg-type]
    correcting.correct(credential, said, now=now, actor=None)
    work(now)
    return fresh(Credential.objects.get(supersedes=credential))


def test_a_misspelt_name_is_put_right_under_the_same_code(held: Credential, now: datetime) -> None:
    later = now + timedelta(days=1)
    new = corrected(held, later, name="Ada Lovelace")
    old = fresh(held)
    assert (new.code, new.because, new.supersedes) == (old.code, "correction", old)
    assert (old.superseded is not None, old.revoked) == (True, None)
    assert (new.name, new.awarded, new.valid_from) == ("Ada Lovelace", date(2026, 11, 2), later)
    was, now_is = parse(old.text), parse(new.text)
    different = {name for name in was if was[name] != now_is[name]}
    # The salt of the address is another one, so nobody can tell the two documents' hashes to be one person's.
    assert different == {"id", "validFrom", "credentialSubject", "credentialStatus", "proof"}
    subject, before = now_is["credentialSubject"], was["credentialSubject"]
    assert isinstance(subject, dict)
    assert isinstance(before, dict)
    assert {name for name in subject if subject[name] != before[name]} == {"identifier"}
    assert (subject["result"], subject["creditsEarned"]) == ([{"type": ["Result"], "value": "92 %"}], 6.5)


def test_the_new_files_hold_it_and_lead_to_the_same_page(held: Credential, now: datetime) -> None:
    new = corrected(held, now, name="Ada Lovelace")
    pdf = storing.get(new.artifacts.get(kind="pdf").name)
    assert baking.extract(pdf).text == new.text.encode()
    assert held.artifacts.count() == 2  # the old ones stay for whoever asks what was issued


def test_everybody_learns_that_the_old_file_was_replaced(held: Credential, now: datetime) -> None:
    assert told_elsewhere(held) is Verdict.GENUINE
    new = corrected(held, now, name="Ada Lovelace")
    # Software elsewhere knows the list alone: it must not call the wrong one good.
    assert (told_elsewhere(held), told_elsewhere(new)) == (Verdict.REVOKED, Verdict.GENUINE)
    judged = told_of_file(held)
    assert judged.replaced
    assert judged.in_force == new
    report = judged.verified.report
    assert report is not None
    assert [check.message for check in report.checks if check.id == "status"] == ["status.superseded"]
    assert told_of_file(new).verified.verdict is Verdict.GENUINE


def test_an_altered_copy_of_the_old_file_is_altered(held: Credential, now: datetime) -> None:
    corrected(held, now, name="Ada Lovelace")
    judged = judging.judge_file(held.text.replace("Lovelase", "Lovelady").encode(), now=timezone.now(), online=False)
    assert judged.verified.verdict is Verdict.ALTERED
    assert not judged.replaced


def test_a_renewal_withdraws_nothing(held: Credential, acme: Issuer, ada: Person, now: datetime) -> None:
    confirming.issue_one(acme, held.achievement, name="Ada Lovelace", person=ada, renews=True, now=now, actor=None)
    work(now)
    assert Credential.objects.get(supersedes=held).because == "renewal"
    assert told_elsewhere(held) is Verdict.GENUINE
    assert told_of_file(held).replaced


def test_each_edition_has_its_entries(held: Credential, bob: Account, now: datetime) -> None:
    said = replace(correcting.said_by(held), name="Ada Lovelace")
    correcting.correct(held, said, now=now, actor=bob)
    work(now)
    new = Credential.objects.get(supersedes=held)
    entries = list(Entry.objects.filter(act__in=["credential.superseded", "credential.issued"]).order_by("-pk")[:2])
    issued, superseded = entries
    assert (issued.identifier, superseded.identifier) == (new.identifier, held.identifier)
    assert (issued.actor, superseded.actor) == (bob, bob)
    for entry, credential in ((issued, new), (superseded, fresh(held))):
        facts = parse(entry.content)["facts"]
        assert isinstance(facts, dict)
        assert (facts["because"], facts["record"]) == ("correction", auditing.fingerprint(credential))


def test_nothing_but_what_is_wrong_changes(held: Credential, achievement: Achievement, now: datetime) -> None:
    """The achievement, its validity and the design have moved on: a correction says what was said."""
    Achievement.objects.filter(pk=achievement.pk).update(description="Another course", validity="1 week", name="Other")
    DesignVersion.objects.create(design=achievement.design, number=2, base="modern", adjustments={})
    new = corrected(fresh(held), now, awarded=date(2026, 11, 1))
    assert (new.design_version, new.valid_until) == (held.design_version, held.valid_until)
    was, now_is = parse(held.text)["credentialSubject"], parse(new.text)["credentialSubject"]
    assert isinstance(was, dict)
    assert isinstance(now_is, dict)
    assert now_is["achievement"] == was["achievement"]
    assert parse(new.text)["awardedDate"] == "2026-11-01T00:00:00Z"


def test_the_record_of_the_person_is_renamed_where_that_is_wanted(held: Credential, ada: Person, now: datetime) -> None:
    Email.objects.create(issuer=ada.issuer, person=ada, address="second@example.org", primary=False)
    said = replace(correcting.said_by(held), name="Ada King")
    correcting.correct(held, said, rename=True, now=now, actor=None)
    work(now)
    ada.refresh_from_db()
    assert ada.name == "Ada King"
    assert list(ada.emails.order_by("pk").values_list("address", "primary")) == [
        ("ada@example.org", True), ("second@example.org", False),
    ]  # fmt: skip
    assert Credential.objects.get(supersedes=held).person == ada


def test_a_corrected_address_becomes_one_of_the_persons(held: Credential, ada: Person, now: datetime) -> None:
    new = corrected(held, now, email="ada.l@example.org")
    assert (new.email, new.person) == ("ada.l@example.org", ada)
    assert Delivery.objects.get(credential=new).address == "ada.l@example.org"
    assert set(ada.emails.values_list("address", flat=True)) == {"ada@example.org", "ada.l@example.org"}


def test_the_message_says_that_it_is_a_corrected_one(held: Credential, now: datetime) -> None:
    new = corrected(held, now, name="Ada Lovelace")
    while delivering.send_due(now=timezone.now()):
        pass
    sent = [each.subject for each in mail.outbox]
    assert sent == ["Your corrected certificate: Safe Handling of Personal Data"]  # the wrong one had not gone out yet
    assert Delivery.objects.get().credential == new


@pytest.mark.parametrize(
    ("state", "changes", "code"),
    [
        ({}, {}, "correcting.nothing"),
        ({"revoked": datetime(2026, 11, 24).astimezone()}, {"name": "X"}, "correcting.revoked"),
        ({"superseded": datetime(2026, 11, 24).astimezone()}, {"name": "X"}, "correcting.replaced"),
        ({}, {"email": "grace@example.org"}, "correcting.address"),
    ],
)
def test_what_cannot_be_corrected(
    held: Credential, acme: Issuer, state: dict[str, object], changes: dict[str, object], code: str, now: datetime
) -> None:
    grace = Person.objects.create(issuer=acme, name="Grace Hopper")
    Email.objects.create(issuer=acme, person=grace, address="grace@example.org")
    Credential.objects.filter(pk=held.pk).update(**state)
    with pytest.raises(IssuingError) as caught:
        corrected(fresh(held), now, **changes)
    assert caught.value.code == code
    assert Row.objects.count() == 1


def test_of_two_corrections_at_once_one_wins(held: Credential, now: datetime) -> None:
    said = correcting.said_by(held)
    correcting.correct(held, replace(said, name="Ada One"), now=now, actor=None)
    correcting.correct(held, replace(said, name="Ada Two"), now=now, actor=None)
    work(now)
    assert [each.name for each in Credential.objects.filter(superseded=None)] == ["Ada One"]
    failed = Row.objects.get(outcome="failed")
    assert (failed.name, failed.problems[-1]["code"]) == ("Ada Two", "row.too-late")


def test_what_is_revoked_meanwhile_is_not_corrected(held: Credential, acme: Issuer, now: datetime) -> None:
    correcting.correct(held, replace(correcting.said_by(held), name="Ada Lovelace"), now=now, actor=None)
    revoking.revoke(acme, Credential.objects.all(), reason="misconduct", now=now, actor=None)
    work(now)
    assert Credential.objects.get().revoked == now
    assert Row.objects.get(outcome="failed").problems[-1]["code"] == "row.too-late"


def test_a_corrected_one_can_be_corrected_again(held: Credential, now: datetime) -> None:
    second = corrected(held, now, name="Ada Lovelace")
    third = corrected(second, now, awarded=date(2026, 11, 3))
    assert (third.code, third.name, third.awarded) == (held.code, "Ada Lovelace", date(2026, 11, 3))
    assert [told_elsewhere(each) for each in (held, second, third)] == [
        Verdict.REVOKED, Verdict.REVOKED, Verdict.GENUINE,
    ]  # fmt: skip
    for each in (held, second):
        assert told_of_file(each).in_force == third


# --- Issued anew ------------------------------------------------------------------------------------------------------


def test_a_mistaken_revocation_is_repaired_under_the_same_code(held: Credential, acme: Issuer, now: datetime) -> None:
    revoking.revoke(acme, Credential.objects.all(), reason="mistake", now=now, actor=None)
    revoked = fresh(held)
    correcting.issue_anew(revoked, correcting.said_by(revoked), now=now, actor=None)
    work(now)
    new = fresh(Credential.objects.get(supersedes=held))
    assert (new.code, new.because, new.revoked, new.revocation_reason) == (held.code, "again", None, "")
    assert told_elsewhere(new) is Verdict.GENUINE
    assert judging.judge(new, now=timezone.now()).verdict is Verdict.GENUINE
    # What was revoked stays revoked, in the list for ever; its file leads to the new one.
    assert told_elsewhere(held) is Verdict.REVOKED
    judged = told_of_file(held)
    assert (judged.verified.verdict, judged.replaced, judged.in_force) == (Verdict.REVOKED, True, new)
    listed = read_list(parse(StatusList.objects.get().text), "revocation")
    assert (listed.get(held.status_index or 0), listed.get(new.status_index or 0)) == (True, False)


def test_what_is_not_revoked_is_not_issued_anew(held: Credential, acme: Issuer, now: datetime) -> None:
    with pytest.raises(IssuingError) as caught:
        correcting.issue_anew(held, correcting.said_by(held), now=now, actor=None)
    assert caught.value.code == "correcting.not-revoked"


def test_the_qr_code_of_the_corrected_certificate_leads_where_the_old_one_did(held: Credential, now: datetime) -> None:
    new = corrected(held, now, name="Ada Lovelace")
    read = [read_qr(showing.certificate(each)) for each in (fresh(held), new)]
    assert read == [(addresses.credential(held.code),)] * 2


# --- All of it, and the log -------------------------------------------------------------------------------------------


def test_after_all_that_can_be_done_the_log_finds_nothing_amiss(
    held: Credential, acme: Issuer, achievement: Achievement, ada: Person, bob: Account
) -> None:
    """Corrected, renewed, planned, taken back, revoked, issued anew, moved to another person."""
    now = timezone.now()
    everything = Credential.objects.filter(superseded=None)
    second = corrected(held, now, name="Ada Lovelace")
    confirming.issue_one(acme, achievement, name="Ada Lovelace", person=ada, renews=True, now=now, actor=bob)
    work(now)
    third = fresh(Credential.objects.get(supersedes=second))
    revoking.revoke(acme, everything, reason="other", at=now + timedelta(days=1), now=now, actor=bob)
    revoking.keep(third, now=now, actor=bob)
    revoking.revoke(acme, everything, reason="mistake", note="Oh", now=now, actor=bob)
    correcting.issue_anew(fresh(third), correcting.said_by(third), now=now, actor=bob)
    work(now)
    twin = Person.objects.create(issuer=acme, name="Ada King")
    merging.merge(twin, ada, now=now, actor=bob)
    fourth = fresh(Credential.objects.get(supersedes=third))
    assert [(each.code, each.because) for each in (second, third, fourth)] == [
        (held.code, "correction"), (held.code, "renewal"), (held.code, "again"),
    ]  # fmt: skip
    assert {each.person for each in Credential.objects.all()} == {twin}
    logged.take_in(timezone.now())
    audit = comparing_log.verify(now=timezone.now())
    assert [(finding.what, finding.code) for finding in audit.findings] == []
    assert audit.checked["credentials"] == 4
    # And what somebody does by hand is found: to un-revoke one, say.
    Credential.objects.filter(pk=third.pk).update(revoked=None)
    (finding,) = comparing_log.verify(now=timezone.now()).findings
    assert finding.code == "credential.changed"
    told = [event.what.value for event in editions.history(fourth)]
    assert told[0] == "again"
    assert sorted(told) == ["again", "correction", "issued", "renewal", "revoked"]
