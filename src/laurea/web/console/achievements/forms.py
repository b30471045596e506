"""What the editor of achievements asks, and what it means for the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from laurea.actions import defining, designing
from laurea.actions.achievements import Period
from laurea.records.models import Achievement, Design, Issuer, Picture
from laurea.web.console.achievements import words
from laurea.web.console.designs.forms import LANGUAGES, ColourInput
from laurea.web.console.designs.pictures import FILE, sentence
from laurea.web.wording import span

DRAWN, OWN = "drawn", "own"
ICON, MONOGRAM = "icon", "monogram"
_WIDE = {"maxlength": 10_000}
_BADGE = ("shape", "icon", "monogram", "primary", "secondary", "title", "issuer")


class AchievementForm(forms.Form):
    """An achievement. `said` gives what is right so far, as `defining` takes it."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("As it stands on the certificate."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=10_000,
        help_text=_("What somebody can do who has earned it. Certificates show the first 240 characters."),
        widget=forms.Textarea({"rows": 3} | _WIDE),
    )
    criteria = forms.CharField(
        label=_("Criteria"),
        max_length=10_000,
        required=False,
        help_text=_("What must be done to earn it. Whoever checks a credential reads this."),
        widget=forms.Textarea({"rows": 3} | _WIDE),
    )
    criteria_url = forms.CharField(
        label=_("Page with the criteria"), max_length=500, required=False, widget=forms.URLInput
    )
    level = forms.TypedChoiceField(
        label=_("Level"), choices=list(words.LEVELS.items()), coerce=int, widget=forms.RadioSelect, initial=1
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=words.KINDS,
        help_text=_("Decides what the certificate is called."),
        initial="Achievement",
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGES, help_text=_("Of the description and of the certificates.")
    )
    validity = forms.CharField(
        label=_("Valid for"),
        max_length=20,
        required=False,
        help_text=_("Such as 24 months or 2 years. Empty: for ever."),
    )
    credits = forms.FloatField(label=_("Credits"), required=False, min_value=0, max_value=100_000)
    field_of_study = forms.CharField(label=_("Field"), max_length=200, required=False)
    version = forms.CharField(label=_("Edition"), max_length=60, required=False)
    tags = forms.CharField(
        label=_("Tags"),
        max_length=1_000,
        required=False,
        help_text=_("Separated by commas. Certificates show them where no skills are named."),
    )
    include = forms.MultipleChoiceField(
        label=_("What a list may add to the signed credential"),
        choices=list(words.INCLUDED.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever sees the credential sees these too."),
    )
    design: forms.ModelChoiceField[Design] = forms.ModelChoiceField(
        None, label=_("Design of the certificate"), empty_label=None
    )

    badge_source = forms.ChoiceField(
        label=_("How it is made"),
        choices=[(DRAWN, _("Let Laurea draw it")), (OWN, _("Use a picture"))],
        widget=forms.RadioSelect,
        initial=DRAWN,
    )
    badge_shape = forms.ChoiceField(
        label=_("Shape"),
        choices=list(words.SHAPES.items()),
        widget=forms.RadioSelect,
        required=False,
        initial="hexagon",
    )
    badge_symbol = forms.ChoiceField(
        label=_("Symbol"),
        choices=[(ICON, _("A symbol")), (MONOGRAM, _("Letters"))],
        widget=forms.RadioSelect,
        required=False,
        initial=ICON,
    )
    badge_icon = forms.ChoiceField(
        label=_("Which symbol"),
        choices=list(words.ICONS.items()),
        widget=forms.RadioSelect,
        required=False,
        initial="star",
    )
    badge_monogram = forms.CharField(label=_("Letters"), required=False, help_text=_("One to three."))
    badge_primary = forms.CharField(label=_("First colour"), required=False)
    badge_secondary = forms.CharField(label=_("Second colour"), required=False)
    badge_title = forms.CharField(
        label=_("Title on the band"), required=False, help_text=_("A few words. Empty: no band.")
    )
    badge_issuer = forms.CharField(
        label=_("Small under the title"), required=False, help_text=_("Such as your organisation's short name.")
    )
    badge_alt = forms.CharField(
        label=_("What the picture shows"),
        max_length=200,
        required=False,
        help_text=_("In words, for people who cannot see it."),
    )

    def __init__(
        self, data: Any = None, *, issuer: Issuer, wrong: Mapping[str, str] | None = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.issuer, self._wrong = issuer, wrong or {}
        self.fields["badge_primary"].widget = ColourInput(issuer.primary_colour)
        self.fields["badge_secondary"].widget = ColourInput(issuer.secondary_colour or gettext("a shade of the first"))
        chosen = (initial or {}).get("design")
        designs = issuer.designs.filter(Q(archived=None) | Q(pk=chosen)).order_by("name", "pk")
        field = self.fields["design"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = designs
        self.fields["badge_picture"] = forms.ModelChoiceField(
            issuer.pictures.all(), required=False, widget=forms.HiddenInput
        )
        self.fields["badge_picture" + FILE] = forms.FileField(
            label=_("Picture"),
            required=False,
            widget=forms.FileInput({"accept": ".svg,.png,.jpg,.jpeg,image/svg+xml,image/png,image/jpeg"}),
        )

    def clean(self) -> dict[str, Any]:
        """What defining knows to be wrong, beside the field it is about."""
        for field, message in self._wrong.items():
            self.add_error(field, message)
        said = self.cleaned_data
        if said.get("badge_source") == OWN and not said.get("badge_picture") and not self._wrong:
            self.add_error("badge_picture" + FILE, gettext("Choose a picture, or let Laurea draw the badge."))
        for problem in defining.problems(self.described()):
            if problem.field.startswith("skill-"):
                continue
            field = problem.field + FILE if problem.field == "badge_picture" else problem.field
            if field == "criteria" or field in self.cleaned_data:
                self.add_error(field, sentence(problem))
            elif field not in self.fields:
                self.add_error(None, sentence(problem))
        return self.cleaned_data

    def described(self) -> Achievement:
        """The achievement as far as the form says it right: to look at and to look through."""
        return defining.described(self.issuer, self.said())

    def said(self) -> dict[str, Any]:
        """The values for `defining`, skills apart."""
        said = self.cleaned_data
        own = said.get("badge_source") == OWN and said.get("badge_picture")
        values: dict[str, Any] = {
            field: said.get(field) or ""
            for field in ("name", "description", "criteria", "criteria_url", "validity", "field_of_study", "version")
        }
        period = Period.read(values["validity"])
        return (
            values
            | {
                "validity": str(period) if period else values["validity"],
                "kind": said.get("kind") or "Achievement",
                "level": said.get("level") or 1,
                "language": said.get("language") or designing.LANGUAGES[0],
                "credits": said.get("credits"),
                "tags": [tag for tag in (part.strip() for part in (said.get("tags") or "").split(",")) if tag],
                "include": said.get("include") or [],
                "badge": {} if own else self._badge(),
                "badge_picture": said["badge_picture"] if own else None,
            }
            | ({"design": said["design"]} if said.get("design") else {})
        )

    def picture(self) -> dict[str, Any]:
        """The field for an own picture, and the picture in it."""
        value = self["badge_picture"].value()
        number = value.pk if isinstance(value, Picture) else value
        chosen = self.issuer.pictures.filter(pk=number).first() if str(number or "").isdecimal() else None
        return {"field": self["badge_picture"], "file": self["badge_picture" + FILE], "chosen": chosen}

    def _badge(self) -> dict[str, str]:
        """The choices for a badge that is drawn; what says nothing is left out."""
        said = self.cleaned_data
        without = "badge_icon" if said.get("badge_symbol") == MONOGRAM else "badge_monogram"
        choices = {key: said.get(f"badge_{key}") or "" for key in _BADGE if f"badge_{key}" != without}
        return {key: value for key, value in choices.items() if value}


class SkillForm(forms.Form):
    """A skill. A line without a name is no skill."""

    name = forms.CharField(label=_("Skill"), max_length=200, required=False)
    framework = forms.CharField(
        label=_("Framework"), max_length=100, required=False, widget=forms.TextInput({"list": "frameworks"})
    )
    url = forms.CharField(
        label=_("Its address there"),
        max_length=500,
        required=False,
        widget=forms.TextInput({"inputmode": "url", "placeholder": "http://data.europa.eu/esco/skill/…"}),
    )

    def clean(self) -> dict[str, Any]:
        """What defining knows to be wrong."""
        if skill := self.skill():
            for problem in defining.skill_problems([skill]):
                self.add_error(problem.field.removeprefix("skill-0-"), sentence(problem))
        return self.cleaned_data

    def skill(self) -> dict[str, str]:
        """The skill as the record keeps it; empty for an empty line. What the form does not ask stays as it was."""
        said = {key: self.cleaned_data.get(key) or "" for key in ("name", "framework", "url")}
        kept = {key: value for key, value in self.initial.items() if key in ("code", "description", "type")}
        return {key: value for key, value in (kept | said).items() if value} if any(said.values()) else {}


SkillForms = formset_factory(SkillForm, extra=1, max_num=defining.MOST_SKILLS, validate_max=True)


def skills_of(forms: BaseFormSet[Any]) -> list[dict[str, str]]:
    """The skills of all lines, in their order."""
    return [skill for form in forms.forms if (skill := form.skill())]


def initial(achievement: Achievement) -> dict[str, Any]:
    """The form's values for an achievement as it is stored."""
    values: dict[str, Any] = {
        field: getattr(achievement, field)
        for field in (
            "name",
            "description",
            "criteria",
            "criteria_url",
            "kind",
            "level",
            "language",
            "credits",
            "version",
            "field_of_study",
            "validity",
            "include",
        )
    }
    values |= {f"badge_{key}": value for key, value in achievement.badge.items()}
    return values | {
        "validity": span(achievement.validity),
        "tags": ", ".join(achievement.tags),
        "design": achievement.design_id,
        "badge_symbol": MONOGRAM if achievement.badge.get("monogram") else ICON,
        "badge_source": OWN if achievement.badge_picture_id else DRAWN,
        "badge_picture": achievement.badge_picture_id,
        "badge_alt": achievement.badge_picture.alt if achievement.badge_picture else "",
    }
