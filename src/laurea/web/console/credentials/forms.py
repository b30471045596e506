"""The form for a single credential. It parses, and asks about what only a person can decide; the action issues."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from laurea.actions.batches.people import clean_address, clean_name, clean_text
from laurea.records.models import Achievement, Issuer, Person
from laurea.web.wording import in_words, span

EXTRAS = ("result", "hours", "evidence")
"""What an achievement may take from its holders' rows."""

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class IssueForm(forms.Form):
    """Who has earned what, and when. With a `person` of the records nothing about them is typed."""

    achievement = forms.ModelChoiceField(Achievement.objects.none(), label=_("Achievement"), empty_label=None)
    name = forms.CharField(
        label=_("Name"),
        max_length=300,
        help_text=_("As it should stand on the certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.CharField(
        label=_("E-mail address"),
        required=False,
        max_length=300,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    employee_number = forms.CharField(label=_("Employee number"), required=False, max_length=100)
    awarded = forms.DateField(label=_("Date of award"), widget=_DAY)
    expires = forms.DateField(label=_("Valid until"), required=False, widget=_DAY)
    result = forms.CharField(label=_("Result"), required=False, max_length=200)
    hours = forms.FloatField(label=_("Hours or credits"), required=False, min_value=0, max_value=100_000)
    evidence = forms.URLField(label=_("Evidence"), required=False, max_length=2_000, assume_scheme="https")
    send_mail = forms.BooleanField(
        label=_("Send the certificate by mail"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )
    again = forms.BooleanField(
        label=_("Issue it all the same"),
        required=False,
        help_text=_("The new one takes the place of the old one, under the same code."),
    )

    def __init__(
        self, issuer: Issuer, achievement: Achievement | None, person: Person | None, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.issuer, self.person = issuer, person
        field = self.fields["achievement"]
        field.queryset = issuer.achievements.filter(archived=None).order_by("name", "pk")  # type: ignore[attr-defined]
        for name in set(EXTRAS) - set(achievement.include if achievement else ()):
            del self.fields[name]
        if person is not None:
            for name in ("name", "email", "employee_number"):
                del self.fields[name]
        if achievement and achievement.validity:
            self.fields["expires"].help_text = _("Empty: as long as the achievement says, %(validity)s.") % {
                "validity": span(achievement.validity)
            }
        else:
            self.fields["expires"].help_text = _("Empty: without an end.")

    def clean_name(self) -> str:
        """As it will be printed."""
        name, findings = clean_name(self.cleaned_data["name"])
        for finding in findings:
            if finding.fatal:
                raise forms.ValidationError(_sentence(finding.reason, finding.hint))
        return name

    def clean_email(self) -> str:
        """One address, in lower case; not that of somebody who is here already."""
        address, findings = clean_address(self.cleaned_data["email"])
        for finding in findings:
            if finding.fatal:
                raise forms.ValidationError(_sentence(finding.reason, finding.hint))
        address = (address or "").lower()
        if address:
            self._require_new(self.issuer.people.filter(emails__address=address).first())
        return address

    def clean_employee_number(self) -> str:
        """Not the number of somebody who is here already."""
        number = clean_text(self.cleaned_data["employee_number"])
        if number:
            self._require_new(self.issuer.people.filter(employee_number=number).first())
        return number

    def clean_awarded(self) -> date:
        """A day that has come, for the issuer."""
        awarded: date = self.cleaned_data["awarded"]
        if awarded > timezone.now().astimezone(ZoneInfo(self.issuer.time_zone)).date():
            raise forms.ValidationError(_("This day has not come yet."))
        if awarded.year < 1900:
            raise forms.ValidationError(_("This is too long ago: 1900 is the earliest year."))
        return awarded

    def clean(self) -> dict[str, Any]:
        """Dates in their order."""
        said = super().clean() or self.cleaned_data
        awarded, expires = said.get("awarded"), said.get("expires")
        if isinstance(awarded, date) and isinstance(expires, date) and expires < awarded:
            self.add_error("expires", _("This is before the date of award."))
        return said

    def _require_new(self, other: Person | None) -> None:
        if other is not None:
            said = now_("This is %(name)s’s. Choose %(name)s under the name, or correct it.")
            raise forms.ValidationError(said % {"name": other.name})


def _sentence(reason: str, hint: str) -> str:
    words = f"{in_words(reason)}. {in_words(hint)}" if hint else in_words(reason)
    return words[:1].upper() + words[1:]
