"""People: who holds, or may come to hold, a credential. Added, corrected, and let go without losing what they earned.

Within an issuer an e-mail address and an employee number belong to one person; the database holds to that, whoever
else is at work (`enrolling`, `people_lists`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from laurea.actions import auditing, differing
from laurea.actions.auditing import Act
from laurea.actions.batches.people import clean_address, clean_name, clean_text
from laurea.credentials.document import JSON
from laurea.credentials.errors import LaureaError
from laurea.records.models import Account, Email, Issuer, Person

MOST_ADDRESSES = 10

FIELDS = ("name", "employee_number", "department", "job_role", "language", "active")


class PeopleError(LaureaError):
    """A person cannot be kept like this. `field` names what is to be corrected, "" for nothing in particular."""

    def __init__(self, code: str, message: str, hint: str = "", field: str = "") -> None:
        super().__init__(code, message, hint)
        self.field = field


@dataclass(frozen=True, slots=True)
class Details:
    """What is known about a person, as somebody typed it. The first of `emails` is the one used for mail."""

    name: str
    emails: Sequence[str] = ()
    employee_number: str = ""
    department: str = ""
    job_role: str = ""
    language: str = ""
    active: bool = True


def add(issuer: Issuer, details: Details, *, now: datetime, actor: Account | None) -> Person:
    """A new person. Raises `PeopleError` for what cannot be, and for what is somebody else's already."""
    return _keep(Person(issuer=issuer, created=now), details, now, actor)


def edit(person: Person, details: Details, *, now: datetime, actor: Account | None) -> Person:
    """Put `details` in the place of what is known. Credentials stay as they were signed. Raises like `add`."""
    return _keep(person, details, now, actor)


def deactivate(person: Person, *, now: datetime, actor: Account | None) -> None:
    """Let somebody go: they keep everything they earned, and no longer count as somebody of the organisation."""
    _set_active(person, False, now, actor)


def activate(person: Person, *, now: datetime, actor: Account | None) -> None:
    """Take somebody back."""
    _set_active(person, True, now, actor)


def remove(person: Person, *, now: datetime, actor: Account | None) -> None:
    """Delete somebody who holds nothing. Raises `PeopleError` ``people.holds`` for everybody else."""
    with transaction.atomic():
        if person.credentials.exists():
            raise PeopleError(
                "people.holds",
                "This person holds credentials, which must stay verifiable",
                "Set the person inactive instead; everything earned is kept",
            )
        # Without a name: who is deleted is to be forgotten.
        act = Act("person.removed", "person", str(person.pk))
        auditing.note(act, issuer=person.issuer, now=now, actor=actor)
        person.delete()


def _set_active(person: Person, active: bool, now: datetime, actor: Account | None) -> None:
    with transaction.atomic():
        before = Person.objects.select_for_update(no_key=True).get(pk=person.pk).active
        person.active, person.changed = active, now
        person.save(update_fields=["active", "changed"])
        if before != active:
            _note("person.changed", person, {"changes": {"active": [before, active]}}, now, actor)


def _note(name: str, person: Person, facts: Mapping[str, JSON], now: datetime, actor: Account | None) -> None:
    act = Act(name, "person", str(person.pk), facts, person)
    auditing.note(act, issuer=person.issuer, now=now, actor=actor)


def _told(person: Person) -> dict[str, JSON]:
    """What is known about a person, as entries of the log tell it where it was changed."""
    told: dict[str, JSON] = {field: getattr(person, field) for field in FIELDS}
    return told | {"emails": [*person.emails.order_by("-primary", "address").values_list("address", flat=True)]}


def _keep(person: Person, details: Details, now: datetime, actor: Account | None) -> Person:
    known = person.pk
    person.name = _name(details.name)
    person.employee_number = _text(details.employee_number, 100, "employee_number")
    person.department = _text(details.department, 200, "department")
    person.job_role = _text(details.job_role, 200, "job_role")
    person.language, person.active, person.changed = details.language[:10], details.active, now
    addresses = _addresses(details.emails)
    try:
        with transaction.atomic():
            _require_free(person, addresses)
            before = _told(Person.objects.select_for_update(no_key=True).get(pk=known)) if known else {}
            person.save()
            _set_addresses(person, addresses)
            if not known:
                _note("person.added", person, {}, now, actor)
            elif changes := differing.between(before, _told(person)):
                _note("person.changed", person, {"changes": changes}, now, actor)
    except IntegrityError:  # somebody took the number or an address in this very moment
        _require_free(person, addresses)
        raise
    return person


def _set_addresses(person: Person, addresses: Sequence[str]) -> None:
    there = {email.address: email for email in person.emails.all()}
    person.emails.exclude(address__in=addresses).delete()
    person.emails.filter(primary=True).exclude(address__in=addresses[:1]).update(primary=False)
    for position, address in enumerate(addresses):
        primary = position == 0
        if address not in there:
            Email.objects.create(issuer_id=person.issuer_id, person=person, address=address, primary=primary)
        elif there[address].primary != primary:
            person.emails.filter(address=address).update(primary=primary)


def _require_free(person: Person, addresses: Sequence[str]) -> None:
    if person.employee_number:
        others = Person.objects.filter(issuer_id=person.issuer_id, employee_number=person.employee_number)
        if other := others.exclude(pk=person.pk).first():
            raise PeopleError(
                "people.number-taken",
                f"The employee number {person.employee_number} is {other.name}'s",
                "Correct it, or leave it empty",
                "employee_number",
            )
    taken = Email.objects.filter(issuer_id=person.issuer_id, address__in=addresses).exclude(person=person.pk)
    if email := taken.select_related("person").first():
        raise PeopleError(
            "people.address-taken",
            f"The address {email.address} is {email.person.name}'s",
            "One address belongs to one person; give another one, or edit that person",
            "emails",
        )


def _name(typed: str) -> str:
    name, findings = clean_name(typed)
    for finding in findings:
        if finding.fatal:
            raise PeopleError(finding.code, _sentence(finding.reason), finding.hint, "name")
    return name


def _text(typed: str, longest: int, field: str) -> str:
    text = clean_text(typed)
    if len(text) > longest:
        raise PeopleError(
            "people.long", f"{len(text)} characters do not fit; at most {longest} do", "Shorten it", field
        )
    return text


def _addresses(typed: Sequence[str]) -> list[str]:
    found: list[str] = []
    for each in typed:
        address, findings = clean_address(each)
        for finding in findings:
            if finding.fatal:
                raise PeopleError(finding.code, f"“{each.strip()[:80]}” is no e-mail address", finding.hint, "emails")
        if address and address.lower() not in found:
            found.append(address.lower())
    if len(found) > MOST_ADDRESSES:
        raise PeopleError("people.addresses", f"A person has at most {MOST_ADDRESSES} addresses", "", "emails")
    return found


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:]
