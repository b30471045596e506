"""Releasing: whatever leaves the house as a list is written down before its first byte is sent.

Files of one credential are none of this: its holder, and whoever has its code, get the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from laurea.actions import auditing, bundling, exporting, reviewing
from laurea.actions.auditing import Act
from laurea.credentials.document import JSON
from laurea.records.models import Account, Batch, Credential, Issuer, Person


def table(
    issuer: Issuer,
    credentials: QuerySet[Credential],
    asked: Mapping[str, JSON],
    *,
    now: datetime,
    actor: Account | None,
) -> Iterator[bytes]:
    """`credentials` as CSV. `asked` says by what they were chosen, without what was typed to search for somebody."""
    _note(issuer, "export.credentials", {"as": "csv", "count": credentials.count(), **asked}, now, actor)
    return exporting.csv_of(credentials, now=now)


def files(
    issuer: Issuer,
    credentials: QuerySet[Credential],
    asked: Mapping[str, JSON],
    *,
    now: datetime,
    actor: Account | None,
) -> Iterator[bytes]:
    """A ZIP with the certificates and badges of `credentials`. `asked` as in `table`."""
    _note(issuer, "export.credentials", {"as": "zip", "count": credentials.count(), **asked}, now, actor)
    return bundling.zip_of(credentials)


def people(
    issuer: Issuer, found: QuerySet[Person], asked: Mapping[str, JSON], *, now: datetime, actor: Account | None
) -> Iterator[bytes]:
    """`found` as CSV. `asked` as in `table`."""
    _note(issuer, "export.people", {"as": "csv", "count": found.count(), **asked}, now, actor)
    return exporting.csv_of_people(found)


def refused_rows(
    batch: Batch, state: str, *, say: Callable[[str], str] = str, now: datetime, actor: Account | None
) -> tuple[list[str], Iterator[list[str]]]:
    """The rows of a batch that are in `state`, as `reviewing.bad_rows` gives them."""
    facts: dict[str, JSON] = {"as": "csv", "count": batch.rows.filter(state=state).count(), "state": state}
    _note(batch.issuer, "export.rows", {**facts, "batch": batch.pk}, now, actor, batch)
    return reviewing.bad_rows(batch, state=state, say=say)


def _note(
    issuer: Issuer,
    name: str,
    facts: Mapping[str, JSON],
    now: datetime,
    actor: Account | None,
    batch: Batch | None = None,
) -> None:
    act = Act(name, "batch" if batch else "list", str(batch.pk) if batch else "", facts)
    with transaction.atomic():
        auditing.note(act, issuer=issuer, now=now, actor=actor)
