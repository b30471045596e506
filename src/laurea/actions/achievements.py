"""ACHIEVEMENT.toml: what can be earned, who issues it, and how its certificate and badge look.

The format is described in docs/reference/achievement-toml.md. Reading it checks every value and reads every picture, so
that a mistake shows before anything is issued.
"""

from __future__ import annotations

import calendar
import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from laurea.actions import strict_toml
from laurea.actions.strict_toml import Table
from laurea.credentials.data_loss import is_absolute_iri
from laurea.credentials.errors import LaureaError
from laurea.credentials.vocabulary import terms
from laurea.rendering.badge.own import OwnArt, own_art
from laurea.rendering.certificate import Appearance, Signatory
from laurea.rendering.design import ELEMENTS, ORIENTATIONS, PAPERS
from laurea.rendering.palette import Colours
from laurea.rendering.picture import Picture, redrawn

Taken = TypeVar("Taken")

_MAX_PICTURE = 2 * 1024 * 1024
_MOST_SIGNATORIES = 8
_LONG = 10_000

_PERIOD = re.compile(r"([1-9][0-9]{0,3})\s*([a-z]+)")
_UNITS = {
    "day": "day", "days": "day", "tag": "day", "tage": "day",
    "week": "week", "weeks": "week", "woche": "week", "wochen": "week",
    "month": "month", "months": "month", "monat": "month", "monate": "month",
    "year": "year", "years": "year", "jahr": "year", "jahre": "year",
}  # fmt: skip
_GERMAN = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}
_MONTHS = {"day": 1 / 31, "week": 7 / 31, "month": 1, "year": 12}
_LONGEST_VALIDITY = 100 * 12

INCLUDABLE = ("evidence", "hours", "result")
"""What a row may say beyond who and when, and what becomes part of the signed document only if the issuer wants it."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "achievement": (
        "id", "name", "description", "criteria", "criteria-url", "type", "language", "tags", "credits", "version",
        "field", "image-url", "validity", "include",
    ),
    "skill": ("name", "url", "framework", "code", "description", "type"),
    "issuer": ("name", "url", "email", "phone", "description", "image-url", "did", "base-url", "logo", "logo-alt"),
    "signatory": ("name", "role", "signature"),
    "design": ("name", "paper", "orientation", "colours", "show", "texts", "options", "typefaces"),
    "badge": ("shape", "level", "icon", "monogram", "colours", "title", "issuer", "image", "image-alt"),
}  # fmt: skip
"""Every key that an ACHIEVEMENT.toml may have, by table."""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of calendar time such as 24 months; `unit` is day, week, month or year."""

    number: int
    unit: str

    @classmethod
    def read(cls, text: str) -> Period | None:
        """The span that `text` (``24 months``, ``2 Jahre``) names; None for anything else, and beyond a century."""
        match = _PERIOD.fullmatch(text.strip().lower())
        period = cls(int(match[1]), _UNITS[match[2]]) if match and match[2] in _UNITS else None
        return period if period and period.number * _MONTHS[period.unit] <= _LONGEST_VALIDITY else None

    def __str__(self) -> str:
        """As it is stored: ``24 months``."""
        return f"{self.number} {self.unit}{'s' if self.number > 1 else ''}"

    def after(self, start: date) -> date:
        """The day that lies this period after `start`; the month's last day where the same day does not exist."""
        if self.unit in ("day", "week"):
            return start + timedelta(days=self.number * (7 if self.unit == "week" else 1))
        months = start.year * 12 + start.month - 1 + self.number * (12 if self.unit == "year" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Skill:
    """A competence that the achievement attests, named in some framework where there is one."""

    name: str
    url: str
    framework: str | None = None
    code: str | None = None
    description: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class IssuerDetails:
    """The organisation as its credentials present it. `did` and `base_url` may also come from the command line."""

    name: str
    url: str | None = None
    email: str | None = None
    phone: str | None = None
    description: str | None = None
    image_url: str | None = None
    did: str | None = None
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class BadgeDetails:
    """The choices for the generated badge, or `image`, an own picture instead. None leaves a choice open."""

    shape: str | None = None
    level: str | None = None
    icon: str | None = None
    monogram: str | None = None
    colours: Colours = field(default_factory=Colours)
    title: str | None = None
    issuer: str | None = None
    image: OwnArt | None = None


@dataclass(frozen=True, slots=True)
class AchievementFile:
    """All that an ACHIEVEMENT.toml says. `design` is a packaged design's name, or the path of a design's folder;
    `digest` stands for the file and every picture it names."""

    name: str
    description: str
    criteria: str | None
    criteria_url: str | None
    issuer: IssuerDetails
    id: str | None = None
    type: str | None = None
    language: str = "en"
    tags: tuple[str, ...] = ()
    credits: float | None = None
    version: str | None = None
    field_of_study: str | None = None
    image_url: str | None = None
    validity: Period | None = None
    include: frozenset[str] = frozenset()
    skills: tuple[Skill, ...] = ()
    design: str = "corporate"
    appearance: Appearance = field(default_factory=Appearance)
    badge: BadgeDetails = field(default_factory=BadgeDetails)
    digest: str = ""

    def identifier(self, issuer: str, base_url: str | None) -> str:
        """The achievement's `id`: the same in every batch, so that all its credentials are known to attest the same.

        The one that the file gives; else an address below `base_url`; else, where there is no address, a UUID made
        from the issuer and the name (version 8, RFC 9562, section 5.8). Descriptions may be improved without
        changing it.
        """
        if self.id:
            return self.id
        name = slug(self.name)
        if base_url and name:
            return f"{base_url}/achievements/{name}"
        digest = hashlib.sha256(f"laurea achievement\n{issuer}\n{name or self.name}".encode()).hexdigest()
        variant = "89ab"[int(digest[16], 16) & 3]
        return f"urn:uuid:{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


def slug(name: str) -> str:
    """A name as part of an address: lower case, ASCII letters and digits, hyphens between. Empty if none is left."""
    german = name.lower().translate(_GERMAN)
    plain = unicodedata.normalize("NFKD", german).encode("ascii", "ignore").decode()
    if sum(character.isalnum() for character in name) > 2 * sum(character.isalnum() for character in plain):
        return ""  # mostly another script: two names would end up at one address
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def read(path: Path) -> AchievementFile:
    """Read and check the file and all its pictures. Raises `LaureaError`, naming the key and what to write instead."""
    file = strict_toml.read(path, KEYS)
    achievement = file.table("achievement", KEYS["achievement"])
    criteria, criteria_url = achievement.text("criteria", longest=_LONG), achievement.url("criteria-url")
    name = achievement.required_text("name", 'Say what is earned: name = "…"')
    description = achievement.required_text("description", "Say in a sentence what the achievement is", longest=_LONG)
    if criteria is None and criteria_url is None:
        achievement.required_text("criteria", "Say what must be done to earn it (Open Badges asks for it)")
    issuer = file.table("issuer", KEYS["issuer"])
    language = _language(achievement)
    achievement_file = AchievementFile(
        name=name,
        description=description,
        criteria=criteria,
        criteria_url=criteria_url,
        issuer=_issuer(issuer),
        id=_identifier(achievement),
        type=_type(achievement),
        language=language,
        tags=achievement.texts("tags"),
        credits=achievement.number("credits", most=100_000),
        version=achievement.text("version"),
        field_of_study=achievement.text("field"),
        image_url=achievement.url("image-url"),
        validity=_validity(achievement),
        include=_include(achievement),
        skills=tuple(_skill(table) for table in file.tables("skill", KEYS["skill"], most=100)),
        design=file.table("design", KEYS["design"]).text("name") or "corporate",
        appearance=_appearance(file, issuer, language),
        badge=_badge(file),
    )
    return replace(achievement_file, digest=file.digest())


def with_language(achievement: AchievementFile, language: str) -> AchievementFile:
    """The same achievement, its certificate in another language."""
    return replace(achievement, language=language, appearance=replace(achievement.appearance, language=language))


def _identifier(table: Table) -> str | None:
    value = table.text("id", longest=2000)
    if value is not None and not is_absolute_iri(value):
        raise table.wrong("id", f"is no absolute identifier: {value!r}", "Such as https://… or urn:uuid:…")
    return value


def _type(table: Table) -> str | None:
    value = table.text("type")
    if value is None or terms.OWN_EXTENSION.fullmatch(value):
        return value
    return table.choice("type", terms.ACHIEVEMENT_TYPES)


def _language(table: Table) -> str:
    value = table.text("language") or "en"
    if not terms.LANGUAGE.fullmatch(value):
        raise table.wrong("language", f"is no language tag: {value!r}", "Such as en, de or pt-BR")
    return value


def _validity(table: Table) -> Period | None:
    value = table.text("validity")
    if value is None:
        return None
    period = Period.read(value)
    if period is None:
        raise table.wrong("validity", f"is no span of time: {value!r}", "Such as 24 months, 2 years or 90 days")
    return period


def _include(table: Table) -> frozenset[str]:
    named = table.texts("include")
    for name in named:
        if name not in INCLUDABLE:
            raise table.wrong("include", f"names {name!r}", f"Possible: {', '.join(INCLUDABLE)}")
    return frozenset(named)


def _skill(table: Table) -> Skill:
    url = table.url("url")
    if url is None:
        table.required_text("url", "An Open Badges alignment needs the address of the skill, such as its ESCO page")
    kind = table.text("type")
    if kind is not None and not terms.OWN_EXTENSION.fullmatch(kind):
        table.choice("type", terms.ALIGNMENT_TARGET_TYPES)
    return Skill(
        name=table.required_text("name", "Say what the skill is called"),
        url=url or "",
        framework=table.text("framework"),
        code=table.text("code"),
        description=table.text("description", longest=_LONG),
        type=kind,
    )


def _issuer(table: Table) -> IssuerDetails:
    email = table.text("email")
    if email is not None and not terms.EMAIL.fullmatch(email):
        raise table.wrong("email", f"is no e-mail address: {email!r}")
    base_url = table.url("base-url", schemes=("https",))
    return IssuerDetails(
        name=table.required_text("name", 'Say who issues it: [issuer] name = "…"'),
        url=table.url("url"),
        email=email,
        phone=table.text("phone"),
        description=table.text("description", longest=_LONG),
        image_url=table.url("image-url"),
        did=table.text("did"),
        base_url=base_url.rstrip("/") if base_url else None,
    )


def _appearance(file: Table, issuer: Table, language: str) -> Appearance:
    design = file.table("design", KEYS["design"])
    show = design.texts("show")
    for element in show:
        if element not in ELEMENTS:
            raise design.wrong("show", f"names {element!r}", f"Possible: {', '.join(ELEMENTS)}")
    return Appearance(
        logo=_picture(issuer, "logo", issuer.text("logo-alt") or ""),
        colours=_colours(design),
        signatories=tuple(
            Signatory(
                name=table.required_text("name", "Say who signs"),
                role=table.text("role") or "",
                signature=_picture(table, "signature"),
            )
            for table in file.tables("signatory", KEYS["signatory"], most=_MOST_SIGNATORIES)
        ),
        paper=design.choice("paper", PAPERS) or PAPERS[0],
        orientation=design.choice("orientation", ORIENTATIONS) or ORIENTATIONS[0],
        language=language,
        messages=design.pairs("texts"),
        show=frozenset(show) if "show" in design else frozenset(ELEMENTS),
        options=design.pairs("options"),
        typefaces=design.pairs("typefaces"),
    )


def _badge(file: Table) -> BadgeDetails:
    table = file.table("badge", KEYS["badge"])
    drawn = [key for key in ("shape", "level", "icon", "monogram", "title", "issuer") if key in table]
    if "image" in table and drawn:
        raise table.wrong("image", f"cannot stand beside {drawn[0]}", "Either name an own picture, or let Laurea draw")
    if "icon" in table and "monogram" in table:
        raise table.wrong("monogram", "cannot stand beside icon", "A badge has room for one of them")
    return BadgeDetails(
        shape=table.text("shape"),
        level=table.text_or_number("level"),
        icon=table.text("icon"),
        monogram=table.text("monogram"),
        colours=_colours(table) if "colours" in table else _colours(file.table("design", KEYS["design"])),
        title=table.text("title"),
        issuer=table.text("issuer"),
        image=_own_art(table),
    )


def _colours(table: Table) -> Colours:
    colours = table.table("colours", ("primary", "secondary"))
    default = Colours()
    try:
        return Colours(
            primary=colours.text("primary") or default.primary,
            secondary=colours.text("secondary") or default.secondary,
        )
    except LaureaError as error:
        raise table.wrong("colours", f"hold a mistake: {error.message}", error.hint) from None


def _picture(table: Table, key: str, alt: str = "") -> Picture | None:
    return _taken(table, key, lambda content: Picture(redrawn(content).content, alt))


def _own_art(table: Table) -> OwnArt | None:
    return _taken(table, "image", lambda content: own_art(content, table.text("image-alt") or ""))


def _taken(table: Table, key: str, take: Callable[[bytes], Taken]) -> Taken | None:
    """The file that `key` names as `take` understands it, if there is one."""
    content = table.file(key, most_bytes=_MAX_PICTURE)
    if content is None:
        return None
    try:
        return take(content)
    except LaureaError as error:
        raise table.wrong(key, f"names {table.text(key)!r}: {error.message}", error.hint) from None
