"""Intake: a list of people comes in, a worker reads it, and its rows stand ready to be reviewed.

The file is kept as it came. What only a person can decide about it (which column is what, in which order its dates are
written) is asked, and it is read again with the answers; what was corrected and decided before stays.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DatabaseError, transaction
from django.db.models import F, Q

from laurea.actions import appraising, auditing, batches, ledger, matching, reviewing, storing
from laurea.actions.auditing import Act
from laurea.actions.batches import Column, Reading
from laurea.actions.batches.sniffing import refuse_other_kinds
from laurea.actions.batches.tables import MAX_BYTES
from laurea.actions.reviewing import Decided
from laurea.credentials.document import JSON
from laurea.credentials.errors import IssuingError, LaureaError, TableError
from laurea.records.models import Account, Achievement, Batch, ColumnMapping, Issuer, Row

LEASE = timedelta(seconds=120)
MOST_ATTEMPTS = 4
"""How often reading a file may kill its worker before the file is given up."""

_TOGETHER = 2_000
_PAUSE, _LONGEST_PAUSE = timedelta(seconds=2), timedelta(seconds=60)
_ANSWERS = ("mapping", "date_order", "sheet", "encoding", "delimiter", "header_line", "where")
_PLACES = frozenset({"sheet", "encoding", "delimiter", "header_line"})
_ZIPPED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MOST_COURSES = 50
_PATIENCE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A file in our hands, as long as `token` is the batch's."""

    batch: Batch
    token: int
    moment: Callable[[], datetime]

    def write(self, **values: object) -> None:
        """Change the batch, if the claim still holds. Raises `ledger.FencedError`."""
        ours = Batch.objects.filter(pk=self.batch.pk, token=self.token, state=Batch.State.READING)
        if not ours.update(**values):
            raise ledger.FencedError


def upload(
    issuer: Issuer, achievement: Achievement, *, name: str, content: bytes, now: datetime, actor: Account | None
) -> Batch:
    """Take in a list for an achievement; a worker will read it.

    Raises `TableError` for a file that is certainly no list, `StoringError` when it cannot be kept.
    """
    place, digest = _kept(issuer, content)
    with transaction.atomic():
        batch = Batch.objects.create(
            issuer=issuer,
            achievement=achievement,
            file_name=name[-255:],
            file=place,
            file_sha256=digest,
            created=now,
            created_by=actor,
        )
        facts: dict[str, JSON] = {"achievement": achievement.pk, "file": batch.file_name, "sha256": digest}
        _note("batch.uploaded", batch, facts, now, actor)
    return batch


def upload_again(batch: Batch, *, name: str, content: bytes, now: datetime, actor: Account | None) -> None:
    """Take another file in place of the batch's: the whole list corrected, or one that can be read."""
    place, digest = _kept(batch.issuer, content)
    with transaction.atomic():
        held = _open(batch)
        old, batch.file = held.file, place
        _read_anew(
            held,
            now,
            file=place,
            file_name=name[-255:],
            file_sha256=digest,
            options={},
            reading={},
        )
        reviewing.forget(held)
        _note("batch.replaced", held, {"file": name[-255:], "sha256": digest}, now, actor)
    storing.remove(old)
    batch.refresh_from_db()


def answer(
    batch: Batch,
    *,
    mapping: Mapping[str, str] | None = None,
    awarded: date | None = None,
    now: datetime,
    actor: Account | None,
    **answers: Any,
) -> None:
    """Say what the file means, and have it read with that: a `mapping` of fields to columns and the other answers that
    `batches.read` takes (date_order, sheet, encoding, delimiter, header_line, where; None takes one back).

    The mapping is remembered for files with the same header. Raises `IssuingError`: ``batch.closed``, ``batch.answer``.
    """
    if unknown := answers.keys() - set(_ANSWERS):
        raise IssuingError("batch.answer", f"{', '.join(sorted(unknown))} is no answer about a file")
    with transaction.atomic():
        held = _open(batch)
        options = dict(held.options)
        # Another sheet, encoding or header is another list: its columns are found anew, corrections mean nothing there.
        read_by = held.reading | options
        known = {
            key: options.get(key) if answers[key] is None else read_by.get(key) for key in _PLACES & answers.keys()
        }
        if any(answers[key] != value for key, value in known.items()):
            dropped = ("mapping", "corrections", "confirmed", "where", "header_line")
            options = {key: value for key, value in options.items() if key not in dropped}
            answers.pop("where", None)
            mapping = None
        options |= {key: value for key, value in answers.items() if value is not None}
        for key, value in answers.items():
            if value is None:
                options.pop(key, None)
        if mapping is not None:
            options |= {"mapping": dict(mapping), "confirmed": True, "header_line": held.reading.get("header_line")}
            _remember(held, mapping, now)
        _read_anew(held, now, options=options, awarded=awarded or held.awarded)
        said = [*answers, *(["mapping"] if mapping is not None else []), *(["awarded"] if awarded else [])]
        _note("batch.answered", held, {"answers": [*sorted(said)]}, now, actor)
    batch.refresh_from_db()


def read_anew(batch: Batch, *, now: datetime, actor: Account | None) -> None:
    """Have the list judged again by what is on record now. Corrections and decisions stay."""
    with transaction.atomic():
        _read_anew(_open(batch), now)
    batch.refresh_from_db()


def remove(batch: Batch, *, now: datetime, actor: Account | None) -> None:
    """Delete a batch that was never confirmed, with its file. Raises `IssuingError` (``batch.closed``)."""
    with transaction.atomic():
        held = _open(batch, reading=True)
        reviewing.forget(held)
        _note("batch.removed", held, {"file": held.file_name}, now, actor)
        held.delete()
    storing.remove(held.file)


def _note(name: str, batch: Batch, facts: Mapping[str, JSON], now: datetime, actor: Account | None) -> None:
    auditing.note(Act(name, "batch", str(batch.pk), facts), issuer=batch.issuer, now=now, actor=actor)


def read_next(*, now: datetime, worker: str) -> bool:
    """Read one list that waits for it; False when there is none. Safe to be killed at any moment."""
    begun = time.monotonic()
    claim = _claim(now, lambda: now + timedelta(seconds=time.monotonic() - begun))
    if claim is None:
        return False
    try:
        _work_on(claim)
    except ledger.FencedError:
        pass
    except TableError as error:
        _give_up(claim, error)
    except (LaureaError, DatabaseError, OSError) as error:
        _wait(claim, ledger.explained(error))
    return True


def unattended(batch: Batch, now: datetime) -> bool:
    """Whether a list waits to be read and nobody seems to be there to do it."""
    if batch.state != Batch.State.READING or (batch.lease_until and batch.lease_until > now):
        return False
    return now - max(moment for moment in (batch.created, batch.not_before, batch.lease_until) if moment) > _PATIENCE


def today(issuer: Issuer, now: datetime) -> date:
    """The day it is where the issuer is."""
    return now.astimezone(ZoneInfo(issuer.time_zone)).date()


def _kept(issuer: Issuer, content: bytes) -> tuple[str, str]:
    if len(content) > MAX_BYTES:
        raise TableError(
            "table.too-large", f"The file has {len(content) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read",
            "Divide it into several files",
        )  # fmt: skip
    if not content.startswith(_ZIPPED):
        refuse_other_kinds(content)
    place = f"batches/{issuer.pk}/{secrets.token_hex(16)}"
    storing.put(place, content)
    return place, hashlib.sha256(content).hexdigest()


def _open(batch: Batch, *, reading: bool = False) -> Batch:
    """The batch, locked, if it can still be changed."""
    held = Batch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if held.confirmed is not None or held.by_hand:
        raise IssuingError("batch.closed", "This list is confirmed and can no longer be changed", "")
    if held.state == Batch.State.READING and not reading:
        raise IssuingError("batch.reading", "The list is being read just now", "Try again in a moment")
    return held


def _read_anew(batch: Batch, now: datetime, **values: object) -> None:
    Batch.objects.filter(pk=batch.pk).update(
        **values,
        state=Batch.State.READING,
        problem="",
        lease_until=None,
        not_before=now,
        attempts=0,
        troubles=0,
        token=F("token") + 1,
    )


def _claim(now: datetime, moment: Callable[[], datetime]) -> _Claim | None:
    waiting = Batch.objects.filter(
        Q(lease_until=None) | Q(lease_until__lte=now),
        Q(not_before=None) | Q(not_before__lte=now),
        state=Batch.State.READING,
    ).order_by("pk")
    for batch in waiting.select_related("issuer", "achievement")[:5]:
        taken = Batch.objects.filter(pk=batch.pk, token=batch.token, state=Batch.State.READING).update(
            token=batch.token + 1, lease_until=now + LEASE, attempts=F("attempts") + 1
        )
        if taken:
            return _Claim(batch, batch.token + 1, moment)
    return None


def _work_on(claim: _Claim) -> None:
    batch = claim.batch
    if batch.attempts >= MOST_ATTEMPTS:
        raise TableError(
            "table.deadly", "The file could not be read: each attempt ended the program", "Save the list as CSV"
        )
    content = storing.get(batch.file)
    reading, remembered = _read(batch, content, claim.moment())
    said = _described(reading, batch) | {"remembered": remembered, "judged": claim.moment().isoformat()}
    before = _begin(claim)
    if _undecided(reading, batch):
        claim.write(state=Batch.State.MAPPING, reading=said, lease_until=None, problem="")
        return
    if not reading.lines:
        raise TableError(
            "table.no-rows",
            "There is no line below the header" if not reading.filtered else "No line is left of the list",
            "Hand over a list with a header line and one line a person",
        )
    asked = _store(claim, reading, before)
    claim.write(
        state=Batch.State.REVIEW,
        reading=said | {"counts": reviewing.counted(batch), "asked": asked},
        options={key: value for key, value in batch.options.items() if key != "decided"},
        lease_until=None,
        not_before=None,
        problem="",
        troubles=0,
    )


def _begin(claim: _Claim) -> dict[int, Decided]:
    """Delete the rows that a reading before this one made, and give what was decided about them.

    That is noted with the batch at once: it outlives a worker that is killed before the new rows are there.
    """
    batch = claim.batch
    noted: dict[str, list[Any]] = batch.options.get("decided", {})
    decided = {int(line): Decided(*values) for line, values in noted.items()} | reviewing.decisions(batch)
    if decided:
        batch.options["decided"] = {str(line): list(astuple(value)) for line, value in decided.items()}
    with transaction.atomic():
        claim.write(lease_until=claim.moment() + LEASE, options=batch.options)
        reviewing.forget(batch)
    return decided


def _read(batch: Batch, content: bytes, now: datetime) -> tuple[Reading, bool]:
    """The list, read with the answers given, or with those remembered for files with its header."""
    options = {key: batch.options[key] for key in _ANSWERS if key in batch.options}
    if "where" in options:
        options["where"] = [(column, value) for column, value in options["where"]]
    corrections = {
        (int(line), int(position)): value
        for line, cells in batch.options.get("corrections", {}).items()
        for position, value in cells.items()
    }

    def read(**more: Any) -> Reading:
        return batches.read(
            content,
            batch.file_name,
            today=today(batch.issuer, now),
            corrections=corrections,
            each_line=True,
            by_course=False,
            **options | more,
        )

    reading = read()
    if "mapping" in options:
        return reading, False
    known = ColumnMapping.objects.filter(issuer=batch.issuer_id, headers_sha256=headers_digest(reading.columns)).first()
    if known is None or not reading.columns:
        return reading, False
    remembered = read(mapping=known.mapping, header_line=options.get("header_line", reading.header_line))
    columns = tuple(replace(column, how="mapped" if column.field else None) for column in remembered.columns)
    return replace(remembered, columns=columns), True


def _undecided(reading: Reading, batch: Batch) -> bool:
    """Whether somebody has to look at the columns first."""
    if reading.questions:
        return True
    guessed = any(column.field and column.how in ("similar", "values") for column in reading.columns)
    return guessed and not batch.options.get("confirmed")


def _store(claim: _Claim, reading: Reading, before: Mapping[int, Decided]) -> int:
    """The rows, judged, in slices: nobody waits long to write, and the claim is renewed in between.

    Gives how many ask which name is right.
    """
    batch, now = claim.batch, claim.moment()
    known = matching.records(batch.issuer, batch.achievement, [line.row for line in reading.lines], now)
    named = {line for line, decided in before.items() if decided.named}
    rules = reviewing.rules(batch, now)
    rows: list[Row] = []
    asked = 0
    for line, judgement in appraising.judge(reading.lines, reading.columns, rules, known, named=named):
        rows.append(reviewing.row(batch, line, judgement, before.get(line.line)))
        asked += reviewing.asks_name(rows[-1])
        if len(rows) == _TOGETHER:
            _write(claim, rows)
            rows = []
    _write(claim, rows)
    return asked


def _write(claim: _Claim, rows: Sequence[Row]) -> None:
    with transaction.atomic():
        claim.write(lease_until=claim.moment() + LEASE)
        Row.objects.bulk_create(rows, batch_size=500)


def _described(reading: Reading, batch: Batch) -> dict[str, Any]:
    """What was found out about the file, to show it without reading it again."""
    return {
        "kind": reading.kind,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        "sheet": reading.sheet,
        "header_line": reading.header_line,
        "columns": [asdict(column) for column in reading.columns],
        "questions": [asdict(question) for question in reading.questions],
        "notes": [asdict(note) for note in reading.notes],
        "skipped": [asdict(skipped) for skipped in reading.skipped[:50]],
        "filtered": reading.filtered,
        "manner": asdict(reading.manner),
        "courses": _courses(reading) or batch.reading.get("courses", []),
    }


def _courses(reading: Reading) -> list[list[Any]]:
    """The courses that the list names, with their lines, where there are several: [name, count]."""
    counts: dict[str, int] = {}
    for line in reading.lines:
        if line.row.course:
            counts[line.row.course] = counts.get(line.row.course, 0) + 1
    found = sorted(counts.items(), key=lambda pair: -pair[1])[:_MOST_COURSES]
    return [list(pair) for pair in found] if len(found) > 1 else []


def headers_digest(columns: Sequence[Column]) -> str:
    """What stands for a header line."""
    return hashlib.sha256(json.dumps([column.header for column in columns]).encode()).hexdigest()


def _remember(batch: Batch, mapping: Mapping[str, str], now: datetime) -> None:
    columns = reviewing.columns(batch)
    if any(column.header for column in columns):
        ColumnMapping.objects.update_or_create(
            issuer_id=batch.issuer_id,
            headers_sha256=headers_digest(columns),
            defaults={"mapping": dict(mapping), "changed": now},
        )


def _give_up(claim: _Claim, error: TableError) -> None:
    failure = {"code": error.code, "message": error.message, "hint": error.hint}
    try:
        claim.write(
            state=Batch.State.FAILED,
            problem=error.message,
            reading=claim.batch.reading | {"failure": failure},
            lease_until=None,
        )
    except ledger.FencedError:
        return


def _wait(claim: _Claim, trouble: LaureaError) -> None:
    """The machine is in trouble: the file is no worse for it, and is read as soon as the trouble is over."""
    batch = claim.batch
    pause = min(_PAUSE * 2 ** min(batch.troubles, 10), _LONGEST_PAUSE)
    try:
        claim.write(
            lease_until=None,
            not_before=claim.moment() + pause,
            attempts=batch.attempts,
            troubles=batch.troubles + 1,
            problem=trouble.message,
        )
    except ledger.FencedError:
        return
