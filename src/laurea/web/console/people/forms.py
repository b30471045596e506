"""The forms of the people pages. They parse; actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from laurea.actions.batches import Question
from laurea.actions.people import Details
from laurea.actions.people_lists import Answers
from laurea.records.models import Person
from laurea.web.wording import in_words


class PersonForm(forms.Form):
    """What is known about a person."""

    name = forms.CharField(
        label=_("Name"), max_length=300, help_text=_("As it should stand on certificates."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )  # fmt: skip
    emails = forms.CharField(
        label=_("E-mail addresses"),
        required=False,
        help_text=_("One a line. Certificates go to the first one; by the others the person is known as well."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )
    employee_number = forms.CharField(
        label=_("Employee number"),
        required=False,
        max_length=100,
        help_text=_("Keeps a person known when the e-mail address changes."),
    )
    department = forms.CharField(
        label=_("Department"), required=False, max_length=200, widget=forms.TextInput(attrs={"list": "departments"})
    )
    job_role = forms.CharField(label=_("Job role"), required=False, max_length=200)
    language = forms.ChoiceField(
        label=_("Language"), required=False, help_text=_("In which certificates and mails are written.")
    )
    active = forms.BooleanField(
        label=_("Active"),
        required=False,
        initial=True,
        help_text=_("Switch it off for somebody who has left. Everything earned is kept."),
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        if person is not None:
            addresses = person.emails.order_by("-primary", "address").values_list("address", flat=True)
            known = ("name", "employee_number", "department", "job_role", "language", "active")
            kwargs["initial"] = {name: getattr(person, name) for name in known} | {"emails": "\n".join(addresses)}
        super().__init__(*args, **kwargs)
        languages: list[tuple[str, Any]] = [("", _("As the organisation")), *settings.LANGUAGES]
        if person is not None and person.language not in dict(languages):
            languages.append((person.language, person.language))
        self.fields["language"].choices = languages  # type: ignore[attr-defined]

    def details(self) -> Details:
        """What was typed, for the actions."""
        said = dict(self.cleaned_data)
        return Details(**said | {"emails": said["emails"].replace(",", "\n").replace(";", "\n").splitlines()})


class ListForm(forms.Form):
    """A list of people."""

    file = forms.FileField(
        label=_("List of people"),
        allow_empty_file=True,  # the reader says it better
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods"}),
    )


class QuestionsForm(forms.Form):
    """What only a person can decide about a file."""

    def __init__(self, questions: tuple[Question, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._questions = questions
        for number, question in enumerate(questions):
            choices = [(choice.value, _words(choice.value, choice.examples)) for choice in question.choices]
            self.fields[f"answer_{number}"] = forms.ChoiceField(
                label=in_words(question.message), choices=choices, widget=forms.RadioSelect
            )

    def answers(self, before: Answers) -> Answers:
        """`before`, and what was answered now."""
        sheet, mapping = before.sheet, dict(before.mapping)
        for number, question in enumerate(self._questions):
            value = self.cleaned_data[f"answer_{number}"]
            if question.parameter == "sheet":
                sheet = value
            elif question.field:
                mapping[question.field] = value
        return Answers(sheet, mapping)


def _words(value: str, examples: tuple[str, ...]) -> str:
    shown = ", ".join(examples[:3])
    return f"{value} ({shown})" if shown else value
