"""Enrolling: who gets a credential becomes, or is, one of the issuer's people.

Several workers, a batch uploaded by a colleague and the people page may enrol the same person at the same time: the
database lets one of them, the others get an `IntegrityError`, look again, and find the person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from laurea.actions import auditing
from laurea.actions.auditing import Act
from laurea.actions.batches import PersonRow
from laurea.credentials.document import JSON
from laurea.credentials.errors import IssuingError
from laurea.records.models import Account, Email, Issuer, Person

_LONGEST = (
    ("name", "The name", 300),
    ("email", "The e-mail address", 254),
    ("employee_number", "The employee number", 100),
    ("department", "The department", 200),
    ("job_role", "The job role", 200),
    ("language", "The language", 10),
)
"""Characters that the records take."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who gets a credential, and the person of the records that they were found to be, if any."""

    row: PersonRow
    person: Person | None = None


@dataclass(slots=True)
class _Register:
    """The people of the issuer as far as some applicants may be them."""

    issuer: Issuer
    by_address: dict[str, Person] = field(default_factory=dict)
    by_number: dict[str, Person] = field(default_factory=dict)

    @classmethod
    def of(cls, issuer: Issuer, applicants: Sequence[Applicant]) -> _Register:
        addresses = {each.row.email for each in applicants if each.row.email}
        numbers = {each.row.employee_number for each in applicants if each.row.employee_number}
        register = cls(issuer)
        if addresses:
            found = Email.objects.filter(issuer=issuer, address__in=addresses).select_related("person")
            register.by_address = {email.address: email.person for email in found}
        if numbers:
            people = Person.objects.filter(issuer=issuer, employee_number__in=numbers)
            register.by_number = {person.employee_number: person for person in people}
        return register

    def find(self, applicant: Applicant) -> Person | None:
        """By decision of the review, else by address, else by number; never by name."""
        row = applicant.row
        found = applicant.person
        if found is None and row.email:
            found = self.by_address.get(row.email)
        if found is None and row.employee_number:
            found = self.by_number.get(row.employee_number)
        return found


def match(issuer: Issuer, applicants: Sequence[Applicant]) -> list[Person | None]:
    """Who of the issuer's people the applicants are, in their order; None for who is not known yet."""
    register = _Register.of(issuer, applicants)
    return [register.find(each) for each in applicants]


def require_fitting(row: PersonRow) -> None:
    """Raise `IssuingError` (``row.too-long``) when something about the person is longer than the records take."""
    for name, what, most in _LONGEST:
        value = getattr(row, name)
        if value and len(value) > most:
            raise IssuingError("row.too-long", f"{what} has {len(value)} characters", f"Shorten it to {most}")


def enrol(issuer: Issuer, applicants: Sequence[Applicant], *, now: datetime, actor: Account | None) -> list[Person]:
    """The person of each applicant, in their order; who is not known yet is added, what is not known is filled in.

    To be called in a transaction. Raises `IntegrityError` when somebody else has just enrolled one of them: begin the
    transaction anew.
    """
    register = _Register.of(issuer, applicants)
    enrolled: list[Person] = []
    fresh: list[Person] = []
    for applicant in applicants:
        row, person = applicant.row, register.find(applicant)
        if person is None:
            person = Person(
                issuer=issuer,
                name=row.name,
                employee_number=row.employee_number or "",
                department=row.department or "",
                job_role=row.job_role or "",
                created=now,
                changed=now,
            )
            fresh.append(person)
            if row.email:  # who stands twice in the list is one person
                register.by_address[row.email] = person
            if row.employee_number:
                register.by_number[row.employee_number] = person
        enrolled.append(person)
    Person.objects.bulk_create(fresh)
    changes: dict[int, dict[str, JSON]] = {}
    for applicant, person in zip(applicants, enrolled, strict=True):
        changes.setdefault(person.pk, {}).update(_fill_in(register, applicant.row, person, now))
    for address, person in _add_addresses(register, applicants, enrolled).items():
        changes[person.pk]["email"] = ["", address]
    auditing.note_all(_acts(fresh, enrolled, changes), issuer=issuer, now=now, actor=actor)
    return enrolled


def _acts(fresh: Sequence[Person], enrolled: Sequence[Person], changes: Mapping[int, dict[str, JSON]]) -> Iterator[Act]:
    """Of who was added, that they were; of the others, what was not known before."""
    added = {person.pk for person in fresh}
    for pk, person in {person.pk: person for person in enrolled}.items():
        if pk in added:
            yield Act("person.added", "person", str(pk), {"list": True}, person)
        elif changes[pk]:
            yield Act("person.changed", "person", str(pk), {"changes": changes[pk], "list": True}, person)


def _fill_in(register: _Register, row: PersonRow, person: Person, now: datetime) -> dict[str, JSON]:
    """What the records say stays as it is; what they leave open is taken from the row. Gives what that changed."""
    changes: dict[str, JSON] = {}
    for name in ("department", "job_role", "employee_number"):
        value = getattr(row, name)
        free = name != "employee_number" or value not in register.by_number
        if value and not getattr(person, name) and free:
            setattr(person, name, value)
            changes[name] = ["", value]
            if name == "employee_number":
                register.by_number[value] = person
    if changes:
        person.changed = now
        person.save(update_fields=[*changes, "changed", "search"])
    return changes


def _add_addresses(
    register: _Register, applicants: Sequence[Applicant], enrolled: Sequence[Person]
) -> dict[str, Person]:
    """Addresses that nobody has yet, with whose they are now; a person's first one is used for mail."""
    wanted: dict[str, Person] = {}
    taken = set(
        Email.objects.filter(
            issuer=register.issuer, address__in=[each.row.email for each in applicants if each.row.email]
        ).values_list("address", flat=True)
    )
    for applicant, person in zip(applicants, enrolled, strict=True):
        if applicant.row.email and applicant.row.email not in taken:
            wanted.setdefault(applicant.row.email, person)
    having = set(
        Email.objects.filter(person__in=list(wanted.values()), primary=True).values_list("person_id", flat=True)
    )
    fresh = []
    for address, person in wanted.items():
        fresh.append(Email(issuer=register.issuer, person=person, address=address, primary=person.pk not in having))
        having.add(person.pk)
    Email.objects.bulk_create(fresh)
    return wanted
