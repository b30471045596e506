"""Trusting: the list of issuers elsewhere whose word this installation takes.

It says who is behind an identifier, which a signature cannot say; it never mends a signature. A bare key is known by
it, and nobody else passes for an issuer on it by its name. The list is the installation's, not an issuer's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from laurea.actions import auditing
from laurea.actions.auditing import Act
from laurea.credentials.document import JSON
from laurea.credentials.errors import TrustListError
from laurea.credentials.trust import MOST_ISSUERS, TrustList, checked
from laurea.credentials.trust import TrustedIssuer as Trusted
from laurea.records.models import Account, TrustedIssuer


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed: numbers of issuers."""

    added: int = 0
    changed: int = 0
    same: int = 0


def trust_list() -> TrustList:
    """The list, as judging takes it."""
    found = TrustedIssuer.objects.values_list("identifier", "name", "since")
    return TrustList(tuple(Trusted(identifier, name, since) for identifier, name, since in found))


def add(identifier: str, name: str, since: date, *, now: datetime, actor: Account | None) -> TrustedIssuer:
    """Trust the issuer with `identifier`, known here as `name`.

    Raises `TrustListError`: ``trust.identifier``, ``trust.name``, ``trust.twice``, ``trust.too-many``.
    """
    issuer = checked(identifier.strip(), name, since)
    with transaction.atomic():
        if TrustedIssuer.objects.count() >= MOST_ISSUERS:
            raise TrustListError("trust.too-many", f"The trust list has {MOST_ISSUERS:,} issuers already")
        try:
            with transaction.atomic():
                entry = _created(issuer, now, actor)
        except IntegrityError:
            raise TrustListError(
                "trust.twice", "This identifier is on the list already", "Remove it first to give it another name"
            ) from None
        auditing.note(_act("trust.added", entry), issuer=None, now=now, actor=actor)
    return entry


def remove(entry: TrustedIssuer, *, now: datetime, actor: Account | None) -> None:
    """Trust an issuer no longer; what it signed is judged as that of any other."""
    act = _act("trust.removed", entry)
    with transaction.atomic():
        entry.delete()
        auditing.note(act, issuer=None, now=now, actor=actor)


def take_in(text: str | bytes, *, now: datetime, actor: Account | None) -> Imported:
    """Add the issuers of a trust list in JSON; where an identifier is known, name and day of the file hold from now on.

    Nobody is removed. Raises what `TrustList.read` raises, and then nothing is changed; ``trust.too-many``.
    """
    wanted = TrustList.read(text)
    with transaction.atomic():
        known = {entry.identifier: entry for entry in TrustedIssuer.objects.select_for_update()}
        added = [_entry(issuer, now, actor) for issuer in wanted if issuer.identifier not in known]
        if len(known) + len(added) > MOST_ISSUERS:
            raise TrustListError("trust.too-many", f"The trust list would have more than {MOST_ISSUERS:,} issuers")
        changed = []
        for issuer in wanted:
            entry = known.get(issuer.identifier)
            if entry is not None and (entry.name, entry.since) != (issuer.name, issuer.since):
                entry.name, entry.since = issuer.name, issuer.since
                changed.append(entry)
        added = TrustedIssuer.objects.bulk_create(added)
        TrustedIssuer.objects.bulk_update(changed, ["name", "since"], batch_size=500)
        acts = [_act("trust.imported", entry) for entry in (*added, *changed)]
        auditing.note_all(acts, issuer=None, now=now, actor=actor)
    return Imported(len(added), len(changed), len(wanted) - len(added) - len(changed))


def _created(issuer: Trusted, now: datetime, actor: Account | None) -> TrustedIssuer:
    entry = _entry(issuer, now, actor)
    entry.save(force_insert=True)
    return entry


def _entry(issuer: Trusted, now: datetime, actor: Account | None) -> TrustedIssuer:
    return TrustedIssuer(
        identifier=issuer.identifier, name=issuer.name, since=issuer.since, added_by=actor, created=now
    )


def _act(name: str, entry: TrustedIssuer) -> Act:
    facts: dict[str, JSON] = {"id": entry.identifier, "name": entry.name, "since": entry.since.isoformat()}
    return Act(name, "trusted-issuer", str(entry.pk), facts)
