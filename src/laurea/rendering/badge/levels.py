"""The three levels of a badge, told apart by stars, length of laurel and rings of the rim: never by colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from laurea.credentials.errors import RenderingError


@dataclass(frozen=True, slots=True)
class Level:
    """`laurel` is how far each branch reaches, in degrees from the bottom, or 0 for none; `names` by language."""

    stars: int
    laurel: int
    rings: int
    names: Mapping[str, str]


LEVELS: Mapping[int, Level] = {
    1: Level(1, 0, 1, {"en": "Foundation", "de": "Grundlagen"}),
    2: Level(2, 84, 2, {"en": "Practitioner", "de": "Praxis"}),
    3: Level(3, 127, 3, {"en": "Expert", "de": "Expertise"}),
}
"""The levels by number."""


def level_of(said: str | int) -> int:
    """The number of a level that is given as number or by a name: ``2``, ``"2"``, ``"Practitioner"``, ``"praxis"``.

    Raises RenderingError ``rendering.badge-level``.
    """
    wanted = str(said).strip().casefold()
    for number, level in LEVELS.items():
        if wanted in {str(number), *(name.casefold() for name in level.names.values())}:
            return number
    raise unknown_level(said)


def unknown_level(said: str | int) -> RenderingError:
    """The error that names the levels there are."""
    known = ", ".join(f"{number} ({level.names['en']})" for number, level in LEVELS.items())
    return RenderingError("rendering.badge-level", f"“{said}” is no level of a badge", f"Possible: {known}")


def level_name(number: int, language: str = "en") -> str:
    """What a level is called in a language (BCP 47), in English where we have no name in it."""
    names = LEVELS[number].names
    return names.get(language.partition("-")[0], names["en"])
