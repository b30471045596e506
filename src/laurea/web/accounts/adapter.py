"""How Laurea wants sign-in to behave, told to allauth."""

from __future__ import annotations

import smtplib
from typing import Any

import css_inline
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from anymail.exceptions import AnymailError
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from laurea.actions import sealing, signing_in
from laurea.credentials.document import JSON
from laurea.credentials.errors import KeyMaterialError, LaureaError
from laurea.records.models import Account
from laurea.rendering.palette import Colours, shades
from laurea.web.accounts.switches import remember_language

_ACTS = {
    "account/email/password_changed": "account.password-changed",
    "account/email/password_set": "account.password-changed",
    "account/email/password_reset": "account.password-reset",
    "account/email/email_changed": "account.changed",
    "account/email/email_deleted": "account.changed",
    "mfa/email/totp_activated": "account.factor-added",
    "mfa/email/webauthn_added": "account.factor-added",
    "mfa/email/totp_deactivated": "account.factor-removed",
    "mfa/email/webauthn_removed": "account.factor-removed",
    "mfa/email/recovery_codes_generated": "account.factor-added",
}
"""What allauth writes to people about, and what that is in the log."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come from invitations and the set-up link; nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an invitation makes the account."""
        return False

    def post_login(self, request: HttpRequest, user: Account, **hook: Any) -> HttpResponse:
        """Whoever has chosen a language gets it in every browser they sign in with."""
        response: HttpResponse = super().post_login(request, user, **hook)
        if user.language:
            remember_language(response, user.language)
        signing_in.succeeded(user, now=timezone.now())
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password, or an address that nobody has."""
        super().authentication_failed(request, **credentials)
        signing_in.failed(str(credentials.get("email") or ""), step="password", now=timezone.now())

    def send_notification_mail(
        self, template_prefix: str, user: Account, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """allauth tells people by mail what was changed about their sign-in; the log is told as well."""
        said = context or {}
        facts: dict[str, JSON] = {}
        if "to_email" in said:
            facts["changes"] = {"email": [said["from_email"], said["to_email"]]}
        signing_in.changed(user, _ACTS.get(template_prefix, "account.secured"), facts, now=timezone.now())
        super().send_notification_mail(template_prefix, user, context, email)

    def format_email_subject(self, subject: str) -> str:
        """As it is: the sender says who writes."""
        return subject

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMultiAlternatives:
        """The text, and the same as a letter in HTML: paragraphs, with an address of its own line as a button."""
        message: EmailMultiAlternatives = super().render_mail(template_prefix, email, context, headers)
        paragraphs = [part.strip() for part in str(message.body).split("\n\n") if part.strip()]
        letter = {
            "subject": message.subject,
            "language": get_language(),
            "paragraphs": [_paragraph(part, context) for part in paragraphs],
            "colours": {name.replace("-", "_"): value for name, value in shades(Colours()).items()},
        }
        html = css_inline.inline(render_to_string("account/email/letter.html", letter), load_remote_stylesheets=False)
        message.attach_alternative(html, "text/html")
        return message

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send it, or explain that the mail service is in trouble. Raises `LaureaError` (``mail.service``)."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException, AnymailError):
            raise LaureaError(
                "mail.service",
                "The message could not be sent: the mail server does not answer as it should",
                "Try again in a while, or ask whoever runs this installation",
            ) from None


class TwoFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of two-factor sign-in are kept sealed; keys and apps show the name of the product."""

    def encrypt(self, text: str) -> str:
        """Seal with the key of the installation, which the database does not hold."""
        return sealing.seals().encrypt(text.encode("utf-8")).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed. Raises `KeyMaterialError` where the key is another one."""
        try:
            return sealing.seals().decrypt(encrypted_text.encode("ascii")).decode("utf-8")
        except InvalidToken:
            raise KeyMaterialError(
                "key.sealed",
                "The second factor cannot be opened with this installation's LAUREA_KEY_ENCRYPTION_KEY",
                "Give the value that was set when it was made; several may be given, separated by commas",
            ) from None

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the host; browsers show the name."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}


def _paragraph(text: str, context: dict[str, Any]) -> dict[str, Any]:
    kind = "link" if text.startswith(("http://", "https://")) and len(text.split()) == 1 else "text"
    if text == context.get("code"):
        kind = "code"
    return {"kind": kind, "text": text}
