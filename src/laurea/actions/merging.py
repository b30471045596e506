"""Merging: two people on record who are one in life become one on record, with all that either of them holds.

Nothing that was signed changes: names on certificates stay as they were issued. It cannot be undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from laurea.actions import auditing
from laurea.actions.auditing import Act
from laurea.actions.people import MOST_ADDRESSES, PeopleError
from laurea.records.models import Account, Credential, Email, Entry, Person, Row

_FILLED_IN = ("employee_number", "department", "job_role", "language")


@dataclass(frozen=True, slots=True)
class Merger:
    """What would come of it: the person who stays, with what is filled in; and what of the other one is dropped.

    `addresses` has the one used for mail first. `dropped` are pairs (field, value).
    """

    name: str
    addresses: tuple[str, ...]
    filled_in: dict[str, str]
    dropped: tuple[tuple[str, str], ...]
    credentials: int


def prospect(person: Person, other: Person) -> Merger:
    """What merging `other` into `person` would come to. Changes nothing."""
    addresses = [*_addresses(person), *_addresses(other)]
    filled_in = {name: value for name in _FILLED_IN if (value := getattr(other, name)) and not getattr(person, name)}
    dropped = [(name, getattr(other, name)) for name in ("name", *_FILLED_IN) if name not in filled_in]
    return Merger(
        name=person.name,
        addresses=tuple(addresses),
        filled_in=filled_in,
        dropped=tuple((name, value) for name, value in dropped if value and value != getattr(person, name)),
        credentials=Credential.objects.filter(person__in=[person, other], superseded=None).count(),
    )


def merge(person: Person, other: Person, *, now: datetime, actor: Account | None) -> None:
    """Make `other` and `person` one: `person` stays and gets all that `other` has; `other` is no longer there.

    What is known about `person` stays as it is, and what is not known is filled in. Raises `PeopleError`:
    ``merging.same``, ``merging.gone``, ``merging.addresses``.
    """
    if person.pk == other.pk or person.issuer_id != other.issuer_id:
        raise PeopleError("merging.same", "Choose somebody else of this organisation", "One person cannot be merged")
    with transaction.atomic():
        locked = Person.objects.select_for_update(no_key=True).order_by("pk").in_bulk([person.pk, other.pk])
        if len(locked) != 2:
            raise PeopleError("merging.gone", "One of the two is no longer there", "Look at the list of people again")
        stays, goes = locked[person.pk], locked[other.pk]
        coming = prospect(stays, goes)
        if len(coming.addresses) > MOST_ADDRESSES:
            raise PeopleError(
                "merging.addresses", f"A person has at most {MOST_ADDRESSES} addresses", "Remove some of them first"
            )
        moved = _move_credentials(goes, stays)
        acts = [auditing.of_credential("credential.moved", each, {"from": goes.pk, "to": stays.pk}) for each in moved]
        facts = {"merged": goes.pk, "credentials": len(moved), "filled_in": sorted(coming.filled_in)}
        acts.append(Act("person.merged", "person", str(stays.pk), facts, stays))  # type: ignore[arg-type]
        _move_addresses(goes, stays)
        Row.objects.filter(person=goes).update(person=stays)
        Entry.objects.filter(person=goes).update(person=stays)  # found by the person that they now are
        goes.delete()  # before the number, which only one can have
        for name, value in coming.filled_in.items():
            setattr(stays, name, value)
        stays.active, stays.changed = stays.active or goes.active, now
        stays.save()
        auditing.note_all(acts, issuer=stays.issuer, now=now, actor=actor)
    person.refresh_from_db()


def _addresses(person: Person) -> list[str]:
    return list(person.emails.order_by("-primary", "pk").values_list("address", flat=True))


def _move_credentials(goes: Person, stays: Person) -> list[Credential]:
    held = list(Credential.objects.select_for_update(no_key=True).filter(person=goes).order_by("pk"))
    for each in held:
        each.person = stays
    Credential.objects.filter(pk__in=[each.pk for each in held]).update(person=stays)
    return held


def _move_addresses(goes: Person, stays: Person) -> None:
    if stays.emails.filter(primary=True).exists():
        goes.emails.update(primary=False)
    Email.objects.filter(person=goes).update(person=stays)
