"""Inviting: links that make whoever opens them a member, or, the first one, the owner of an installation.

Only the SHA-256 of a link's token is kept: a copy of the database opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets
import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta

import css_inline
from anymail.exceptions import AnymailError
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from laurea.actions import addresses, auditing, delivering
from laurea.actions.auditing import Act
from laurea.credentials.document import JSON
from laurea.credentials.errors import LaureaError
from laurea.records.models import Account, Invitation, Issuer, Member, Role
from laurea.rendering.palette import Colours, shades

LIFETIME = timedelta(days=7)
SET_UP_LIFETIME = timedelta(hours=24)


class InvitationError(LaureaError):
    """A link leads nowhere: ``invitation.unknown``, ``invitation.expired``, ``invitation.used``."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation with its link, which is known only now; `mailed` says whether the mail service took it."""

    invitation: Invitation
    link: str
    mailed: bool


def set_up_link(*, now: datetime) -> str | None:
    """A fresh one-time link that sets the installation up; earlier ones end. None once there is an account."""
    with transaction.atomic():
        if Account.objects.exists():
            return None
        Invitation.objects.filter(issuer=None, accepted=None).delete()
        token = _token()
        Invitation.objects.create(
            role=Role.OWNER, token_sha256=_digest(token), created=now, expires=now + SET_UP_LIFETIME
        )
    return f"{addresses.base()}/set-up/{token}"


def invite(issuer: Issuer, email: str, role: Role, *, now: datetime, actor: Account | None) -> Sent:
    """Invite somebody by mail. Whoever was invited before gets a new link; the old one no longer works.

    Raises `InvitationError` (``invitation.member``) for somebody who is a member already.
    """
    address = email.strip().lower()
    if Member.objects.filter(issuer=issuer, account__email=address).exists():
        raise InvitationError(
            "invitation.member", f"{address} is a member already", "Change the role in the list of members instead"
        )
    token = _token()
    with transaction.atomic():
        Issuer.objects.select_for_update(no_key=True).get(pk=issuer.pk)
        pending(issuer).filter(email=address).delete()
        invitation = Invitation.objects.create(
            issuer=issuer,
            email=address,
            role=role,
            token_sha256=_digest(token),
            invited_by=actor,
            created=now,
            expires=now + LIFETIME,
        )
        auditing.note(_act("member.invited", invitation), issuer=issuer, now=now, actor=actor)
    link = f"{addresses.base()}/invitations/{token}"
    return Sent(invitation, link, _mail(invitation, link))


def again(invitation: Invitation, *, now: datetime, actor: Account | None) -> Sent:
    """The same invitation with a new link and a new week. Raises `InvitationError`."""
    assert invitation.issuer is not None  # noqa: S101 - tells the type checker
    return invite(invitation.issuer, invitation.email, Role(invitation.role), now=now, actor=actor)


def withdraw(invitation: Invitation, *, now: datetime, actor: Account | None) -> None:
    """Make the link worthless. One that was taken already stays on record."""
    with transaction.atomic():
        gone, _ = Invitation.objects.filter(pk=invitation.pk, accepted=None).delete()
        if gone:
            auditing.note(_act("member.uninvited", invitation), issuer=invitation.issuer, now=now, actor=actor)


def pending(issuer: Issuer) -> QuerySet[Invitation]:
    """Those who were invited and have not come yet, the newest first; expired ones among them."""
    return Invitation.objects.filter(issuer=issuer, accepted=None).order_by("-created", "-pk")


def opened(token: str, *, now: datetime, set_up: bool = False, hold: bool = False) -> Invitation:
    """The invitation behind a link; with `hold` nobody else can take it until the transaction ends.

    Raises `InvitationError`.
    """
    found = Invitation.objects.filter(token_sha256=_digest(token), issuer__isnull=set_up)
    invitation = (found.select_for_update() if hold else found.select_related("issuer", "invited_by")).first()
    if invitation is None:
        raise InvitationError(
            "invitation.unknown",
            "This link leads nowhere",
            "It may have been withdrawn, or a newer one was sent: ask whoever gave it to you",
        )
    if invitation.accepted is not None:
        raise InvitationError("invitation.used", "This link was used already", "Sign in with the account it made")
    if invitation.expires <= now:
        raise InvitationError(
            "invitation.expired",
            "This link has expired",
            "Start Laurea anew, and it prints a fresh one" if set_up else "Ask whoever invited you for a new one",
        )
    return invitation


def taken(invitation: Invitation, account: Account, now: datetime) -> None:
    """Note who took it. To be called in the transaction that held it."""
    Invitation.objects.filter(pk=invitation.pk).update(accepted=now, accepted_by=account)


def _act(name: str, invitation: Invitation) -> Act:
    facts: dict[str, JSON] = {"email": invitation.email, "role": str(invitation.role)}
    return Act(name, "invitation", str(invitation.pk), facts)


def _token() -> str:
    return secrets.token_urlsafe(32)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


def _mail(invitation: Invitation, link: str) -> bool:
    """Send the link; False when the mail service does not take it."""
    issuer = invitation.issuer
    assert issuer is not None  # noqa: S101 - tells the type checker
    known = Account.objects.filter(email=invitation.email).first()
    with translation.override((known.language if known else "") or issuer.language):
        colours = shades(Colours(issuer.primary_colour, issuer.secondary_colour or None))
        context = {
            "subject": gettext("%(issuer)s invites you to Laurea") % {"issuer": issuer.name},
            "language": translation.get_language(),
            "invitation": invitation,
            "issuer": issuer,
            "inviter": invitation.invited_by,
            "address": link,
            "colours": {name.replace("-", "_"): value for name, value in colours.items()},
        }
        html = css_inline.inline(render_to_string("mail/invitation.html", context), load_remote_stylesheets=False)
        message = EmailMultiAlternatives(
            subject=str(context["subject"]),
            body=render_to_string("mail/invitation.txt", context),
            from_email=delivering.sender(issuer),
            to=[invitation.email],
            reply_to=[issuer.email] if issuer.email else None,
        )
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except (OSError, smtplib.SMTPException, AnymailError):
        return False
    return True
