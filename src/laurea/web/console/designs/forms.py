"""What a design's editor asks, and what it means for a `DesignVersion`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from laurea.actions import appearances, designing, sampling
from laurea.records.models import Issuer, Picture
from laurea.rendering.certificate import MAX_SIGNATORIES
from laurea.rendering.design import ELEMENTS, design_names
from laurea.rendering.typefaces import TYPEFACES
from laurea.web.console.designs.pictures import FILE, sentence

PAPERS = (("a4", _("A4")), ("us-letter", _("US Letter")))
ORIENTATIONS = (("landscape", _("Landscape")), ("portrait", _("Portrait")))
SHOWN: Mapping[str, Any] = {
    "logo": _("Logo"),
    "badge": _("Badge"),
    "description": _("Description"),
    "skills": _("Skills"),
    "signatories": _("Signatures"),
    "expiry": _("Date of expiry"),
    "qr": _("QR code"),
}
LANGUAGES = (("en", _("English")), ("de", _("German")))
HOLDERS = (
    ("usual", _("A usual name")),
    ("short", _("A short name")),
    ("long", _("A long name")),
    ("arabic", _("A name in Arabic")),
    ("chinese", _("A name in Chinese")),
    ("hindi", _("A name in Hindi")),
)
TEXTS: Mapping[str, Any] = {
    "kind": _("What it is called"),
    "awarded_to": _("Above the name"),
    "for": _("Between name and achievement"),
    "for_completing": _("The same, for a course"),
    "issued": _("Who issued it when"),
    "expires": _("Until when it is valid"),
    "skills": _("Before the skills"),
    "check": _("Under the code"),
    "check_offline": _("Under the code, without an address"),
    "date": _("How a day is written"),
}
SIGNATORIES = range(MAX_SIGNATORIES)
PICTURES = ("logo", *(f"signatories-{number}-picture" for number in SIGNATORIES))
"""The fields that hold the number of a picture."""


class ColourInput(forms.TextInput):
    """A colour that may be left open; the page puts a swatch beside it."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(
            attrs={
                "placeholder": placeholder,
                "maxlength": 7,
                "size": 8,
                "spellcheck": "false",
                "autocomplete": "off",
                "class": "colour-text",
            }
        )


class DesignForm(forms.Form):
    """A design: name, base and adjustments. `adjustments` gives what is right so far, so that it can be drawn."""

    name = forms.CharField(label=_("Name of the design"), max_length=designing.LONGEST_NAME)
    base = forms.ChoiceField(label=_("Design"), widget=forms.RadioSelect)
    primary = forms.CharField(label=_("First colour"), required=False)
    secondary = forms.CharField(label=_("Second colour"), required=False)
    headline = forms.ChoiceField(label=_("Name and achievement"), required=False)
    text = forms.ChoiceField(label=_("Everything else"), required=False)
    paper = forms.ChoiceField(label=_("Paper"), choices=PAPERS, widget=forms.RadioSelect, initial="a4")
    orientation = forms.ChoiceField(
        label=_("Orientation"), choices=ORIENTATIONS, widget=forms.RadioSelect, initial="landscape"
    )
    show = forms.MultipleChoiceField(
        label=_("What it shows"),
        choices=[(element, SHOWN[element]) for element in ELEMENTS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=list(ELEMENTS),
        help_text=_("If there is anything to show."),
    )

    def __init__(
        self, data: Any = None, *, issuer: Issuer, wrong: Mapping[str, str] | None = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self._issuer, self._wrong = issuer, wrong or {}
        designs = {name: appearances.packaged(name) for name in design_names()}
        self._base_field().choices = [(name, design.title) for name, design in designs.items()]
        self.fields["primary"].widget = ColourInput(issuer.primary_colour)
        self.fields["secondary"].widget = ColourInput(issuer.secondary_colour or gettext("a shade of the first"))
        for place in ("headline", "text"):
            field = self.fields[place]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
            field.choices = [("", gettext("The design's own")), *((family, family) for family in TYPEFACES)]
        self._add_pictures()
        for number in SIGNATORIES:
            self._add_signatory(number)
        for language in designing.LANGUAGES:
            self._add_texts(language)
        for name, design in designs.items():
            for option, default in design.options.items():
                self.fields[f"options-{name}-{option}"] = forms.CharField(
                    label=option, required=False, max_length=200, widget=forms.TextInput({"placeholder": default})
                )

    def clean(self) -> dict[str, Any]:
        """What designing knows to be wrong, beside the field it is about."""
        for field, message in self._wrong.items():
            self.add_error(field, message)
        name = self.cleaned_data.get("name", "-")
        said = self.adjustments()
        slots = [number for number, _ in self._signatories()]
        for problem in designing.problems(name, self.cleaned_data.get("base", ""), said):
            field = problem.field.replace(".", "-")
            if field.startswith("signatories-"):
                place, number, key = field.split("-")
                field = f"{place}-{slots[int(number)]}-{key}"
            if field in self.fields:
                if field in self.cleaned_data:
                    self.add_error(field, sentence(problem))
            else:
                self.add_error(None, sentence(problem))
        return self.cleaned_data

    def adjustments(self) -> dict[str, Any]:
        """The choices that are right, as a version keeps them."""
        said = self.cleaned_data
        base = said.get("base") or design_names()[0]
        logo = said.get("logo")
        return {
            "paper": said.get("paper") or "a4",
            "orientation": said.get("orientation") or "landscape",
            "primary": said.get("primary") or "",
            "secondary": said.get("secondary") or "",
            "typefaces": {place: said.get(place) or "" for place in ("headline", "text")},
            "show": said.get("show", list(ELEMENTS)),
            "texts": {
                language: {key: said.get(f"texts-{language}-{key}") or "" for key in TEXTS}
                for language in designing.LANGUAGES
            },
            "options": {
                option: said.get(f"options-{base}-{option}") or "" for option in appearances.packaged(base).options
            },
            "signatories": [who for _, who in self._signatories()],
            "logo": logo.pk if logo else None,
        }

    # What the page draws in places of its own.

    def texts(self) -> list[tuple[str, Any, list[BoundField]]]:
        """The texts by language: its code, its name, its fields."""
        return [(language, label, [self[f"texts-{language}-{key}"] for key in TEXTS]) for language, label in LANGUAGES]

    def wrong_words(self) -> set[str]:
        """The languages in which a text is wrong."""
        return {field.split("-")[1] for field in self.errors if field.startswith("texts-")} if self.is_bound else set()

    def signatories(self) -> list[dict[str, Any]]:
        """Who may sign: number, fields, and the picture that there is."""
        return [
            {
                "number": number + 1,
                "name": self[f"signatories-{number}-name"],
                "role": self[f"signatories-{number}-role"],
                "picture": self.picture(f"signatories-{number}-picture"),
                "filled": bool(self[f"signatories-{number}-name"].value()),
                "wrong": any(field.startswith(f"signatories-{number}-") for field in self.errors),
            }
            for number in SIGNATORIES
        ]

    def own_logo(self) -> dict[str, Any]:
        """The field for a logo of the design's own, and the picture in it."""
        return self.picture("logo")

    def picture(self, field: str) -> dict[str, Any]:
        """A field that holds a picture: itself, the one for a file, and the picture."""
        value = self[field].value()
        number = value.pk if isinstance(value, Picture) else value
        chosen = self._issuer.pictures.filter(pk=number).first() if str(number or "").isdecimal() else None
        return {"field": self[field], "file": self[field + FILE], "chosen": chosen}

    def options(self) -> list[tuple[str, list[BoundField]]]:
        """What the packaged designs themselves offer, by design."""
        found = []
        for name in design_names():
            fields = [self[field] for field in self.fields if field.startswith(f"options-{name}-")]
            if fields:
                found.append((name, fields))
        return found

    def _base_field(self) -> forms.ChoiceField:
        field = self.fields["base"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        return field

    def _add_pictures(self) -> None:
        for field in PICTURES:
            self.fields[field] = forms.ModelChoiceField(
                self._issuer.pictures.all(), required=False, widget=forms.HiddenInput
            )
            self.fields[field + FILE] = forms.FileField(
                label=_("Picture"),
                required=False,
                widget=forms.FileInput({"accept": ".svg,.png,.jpg,.jpeg,image/svg+xml,image/png,image/jpeg"}),
            )

    def _add_signatory(self, number: int) -> None:
        self.fields[f"signatories-{number}-name"] = forms.CharField(label=_("Name"), required=False)
        self.fields[f"signatories-{number}-role"] = forms.CharField(label=_("Role"), required=False)

    def _add_texts(self, language: str) -> None:
        usual = designing.defaults(language)
        for key, label in TEXTS.items():
            self.fields[f"texts-{language}-{key}"] = forms.CharField(
                label=label, required=False, widget=forms.TextInput({"placeholder": usual[key], "lang": language})
            )

    def _signatories(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Whoever has anything filled in, with the place where."""
        said = self.cleaned_data
        for number in SIGNATORIES:
            name, role = (said.get(f"signatories-{number}-{key}") or "" for key in ("name", "role"))
            picture = said.get(f"signatories-{number}-picture")
            if name or role or picture:
                yield number, {"name": name, "role": role, "picture": picture.pk if picture else None}


class SampleForm(forms.Form):
    """Whose certificate the preview shows: no part of the design."""

    holder = forms.ChoiceField(label=_("Sample"), choices=HOLDERS, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)

    def chosen(self) -> dict[str, str]:
        """Name and language to draw with."""
        said = self.cleaned_data if self.is_valid() else {}
        return {
            "holder": sampling.HOLDERS[said.get("holder") or "usual"],
            "language": said.get("language") or "en",
        }


def initial(name: str, base: str, adjustments: Mapping[str, Any]) -> dict[str, Any]:
    """The form's values for a design as it is stored."""
    values: dict[str, Any] = {
        "name": name,
        "base": base,
        "paper": adjustments.get("paper", "a4"),
        "orientation": adjustments.get("orientation", "landscape"),
        "primary": adjustments.get("primary", ""),
        "secondary": adjustments.get("secondary", ""),
        "show": adjustments.get("show", list(ELEMENTS)),
        "logo": adjustments.get("logo"),
    }
    values |= adjustments.get("typefaces", {})
    for language, said in adjustments.get("texts", {}).items():
        values |= {f"texts-{language}-{key}": text for key, text in said.items()}
    for option, value in adjustments.get("options", {}).items():
        values[f"options-{base}-{option}"] = value
    for number, who in enumerate(adjustments.get("signatories", [])):
        values |= {f"signatories-{number}-{key}": value for key, value in who.items()}
    return values
