"""The journey of a list, page by page, as those see it who may, and as those do not who may not."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from laurea.actions import chunks, intake, reviewing, storing
from laurea.actions.storing import StoringError
from laurea.records.models import Account, Achievement, Batch, Chunk, Credential, Issuer, Person, Row
from laurea.web.console.batches import forms

pytestmark = pytest.mark.django_db

LIST = "Name,E-mail,Date\nAda Byron,a@example.org,2026-11-01\nBo Ek,b@example.org,2026-11-02\nCy Ek,no address,\n"
Made = Any


def url(name: str, *args: object) -> str:
    """The address of a page of Acme's."""
    return reverse(f"console:{name}", args=["acme", *args])


def text(response: HttpResponse) -> str:
    """What a page says, without markup and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def streamed(response: Any) -> bytes:
    """A download."""
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    return b"".join(response.streaming_content)


def work() -> None:
    """Do what waits."""
    now = timezone.now()
    while intake.read_next(now=now, worker="test") or chunks.work_on_next(now=now, worker="test"):
        now = timezone.now()


@pytest.fixture
def as_bob(client: Client, bob: Account) -> Client:
    """Bob's browser."""
    client.force_login(bob)
    return client


@pytest.fixture
def made(acme: Issuer, achievement: Achievement, bob: Account) -> Made:
    """A list of Acme's, read."""

    def make(content: str = LIST, name: str = "people.csv", *, read: bool = True) -> Batch:
        now = timezone.now()
        batch = intake.upload(acme, achievement, name=name, content=content.encode(), now=now, actor=bob)
        while read and intake.read_next(now=now, worker="test"):
            pass
        batch.refresh_from_db()
        return batch

    return make


# --- Who may --------------------------------------------------------------------------------------------------------

LOOK = {
    "batches": (),
    "batch": ("pk",),
    "batch-review": ("pk",),
    "batch-rows-csv": ("pk",),
    "batch-preview": ("pk", 2),
    "batch-picture": ("pk", 2),
    "batch-sample": ("achievement",),
}
ISSUE = {
    "batch-new": (),
    "batch-columns": ("pk",),
    "batch-row": ("pk", 2),
    "batch-confirm": ("pk",),
}
POST = {
    "batch-new": (),
    "batch-columns": ("pk",),
    "batch-again": ("pk",),
    "batch-delete": ("pk",),
    "batch-decide": ("pk",),
    "batch-anew": ("pk",),
    "batch-row": ("pk", 2),
    "batch-confirm": ("pk",),
    "batch-stop": ("pk",),
    "batch-resume": ("pk",),
}


def _address(name: str, parts: tuple[object, ...], batch: Batch) -> str:
    known = {"pk": batch.pk, "achievement": batch.achievement_id}
    return url(name, *(known.get(part, part) if isinstance(part, str) else part for part in parts))


@pytest.mark.parametrize("name", [*LOOK, *ISSUE])
def test_who_may_look(
    client: Client, made: Made, alice: Account, bob: Account, vera: Account, charlie: Account, name: str
) -> None:
    address = _address(name, (LOOK | ISSUE)[name], made())
    assert client.get(address).status_code == 302
    assert client.get(address)["Location"].startswith("/accounts/login/")
    for who, expected in ((alice, {200, 302}), (bob, {200, 302}), (vera, {200, 302} if name in LOOK else {403})):
        client.force_login(who)
        assert client.get(address).status_code in expected
    client.force_login(charlie)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", list(POST))
def test_who_may_act(client: Client, made: Made, vera: Account, charlie: Account, name: str) -> None:
    batch = made()
    address = _address(name, POST[name], batch)
    assert client.post(address)["Location"].startswith("/accounts/login/")
    for who, expected in ((vera, 403), (charlie, 404)):
        client.force_login(who)
        assert client.post(address).status_code == expected
    before = (batch.state, batch.reading)
    batch.refresh_from_db()
    assert (batch.state, batch.reading) == before


def test_another_issuers_batch_is_not_found_under_ones_own_name(client: Client, made: Made, charlie: Account) -> None:
    batch = made()
    client.force_login(charlie)
    for name, parts in (LOOK | ISSUE).items():
        if parts:
            assert client.get(_address(name, parts, batch).replace("/acme/", "/other/")).status_code == 404
    for name, parts in POST.items():
        if parts:
            assert client.post(_address(name, parts, batch).replace("/acme/", "/other/")).status_code == 404


def test_a_viewer_sees_no_buttons(client: Client, made: Made, vera: Account) -> None:
    client.force_login(vera)
    page = client.get(url("batch-review", made().pk)).content.decode()
    assert "hx-post" not in page
    assert "batch-cell" not in page
    assert "Continue with" not in page


# --- Upload ---------------------------------------------------------------------------------------------------------


def test_an_empty_list_of_lists_teaches(as_bob: Client, acme: Issuer) -> None:
    assert "Upload the list of participants as you have it" in text(as_bob.get(url("batches")))


def test_uploading(as_bob: Client, achievement: Achievement, bob: Account) -> None:
    page = as_bob.get(url("batch-new") + f"?achievement={achievement.pk}").content.decode()
    assert f'<option value="{achievement.pk}" selected>' in page
    file = SimpleUploadedFile("../people.csv", LIST.encode())
    response = as_bob.post(url("batch-new"), {"achievement": achievement.pk, "file": file})
    batch = Batch.objects.get()
    assert response["Location"] == url("batch", batch.pk)
    assert (batch.file_name, batch.state, batch.created_by) == ("people.csv", "reading", bob)
    page = as_bob.get(url("batch", batch.pk))
    assert "Reading your list" in text(page)
    assert 'hx-trigger="every' in page.content.decode()
    part = as_bob.get(url("batch", batch.pk), headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    work()
    moved = as_bob.get(url("batch", batch.pk), headers={"hx-request": "true"})
    assert moved.headers["HX-Refresh"] == "true"
    assert as_bob.get(url("batch", batch.pk))["Location"] == url("batch-review", batch.pk)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7", "The file is a PDF, not a list"),
        (b"", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n", "The file is a picture (PNG), not a list"),
    ],
)
def test_no_list_at_all(as_bob: Client, achievement: Achievement, content: bytes, said: str) -> None:
    file = SimpleUploadedFile("people.csv", content)
    response = as_bob.post(url("batch-new"), {"achievement": achievement.pk, "file": file})
    assert response.status_code == 422
    assert said in text(response)
    assert not Batch.objects.exists()


def test_too_large_a_file(as_bob: Client, achievement: Achievement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MAX_BYTES", 10)
    file = SimpleUploadedFile("people.csv", LIST.encode())
    response = as_bob.post(url("batch-new"), {"achievement": achievement.pk, "file": file})
    assert "at most 60 MB can be read" in text(response)


def test_a_storage_that_is_down_while_uploading(
    as_bob: Client, achievement: Achievement, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str, content: bytes) -> None:
        raise StoringError("storing.unreachable", "The storage does not answer as it should (X)", "Check it")

    monkeypatch.setattr(storing, "put", broken)
    file = SimpleUploadedFile("people.csv", LIST.encode())
    response = as_bob.post(url("batch-new"), {"achievement": achievement.pk, "file": file})
    assert "The storage does not answer as it should" in text(response)


def test_another_issuers_achievement_cannot_be_chosen(as_bob: Client, acme: Issuer, other: Issuer, design: Any) -> None:
    theirs = Achievement.objects.create(issuer=other, design=design, name="Theirs", description="x")
    file = SimpleUploadedFile("people.csv", LIST.encode())
    assert as_bob.post(url("batch-new"), {"achievement": theirs.pk, "file": file}).status_code == 422
    assert as_bob.get(url("batch-sample", theirs.pk)).status_code == 404


def test_the_sample_is_made_for_the_achievement(as_bob: Client, achievement: Achievement) -> None:
    achievement.include = ["result"]
    achievement.save()
    response = as_bob.get(url("batch-sample", achievement.pk))
    assert quote("Safe Handling of Personal Data - sample.csv") in quote(response.headers["Content-Disposition"])
    header = next(csv.reader(io.StringIO(streamed(response).decode("utf-8-sig"))))
    assert header == ["Name", "E-mail", "Employee number", "Department", "Date of award", "Result"]


def test_what_cannot_be_read_can_be_uploaded_again(as_bob: Client, made: Made) -> None:
    batch = made("Name,E-mail\n")
    page = as_bob.get(url("batch", batch.pk))
    assert "There is no line below the header" in text(page)
    assert "Hand over a list with a header line" in text(page)
    bad = as_bob.post(url("batch-again", batch.pk), {"file": SimpleUploadedFile("x.pdf", b"%PDF")})
    assert "The file is a PDF" in text(bad)
    as_bob.post(url("batch-again", batch.pk), {"file": SimpleUploadedFile("better.csv", LIST.encode())})
    work()
    batch.refresh_from_db()
    assert (batch.state, batch.file_name) == ("review", "better.csv")


def test_trouble_of_the_machine_in_plain_words(as_bob: Client, made: Made) -> None:
    batch = made(read=False)
    Batch.objects.update(problem="The storage does not answer as it should (X)")
    page = text(as_bob.get(url("batch", batch.pk)))
    assert "The storage does not answer as it should (X). It goes on by itself as soon as that is over." in page


# --- Columns --------------------------------------------------------------------------------------------------------


def test_columns_are_shown_with_examples_and_corrected(as_bob: Client, made: Made) -> None:
    batch = made("Name,E-mial adress,Was\nAda Byron,a@example.org,x\nBo Ek,b@example.org,y\n")
    assert as_bob.get(url("batch", batch.pk))["Location"] == url("batch-columns", batch.pk)
    page = text(as_bob.get(url("batch-columns", batch.pk)))
    assert "a@example.org b@example.org" in page
    assert "Probably: please check" in page
    twice = as_bob.post(url("batch-columns", batch.pk), {"column-1": "name", "column-2": "name"})
    assert twice.status_code == 422
    assert "“Full name” is column “Name” already. Choose it once." in text(twice)
    nameless = as_bob.post(url("batch-columns", batch.pk), {"column-2": "email"})
    assert "No column is the name" in text(nameless)
    both = as_bob.post(url("batch-columns", batch.pk), {"column-1": "name", "column-2": "last_name"})
    assert "either the full name or its parts" in text(both)
    future = as_bob.post(url("batch-columns", batch.pk), {"column-1": "name", "awarded": "2999-01-01"})
    assert "Choose a day that is not in the future." in text(future)
    done = as_bob.post(
        url("batch-columns", batch.pk), {"column-1": "name", "column-2": "email", "awarded": "2026-01-31"}
    )
    assert done["Location"] == url("batch", batch.pk)
    work()
    batch.refresh_from_db()
    assert (batch.state, str(batch.awarded)) == ("review", "2026-01-31")


def test_the_order_of_dates_is_asked_in_plain_words(as_bob: Client, made: Made) -> None:
    batch = made("Name,E-mail,Date\nAda Byron,a@example.org,03/04/2026\n")
    page = text(as_bob.get(url("batch-columns", batch.pk)))
    assert "In the column “Date” the day and the month cannot be told apart." in page
    assert "Day, month, year: 03/04/2026 is 3 April 2026" in page
    answer = {"column-1": "name", "column-2": "email", "column-3": "awarded"}
    assert "Choose one." in text(as_bob.post(url("batch-columns", batch.pk), answer))
    as_bob.post(url("batch-columns", batch.pk), answer | {"date_order": "mdy"})
    work()
    assert batch.rows.get().values["awarded"] == "2026-03-04"


def test_a_list_without_a_header(as_bob: Client, made: Made) -> None:
    batch = made("Ada Byron,London\nBo Ek,Oslo\n")
    assert "Which column is the name?" in text(as_bob.get(url("batch-columns", batch.pk)))
    as_bob.post(url("batch-columns", batch.pk), {"no_header": "on"})
    work()
    as_bob.post(url("batch-columns", batch.pk), {"no_header": "on", "column-1": "name"})
    work()
    assert list(batch.rows.values_list("name", flat=True)) == ["Ada Byron", "Bo Ek"]


def test_a_list_that_begins_with_an_address_has_no_header(as_bob: Client, made: Made) -> None:
    batch = made("Ada Byron,a@example.org\nBo Ek,b@example.org\n")
    page = as_bob.get(url("batch-columns", batch.pk))
    assert page.context["form"]["no_header"].initial is True
    as_bob.post(url("batch-columns", batch.pk), {"no_header": "on", "column-1": "name", "column-2": "email"})
    work()
    assert list(batch.rows.values_list("name", flat=True)) == ["Ada Byron", "Bo Ek"]


def test_who_has_not_finished_is_an_error_until_the_status_is_not_used(as_bob: Client, made: Made) -> None:
    batch = made("Name,E-mail,Status\nAda Byron,a@example.org,Completed\nBo Ek,b@example.org,In progress\n")
    assert [row.state for row in batch.rows.order_by("line")] == ["ready", "error"]
    page = text(as_bob.get(url("batch-review", batch.pk)))
    assert "the list says that this was not completed, attended or passed" in page
    as_bob.post(url("batch-columns", batch.pk), {"column-1": "name", "column-2": "email", "column-3": ""})
    work()
    assert [row.state for row in batch.rows.order_by("line")] == ["ready", "ready"]


def test_many_columns_are_folded(as_bob: Client, made: Made) -> None:
    header = ",".join(["Name", *(f"Question {n}" for n in range(199))])
    batch = made(f"{header}\nAda Byron{',yes' * 199}\n")
    page = text(as_bob.get(url("batch-columns", batch.pk)))
    assert "199 more columns, not used" in page


def test_the_lines_of_one_course(as_bob: Client, made: Made) -> None:
    batch = made("Name,E-mail,Course\nAda Byron,a@example.org,Data\nBo Ek,b@example.org,Safety\n")
    assert "The list names several courses" in text(as_bob.get(url("batch-review", batch.pk)))
    answer = {"column-1": "name", "column-2": "email", "column-3": "course", "course": "Safety"}
    as_bob.post(url("batch-columns", batch.pk), answer)
    work()
    assert batch.rows.get().name == "Bo Ek"


def test_letters_read_otherwise(as_bob: Client, made: Made, examples: Path) -> None:
    batch = made()
    intake.upload_again(
        batch,
        name="teilnehmer.csv",
        content=(examples / "teilnehmer-cp1252.csv").read_bytes(),
        now=timezone.now(),
        actor=None,
    )
    work()
    batch.refresh_from_db()
    assert "it was read as cp1252" in text(as_bob.get(url("batch-review", batch.pk)))
    columns = {f"column-{c.position}": c.field or "" for c in reviewing.columns(batch)}
    as_bob.post(url("batch-columns", batch.pk), columns | {"encoding": "mac-roman"})
    work()
    batch.refresh_from_db()
    assert batch.reading["encoding"] == "mac-roman"


# --- Review ---------------------------------------------------------------------------------------------------------


def test_the_review(as_bob: Client, made: Made) -> None:
    batch = made()
    page = text(as_bob.get(url("batch-review", batch.pk)))
    assert "Ready 2" in page
    assert "Cannot be issued 1" in page
    assert "E-mail address: this is no e-mail address. Write it like anna@example.com" in page
    assert "Continue with 2 certificates" in page
    errors = text(as_bob.get(url("batch-review", batch.pk) + "?state=error"))
    assert "Cy Ek" in errors
    assert "Bo Ek" not in errors
    found = text(as_bob.get(url("batch-review", batch.pk) + "?q=byron"))
    assert "Ada Byron" in found
    assert "Cy Ek" not in found
    assert "No line like that" in text(as_bob.get(url("batch-review", batch.pk) + "?q=nobody"))


def test_nothing_of_a_list_is_markup(as_bob: Client, made: Made) -> None:
    batch = made("Name,E-mail\n<b>Bo</b> <script>alert(1)</script>,x\n")
    page = as_bob.get(url("batch-review", batch.pk)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_cell_is_fixed_in_place(as_bob: Client, made: Made) -> None:
    batch = made(LIST + "Ada Byron,A@example.org,\n")
    htmx = {"hx-request": "true"}
    editor = as_bob.get(url("batch-row", batch.pk, 4) + "?fix=2", headers=htmx).content.decode()
    assert editor.lstrip().startswith('<tr id="line-4"')
    assert 'name="cell-2" value="no address"' in editor
    assert "autofocus" in editor
    answer = as_bob.post(url("batch-row", batch.pk, 4), {"cell-2": "cy@example.org"}, headers=htmx).content.decode()
    assert 'id="line-4"' in answer
    assert "state-success" in answer
    assert "Line 4: Ready." in answer
    assert "Continue with 3 certificates" in answer
    both = as_bob.post(url("batch-row", batch.pk, 2), {"cell-2": "other@example.org"}, headers=htmx).content.decode()
    assert '<tr id="line-5" hx-swap-oob="true"' in both
    assert "1 other line changed." in both
    assert storing.get(batch.file).decode() == LIST + "Ada Byron,A@example.org,\n"


def test_a_cell_is_fixed_without_javascript(as_bob: Client, made: Made) -> None:
    batch = made()
    page = as_bob.get(url("batch-row", batch.pk, 4) + "?fix=2").content.decode()
    assert "<html" in page
    assert 'name="cell-2"' in page
    response = as_bob.post(url("batch-row", batch.pk, 4), {"cell-2": "cy@example.org"})
    assert response["Location"] == url("batch-row", batch.pk, 4)
    assert "Line 4: Ready." in text(as_bob.get(response["Location"]))


def test_a_cell_that_cannot_be_taken_keeps_what_was_typed(as_bob: Client, made: Made) -> None:
    batch = made()
    long = "y" * 2001
    answer = as_bob.post(url("batch-row", batch.pk, 4), {"cell-2": long}, headers={"hx-request": "true"})
    assert answer.status_code == 422
    assert "The cell has 2,001 characters" in text(answer)
    assert long in answer.content.decode()


def test_lines_that_are_none(as_bob: Client, made: Made) -> None:
    batch = made()
    assert as_bob.get(url("batch-row", batch.pk, 99)).status_code == 404
    assert as_bob.post(url("batch-decide", batch.pk), {"issue": "nonsense"}).status_code == 404
    assert as_bob.get(url("batch-rows-csv", batch.pk) + "?state=nonsense").status_code == 404


def test_decisions(as_bob: Client, made: Made) -> None:
    batch = made()
    htmx = {"hx-request": "true"}
    answer = as_bob.post(url("batch-decide", batch.pk), {"leave": 2}, headers=htmx)
    assert "Continue with 1 certificate " in text(answer)
    response = as_bob.post(url("batch-decide", batch.pk), {"leave": "ready", "back-state": "ready"})
    assert response["Location"] == url("batch-review", batch.pk) + "?state=ready"
    page = text(as_bob.get(response["Location"]))
    assert "2 lines decided." in page
    assert "No line can be issued yet" in page


def test_which_name_is_right(as_bob: Client, made: Made, ada: Person) -> None:
    batch = made("Name,E-mail\nAda B. Lovelace,ada@example.org\nZoe Quill,b@example.org\n")
    page = text(as_bob.get(url("batch-review", batch.pk)))
    assert "Name: on record as “Ada Lovelace”" in page
    assert "Keep “Ada Lovelace”" in page
    answer = as_bob.post(url("batch-decide", batch.pk), {"record": 2}, headers={"hx-request": "true"}).content.decode()
    assert "in the list: Ada B. Lovelace" in answer
    assert "state-success" in answer
    assert batch.rows.get(line=2).keep_name


def test_all_names_at_once(as_bob: Client, made: Made, ada: Person, acme: Issuer) -> None:
    Person.objects.create(issuer=acme, name="Grace Hopper", employee_number="7")
    batch = made("Name,E-mail,Employee ID\nA. Lovelace,ada@example.org,\nGrace B. Hopper,,7\n")
    assert "Keep all names on record" in text(as_bob.get(url("batch-review", batch.pk)))
    as_bob.post(url("batch-decide", batch.pk), {"record": "names"})
    assert batch.rows.filter(keep_name=True).count() == 2


def test_issued_all_the_same_replaces(as_bob: Client, made: Made) -> None:
    first = made("Name,E-mail\nAda Byron,a@example.org\n")
    as_bob.post(url("batch-confirm", first.pk))
    work()
    second = made("Name,E-mail\nAda Byron,a@example.org\n")
    assert second.rows.get().state == "issued"
    assert "have this achievement already" in text(as_bob.get(url("batch-review", second.pk) + "?state=issued"))
    as_bob.post(url("batch-decide", second.pk), {"issue": 2})
    as_bob.post(url("batch-confirm", second.pk))
    work()
    old, new = Credential.objects.order_by("pk")
    assert (new.code, new.supersedes) == (old.code, old)


def test_the_bad_rows(as_bob: Client, made: Made) -> None:
    batch = made()
    response = as_bob.get(url("batch-rows-csv", batch.pk))
    assert quote("people - Cannot be issued.csv") in quote(response.headers["Content-Disposition"])
    lines = list(csv.reader(io.StringIO(streamed(response).decode("utf-8-sig"))))
    assert lines[0] == ["Name", "E-mail", "Date", "Line in the list", "Problem", "What to do"]
    assert [line[0] for line in lines[1:]] == ["Cy Ek"]


def test_the_certificate_of_a_line(as_bob: Client, made: Made) -> None:
    batch = made()
    part = as_bob.get(url("batch-preview", batch.pk, 2), headers={"hx-request": "true"}).content.decode()
    assert url("batch-picture", batch.pk, 2) in part
    assert "<html" not in part
    picture = as_bob.get(url("batch-picture", batch.pk, 2))
    assert picture.content.startswith(b"\x89PNG")
    assert picture.headers["Cache-Control"] == "private, no-store"
    assert "cannot become a certificate yet" in text(as_bob.get(url("batch-preview", batch.pk, 4)))
    assert as_bob.get(url("batch-picture", batch.pk, 4)).status_code == 422


def test_pages_of_many_rows(as_bob: Client, made: Made) -> None:
    lines = "".join(f"Ada Byron-{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10]},a{n}@example.org\n" for n in range(100))
    batch = made("Name,E-mail\n" + lines + "Last One,last@example.org\n")
    second = text(as_bob.get(url("batch-review", batch.pk) + "?page=2"))
    assert "51 to 100 of 101" in second
    assert "Last One" in text(as_bob.get(url("batch-review", batch.pk) + "?page=3"))
    assert "Last One" in text(as_bob.get(url("batch-review", batch.pk) + "?page=99"))


def test_the_number_of_queries_does_not_grow(as_bob: Client, made: Made, django_assert_max_num_queries: Any) -> None:
    lines = "".join(f"Ada Byron,a{n}@example.org\n" for n in range(60))
    batch = made("Name,E-mail\n" + lines)
    with django_assert_max_num_queries(14):
        as_bob.get(url("batch-review", batch.pk))


# --- Confirm, progress, result --------------------------------------------------------------------------------------


def test_confirming_says_what_will_happen(as_bob: Client, made: Made) -> None:
    batch = made("Name,E-mail,Date\nAda Byron,a@example.org,2026-10-01\nBo Ek,,2026-11-02\nCy Ek,no,\n")
    page = text(as_bob.get(url("batch-confirm", batch.pk)))
    assert "Issue 2 certificates?" in page
    assert "House style (version 1)" in page
    assert "1 October 2026 to 2 November 2026, as the list says" in page
    assert "1 October 2028 to 2 November 2028" in page
    assert "1 holder has an address and is written to. 1 has none: hand over the certificate yourself." in page
    assert "Cannot be issued 1" in page


def test_nothing_to_issue(as_bob: Client, made: Made) -> None:
    batch = made("Name,E-mail\nCy Ek,no\n")
    response = as_bob.post(url("batch-confirm", batch.pk), {"send_mail": "on"})
    assert response.status_code == 422
    assert "No row of this batch can be issued" in text(response)


def test_another_list_of_the_same_achievement_is_told(as_bob: Client, made: Made) -> None:
    first, second = made(), made()
    Batch.objects.filter(pk=first.pk).update(state="issuing")
    page = text(as_bob.get(url("batch-confirm", second.pk)))
    assert "Another list for this achievement is being issued" in page
    assert "The same file was uploaded before" in text(as_bob.get(url("batch-review", second.pk)))


def test_confirmed_twice_is_issued_once(as_bob: Client, made: Made) -> None:
    batch = made()
    first = as_bob.post(url("batch-confirm", batch.pk), {"send_mail": "on"})
    second = as_bob.post(url("batch-confirm", batch.pk), {"send_mail": "on"})
    assert first["Location"] == second["Location"] == url("batch", batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.rows_to_issue) == ("issuing", 2)
    assert Chunk.objects.filter(batch=batch).count() == 1


def test_progress_stop_resume_and_result(as_bob: Client, made: Made) -> None:
    batch = made()
    as_bob.post(url("batch-confirm", batch.pk), {"send_mail": "on"})
    page = as_bob.get(url("batch", batch.pk))
    assert "Your certificates are being made" in text(page)
    assert "0 / 2" in text(page)
    part = as_bob.get(url("batch", batch.pk), headers={"hx-request": "true"}).content.decode()
    assert "<progress" in part
    assert 'aria-live="polite"' in part
    as_bob.post(url("batch-stop", batch.pk))
    work()
    assert not Credential.objects.exists()
    assert "Stopped. What is done stays done." in text(as_bob.get(url("batch", batch.pk)))
    as_bob.post(url("batch-resume", batch.pk))
    work()
    over = as_bob.get(url("batch", batch.pk), headers={"hx-request": "true"})
    assert over.headers["HX-Refresh"] == "true"
    result = as_bob.get(url("batch", batch.pk))
    assert "2 certificates are there" in text(result)
    assert "Ada Byron" in text(result)
    assert "Left out 1" in text(result)
    archive = zipfile.ZipFile(io.BytesIO(streamed(as_bob.get(url("batch-files", batch.pk)))))
    assert sorted(name.rpartition(".")[2] for name in archive.namelist()) == ["pdf", "pdf", "png", "png"]
    table = list(csv.reader(io.StringIO(streamed(as_bob.get(url("batch-csv", batch.pk))).decode("utf-8-sig"))))
    assert [line[0] for line in table] == ["Name", "Ada Byron", "Bo Ek"]
    for name in ("batch-columns", "batch-review", "batch-confirm"):
        assert as_bob.get(url(name, batch.pk))["Location"] == url("batch", batch.pk)


def test_rows_that_could_not_be_issued_say_why(as_bob: Client, made: Made) -> None:
    batch = made()
    as_bob.post(url("batch-confirm", batch.pk))
    work()
    problem = {"reason": "something broke", "hint": "Tell us", "code": "x", "fatal": True}
    Row.objects.filter(batch=batch, line=3).update(outcome="failed", problems=[problem])
    assert "something broke. Tell us." in text(as_bob.get(url("batch", batch.pk)))
    assert "No mail was sent, as you decided." in text(as_bob.get(url("batch", batch.pk)))


def test_downloads_before_anything_is_issued(as_bob: Client, made: Made) -> None:
    batch = made()
    assert as_bob.get(url("batch-files", batch.pk)).status_code == 404
    assert as_bob.get(url("batch-csv", batch.pk)).status_code == 404


def test_who_may_download_and_stop(client: Client, made: Made, vera: Account, charlie: Account, bob: Account) -> None:
    batch = made()
    client.force_login(bob)
    client.post(url("batch-confirm", batch.pk))
    for who, expected in ((vera, 200), (charlie, 404)):
        client.force_login(who)
        assert client.get(url("batch-files", batch.pk)).status_code == expected
        assert client.get(url("batch-csv", batch.pk)).status_code == expected
    client.logout()
    assert client.get(url("batch-files", batch.pk)).status_code == 302


def test_deleting(as_bob: Client, made: Made) -> None:
    batch = made()
    page = as_bob.get(url("batch-review", batch.pk))
    assert "Delete “people.csv”?" in text(page)
    assert "Nothing was issued from it" in text(page)
    response = as_bob.post(url("batch-delete", batch.pk))
    assert response["Location"] == url("batches")
    assert not Batch.objects.exists()


def test_a_confirmed_list_is_not_deleted(as_bob: Client, made: Made) -> None:
    batch = made()
    as_bob.post(url("batch-confirm", batch.pk))
    response = as_bob.post(url("batch-delete", batch.pk))
    assert response.status_code == 422
    assert "This list is confirmed and can no longer be changed" in text(response)


def test_the_list_of_lists(as_bob: Client, made: Made, now: datetime) -> None:
    made(name="march.csv")
    made("Name,E-mail\n", name="broken.csv")
    page = text(as_bob.get(url("batches")))
    assert "march.csv" in page
    assert "Cannot be read 1" in page
    assert "broken.csv" not in text(as_bob.get(url("batches") + "?state=review"))
    assert "march.csv" not in text(as_bob.get(url("batches") + "?q=broken"))
    assert "No list like that" in text(as_bob.get(url("batches") + "?q=nothing"))


def test_in_german(as_bob: Client, made: Made) -> None:
    batch = made()
    for name in ("batches", "batch-new"):
        assert as_bob.get(url(name), headers={"accept-language": "de"}).status_code == 200
    assert as_bob.get(url("batch-review", batch.pk), headers={"accept-language": "de"}).status_code == 200
