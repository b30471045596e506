"""Looking back: what was done, read from the entries of the log; the newest first, and what was done at once together.

A list of 10,000 people leaves 10,000 entries. Those that one act wrote at one moment are one line here, which opens.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from laurea.actions import auditing, exporting
from laurea.actions.auditing import Act
from laurea.credentials.document import JSON
from laurea.records.models import Account, Entry, Issuer

LINES = 50
MOST_READ = 20_000
"""Entries that one page looks at: what was done at once may be more, and then takes two lines."""

_FIRST, _TOGETHER = 200, 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see: all of it, or what fits every choice that is made.

    `acts` are names of acts, `persons` keys of people; `kind` and `identifiers` name objects; `run` holds the keys of
    the last and the first entry that were written at once.
    """

    acts: tuple[str, ...] = ()
    kind: str = ""
    identifiers: tuple[str, ...] = ()
    persons: tuple[int, ...] | None = None
    actor: int | None = None
    since: date | None = None
    until: date | None = None
    run: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Entries that were written at once, or one alone: the newest of them, the key of the oldest, and how many."""

    entry: Entry
    oldest: int
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines. `newer` and `older` are the keys to ask for the neighbouring pages with, None at an end."""

    lines: list[Line]
    newer: int | None
    older: int | None


_Row = tuple[int, str, datetime, int | None]
"""Key, act, time, actor: all that it takes to see what belongs together."""


def entries(issuer: Issuer | None, wanted: Wanted) -> QuerySet[Entry]:
    """The entries of `issuer` that are wanted; with None, those of the installation itself. In no order."""
    found = Entry.objects.filter(issuer=issuer)
    if wanted.kind:
        found = found.filter(kind=wanted.kind, identifier__in=wanted.identifiers)
    if wanted.persons is not None:
        found = found.filter(person__in=wanted.persons)
    if wanted.actor is not None:
        found = found.filter(actor=wanted.actor)
    if wanted.since is not None:
        found = found.filter(at__gte=datetime.combine(wanted.since, time(), UTC))
    if wanted.until is not None and wanted.until < date.max:
        found = found.filter(at__lt=datetime.combine(wanted.until + timedelta(days=1), time(), UTC))
    if wanted.run is not None:
        newest, oldest = wanted.run
        found = found.filter(pk__lte=newest, pk__gte=oldest)
    return found


def page(
    issuer: Issuer | None, wanted: Wanted, *, before: int | None = None, after: int | None = None, lines: int = LINES
) -> Page:
    """The newest lines; those older than the entry `before`; or those next newer than `after`."""
    found = entries(issuer, wanted)
    upwards = after is not None
    if upwards:
        found = found.filter(pk__gt=after)
    elif before is not None:
        found = found.filter(pk__lt=before)
    rows = islice(_rows(found, wanted.acts, upwards), MOST_READ)
    runs: list[tuple[int, int, int]] = []
    more = False
    for _, some in groupby(rows, key=_at_once if wanted.run is None else _key):
        if len(runs) == lines:
            more = True
            break
        keys = [row[0] for row in some]
        runs.append((max(keys), min(keys), len(keys)))
    more |= sum(count for _, _, count in runs) == MOST_READ
    return _page(runs, upwards, more=more, came_from=after if upwards else before)


def _page(runs: Sequence[tuple[int, int, int]], upwards: bool, *, more: bool, came_from: int | None) -> Page:
    ordered = sorted(runs, reverse=True)
    loaded = Entry.objects.select_related("actor").in_bulk([newest for newest, _, _ in ordered])
    lines = [Line(loaded[newest], oldest, count) for newest, oldest, count in ordered]
    if not lines:
        return Page([], None, None)
    newer, older = lines[0].entry.pk, lines[-1].oldest
    if upwards:
        return Page(lines, newer if more else None, older)
    return Page(lines, newer if came_from is not None else None, older if more else None)


def _at_once(row: _Row) -> object:
    return row[1:]


def _key(row: _Row) -> object:
    return row[0]


def _rows(found: QuerySet[Entry], acts: Sequence[str], upwards: bool) -> Iterator[_Row]:
    """`found` in the order of its keys, in parts. Of several acts each is walked in its own order, which has an index,
    and they are merged: the newest of a rare act are found as quickly as those of a frequent one."""
    parts = [found.filter(act=act) for act in acts] if acts else [found]
    walks = [_walk(part, upwards) for part in parts]
    return heapq.merge(*walks, key=lambda row: row[0], reverse=not upwards) if len(walks) > 1 else walks[0]


def _walk(found: QuerySet[Entry], upwards: bool) -> Iterator[_Row]:
    ordered = found.order_by("pk" if upwards else "-pk").values_list("pk", "act", "at", "actor")
    last: int | None = None
    together = _FIRST
    while True:
        rest = ordered if last is None else ordered.filter(**{"pk__gt" if upwards else "pk__lt": last})
        rows = list(rest[:together])
        yield from rows
        if len(rows) < together:
            return
        last, together = rows[-1][0], _TOGETHER


# --- One entry, and all of them ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What the content of an entry says beside its columns. An erased one says nothing: `erased`."""

    facts: Mapping[str, Any]
    place: str
    erased: bool = False

    @property
    def changes(self) -> Mapping[str, Any]:
        """Before and after, by the name of what was changed."""
        found = self.facts.get("changes")
        return found if isinstance(found, dict) else {}


def told(entry: Entry) -> Told:
    """Read the content of an entry. One that somebody has spoilt says nothing either: `laurea log verify` finds it."""
    try:
        said = json.loads(entry.content)
        facts, place = said["facts"], said["from"]
    except (ValueError, KeyError, TypeError):
        return Told({}, "", erased=True)
    return Told(facts if isinstance(facts, dict) else {}, str(place))


Words = Callable[[Sequence[Entry]], Sequence[tuple[str, str, str, str]]]
"""Of some entries, in the language of whoever asks: what was done, to what, from where, and the details."""


def csv_of(
    issuer: Issuer | None,
    wanted: Wanted,
    headings: Sequence[str],
    words: Words,
    *,
    now: datetime,
    actor: Account | None,
) -> Iterator[bytes]:
    """The trail as CSV, the oldest first, with the leaf by which each line is found in the published log.

    `headings` are those of number, time, member, act, object, place, details, leaf. That it was taken out is an entry
    itself, and so the last line.
    """
    facts: dict[str, JSON] = {"as": "csv", "narrowed": wanted != Wanted()}
    with transaction.atomic():
        auditing.note(Act("export.trail", "list", "", facts), issuer=issuer, now=now, actor=actor)
    return exporting.lines_of(headings, _cells(issuer, wanted, words))


def _cells(issuer: Issuer | None, wanted: Wanted, words: Words) -> Iterator[list[str]]:
    rows = _rows(entries(issuer, wanted), wanted.acts, upwards=True)
    while keys := [row[0] for row in islice(rows, _FIRST)]:
        loaded = Entry.objects.select_related("actor").in_bulk(keys)
        some = [loaded[key] for key in keys]
        for entry, said in zip(some, words(some), strict=True):
            yield [
                "" if entry.number is None else str(entry.number),
                entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                str(entry.actor) if entry.actor else "",
                *said,
                bytes(entry.leaf).hex(),
            ]
