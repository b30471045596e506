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
    for each in under_its_code.order_by("pk"):
        events.append(Event(each.valid_from, What(each.because or "issued"), each))
        if each.revoked is not None:
            events.append(Event(each.revoked, What.REVOKED, each, each.revocation_reason))
    newest_first = sorted(events, key=lambda event: (event.at, event.edition.pk), reverse=True)
    return [event for event, before in zip(newest_first, [None, *newest_first], strict=False) if _tells(event, before)]


def _tells(event: Event, before: Event | None) -> bool:
    """Not that an earlier edition was revoked together with the one in force: that is no event of its own."""
    return before is None or (event.at, event.what) != (before.at, before.what) or event.what is not What.REVOKED
