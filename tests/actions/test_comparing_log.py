"""Whoever changes, takes away or puts in a row by hand is found, and the row is named."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import Settings

import issued
import logged
from laurea.actions import auditing, chunks, comparing_log, confirming, log_key, verifying_log
from laurea.actions.auditing import Act
from laurea.actions.verifying_log import Audit
from laurea.credentials.code import format_code
from laurea.credentials.transparency.merkle import LogError
from laurea.records.models import (
    Account,
    Achievement,
    Artifact,
    Batch,
    Checkpoint,
    Credential,
    Delivery,
    Entry,
    Issuer,
    Log,
    Person,
    StatusList,
)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """The folder of the log, in a storage of the test's own."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }
    return tmp_path / "files" / "log"


@pytest.fixture
def ledger(acme: Issuer, achievement: Achievement, ada: Person, alice: Account, now: datetime) -> list[Credential]:
    """Three credentials, the last in the place of the first, and other acts; all of it in the log."""
    Entry.objects.all().delete()  # what the founding of Acme has left is not what this is about
    bits = StatusList.objects.create(issuer=acme, name="bits", seed=bytes(32), entries=131_072, text="{}", edition=now)
    old, grace, new = (
        issued.credential_of(achievement, name, person=person, email="someone@example.org")
        for name, person in (("Ada Lovelace", ada), ("Grace Hopper", None), ("Ada Lovelace", ada))
    )
    with transaction.atomic():
        about = {"issuer": acme, "now": now, "actor": alice}
        auditing.note_credentials("credential.issued", [old, grace], **about)
        old.superseded = now
        old.save()
        new.supersedes, new.code, new.status_list, new.status_index = old, old.code, bits, 4
        new.save()
        auditing.note_credentials("credential.superseded", [old], **about)
        auditing.note_credentials("credential.issued", [new], **about)
        auditing.note(Act("person.changed", "person", str(ada.pk), {}, ada), **about)
    logged.act(2, None, now)
    logged.take_in(now)
    return [old, grace, new]


def audit(now: datetime) -> Audit:
    return comparing_log.verify(now=now)


def named(now: datetime) -> dict[str, str]:
    """What was found, by name."""
    return {finding.what: finding.code for finding in audit(now).findings}


def test_what_nobody_has_touched_is_good(ledger: list[Credential], now: datetime) -> None:
    found = audit(now)
    assert (found.findings, found.notes) == ([], [])
    assert found.checked == {"tiles": 2, "entries": Entry.objects.count(), "credentials": 3, "checkpoints": 1}
    assert (found.good, found.origin) == (True, "badges.example.com/log")


def test_what_workers_have_issued_is_good(
    acme: Issuer, achievement: Achievement, alice: Account, now: datetime
) -> None:
    for name in ("Ada Lovelace", "Łukasz Żółw"):
        confirming.issue_one(acme, achievement, name=name, email="a@example.org", now=now, actor=alice)
        chunks.work_on_next(worker="one", now=now)
    logged.take_in(now)
    assert (named(now), audit(now).checked["credentials"]) == ({}, 2)


# --- Credentials ------------------------------------------------------------------------------------------------------


LATER = datetime(2027, 1, 1, tzinfo=UTC)
CHANGES: dict[str, Any] = {
    "code": "000G40R40M30E200",
    "text": "{}",
    "sha256": "0" * 64,
    "person_id": None,
    "name": "Ada King",
    "email": "other@example.org",
    "awarded": date(2020, 1, 1),
    "valid_from": LATER,
    "valid_until": LATER,
    "status_list_id": None,
    "status_index": 7,
    "revoked": LATER,
    "revoke_at": LATER,
    "revocation_reason": "other",
    "revocation_note": "because",
    "because": "renewal",
    "supersedes_id": None,
    "superseded": LATER,
    "published": True,
    "created": LATER,
    "search": "somebody else",
}
OF_OTHERS = {"issuer_id", "achievement_id", "design_version_id", "key_id", "batch_id", "row_id"}
"""Keys of other rows: `test_a_credential_that_points_to_another_row` changes those."""


@pytest.mark.parametrize("column", CHANGES)
def test_a_credential_that_was_changed_is_named(ledger: list[Credential], now: datetime, column: str) -> None:
    changed = ledger[2]
    Credential.objects.filter(pk=changed.pk).update(**{column: CHANGES[column]})
    now_named = format_code(CHANGES["code"] if column == "code" else changed.code)
    assert named(now) == {f"credential {now_named}": "credential.changed"}


def test_every_column_is_tried() -> None:
    columns = {field.attname for field in Credential._meta.concrete_fields}
    assert columns == set(CHANGES) | OF_OTHERS | {"id", "identifier"}


@pytest.mark.parametrize("column", sorted(OF_OTHERS - {"row_id"}))
def test_a_credential_that_points_to_another_row(ledger: list[Credential], now: datetime, column: str) -> None:
    model: Any = Credential._meta.get_field(column.removesuffix("_id")).related_model
    another = model._default_manager.get(pk=getattr(ledger[1], column))
    another.pk = None
    for unique in ("slug", "multikey", "uid", "number"):
        if hasattr(another, unique):
            setattr(another, unique, {"number": 9, "uid": "00000000-0000-4000-8000-000000000000"}.get(unique, "z"))
    if column == "key_id":
        another.state = "retired"
    another.save()
    Credential.objects.filter(pk=ledger[1].pk).update(**{column: another.pk})
    assert named(now) == {f"credential {format_code(ledger[1].code)}": "credential.changed"}


def test_of_two_with_one_code_the_superseded_one_is_told_apart(ledger: list[Credential], now: datetime) -> None:
    Credential.objects.filter(pk=ledger[0].pk).update(name="Ada King")
    (finding,) = audit(now).findings
    assert finding.message.startswith(f"Credential {format_code(ledger[0].code)} (superseded) was changed")
    assert "since entry 2" in finding.message  # the one that says that it was superseded


def _delete(credential: Credential) -> None:
    Artifact.objects.filter(credential=credential).delete()
    Delivery.objects.filter(credential=credential).delete()
    Credential.objects.filter(pk=credential.pk).delete()


def test_a_credential_that_was_deleted_is_named(ledger: list[Credential], now: datetime) -> None:
    _delete(ledger[1])
    assert named(now) == {f"credential {format_code(ledger[1].code)}": "credential.gone"}


def test_a_credential_that_was_put_in_by_hand_is_named(ledger: list[Credential], now: datetime) -> None:
    forged = Credential.objects.get(pk=ledger[2].pk)
    row = forged.row
    row.pk, row.line = None, 99
    row.save()
    forged.pk, forged.row, forged.identifier, forged.code = None, row, "urn:uuid:forged", "000G40R40M30E200"
    forged.supersedes, forged.status_index = None, 1
    forged.save()
    assert named(now) == {"credential 000G-40R4-0M30-E200": "credential.without-entry"}


def test_an_identifier_that_was_changed_names_both(ledger: list[Credential], now: datetime) -> None:
    Credential.objects.filter(pk=ledger[1].pk).update(identifier="urn:uuid:other")
    codes = [finding.code for finding in audit(now).findings]
    assert codes == ["credential.without-entry", "credential.gone"]


def test_after_its_erasure_a_credential_may_be_gone(ledger: list[Credential], acme: Issuer, now: datetime) -> None:
    erased = ledger[1]
    with transaction.atomic():
        _delete(erased)
        auditing.note(Act("credential.erased", "credential", erased.identifier), issuer=acme, now=now, actor=None)
    assert named(now) == {}
    logged.take_in(now)
    assert named(now) == {}


# --- Entries ----------------------------------------------------------------------------------------------------------


ENTRY_CHANGES: dict[str, Any] = {
    "act": "credential.revoked",
    "kind": "issuer",
    "identifier": "urn:uuid:other",
    "issuer_id": None,
    "person_id": None,
    "actor_id": None,
    "at": LATER,
    "content": "{}",
    "salt": bytes(32),
    "leaf": bytes(32),
    "erased": LATER,
}


def test_every_column_of_an_entry_is_tried() -> None:
    columns = {field.attname for field in Entry._meta.concrete_fields}
    assert columns == set(ENTRY_CHANGES) | {"id", "number"}


@pytest.mark.parametrize("column", ENTRY_CHANGES)
@pytest.mark.parametrize("number", [0, 2])
def test_an_entry_that_was_changed_is_named(ledger: list[Credential], now: datetime, column: str, number: int) -> None:
    about = Entry.objects.get(number=number).identifier
    Entry.objects.filter(number=number).update(**{column: ENTRY_CHANGES[column]})
    found = named(now)
    assert found.pop(f"entry {number}") == "entry.changed"
    # And what can no longer be compared, because this was its last word, is said to be so; never that it was changed.
    assert set(found.values()) <= {"credential.unsure", "credential.without-entry"}
    assert {key.split()[0] for key in found} <= ({"credential"} if about.startswith("urn:") else set())


def test_an_entry_that_was_rewritten_whole_is_named(ledger: list[Credential], now: datetime) -> None:
    """Content, salt and leaf fit one another, and the columns too: it is only not what was published."""
    entry = Entry.objects.get(act="person.changed")
    content = entry.content.replace("person.changed", "person.removed")
    leaf = auditing.leaf(bytes(32), content)
    Entry.objects.filter(pk=entry.pk).update(content=content, salt=bytes(32), leaf=leaf, act="person.removed")
    assert named(now) == {f"entry {entry.number}": "entry.changed"}


def test_an_entry_that_was_deleted_is_named(ledger: list[Credential], now: datetime) -> None:
    entry = Entry.objects.get(act="person.changed")
    entry.delete()
    assert named(now) == {f"entry {entry.number}": "entry.gone"}


def test_the_last_entries_are_missed_as_well(ledger: list[Credential], now: datetime) -> None:
    size = Entry.objects.count()
    Entry.objects.filter(number__gte=size - 2).delete()
    Log.objects.update(size=size - 2)
    assert named(now) == {
        f"entry {size - 2}": "entry.gone", f"entry {size - 1}": "entry.gone", "the log": "log.row",
    }  # fmt: skip


def test_an_entry_that_lost_its_place_is_missed_there(ledger: list[Credential], now: datetime) -> None:
    Entry.objects.filter(act="person.changed").update(number=None)
    assert "entry.gone" in named(now).values()
    logged.take_in(now)
    assert "entry.gone" in named(now).values()


def test_two_entries_that_changed_places_are_both_named(ledger: list[Credential], now: datetime) -> None:
    first, second = Entry.objects.filter(kind="issuer")
    for entry, number in ((first, 999), (second, first.number), (first, second.number)):
        Entry.objects.filter(pk=entry.pk).update(number=number)
    assert named(now) == {f"entry {first.number}": "entry.changed", f"entry {second.number}": "entry.changed"}


def test_with_its_entry_gone_too_a_credential_is_named(ledger: list[Credential], now: datetime) -> None:
    Entry.objects.get(identifier=ledger[1].identifier).delete()
    Credential.objects.filter(pk=ledger[1].pk).update(name="Somebody Else")
    found = audit(now).findings
    assert {finding.code for finding in found} == {"entry.gone", "credential.without-entry"}
    assert any("its entry may be one of those that are gone" in finding.message for finding in found)


def test_an_entry_that_waits_is_looked_at_too(ledger: list[Credential], acme: Issuer, now: datetime) -> None:
    (entry,) = logged.act(1, acme, now)
    found = comparing_log.verify(now=now + timedelta(minutes=20))
    assert (found.findings, len(found.notes)) == ([], 1)
    assert found.notes[0].endswith("is a worker running?")
    Entry.objects.filter(pk=entry.pk).update(content="{}")
    assert named(now) == {f"waiting entry {entry.pk}": "entry.changed"}


@pytest.mark.parametrize("content", ["{}", "[]", "not JSON", '{"object": 1}', "null"])
def test_an_entry_that_no_act_has_written_is_named(
    ledger: list[Credential], acme: Issuer, now: datetime, content: str
) -> None:
    leaf = auditing.leaf(bytes(32), content)
    Entry.objects.create(act="x", at=now, content=content, salt=bytes(32), leaf=leaf)
    logged.take_in(now)
    number = Entry.objects.get(act="x").number
    assert named(now) == {f"entry {number}": "entry.content"}


def test_only_what_an_erasure_names_may_be_emptied(ledger: list[Credential], acme: Issuer, now: datetime) -> None:
    entry = Entry.objects.get(act="person.changed")
    Entry.objects.filter(pk=entry.pk).update(content="", salt=b"", erased=now)
    assert named(now) == {f"entry {entry.number}": "entry.emptied"}
    with transaction.atomic():
        act = Act("person.erased", "person", entry.identifier, {"entries": [entry.number]})
        auditing.note(act, issuer=acme, now=now, actor=None)
    logged.take_in(now)
    assert named(now) == {}


def test_people_and_members_who_are_gone_make_no_entry_wrong(
    ledger: list[Credential], ada: Person, alice: Account, now: datetime
) -> None:
    """Their rows are let go of by the database itself: entries say nothing else than before."""
    Person.objects.create(issuer=ada.issuer, name="Ada King")
    Entry.objects.filter(person=ada).update(person=None)
    Entry.objects.filter(actor=alice).update(actor=None)
    assert set(named(now).values()) >= {"entry.changed"}
    Credential.objects.filter(person=ada).update(person=None)
    ada.delete()
    Batch.objects.update(confirmed_by=None, created_by=None)
    alice.delete()
    assert set(named(now).values()) == {"credential.changed"}  # their person: that is told by `credential.moved`


# --- The log itself ---------------------------------------------------------------------------------------------------


def test_a_checkpoint_that_was_changed_is_named(ledger: list[Credential], acme: Issuer, now: datetime) -> None:
    logged.act(1, acme, now)
    logged.take_in(now)
    first, second = Checkpoint.objects.order_by("size")
    Checkpoint.objects.filter(pk=first.pk).update(note=second.note)
    assert named(now) == {f"checkpoint {first.size}": "checkpoint.changed"}


def test_the_row_of_the_log_is_looked_at(ledger: list[Credential], now: datetime) -> None:
    Log.objects.update(published=1)
    assert named(now) == {"the log": "log.row"}


def test_a_database_that_was_put_back_is_said(ledger: list[Credential], acme: Issuer, now: datetime) -> None:
    size = Entry.objects.count()
    logged.act(1, acme, now)
    logged.take_in(now)
    Entry.objects.filter(number=size).delete()
    Checkpoint.objects.filter(size=size + 1).delete()
    Log.objects.update(size=size, published=size)
    assert "log.ahead" in {finding.code for finding in audit(now).findings}


def test_files_of_the_log_that_were_changed_are_named(ledger: list[Credential], folder: Path, now: datetime) -> None:
    size = Entry.objects.count()
    tile = folder / f"tile/0/000.p/{size}"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    assert named(now) == {f"tile/0/000.p/{size}": "tile.changed"}


def test_a_storage_that_lost_the_log_hides_nothing(ledger: list[Credential], folder: Path, now: datetime) -> None:
    size = Entry.objects.count()
    (folder / f"tile/entries/000.p/{size}").unlink()
    Entry.objects.filter(number=2).update(content="{}")
    assert named(now) == {
        f"tile/entries/000.p/{size}": "tile.missing", "entry 2": "entry.changed",
        **{name: code for name, code in named(now).items() if code.startswith("credential.")},
    }  # fmt: skip


def test_before_anything_was_published_the_records_are_compared(acme: Issuer, now: datetime) -> None:
    Log.objects.all().delete()
    with pytest.raises(LogError) as caught:
        audit(now)
    assert caught.value.code == "log.absent"
    log_key.log(now=now)
    logged.act(1, acme, now)
    found = audit(now)
    assert (found.findings, len(found.notes)) == ([], 2)


def test_an_older_copy_that_somebody_kept_is_as_good(
    ledger: list[Credential], acme: Issuer, folder: Path, tmp_path: Path, now: datetime
) -> None:
    copy = folder.rename(tmp_path / "copy")
    read = verifying_log.in_folder(copy)
    logged.act(3, acme, now)
    logged.take_in(now)
    assert comparing_log.verify(read=read, now=now).findings == []
    Entry.objects.filter(number=1).update(leaf=bytes(32))
    assert next(each.what for each in comparing_log.verify(read=read, now=now).findings) == "entry 1"


# --- Many -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_it_is_read_at_one_moment_and_nobody_waits(ledger: list[Credential], acme: Issuer, now: datetime) -> None:
    """Outside of the tests' transaction, as the command does it: and the connection is as good as before."""
    assert not connection.in_atomic_block
    assert audit(now).findings == []
    assert not connection.in_atomic_block
    logged.act(1, acme, now)
    assert audit(now).findings == []


@pytest.mark.slow
def test_among_ten_thousand_entries_the_one_is_named(
    ledger: list[Credential], acme: Issuer, achievement: Achievement, now: datetime
) -> None:
    make_many(9_000, ledger[1], now)
    assert named(now) == {}
    assert Entry.objects.count() > 10_000
    entry = Entry.objects.get(number=7_654)
    Entry.objects.filter(pk=entry.pk).update(content=json.dumps({"act": "nothing"}))
    assert named(now)["entry 7654"] == "entry.changed"


def make_many(count: int, like: Credential, now: datetime) -> None:
    """So many more credentials like this one, with their entries, in the log."""
    rows = []
    row = like.row
    for number in range(count):
        row.pk, row.line = None, 1_000 + number
        rows.append(type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}))
    type(row).objects.bulk_create(rows, batch_size=2_000)
    made = []
    for number, each in enumerate(rows):
        values = {field.attname: getattr(like, field.attname) for field in like._meta.concrete_fields}
        values |= {
            "id": None, "row_id": each.pk, "identifier": f"urn:uuid:{number:036}", "code": f"{number:016}",
            "status_index": number + 1_000_000,
        }  # fmt: skip
        made.append(Credential(**values))
    with transaction.atomic():
        Credential.objects.bulk_create(made, batch_size=1_000)
        auditing.note_credentials("credential.issued", made, issuer=like.issuer, now=now, actor=None)
        logged.act(1_000, like.issuer, now)
    logged.take_in(now)
