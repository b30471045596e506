"""Looking over the rows of a list: corrected cells, decisions, counts, what is handed out and shown."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

import pytest

from laurea.actions import drafting, exporting, intake, reviewing, sample_lists
from laurea.credentials.errors import IssuingError
from laurea.records.models import Account, Achievement, Batch, Email, Issuer, Person

pytestmark = pytest.mark.django_db

Reviewed = Any


@pytest.fixture
def review(acme: Issuer, achievement: Achievement, bob: Account, now: datetime) -> Reviewed:
    """A list in review."""

    def made(text: str) -> Batch:
        batch = intake.upload(acme, achievement, name="people.csv", content=text.encode(), now=now, actor=bob)
        intake.read_next(now=now, worker="one")
        batch.refresh_from_db()
        assert batch.state == Batch.State.REVIEW
        return batch

    return made


def states(batch: Batch) -> list[str]:
    """The states of the rows, in the order of the file."""
    return list(batch.rows.order_by("line").values_list("state", flat=True))


TWICE = (
    "Name,E-mail,Employee ID\n"
    "Ada Byron,ada.byron@example.org,1\n"
    "Bo Ek,ada.byron@example.org,2\n"
    "Cy Ek,c@example.org,3\n"
    "Cy Ek,cy@example.org,3\n"
)


def test_a_corrected_cell_changes_its_row_and_those_that_share_something(
    review: Reviewed, bob: Account, now: datetime
) -> None:
    batch = review(TWICE)
    assert states(batch) == ["ready", "error", "ready", "duplicate"]
    row, others = reviewing.correct(batch, 2, {2: "ada@example.org"}, now=now, actor=bob)
    assert (row.line, row.state, row.values["email"]) == (2, "ready", "ada@example.org")
    assert [(other.line, other.state) for other in others] == [(3, "ready")]
    row, others = reviewing.correct(batch, 4, {3: "4"}, now=now, actor=bob)
    assert [(other.line, other.state) for other in others] == [(5, "ready")]
    assert states(batch) == ["ready"] * 4
    assert reviewing.counts(batch).states == {"ready": 4}


def test_a_correction_may_do_harm_to_others(review: Reviewed, bob: Account, now: datetime) -> None:
    batch = review("Name,E-mail\nAda Byron,a@example.org\nAda Byron,b@example.org\nBo Ek,c@example.org\n")
    _, others = reviewing.correct(batch, 2, {2: "C@example.org"}, now=now, actor=bob)
    assert [(other.line, other.state) for other in others] == [(4, "error")]
    row, others = reviewing.correct(batch, 3, {2: "c@example.org"}, now=now, actor=bob)
    assert (row.state, others) == ("duplicate", [])
    row, others = reviewing.correct(batch, 2, {2: "a@example.org"}, now=now, actor=bob)
    assert states(batch) == ["ready", "ready", "error"]


def test_names_alone(review: Reviewed, bob: Account, now: datetime) -> None:
    batch = review("Name,E-mail\nAda Byron,a@example.org\nBo Ek,\nBo Ek,\n")
    assert states(batch) == ["ready", "warning", "duplicate"]
    row, others = reviewing.correct(batch, 3, {1: "Ada Byron"}, now=now, actor=bob)
    assert [problem["code"] for problem in row.problems] == ["row.no-email", "row.same-name"]
    assert [(other.line, other.state) for other in others] == [(4, "warning")]
    reviewing.correct(batch, 4, {2: "bo@example.org"}, now=now, actor=bob)
    row, others = reviewing.correct(batch, 2, {1: "Bea Byron"}, now=now, actor=bob)
    assert [problem["code"] for problem in others[0].problems] == ["row.no-email"]


def test_one_person_on_record_by_two_ways(review: Reviewed, ada: Person, bob: Account, now: datetime) -> None:
    batch = review("Name,E-mail,Employee ID\nAda Lovelace,ada@example.org,\nAda Lovelace,,1001\nBo Ek,,7\n")
    assert states(batch) == ["ready", "duplicate", "warning"]
    _, others = reviewing.correct(batch, 2, {2: "augusta@example.org"}, now=now, actor=bob)
    assert [(other.line, other.state) for other in others] == [(3, "warning")]
    row, _ = reviewing.correct(batch, 4, {1: "Ada Lovelace", 3: "1001"}, now=now, actor=bob)
    assert row.state == "duplicate"


def test_a_date_that_was_no_date(review: Reviewed, bob: Account, now: datetime) -> None:
    batch = review("Name,E-mail,Date\nAda Byron,a@example.org,31.02.2026\nBo Ek,b@example.org,03.04.2026\n")
    assert states(batch) == ["error", "ready"]
    row, _ = reviewing.correct(batch, 2, {3: "28.02.2026"}, now=now, actor=bob)
    assert (row.state, row.values["awarded"]) == ("ready", "2026-02-28")
    assert row.cells[2] == "28.02.2026"


def test_the_same_cell_again_is_no_correction(review: Reviewed, bob: Account, now: datetime) -> None:
    batch = review(TWICE)
    reviewing.correct(batch, 2, {1: "Ada Byron"}, now=now, actor=bob)
    assert "corrections" not in batch.options


@pytest.mark.parametrize("cells", [{9: "x"}, {1: "x" * 3000}])
def test_cells_that_are_none(review: Reviewed, bob: Account, now: datetime, cells: dict[int, str]) -> None:
    batch = review(TWICE)
    with pytest.raises(IssuingError):
        reviewing.correct(batch, 2, cells, now=now, actor=bob)


def test_decisions(review: Reviewed, bob: Account, now: datetime) -> None:
    batch = review(TWICE)
    assert reviewing.counts(batch).issue == 2
    assert reviewing.decide(batch, batch.rows.filter(state="duplicate"), "issue", now=now, actor=bob) == 1
    assert reviewing.decide(batch, batch.rows.filter(state="error"), "issue", now=now, actor=bob) == 0
    assert reviewing.decide(batch, batch.rows.filter(line=2), "leave", now=now, actor=bob) == 1
    counts = reviewing.counts(batch)
    assert (counts.issue, counts.leave, counts.total) == (2, 2, 4)
    assert [row.line for row in reviewing.to_issue(batch).order_by("line")] == [4, 5]
    reviewing.decide(batch, batch.rows.all(), "", now=now, actor=bob)
    assert reviewing.counts(batch).issue == 2


def test_another_batch_is_not_touched(review: Reviewed, bob: Account, now: datetime) -> None:
    one, two = review(TWICE), review("Name,E-mail\nDi Ek,d@example.org\n")
    assert reviewing.decide(one, two.rows.all(), "leave", now=now, actor=bob) == 0


def test_which_name_is_right(review: Reviewed, ada: Person, bob: Account, now: datetime) -> None:
    batch = review("Name,E-mail\nAda B. Lovelace,ada@example.org\nBo Ek,b@example.org\n")
    (row,) = reviewing.unsettled(batch)
    assert drafting.printed_name(row) == "Ada B. Lovelace"
    assert reviewing.settle(batch, batch.rows.all(), keep=True, now=now, actor=bob) == 1
    row.refresh_from_db()
    assert drafting.printed_name(row) == "Ada Lovelace"
    assert not batch.rows.get(line=3).keep_name


def test_nothing_changes_after_the_review(review: Reviewed, bob: Account, now: datetime) -> None:
    batch = review(TWICE)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.ISSUING)
    with pytest.raises(IssuingError):
        reviewing.correct(batch, 2, {1: "x"}, now=now, actor=bob)
    with pytest.raises(IssuingError):
        reviewing.decide(batch, batch.rows.all(), "issue", now=now, actor=bob)


def test_searching(review: Reviewed) -> None:
    batch = review(TWICE)
    assert [row.line for row in reviewing.wanted(batch, text="ek cy@")] == [5]
    assert [row.line for row in reviewing.wanted(batch, text="4")] == [4]
    assert [row.line for row in reviewing.wanted(batch, state="error", text="bo")] == [3]
    assert not reviewing.wanted(batch, text="100%").exists()


def test_only_the_bad_rows_come_back_and_can_be_uploaded_again(review: Reviewed) -> None:
    batch = review("Name,E-mail,Date\nAda Byron,a@example.org,2026-11-01\n=HYPERLINK(1),b@example.org,2027-01-01\n")
    headers, lines = reviewing.bad_rows(batch)
    data = b"".join(exporting.lines_of([*headers, "Line", "Problem", "What to do"], lines))
    header, *found = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert header == ["Name", "E-mail", "Date", "Line", "Problem", "What to do"]
    assert found == [
        [
            "'=HYPERLINK(1)",
            "b@example.org",
            "2027-01-01",
            "3",
            "Name: the name begins like a formula · Date: the date lies in the future",
            "Type the name without = + - @ in front · Correct the date",
        ]
    ]
    again = review(data.replace(b"'=HYPERLINK(1)", b"Bo Ek").replace(b"2027-01-01", b"2026-10-01").decode("utf-8-sig"))
    assert states(again) == ["ready"]


def test_what_comes_back_uncorrected_stays_in_error_and_no_header_is_a_formula(review: Reviewed) -> None:
    batch = review("Name,Employee ID,=1+1\n=HYPERLINK(1),-12,x\nBo Ek,-12,y\n")
    headers, lines = reviewing.bad_rows(batch)
    data = b"".join(exporting.lines_of(headers, lines))
    assert data.decode("utf-8-sig").splitlines()[0] == "Name,Employee ID,'=1+1"
    again = review(data.decode("utf-8-sig").replace(",3", "") + "Bo Ek,'-12,y\n")
    assert again.rows.get(line=2).problems[0]["code"] == "name.formula"
    assert again.rows.get(line=3).values["employee_number"] == "-12"


def test_who_gets_no_mail(review: Reviewed, acme: Issuer, bob: Account, now: datetime) -> None:
    known = Person.objects.create(issuer=acme, name="Grace Hopper", employee_number="7")
    Email.objects.create(issuer=acme, person=known, address="grace@example.org")
    batch = review("Name,E-mail,Employee ID\nGrace Hopper,,7\nBo Ek,,8\nCy Ek,c@example.org,9\nDi Ek,,x@y\n")
    assert reviewing.without_address(batch) == 2


def test_the_days_of_award(review: Reviewed, now: datetime) -> None:
    batch = review("Name,E-mail,Date\nBo Ek,b@example.org,2026-03-01\nCy Ek,c@example.org,\n")
    assert reviewing.dates(batch, now) == (date(2026, 3, 1), date(2026, 11, 23))


def test_the_same_file_a_second_time(review: Reviewed) -> None:
    one, two = review(TWICE), review(TWICE)
    assert list(reviewing.twins(two)) == [one]


def test_a_sample_reads_back(review: Reviewed, achievement: Achievement, now: datetime) -> None:
    achievement.include = ["evidence", "hours", "result"]
    achievement.save()
    data = b"".join(sample_lists.of(achievement, today=now.date()))
    batch = review(data.decode())
    assert states(batch) == ["ready", "ready"]
    assert batch.rows.get(line=2).values == {
        "name": "Ada Lovelace",
        "email": "ada@example.com",
        "employee_number": "1001",
        "department": "Research",
        "awarded": "2026-11-23",
        "result": "92 %",
        "hours": 8.0,
        "evidence": "https://example.com/work/1001",
    }


def test_the_certificate_of_a_row(review: Reviewed, now: datetime) -> None:
    batch = review(TWICE)
    assert drafting.picture(batch, batch.rows.get(line=2), now=now, width=400).startswith(b"\x89PNG")
    with pytest.raises(IssuingError):
        drafting.picture(batch, batch.rows.get(line=3), now=now)


@pytest.mark.parametrize("keep", [True, False])
def test_a_name_of_somebody_else_once_it_is_settled(
    review: Reviewed, ada: Person, bob: Account, now: datetime, keep: bool
) -> None:
    batch = review("Name,E-mail,Date\nZoe Quill,ada@example.org,2026-11-01\n")
    assert reviewing.unsettled(batch).count() == 1
    assert reviewing.settle(batch, batch.rows.all(), keep=keep, now=now, actor=bob) == 1
    row = batch.rows.get()
    assert (row.state, row.decision, row.keep_name, row.problems) == ("ready", "", keep, [])
    assert batch.reading["asked"] == 0
    assert reviewing.counts(batch).issue == 1
    assert not reviewing.unsettled(batch).exists()
    row, _ = reviewing.correct(batch, 2, {3: "2026-11-02"}, now=now, actor=bob)
    assert (row.state, row.keep_name) == ("ready", keep)
    row, _ = reviewing.correct(batch, 2, {2: "zoe@example.org"}, now=now, actor=bob)
    assert (row.state, row.keep_name, row.person) == ("ready", False, None)
    assert "own_name" not in row.values


def test_names_of_duplicates_are_not_asked_about(review: Reviewed, ada: Person, bob: Account, now: datetime) -> None:
    batch = review("Name,E-mail\nA. Lovelace,ada@example.org\nA. Lovelace,ada@example.org\n")
    assert states(batch) == ["warning", "duplicate"]
    assert (reviewing.unsettled(batch).count(), batch.reading["asked"]) == (1, 1)
    assert reviewing.settle(batch, batch.rows.all(), keep=True, now=now, actor=bob) == 1
    assert states(batch) == ["ready", "duplicate"]
