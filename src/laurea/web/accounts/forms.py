"""The forms of sign-in, set-up, invitations and one's own account. allauth's get our labels and no placeholders."""

from __future__ import annotations

import zoneinfo
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from laurea.actions import signing_in
from laurea.actions.founding import LONGEST_SLUG, SLUG, Founder, Organisation
from laurea.credentials.errors import LaureaError
from laurea.records.models import Account
from laurea.web.wording import worded

COLOUR = RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Write it as #rrggbb, such as #1f5c46."))


PASSWORD_HELP = _("At least 12 characters. A sentence of four or five words is strong and easy to keep.")


def new_password() -> forms.CharField:
    """A field for a password that is being chosen; the page says while typing how good it is."""
    return forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "data-strength": True}),
    )


def tell(form: forms.Form, error: LaureaError, fields: dict[str, str]) -> None:
    """Show an action's error at the field that `fields` names for the first part of its code, or above the form."""
    message, hint = worded(error)
    field = fields.get(error.code) or fields.get(error.code.partition(".")[0])
    form.add_error(field if field in form.fields else None, f"{message}. {hint}." if hint else f"{message}.")


def time_zones() -> list[tuple[str, str]]:
    """The names of all time zones, as `Europe/Berlin`."""
    known = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(_LEGACY))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in known)]


_LEGACY = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")


# --- allauth's forms, in our words ------------------------------------------------------------------------------------


class _Plain:
    """No placeholder says again what the label says."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignIn(_Plain, account.LoginForm):  # type: ignore[misc]
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Stay signed in on this device")


class ChangePassword(_Plain, account.ChangePasswordForm):  # type: ignore[misc]
    """The old one, and the new one once: it can be seen while typing, and set anew by mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Current password")
        self.fields["oldpassword"].help_text = ""
        _choose(self.fields)


class SetPassword(_Plain, account.SetPasswordForm):  # type: ignore[misc]
    """A password for an account without one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields)


class ResetPassword(_Plain, account.ResetPasswordForm):  # type: ignore[misc]
    """The address to send a link to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs |= {"autocomplete": "username"}


class ResetPasswordKey(_Plain, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password, by the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields)


class ChangeEmail(_Plain, account.AddEmailForm):  # type: ignore[misc]
    """The new address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class Reauthenticate(_Plain, account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
        self.fields["password"].widget.attrs |= {"autocomplete": "current-password", "autofocus": True}


class ConfirmCode(_Plain, account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    """The code that was mailed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the message")
        self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "autofocus": True}


def _code(field: forms.Field) -> None:
    field.label = _("Code")
    field.widget.attrs |= {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


class SecondFactor(_Plain, mfa.AuthenticateForm):  # type: ignore[misc]
    """A code of the app, or a recovery code."""

    def _emit_authentication_failed(self, authenticator: object) -> None:
        super()._emit_authentication_failed(authenticator)
        signing_in.failed(self.user.email, step="second-factor", now=timezone.now())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self.fields["code"])
        self.fields["code"].help_text = _("Six digits from your authenticator app, or one of your recovery codes.")


class SecondFactorAgain(_Plain, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The same, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self.fields["code"])


class ActivateTotp(_Plain, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self.fields["code"])
        self.fields["code"].label = _("Code from the app")


class AddPasskey(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A name, and whether the key alone shall be enough."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].help_text = _("To tell your keys apart: “Laptop”, “Blue key”.")
        self.fields["passwordless"].label = _("Sign in with it alone, without the password")
        self.fields["passwordless"].help_text = _(
            "Your device then asks for your fingerprint, face or PIN. "
            "Without this, the key is a second step after the password."
        )
        self.fields["passwordless"].initial = True


def _choose(fields: dict[str, forms.Field]) -> None:
    """One field to choose a password in, not two: it can be shown, and a slip is mended by mail."""
    fields["password1"].label = _("New password")
    fields["password1"].help_text = PASSWORD_HELP
    fields["password1"].widget.attrs |= {"autocomplete": "new-password", "data-strength": True}
    fields.pop("password2", None)


# --- Our own ----------------------------------------------------------------------------------------------------------


class OrganisationForm(forms.Form):
    """What a new organisation is called and looks like."""

    FIELDS: dict[str, str] = {"founding": "slug", "picture": "logo", "rendering": "primary_colour"}  # noqa: RUF012

    name = forms.CharField(
        label=_("Name of the organisation"),
        max_length=200,
        help_text=_("As it shall stand on certificates: “Acme GmbH”."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    slug = forms.CharField(
        label=_("Short name in addresses"),
        max_length=LONGEST_SLUG,
        validators=[RegexValidator(rf"\A{SLUG.pattern}\Z", _("Use a to z, 0 to 9, and hyphens between them."))],
        help_text=_("Lasts for ever: it becomes part of every signed certificate and cannot be changed later."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "data-slug-of": "id_name"}),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("SVG, PNG or JPEG, up to 4 MB. You can add it later."),
        widget=forms.FileInput(attrs={"accept": "image/svg+xml,image/png,image/jpeg", "data-preview": "logo"}),
    )
    primary_colour = forms.CharField(
        label=_("First colour"),
        initial="#1f5c46",
        validators=[COLOUR],
        widget=forms.TextInput(attrs={"type": "color", "data-preview": "primary"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of certificates and mail, where nothing else is chosen."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Decides which day it is when you issue.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = get_language()
        self.fields["time_zone"].initial = settings.TIME_ZONE
        self.fields["time_zone"].widget.attrs["data-own-zone"] = settings.TIME_ZONE == "UTC"

    def organisation(self) -> Organisation:
        """What was filled in, of a valid form."""
        said = self.cleaned_data
        return Organisation(
            name=said["name"],
            slug=said["slug"],
            language=said["language"],
            time_zone=said["time_zone"],
            primary_colour=said["primary_colour"].lower(),
            logo=_bytes(said.get("logo")),
        )


class SetUpForm(OrganisationForm):
    """The first owner, and the first organisation."""

    FIELDS: dict[str, str] = {**OrganisationForm.FIELDS, "joining": "owner_email"}  # noqa: RUF012

    owner_name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    owner_email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = new_password()
    field_order = ("owner_name", "owner_email", "password")

    def clean(self) -> dict[str, Any]:
        """The password must not be one that is guessed, nor made of the name and address."""
        said = super().clean() or {}
        _check_password(self, said.get("owner_email", ""), said.get("owner_name", ""))
        return said

    def founder(self) -> Founder:
        """What was filled in, of a valid form."""
        said = self.cleaned_data
        return Founder(said["owner_name"], said["owner_email"], said["password"])


class JoinForm(forms.Form):
    """Somebody who was invited and has no account yet."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    password = new_password()

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """As for the first owner."""
        said = super().clean() or {}
        _check_password(self, self.email, said.get("name", ""))
        return said


class AccountForm(forms.Form):
    """One's own name and language."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("Colleagues see it beside what you do."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("As my browser says")), *settings.LANGUAGES],
        help_text=_("Of these pages, and of messages to you."),
    )


def _check_password(form: forms.Form, email: str, name: str) -> None:
    password = form.cleaned_data.get("password")
    if not password:
        return
    try:
        password_validation.validate_password(password, Account(email=email, name=name))
    except forms.ValidationError as error:
        form.add_error("password", error)


def _bytes(file: UploadedFile[bytes] | None) -> bytes | None:
    return file.read() if file else None
