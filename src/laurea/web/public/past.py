"""What became of a credential, as its page tells everybody: days and reasons, never a name that was put right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from laurea.actions import editions
from laurea.actions.editions import What
from laurea.records.models import Credential
from laurea.web.public import telling

_SYMBOLS = {
    What.ISSUED: "certificate",
    What.RENEWED: "refresh",
    What.CORRECTED: "pencil-check",
    What.AGAIN: "refresh",
    What.SIGNED_ANEW: "key",
    What.REVOKED: "ban",
}


@dataclass(frozen=True, slots=True)
class Past:
    """Something that happened: its `day` written out, and as it is in calendars."""

    symbol: str
    word: str
    day: str
    at: date
    reason: str = ""


def of(credential: Credential) -> list[Past]:
    """What happened under the code of `credential`, the newest first; nothing where it was issued and that is all."""
    if credential.supersedes_id is None and credential.revoked is None:
        return []
    words = {
        What.ISSUED: gettext("Issued"),
        What.RENEWED: gettext("Renewed"),
        What.CORRECTED: gettext("Corrected"),
        What.AGAIN: gettext("Issued anew"),
        What.SIGNED_ANEW: gettext("Signed anew, with a new key"),
        What.REVOKED: gettext("Revoked"),
    }
    return [
        Past(
            _SYMBOLS[event.what],
            words[event.what],
            telling.day(event.at.date()),
            event.at.date(),
            event.edition.get_revocation_reason_display() if event.what is What.REVOKED else "",
        )
        for event in editions.history(credential)
    ]
