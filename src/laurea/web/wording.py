"""The words of an error in the reader's language.

Actions and the pure floors speak English, each sentence where it arises, with values in it. A reader of another
language gets the sentence of the same shape from ``locale/<language>/errors.toml``: pairs in which ``{name}`` stands
for a value, and ``{name:worded}`` for one that is a sentence, or a piece of one, of its own. A sentence that is not
listed stays English: better understood with effort than not at all.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext

from laurea.actions.achievements import Period
from laurea.credentials.errors import LaureaError

LOCALE = Path(__file__).parent / "locale"
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_PLACE = re.compile(r"\{(\w+)(:worded)?\}")


def worded(error: LaureaError) -> tuple[str, str]:
    """Message and hint of `error`, in the language of the page."""
    return in_words(error.message), in_words(error.hint)


def told(error: LaureaError) -> str:
    """Both in a row, as a message or beside a field; without the last full stop."""
    return ". ".join(filter(None, worded(error)))


def in_words(text: str, language: str | None = None) -> str:
    """A sentence of an action in the language of the page, or in `language` for what is read elsewhere."""
    language = (language or get_language() or "en").partition("-")[0]
    return text if language == "en" or not text else _translated(text, language)


def with_days(text: str) -> str:
    """The days in a sentence of an action (``2026-11-11``) as the page says days. Not for what quotes a person."""

    def said(day: re.Match[str]) -> str:
        try:
            return date_format(date.fromisoformat(day[0]), "DATE_FORMAT")
        except ValueError:  # it only looks like a day
            return day[0]

    return _DAY.sub(said, text)


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
    plain, shapes = known(language)
    if text in plain:
        return plain[text]
    for shape, wanted in shapes:
        if found := shape.fullmatch(text):
            return _with_values(wanted, found.groupdict(), language)
    return text


def _with_values(wanted: str, values: Mapping[str, str], language: str) -> str:
    return _PLACE.sub(
        lambda place: _translated(values[place[1]], language) if place[2] else values[place[1]],
        wanted,
    )


@cache
def known(language: str) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """The sentences without values, and the shapes of the others, those with the most words of their own first."""
    pairs = read(language)
    plain = {english: other for english, other in pairs.items() if not _PLACE.search(english)}
    valued = sorted((english for english in pairs if english not in plain), key=own_words, reverse=True)
    return plain, [(_shape(english), pairs[english]) for english in valued]


def read(language: str) -> dict[str, str]:
    """English sentence -> the sentence in `language`, as the catalogue has them."""
    file = LOCALE / language / "errors.toml"
    if not file.exists():
        return {}
    return {pair["en"]: pair[language] for pair in tomllib.loads(file.read_text("utf-8"))["sentence"]}


def own_words(english: str) -> int:
    """How much of a sentence is not values: what says more is tried before what would fit as well."""
    return len(_PLACE.sub("", english))


def _shape(english: str) -> re.Pattern[str]:
    shape, end = "", 0
    for place in _PLACE.finditer(english):
        shape += f"{re.escape(english[end : place.start()])}(?P<{place[1]}>.+?)"
        end = place.end()
    return re.compile(shape + re.escape(english[end:]), re.DOTALL)
