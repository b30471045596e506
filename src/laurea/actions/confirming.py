"""Confirming: a reviewed batch becomes work. From here on nobody is needed; workers do the rest, each row once.

Everything that must not depend on who does the work, or how often it is begun, is fixed here, in one transaction: the
design's version, the seed of codes and identifiers, the moment of issue, each row's place and with it its entry in a
status list, and the chunks in which rows are worked on.
"""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q

from laurea.actions import auditing, designing, freezing, ledger, status_lists
from laurea.actions.auditing import Act
from laurea.actions.numbering import SEED_BYTES
from laurea.credentials.document import JSON
from laurea.credentials.errors import IssuingError
from laurea.records.models import Account, Achievement, Batch, Chunk, Credential, Issuer, Person, Row

_SMALLEST_CHUNK, _LARGEST_CHUNK = 10, 100
_PIECES = 16
"""Into how many chunks a small batch is cut at least, so that the last ones end together on several processors."""

TO_ISSUE = (Q(state__in=[Row.State.READY, Row.State.WARNING, Row.State.RENEWAL]) & ~Q(decision=Row.Decision.LEAVE)) | Q(
    state__in=[Row.State.DUPLICATE, Row.State.ISSUED], decision=Row.Decision.ISSUE
)
"""The rows of a reviewed batch that become credentials. One in error never does."""


def confirm(batch: Batch, *, send_mail: bool, like: Batch | None = None, now: datetime, actor: Account | None) -> None:
    """Let workers issue the batch. Confirmed once, however often the button is pressed.

    `like` is an earlier batch whose achievement, issuer and design are meant, as they were then.

    Raises `IssuingError`: ``batch.not-in-review`` for one that is not ready for it, ``batch.nothing-to-issue``; and
    `LaureaError` when there is no key or no design.
    """
    with transaction.atomic():
        # Status lists are given away issuer by issuer; holding its row keeps two batches from taking the same entries.
        issuer = Issuer.objects.select_for_update(no_key=True).get(pk=batch.issuer_id)
        held = (
            Batch.objects.select_for_update(no_key=True, of=("self",))
            .select_related("achievement__design")
            .get(pk=batch.pk)
        )
        if held.confirmed is None:
            _confirm(held, issuer, send_mail, like, now, actor)
    batch.refresh_from_db()


def _confirm(
    batch: Batch, issuer: Issuer, send_mail: bool, like: Batch | None, now: datetime, actor: Account | None
) -> None:
    if batch.state != Batch.State.REVIEW:
        raise IssuingError("batch.not-in-review", "This batch is not ready to be issued", "Finish its review first")
    count = batch.rows.filter(TO_ISSUE).count()
    if not count:
        raise IssuingError(
            "batch.nothing-to-issue", "No row of this batch can be issued", "Correct a row, or decide to issue it"
        )
    batch.design_version = like.design_version if like else designing.latest(batch.achievement.design)
    batch.seed = secrets.token_bytes(SEED_BYTES)
    batch.moment = now.astimezone(UTC).replace(microsecond=0)
    batch.awarded = batch.awarded or now.astimezone(ZoneInfo(issuer.time_zone)).date()
    batch.status_spans = status_lists.reserve(issuer, count, now)
    batch.achievement.issuer = issuer
    batch.frozen = like.frozen if like else freezing.freeze(batch)
    batch.send_mail, batch.rows_to_issue = send_mail, count
    batch.state, batch.confirmed, batch.confirmed_by = Batch.State.ISSUING, now, actor
    batch.save()
    _cut(batch, count)
    facts: dict[str, JSON] = {
        "achievement": batch.achievement_id,
        "by_hand": batch.by_hand,
        "credentials": count,
        "design_version": batch.design_version_id,
        "mail": send_mail,
    }
    person = batch.rows.select_related("person").get().person if batch.by_hand else None
    act = Act("batch.confirmed", "batch", str(batch.pk), facts, person)
    auditing.note(act, issuer=issuer, now=now, actor=actor)


def _cut(batch: Batch, count: int) -> None:
    """Give each row its place and its chunk: one statement, however many rows."""
    size = max(_SMALLEST_CHUNK, min(_LARGEST_CHUNK, count // _PIECES))
    Chunk.objects.bulk_create(
        Chunk(batch=batch, number=first // size, rows_count=min(size, count - first)) for first in range(0, count, size)
    )
    chosen, values = Row.objects.filter(TO_ISSUE, batch=batch).values("id", "line").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE records_row SET "order" = placed.place, chunk_id = records_chunk.id '  # noqa: S608 - no text of others
            f"FROM (SELECT chosen.id, ROW_NUMBER() OVER (ORDER BY chosen.line) - 1 AS place FROM ({chosen}) AS chosen)"
            f" AS placed JOIN records_chunk ON records_chunk.batch_id = %s AND records_chunk.number = placed.place / %s"
            f" WHERE records_row.id = placed.id",
            [*values, batch.pk, size],
        )


def issue_one(
    issuer: Issuer,
    achievement: Achievement,
    *,
    name: str,
    email: str = "",
    employee_number: str = "",
    department: str = "",
    job_role: str = "",
    awarded: date | None = None,
    expires: date | None = None,
    result: str = "",
    hours: float | None = None,
    evidence: str = "",
    language: str = "",
    person: Person | None = None,
    keep_name: bool = False,
    renews: bool = False,
    replaces: Credential | None = None,
    because: str = "",
    send_mail: bool = True,
    now: datetime,
    actor: Account | None,
) -> Batch:
    """Issue one credential by hand: a confirmed batch of one row, done by a worker within the second.

    `renews` replaces the credential that `person` has for this achievement. `replaces` is one whose place the new one
    takes, `because` of a reason of `Credential.Because`: it says about the achievement what that one says, and looks
    like it. Raises what `confirm` raises.
    """
    values: dict[str, Any] = {
        "name": name,
        "email": email,
        "employee_number": employee_number,
        "department": department,
        "job_role": job_role,
        "awarded": awarded.isoformat() if awarded else "",
        "expires": expires.isoformat() if expires else "",
        "result": result,
        "hours": hours,
        "evidence": evidence,
        "language": language,
    }
    with transaction.atomic():
        batch = Batch.objects.create(
            issuer=issuer,
            achievement=achievement,
            state=Batch.State.REVIEW,
            by_hand=True,
            awarded=awarded,
            created=now,
            created_by=actor,
        )
        batch.rows.create(
            line=1,
            state=Row.State.RENEWAL if renews or replaces else Row.State.READY,
            values={key: value for key, value in values.items() if value not in ("", None)},
            name=name,
            person=person,
            keep_name=keep_name,
            replaces=replaces,
            because=because,
        )
        confirm(batch, send_mail=send_mail, like=replaces.batch if replaces else None, now=now, actor=actor)
    return batch


def stop(batch: Batch, *, now: datetime, actor: Account | None) -> None:
    """Take no further chunk of the batch. What is done stays done; a chunk that is under way is ended."""
    with transaction.atomic():
        running = Batch.objects.filter(pk=batch.pk, state=Batch.State.ISSUING)
        if running.update(state=Batch.State.STOPPED):
            auditing.note(Act("batch.stopped", "batch", str(batch.pk)), issuer=batch.issuer, now=now, actor=actor)
    batch.refresh_from_db()


def resume(batch: Batch, *, now: datetime, actor: Account | None) -> None:
    """Go on with a stopped batch, at once even where the machine was in trouble."""
    with transaction.atomic():
        stopped = Batch.objects.filter(pk=batch.pk, state=Batch.State.STOPPED)
        if stopped.update(state=Batch.State.ISSUING, problem="", troubles=0, not_before=None):
            auditing.note(Act("batch.resumed", "batch", str(batch.pk)), issuer=batch.issuer, now=now, actor=actor)
        ledger.finish_batch(batch.pk, now)
    batch.refresh_from_db()
