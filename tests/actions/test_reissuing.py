"""What no longer verifies after a theft is issued anew: the same words, the same code, another key."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

import logged
from laurea.actions import chunks, confirming, issuer_keys, judging, reissuing, rotating
from laurea.credentials.document import parse
from laurea.credentials.errors import IssuingError
from laurea.credentials.verification import Verdict
from laurea.records.models import Account, Achievement, Batch, Checkpoint, Credential, Delivery, Issuer, Key, Row

HOUR = timedelta(hours=1)
NAMES = ("Ada Lovelace", "Grace Hopper", "Mary Somerville")


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }


def work(now: datetime) -> None:
    while chunks.work_on_next(worker="one", now=now):
        pass
    logged.take_in(now)
    Checkpoint.objects.filter(created__gt=now).update(created=now)


def issue_list(achievement: Achievement, now: datetime) -> None:
    """A list of three, and one by hand."""
    batch = Batch.objects.create(
        issuer=achievement.issuer, achievement=achievement, state=Batch.State.REVIEW, file_name="team.csv"
    )
    for line, name in enumerate(NAMES, start=2):
        values = {"name": name, "email": f"{name[:3].lower()}@example.org", "awarded": "2026-11-02"}
        batch.rows.create(line=line, state=Row.State.READY, values=values, name=name)
    confirming.confirm(batch, send_mail=False, now=now, actor=None)
    confirming.issue_one(achievement.issuer, achievement, name="Emmy Noether", now=now, actor=None)
    work(now)


def said(credential: Credential) -> dict[str, object]:
    """The document but for what must differ."""
    document = parse(credential.text)
    return {name: document[name] for name in document if name not in ("id", "validFrom", "proof", "credentialStatus")}


def test_all_verify_again_under_their_codes(
    acme: Issuer, achievement: Achievement, key: Key, alice: Account, now: datetime
) -> None:
    issue_list(achievement, now)
    before = {each.code: each for each in Credential.objects.all()}
    fresh = rotating.compromised(key, since=now - HOUR, now=now + HOUR, actor=alice)
    assert reissuing.waiting(acme).count() == 4
    batches = reissuing.reissue(acme, send_mail=False, now=now + 2 * HOUR, actor=alice)
    assert [(each.file_name, each.by_hand, each.rows_to_issue) for each in batches] == [
        ("team.csv", False, 3),
        ("", True, 1),
    ]
    assert reissuing.waiting(acme).count() == 0  # they are under way
    with pytest.raises(IssuingError) as caught:
        reissuing.reissue(acme, send_mail=False, now=now + 2 * HOUR, actor=alice)
    assert caught.value.code == "reissuing.nothing"
    work(now + 2 * HOUR)
    in_force = Credential.objects.filter(superseded=None).select_related("issuer", "status_list", "person")
    assert {each.code for each in in_force} == before.keys()
    for each in in_force:
        old = before[each.code]
        assert (each.key, each.person, each.valid_until) == (fresh, old.person, old.valid_until)
        assert each.because == Credential.Because.NEW_KEY
        identities = {"identifier"}  # e-mail addresses are hashed with another salt
        new_subject, old_subject = said(each).pop("credentialSubject"), said(old).pop("credentialSubject")
        assert isinstance(new_subject, dict)
        assert isinstance(old_subject, dict)
        assert {name: new_subject[name] for name in new_subject.keys() - identities} == {
            name: old_subject[name] for name in old_subject.keys() - identities
        }
        assert said(each)["awardedDate"] == said(old)["awardedDate"]
        assert judging.judge(each, now=now + 3 * HOUR).verdict is Verdict.GENUINE
    assert not Delivery.objects.exists()
    assert reissuing.waiting(acme).count() == 0


def test_what_still_verifies_is_left_alone(acme: Issuer, achievement: Achievement, key: Key, now: datetime) -> None:
    issue_list(achievement, now)
    rotating.compromised(key, since=now + HOUR, now=now + 2 * HOUR, actor=None)
    assert not reissuing.waiting(acme).exists()
    assert issuer_keys.active(acme) != key


def test_what_was_revoked_or_replaced_is_not_issued_anew(
    acme: Issuer, achievement: Achievement, key: Key, now: datetime
) -> None:
    issue_list(achievement, now)
    Credential.objects.filter(name="Ada Lovelace").update(revoked=now)
    Credential.objects.filter(name="Grace Hopper").update(superseded=now)
    rotating.compromised(key, since=now - HOUR, now=now + HOUR, actor=None)
    assert {each.name for each in reissuing.waiting(acme)} == {"Mary Somerville", "Emmy Noether"}
