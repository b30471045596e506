"""Appraising: what a line of a list, the rules of an achievement and what is on record make of a row.

Pure: everything it looks at is handed over. The six states of a row stand in `Row.State`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from laurea.actions import vetting
from laurea.actions.batches import Column, LineRead, PersonRow, RowError
from laurea.actions.batches.persons import same_name
from laurea.actions.batches.rows import shorten
from laurea.actions.matching import Held, Known, Records
from laurea.actions.vetting import Rules
from laurea.records.models import Row

NAME_DIFFERS, OTHER_PERSON = "person.name", "person.other"
"""The codes of what is asked about a name: it is written differently on record; the record is of somebody else."""

_VALUES = (
    "name", "email", "employee_number", "department", "job_role", "awarded", "expires", "result", "hours", "evidence",
    "language",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a line: its state, the person it is, and everything that is to say about it.

    `asked` says that somebody has to decide before the row is issued; until then it is left out.
    """

    state: str
    problems: tuple[dict[str, Any], ...]
    person: int | None
    asked: bool = False


def judge(
    lines: Iterable[LineRead],
    columns: Sequence[Column],
    rules: Rules,
    known: Records,
    *,
    named: Collection[int] = (),
) -> Iterator[tuple[LineRead, Judgement]]:
    """Judge `lines`, in their order. About those of `named` it was decided which name is right.

    Two lines may be one person on record without a word in common, one by the address, one by the number: the second is
    a duplicate.
    """
    first: dict[int, int] = {}
    for line in lines:
        found = _judged(line, columns, rules, known, named=line.line in named)
        if (person := found.person) is not None and found.state != Row.State.DUPLICATE:
            if person in first:
                said = _duplicate(columns, line.row, first[person])
                found = Judgement(Row.State.DUPLICATE, (*found.problems, said), person)
            else:
                first[person] = line.line
        yield line, found


def _judged(line: LineRead, columns: Sequence[Column], rules: Rules, known: Records, *, named: bool) -> Judgement:
    problems = [_written(problem, fatal=isinstance(problem, RowError)) for problem in line.problems]
    row = line.row
    if line.fatal:
        return Judgement(Row.State.ERROR, tuple(problems), None)
    if wrong := vetting.problem(row, columns, rules):
        return Judgement(Row.State.ERROR, (*problems, _written(wrong, fatal=True)), None)
    by_email, by_number = known.people(row)
    if by_email and by_number and by_email.pk != by_number.pk:
        reason = f"the e-mail address belongs to “{by_email.name}”, the number to “{by_number.name}”"
        problem = _said(columns, row, "employee_number", reason, "Correct one of the two", "person.two", fatal=True)
        return Judgement(Row.State.ERROR, (*problems, problem), None)
    person = by_email or by_number
    pk = person.pk if person else None
    if row.duplicate_of is not None:
        return Judgement(Row.State.DUPLICATE, (*problems, _duplicate(columns, row, row.duplicate_of)), pk)
    asked = False
    if person:
        doubts, asked = _doubts(columns, row, person, by_number=by_email is None, named=named)
        problems += doubts
    held = known.held(row, person)
    if held is not None and not asked:
        return Judgement(*_again(columns, row, held, problems), pk)
    if namesake := known.namesake(row):
        reason = f"somebody of this name has it since {_day(namesake.valid_from)}"
        hint = "Leave the line out if it is the same person"
        problems.append(_said(columns, row, "name", reason, hint, "person.namesake"))
    return Judgement(Row.State.WARNING if problems else Row.State.READY, tuple(problems), pk, asked)


def values(row: PersonRow) -> dict[str, Any]:
    """What was read from a line, as `Row.values` holds it: without what is empty, days as 2026-05-31."""
    found = {name: getattr(row, name) for name in _VALUES}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items() if value}


def key(row: PersonRow) -> str:
    """Who a row is within its list: the e-mail address, else the number, else the name."""
    if row.email:
        return row.email.lower()[:300]
    return (f"#{row.employee_number}" if row.employee_number else row.name).casefold()[:300]


def _doubts(
    columns: Sequence[Column], row: PersonRow, person: Known, *, by_number: bool, named: bool
) -> tuple[list[dict[str, Any]], bool]:
    """What a row says otherwise than the record of its person, and whether it may be somebody else."""
    doubts = []
    what = "number" if by_number else "e-mail address"
    other = not named and not same_name(person.name, row.name)
    if other:
        reason = f"this {what} belongs to “{shorten(person.name)}”"
        hint = "Decide which name is right, or correct the line: it is left out until then"
        doubts.append(_said(columns, row, "name", reason, hint, OTHER_PERSON))
    elif not named and person.name != row.name:
        reason = f"on record as “{shorten(person.name)}”"
        doubts.append(_said(columns, row, "name", reason, "Decide which name is printed", NAME_DIFFERS))
    if not by_number and person.employee_number and row.employee_number not in (None, person.employee_number):
        reason = f"on record with the number {person.employee_number}"
        doubts.append(_said(columns, row, "employee_number", reason, "Check the number", "person.number"))
    return doubts, other


def _duplicate(columns: Sequence[Column], row: PersonRow, first: int) -> dict[str, Any]:
    return _said(columns, row, "", f"the same person stands on line {first}", "", "row.duplicate", line=first)


def _again(
    columns: Sequence[Column], row: PersonRow, held: Held, problems: list[dict[str, Any]]
) -> tuple[str, tuple[dict[str, Any], ...]]:
    since, until = _day(held.valid_from), _day(held.valid_until) if held.valid_until else ""
    if not held.renewable:
        reason = f"has it since {since}, valid until {until}" if until else f"has it since {since}, without an end"
        said = _said(columns, row, "", reason, "", "row.issued", credential=held.pk)
        return Row.State.ISSUED, (*problems, said)
    ended = "expired" if held.standing == "expired" else "expires"
    reason = f"replaces the one of {since}, which {ended} on {until}"
    return Row.State.RENEWAL, (*problems, _said(columns, row, "", reason, "", "row.renewal", credential=held.pk))


def _said(
    columns: Sequence[Column], row: PersonRow, field: str, reason: str, hint: str, code: str, *, fatal: bool = False,
    **more: Any,
) -> dict[str, Any]:  # fmt: skip
    places = ("name", "last_name", "first_name") if field == "name" else (field,)
    column = next((column for place in places for column in columns if place and column.field == place), None)
    return {
        "column": column.label if column else "",
        "position": column.position if column else 0,
        "value": shorten(str(getattr(row, field) or "")) if field else "",
        "reason": reason,
        "hint": hint,
        "code": code,
        "fatal": fatal,
        **more,
    }


def _written(problem: Any, *, fatal: bool) -> dict[str, Any]:
    return {
        "column": problem.column,
        "position": problem.position,
        "value": problem.value,
        "reason": problem.reason,
        "hint": problem.hint,
        "code": problem.code,
        "fatal": fatal,
    }


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
