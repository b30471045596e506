"""Ordering: from a row of a batch to the order for its credential, everything about it decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from laurea.actions import vetting
from laurea.actions.achievements import Period
from laurea.actions.batches import PersonRow
from laurea.actions.issuing import Order
from laurea.actions.numbering import Numbers
from laurea.actions.vetting import Rules
from laurea.credentials.errors import IssuingError
from laurea.records.models import Achievement, Batch, Row


def rules(batch: Batch, achievement: Achievement) -> Rules:
    """What the achievement and a confirmed batch say about every row."""
    if batch.moment is None or batch.awarded is None:
        raise IssuingError("batch.not-confirmed", "This batch was not confirmed yet", "Confirm it first")
    return Rules(
        include=frozenset(achievement.include),
        validity=Period.read(achievement.validity),
        awarded=batch.awarded,
        moment=batch.moment,
    )


def read(row: Row) -> PersonRow:
    """The row as it was read from its list; the name on record in place of the list's where that was said to be right.

    `row.person` must be loaded where there is one.
    """
    values: Mapping[str, Any] = row.values
    name = row.person.name if row.keep_name and row.person else values.get("name") or row.name
    return PersonRow(
        line=row.line,
        name=name,
        email=str(values.get("email") or "").strip().lower() or None,
        employee_number=values.get("employee_number") or None,
        department=values.get("department") or None,
        job_role=values.get("job_role") or None,
        awarded=_day(values.get("awarded")),
        expires=_day(values.get("expires")),
        result=values.get("result") or None,
        hours=float(values["hours"]) if values.get("hours") else None,
        evidence=values.get("evidence") or None,
        language=values.get("language") or None,
    )


def order(row: PersonRow, achievement: Achievement, rules: Rules, numbers: Numbers, *, index: int | None) -> Order:
    """The order for the row's credential. `IssuingError` (``row.*``) when none can be made from it."""
    wrong = vetting.problem(row, (), rules)
    if wrong is not None:
        raise IssuingError(wrong.code, f"{wrong.column} “{wrong.value}”: {wrong.reason}", wrong.hint)
    include = rules.include
    return Order(
        line=row.line,
        code=numbers.code,
        identifier=numbers.identifier,
        salt=numbers.salt,
        name=row.name,
        email=row.email,
        employee_number=row.employee_number,
        awarded=row.awarded or rules.awarded,
        expires=rules.expires(row),
        status_index=index,
        credits=row.hours if "hours" in include and row.hours else achievement.credits,
        result=row.result if "result" in include else None,
        evidence=row.evidence if "evidence" in include else None,
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
