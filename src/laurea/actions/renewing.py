"""Renewing: whose credentials end soon, and the list of them, ready to be reviewed and issued again.

A renewal is a list as any other: made here instead of being uploaded, then compared with the records, corrected and
confirmed in the same review. The renewed credentials keep their codes.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from laurea.actions import intake, matching, standing
from laurea.actions.batches import escape_cell
from laurea.actions.standing import Standing
from laurea.credentials.errors import IssuingError
from laurea.records.models import Account, Achievement, Batch, Credential, Email, Issuer

LOOKED_BACK = timedelta(days=365)
"""How long ago a credential may have ended to be offered for renewal."""

_HEADINGS = ("Name", "E-mail", "Employee number")


@dataclass(slots=True)
class Waiting:
    """How many credentials of an achievement could be renewed: those that end soon, and those that have ended."""

    achievement: Achievement
    expiring: int = 0
    expired: int = 0
    first: datetime | None = None
    """When the next one ends, or None where all have ended."""


def waiting(issuer: Issuer, now: datetime) -> list[Waiting]:
    """What could be renewed, by achievement, the most pressing first."""
    found: dict[int, Waiting] = {}
    for credential in _ending(issuer, now).select_related("achievement").iterator(chunk_size=2_000):
        held = matching.held(credential, now)
        if not held.renewable or held.valid_until is None:
            continue
        of = found.setdefault(credential.achievement_id, Waiting(credential.achievement))
        if held.standing is Standing.EXPIRED:
            of.expired += 1
        else:
            of.expiring += 1
            of.first = min(of.first or held.valid_until, held.valid_until)
    return sorted(found.values(), key=lambda each: (each.first is None, each.first, each.achievement.name))


def begin(
    issuer: Issuer, achievement: Achievement, *, expired: bool = False, now: datetime, actor: Account | None
) -> Batch:
    """Make the list of those whose credential of `achievement` ends soon, of the `expired` ones as well; a worker reads
    it, and it stands ready to be reviewed.

    Whoever has left is not on it, nor who is known neither by an address nor by a number: a list cannot tell whom it
    means by the name alone. A list of the same people that still waits to be confirmed is given instead of a second
    one. Raises `IssuingError` ``renewing.archived``, ``renewing.nobody``, and what `intake.upload`
    raises.
    """
    if achievement.archived is not None:
        raise IssuingError("renewing.archived", "This achievement is archived", "Take it back into use first")
    people = sorted(set(_people(issuer, achievement, expired, now)))
    if not people:
        raise IssuingError(
            "renewing.nobody",
            "There is nobody whose credential could be renewed from a list",
            "Renew it by hand for whoever has neither an e-mail address nor an employee number",
        )
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    writer.writerows([escape_cell(cell) for cell in person] for person in people)
    name, content = f"renewals-{now:%Y-%m-%d}.csv", page.getvalue().encode()
    with transaction.atomic():
        Issuer.objects.select_for_update(no_key=True).get(pk=issuer.pk)  # pressed twice, there is one list
        begun = Batch.objects.filter(issuer=issuer, achievement=achievement, confirmed=None).exclude(
            state=Batch.State.FAILED
        )
        same = begun.filter(file_sha256=hashlib.sha256(content).hexdigest()).order_by("-pk").first()
        return same or intake.upload(issuer, achievement, name=name, content=content, now=now, actor=actor)


def _people(issuer: Issuer, achievement: Achievement, expired: bool, now: datetime) -> Iterator[tuple[str, str, str]]:
    """Name, address and number of each holder, as they are on record today."""
    primary = Prefetch("person__emails", Email.objects.filter(primary=True), to_attr="used_for_mail")
    ending = _ending(issuer, now).filter(achievement=achievement, revoke_at=None)
    for credential in ending.select_related("person").prefetch_related(primary):
        person, held = credential.person, matching.held(credential, now)
        if not held.renewable or (held.standing is Standing.EXPIRED and not expired):
            continue
        if person is None:
            if credential.email:
                yield credential.name, credential.email, ""
        elif person.active:
            address = next((email.address for email in person.used_for_mail), "")  # type: ignore[attr-defined]
            if address or person.employee_number:
                yield person.name, address, person.employee_number


def _ending(issuer: Issuer, now: datetime) -> QuerySet[Credential]:
    """In force, and ended a while ago or about to end."""
    return Credential.objects.filter(
        issuer=issuer,
        revoked=None,
        superseded=None,
        valid_until__gte=now - LOOKED_BACK,
        valid_until__lte=now + standing.SOON,
    ).defer("text")
