"""How a credential stands today: valid, expiring soon, expired, revoked, or replaced by a corrected one.

What a list shows and filters by. A verdict about a document is `verifying`'s: it also judges the signature.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q

from laurea.records.models import Credential

SOON = timedelta(days=60)
"""How long before its end a credential counts as expiring soon."""


class Standing(StrEnum):
    """What a credential is worth today. Each credential has exactly one."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"


def of(credential: Credential, now: datetime) -> Standing:
    """How `credential` stands at `now`. A revoked one is that for ever, whatever else happened to it."""
    if credential.revoked is not None:
        return Standing.REVOKED
    if credential.superseded is not None:
        return Standing.REPLACED
    if credential.valid_until is None or credential.valid_until > now + SOON:
        return Standing.VALID
    return Standing.EXPIRING if credential.valid_until >= now else Standing.EXPIRED


def having(standing: Standing, now: datetime, *, end: str = "valid_until") -> Q:
    """The condition for credentials that stand like this at `now`: the same answers as `of`, for a query.

    `end` names the column that holds the end, where a query has reasons to call it otherwise.
    """
    if standing is Standing.REVOKED:
        return Q(revoked__isnull=False)
    if standing is Standing.REPLACED:
        return Q(revoked__isnull=True, superseded__isnull=False)
    in_force = Q(revoked__isnull=True, superseded__isnull=True)
    if standing is Standing.EXPIRED:
        return in_force & Q(**{f"{end}__lt": now})
    if standing is Standing.EXPIRING:
        return in_force & Q(**{f"{end}__gte": now, f"{end}__lte": now + SOON})
    return in_force & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": now + SOON}))
