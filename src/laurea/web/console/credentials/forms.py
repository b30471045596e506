"""The forms for a single credential. They parse, and ask about what only a person can decide; actions do it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, fields, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from laurea.actions import correcting, revoking
from laurea.actions.batches import RowError
from laurea.actions.batches.people import clean_address, clean_name, clean_text
from laurea.actions.correcting import Said
from laurea.records.models import Achievement, Credential, Issuer, Person
from laurea.web.wording import in_words, span, with_days

EXTRAS = ("result", "hours", "evidence")
"""What an achievement may take from its holders' rows."""

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def refused(reason: str, hint: str) -> str:
    """Why no credential can be made of what was typed, as sentences: a list says it beside its cells."""
    said = with_days(". ".join(filter(None, (in_words(reason), in_words(hint)))))
    return said[:1].upper() + said[1:]


class HolderForm(forms.Form):
    """What a credential says about its holder. `include` are those of EXTRAS that the achievement takes."""

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

    def __init__(self, issuer: Issuer, include: Collection[str], validity: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.issuer = issuer
        for name in set(EXTRAS) - set(include):
            del self.fields[name]
        if validity:
            self.fields["expires"].help_text = _("Empty: as long as the achievement says, %(validity)s.") % {
                "validity": span(validity)
            }
        else:
            self.fields["expires"].help_text = _("Empty: without an end.")

    def clean_name(self) -> str:
        """As it will be printed."""
        name, findings = clean_name(self.cleaned_data["name"])
        for finding in findings:
            if finding.fatal:
                raise forms.ValidationError(refused(finding.reason, finding.hint))
        return name

    def clean_email(self) -> str:
        """One address, in lower case."""
        address, findings = clean_address(self.cleaned_data["email"])
        for finding in findings:
            if finding.fatal:
                raise forms.ValidationError(refused(finding.reason, finding.hint))
        return (address or "").lower()

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

    def show(self, wrong: RowError) -> None:
        """Say at the field that is to blame why no credential can be made of what was typed."""
        said = refused(wrong.reason, wrong.hint)
        field = next(
            (name for name in ("awarded", "expires", "evidence", "email", "name") if name in wrong.column), "name"
        )
        self.add_error(field if field in self.fields else None, said)


class IssueForm(HolderForm):
    """Who has earned what, and when. With a `person` of the records nothing about them is typed."""

    field_order = ("achievement", "name", "email", "employee_number")

    achievement = forms.ModelChoiceField(Achievement.objects.none(), label=_("Achievement"), empty_label=None)
    employee_number = forms.CharField(label=_("Employee number"), required=False, max_length=100)
    again = forms.BooleanField(
        label=_("Issue it all the same"),
        required=False,
        help_text=_("The new one takes the place of the old one, under the same code."),
    )

    def __init__(
        self, issuer: Issuer, achievement: Achievement | None, person: Person | None, *args: Any, **kwargs: Any
    ) -> None:
        include, validity = (achievement.include, achievement.validity) if achievement else ((), "")
        super().__init__(issuer, include, validity, *args, **kwargs)
        self.person = person
        field = self.fields["achievement"]
        field.queryset = issuer.achievements.filter(archived=None).order_by("name", "pk")  # type: ignore[attr-defined]
        if person is not None:
            for name in ("name", "email", "employee_number"):
                del self.fields[name]

    def clean_email(self) -> str:
        """Not the address of somebody who is here already."""
        address = super().clean_email()
        if address:
            self._require_new(self.issuer.people.filter(emails__address=address).first())
        return address

    def clean_employee_number(self) -> str:
        """Not the number of somebody who is here already."""
        number = clean_text(self.cleaned_data["employee_number"])
        if number:
            self._require_new(self.issuer.people.filter(employee_number=number).first())
        return number

    def _require_new(self, other: Person | None) -> None:
        if other is not None:
            said = now_("This is %(name)s’s. Choose %(name)s under the name, or correct it.")
            raise forms.ValidationError(said % {"name": other.name})


class CorrectForm(HolderForm):
    """What a credential should have said; it begins with what it says."""

    rename = forms.BooleanField(label=_("Correct the name of the person on record, too"), required=False, initial=True)

    def __init__(self, credential: Credential, was: Achievement, *args: Any, **kwargs: Any) -> None:
        said = correcting.said_by(credential)
        initial = {"send_mail": bool(said.email), **asdict(said)}
        super().__init__(credential.issuer, was.include, was.validity, *args, initial=initial, **kwargs)
        person = credential.person
        if person is None or person.name != credential.name or credential.revoked is not None:
            del self.fields["rename"]

    def said(self) -> Said:
        """What was typed."""
        known = {name: self.cleaned_data[name] for name in asdict(self._was()) if name in self.cleaned_data}
        return replace(self._was(), **known)

    def _was(self) -> Said:
        return Said(**{each.name: self.initial[each.name] for each in fields(Said)})


class RevokeForm(forms.Form):
    """Why, and when."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose one")), *Credential.Reason.choices],
        help_text=_("Whoever checks the credential is shown it."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=revoking.LONGEST_NOTE,
        help_text=_("For your own files. It is never shown outside this console."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    when = forms.ChoiceField(
        label=_("When"),
        choices=[("now", _("At once")), ("day", _("On a day to come"))],
        initial="now",
        widget=forms.RadioSelect,
    )
    day = forms.DateField(
        label=_("Day"), required=False, widget=_DAY, help_text=_("It is revoked as this day begins, in your time zone.")
    )

    def __init__(self, issuer: Issuer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(issuer.time_zone)

    def clean(self) -> dict[str, Any]:
        """A day that has not come, where a day is meant."""
        said = super().clean() or self.cleaned_data
        if said.get("when") == "day" and "day" not in self.errors:
            day = said.get("day")
            if day is None:
                self.add_error("day", _("Say on which day."))
            elif day <= timezone.now().astimezone(self.zone).date():
                self.add_error("day", _("This day has begun already. Choose a later one, or revoke at once."))
        return said

    @property
    def at(self) -> datetime | None:
        """When it is to be, None for at once."""
        day = self.cleaned_data["day"] if self.cleaned_data["when"] == "day" else None
        return datetime.combine(day, time(), self.zone) if day else None
