"""Achievements: defined, changed, put away. What was issued stays as it was signed, whatever happens here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from laurea.actions import appearances, auditing, differing
from laurea.actions.achievements import INCLUDABLE, Period
from laurea.actions.auditing import Act
from laurea.credentials.document import JSON
from laurea.credentials.errors import LaureaError, VocabularyError
from laurea.credentials.vocabulary import terms
from laurea.records.models import Account, Achievement, Issuer
from laurea.rendering import fonts
from laurea.rendering.badge import LEVELS
from laurea.rendering.palette import Colours

FIELDS = (
    "name", "description", "criteria", "criteria_url", "kind", "level", "language", "tags", "skills", "credits",
    "version", "field_of_study", "validity", "include", "badge", "badge_picture", "design",
)  # fmt: skip
"""What somebody says about an achievement: fields of the record."""

LANGUAGES = ("en", "de")
"""In which an achievement can be described: those that certificates are packaged with."""

MOST_SKILLS = 30


class DefinitionError(LaureaError):
    """An achievement cannot be as it was described; `field` says where the mistake is."""

    def __init__(self, field: str, code: str, message: str, hint: str = "") -> None:
        super().__init__(code, message, hint)
        self.field = field


def define(issuer: Issuer, said: Mapping[str, Any], *, now: datetime, actor: Account | None) -> Achievement:
    """A new achievement of `issuer`; `said` has values for FIELDS. Raises `DefinitionError` for the first mistake."""
    achievement = Achievement(issuer=issuer, created=now, changed=now)
    _take_over(achievement, said)
    with transaction.atomic():
        achievement.save()
        _note("achievement.defined", achievement, {}, now, actor)
    return achievement


def change(achievement: Achievement, said: Mapping[str, Any], *, now: datetime, actor: Account | None) -> None:
    """Describe it anew, for credentials issued from now on. Raises `DefinitionError` and changes nothing."""
    _take_over(achievement, said)
    with transaction.atomic():
        held = Achievement.objects.select_related("design", "badge_picture").get(pk=achievement.pk)
        changes = differing.between(_told(held), _told(achievement))
        achievement.changed = now
        achievement.save()
        if changes:
            _note("achievement.changed", achievement, {"changes": changes}, now, actor)


def archive(achievement: Achievement, *, now: datetime, actor: Account | None) -> None:
    """Offer it for issuing no longer. Its credentials stay valid, its page stays."""
    if achievement.archived is None:
        with transaction.atomic():
            achievement.archived = now
            achievement.save(update_fields=["archived"])
            _note("achievement.archived", achievement, {}, now, actor)


def restore(achievement: Achievement, *, now: datetime, actor: Account | None) -> None:
    """Offer it again."""
    if achievement.archived is not None:
        with transaction.atomic():
            achievement.archived = None
            achievement.save(update_fields=["archived"])
            _note("achievement.restored", achievement, {}, now, actor)


def described(issuer: Issuer, said: Mapping[str, Any]) -> Achievement:
    """An achievement as `said` describes it, not stored and not checked: to look at."""
    achievement = Achievement(issuer=issuer)
    for field, value in said.items():
        setattr(achievement, field, value)
    return achievement


def problems(achievement: Achievement) -> Iterator[DefinitionError]:
    """All that is wrong with an achievement as it is described, stored or not: at most one for each field."""
    found = [*_texts(achievement), *_facts(achievement), *skill_problems(achievement.skills), *_badge(achievement)]
    yield from found
    try:
        appearances.definition(achievement)
    except VocabularyError as error:
        if not found:
            yield DefinitionError("", error.code, error.message, error.hint)


def badge_field(error: LaureaError) -> str:
    """Which choice of a badge an error is about: badge_ and shape, icon, monogram, title, issuer or picture."""
    if error.code in ("rendering.badge-image", "storing.absent"):
        return "badge_picture"
    for word, field in (("Monogram", "monogram"), ("Title", "title"), ("Issuer's name", "issuer")):
        if error.message.startswith(word):
            return f"badge_{field}"
    code = error.code.removeprefix("rendering.badge-")
    known = {"icon": "icon", "monogram": "monogram", "symbol": "monogram", "text": "title"}
    return f"badge_{known.get(code, 'shape')}"


def _note(name: str, achievement: Achievement, facts: Mapping[str, JSON], now: datetime, actor: Account | None) -> None:
    act = Act(name, "achievement", str(achievement.pk), {"name": achievement.name, **facts})
    auditing.note(act, issuer=achievement.issuer, now=now, actor=actor)


def _told(achievement: Achievement) -> dict[str, JSON]:
    """What is said about it, as entries of the log tell it: skills and a design by name, a picture by its file."""
    told: dict[str, JSON] = {
        field: getattr(achievement, field) for field in FIELDS if field not in ("design", "badge_picture")
    }
    told |= {
        "skills": [skill.get("name", "") for skill in achievement.skills],
        "include": sorted(achievement.include),
        "credits": str(achievement.credits) if achievement.credits is not None else "",
        "design": achievement.design.name,
        "badge_picture": achievement.badge_picture.sha256 if achievement.badge_picture else "",
    }
    return told


def _take_over(achievement: Achievement, said: Mapping[str, Any]) -> None:
    for field in FIELDS:
        if field in said:
            setattr(achievement, field, said[field])
    for problem in problems(achievement):
        raise problem


def _texts(achievement: Achievement) -> Iterator[DefinitionError]:
    if not achievement.name.strip():
        yield DefinitionError("name", "achievement.name", "An achievement needs a name", "Say what is earned")
    elif len(achievement.name) > 200:
        yield DefinitionError(
            "name",
            "achievement.name",
            f"The name has {len(achievement.name)} characters; a certificate has room for 200",
            "Shorten it; the description can say the rest",
        )
    if not achievement.description.strip():
        yield DefinitionError(
            "description", "achievement.description", "An achievement needs a description", "One sentence is enough"
        )
    if not achievement.criteria.strip() and not achievement.criteria_url:
        yield DefinitionError(
            "criteria", "achievement.criteria", "Say what must be done to earn it", "Or give the address of a page"
        )
    if achievement.criteria_url and not terms.HTTP_URL.fullmatch(achievement.criteria_url):
        yield _no_address("criteria_url", achievement.criteria_url)
    for field in ("name", "description"):
        # What stands on certificates has to be printable.
        if missing := fonts.missing_characters(" ".join(getattr(achievement, field).split())):
            listed = ", ".join(map(str, missing[:3]))
            yield DefinitionError(
                field,
                "rendering.missing-character",
                f"No packaged font can show {listed}",
                "Write it with other characters (emoji and control characters cannot be printed)",
            )


def _facts(achievement: Achievement) -> Iterator[DefinitionError]:
    if achievement.kind not in terms.ACHIEVEMENT_TYPES and not terms.OWN_EXTENSION.fullmatch(achievement.kind):
        yield DefinitionError("kind", "achievement.kind", f"“{achievement.kind}” is no kind of achievement")
    if achievement.level not in LEVELS:
        yield DefinitionError(
            "level", "achievement.level", f"There is no level {achievement.level}", "Choose 1, 2 or 3"
        )
    if achievement.language not in LANGUAGES:
        yield DefinitionError(
            "language", "achievement.language", f"There are no certificates in “{achievement.language}”"
        )
    if achievement.validity and Period.read(achievement.validity) is None:
        yield DefinitionError(
            "validity",
            "achievement.validity",
            f"“{achievement.validity}” is no span of time",
            "Write it as 24 months, 2 years or 90 days; leave it empty for ever",
        )
    if achievement.credits is not None and not 0 <= achievement.credits <= 100_000:
        yield DefinitionError("credits", "achievement.credits", "Credits lie between 0 and 100,000")
    if set(achievement.include) - set(INCLUDABLE):
        yield DefinitionError("include", "achievement.include", f"A list can add: {', '.join(INCLUDABLE)}")
    if achievement.design_id and achievement.design.issuer_id != achievement.issuer_id:
        yield DefinitionError("design", "achievement.design", "There is no such design")
    if achievement.badge_picture and achievement.badge_picture.issuer_id != achievement.issuer_id:
        yield DefinitionError("badge_picture", "achievement.picture", "There is no such picture")


def skill_problems(skills: Sequence[Mapping[str, str]]) -> Iterator[DefinitionError]:
    """What is wrong with skills; the field names the line, from 0, and the part: ``skill-0-url``."""
    if len(skills) > MOST_SKILLS:
        yield DefinitionError("skills", "achievement.skills", f"Name at most {MOST_SKILLS} skills")
    for number, skill in enumerate(skills):
        name, address = skill.get("name", ""), skill.get("url", "")
        if not name.strip():
            yield DefinitionError(f"skill-{number}-name", "achievement.skill", "Say what the skill is called")
        elif missing := fonts.missing_characters(name):
            yield DefinitionError(
                f"skill-{number}-name", "rendering.missing-character", f"No packaged font can show {missing[0]}"
            )
        if address and not terms.HTTP_URL.fullmatch(address):
            yield _no_address(f"skill-{number}-url", address)


def _badge(achievement: Achievement) -> Iterator[DefinitionError]:
    for field in ("primary", "secondary"):
        try:
            Colours(achievement.badge.get(field) or Colours().primary)
        except LaureaError as error:
            yield DefinitionError(f"badge_{field}", error.code, error.message, error.hint)
            return
    try:
        appearances.badge_art(achievement)
    except LaureaError as error:
        yield DefinitionError(badge_field(error), error.code, error.message, error.hint)


def _no_address(field: str, address: str) -> DefinitionError:
    return DefinitionError(
        field, "achievement.address", f"“{address}” is no address of a page", terms.how_to_write(address)
    )
