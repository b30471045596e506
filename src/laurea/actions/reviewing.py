"""Reviewing: somebody looks over the rows of a list, corrects cells and decides; the file itself never changes.

A corrected cell changes what is said about its row, and about those that it shares an address, a number, a name or a
person with: these are judged again, no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from laurea.actions import appraising, auditing, batches, confirming, matching
from laurea.actions.achievements import Period
from laurea.actions.appraising import Judgement
from laurea.actions.auditing import Act
from laurea.actions.batches import Column, LineRead, Manner
from laurea.actions.vetting import Rules
from laurea.credentials.document import JSON
from laurea.credentials.errors import IssuingError
from laurea.records.models import Account, Batch, Credential, Row

LONGEST_CELL = 2_000
_MOST_TOGETHER = 2_000
_OWN_NAME = "own_name"
"""In the values of a row: somebody decided that the list's name is right, not the one on record."""

_JUDGED = ("state", "problems", "decision", "values", "keep_name")
_DECIDABLE = (Row.State.READY, Row.State.DUPLICATE, Row.State.ISSUED, Row.State.RENEWAL, Row.State.WARNING)


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided about the row of a line, and about whom: whether it is issued, and which name is right, the
    one on record (`keep_name`) or the list's (`own_name`)."""

    key: str
    decision: str = ""
    keep_name: bool = False
    own_name: bool = False

    @property
    def named(self) -> bool:
        """Whether the question about the name was answered."""
        return self.keep_name or self.own_name


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows there are of each state, and what becomes of them."""

    states: Mapping[str, int]
    issue: int
    leave: int

    @property
    def total(self) -> int:
        """All rows."""
        return self.issue + self.leave


def columns(batch: Batch) -> tuple[Column, ...]:
    """The columns of the list, as they were found or chosen."""
    return tuple(
        Column(**column | {"examples": tuple(column["examples"])}) for column in batch.reading.get("columns", [])
    )


def rules(batch: Batch, now: datetime) -> Rules:
    """What the batch's achievement says about every row."""
    achievement = batch.achievement
    day = now.astimezone(ZoneInfo(batch.issuer.time_zone)).date()
    validity = Period.read(achievement.validity) if achievement.validity else None
    return Rules(frozenset(achievement.include), validity, batch.awarded or day, now.astimezone(UTC))


def row(batch: Batch, line: LineRead, judgement: Judgement, before: Decided | None = None) -> Row:
    """The row for a line, not stored. What was decided `before` holds as long as the line is about the same person."""
    key = appraising.key(line.row)
    held = before if before and before.key == key and judgement.state in _DECIDABLE else Decided(key)
    values = appraising.values(line.row)
    if held.own_name and judgement.person is not None:
        values[_OWN_NAME] = True
    return Row(
        batch=batch,
        line=line.line,
        state=judgement.state,
        decision=held.decision or (Row.Decision.LEAVE if judgement.asked else ""),
        cells=list(line.cells),
        values=values,
        problems=list(judgement.problems),
        name=line.row.name[:300],
        key=key,
        person_id=judgement.person,
        keep_name=held.keep_name and judgement.person is not None,
    )


def decisions(batch: Batch) -> dict[int, Decided]:
    """What was decided about the rows, by line."""
    answered = Q(keep_name=True) | Q(values__own_name=True)
    return {one.line: _decided(one) for one in batch.rows.filter(~Q(decision="") | answered).defer("cells", "problems")}


def forget(batch: Batch) -> None:
    """Delete the rows of an unconfirmed batch: they are read again from the file."""
    rows = batch.rows.all()
    rows._raw_delete(rows.db)  # nothing hangs on a row before it is issued, and looking for it takes seconds


def counted(batch: Batch) -> dict[str, dict[str, int]]:
    """Counts by state and decision, as `Batch.reading` keeps them: state -> decision -> rows."""
    found: dict[str, dict[str, int]] = {}
    for state, decision, number in batch.rows.order_by().values_list("state", "decision").annotate(number=Count("pk")):
        found.setdefault(state, {})[decision] = number
    return found


def counts(batch: Batch) -> Counts:
    """The counts that were made when the rows changed last."""
    kept: dict[str, dict[str, int]] = batch.reading.get("counts", {})
    issued = 0
    for state, by_decision in kept.items():
        if state in (Row.State.READY, Row.State.WARNING, Row.State.RENEWAL):
            issued += by_decision.get("", 0)
        if state != Row.State.ERROR:
            issued += by_decision.get(Row.Decision.ISSUE, 0)
    states = {state: number for state in kept if (number := sum(kept[state].values()))}
    return Counts(states, issued, sum(states.values()) - issued)


def wanted(batch: Batch, *, state: str = "", text: str = "") -> QuerySet[Row]:
    """The rows of a state whose name, address, number or line holds `text`; in the order of the file."""
    rows = batch.rows.order_by("line")
    if state:
        rows = rows.filter(state=state)
    for word in text.split()[:5]:
        found = Q(name__icontains=word) | Q(key__icontains=word.casefold())
        rows = rows.filter(
            found | Q(line=int(word)) if word.isascii() and word.isdecimal() and len(word) < 8 else found
        )
    return rows


def correct(
    batch: Batch, line: int, cells: Mapping[int, str], *, now: datetime, actor: Account | None
) -> tuple[Row, list[Row]]:
    """Replace cells of a row, by column position from 1: the row, and the others that are judged otherwise now.

    Raises `IssuingError`: ``batch.not-in-review``, ``batch.cell``; `Row.DoesNotExist` for a line that is no row.
    """
    with transaction.atomic():
        held = _in_review(batch)
        changed = held.rows.get(line=line)
        known = columns(held)
        for position, text in cells.items():
            if not 1 <= position <= len(known):
                raise IssuingError("batch.cell", f"The list has no column {position}")
            if len(text) > LONGEST_CELL:
                raise IssuingError("batch.cell", f"The cell has {len(text):,} characters", "Shorten it")
        old = [*changed.cells, *[""] * (len(known) - len(changed.cells))]
        new = [cells.get(position, cell) for position, cell in enumerate(old, 1)]
        if new == old:
            return changed, []
        corrections = held.options.setdefault("corrections", {}).setdefault(str(line), {})
        corrections |= {str(position): text for position, text in cells.items() if text != old[position - 1]}
        changed.cells = new
        group = _group(held, changed, now)
        # Whoever corrects a line has made up their mind about it: what was decided before holds for its name alone.
        answers = {one.line: _decided(one) for one in group}
        answers[line] = replace(answers[line], decision="")
        others = [one for one in _judge_again(held, group, now, answers, fresh=line) if one.line != line]
        Batch.objects.filter(pk=batch.pk).update(reading=held.reading, options=held.options)
        # Which cells, not what stood in them: the list keeps its rows, the log is about who changed one.
        cells_changed = [position for position, pair in enumerate(zip(old, new, strict=True), 1) if pair[0] != pair[1]]
        _note("batch.corrected", held, {"line": line, "columns": [*cells_changed]}, now, actor)
    batch.refresh_from_db()
    return held.rows.get(line=line), others


def decide(batch: Batch, rows: QuerySet[Row], decision: str, *, now: datetime, actor: Account | None) -> int:
    """Issue or leave out some rows of the batch, or take the decision back ("").

    Rows that cannot be issued stay as they are. Returns how many were decided. Raises `IssuingError`.
    """
    if decision not in ("", *Row.Decision.values):
        raise IssuingError("batch.decision", "That is no decision about a row")
    with transaction.atomic():
        held = _in_review(batch)
        number = rows.filter(batch=held, state__in=_DECIDABLE).order_by().update(decision=decision)
        held.reading["counts"] = counted(held)
        Batch.objects.filter(pk=batch.pk).update(reading=held.reading)
        if number:
            _note("batch.decided", held, {"decision": str(decision), "rows": number}, now, actor)
    batch.refresh_from_db()
    return number


def settle(batch: Batch, rows: QuerySet[Row], *, keep: bool, now: datetime, actor: Account | None) -> int:
    """Say of rows whose person is on record under another name which one is right: to `keep` it, or the list's.

    The name on record stays what it is in either case. Returns how many were settled. Raises `IssuingError`.
    """
    with transaction.atomic():
        held = _in_review(batch)
        chosen = list(rows.filter(_differing(), batch=held).order_by("line"))
        answers = {one.line: Decided(one.key, keep_name=keep, own_name=not keep) for one in chosen}
        for first in range(0, len(chosen), _MOST_TOGETHER):
            _judge_again(held, chosen[first : first + _MOST_TOGETHER], now, answers)
        Batch.objects.filter(pk=batch.pk).update(reading=held.reading)
        if chosen:
            _note("batch.named", held, {"keep": keep, "rows": len(chosen)}, now, actor)
    batch.refresh_from_db()
    return len(chosen)


def _note(name: str, batch: Batch, facts: Mapping[str, JSON], now: datetime, actor: Account | None) -> None:
    auditing.note(Act(name, "batch", str(batch.pk), facts), issuer=batch.issuer, now=now, actor=actor)


def asks_name(one: Row) -> bool:
    """Whether it is asked about the row which name is right, and nobody has answered."""
    names = (appraising.NAME_DIFFERS, appraising.OTHER_PERSON)
    return one.state != Row.State.DUPLICATE and any(problem["code"] in names for problem in one.problems)


def unsettled(batch: Batch) -> QuerySet[Row]:
    """Rows about whose name somebody is asked, and nobody has answered."""
    return batch.rows.filter(_differing(), keep_name=False).filter(~Q(values__has_key=_OWN_NAME))


def bad_rows(
    batch: Batch, *, state: str = Row.State.ERROR, say: Callable[[str], str] = str
) -> tuple[list[str], Iterator[list[str]]]:
    """The headers of the list and, for the rows of a state, their cells, with three columns more: where, what, what to
    do. The file that this makes can be corrected and uploaded again. `say` puts a sentence into the reader's language.
    """
    known = columns(batch)
    headers = [batches.escape_cell(column.header or column.label) for column in known]

    def lines() -> Iterator[list[str]]:
        for one in batch.rows.filter(state=state).order_by("line").iterator(chunk_size=_MOST_TOGETHER):
            cells = [*one.cells, *[""] * (len(headers) - len(one.cells))][: len(headers)]
            yield [
                *cells,
                str(one.line),
                " · ".join(_where(problem, say) for problem in one.problems),
                " · ".join(say(problem["hint"]) for problem in one.problems if problem["hint"]),
            ]

    return headers, lines()


def stale(batch: Batch) -> bool:
    """Whether credentials of the achievement were issued after the rows were judged: they should be judged again."""
    judged = batch.reading.get("judged")
    if not judged:
        return False
    return Credential.objects.filter(
        issuer=batch.issuer_id, achievement=batch.achievement_id, created__gt=datetime.fromisoformat(judged)
    ).exists()


def rivals(batch: Batch) -> QuerySet[Batch]:
    """Other lists for the same achievement that are being issued just now."""
    return Batch.objects.filter(
        issuer=batch.issuer_id,
        achievement=batch.achievement_id,
        state__in=[Batch.State.ISSUING, Batch.State.STOPPED],
        by_hand=False,
    ).exclude(pk=batch.pk)


def twins(batch: Batch) -> QuerySet[Batch]:
    """Other batches of the same file for the same achievement."""
    return Batch.objects.filter(
        issuer=batch.issuer_id, achievement=batch.achievement_id, file_sha256=batch.file_sha256, by_hand=False
    ).exclude(pk=batch.pk)


def to_issue(batch: Batch) -> QuerySet[Row]:
    """The rows that become credentials when the batch is confirmed."""
    return batch.rows.filter(confirming.TO_ISSUE)


def without_address(batch: Batch) -> int:
    """How many rows to issue have no address to send mail to, neither in the list nor on record."""
    rows = to_issue(batch).filter(values__email__isnull=True).exclude(person__emails__primary=True)
    return rows.count()


def dates(batch: Batch, now: datetime) -> tuple[date, date]:
    """The first and the last day of award among the rows to issue."""
    day = rules(batch, now).awarded
    rows = to_issue(batch)
    found = set(rows.order_by().values_list("values__awarded", flat=True).distinct())
    days = [date.fromisoformat(text) for text in found if text] + ([day] if None in found else [])
    return (min(days), max(days)) if days else (day, day)


def _in_review(batch: Batch) -> Batch:
    held = Batch.objects.select_for_update(no_key=True, of=("self",)).select_related("issuer", "achievement").get(
        pk=batch.pk
    )  # fmt: skip
    if held.state != Batch.State.REVIEW:
        raise IssuingError("batch.not-in-review", "This list is not in review", "Load the page again")
    return held


def _group(batch: Batch, changed: Row, now: datetime) -> list[Row]:
    """`changed`, whose cells are new, and every row that says something about it or about which it says something."""
    (new,) = _read([changed], batch, now)
    before, after = changed.values, appraising.values(new.row)
    known = matching.records(batch.issuer, batch.achievement, [new.row], now)
    people = {person.pk for person in known.people(new.row) if person} | {changed.person_id or 0}
    group = {changed.line: changed}
    reached = [before | {"name": changed.name}, after | {"name": new.row.name}]
    asked: set[tuple[str, str]] = set()
    while reached and len(group) < _MOST_TOGETHER:
        found = batch.rows.filter(_kin(reached, asked) | Q(person__in=people - {0})).exclude(line__in=group)
        fresh = list(found.order_by("line")[:_MOST_TOGETHER])
        group |= {one.line: one for one in fresh}
        reached = [one.values | {"name": one.name} for one in fresh]
        people = {one.person_id for one in fresh if one.person_id}
    return [group[line] for line in sorted(group)]


def _kin(reached: Iterable[Mapping[str, Any]], asked: set[tuple[str, str]]) -> Q:
    """Rows that share an address, a number or, without both, a name with one of `reached`. Nothing is asked twice."""
    keys, numbers, names = set(), set(), set()
    for values in reached:
        email, number, name = values.get("email") or "", values.get("employee_number") or "", values["name"]
        keys |= {email.lower()[:300], f"#{number}".casefold()[:300] if number else "", name.casefold()[:300]}
        numbers |= {number}
        names |= {name} if not email and not number else set()
    keys, numbers, names = (
        {text for text in texts if text and (kind, text) not in asked}
        for kind, texts in (("key", keys), ("number", numbers), ("name", names))
    )
    for kind, texts in (("key", keys), ("number", numbers), ("name", names)):
        asked |= {(kind, text) for text in texts}
    condition = Q(key__in=keys)
    if numbers:
        condition |= Q(values__employee_number__in=sorted(numbers))
    for name in names:
        condition |= Q(name__iexact=name)
    return condition


def _read(rows: Iterable[Row], batch: Batch, now: datetime) -> tuple[LineRead, ...]:
    manner = dict(batch.reading["manner"])
    if manner.get("contradiction"):
        manner["contradiction"] = tuple(manner["contradiction"])
    return batches.judge(
        ((one.line, one.cells) for one in rows),
        columns(batch),
        Manner(**manner),
        today=now.astimezone(ZoneInfo(batch.issuer.time_zone)).date(),
        by_course=False,
    )


def _judge_again(
    batch: Batch, rows: list[Row], now: datetime, answers: Mapping[int, Decided], *, fresh: int = 0
) -> list[Row]:
    """Judge and store `rows` with the `answers` given about them: those about which something changed, and `fresh`."""
    by_line = {one.line: one for one in rows}
    lines = _read(rows, batch, now)
    known = matching.records(batch.issuer, batch.achievement, [line.row for line in lines], now)
    named = {line for line, answer in answers.items() if answer.named}
    changed = []
    for line, judgement in appraising.judge(lines, columns(batch), rules(batch, now), known, named=named):
        old = by_line[line.line]
        made = row(batch, line, judgement, answers[line.line])
        made.pk = old.pk
        if line.line == fresh or any(getattr(made, name) != getattr(old, name) for name in _JUDGED):
            _recount(batch, old, made)
            changed.append(made)
    Row.objects.bulk_update(changed, [*_JUDGED, "cells", "name", "key", "person"], batch_size=500)
    return changed


def _decided(one: Row) -> Decided:
    return Decided(one.key, one.decision, one.keep_name, one.values.get(_OWN_NAME, False))


def _differing() -> Q:
    """Rows of people who are on record under another name. Of duplicates nothing is asked."""
    return Q(person__isnull=False, state__in=_DECIDABLE) & ~Q(state=Row.State.DUPLICATE) & ~Q(name=F("person__name"))


def _recount(batch: Batch, old: Row, new: Row) -> None:
    """The counts kept with the batch, after one row changed: counting 50,000 anew takes longer than a person types."""
    kept = batch.reading["counts"]
    for one, change in ((old, -1), (new, 1)):
        by_decision = kept.setdefault(one.state, {})
        by_decision[one.decision] = by_decision.get(one.decision, 0) + change
        batch.reading["asked"] = batch.reading.get("asked", 0) + change * asks_name(one)


def _where(problem: Mapping[str, Any], say: Callable[[str], str]) -> str:
    reason = say(problem["reason"])
    return f"{say(problem['column'])}: {reason}" if problem["column"] else reason
