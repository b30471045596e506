"""The log has one name and one key, whoever asks first, and keeps both for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from laurea.actions import log_key
from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.transparency.note import Checkpoint, Verifier, open_note
from laurea.records.models import Log

pytestmark = pytest.mark.django_db


def test_there_is_one_log_and_it_keeps_its_name_and_key(now: datetime, settings: Settings) -> None:
    assert log_key.existing() is None
    first = log_key.log(now=now)
    assert first.origin == "badges.example.com/log"
    settings.LAUREA_PUBLIC_URL = "https://elsewhere.example.org"
    again = log_key.log(now=now + timedelta(days=400))
    assert (again.pk, again.origin, again.multikey) == (first.pk, first.origin, first.multikey)
    assert Log.objects.count() == 1


def test_the_key_is_sealed_and_signs_what_the_verifier_opens(now: datetime) -> None:
    log = log_key.log(now=now)
    assert "PRIVATE" not in log.sealed
    signed = log_key.sign(log, 0, bytes(32))
    handed_out = Verifier.decode(log_key.verifier(log).encode())
    assert open_note(signed, handed_out) == Checkpoint("badges.example.com/log", 0, bytes(32))
    assert log_key.signing_key(log).verification_key == handed_out.key


def test_another_encryption_key_cannot_open_it(now: datetime, settings: Settings) -> None:
    log = log_key.log(now=now)
    settings.LAUREA_KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(KeyMaterialError) as caught:
        log_key.sign(log, 0, bytes(32))
    assert caught.value.code == "key.sealed"
