"""What an issuer chooses for a badge, checked."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass, field

from laurea.credentials.errors import RenderingError
from laurea.rendering import fonts
from laurea.rendering.badge.icons import icon_names
from laurea.rendering.badge.levels import LEVELS, level_name
from laurea.rendering.badge.shapes import SHAPES
from laurea.rendering.palette import Colours

LONGEST_MONOGRAM = 3
LONGEST_TITLE = 40
LONGEST_ISSUER = 60

_SHAPE_NAMES = {
    "en": {"hexagon": "Hexagonal", "shield": "Shield-shaped", "circle": "Round", "rosette": "Rosette"},
    "de": {"hexagon": "Sechseckiges", "shield": "Wappenförmiges", "circle": "Rundes", "rosette": "Rosettenförmiges"},
}


@dataclass(frozen=True, slots=True)
class BadgeArt:
    """A badge that Laurea draws.

    `shape` is one of SHAPES, `level` of LEVELS (1 to 3). The symbol is `icon`, one of `icon_names`, or `monogram`, 1 to
    3 characters of any script that the packaged fonts cover; without either, the star. `title` (such as “Python
    basics”) and `issuer` stand on a band across the badge and may be empty. `language` (BCP 47) decides the words of
    the alternative text and the shapes of Han characters.

    Raises RenderingError, ``rendering.badge-…``, or ``rendering.missing-character`` for what no font can show.
    """

    shape: str = "hexagon"
    level: int = 1
    icon: str | None = None
    monogram: str | None = None
    colours: Colours = field(default_factory=Colours)
    title: str = ""
    issuer: str = ""
    language: str = "en"

    def __post_init__(self) -> None:
        for name in ("title", "issuer"):
            object.__setattr__(self, name, getattr(self, name).strip())
        _known("shape", self.shape, tuple(SHAPES))
        if self.level not in LEVELS:
            known = ", ".join(f"{number} ({level.names['en']})" for number, level in LEVELS.items())
            raise RenderingError(
                "rendering.badge-level", f"“{self.level}” is no level of a badge", f"Possible: {known}"
            )
        if self.icon is not None and self.monogram is not None:
            raise RenderingError(
                "rendering.badge-symbol",
                "A badge shows an icon or a monogram, not both",
                "Leave out the icon or the monogram",
            )
        if self.icon is not None:
            _known("icon", self.icon, icon_names())
        if self.monogram is not None and not 1 <= _letters(self.monogram) <= LONGEST_MONOGRAM:
            raise RenderingError(
                "rendering.badge-monogram",
                f"The monogram “{self.monogram}” has {_letters(self.monogram)} characters",
                f"Give 1 to {LONGEST_MONOGRAM}, such as Py",
            )
        for where, text, longest in (
            ("Monogram", self.monogram or "", 4 * LONGEST_MONOGRAM),
            ("Title of the badge", self.title, LONGEST_TITLE),
            ("Issuer's name on the badge", self.issuer, LONGEST_ISSUER),
        ):
            if len(text) > longest:
                raise RenderingError(
                    "rendering.badge-text",
                    f"{where}: {len(text)} characters do not fit on a badge",
                    f"Shorten it to at most {longest} characters; the certificate has room for the whole",
                )
            fonts.require_characters(text, where)


def alternative_text(art: BadgeArt, language: str | None = None) -> str:
    """The badge in words, in German or English: ``Hexagonal badge “Python basics”, level 2 of 3 (Practitioner)``."""
    language = language or art.language
    german = language.partition("-")[0] == "de"
    said = f"{_SHAPE_NAMES['de' if german else 'en'][art.shape]} {'Abzeichen' if german else 'badge'}"
    if art.title:
        said += f" „{art.title}“" if german else f" “{art.title}”"
    if art.issuer:
        said += f" von {art.issuer}" if german else f" of {art.issuer}"
    stage = "Stufe {} von {}" if german else "level {} of {}"
    return f"{said}, {stage.format(art.level, len(LEVELS))} ({level_name(art.level, language)})"


def _letters(text: str) -> int:
    """Characters as readers count them: without combining marks and what only shapes or parts others."""
    return sum(unicodedata.category(character)[0] not in "MCZ" for character in text)


def _known(what: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        near = difflib.get_close_matches(value, known, 1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise RenderingError(
            f"rendering.badge-{what}", f"“{value}” is no {what} of a badge", f"{hint}Possible: {', '.join(known)}"
        )
