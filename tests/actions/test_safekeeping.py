"""Keys kept elsewhere, and back again after their seal was lost."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

import token_box
from laurea.actions import issuer_keys, key_module, log_key, rotating, safekeeping
from laurea.credentials import key_backup
from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.keys import SigningKey
from laurea.records.models import Account, Entry, Issuer, Key

PASSPHRASE = b"correct horse battery staple"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing is made dear in `tests/credentials`; here it would only take time."""
    monkeypatch.setattr(key_backup, "COST", 2**10)


def backed_up(now: datetime, actor: Account | None = None) -> bytes:
    files: list[bytes] = []
    safekeeping.back_up(PASSPHRASE, files.append, now=now, actor=actor)
    return files[0]


def test_all_keys_are_in_it(acme: Issuer, other: Issuer, key: Key, alice: Account, now: datetime) -> None:
    log = log_key.log(now=now)
    rotating.rotate(acme, now=now, actor=None)
    content: Any = key_backup.unlock(backed_up(now, alice), PASSPHRASE)
    assert content["installation"] == "https://badges.example.com"
    assert [(each["issuer"], each["state"]) for each in content["keys"]] == [
        ("acme", "retired"),
        ("acme", "active"),
        ("other", "active"),
    ]
    for each in [*content["keys"], content["log"]]:
        assert SigningKey.from_pem(each["pkcs8"].encode()).verification_key.multikey == each["multikey"]
    assert content["log"]["origin"] == log.origin
    entry = Entry.objects.get(act="key.backed-up")
    assert (entry.actor, entry.issuer) == (alice, None)
    assert set(json.loads(entry.content)["facts"]["keys"]) == {
        *Key.objects.values_list("multikey", flat=True),
        log.multikey,
    }
    assert "PRIVATE" not in entry.content


def test_after_the_loss_of_the_seal_all_sign_again(
    acme: Issuer, key: Key, settings: Settings, alice: Account, now: datetime
) -> None:
    log = log_key.log(now=now)
    fresh = rotating.rotate(acme, now=now, actor=None)
    data = backed_up(now)
    settings.LAUREA_KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(KeyMaterialError):
        issuer_keys.unsealed(issuer_keys.active(acme))
    done = safekeeping.restore(data, PASSPHRASE, now=now + HOUR, actor=alice)
    assert (set(done.sealed), done.added, done.passed_over) == ({key.multikey, fresh.multikey, log.multikey}, [], [])
    for each in acme.keys.all():
        assert issuer_keys.unsealed(each).verification_key.multikey == each.multikey
    assert log_key.signing_key(log_key.log(now=now)).verification_key.multikey == log.multikey
    assert list(acme.keys.order_by("pk").values_list("state", flat=True)) == ["retired", "active"]
    entry = Entry.objects.get(act="key.restored")
    assert entry.actor == alice
    assert set(json.loads(entry.content)["facts"]["sealed"]) == set(done.sealed)


def test_keys_that_are_missing_are_added_and_none_comes_to_sign_beside_another(
    acme: Issuer, key: Key, now: datetime
) -> None:
    """The database was put back from a copy that is older than the key."""
    fresh = rotating.rotate(acme, now=now + HOUR, actor=None)
    data = backed_up(now)
    Key.objects.filter(pk=fresh.pk).delete()
    Key.objects.filter(pk=key.pk).update(state=Key.State.ACTIVE, retired=None)
    assert safekeeping.restore(data, PASSPHRASE, now=now, actor=None).added == [fresh.multikey]
    states = dict(acme.keys.values_list("multikey", "state"))
    assert states == {key.multikey: "active", fresh.multikey: "retired"}
    Key.objects.all().delete()
    safekeeping.restore(data, PASSPHRASE, now=now, actor=None)
    states = dict(acme.keys.values_list("multikey", "state"))
    assert sorted(states.values()) == ["active", "retired"]
    assert acme.keys.get(multikey=fresh.multikey).created == now + HOUR


def test_a_stolen_key_stays_stolen(acme: Issuer, key: Key, now: datetime) -> None:
    before = backed_up(now)
    rotating.compromised(key, since=now, now=now + HOUR, actor=None)
    after = backed_up(now)
    safekeeping.restore(before, PASSPHRASE, now=now, actor=None)
    key.refresh_from_db()
    assert (key.state, key.compromised_from) == ("compromised", now)
    Key.objects.filter(pk=key.pk).update(state=Key.State.RETIRED, compromised_from=None)  # an older copy
    ((passed, reason),) = safekeeping.restore(after, PASSPHRASE, now=now, actor=None).passed_over
    assert passed == key.multikey
    assert "stolen from 2026-11-23T09:30:00Z on" in reason
    Key.objects.filter(pk=key.pk).delete()
    safekeeping.restore(after, PASSPHRASE, now=now, actor=None)
    assert acme.keys.get(multikey=key.multikey).compromised_from == now


def test_what_does_not_belong_here_is_passed_over(acme: Issuer, other: Issuer, now: datetime) -> None:
    log = log_key.log(now=now)
    data = backed_up(now)
    gone = other.keys.get().multikey
    other.keys.all().delete()
    Issuer.objects.filter(pk=other.pk).update(slug="another")
    type(log).objects.update(origin="elsewhere.example/log")
    done = safekeeping.restore(data, PASSPHRASE, now=now, actor=None)
    assert dict(done.passed_over) == {
        gone: "there is no issuer “other” here",
        log.multikey: "it is the key of another log; each log keeps its own",
    }
    assert done.sealed == [acme.keys.get().multikey]


def test_what_this_installation_cannot_open_is_named(
    acme: Issuer, other: Issuer, settings: Settings, now: datetime
) -> None:
    lost = issuer_keys.active(acme).multikey
    Key.objects.filter(multikey=lost).update(sealed=Fernet(Fernet.generate_key()).encrypt(b"PEM").decode())
    backup = safekeeping.back_up(PASSPHRASE, lambda data: None, now=now, actor=None)
    assert (backup.lost, backup.kept) == ([lost], [issuer_keys.active(other).multikey])
    settings.LAUREA_KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(KeyMaterialError) as caught:
        safekeeping.back_up(PASSPHRASE, lambda data: None, now=now, actor=None)
    assert caught.value.code == "key.none"


def test_a_backup_that_could_not_be_stored_is_none(acme: Issuer, now: datetime) -> None:
    def store(data: bytes) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        safekeeping.back_up(PASSPHRASE, store, now=now, actor=None)
    assert not Entry.objects.filter(act="key.backed-up").exists()
    assert safekeeping.last_backup(acme) is None


def test_when_the_newest_key_was_backed_up(acme: Issuer, key: Key, now: datetime) -> None:
    assert safekeeping.last_backup(acme) is None
    backed_up(now + HOUR)
    assert safekeeping.last_backup(acme) == now + HOUR
    rotating.rotate(acme, now=now + 2 * HOUR, actor=None)
    assert safekeeping.last_backup(acme) is None


def test_keys_in_the_module_stay_there(
    acme: Issuer, key: Key, now: datetime, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    token_box.install(tmp_path, settings, monkeypatch)
    key_module.forget()
    fresh = rotating.rotate(acme, in_module=True, now=now, actor=None)
    data = backed_up(now)
    content: Any = key_backup.unlock(data, PASSPHRASE)
    assert [(each["multikey"], each.get("module"), "pkcs8" in each) for each in content["keys"]] == [
        (key.multikey, None, True),
        (fresh.multikey, fresh.module, False),
    ]
    done = safekeeping.restore(data, PASSPHRASE, now=now, actor=None)
    assert (done.sealed, [multikey for multikey, _ in done.passed_over]) == ([key.multikey], [fresh.multikey])
    key_module.forget()
