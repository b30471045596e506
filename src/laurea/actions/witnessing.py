"""Witnessing: others keep checkpoints of the log, by mail or by HTTP, so that even its owner could not rewrite it.

A schedule makes a row for each witness; a worker sends it. One that cannot be told is tried again, ever more seldom,
until there is a newer checkpoint to tell. Nothing waits for a witness.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from laurea.actions import addresses, delivering, log_key, outbound, publishing
from laurea.credentials.errors import LaureaError, ResolvingError
from laurea.records.models import Checkpoint, WitnessNotice

LEASE = timedelta(minutes=5)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
"""How long to wait after each failure; the last one for all that follow."""

CONTENT_TYPE = "text/plain; charset=utf-8"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness of the settings, with what it was told last and what goes wrong, to be shown."""

    address: str
    told: WitnessNotice | None
    waiting: WitnessNotice | None


def witnesses() -> list[Witness]:
    """All of them, as the settings name them."""
    return [
        Witness(
            address,
            WitnessNotice.objects.filter(witness=address, sent__isnull=False).order_by("-sent").first(),
            WitnessNotice.objects.filter(witness=address, sent=None).order_by("-pk").first(),
        )
        for address in settings.LAUREA_LOG_WITNESSES
    ]


def inform_next(*, worker: str, now: datetime) -> bool:
    """Tell one witness the checkpoint that is due; False when none is."""
    if not settings.LAUREA_LOG_WITNESSES:
        return False
    _plan(now)
    notice = _claim(now)
    if notice is None:
        return False
    try:
        _send(notice.witness, notice.checkpoint)
    except LaureaError as error:
        pause = BACK_OFF[min(notice.attempts, len(BACK_OFF) - 1)]
        changed = {"problem": error.message, "not_before": now + pause}
        _LOG.warning("Worker %s: a witness could not be told the checkpoint: %s", worker, error.code)
    else:
        changed = {"problem": "", "sent": now}
    WitnessNotice.objects.filter(pk=notice.pk).update(attempts=F("attempts") + 1, **changed)
    return True


def _plan(now: datetime) -> None:
    """A notice for each witness whose last one is long enough ago, if the log has grown since."""
    newest = publishing.newest()
    if newest is None:
        return
    every = timedelta(hours=settings.LAUREA_LOG_WITNESS_HOURS)
    for witness in settings.LAUREA_LOG_WITNESSES:
        last = WitnessNotice.objects.filter(witness=witness).order_by("-checkpoint__size").first()
        if last is not None and (last.created > now - every or last.checkpoint_id == newest.pk):
            continue
        # Of two workers, one makes it. The newer checkpoint says all that one which is still to be told would say.
        WitnessNotice.objects.get_or_create(
            witness=witness, checkpoint=newest, defaults={"created": now, "not_before": now}
        )
        WitnessNotice.objects.filter(witness=witness, sent=None).exclude(checkpoint=newest).delete()


def _claim(now: datetime) -> WitnessNotice | None:
    due = WitnessNotice.objects.filter(
        sent=None, not_before__lte=now, witness__in=settings.LAUREA_LOG_WITNESSES
    ).select_related("checkpoint")
    notice = due.order_by("not_before", "pk").first()
    if notice is None:
        return None
    taken = WitnessNotice.objects.filter(pk=notice.pk, sent=None, not_before=notice.not_before)
    return notice if taken.update(not_before=now + LEASE) else None


def _send(witness: str, checkpoint: Checkpoint) -> None:
    """Raises `MailError`, `ResolvingError`."""
    if witness.startswith("mailto:"):
        message = _message(unquote(witness.removeprefix("mailto:")), checkpoint)
        with delivering.open_connection() as mail, delivering.explained():
            mail.send_messages([message])
    else:
        try:
            outbound.post(witness, checkpoint.note.encode(), content_type=CONTENT_TYPE)
        except UnicodeError:
            raise ResolvingError("resolving.address", f"{witness[:120]} is no https address") from None


def _message(address: str, checkpoint: Checkpoint) -> EmailMessage:
    log = log_key.existing()
    assert log is not None  # noqa: S101 - it has signed the checkpoint
    with translation.override(settings.LANGUAGE_CODE):
        about = {
            "log": log.origin,
            "site": addresses.base(),
            "size": checkpoint.size,
            "key": log_key.verifier(log).encode(),
            "note": checkpoint.note,
            "file": f"checkpoint-{checkpoint.size}.txt",
        }
        message = EmailMessage(
            subject=gettext("Checkpoint of %(log)s at %(size)s entries") % about,
            body=render_to_string("mail/checkpoint.txt", about),
            to=[address],
            headers={"Message-ID": _message_id(address, checkpoint), "Auto-Submitted": "auto-generated"},
        )
    message.attach(str(about["file"]), checkpoint.note.encode(), "application/octet-stream")
    return message


def _message_id(address: str, checkpoint: Checkpoint) -> str:
    """The same for every attempt, so that a message sent twice is known as one."""
    whom = hashlib.sha256(address.encode()).hexdigest()[:16]
    return f"<checkpoint-{checkpoint.size}.{whom}@{urlsplit(addresses.base()).hostname or 'localhost'}>"
