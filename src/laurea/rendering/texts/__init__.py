"""What certificates say: messages with placeholders in several languages, and dates as each language writes them.

A language is a TOML file beside this module; ``en-US`` takes from ``en`` what it does not say itself. A design can be
set in any other language by handing over every message of REQUIRED in it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from laurea.credentials.errors import RenderingError

FOLDER = Path(__file__).parent
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Texts:
    """The messages of one language: `messages` by key, `kinds` by Open Badges achievementType."""

    language: str
    messages: Mapping[str, str]
    kinds: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        """The message `key` with its placeholders filled; a placeholder without a value stays as written."""
        return self.fill(self.messages[key], **values)

    def fill(self, message: str, **values: str) -> str:
        """`message` with its placeholders filled, as `say` does."""
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), message)

    def kind(self, achievement_type: str) -> str:
        """What such a certificate is called, ``Certificate`` where nothing better is known."""
        return self.messages.get("kind") or self.kinds.get(achievement_type) or self.kinds.get("Achievement", "")

    def date(self, day: date) -> str:
        """A day written out: ``23 November 2026``."""
        months = self.messages["months"].split()
        return self.say("date", day=str(day.day), month=months[day.month - 1], year=str(day.year))


def languages() -> tuple[str, ...]:
    """The languages that need no further texts."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


def texts(language: str, overrides: Mapping[str, str] | None = None) -> Texts:
    """The messages of `language` (BCP 47), replaced by `overrides` where those say something else.

    Besides the keys of a language file, `overrides` may hold ``kind``, the word at the head of the certificate.
    Raises RenderingError ``rendering.text-unknown`` for a key nobody asks for, ``rendering.language-unknown`` for a
    language that is not packaged while overrides leave messages open, ``rendering.text-invalid`` for twelve months
    that are not twelve.
    """
    overrides = overrides or {}
    known, kinds = _packaged(language)
    everything = _packaged("en")[0]
    for key in overrides:
        if key not in everything and key != "kind":
            raise RenderingError(
                "rendering.text-unknown",
                f"No certificate says a text called “{key}”",
                "Known texts: " + ", ".join(sorted([*everything, "kind"])),
            )
    messages = {**known, **overrides}
    needed = sorted(set(everything) - set(messages)) + ([] if kinds or "kind" in messages else ["kind"])
    if needed:
        raise RenderingError(
            "rendering.language-unknown",
            f"There are no texts in “{language}”",
            f"Packaged are {', '.join(languages())}; for another language give these texts, "
            f"in an achievement file as texts of [design]: {', '.join(needed)}",
        )
    if len(messages["months"].split()) != 12:
        raise RenderingError(
            "rendering.text-invalid", "The text “months” must name twelve months", "Put spaces between the twelve names"
        )
    return Texts(language, messages, kinds)


@cache
def _packaged(language: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    if not _LANGUAGE.fullmatch(language):
        raise RenderingError(
            "rendering.language-unknown", f"“{language}” is no language tag", "Write it like en, de or pt-BR"
        )
    messages: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for tag in dict.fromkeys((language.partition("-")[0], language)):
        file = FOLDER / f"{tag}.toml"
        if file.is_file():
            table = tomllib.loads(file.read_text("utf-8"))
            kinds |= table.pop("kinds")
            messages |= table
    return messages, kinds
