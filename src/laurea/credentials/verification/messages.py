"""The words of a report, filled in: titles, sentences and verdicts in English and German."""

from __future__ import annotations

from collections.abc import Mapping

from laurea.credentials.errors import VocabularyError
from laurea.credentials.moments import parse_moment
from laurea.credentials.verification.texts import TITLES, VERDICTS, WORDS
from laurea.credentials.verification.texts_of_standing import SENTENCES

LANGUAGES = ("en", "de")
DEFAULT_LANGUAGE = "en"

_MONTHS: dict[str, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
}  # fmt: skip


def title(check_id: str, parameters: Mapping[str, str], language: str) -> str:
    """The title of the check with this id, whose number is left out of account (``proof.2``)."""
    return _filled(TITLES[check_id.partition(".")[0]], parameters, language)


def sentence(message: str, parameters: Mapping[str, str], language: str) -> str:
    """The sentence with this message id."""
    return _filled(SENTENCES[message], parameters, language)


def word(name: str, language: str) -> str:
    """A verdict in one word, or nearly."""
    return _filled(WORDS[name], {}, language)


def verdict(name: str, language: str) -> str:
    """The sentence for a verdict."""
    return _filled(VERDICTS[name], {}, language)


def _filled(texts: tuple[str, str], parameters: Mapping[str, str], language: str) -> str:
    index = LANGUAGES.index(language) if language in LANGUAGES else 0
    written = {
        name: _date(value, LANGUAGES[index]) if name.endswith("_moment") else value
        for name, value in parameters.items()
    }
    return texts[index].format_map(written)


def _date(text: str, language: str) -> str:
    """The day of a moment, in the moment's own time zone: what the issuer wrote, not what the reader's clock makes."""
    try:
        moment = parse_moment(text)
    except VocabularyError:
        return text
    month = _MONTHS[language][moment.month - 1]
    return f"{moment.day}. {month} {moment.year}" if language == "de" else f"{moment.day} {month} {moment.year}"
