"""Another key signs: because it is time, or because the last one was stolen. What counts then, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from pytest_django import Settings

import logged
from laurea.actions import (
    addresses,
    chunks,
    confirming,
    issuer_keys,
    judging,
    restating,
    rotating,
    stolen_keys,
    workshop,
)
from laurea.credentials import jwt, keys, proof
from laurea.credentials.document import Document, parse, serialise
from laurea.credentials.errors import IssuingError, KeyMaterialError
from laurea.credentials.verification import Check, Materials, Report, Verdict, verify
from laurea.records.models import Account, Achievement, Checkpoint, Credential, Entry, Issuer, Key

HOUR = timedelta(hours=1)
Issue = Callable[..., Credential]


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }


@pytest.fixture
def issue(acme: Issuer, achievement: Achievement, now: datetime) -> Issue:
    """Issues a credential, and has the log take it in; both at one moment."""

    def issued(name: str = "Ada Lovelace", at: datetime = now, *, logs: bool = True) -> Credential:
        confirming.issue_one(acme, achievement, name=name, email="ada@example.org", now=at, actor=None)
        while chunks.work_on_next(worker="one", now=at):
            pass
        if logs:
            logged.take_in(at)
            Checkpoint.objects.filter(created__gt=at).update(created=at)
        return Credential.objects.get(name=name)

    return issued


def loaded(credential: Credential) -> Credential:
    return Credential.objects.select_related("issuer", "status_list", "key").get(pk=credential.pk)


def about_key(report: Report) -> Check:
    (found,) = [check for check in report.checks if check.id == "issuer-key"]
    return found


def forged(credential: Credential, key: Key, created: datetime) -> bytes:
    """What a thief makes of a genuine credential with the issuer's key: another name, and a date of his own."""
    document = {name: value for name, value in parse(credential.text).items() if name != "proof"}
    document["id"] = "urn:uuid:0f6b3f5e-6c1b-4a8e-9d57-0f1d5f6f2c11"
    return signed(document, credential, key, created)


def signed(document: Document, credential: Credential, key: Key, created: datetime) -> bytes:
    stolen = issuer_keys.unsealed(key)
    method = keys.verification_method(addresses.did(credential.issuer, key), stolen.verification_key)
    return serialise(proof.sign(document, stolen, verification_method=method, created=created)).encode()


def elsewhere(credential: Credential, text: bytes, now: datetime) -> Report:
    """What software elsewhere says, that knows what is published at this moment and nothing else."""
    issuer = credential.issuer
    document = issuer_keys.did_document(issuer)
    lists: dict[str, Document | str] = {
        addresses.status_list(each): parse(each.text) for each in issuer.status_lists.select_related("issuer")
    }
    return verify(text, Materials(did_documents={str(document["id"]): document}, status_lists=lists), now=now)


# --- Rotating ---------------------------------------------------------------------------------------------------------


def test_what_was_signed_before_stays_genuine(issue: Issue, acme: Issuer, key: Key, now: datetime) -> None:
    old = issue()
    fresh = rotating.rotate(acme, now=now + HOUR, actor=None)
    new = issue("Grace Hopper", now + HOUR)
    assert (old.key, new.key) == (key, fresh)
    for each in (old, new):
        assert judging.judge(loaded(each), now=now + 2 * HOUR).verdict is Verdict.GENUINE
        assert elsewhere(each, each.text.encode(), now + 2 * HOUR).verdict is Verdict.GENUINE


def test_status_lists_are_signed_anew_with_the_new_key(issue: Issue, acme: Issuer, key: Key, now: datetime) -> None:
    issue()
    listed = acme.status_lists.get()
    assert key.multikey in listed.text
    fresh = rotating.rotate(acme, now=now + HOUR, actor=None)
    listed.refresh_from_db()
    assert listed.edition == now + HOUR
    assert fresh.multikey in listed.text
    assert key.multikey not in listed.text


# --- Compromised ------------------------------------------------------------------------------------------------------


def test_a_new_key_signs_at_once_and_the_lists_with_it(
    issue: Issue, acme: Issuer, key: Key, alice: Account, now: datetime
) -> None:
    issue()
    at = now + 3 * HOUR
    fresh = rotating.compromised(key, since=now + HOUR, now=at, actor=alice)
    assert fresh == issuer_keys.active(acme)
    assert (key.state, key.compromised_from, key.retired) == ("compromised", now + HOUR, at)
    listed = acme.status_lists.get()
    assert (listed.edition, key.multikey in listed.text, fresh is not None) == (at, False, True)
    acts = list(Entry.objects.filter(kind="key", actor=alice).order_by("pk").values_list("act", "identifier"))
    assert acts == [("key.compromised", str(key.pk)), ("key.made", str(issuer_keys.active(acme).pk))]
    assert '"since":"2026-11-23T10:30:00+00:00"' in Entry.objects.get(act="key.compromised").content


def test_one_that_signed_no_more_is_not_replaced(acme: Issuer, key: Key, now: datetime) -> None:
    active = rotating.rotate(acme, now=now, actor=None)
    assert rotating.compromised(key, since=now, now=now + HOUR, actor=None) is None
    assert issuer_keys.active(acme) == active
    assert key.retired == now


def test_the_document_says_since_when_and_that_it_may_sign_nothing(acme: Issuer, key: Key, now: datetime) -> None:
    fresh = rotating.compromised(key, since=now + timedelta(microseconds=7), now=now + HOUR, actor=None)
    assert fresh is not None
    document: Any = issuer_keys.did_document(acme)
    assert document["assertionMethod"] == [f"{document['id']}#{fresh.multikey}"]
    described = {each["publicKeyMultibase"]: each.get("revoked") for each in document["verificationMethod"]}
    assert described == {fresh.multikey: None, key.multikey: "2026-11-23T09:30:00Z"}


def test_what_the_log_shows_to_be_older_stays_genuine(issue: Issue, key: Key, now: datetime) -> None:
    held = issue()
    rotating.compromised(key, since=now + HOUR, now=now + 2 * HOUR, actor=None)
    report = judging.judge(loaded(held), now=now + 3 * HOUR)
    assert report.verdict is Verdict.GENUINE
    assert about_key(report).message == "issuer-key.before"
    assert "23 November 2026" in about_key(report).sentence


@pytest.mark.parametrize("of", ["text", "spaced", "token"])
def test_so_does_a_file_of_it_however_it_is_written(issue: Issue, key: Key, now: datetime, of: str) -> None:
    held = loaded(issue())
    text = {
        "text": held.text,
        "spaced": serialise(parse(held.text)).replace('":', '" :  '),
        "token": restating.as_token(held, judging.judge(held, now=now + timedelta(minutes=1))),
    }[of]
    rotating.compromised(key, since=now + HOUR, now=now + 2 * HOUR, actor=None)
    report = judging.judge_file(text.encode(), now=now + 3 * HOUR).verified.report
    assert report is not None
    assert report.verdict is Verdict.GENUINE
    assert about_key(report).message == "issuer-key.before"


def test_what_was_issued_after_does_not_count(issue: Issue, key: Key, now: datetime) -> None:
    held = issue(at=now + 2 * HOUR)
    rotating.compromised(key, since=now + HOUR, now=now + 3 * HOUR, actor=None)
    report = judging.judge(loaded(held), now=now + 4 * HOUR)
    assert report.verdict is Verdict.ALTERED
    assert (about_key(report).outcome, about_key(report).message) == ("failed", "issuer-key.stolen")
    assert "in the wrong hands from 23 November 2026 on" in about_key(report).sentence
    assert list(stolen_keys.no_longer_verified(key)) == [held]


def test_nor_does_what_no_checkpoint_covered_then(issue: Issue, key: Key, now: datetime) -> None:
    """It was issued before, but only its own date says so."""
    covered = issue("Grace Hopper")
    held = issue(logs=False)
    Entry.objects.filter(number=None).update(number=F("pk") + 90)  # as if the worker had died before it signed
    rotating.compromised(key, since=now + HOUR, now=now + 2 * HOUR, actor=None)
    assert judging.judge(loaded(held), now=now + 3 * HOUR).verdict is Verdict.ALTERED
    assert judging.judge(loaded(covered), now=now + 3 * HOUR).verdict is Verdict.GENUINE
    assert list(stolen_keys.no_longer_verified(key)) == [held]


def test_a_thief_dates_back_in_vain(issue: Issue, key: Key, now: datetime) -> None:
    held = issue()
    rotating.compromised(key, since=now + HOUR, now=now + 2 * HOUR, actor=None)
    text = forged(held, key, now - 300 * HOUR)
    report = judging.judge_file(text, now=now + 3 * HOUR).verified.report
    assert report is not None
    assert report.verdict is Verdict.ALTERED
    assert about_key(report).message == "issuer-key.stolen"


def test_a_thief_cannot_borrow_the_entry_of_another_credential(issue: Issue, key: Key, now: datetime) -> None:
    held = issue()
    rotating.compromised(key, since=now + HOUR, now=now + 2 * HOUR, actor=None)
    document: Any = {name: value for name, value in parse(held.text).items() if name != "proof"}
    document["name"] = "Master of Everything"
    report = judging.judge_file(signed(document, held, key, now), now=now + 3 * HOUR).verified.report
    assert report is not None
    assert report.verdict is Verdict.ALTERED


def test_a_row_that_was_put_into_the_database_borrows_none_either(issue: Issue, key: Key, now: datetime) -> None:
    """Text and hash of the row fit each other; the entry, which nobody can change unnoticed, says another hash."""
    held = issue()
    rotating.compromised(key, since=now + HOUR, now=now + 2 * HOUR, actor=None)
    document: Any = {name: value for name, value in parse(held.text).items() if name != "proof"}
    document["name"] = "Master of Everything"
    held.text = signed(document, held, key, now).decode()
    held.save()
    assert judging.judge(loaded(held), now=now + 3 * HOUR).verdict is Verdict.ALTERED
    entry = Entry.objects.get(act="credential.issued")
    entry.content = entry.content.replace(held.sha256, stolen_keys._digest(held.text.encode()))
    entry.save()
    assert judging.judge(loaded(held), now=now + 3 * HOUR).verdict is Verdict.ALTERED


def test_elsewhere_all_of_it_ends(issue: Issue, key: Key, now: datetime) -> None:
    """Only did.json is known there, and it says that the key is revoked."""
    held = issue()
    assert elsewhere(held, held.text.encode(), now + HOUR).verdict is Verdict.GENUINE
    rotating.compromised(key, since=now + HOUR, now=now + 2 * HOUR, actor=None)
    report = elsewhere(held, held.text.encode(), now + 3 * HOUR)
    assert report.verdict is Verdict.CANNOT_TELL
    assert about_key(report).message == "issuer-key.withdrawn"


def test_without_a_domain_too(issue: Issue, key: Key, settings: Settings, now: datetime) -> None:
    settings.LAUREA_PUBLIC_URL = "http://localhost:8000"
    before, after = issue("Grace Hopper"), issue(at=now + 2 * HOUR)
    rotating.compromised(key, since=now + HOUR, now=now + 3 * HOUR, actor=None)
    assert judging.judge(loaded(before), now=now + 4 * HOUR).verdict is Verdict.GENUINE
    assert judging.judge(loaded(after), now=now + 4 * HOUR).verdict is Verdict.ALTERED
    found = judging.judge_file(forged(before, key, now), now=now + 4 * HOUR)
    assert found.verified.report is not None
    assert found.verified.report.verdict is Verdict.ALTERED


def test_another_key_of_the_issuer_is_as_good_as_ever(issue: Issue, acme: Issuer, key: Key, now: datetime) -> None:
    rotating.rotate(acme, now=now, actor=None)
    held = issue(at=now + 2 * HOUR)
    rotating.compromised(key, since=now + HOUR, now=now + 3 * HOUR, actor=None)
    report = judging.judge(loaded(held), now=now + 4 * HOUR)
    assert (report.verdict, about_key(report).message) == (Verdict.GENUINE, "issuer-key.passed")


def test_nothing_is_restated_with_it(issue: Issue, key: Key, now: datetime) -> None:
    held = issue()
    rotating.compromised(key, since=now + HOUR, now=now + 2 * HOUR, actor=None)
    with pytest.raises(IssuingError) as caught:
        restating.as_token(loaded(held), judging.judge(loaded(held), now=now + 3 * HOUR))
    assert caught.value.code == "restating.stolen-key"


def test_only_an_earlier_moment_may_be_said_later(issue: Issue, key: Key, now: datetime) -> None:
    held = issue(at=now + 2 * HOUR)
    rotating.compromised(key, since=now + 3 * HOUR, now=now + 4 * HOUR, actor=None)
    assert judging.judge(loaded(held), now=now + 5 * HOUR).verdict is Verdict.GENUINE
    with pytest.raises(KeyMaterialError) as caught:
        rotating.compromised(key, since=now + 3 * HOUR, now=now + 5 * HOUR, actor=None)
    assert caught.value.code == "key.since-later"
    rotating.compromised(key, since=now + HOUR, now=now + 5 * HOUR, actor=None)
    assert judging.judge(loaded(held), now=now + 5 * HOUR).verdict is Verdict.ALTERED
    assert key.retired == now + 4 * HOUR
    with pytest.raises(KeyMaterialError) as caught:
        rotating.compromised(key, since=now + 6 * HOUR, now=now + 5 * HOUR, actor=None)
    assert caught.value.code == "key.since-future"


def test_a_worker_that_signed_with_it_meanwhile_signs_again(
    acme: Issuer, achievement: Achievement, key: Key, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is declared stolen between making a credential and storing it: it is made anew, with the new key."""
    confirming.issue_one(acme, achievement, name="Ada Lovelace", now=now, actor=None)
    make = chunks._make

    def interrupted(*arguments: Any) -> Any:
        made = make(*arguments)
        if Key.objects.get(pk=key.pk).state == Key.State.ACTIVE:
            rotating.compromised(key, since=now, now=now + HOUR, actor=None)
        return made

    monkeypatch.setattr(chunks, "_make", interrupted)
    workshop.forget()
    for minute in range(10):
        at = datetime.now(UTC) + timedelta(minutes=minute)
        while chunks.work_on_next(worker="one", now=at):
            pass
    held = Credential.objects.get()
    assert held.key == issuer_keys.active(acme) != key
    assert jwt.looks_like_token(held.text) is False
