"""People from a list: what it would change is shown first, then done as a whole or not at all.

Somebody on the list is found by employee number or e-mail address, never by name. Only columns that the list has change
anything, and an empty cell changes nothing. An address that is new becomes the one used for mail; earlier ones stay, so
that whoever uses one of them is still known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import FilteredRelation, Q, QuerySet

from laurea.actions import auditing, batches, storing
from laurea.actions.auditing import Act
from laurea.actions.batches import Column, PersonRow, Reading, RowError
from laurea.actions.batches.persons import same_name
from laurea.actions.batches.synonyms import fold
from laurea.actions.people import PeopleError
from laurea.credentials.document import JSON
from laurea.records.folding import LONGEST, folded
from laurea.records.models import Account, Email, Issuer, Person

_NOT_ABOUT_PEOPLE = ("course", "awarded", "expires", "result", "hours", "evidence", "note", "status")
_TEXTS = {"employee_number": 100, "department": 200, "job_role": 200, "language": 10}
_ACTIVE = frozenset(("active", "is active", "aktiv", "ist aktiv"))
_YES = frozenset(("yes", "y", "true", "1", "x", "active", "ja", "j", "wahr", "aktiv"))
_NO = frozenset(("no", "n", "false", "0", "inactive", "nein", "falsch", "inaktiv"))
_TOGETHER = 2_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody decided about the file: its sheet, and columns by field. Like the arguments of `batches.read`."""

    sheet: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edit:
    """One value that changes: `field` is a field of `Person`, or ``email``."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody on record, with the address used for mail. No model: fifty thousand of those take their time."""

    pk: int
    name: str
    employee_number: str
    department: str
    job_role: str
    language: str
    active: bool
    email: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a line changes about somebody. `doubtful`: the name or number is so different that it may be a mistake."""

    line: int
    person: Known
    edits: tuple[Edit, ...]
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is not known yet."""

    row: PersonRow
    active: bool


@dataclass(slots=True)
class Plan:
    """What taking a list in would do. `twice` are lines about somebody further up, which are left out."""

    newcomers: list[Newcomer] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    twice: list[PersonRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing would be written."""
        return not self.newcomers and not self.changes

    @property
    def digest(self) -> str:
        """The same for plans that do the same: what was reviewed is what is done."""
        said = hashlib.sha256()
        for newcomer in self.newcomers:
            said.update(repr((newcomer.row, newcomer.active)).encode())
        for change in self.changes:
            said.update(repr((change.line, change.person.pk, change.edits)).encode())
        return said.hexdigest()


def keep(issuer: Issuer, content: bytes, *, actor: Account) -> str:
    """Put a file aside until its review is over; the next one of the same account takes its place. Gives its digest."""
    storing.put(_place(issuer, actor), content)
    return hashlib.sha256(content).hexdigest()


def kept(issuer: Issuer, digest: str, *, actor: Account) -> bytes | None:
    """The file that was put aside, None when it is gone or another one."""
    try:
        content = storing.get(_place(issuer, actor))
    except storing.StoringError as error:
        if error.code == "storing.absent":
            return None
        raise
    return content if hashlib.sha256(content).hexdigest() == digest else None


def forget(issuer: Issuer, *, actor: Account) -> None:
    """Delete the file that was put aside."""
    storing.remove(_place(issuer, actor))


def read(content: bytes, name: str, answers: Answers, *, today: date) -> Reading:
    """The list, read. It may hold questions; `answers` are what was said to them. Raises `TableError`."""
    ignored = dict.fromkeys(_NOT_ABOUT_PEOPLE, "")
    return batches.read(content, name, today=today, mapping=ignored | dict(answers.mapping), sheet=answers.sheet)


def active_column(reading: Reading) -> Column | None:
    """The column that says who is active: none of the fields that certificates need."""
    return next((column for column in reading.columns if fold(column.header) in _ACTIVE), None)


def plan(issuer: Issuer, reading: Reading) -> Plan:
    """What taking `reading` in would do. Writes nothing."""
    made = Plan(errors=list(reading.errors))
    rows = []
    for row in reading.rows:
        if row.state == "duplicate":
            made.twice.append(row)
        else:
            rows.append(_unescaped(row))
    register = _Register.of(issuer, rows)
    columns = {column.field: column for column in reading.columns if column.field}
    says_active = active_column(reading)
    active = says_active.label if says_active else None
    seen: dict[int, int] = {}
    for row in rows:
        try:
            _plan_row(made, register, row, active, seen)
        except _Refused as refused:
            column = columns.get(refused.field)
            made.errors.append(
                RowError(
                    row.line,
                    column.label if column else refused.field and (active or ""),
                    refused.value,
                    refused.reason,
                    refused.hint,
                    refused.code,
                    column.position if column else 0,
                )
            )
    made.errors.sort(key=lambda error: (error.line, error.position))
    return made


def apply(issuer: Issuer, reading: Reading, digest: str, *, now: datetime, actor: Account | None) -> Plan:
    """Do what a plan with this `digest` said, all of it in one transaction.

    Raises `PeopleError` ``people.changed-meanwhile`` when the records are no longer what they were at the review.
    """
    try:
        with transaction.atomic():
            Issuer.objects.select_for_update(no_key=True).get(pk=issuer.pk)
            made = plan(issuer, reading)
            if made.digest != digest:
                raise _changed_meanwhile()
            _write(issuer, made, now, actor)
    except IntegrityError:
        raise _changed_meanwhile() from None
    return made


class _Refused(Exception):  # noqa: N818 - caught here, for one row
    def __init__(self, field: str, value: str, code: str, reason: str, hint: str) -> None:
        super().__init__(code)
        self.field, self.value, self.code, self.reason, self.hint = field, value, code, reason, hint


@dataclass(slots=True)
class _Register:
    """The people of the issuer whom some rows may be about, found in a few queries for each thousand rows."""

    by_number: dict[str, Known] = field(default_factory=dict)
    by_address: dict[str, Known] = field(default_factory=dict)

    @classmethod
    def of(cls, issuer: Issuer, rows: Sequence[PersonRow]) -> _Register:
        addresses: dict[str, int] = {}
        people: dict[int, Known] = {}
        for some in _parts(sorted({row.email.lower() for row in rows if row.email})):
            addresses.update(Email.objects.filter(issuer=issuer, address__in=some).values_list("address", "person"))
        for some in _parts(sorted({row.employee_number for row in rows if row.employee_number})):
            people.update(_known(Person.objects.filter(issuer=issuer, employee_number__in=some)))
        for keys in _parts(sorted(set(addresses.values()) - people.keys())):
            people.update(_known(Person.objects.filter(issuer=issuer, pk__in=keys)))
        return cls(
            {person.employee_number: person for person in people.values()},
            {address: people[key] for address, key in addresses.items()},
        )


def _known(people: QuerySet[Person]) -> dict[int, Known]:
    primary = FilteredRelation("emails", condition=Q(emails__primary=True))
    found = people.annotate(used=primary).values_list("pk", "name", *_TEXTS, "active", "used__address")
    return {
        pk: Known(pk, name, number, department, job_role, language, active, address or "")
        for pk, name, number, department, job_role, language, active, address in found
    }


def _plan_row(made: Plan, register: _Register, row: PersonRow, active: str | None, seen: dict[int, int]) -> None:
    _require_fitting(row)
    is_active = _active(row, active)
    by_number = register.by_number.get(row.employee_number or "")
    by_address = register.by_address.get(row.email.lower() if row.email else "")
    if by_number and by_address and by_number.pk != by_address.pk:
        raise _Refused(
            "employee_number",
            row.employee_number or "",
            "people.two",
            f"the number is {by_number.name}'s, the e-mail address {by_address.name}'s",
            "Correct one of the two",
        )
    person = by_number or by_address
    if person is None:
        made.newcomers.append(Newcomer(row, is_active is not False))
        return
    if person.pk in seen:
        raise _Refused(
            "",
            row.name,
            "people.again",
            f"line {seen[person.pk]} is about the same person, {person.name}",
            "Keep one of the two lines",
        )
    seen[person.pk] = row.line
    edits = tuple(_edits(person, row, is_active))
    if edits:
        named = {edit.field for edit in edits}
        doubtful = "name" in named and not same_name(person.name, row.name)
        doubtful |= bool("employee_number" in named and person.employee_number)
        made.changes.append(Change(row.line, person, edits, doubtful))
    else:
        made.unchanged += 1


def _edits(person: Known, row: PersonRow, active: bool | None) -> Iterator[Edit]:
    for name in ("name", *_TEXTS):
        new = getattr(row, name)
        if new and new != getattr(person, name):
            yield Edit(name, getattr(person, name), new)
    if row.email and row.email.lower() != person.email:
        yield Edit("email", person.email, row.email.lower())
    if active is not None and active != person.active:
        yield Edit("active", "yes" if person.active else "no", "yes" if active else "no")


def _unescaped(row: PersonRow) -> PersonRow:
    """`row` without the apostrophes that an export put before what looks like a formula: a number such as -7."""
    said = {name: getattr(row, name) for name in _TEXTS}
    plain = {name: value[1:] for name, value in said.items() if value and value[0] == "'" and _escaped(value)}
    return replace(row, **plain) if plain else row


def _escaped(value: str) -> bool:
    return batches.escape_cell(value[1:]) == value


def _require_fitting(row: PersonRow) -> None:
    for name, longest in _TEXTS.items():
        value = getattr(row, name)
        if value and len(value) > longest:
            raise _Refused(
                name,
                value[:80],
                "people.long",
                f"{len(value)} characters do not fit; at most {longest} do",
                "Shorten it",
            )


def _active(row: PersonRow, column: str | None) -> bool | None:
    said = row.extra.get(column, "") if column else ""
    if not said:
        return None
    if said.casefold() in _YES or said.casefold() in _NO:
        return said.casefold() in _YES
    raise _Refused("active", said[:80], "people.active", "this says neither yes nor no", "Write yes or no")


def _write(issuer: Issuer, made: Plan, now: datetime, actor: Account | None) -> None:
    fresh = [
        Person(
            issuer_id=issuer.pk,
            name=newcomer.row.name,
            active=newcomer.active,
            created=now,
            changed=now,
            **{name: getattr(newcomer.row, name) or "" for name in _TEXTS},
        )
        for newcomer in made.newcomers
    ]
    Person.objects.bulk_create(fresh, batch_size=_TOGETHER)
    addresses = {
        newcomer.row.email.lower(): person.pk
        for newcomer, person in zip(made.newcomers, fresh, strict=True)
        if newcomer.row.email
    }
    _write_changes(made.changes, now)
    moving = {edit.new: change.person.pk for change in made.changes for edit in change.edits if edit.field == "email"}
    _write_addresses(issuer, addresses, moving)
    acts = [Act("person.added", "person", str(person.pk), {"list": True}, person) for person in fresh]
    acts += [_act(change) for change in made.changes]
    auditing.note_all(acts, issuer=issuer, now=now, actor=actor)


def _act(change: Change) -> Act:
    changes: dict[str, JSON] = {edit.field: [edit.old, edit.new] for edit in change.edits}
    key = change.person.pk
    return Act("person.changed", "person", str(key), {"changes": changes, "list": True}, Person(pk=key))


def _write_changes(changes: Sequence[Change], now: datetime) -> None:
    """One prepared statement for all of them: `bulk_update` would write a case for each value."""
    moment = connection.ops.adapt_datetimefield_value(now)
    columns = ("name", *_TEXTS, "active", "search", "changed")
    sql = f"UPDATE {Person._meta.db_table} SET {', '.join(f'{column} = %s' for column in columns)} WHERE id = %s"  # noqa: S608 - no text of others
    with connection.cursor() as cursor:
        cursor.executemany(sql, [_changed(change, moment) for change in changes])


def _changed(change: Change, moment: Any) -> tuple[Any, ...]:
    new = {edit.field: edit.new for edit in change.edits}
    person = change.person
    name, number = new.get("name", person.name), new.get("employee_number", person.employee_number)
    return (
        name,
        number,
        new.get("department", person.department),
        new.get("job_role", person.job_role),
        new.get("language", person.language),
        new["active"] == "yes" if "active" in new else person.active,
        folded(f"{name} {number}")[:LONGEST],
        moment,
        person.pk,
    )


def _write_addresses(issuer: Issuer, fresh: Mapping[str, int], moving: Mapping[str, int]) -> None:
    owned: set[str] = set()
    for some in _parts(moving):
        people = [moving[address] for address in some]
        Email.objects.filter(person__in=people, primary=True).update(primary=False)
        there = Email.objects.filter(issuer=issuer, address__in=some)
        owned |= set(there.values_list("address", flat=True))
        there.update(primary=True)
    new = dict(fresh) | {address: person for address, person in moving.items() if address not in owned}
    Email.objects.bulk_create(
        (
            Email(issuer_id=issuer.pk, person_id=person, address=address, primary=True)
            for address, person in new.items()
        ),
        batch_size=_TOGETHER,
    )


def _place(issuer: Issuer, actor: Account) -> str:
    return f"lists/people/{issuer.pk}/{actor.pk}"


def _changed_meanwhile() -> PeopleError:
    return PeopleError(
        "people.changed-meanwhile",
        "Somebody has changed these people since you looked, so nothing was written",
        "Look through the list once more",
    )


def _parts(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while part := list(islice(rest, _TOGETHER)):
        yield part
