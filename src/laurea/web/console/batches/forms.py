"""The forms of a batch: they parse, they do not save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from laurea.actions.batches import ENCODINGS, FIELDS, Column
from laurea.actions.batches.dates import EARLIEST
from laurea.actions.batches.tables import MAX_BYTES
from laurea.records.models import Achievement, Batch
from laurea.web.wording import in_words

FIELD_NAMES = {
    "name": gettext_lazy("Full name"),
    "first_name": gettext_lazy("First name"),
    "middle_name": gettext_lazy("Middle name"),
    "last_name": gettext_lazy("Family name"),
    "title": gettext_lazy("Academic title"),
    "suffix": gettext_lazy("Name suffix"),
    "email": gettext_lazy("E-mail address"),
    "employee_number": gettext_lazy("Employee number"),
    "department": gettext_lazy("Department"),
    "job_role": gettext_lazy("Job role"),
    "course": gettext_lazy("Course"),
    "awarded": gettext_lazy("Date of award"),
    "expires": gettext_lazy("Valid until"),
    "result": gettext_lazy("Result"),
    "hours": gettext_lazy("Hours"),
    "evidence": gettext_lazy("Link to evidence"),
    "language": gettext_lazy("Language"),
    "note": gettext_lazy("Remark"),
    "status": gettext_lazy("Completion status"),
}
"""What a column can be taken for, in words."""


class FileForm(forms.Form):
    """A list."""

    file = forms.FileField(
        label=gettext_lazy("List"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods"}),
        error_messages={"empty": gettext_lazy("The file is empty. Choose the list with your people.")},
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                _("The file has %(size)d MB; at most 60 MB can be read. Divide the list into several files."),
                params={"size": round((file.size or 0) / 1024 / 1024)},
            )
        return file


class UploadForm(FileForm):
    """A list, and what its people have achieved."""

    achievement = forms.ModelChoiceField(
        Achievement.objects.none(),
        label=gettext_lazy("Achievement"),
        empty_label=gettext_lazy("Choose what they have achieved"),
    )
    field_order = ("achievement", "file")

    def __init__(self, achievements: QuerySet[Achievement], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Achievement]", self.fields["achievement"])
        field.queryset = achievements


class MeaningForm(forms.Form):
    """What a list means: its sheet, the order of its dates, what each column is, and what goes for all lines."""

    date_order = forms.ChoiceField(
        required=False, widget=forms.RadioSelect, label=gettext_lazy("How are dates written?")
    )
    sheet = forms.ChoiceField(required=False, widget=forms.RadioSelect, label=gettext_lazy("Which sheet is the list?"))
    encoding = forms.ChoiceField(required=False, label=gettext_lazy("Encoding, if names look wrong"))
    no_header = forms.BooleanField(required=False, label=gettext_lazy("The first line is a person already"))
    course = forms.ChoiceField(required=False, label=gettext_lazy("Course"))
    awarded = forms.DateField(
        required=False,
        label=gettext_lazy("Date of award for lines without one"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, batch: Batch, columns: Sequence[Column], *args: Any, today: date, **kwargs: Any) -> None:
        self.batch, self.columns, self.today = batch, columns, today
        self.questions = {question["parameter"]: question for question in batch.reading.get("questions", [])}
        kwargs["initial"] = self._known()
        super().__init__(*args, **kwargs)
        self._choose("date_order", self.questions.get("date_order"), _date_example)
        self._choose("sheet", self.questions.get("sheet"), lambda example: example)
        if batch.reading.get("kind") != "csv":
            del self.fields["encoding"]
        else:
            self._choices("encoding", [("", _("As found")), *((name, _encoding(name)) for name in ENCODINGS)])
        if courses := batch.reading.get("courses"):
            listed = [(name, f"{name[:80]} ({count})") for name, count in courses]
            self._choices("course", [("", _("All of them")), *listed])
        else:
            del self.fields["course"]
        if not columns:
            del self.fields["no_header"], self.fields["awarded"]
        fields = [("", _("Not used")), *((name, FIELD_NAMES[name]) for name in FIELDS)]
        for column in columns:
            self.fields[f"column-{column.position}"] = forms.ChoiceField(
                choices=fields,
                required=False,
                initial=column.field or "",
                label=_("Column “%(name)s” is") % {"name": in_words(column.label)},
            )

    @property
    def rows(self) -> list[tuple[Column, forms.BoundField]]:
        """Each column with the field that says what it is."""
        return [(column, self[f"column-{column.position}"]) for column in self.columns]

    @property
    def mapping(self) -> dict[str, str]:
        """Field -> position of its column, "" for none: all fields, so that nothing is guessed any more."""
        chosen = {self.cleaned_data.get(f"column-{column.position}"): str(column.position) for column in self.columns}
        return {name: chosen.get(name, "") for name in FIELDS}

    def clean_awarded(self) -> date | None:
        """A day in the past, within reason."""
        day: date | None = self.cleaned_data["awarded"]
        if day is not None and not EARLIEST <= day <= self.today:
            raise forms.ValidationError(_("Choose a day that is not in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        """A field may be chosen once, and a name must be among them."""
        data = super().clean() or {}
        chosen: dict[str, list[Column]] = {}
        for column in self.columns:
            if field := data.get(f"column-{column.position}"):
                chosen.setdefault(field, []).append(column)
        for field, columns in chosen.items():
            for column in columns[1:]:
                self.add_error(
                    f"column-{column.position}",
                    _("“%(field)s” is column “%(column)s” already. Choose it once.")
                    % {"field": FIELD_NAMES[field], "column": in_words(columns[0].label)},
                )
        parts = chosen.keys() & {"first_name", "middle_name", "last_name"}
        if "name" in chosen and parts:
            self.add_error(
                f"column-{chosen[min(parts)][0].position}",
                _("Choose either the full name or its parts, not both."),
            )
        if self.columns and not chosen.keys() & {"name", "first_name", "last_name"} and not data.get("no_header"):
            self.add_error(None, _("No column is the name. Say below which one it is."))
        for parameter in self.questions.keys() & {"date_order", "sheet"}:
            if not data.get(parameter):
                self.add_error(parameter, _("Choose one."))
        return data

    def _known(self) -> dict[str, Any]:
        options = self.batch.options
        where = options.get("where") or []
        return {
            "encoding": options.get("encoding", ""),
            "date_order": options.get("date_order", ""),
            "sheet": options.get("sheet", ""),
            "course": where[0][1] if where else "",
            "no_header": self.batch.reading.get("header_line") == 0,
            "awarded": self.batch.awarded,
        }

    def _choose(self, name: str, question: Mapping[str, Any] | None, shown: Any) -> None:
        """The choices of a question; without one, nothing is asked."""
        if question is None:
            del self.fields[name]
            return
        meanings = {"dmy": _("day, month, year"), "mdy": _("month, day, year"), "ymd": _("year, month, day")}
        choices = []
        for choice in question["choices"]:
            label = capfirst(meanings.get(choice["value"], choice["value"]))
            examples = " · ".join(shown(example) for example in choice["examples"])
            choices.append((choice["value"], f"{label}: {examples}" if examples else label))
        self._choices(name, choices)

    def _choices(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices


def _date_example(example: str) -> str:
    """“03/04/2026 is 3 April 2026”, the day in the reader's language."""
    raw, _is, day = example.rpartition(" is ")
    try:
        shown = date_format(datetime.strptime(day, "%d %B %Y").date(), "DATE_FORMAT")  # noqa: DTZ007 - a calendar day
    except ValueError:
        return example
    return _("%(raw)s is %(day)s") % {"raw": raw, "day": shown}


def _encoding(name: str) -> str:
    names = {
        "utf-8": "UTF-8",
        "utf-16": "UTF-16",
        "cp1252": _("Windows, Western Europe (1252)"),
        "iso-8859-15": _("Western Europe (ISO 8859-15)"),
        "mac-roman": "Mac Roman",
        "cp1250": _("Windows, Central Europe (1250)"),
        "cp1251": _("Windows, Cyrillic (1251)"),
    }
    return names.get(name, name.upper())
