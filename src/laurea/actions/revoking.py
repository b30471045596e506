"""Revoking: the issuer takes credentials back, now or on a day to come.

It is final: a bit that is set in a status list is never cleared, and the list's new edition is public with the act
itself. Whoever revoked by mistake issues anew, under the same code (`correcting`).

What is revoked is what people know by its code: an earlier edition that has not ended yet is revoked with the one in
force, or its file would go on to verify as genuine.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from laurea.actions import auditing, status_lists
from laurea.credentials.errors import IssuingError, LaureaError
from laurea.records.models import Account, Credential, Delivery, Issuer

MOST = 10_000
"""Credentials that one act revokes at most: a whole list that was issued wrongly, and no more by one click."""

LONGEST_NOTE = 2_000

_TOGETHER = 500
_COLUMNS = ("revoked", "revoke_at", "revocation_reason", "revocation_note")
_NOT_SENT = (Delivery.State.HELD, Delivery.State.DUE)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """How many credentials were revoked, or are to be; how many were revoked before, or replaced by newer editions."""

    revoked: int
    before: int
    replaced: int


def revoke(
    issuer: Issuer,
    credentials: QuerySet[Credential],
    *,
    reason: str,
    note: str = "",
    at: datetime | None = None,
    now: datetime,
    actor: Account | None,
) -> Done:
    """Revoke those of `credentials` that are in force, for a `reason` of `Credential.Reason`; `at` a moment to come.

    Strangers are shown the reason, never the note. A thousand or more are done in parts, each of them whole. Raises
    `IssuingError` (``revoking.reason``, ``revoking.note``, ``revoking.many``) before anything is done, and
    `KeyMaterialError` where no status list can be signed.
    """
    if reason not in Credential.Reason.values:
        raise IssuingError("revoking.reason", "Say why it is revoked", "Choose one of the reasons")
    if len(note) > LONGEST_NOTE:
        raise IssuingError("revoking.note", f"The note has {len(note):,} characters", f"Shorten it to {LONGEST_NOTE:,}")
    found = list(credentials.filter(issuer=issuer).order_by().values_list("pk", "revoked", "superseded")[: MOST + 1])
    if len(found) > MOST:
        raise IssuingError(
            "revoking.many",
            f"More than {MOST:,} credentials cannot be revoked at once",
            "Choose fewer: by achievement, by list, or by day",
        )
    chosen = sorted(pk for pk, revoked, superseded in found if revoked is None and superseded is None)
    why = {"revocation_reason": reason, "revocation_note": note}
    done = 0
    for first in range(0, len(chosen), _TOGETHER):
        part = chosen[first : first + _TOGETHER]
        if at is not None and at > now:
            done += _plan(issuer, part, {"revoke_at": at, **why}, now, actor)
        else:
            done += _revoke(issuer, Q(pk__in=part), why, now, actor)
    before = sum(revoked is not None for _, revoked, _ in found)
    return Done(done, before, len(found) - len(chosen) - before)


def keep(credential: Credential, *, now: datetime, actor: Account | None) -> None:
    """Take back a revocation that is still to come. Raises `IssuingError` ``revoking.no-plan`` where there is none."""
    with transaction.atomic():
        held = _in_force(credential.issuer).filter(pk=credential.pk, revoke_at__isnull=False).first()
        if held is None:
            raise IssuingError(
                "revoking.no-plan",
                "No revocation is planned for this credential",
                "Look at it as it is now",
            )
        held.revoke_at, held.revocation_reason, held.revocation_note = None, "", ""
        held.save(update_fields=_COLUMNS)
        auditing.note_credentials(
            "credential.revocation-withdrawn", [held], issuer=credential.issuer, now=now, actor=actor
        )
    credential.refresh_from_db(fields=_COLUMNS)


def revoke_due(*, now: datetime, worker: str) -> bool:
    """The desk for planned revocations: those whose moment has come; False when there is none."""
    due = Q(revoke_at__lte=now, revoked__isnull=True, superseded__isnull=True)
    issuers = list(Credential.objects.filter(due).order_by().values_list("issuer", flat=True).distinct())
    done = 0
    for issuer in Issuer.objects.filter(pk__in=issuers):
        try:
            done += _revoke(issuer, due, {}, now, None, most=_TOGETHER)
        except LaureaError as error:  # the key of one issuer is no reason for another's to wait
            _LOG.error("Worker %s cannot revoke for issuer %s: %s", worker, issuer.slug, error.code)
    return done > 0


def _plan(
    issuer: Issuer, keys: Collection[int], changes: Mapping[str, object], now: datetime, actor: Account | None
) -> int:
    with transaction.atomic():
        held = list(_in_force(issuer).filter(pk__in=keys))
        _change(held, changes)
        acts = [
            auditing.of_credential(
                "credential.revocation-planned",
                each,
                {"reason": each.revocation_reason, "at": each.revoke_at.isoformat() if each.revoke_at else None},
            )
            for each in held
        ]
        auditing.note_all(acts, issuer=issuer, now=now, actor=actor)
    return len(held)


def _revoke(
    issuer: Issuer,
    which: Q,
    changes: Mapping[str, object],
    now: datetime,
    actor: Account | None,
    *,
    most: int | None = None,
) -> int:
    """Revoke those in force and their earlier editions, in one transaction; give how many were in force."""
    with transaction.atomic():
        in_force = list(_in_force(issuer).filter(which)[:most])
        _change(in_force, changes)
        by_code = {each.code: each for each in in_force}
        earlier = list(_earlier(issuer, by_code, now))
        for each in earlier:
            newest = by_code[each.code]
            each.revocation_reason, each.revocation_note = newest.revocation_reason, newest.revocation_note
        held = [*in_force, *earlier]
        _change(held, {"revoked": now, "revoke_at": None})
        status_lists.withdraw(held, now)
        Delivery.objects.filter(credential__in=held, state__in=_NOT_SENT).delete()  # nobody is congratulated any more
        acts = [auditing.of_credential("credential.revoked", each, {"reason": each.revocation_reason}) for each in held]
        auditing.note_all(acts, issuer=issuer, now=now, actor=actor)
    return len(in_force)


def _in_force(issuer: Issuer) -> QuerySet[Credential]:
    return _locked().filter(issuer=issuer, revoked=None, superseded=None)


def _earlier(issuer: Issuer, codes: Iterable[str], now: datetime) -> QuerySet[Credential]:
    """Replaced editions that have not ended yet."""
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=now)
    return _locked().filter(lasting, issuer=issuer, code__in=codes, revoked=None, superseded__isnull=False)


def _locked() -> QuerySet[Credential]:
    """Always in the same order, so that two acts at once do not wait for each other."""
    return Credential.objects.select_for_update(no_key=True, of=("self",)).select_related("person").order_by("pk")


def _change(held: Sequence[Credential], changes: Mapping[str, object]) -> None:
    """Change them, in memory and on record: one statement for all that come to look alike."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for each in held:
        for name, value in changes.items():
            setattr(each, name, value)
        alike.setdefault(tuple(getattr(each, name) for name in _COLUMNS), []).append(each.pk)
    for values, keys in alike.items():
        Credential.objects.filter(pk__in=keys).update(**dict(zip(_COLUMNS, values, strict=True)))
