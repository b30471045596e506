"""Rows of a list as the review shows them: cells in their places, problems in words, what may be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from laurea.actions import drafting
from laurea.actions import reviewing as rows_of
from laurea.actions.batches import Column
from laurea.records.models import Batch, Row
from laurea.web.console.batches.forms import FIELD_NAMES
from laurea.web.wording import in_words, with_days

_NAME = ("title", "first_name", "middle_name", "last_name", "suffix", "name")
_ISSUED = (Row.State.READY, Row.State.RENEWAL, Row.State.WARNING)


@dataclass(frozen=True, slots=True)
class Place:
    """A column of the review, and the columns of the list that it shows."""

    name: str
    label: str
    columns: tuple[Column, ...]

    @property
    def fix(self) -> str:
        """The positions of its columns, for the address of its editor."""
        return ",".join(str(column.position) for column in self.columns)


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a place of a line. `inputs` are its cells, while they are corrected."""

    place: Place
    text: str
    note: str = ""
    wrong: bool = False
    inputs: tuple[tuple[Column, str], ...] = ()
    focus: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to say about a line, in the reader's language. `fix` are the columns to correct, if one is to blame."""

    label: str
    reason: str
    hint: str
    value: str
    fatal: bool
    fix: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row, ready to be shown."""

    row: Row
    address: str
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...]
    rest: tuple[tuple[Column, str], ...]
    others: tuple[tuple[Column, str], ...]
    issues: bool
    may_issue: bool
    question: str = ""
    problem: str = ""
    focus: bool = False

    @property
    def decidable(self) -> bool:
        """Whether somebody can decide about the line."""
        return self.row.state != Row.State.ERROR

    @property
    def printed(self) -> str:
        """The name that stands on the certificate."""
        return drafting.printed_name(self.row)


def places(batch: Batch) -> tuple[Place, ...]:
    """Name, e-mail address (or number) and date of award, each with the columns that it comes from."""
    columns = rows_of.columns(batch)
    by_field = {column.field: column for column in columns if column.field}
    names = tuple(by_field[field] for field in _NAME if field in by_field)
    who = "email" if "email" in by_field or "employee_number" not in by_field else "employee_number"
    found = [Place("name", _("Name"), names)]
    for field in (who, "awarded"):
        label: str | Promise = FIELD_NAMES[field]
        found.append(Place(field, str(label), (by_field[field],) if field in by_field else ()))
    return tuple(found)


def lines(
    batch: Batch,
    rows: Iterable[Row],
    *,
    may_issue: bool,
    fix: Sequence[int] | None = None,
    problem: str = "",
    focus: int = 0,
) -> list[Line]:
    """`rows` as lines; with `fix`, the cells of these columns are open. `focus` is the column (or -1: the decision)
    that the keyboard goes on from."""
    known = places(batch)
    columns = rows_of.columns(batch)
    below = reverse("console:batch", args=[batch.issuer.slug, batch.pk])
    return [_line(row, below, known, columns, may_issue, fix or (), problem, focus) for row in rows]


def _line(
    row: Row,
    below: str,
    known: tuple[Place, ...],
    columns: tuple[Column, ...],
    may_issue: bool,
    fix: Sequence[int],
    problem: str,
    focus: int,
) -> Line:
    wrong = {item["position"] for item in row.problems if item["fatal"]}
    shown = {column.position for place in known for column in place.columns}
    cells = tuple(_cell(row, place, wrong, fix, focus) for place in known)
    by_position = {column.position: column for column in columns}
    rest = [by_position[position] for position in fix if position in by_position and position not in shown]
    asked = rows_of.asks_name(row)
    issued = row.decision == Row.Decision.ISSUE or (row.state in _ISSUED and row.decision != Row.Decision.LEAVE)
    return Line(
        row=row,
        address=f"{below}rows/{row.line}/",
        cells=cells,
        problems=tuple(_problem(item, known) for item in row.problems),
        rest=tuple((column, _text(row, column)) for column in rest),
        others=tuple((column, _text(row, column)) for column in columns if column.position not in shown),
        issues=issued and row.state != Row.State.ERROR,
        may_issue=may_issue,
        question=row.person.name if asked and row.person else "",
        problem=problem,
        focus=focus == -1,
    )


def _cell(row: Row, place: Place, wrong: set[int], fix: Sequence[int], focus: int) -> Cell:
    positions = {column.position for column in place.columns}
    text, note = _shown(row, place), ""
    if place.name == "name" and row.keep_name and row.person and row.person.name != row.name:
        text, note = row.person.name, _("in the list: %(name)s") % {"name": row.name}
    return Cell(
        place,
        text,
        note,
        wrong=bool(positions & wrong),
        inputs=tuple((column, _text(row, column)) for column in place.columns) if positions & set(fix) else (),
        focus=focus in positions,
    )


def _shown(row: Row, place: Place) -> str:
    raw = " ".join(filter(None, (_text(row, column).strip() for column in place.columns)))
    if place.name == "name":
        return row.name or raw
    value = row.values.get(place.name)
    if place.name == "awarded" and value:
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    return str(value or raw)


def _text(row: Row, column: Column) -> str:
    return str(row.cells[column.position - 1]) if column.position <= len(row.cells) else ""


def _problem(item: dict[str, Any], known: tuple[Place, ...]) -> Problem:
    place = next((place for place in known if item["position"] in {each.position for each in place.columns}), None)
    return Problem(
        label=place.label if place else in_words(item["column"]),
        # What concerns the whole line says days of our records; what concerns a cell may quote it, as it was written.
        reason=in_words(item["reason"]) if item["position"] else with_days(in_words(item["reason"])),
        hint=in_words(item["hint"]),
        value=item["value"],
        fatal=item["fatal"],
        fix=place.fix if place else str(item["position"] or ""),
    )
