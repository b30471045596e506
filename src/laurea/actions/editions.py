"""Editions: all that was ever issued under one code, and what became of it. For the holder, the issuer and strangers.

Days and reasons only: a name that was corrected is nobody's business any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from laurea.records.models import Credential


class What(StrEnum):
    """What happened to a credential."""

    ISSUED = "issued"
    RENEWED = "renewal"
    CORRECTED = "correction"
    AGAIN = "again"
    SIGNED_ANEW = "new-key"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, when, and to which edition. `reason` is that of a revocation (`Credential.Reason`)."""

    at: datetime
    what: What
    edition: Credential
    reason: str = ""


def history(credential: Credential) -> list[Event]:
    """All that happened under the code of `credential`, the newest first. One query; texts are not loaded."""
    under_its_code = Credential.objects.filter(issuer=credential.issuer_id, code=credential.code).defer("text")
    events: list[Event] = []
    told: set[datetime] = set()
    for each in under_its_code.order_by("-pk"):
        events.append(Event(each.valid_from, What(each.because or What.ISSUED), each))
        # An earlier edition that was revoked together with the one in force is no event of its own.
        if each.revoked is not None and each.revoked not in told:
            told.add(each.revoked)
            events.append(Event(each.revoked, What.REVOKED, each, each.revocation_reason))
    return sorted(events, key=_order, reverse=True)


def _order(event: Event) -> tuple[datetime, int, bool]:
    """Documents name whole seconds: within one, an edition is issued before it is revoked, and before the next one."""
    return event.at.replace(microsecond=0), event.edition.pk, event.what is What.REVOKED
