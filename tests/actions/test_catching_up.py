"""What was issued before there was a log is entered when it begins, and only then."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pytest_django import Settings

import issued
import logged
from laurea.actions import catching_up, comparing_log, proving
from laurea.records.models import Achievement, Entry, Person


def test_older_credentials_are_entered_once(
    achievement: Achievement, ada: Person, settings: Settings, tmp_path: Path, now: datetime
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }
    old = [issued.credential_of(achievement, "Ada Lovelace", person=ada) for _ in range(3)]
    Entry.objects.all().delete()
    assert (catching_up.catch_up(now=now), catching_up.catch_up(now=now)) == (3, 0)
    assert [(each.act, each.identifier, each.person) for each in Entry.objects.order_by("pk")] == [
        ("credential.recorded", credential.identifier, ada) for credential in old
    ]
    logged.take_in(now)
    assert comparing_log.verify(now=now).findings == []
    assert proving.inclusion(old[2])["index"] == 2


def test_what_turns_up_later_was_put_in_by_hand(achievement: Achievement, now: datetime) -> None:
    logged.act(1, None, now)
    issued.credential_of(achievement)
    assert catching_up.catch_up(now=now) == 0
    assert not Entry.objects.filter(kind="credential").exists()
