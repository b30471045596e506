"""What certificates say, and how dates are written."""

from __future__ import annotations

import re
from datetime import date

import pytest

from laurea.credentials.errors import RenderingError
from laurea.rendering.fonts import missing_characters
from laurea.rendering.texts import languages, texts

DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "4 March 2026"),
        ("en-US", "March 4, 2026"),
        ("en-GB", "4 March 2026"),
        ("de", "4. März 2026"),
        ("de-AT", "4. März 2026"),
    ],
)
def test_dates(language, written):
    assert texts(language).date(DAY) == written


def test_languages():
    assert languages() == ("de", "en", "en-US")


@pytest.mark.parametrize("language", languages())
def test_languages_say_the_same_things(language):
    english, other = texts("en"), texts(language)
    assert set(other.messages) == set(english.messages)
    assert set(other.kinds) == set(english.kinds)
    for key, message in english.messages.items():
        assert set(re.findall(r"\{\w+\}", other.messages[key])) == set(re.findall(r"\{\w+\}", message)), key
    assert missing_characters("".join([*other.messages.values(), *other.kinds.values()])) == []


def test_kinds():
    assert texts("de").kind("JourneymanCertificate") == "Gesellenbrief"
    assert texts("en").kind("ext:Something") == "Certificate"
    assert texts("en", {"kind": "Letter of thanks"}).kind("Course") == "Letter of thanks"


def test_placeholders_are_filled_once_and_unknown_ones_kept():
    assert texts("en").say("issued", issuer="{awarded}", awarded="today") == "Issued by {awarded} on today"
    assert texts("en", {"for": "for {nothing}"}).say("for") == "for {nothing}"


def test_another_language_needs_all_messages():
    with pytest.raises(RenderingError) as raised:
        texts("fr", {"for": "pour"})
    assert raised.value.code == "rendering.language-unknown"
    assert "awarded_to" in raised.value.hint
    whole = dict(texts("en").messages) | {
        "months": "jan fév mar avr mai jun jul aoû sep oct nov déc",
        "kind": "Certificat",
    }
    assert texts("fr", whole).date(DAY) == "4 mar 2026"


@pytest.mark.parametrize(
    ("language", "overrides", "code"),
    [
        ("../en", {}, "rendering.language-unknown"),
        ("", {}, "rendering.language-unknown"),
        ("en", {"fro": "x"}, "rendering.text-unknown"),
        ("en", {"months": "one two"}, "rendering.text-invalid"),
    ],
)
def test_wrong_requests(language, overrides, code):
    with pytest.raises(RenderingError) as raised:
        texts(language, overrides)
    assert raised.value.code == code
