"""Superseding: a new credential takes the place of an older one, under the code that people know.

Nothing that was signed is ever edited. Renewed, corrected or issued anew: there is a new document, and the older one
says nothing any more about what is in force. A corrected one said something wrong, so its bit in the status list is set
as well: software that knows nothing of this installation must not call it good. A renewed one was right all along and
ends on its own day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError

from laurea.actions import auditing, status_lists
from laurea.actions.auditing import Act
from laurea.credentials.errors import IssuingError, LaureaError
from laurea.records.models import Batch, Credential, Delivery, Person, Row

_STATES = (Row.State.RENEWAL, Row.State.ISSUED)
"""Issued all the same to somebody who has one that is valid: it takes the place of that one, as a renewal does."""

_NOT_SENT = (Delivery.State.HELD, Delivery.State.DUE)


@dataclass(frozen=True, slots=True)
class Succession:
    """The credential whose place is taken, and why (`Credential.Because`)."""

    old: Credential
    because: str


@dataclass(slots=True)
class Superseded:
    """What was done: for the log; and by the replaced credential, what its successor takes over: a planned revocation.

    `plans` holds columns of `Credential`.
    """

    acts: list[Act] = field(default_factory=list)
    plans: dict[int, dict[str, object]] = field(default_factory=dict)


def successions(
    batch: Batch, rows: Sequence[Row], people: Mapping[int, Person | None]
) -> tuple[dict[int, Succession], list[tuple[Row, LaureaError]]]:
    """Whose place the credential of each row takes, by row; and the rows that can take nobody's any more.

    `people` are the persons of the rows, by row. The texts of the old ones are not loaded.
    """
    found, failed = _named(batch, [row for row in rows if row.because])
    found |= _renewals(batch, [row for row in rows if not row.because and row.state in _STATES], people)
    return found, failed


def supersede(made: Sequence[Succession], now: datetime) -> Superseded:
    """Take the old ones out of force, in the transaction that stores the new ones.

    Raises `IntegrityError` where one was replaced or revoked meanwhile, `LaureaError` where a status list cannot be
    signed.
    """
    done = Superseded()
    if not made:
        return done
    because = {each.old.pk: each.because for each in made}
    locked = Credential.objects.select_for_update(no_key=True, of=("self",)).select_related("person")
    held = list(locked.filter(pk__in=because, superseded=None).order_by("pk"))
    if len(held) != len(made) or any(_revoked(each) != _is_again(because[each.pk]) for each in held):
        raise IntegrityError("a credential that was to be replaced was replaced or revoked meanwhile")
    for each in held:
        each.superseded = now
        if each.revoke_at is not None:
            done.plans[each.pk] = {name: getattr(each, name) for name in _PLAN}
            each.revoke_at, each.revocation_reason, each.revocation_note = None, "", ""
    Credential.objects.filter(pk__in=because).update(superseded=now)
    Credential.objects.filter(pk__in=done.plans).update(revoke_at=None, revocation_reason="", revocation_note="")
    Delivery.objects.filter(credential__in=held, state__in=_NOT_SENT).delete()  # the new one is sent in their place
    status_lists.withdraw([each for each in held if because[each.pk] == Credential.Because.CORRECTION], now)
    done.acts = [
        auditing.of_credential("credential.superseded", each, {"because": str(because[each.pk])}) for each in held
    ]
    return done


_PLAN = ("revoke_at", "revocation_reason", "revocation_note")


def _named(batch: Batch, rows: Sequence[Row]) -> tuple[dict[int, Succession], list[tuple[Row, LaureaError]]]:
    """Of rows that say which credential they replace: it must still be as it was when that was said."""
    found: dict[int, Succession] = {}
    failed: list[tuple[Row, LaureaError]] = []
    in_force = Credential.objects.filter(issuer=batch.issuer, superseded=None).defer("text")
    old = in_force.in_bulk([row.replaces_id for row in rows if row.replaces_id is not None])
    for row in rows:
        credential = old.get(row.replaces_id or 0)
        if credential is None or _revoked(credential) != _is_again(row.because):
            failed.append((row, _too_late()))
        else:
            found[row.pk] = Succession(credential, row.because)
    return found, failed


def _renewals(batch: Batch, rows: Sequence[Row], people: Mapping[int, Person | None]) -> dict[int, Succession]:
    """The credential in force that each renewal replaces: the one that the review named, else its person's newest."""
    if not rows:
        return {}
    named = {row.pk: problem["credential"] for row in rows for problem in row.problems if problem.get("credential")}
    holders = [person.pk for row in rows if (person := people.get(row.pk))]
    in_force = Credential.objects.filter(
        issuer=batch.issuer, achievement=batch.achievement, superseded=None, revoked=None
    ).defer("text")
    by_pk = in_force.in_bulk(list(named.values()))
    by_person = {each.person_id: each for each in in_force.filter(person__in=holders).order_by("valid_from", "pk")}
    found: dict[int, Succession] = {}
    taken: set[int] = set()
    for row in rows:
        person = people.get(row.pk)
        renewed = by_pk.get(named.get(row.pk, 0)) or (by_person.get(person.pk) if person else None)
        if renewed is not None and renewed.pk not in taken:  # nobody replaces the same one twice
            taken.add(renewed.pk)
            found[row.pk] = Succession(renewed, Credential.Because.RENEWAL)
    return found


def _revoked(credential: Credential) -> bool:
    return credential.revoked is not None


def _is_again(because: str) -> bool:
    return because == Credential.Because.AGAIN


def _too_late() -> IssuingError:
    return IssuingError(
        "row.too-late",
        "The credential that this one was to replace was replaced or revoked meanwhile",
        "Look at it as it is now, and decide again",
    )
