"""Reissuing: what a stolen key signed, and nothing shows to be older than the theft, is signed again with a good one.

The new documents say what the old ones said, in the same design and under the same codes; a holder's link goes on to
work, and his old files lead to the new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from laurea.actions import confirming, correcting, stolen_keys
from laurea.credentials.errors import IssuingError
from laurea.records.models import Account, Batch, Credential, Issuer, Key, Row

MOST = 10_000
"""Credentials that one act reissues at most; the rest is left for the next one."""

_UNDER_WAY = (Batch.State.ISSUING, Batch.State.STOPPED)


def waiting(issuer: Issuer) -> QuerySet[Credential]:
    """What is to be reissued for `issuer`, whichever stolen key signed it, and is not being reissued yet."""
    found = Credential.objects.none()
    for key in issuer.keys.filter(state=Key.State.COMPROMISED):
        found |= stolen_keys.no_longer_verified(key)
    begun = Row.objects.filter(replaces=OuterRef("pk"), outcome="", batch__issuer=issuer, batch__state__in=_UNDER_WAY)
    return found.exclude(Exists(begun))


def reissue(issuer: Issuer, *, send_mail: bool, now: datetime, actor: Account | None) -> list[Batch]:
    """Have workers issue all that is `waiting` again; give the batches, one for each list that they come from.

    A revocation that is planned is taken over. Raises `IssuingError` ``reissuing.nothing``, and what
    `confirming.confirm` raises.
    """
    with transaction.atomic():
        Issuer.objects.select_for_update(no_key=True).get(pk=issuer.pk)  # pressed twice, it is done once
        chosen = waiting(issuer).select_related("row", "person", "batch__design_version", "achievement")
        old = list(chosen.defer("text").order_by("batch_id", "pk")[:MOST])
        if not old:
            raise IssuingError("reissuing.nothing", "There is nothing to issue anew", "All that was signed verifies")
        made = []
        for _, group in groupby(old, key=lambda each: each.batch_id):
            made.append(_reissue(issuer, list(group), send_mail, now, actor))
    return made


def _reissue(issuer: Issuer, old: Sequence[Credential], send_mail: bool, now: datetime, actor: Account | None) -> Batch:
    like = old[0].batch
    batch = Batch.objects.create(
        issuer=issuer,
        achievement_id=like.achievement_id,
        state=Batch.State.REVIEW,
        by_hand=len(old) == 1,
        file_name="" if len(old) == 1 else like.file_name,
        awarded=like.awarded,
        created=now,
        created_by=actor,
    )
    Row.objects.bulk_create(
        (
            Row(
                batch=batch,
                line=line,
                state=Row.State.RENEWAL,
                values=_values(each),
                name=each.name,
                person=each.person,
                replaces=each,
                because=Credential.Because.NEW_KEY,
            )
            for line, each in enumerate(old, start=1)
        ),
        batch_size=500,
    )
    confirming.confirm(batch, send_mail=send_mail, like=like, now=now, actor=actor)
    return batch


def _values(credential: Credential) -> dict[str, object]:
    """What the row of the old one said, with the days that came of it: the new one ends when the old one would have."""
    said = correcting.said_by(credential)
    values = {**credential.row.values, "name": said.name, "email": said.email, "awarded": said.awarded.isoformat()}
    values["expires"] = said.expires.isoformat() if said.expires else None
    return {name: value for name, value in values.items() if value not in ("", None)}
