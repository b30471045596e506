"""Matching: which rows are people that the issuer knows already, and what those hold of an achievement.

A person is known by e-mail address or employee number, never by name alone: two people may share one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from laurea.actions import standing
from laurea.actions.batches import PersonRow
from laurea.actions.standing import Standing
from laurea.records.models import Achievement, Credential, Email, Issuer, Person

_TOGETHER = 1_000


@dataclass(frozen=True, slots=True)
class Known:
    """A person on record, as far as a row is compared with one."""

    pk: int
    name: str
    employee_number: str


@dataclass(frozen=True, slots=True)
class Held:
    """A credential of the achievement that somebody has, and how it stands."""

    pk: int
    code: str
    valid_from: datetime
    valid_until: datetime | None
    standing: Standing

    @property
    def renewable(self) -> bool:
        """Whether its time has come: it has expired, or expires soon."""
        return self.standing in (Standing.EXPIRED, Standing.EXPIRING)


@dataclass(slots=True)
class Records:
    """What the records know about the people of some rows."""

    by_email: dict[str, Known] = field(default_factory=dict)
    by_number: dict[str, Known] = field(default_factory=dict)
    of_person: dict[int, Held] = field(default_factory=dict)
    of_email: dict[str, Held] = field(default_factory=dict)
    of_name: dict[str, Held] = field(default_factory=dict)

    def people(self, row: PersonRow) -> tuple[Known | None, Known | None]:
        """Whom the row's e-mail address belongs to, and whom its employee number."""
        email = self.by_email.get(row.email.lower()) if row.email else None
        return email, self.by_number.get(row.employee_number) if row.employee_number else None

    def held(self, row: PersonRow, person: Known | None) -> Held | None:
        """The credential that the row's person has for the achievement."""
        if person and (held := self.of_person.get(person.pk)):
            return held
        return self.of_email.get(row.email.lower()) if row.email else None

    def namesake(self, row: PersonRow) -> Held | None:
        """A credential for somebody of the row's name of whom only the name is known, as of the row's own person."""
        return None if row.email or row.employee_number else self.of_name.get(row.name)


def records(issuer: Issuer, achievement: Achievement, rows: Sequence[PersonRow], now: datetime) -> Records:
    """What is on record about the people of `rows`, in a handful of queries for each thousand of them."""
    found = Records()
    for some in _parts(rows):
        _people(found, issuer, some)
        _credentials(found, issuer, achievement, some, now)
    return found


def _people(found: Records, issuer: Issuer, rows: Sequence[PersonRow]) -> None:
    addresses = {row.email.lower() for row in rows if row.email}
    numbers = {row.employee_number for row in rows if row.employee_number}
    if addresses:
        for address, pk, name, number in Email.objects.filter(issuer=issuer, address__in=addresses).values_list(
            "address", "person_id", "person__name", "person__employee_number"
        ):
            found.by_email[address] = Known(pk, name, number)
    if numbers:
        for pk, name, number in Person.objects.filter(issuer=issuer, employee_number__in=numbers).values_list(
            "pk", "name", "employee_number"
        ):
            found.by_number[number] = Known(pk, name, number)


def _credentials(
    found: Records, issuer: Issuer, achievement: Achievement, rows: Sequence[PersonRow], now: datetime
) -> None:
    in_force = Credential.objects.filter(
        issuer=issuer, achievement=achievement, revoked__isnull=True, superseded__isnull=True
    ).order_by("valid_from", "pk")  # the newest is taken last, and stays
    people = {known.pk for row in rows for known in found.people(row) if known}
    addresses = {row.email.lower() for row in rows if row.email}
    names = {row.name for row in rows if not row.email and not row.employee_number}
    for credential in _some(in_force, "person", people):
        found.of_person[credential.person_id or 0] = held(credential, now)
    for credential in _some(in_force, "email", addresses):
        found.of_email[credential.email] = held(credential, now)
    for credential in _some(in_force.filter(email=""), "name", names):
        found.of_name[credential.name] = held(credential, now)


def _some(credentials: QuerySet[Credential], field: str, values: Collection[object]) -> Iterable[Credential]:
    if not values:
        return ()
    return credentials.filter(**{f"{field}__in": values}).only(
        "code", "name", "email", "person", "valid_from", "valid_until", "revoked", "superseded"
    )


def held(credential: Credential, now: datetime) -> Held:
    """How a credential in force stands for whoever asks whether its time has come."""
    stands = standing.of(credential, now)
    if stands is Standing.EXPIRING and credential.valid_until is not None:
        # Of a span so short that it always expires soon, only the last third counts.
        span = credential.valid_until - credential.valid_from
        stands = stands if (credential.valid_until - now) * 3 <= span else Standing.VALID
    return Held(credential.pk, credential.code, credential.valid_from, credential.valid_until, stands)


def _parts(rows: Sequence[PersonRow]) -> Iterator[Sequence[PersonRow]]:
    for first in range(0, len(rows), _TOGETHER):
        yield rows[first : first + _TOGETHER]
