"""Entries get their places once, in order, and are published whole, whoever dies or is away meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.db import transaction
from pytest_django import Settings

import logged
from laurea.actions import log_key, logging_entries, publishing, storing
from laurea.credentials.transparency import tiles
from laurea.credentials.transparency.merkle import leaf_hash
from laurea.credentials.transparency.note import open_note
from laurea.credentials.transparency.tiles import Tile
from laurea.records.models import Checkpoint, Entry, Issuer, Log

MINUTE = timedelta(minutes=1)


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """The folder of the log, in a storage of the test's own."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }
    return tmp_path / "files" / "log"


@pytest.fixture
def acme(db: None) -> Issuer:
    """An issuer that came into being without an act."""
    return Issuer.objects.create(slug="acme", name="Acme GmbH")


def leaves() -> list[bytes]:
    return [bytes(leaf) for leaf in Entry.objects.order_by("pk").values_list("leaf", flat=True)]


def test_without_entries_there_is_no_log(acme: Issuer, folder: Path, now: datetime) -> None:
    assert not logging_entries.take_in_next(worker="one", now=now)
    assert (Log.objects.count(), folder.exists()) == (0, False)


@pytest.mark.parametrize("steps", [[1], [3, 4], [255, 1, 1], [256, 300, 20], [1, 700]])
def test_what_was_done_is_published_in_order(acme: Issuer, folder: Path, now: datetime, steps: list[int]) -> None:
    for step in steps:
        logged.act(step, acme, now)
        logged.take_in(now)
        checkpoint, entries = logged.published(folder, now)
        assert (entries, checkpoint.size) == (leaves(), Entry.objects.count())
        held = {tile.path for tile in tiles.tiles_of(checkpoint.size)}
        assert logged.files(folder) == {"checkpoint", "key", *held}  # and no partial tile of an earlier size
    assert list(Entry.objects.order_by("pk").values_list("number", flat=True)) == list(range(sum(steps)))
    log = Log.objects.get()
    assert (log.size, log.published, log.problem) == (sum(steps), sum(steps), "")
    assert len({each.size for each in Checkpoint.objects.all()}) == len(steps)


def test_gaps_between_keys_are_none_between_numbers(acme: Issuer, folder: Path, now: datetime) -> None:
    made = logged.act(12, acme, now)
    Entry.objects.filter(pk__in=[made[each].pk for each in (0, 4, 5, 9)]).delete()
    logged.take_in(now)
    assert list(Entry.objects.order_by("pk").values_list("number", flat=True)) == list(range(8))
    assert logged.published(folder, now)[1] == leaves()


def test_the_log_publishes_once_a_second_at_most(acme: Issuer, folder: Path, now: datetime) -> None:
    logged.act(1, acme, now)
    assert logging_entries.take_in_next(worker="one", now=now)
    logged.act(1, acme, now)
    assert not logging_entries.take_in_next(worker="one", now=now + timedelta(milliseconds=900))
    assert logging_entries.take_in_next(worker="one", now=now + logging_entries.RHYTHM)
    assert not logging_entries.take_in_next(worker="one", now=now + MINUTE)
    assert Log.objects.get().published == 2


# --- Others, and trouble ----------------------------------------------------------------------------------------------


def test_while_one_works_the_others_leave_it(
    acme: Issuer, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    publish = publishing.publish

    def meanwhile(log: Log, **options: object) -> None:
        logged.act(1, acme, now)
        asked.append(logging_entries.take_in_next(worker="two", now=now))
        publish(log, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(publishing, "publish", meanwhile)
    logged.act(2, acme, now)
    logging_entries.take_in_next(worker="one", now=now)
    assert asked == [False]
    assert Log.objects.get().published == 2


def test_whoever_comes_back_late_writes_nothing_any_more(
    acme: Issuer, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first worker is held up, with its tiles written, for longer than its lease; the second one does it all."""
    held_up: list[bool] = []
    sign = log_key.sign

    def slowly(*about: object) -> str:
        if not held_up:
            held_up.append(True)
            logged.act(3, acme, now)
            Log.objects.update(lease_until=now)  # as if that long had passed
            assert logging_entries.take_in_next(worker="two", now=now)
        return sign(*about)  # type: ignore[arg-type]

    monkeypatch.setattr(log_key, "sign", slowly)
    logged.act(2, acme, now)
    logging_entries.take_in_next(worker="one", now=now)
    assert [each.size for each in Checkpoint.objects.all()] == [5]
    assert Log.objects.get().published == 5


class KilledError(BaseException):
    """The worker is gone: nothing more of it runs, not even an `except`."""


def _kill_at(monkeypatch: pytest.MonkeyPatch, module: object, name: str, call: int) -> None:
    original: Callable[..., object] = getattr(module, name)
    calls = [0]

    def dying(*args: object, **options: object) -> object:
        calls[0] += 1
        if calls[0] == call:
            raise KilledError
        return original(*args, **options)

    monkeypatch.setattr(module, name, dying)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("module", "name", "call"),
    [
        (publishing, "publish", 1),
        *((storing, "put", call) for call in range(1, 7)),
        (log_key, "sign", 1),
        (Checkpoint.objects, "create", 1),
        (storing, "remove", 1),
    ],
)
def test_a_worker_that_dies_is_followed_by_one_that_ends_its_work(
    acme: Issuer, folder: Path, now: datetime, module: object, name: str, call: int
) -> None:
    logged.act(250, acme, now)
    logged.take_in(now)
    before = logged.published(folder, now)[0]
    logged.act(300, acme, now)
    with pytest.MonkeyPatch.context() as patch:
        _kill_at(patch, module, name, call)
        with pytest.raises(KilledError):
            logging_entries.take_in_next(worker="one", now=now + 60 * MINUTE)
    logged.act(1, acme, now)
    assert not logging_entries.take_in_next(worker="two", now=now + 60 * MINUTE)  # the lease still runs
    logged.take_in(now + 120 * MINUTE)
    after, entries = logged.published(folder, now)
    assert (before.size, after.size, entries) == (250, 551, leaves())
    assert list(Entry.objects.order_by("pk").values_list("number", flat=True)) == list(range(551))


def test_a_storage_that_is_away_stops_no_act_and_loses_none(
    acme: Issuer, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged.act(3, acme, now)
    logged.take_in(now)

    def away(name: str, _content: bytes) -> None:
        raise storing.StoringError("storing.unreachable", f"The storage does not take {name}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storing, "put", away)
        logged.act(2, acme, now)
        assert logging_entries.take_in_next(worker="one", now=now + 60 * MINUTE)
        log = Log.objects.get()
        assert (log.size, log.published, log.problem) == (5, 3, "The storage does not take log/tile/entries/000.p/5")
        logged.act(2, acme, now)
        assert not logging_entries.take_in_next(worker="one", now=now + 60 * MINUTE)  # it rests
    logged.take_in(now + 120 * MINUTE)
    assert logged.published(folder, now)[1] == leaves()
    assert (Log.objects.get().published, Log.objects.get().problem) == (7, "")


def test_a_key_that_cannot_be_opened_is_said(acme: Issuer, folder: Path, now: datetime, settings: Settings) -> None:
    logged.act(1, acme, now)
    log_key.log(now=now)
    settings.LAUREA_KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    logging_entries.take_in_next(worker="one", now=now)
    assert Log.objects.get().problem.startswith("The signing key cannot be opened")
    assert not Checkpoint.objects.exists()


def test_without_an_encryption_key_the_worker_goes_on(
    acme: Issuer, folder: Path, now: datetime, settings: Settings
) -> None:
    logged.act(1, acme, now)
    settings.LAUREA_KEY_ENCRYPTION_KEYS = []
    assert not logging_entries.take_in_next(worker="one", now=now)


# --- What was done to the records or the files ------------------------------------------------------------------------


def test_an_entry_that_is_changed_later_does_not_change_the_log(acme: Issuer, folder: Path, now: datetime) -> None:
    logged.act(5, acme, now)
    logged.take_in(now)
    kept = leaves()
    Entry.objects.filter(number=2).update(leaf=bytes(32))
    Entry.objects.filter(number=3).delete()
    logged.act(2, acme, now)
    logged.take_in(now)
    assert logged.published(folder, now)[1] == [*kept, *leaves()[-2:]]


@pytest.mark.parametrize("lost", ["tile/entries/001.p/44", "tile/0/001.p/44", "tile/1/000.p/1"])
def test_files_that_are_lost_or_broken_are_made_anew_from_the_entries(
    acme: Issuer, folder: Path, now: datetime, lost: str
) -> None:
    logged.act(300, acme, now)
    logged.take_in(now)
    if lost.endswith("/44"):
        (folder / lost).unlink()
    else:
        (folder / lost).write_bytes(bytes(32))
    logged.act(1, acme, now)
    logged.take_in(now)
    assert logged.published(folder, now)[1] == leaves()


def test_nothing_is_signed_that_does_not_continue_the_last_checkpoint(
    acme: Issuer, folder: Path, now: datetime
) -> None:
    logged.act(5, acme, now)
    logged.take_in(now)
    (folder / "tile/entries/000.p/5").unlink()
    Entry.objects.filter(number=2).update(leaf=bytes(32))
    logged.act(1, acme, now)
    logging_entries.take_in_next(worker="one", now=now + 60 * MINUTE)
    log = Log.objects.get()
    assert log.problem.startswith("Neither the files of the log nor the entries in the database")
    newest = publishing.newest()
    assert newest is not None
    assert (log.published, newest.size) == (5, 5)


def test_an_entry_that_is_gone_before_it_was_published_is_said(
    acme: Issuer, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged.act(3, acme, now)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publishing, "publish", lambda *_, **__: None)
        logging_entries.take_in_next(worker="one", now=now)
    Entry.objects.filter(number=1).delete()
    logging_entries.take_in_next(worker="one", now=now + MINUTE)
    assert Log.objects.get().problem.startswith("Entry 1 is gone")


def test_a_tile_of_an_earlier_size_is_the_beginning_of_the_one_that_is_kept(
    acme: Issuer, folder: Path, now: datetime
) -> None:
    logged.act(300, acme, now)
    logged.take_in(now)
    hashed = [leaf_hash(leaf) for leaf in leaves()]
    for path, expected in (
        ("tile/0/000.p/7", hashed[:7]),
        ("tile/0/000", hashed[:256]),
        ("tile/0/001.p/1", hashed[256:257]),
        ("tile/0/001.p/44", hashed[256:]),
    ):
        tile = Tile.named(path)
        assert tile is not None
        assert publishing.hashes_of(tile, 300) == expected
    for path in ("tile/0/001.p/45", "tile/0/001", "tile/0/002.p/1", "tile/2/000.p/1", "tile/1/001.p/1"):
        tile = Tile.named(path)
        assert tile is not None
        with pytest.raises(storing.StoringError) as caught:
            publishing.content(tile, 300)
        assert caught.value.code == "storing.absent"


def test_every_checkpoint_opens_with_the_one_key(acme: Issuer, folder: Path, now: datetime) -> None:
    for _ in range(3):
        logged.act(2, acme, now)
        logged.take_in(now)
    verifier = log_key.verifier(log_key.log(now=now))
    opened = [open_note(each.note, verifier).size for each in Checkpoint.objects.order_by("size")]
    assert opened == [2, 4, 6]
    with transaction.atomic():
        assert (folder / "checkpoint").read_text() == Checkpoint.objects.get(size=6).note
