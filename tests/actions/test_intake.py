"""From a file to rows that stand ready to be reviewed."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import OperationalError

from laurea.actions import intake, ledger, reviewing, storing
from laurea.actions.batches.tables import MAX_BYTES
from laurea.credentials.errors import IssuingError, TableError
from laurea.records.models import Account, Achievement, Batch, ColumnMapping, Credential, Email, Issuer, Person, Row

pytestmark = pytest.mark.django_db

Uploaded = Any


@pytest.fixture
def upload(acme: Issuer, achievement: Achievement, bob: Account, now: datetime) -> Uploaded:
    """Take in a list (text or bytes), and have it read."""

    def taken(content: str | bytes, name: str = "people.csv", *, read: bool = True) -> Batch:
        data = content.encode() if isinstance(content, str) else content
        batch = intake.upload(acme, achievement, name=name, content=data, now=now, actor=bob)
        if read:
            assert intake.read_next(now=now, worker="one")
            batch.refresh_from_db()
        return batch

    return taken


def states(batch: Batch) -> list[str]:
    """The states of the rows, in the order of the file."""
    return list(batch.rows.order_by("line").values_list("state", flat=True))


def codes(batch: Batch, line: int) -> list[str]:
    """What is said about a line."""
    return [problem["code"] for problem in batch.rows.get(line=line).problems]


LIST = "Name,E-mail,Date\nAda Byron,ada.byron@example.org,2026-11-01\nAlan Turing,alan@example.org,2026-11-02\n"


def test_a_plain_list_goes_straight_to_the_review(upload: Uploaded) -> None:
    batch = upload(LIST)
    assert batch.state == Batch.State.REVIEW
    assert states(batch) == ["ready", "ready"]
    row = batch.rows.get(line=2)
    assert (row.name, row.key) == ("Ada Byron", "ada.byron@example.org")
    assert row.values == {"name": "Ada Byron", "email": "ada.byron@example.org", "awarded": "2026-11-01"}
    assert row.cells == ["Ada Byron", "ada.byron@example.org", "2026-11-01"]
    assert reviewing.counts(batch).states == {"ready": 2}
    assert [column["field"] for column in batch.reading["columns"]] == ["name", "email", "awarded"]


def test_the_file_is_kept_as_it_came(upload: Uploaded) -> None:
    batch = upload(LIST, read=False)
    assert storing.get(batch.file) == LIST.encode()
    assert batch.state == Batch.State.READING


def test_nothing_waits(now: datetime) -> None:
    assert not intake.read_next(now=now, worker="one")


def test_a_german_file_of_an_old_encoding(upload: Uploaded, examples: Path) -> None:
    batch = upload((examples / "teilnehmer-cp1252.csv").read_bytes(), "teilnehmer.csv")
    assert batch.state == Batch.State.REVIEW
    assert batch.reading["encoding"] == "cp1252"
    assert "file.encoding" in {note["code"] for note in batch.reading["notes"]}
    assert "Dr. Änne Groß" in set(batch.rows.values_list("name", flat=True))


def test_500_people(upload: Uploaded, examples: Path) -> None:
    batch = upload((examples / "people-500.csv").read_bytes(), "people-500.csv")
    assert batch.state == Batch.State.REVIEW
    assert sum(reviewing.counts(batch).states.values()) == batch.rows.count() == 500


def test_awkward_names(upload: Uploaded, examples: Path) -> None:
    batch = upload((examples / "people-awkward.csv").read_bytes(), "awkward.csv")
    assert batch.state == Batch.State.REVIEW
    assert "Al" in set(batch.rows.values_list("name", flat=True))


def test_what_the_file_alone_cannot_tell(upload: Uploaded) -> None:
    batch = upload(
        "Name,E-mail,Date,Valid until\n"
        "Ada 😀,a@example.org,2026-11-01,\n"
        "Bo Ek,b o@example.org,2026-11-01,\n"
        "Cy Ek,c@example.org,2027-11-01,\n"
        "Di Ek,d@example.org,1900-01-01,\n"
        "Ed Ek,e@example.org,2026-11-01,2026-11-10\n"
        "Flo Ek,f@example.org,2023-01-01,\n"
        "=1+1,g@example.org,2026-11-01,\n"
    )
    assert states(batch) == ["error", "warning", "error", "error", "error", "error", "error"]
    assert codes(batch, 2) == ["row.name"]
    assert codes(batch, 3) == ["email.spaces"]
    assert codes(batch, 4) == ["row.future"]
    assert codes(batch, 5) == ["row.date-range"]
    assert codes(batch, 6) == ["row.expired", "row.expires"]
    assert codes(batch, 7) == ["row.awarded"]  # two years valid, and they are over
    assert codes(batch, 8) == ["name.formula"]


def test_the_same_person_twice(upload: Uploaded, ada: Person) -> None:
    batch = upload(
        "Name,E-mail,Employee ID,Course\n"
        "Alan Turing,alan@example.org,,Data\n"
        "Alan Turing,ALAN@example.org,,Safety\n"
        "Ada Lovelace,ada@example.org,,Data\n"
        "Ada Lovelace,,1001,Data\n"
    )
    assert states(batch) == ["ready", "duplicate", "ready", "duplicate"]
    assert batch.rows.get(line=5).problems[-1]["reason"] == "the same person stands on line 4"
    assert batch.reading["courses"] == [["Data", 3], ["Safety", 1]]


def test_people_on_record(upload: Uploaded, ada: Person, acme: Issuer, other: Issuer) -> None:
    Person.objects.create(issuer=acme, name="Grace Hopper", employee_number="7")
    stranger = Person.objects.create(issuer=other, name="Alan M. Turing")
    Email.objects.create(issuer=other, person=stranger, address="alan@example.org")
    batch = upload(
        "Name,E-mail,Employee ID\n"
        "Ada Lovelace,Ada@example.org,1001\n"
        "Grace B. Hopper,,7\n"
        "Bob Babbage,ada@example.org,\n"
        "Ada Lovelace,ada@example.org,7\n"
        "Alan Turing,alan@example.org,\n"
    )
    assert states(batch) == ["ready", "warning", "error", "error", "ready"]
    assert batch.rows.get(line=2).person == ada
    assert codes(batch, 3) == ["row.no-email", "person.name"]
    assert codes(batch, 4) == ["row.two-people"]
    assert codes(batch, 5) == ["person.two"]
    assert batch.rows.get(line=6).person is None


def test_an_address_of_somebody_else_is_left_out_until_somebody_decides(upload: Uploaded, ada: Person) -> None:
    batch = upload("Name,E-mail\nZoe Quill,ada@example.org\n")
    row = batch.rows.get()
    assert (row.state, row.decision, row.person) == ("warning", "leave", ada)
    assert codes(batch, 2) == ["person.other"]
    assert reviewing.counts(batch).issue == 0


@pytest.fixture
def issued(acme: Issuer, achievement: Achievement, design: Any, key: Any, ada: Person, now: datetime) -> Any:
    """Give Ada a credential that began some days ago and ends some days from now."""

    def give(began: int, ends: int | None, **values: Any) -> Credential:
        batch = Batch.objects.create(issuer=acme, achievement=achievement, by_hand=True, state=Batch.State.DONE)
        row = batch.rows.create(line=1, state=Row.State.READY)
        given = {"person": ada, "name": ada.name, "email": "ada@example.org", "code": "AAAABBBBCCCCDDDD"} | values
        return Credential.objects.create(
            issuer=acme,
            identifier=f"urn:uuid:{batch.pk}",
            text="{}",
            achievement=achievement,
            design_version=design.versions.get(),
            key=key,
            batch=batch,
            row=row,
            awarded=now.date(),
            valid_from=now - timedelta(days=began),
            valid_until=None if ends is None else now + timedelta(days=ends),
            created=now - timedelta(days=began),
            **given,
        )

    return give


@pytest.mark.parametrize(
    ("began", "ends", "state"),
    [
        (100, None, "issued"),
        (100, 630, "issued"),
        (700, 30, "renewal"),
        (731, -1, "renewal"),
        (1, 29, "issued"),  # valid for a month: it always expires soon, and just began
        (25, 5, "renewal"),
    ],
)
def test_who_has_it_already(upload: Uploaded, issued: Any, began: int, ends: int | None, state: str) -> None:
    credential = issued(began, ends)
    batch = upload("Name,E-mail\nAda Lovelace,ada@example.org\n")
    row = batch.rows.get()
    assert row.state == state
    assert row.problems[-1]["credential"] == credential.pk
    assert reviewing.counts(batch).issue == (1 if state == "renewal" else 0)


def test_a_revoked_one_does_not_count(upload: Uploaded, issued: Any, now: datetime) -> None:
    issued(100, 600, revoked=now)
    assert states(upload("Name,E-mail\nAda Lovelace,ada@example.org\n")) == ["ready"]


def test_somebody_of_whom_only_the_name_is_known(upload: Uploaded, issued: Any) -> None:
    issued(100, 600, person=None, email="", name="Jo Nowhere")
    batch = upload("Name\nJo Nowhere\nMo Nowhere\n")
    assert states(batch) == ["warning", "ready"]
    assert codes(batch, 2) == ["person.namesake"]


def test_an_unclear_order_of_dates_is_asked_about(upload: Uploaded, bob: Account, now: datetime) -> None:
    batch = upload("Name,E-mail,Date\nAda Byron,a@example.org,03/04/2026\n")
    assert batch.state == Batch.State.MAPPING
    (question,) = batch.reading["questions"]
    assert question["parameter"] == "date_order"
    intake.answer(batch, date_order="dmy", now=now, actor=bob)
    assert batch.state == Batch.State.READING
    intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    assert batch.state == Batch.State.REVIEW
    assert batch.rows.get().values["awarded"] == "2026-04-03"


def test_two_columns_may_be_the_name(upload: Uploaded, bob: Account, now: datetime) -> None:
    batch = upload("Participant,Learner,E-mail\nAda Byron,Bo Ek,a@example.org\nCy Ek,Di Ek,c@example.org\n")
    assert [question["code"] for question in batch.reading["questions"]] == ["columns.two-names"]
    intake.answer(batch, mapping={"name": "2", "email": "3"}, now=now, actor=bob)
    intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    assert list(batch.rows.order_by("line").values_list("name", flat=True)) == ["Bo Ek", "Di Ek"]


def test_a_guessed_column_is_shown_first(upload: Uploaded, bob: Account, now: datetime) -> None:
    batch = upload("Name,E-mial adress\nAda Byron,a@example.org\n")
    assert batch.state == Batch.State.MAPPING
    assert not batch.rows.exists()
    intake.answer(batch, mapping={"name": "1", "email": "2"}, now=now, actor=bob)
    intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    assert batch.state == Batch.State.REVIEW


def test_the_mapping_is_remembered_for_the_header(upload: Uploaded, bob: Account, now: datetime) -> None:
    text = "Wer,Wohin,Sonst\nAda Byron,a@example.org,x\n"
    first = upload(text)
    assert [question["code"] for question in first.reading["questions"]] == ["columns.no-name"]
    intake.answer(first, mapping={"name": "1", "email": "2"}, now=now, actor=bob)
    second = upload(text.replace("Ada", "Bea"))  # reads the first one, which waited longer
    intake.read_next(now=now, worker="one")
    second.refresh_from_db()
    assert ColumnMapping.objects.count() == 1
    assert second.state == Batch.State.REVIEW
    assert second.reading["remembered"]
    assert second.rows.get().values == {"name": "Bea Byron", "email": "a@example.org"}


def test_a_list_without_a_header(upload: Uploaded, bob: Account, now: datetime) -> None:
    batch = upload("Ada Byron,a@example.org\nBo Ek,b@example.org\n")
    assert batch.state == Batch.State.MAPPING
    intake.answer(batch, header_line=0, now=now, actor=bob)
    intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    assert batch.state == Batch.State.MAPPING
    intake.answer(batch, mapping={"name": "1", "email": "2"}, now=now, actor=bob)
    intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    assert list(batch.rows.order_by("line").values_list("name", flat=True)) == ["Ada Byron", "Bo Ek"]


def test_a_workbook_with_two_lists(upload: Uploaded, bob: Account, now: datetime) -> None:
    book = openpyxl.Workbook()
    book.active.title = "March"
    for sheet, name in ((book.active, "Ada Byron"), (book.create_sheet("April"), "Bo Ek")):
        sheet.append(["Name", "E-mail", "Date"])
        sheet.append([name, "a@example.org", date(2026, 4, 3)])
    data = io.BytesIO()
    book.save(data)
    batch = upload(data.getvalue(), "people.xlsx")
    assert [question["parameter"] for question in batch.reading["questions"]] == ["sheet"]
    intake.answer(batch, sheet="April", now=now, actor=bob)
    intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    row = batch.rows.get()
    assert (row.name, row.cells[2]) == ("Bo Ek", "2026-04-03")


def test_one_course_of_several(upload: Uploaded, bob: Account, now: datetime) -> None:
    batch = upload("Name,E-mail,Course\nAda Byron,a@example.org,Data\nBo Ek,b@example.org,Safety\n")
    intake.answer(batch, where=[["course", "Safety"]], now=now, actor=bob)
    intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    assert batch.rows.get().name == "Bo Ek"
    assert batch.reading["courses"] == [["Data", 1], ["Safety", 1]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table.empty"),
        (b"%PDF-1.7 ...", "table.kind"),
        (b"\x89PNG\r\n\x1a\n....", "table.kind"),
        (b"<html><table></table></html>", "table.kind"),
    ],
)
def test_what_is_certainly_no_list_is_refused_at_once(upload: Uploaded, content: bytes, code: str) -> None:
    with pytest.raises(TableError) as caught:
        upload(content)
    assert caught.value.code == code
    assert not Batch.objects.exists()


def test_too_large(upload: Uploaded) -> None:
    with pytest.raises(TableError, match="at most 63 MB"):
        upload(b"Name\n" + b"x" * MAX_BYTES)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"Name,E-mail\n", "table.no-rows"),
        (b"PK\x03\x04 not a workbook", "table.workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "table.password"),
        (b'Name,E-mail\n"Ada,a@example.org\n', "table.open-quote"),
        (",".join(f"column {n}" for n in range(1200)).encode() + b"\n", "table.too-wide"),
        (bytes(range(1, 9)) * 200, "table.encoding"),
    ],
)
def test_what_cannot_be_read_says_so(upload: Uploaded, content: bytes, code: str) -> None:
    batch = upload(content)
    assert batch.state == Batch.State.FAILED
    failure = batch.reading["failure"]
    assert failure["code"] == code
    assert batch.problem == failure["message"]


def test_200_columns(upload: Uploaded) -> None:
    header = ["Name", "E-mail", *(f"Question {n}" for n in range(198))]
    line = ["Ada Byron", "a@example.org", *("yes" for _ in range(198))]
    batch = upload(",".join(header) + "\n" + ",".join(line) + "\n")
    assert states(batch) == ["ready"]
    assert len(batch.reading["columns"]) == 200


def test_another_file_in_its_place(upload: Uploaded, bob: Account, now: datetime) -> None:
    batch = upload(b"PK\x03\x04 not a workbook")
    old = batch.file
    intake.upload_again(batch, name="better.csv", content=LIST.encode(), now=now, actor=bob)
    intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    assert (batch.state, batch.file_name) == (Batch.State.REVIEW, "better.csv")
    assert not storing.exists(old)


def test_corrections_and_decisions_outlive_another_reading(
    upload: Uploaded, bob: Account, now: datetime, ada: Person
) -> None:
    batch = upload(LIST + "Zoe Quill,ada@example.org,2026-11-03\n")
    reviewing.correct(batch, 2, {1: "Augusta Byron"}, now=now, actor=bob)
    reviewing.decide(batch, batch.rows.filter(line=3), "leave", now=now, actor=bob)
    reviewing.settle(batch, batch.rows.filter(line=4), keep=True, now=now, actor=bob)
    intake.answer(batch, mapping={"name": "1", "email": "2", "awarded": ""}, now=now, actor=bob)
    intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    rows = list(batch.rows.order_by("line").values_list("name", "decision", "keep_name", "state"))
    assert rows == [
        ("Augusta Byron", "", False, "ready"),
        ("Alan Turing", "leave", False, "ready"),
        ("Zoe Quill", "", True, "ready"),
    ]
    assert "decided" not in batch.options


def test_what_is_on_record_now(upload: Uploaded, issued: Any, bob: Account, now: datetime) -> None:
    batch = upload("Name,E-mail\nAda Lovelace,ada@example.org\n")
    assert not reviewing.stale(batch)
    issued(-1, 600)
    assert reviewing.stale(batch)
    intake.read_anew(batch, now=now, actor=bob)
    intake.read_next(now=now + timedelta(days=2), worker="one")
    batch.refresh_from_db()
    assert states(batch) == ["issued"]
    assert not reviewing.stale(batch)


def test_a_storage_that_does_not_answer(upload: Uploaded, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = upload(LIST, read=False)

    def broken(name: str) -> bytes:
        raise storing.StoringError("storing.unreachable", "The storage does not answer as it should (X)")

    with monkeypatch.context() as patch:
        patch.setattr(storing, "get", broken)
        assert intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == (Batch.State.READING, "The storage does not answer as it should (X)")
    assert not intake.read_next(now=now, worker="one")  # it rests
    assert intake.read_next(now=now + timedelta(seconds=30), worker="one")
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == (Batch.State.REVIEW, "")


def test_a_worker_killed_while_it_reads(upload: Uploaded, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = upload(LIST, read=False)

    def killed(batch: Batch) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(reviewing, "counted", killed)
        with pytest.raises(KeyboardInterrupt):
            intake.read_next(now=now, worker="one")
    assert batch.rows.count() == 2
    assert not intake.read_next(now=now, worker="two")  # the lease holds
    assert intake.read_next(now=now + intake.LEASE * 2, worker="two")
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (Batch.State.REVIEW, 2)


def test_who_lost_the_claim_writes_nothing(upload: Uploaded, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = upload(LIST, read=False)
    get = storing.get

    def overtaken(name: str) -> bytes:
        Batch.objects.filter(pk=batch.pk).update(token=99)
        return get(name)

    monkeypatch.setattr(storing, "get", overtaken)
    assert intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (Batch.State.READING, 0)


def test_a_file_that_kills_its_workers_is_given_up(upload: Uploaded, now: datetime) -> None:
    batch = upload(LIST, read=False)
    Batch.objects.filter(pk=batch.pk).update(attempts=intake.MOST_ATTEMPTS)
    intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    assert batch.state == Batch.State.FAILED


def test_a_database_in_trouble(upload: Uploaded, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = upload(LIST, read=False)

    def full(*args: object, **more: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(intake, "_store", full)
    assert intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    assert batch.state == Batch.State.READING
    assert batch.problem == ledger.explained(OperationalError("database or disk is full")).message


def test_an_unconfirmed_batch_can_be_deleted(upload: Uploaded, bob: Account, now: datetime) -> None:
    batch = upload(LIST)
    intake.remove(batch, now=now, actor=bob)
    assert not Batch.objects.exists()
    assert not Row.objects.exists()
    assert not storing.exists(batch.file)


def test_a_confirmed_one_cannot(upload: Uploaded, bob: Account, now: datetime) -> None:
    batch = upload(LIST)
    Batch.objects.filter(pk=batch.pk).update(confirmed=now, state=Batch.State.DONE)
    for act in (
        lambda: intake.remove(batch, now=now, actor=bob),
        lambda: intake.answer(batch, sheet="x", now=now, actor=bob),
        lambda: intake.upload_again(batch, name="x.csv", content=LIST.encode(), now=now, actor=bob),
        lambda: intake.read_anew(batch, now=now, actor=bob),
    ):
        with pytest.raises(IssuingError, match="confirmed"):
            act()


def test_nobody_is_there_to_read(upload: Uploaded, bob: Account, now: datetime) -> None:
    batch = upload(LIST, read=False)
    assert not intake.unattended(batch, now)
    assert intake.unattended(batch, now + timedelta(seconds=30))
    intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    assert not intake.unattended(batch, now + timedelta(seconds=30))
    intake.read_anew(batch, now=now + timedelta(hours=1), actor=bob)
    assert not intake.unattended(batch, now + timedelta(hours=1, seconds=5))
