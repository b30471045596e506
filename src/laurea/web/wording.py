"""The words of an error in the reader's language.

Actions and the pure floors speak English, each sentence where it arises, with values in it. A reader of another
language gets the sentence of the same shape from ``locale/<language>/errors.toml``: pairs in which ``{name}`` stands
for a value. A sentence that is not listed stays English: better understood with effort than not at all.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from django.utils.translation import get_language, ngettext

from laurea.actions.achievements import Period
from laurea.credentials.errors import LaureaError

LOCALE = Path(__file__).parent / "locale"
_PLACE = re.compile(r"\{(\w+)\}")


def worded(error: LaureaError) -> tuple[str, str]:
    """Message and hint of `error`, in the language of the page."""
    return in_words(error.message), in_words(error.hint)


def in_words(text: str) -> str:
    """A sentence of an action in the language of the page."""
    language = (get_language() or "en").partition("-")[0]
    return text if language == "en" or not text else _translated(text, language)


def span(text: str) -> str:
    """A span of validity as it is stored (``24 months``) in the language of the page; any other text as it is."""
    period = Period.read(text)
    if period is None:
        return text
    said = {
        "day": ngettext("%(number)s day", "%(number)s days", period.number),
        "week": ngettext("%(number)s week", "%(number)s weeks", period.number),
        "month": ngettext("%(number)s month", "%(number)s months", period.number),
        "year": ngettext("%(number)s year", "%(number)s years", period.number),
    }
    return said[period.unit] % {"number": period.number}


@lru_cache(maxsize=8192)
def _translated(text: str, language: str) -> str:
    plain, shapes = _known(language)
    if text in plain:
        return plain[text]
    for shape, wanted in shapes:
        if found := shape.fullmatch(text):
            return _PLACE.sub(lambda place: found[place[1]], wanted)
    return text


@cache
def _known(language: str) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """The sentences without values, and the shapes of the others, those with the most words of their own first."""
    pairs = read(language)
    plain = {english: other for english, other in pairs.items() if not _PLACE.search(english)}
    valued = sorted((english for english in pairs if english not in plain), key=_own_words, reverse=True)
    return plain, [(_shape(english), pairs[english]) for english in valued]


def read(language: str) -> dict[str, str]:
    """English sentence -> the sentence in `language`, as the catalogue has them."""
    file = LOCALE / language / "errors.toml"
    if not file.exists():
        return {}
    return {pair["en"]: pair[language] for pair in tomllib.loads(file.read_text("utf-8"))["sentence"]}


def _own_words(english: str) -> int:
    return len(_PLACE.sub("", english))


def _shape(english: str) -> re.Pattern[str]:
    pieces = _PLACE.split(english)
    literal = [re.escape(piece) for piece in pieces[::2]]
    places = [f"(?P<{name}>.+?)" for name in pieces[1::2]]
    return re.compile("".join(a + b for a, b in zip(literal, [*places, ""], strict=True)), re.DOTALL)
