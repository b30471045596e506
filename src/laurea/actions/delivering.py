"""Delivering: the outbox. Each holder gets one message with the certificate; what waits is a row that is due.

A message that was sent just before a worker died may be sent once more; both carry the same Message-ID, by which mail
programs tell that they are one. Trouble of the mail service is nobody's fault: nothing is counted, everything waits.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.mime.image import MIMEImage
from email.utils import parseaddr
from functools import lru_cache
from urllib.parse import urlsplit

import css_inline
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection as database
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext

from laurea.actions import addresses, appearances, auditing, file_names, linkedin, storing
from laurea.actions.auditing import Act
from laurea.credentials.code import format_code
from laurea.credentials.document import JSON
from laurea.credentials.errors import LaureaError
from laurea.records.models import Account, Artifact, Credential, Delivery, Issuer
from laurea.rendering import badge
from laurea.rendering.badge import BadgeArt, OwnArt
from laurea.rendering.palette import Colours, shades

LEASE = timedelta(minutes=5)
TOGETHER = 20
"""Messages that one claim takes and one connection carries."""

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
"""How long to wait after each refusal that may pass; then the message is given up."""

SERVICE_PAUSE = timedelta(seconds=30)
_BADGE_PIXELS = 288
_LOG = logging.getLogger(__name__)


class MailError(LaureaError):
    """A message cannot be sent. Codes: ``mail.refused`` (for good), ``mail.later``, ``mail.service``."""


@dataclass(frozen=True, slots=True)
class _Claim:
    delivery: Delivery
    token: int


def send_due(*, now: datetime) -> int:
    """Send what is due, at most TOGETHER messages; give how many rows were handled."""
    claims = _claim(now)
    if not claims:
        return 0
    try:
        with open_connection() as mail:
            for position, claim in enumerate(claims):
                try:
                    _send(claim, mail)
                except MailError as error:
                    if error.code == "mail.service":
                        _release(claims[position:], error, timezone.now())
                        break
                    _refused(claim, error, timezone.now())
    except MailError as error:
        _release(claims, error, timezone.now())
    return len(claims)


def send_again(delivery: Delivery, *, now: datetime, actor: Account | None) -> None:
    """Put a message that was sent, or given up, into the outbox once more.

    Raises `MailError` ``mail.not-in-force`` for a certificate that was revoked or replaced since.
    """
    _require_in_force(delivery.credential)
    with transaction.atomic():
        ready = Delivery.objects.filter(pk=delivery.pk).exclude(state=Delivery.State.HELD)
        if ready.update(
            state=Delivery.State.DUE, attempts=0, not_before=now, problem="", lease_until=None, token=F("token") + 1
        ):
            act = _act("mail.sent-again", delivery.credential, delivery)
            auditing.note(act, issuer=delivery.issuer, now=now, actor=actor)


def to_holder(credential: Credential, *, now: datetime, actor: Account | None) -> Delivery:
    """A message to the holder of a credential that got none yet.

    Raises `MailError`: ``mail.not-in-force`` for one that was revoked or replaced, ``mail.address`` when there is none.
    """
    _require_in_force(credential)
    if not credential.email:
        raise MailError("mail.address", "There is no e-mail address for this person", "Add one on the person's page")
    person = credential.person
    with transaction.atomic():
        delivery = Delivery.objects.create(
            issuer_id=credential.issuer_id,
            credential=credential,
            address=credential.email,
            language=(person.language if person else "") or credential.issuer.language,
            state=Delivery.State.DUE,
            not_before=now,
            created=now,
        )
        act = _act("mail.sent", credential, delivery)
        auditing.note(act, issuer=credential.issuer, now=now, actor=actor)
    return delivery


def _act(name: str, credential: Credential, delivery: Delivery) -> Act:
    """About the credential: its history tells of its mail, and says no address a second time."""
    facts: dict[str, JSON] = {"code": credential.code, "delivery": delivery.pk}
    return Act(name, "credential", credential.identifier, facts, credential.person)


def _require_in_force(credential: Credential) -> None:
    if credential.revoked is not None or credential.superseded is not None:
        raise MailError(
            "mail.not-in-force", "This certificate was revoked or replaced", "Send the newer one, if there is one"
        )


def message_id(delivery: Delivery) -> str:
    """The same for every attempt, so that a message sent twice is known as one."""
    host = urlsplit(addresses.base()).hostname or "localhost"
    return f"<delivery-{delivery.pk}.{delivery.credential.identifier.rpartition(':')[2]}@{host}>"


def _claim(now: datetime) -> list[_Claim]:
    """Take due rows under a lease; each claim raises the row's token, so that an older holder can no longer write."""
    waiting = Delivery.objects.filter(
        Q(not_before__isnull=True) | Q(not_before__lte=now),
        Q(lease_until__isnull=True) | Q(lease_until__lte=now),
        state=Delivery.State.DUE,
    ).order_by(F("not_before").asc(nulls_first=True), "id")
    if not waiting.exists():  # the usual answer, without taking the right to write
        return []
    with transaction.atomic():
        if database.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        chosen = list(waiting.values_list("pk", flat=True)[:TOGETHER])
        Delivery.objects.filter(pk__in=chosen).update(lease_until=now + LEASE, token=F("token") + 1)
        taken = (
            Delivery.objects.filter(pk__in=chosen)
            .select_related("issuer", "credential__achievement", "credential__issuer", "credential__design_version")
            .order_by("id")
        )
        return [_Claim(delivery, delivery.token) for delivery in taken]


def _send(claim: _Claim, mail: BaseEmailBackend) -> None:
    delivery = claim.delivery
    with explained():
        message = _message(delivery)
        mail.send_messages([message])
    _ours(claim).update(
        state=Delivery.State.SENT,
        sent=timezone.now(),
        attempts=F("attempts") + 1,
        problem="",
        lease_until=None,
        not_before=None,
    )


def _refused(claim: _Claim, error: MailError, now: datetime) -> None:
    """One message could not be sent: try later, or give it up."""
    attempts = claim.delivery.attempts + 1
    gone = error.code == "mail.refused" or attempts > len(BACK_OFF)
    _ours(claim).update(
        state=Delivery.State.FAILED if gone else Delivery.State.DUE,
        attempts=attempts,
        problem=error.message,
        lease_until=None,
        not_before=None if gone else now + BACK_OFF[attempts - 1],
    )
    _LOG.warning("Delivery %s: %s, attempt %s", claim.delivery.pk, error.code, attempts)


def _release(claims: list[_Claim], error: MailError, now: datetime) -> None:
    """The service is in trouble, or the storage: all of them wait, and no attempt is counted."""
    for claim in claims:
        _ours(claim).update(problem=error.message, lease_until=None, not_before=now + SERVICE_PAUSE)
    _LOG.warning("%s deliveries wait: %s", len(claims), error.code)


def _ours(claim: _Claim) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=claim.delivery.pk, token=claim.token, state=Delivery.State.DUE)


@contextmanager
def open_connection() -> Iterator[BaseEmailBackend]:
    """The way to the mail service, for several messages. Raises `MailError` (``mail.service``)."""
    mail: BaseEmailBackend = get_connection()
    with explained():
        mail.open()
    try:
        yield mail
    finally:
        mail.close()


def _message(delivery: Delivery) -> EmailMultiAlternatives:
    credential, issuer = delivery.credential, delivery.issuer
    with translation.override(delivery.language):
        known = _known(delivery)
        html = css_inline.inline(render_to_string("mail/certificate.html", known), load_remote_stylesheets=False)
        message = EmailMultiAlternatives(
            subject=str(known["subject"]),
            body=render_to_string("mail/certificate.txt", known),
            from_email=sender(issuer),
            to=[delivery.address],
            reply_to=[issuer.email] if issuer.email else None,
            headers={"Message-ID": message_id(delivery), "Content-Language": delivery.language},
        )
    message.attach_alternative(html, "text/html")
    picture = MIMEImage(_badge(appearances.badge_art(credential.achievement)), "png")
    picture.add_header("Content-ID", f"<{known['badge']}>")
    picture.add_header("Content-Disposition", "inline", filename="badge.png")
    message.attach(picture)
    artifact = credential.artifacts.filter(kind=Artifact.Kind.PDF).first()
    if artifact is not None:
        message.attach(file_names.of_credential(credential, "pdf"), storing.get(artifact.name), "application/pdf")
    return message


def _known(delivery: Delivery) -> dict[str, object]:
    """What the two templates say."""
    credential, issuer = delivery.credential, delivery.issuer
    colours = shades(Colours(issuer.primary_colour, issuer.secondary_colour or None))
    corrected = credential.because == Credential.Because.CORRECTION
    subject = (
        gettext("Your corrected certificate: %(achievement)s")
        if corrected
        else gettext("Your certificate: %(achievement)s")
    )
    return {
        "subject": subject % {"achievement": credential.achievement.name},
        "language": delivery.language,
        "delivery": delivery,
        "credential": credential,
        "issuer": issuer,
        "achievement": credential.achievement.name,
        "address": addresses.credential(credential.code),
        "code": format_code(credential.code),
        "linkedin": linkedin.add_to_profile(credential),
        "badge": "badge@laurea",
        "badge_alt": appearances.badge(credential.achievement).alt,
        "colours": {name.replace("-", "_"): value for name, value in colours.items()},
    }


def sender(issuer: Issuer) -> str:
    """The installation's address under the issuer's name."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return str(Address(issuer.name, addr_spec=address))


@lru_cache(maxsize=64)
def _badge(art: BadgeArt | OwnArt) -> bytes:
    return badge.png(art, _BADGE_PIXELS)


@contextmanager
def explained() -> Iterator[None]:
    """Whatever a mail service says, as a `MailError` that says whether to try again. Addresses stay out of it."""
    try:
        yield
    except storing.StoringError as error:
        raise MailError("mail.service", error.message, error.hint) from None
    except (smtplib.SMTPRecipientsRefused, AnymailRecipientsRefused) as error:
        raise _of_recipient(error) from None
    except smtplib.SMTPAuthenticationError:
        raise MailError("mail.service", "The mail server refuses the user or password") from None
    except smtplib.SMTPResponseException as error:
        raise _answered(error.smtp_code) from None
    except AnymailAPIError as error:
        raise _answered_by_provider(error.status_code) from None
    except (OSError, smtplib.SMTPException):
        raise MailError("mail.service", "The mail server does not answer") from None


def _of_recipient(error: smtplib.SMTPRecipientsRefused | AnymailRecipientsRefused) -> MailError:
    """Refused for good, unless the server says that it may pass (a full box, grey-listing): RFC 5321, section 4.2.1."""
    codes = [code for code, _ in error.recipients.values()] if isinstance(error, smtplib.SMTPRecipientsRefused) else []
    if codes and all(code < 500 for code in codes):
        return MailError("mail.later", "The mail server does not take mail for this address just now")
    return MailError(
        "mail.refused",
        "The mail server does not know this address, or refuses mail for it",
        "Correct the address on the person's page, then send it again",
    )


def _answered(code: int) -> MailError:
    if code >= 500:
        return MailError("mail.refused", "The mail server refused the message")
    return MailError("mail.later", "The mail server asked to try again later")


def _answered_by_provider(status: int | None) -> MailError:
    if status in (400, 413, 422):
        return MailError("mail.refused", "The mail service refused the message")
    if status in (401, 403):
        return MailError("mail.service", "The mail service refuses the key in LAUREA_MAIL_URL")
    return MailError("mail.service", "The mail service does not answer as it should")
