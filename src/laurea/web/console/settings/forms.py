"""The forms of the settings pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from laurea.actions.branding import FIELDS, Brand
from laurea.credentials.errors import LaureaError
from laurea.credentials.trust import LONGEST_NAME
from laurea.records.models import Issuer, Role
from laurea.web.accounts.forms import COLOUR, time_zones
from laurea.web.wording import worded


class TrustForm(forms.Form):
    """An issuer elsewhere that is to be trusted."""

    identifier = forms.CharField(
        label=_("Identifier"),
        max_length=1_000,
        help_text=_("It begins with did:key:, did:web: or https://. The page that verifies a credential shows it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("As people know it. Nobody else is taken for an issuer of this name."),
    )
    since = forms.DateField(
        label=_("Trusted since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False
    )


class TrustFileForm(forms.Form):
    """A trust list in JSON."""

    file = forms.FileField(
        label=_("Trust list"), allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ".json,application/json"})
    )


class ProfileForm(forms.Form):
    """What an issuer says about itself; `SIGNED` stands in every certificate from then on."""

    SIGNED = ("name", "url", "email", "description")
    LOOK = ("logo", "no_logo", "primary_colour", "secondary_colour")

    name = forms.CharField(
        label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    url = forms.URLField(label=_("Website"), max_length=500, required=False, assume_scheme="https")
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("For questions of holders; answers to our mail go there."),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=2000,
        required=False,
        help_text=_("In two sentences: who you are, and why your certificates mean something."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("SVG, PNG or JPEG, up to 4 MB. It is drawn anew: without scripts, without hidden data."),
        widget=forms.FileInput(attrs={"accept": "image/svg+xml,image/png,image/jpeg"}),
    )
    no_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    primary_colour = forms.CharField(
        label=_("First colour"), validators=[COLOUR], widget=forms.TextInput(attrs={"type": "color"})
    )
    second = forms.BooleanField(
        label=_("Choose the second colour, too"),
        required=False,
        help_text=_("Otherwise it is a shade of the first."),
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )
    secondary_colour = forms.CharField(
        label=_("Second colour"), required=False, validators=[COLOUR], widget=forms.TextInput(attrs={"type": "color"})
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of certificates and mail, where nothing else is chosen."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Decides which day it is when you issue.")
    )
    linkedin_organization = forms.CharField(
        label=_("Number of your LinkedIn page"),
        max_length=20,
        required=False,
        validators=[RegexValidator(r"\A\d+\Z", _("Digits only, as in linkedin.com/company/1234567."))],
        help_text=_("With it, LinkedIn shows your logo beside the certificates that holders add."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, issuer: Issuer, **kwargs: Any) -> None:
        kwargs["initial"] = {field: getattr(issuer, field) for field in FIELDS}
        kwargs["initial"]["second"] = bool(issuer.secondary_colour)
        kwargs["initial"]["secondary_colour"] = issuer.secondary_colour or "#b8863b"
        super().__init__(*args, **kwargs)
        if not issuer.logo_id:
            del self.fields["no_logo"]

    def brand(self) -> Brand:
        """What was filled in, of a valid form."""
        said = self.cleaned_data
        kept = {field: said[field] for field in FIELDS}
        kept["primary_colour"] = kept["primary_colour"].lower()
        kept["secondary_colour"] = kept["secondary_colour"].lower() if said["second"] else ""
        logo: bytes | str | None = said["logo"].read() if said["logo"] else None
        if logo is None and said.get("no_logo"):
            logo = ""
        return Brand(**kept, logo=logo)

    def tell(self, error: LaureaError) -> None:
        """Show an action's error where it belongs."""
        message, hint = worded(error)
        field = "logo" if error.code.startswith("picture.") else None
        self.add_error(field, f"{message}. {hint}." if hint else f"{message}.")


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            (Role.ISSUER, _("Issuer: issues, and keeps people, achievements and designs")),
            (Role.VIEWER, _("Viewer: sees everything, changes nothing")),
            (Role.OWNER, _("Owner: all of that, and settings, members and keys")),
        ],
        initial=Role.ISSUER,
        widget=forms.RadioSelect,
    )


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class StolenForm(forms.Form):
    """Since when a key was in the wrong hands; and the issuer's short name, typed, since nothing brings it back."""

    since = forms.DateTimeField(
        label=_("In the wrong hands since"),
        help_text=_("The earliest moment at which somebody else could have used it, in your time zone."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    typed = forms.CharField(
        label=_("To confirm, type the short name of your organisation"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, issuer: Issuer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.issuer = issuer
        self.zone = ZoneInfo(issuer.time_zone)
        self.fields["typed"].help_text = issuer.slug

    def clean_since(self) -> datetime:
        """The moment, as somebody in the issuer's time zone means it, and none that is still to come."""
        said: datetime = self.cleaned_data["since"]
        since = timezone.make_naive(said).replace(tzinfo=self.zone)
        if since > timezone.now():
            raise forms.ValidationError(_("This moment is still to come."))
        return since

    def clean_typed(self) -> str:
        """The short name and nothing else."""
        typed: str = self.cleaned_data["typed"].strip()
        if typed != self.issuer.slug:
            raise forms.ValidationError(_("That is not the short name of your organisation."))
        return typed
