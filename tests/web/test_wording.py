"""Errors in the reader's language: every sentence that can reach a page is there in German, and is taken for itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

import laurea
from laurea.actions import intake
from laurea.credentials.errors import LaureaError
from laurea.records.models import Account, Achievement, Issuer
from laurea.web import wording
from spoken import Sentence, spoken

PACKAGES = ("actions", "credentials", "rendering", "records", "worker")

NEVER_ON_A_PAGE = {
    "actions/achievements": "the TOML of `laurea issue`",
    "actions/batch_folder": "the folder that `laurea issue` makes",
    "actions/comparing_log": "`laurea log verify`",
    "actions/demonstrating": "`laurea demo`",
    "actions/designs": "`laurea designs`",
    "actions/embedding": "`laurea bake`",
    "actions/fulfilling": "`laurea issue`",
    "actions/installing": "what is said before there are pages",
    "actions/keyring": "key files, of commands alone",
    "actions/planning": "`laurea issue`",
    "actions/previewing": "`laurea preview`",
    "actions/revoking_in_folder": "`laurea revoke`",
    "actions/safekeeping": "`laurea keys`",
    "actions/settling": "what is said before there are pages",
    "actions/strict_toml": "the TOML of `laurea issue`",
    "actions/verifying_log": "`laurea log verify`",
    "actions/workers": "the processes of `laurea issue`",
    "credentials/assertions": "technical detail below a check",
    "credentials/canonical": "technical detail below a check, which says in both languages what it means",
    "credentials/data_loss": "technical detail below a check",
    "credentials/jwt_claims": "technical detail below a check",
    "credentials/key_backup": "`laurea keys`",
    "credentials/older_proofs": "technical detail below a check",
    "credentials/proof": "technical detail below a check",
    "credentials/public_keys": "technical detail below a check",
    "credentials/rdfc": "technical detail below a check",
    "credentials/transparency": "no page shows it",
    "credentials/verification": "has its own sentences in both languages; the rest is technical detail below them",
    "credentials/vocabulary": "technical detail below a check; what staff types is looked at before",
    "rendering/design": "folders of designs, which only commands take",
}
"""Modules whose English nobody meets on a page, and why."""

NAMES = ("mac-roman", "corporate")
"""What looks like a word of a sentence and is a value."""

_PLACE = re.compile(r"\{(\w+(?::worded)?)\}")
_HOLE = "⟦%d⟧"


def pairs() -> dict[str, str]:
    """English -> German, as the catalogue has them."""
    return wording.read("de")


@cache
def said() -> tuple[Sentence, ...]:
    """Every sentence in the code, in the modules that reach no page as well."""
    return tuple(spoken(Path(str(laurea.__file__)).parent, PACKAGES))


def on_pages() -> Iterator[Sentence]:
    """The sentences of modules that reach a page."""
    for sentence in said():
        if not any(f"{sentence.module}/".startswith(f"{module}/") for module in NEVER_ON_A_PAGE):
            yield sentence


def filled(text: str) -> str:
    """A sentence with something in each place that is no word of any language."""
    pieces = text.split("{}")
    return "".join(piece + (_HOLE % number if number < len(pieces) - 1 else "") for number, piece in enumerate(pieces))


def is_value(text: str, before: str) -> bool:
    """Whether `text`, which stands after `before`, is no piece of the sentence: a value, or a name out of the code."""
    if not any(map(str.isalpha, text)) or text in NAMES:
        return True
    is_name = " " not in text and (before.endswith(("“", "`")) or text.startswith(("/", "U+")))
    return is_name or bool(re.fullmatch(r"(?:utf|cp)-?\d+", text))


def understood(text: str) -> list[str] | None:
    """The English halves of the pairs by which the product translates `text`; None when some of it stays English."""
    plain, shapes = wording.known("de")
    if text in plain:
        return [text]
    for english, (shape, german) in zip(valued(), shapes, strict=True):
        found = shape.fullmatch(text)
        if found is None:
            continue
        used = [english]
        for name, value in found.groupdict().items():
            if f"{{{name}:worded}}" in german and any(map(str.isalpha, value)):
                inner = understood(value)
                if inner is None:
                    return None
                used += inner
            elif not is_value(value, text[: found.start(name)]):
                return None
        return used
    return None


@cache
def valued() -> list[str]:
    """The English halves with values, in the order in which the product tries them."""
    return sorted((english for english in pairs() if _PLACE.search(english)), key=wording.own_words, reverse=True)


def test_places_are_the_same_in_both_languages() -> None:
    for english, german in pairs().items():
        assert set(_PLACE.findall(english)) == set(_PLACE.findall(german)), english


def test_german_is_written_as_german_is() -> None:
    for english, german in pairs().items():
        assert german.strip(), english
        assert not re.search(r"[“”].*”|\"|'s\b", german), german
        assert Counter(german)["„"] == Counter(german)["“"], german
        assert english.endswith(".") == german.endswith("."), english


def test_every_sentence_has_its_german() -> None:
    """If one has not: write a pair into locale/de/errors.toml, or whole sentences where they are glued together."""
    missing = {
        sentence.text: f"{sentence.module}.py:{sentence.line} {sentence.text!r}"
        for sentence in on_pages()
        if understood(filled(sentence.text)) is None
    }
    assert not missing, "\n".join(["no German for", *missing.values()])


def test_every_sentence_is_taken_for_itself() -> None:
    """The pair that is tried first says the most of the sentence, whatever stands in its places."""
    for english in valued():
        names = list(dict.fromkeys(name.partition(":")[0] for name in _PLACE.findall(english)))
        for sample in ("7", "Anna Müller", "a.b@example.com, “x” (y): z"):
            values = {name: f"{sample} {number}" for number, name in enumerate(names)}
            text = _PLACE.sub(lambda place: values[place[1].partition(":")[0]], english)  # noqa: B023
            first = next(
                each for each, (shape, _) in zip(valued(), wording.known("de")[1], strict=True) if shape.fullmatch(text)
            )
            assert first == english, f"{text!r} is taken for {first!r}"


@pytest.mark.slow
def test_no_german_is_left_over() -> None:
    """A pair whose English nobody says any more would only look as if it were of use."""
    used = {english for sentence in said() for english in understood(filled(sentence.text)) or ()}
    left = pairs().keys() - used
    assert not [english for english in left if any(map(str.isalpha, _PLACE.sub("", english)))]


def test_sentences_are_said_in_the_language_of_the_page() -> None:
    error = LaureaError("row.long", "the name has 301 characters; at most 120 fit", "Shorten the name")
    assert wording.worded(error) == (error.message, error.hint)
    with translation.override("de"):
        assert wording.worded(error) == (
            "der Name hat 301 Zeichen; höchstens 120 haben Platz",
            "Kürzen Sie den Namen",
        )
        assert wording.in_words("this number belongs to “Ada “the Countess” Lovelace”") == (
            "diese Nummer gehört zu „Ada “the Countess” Lovelace“"
        )
        assert wording.in_words("") == ""


def test_a_sentence_may_hold_another() -> None:
    with translation.override("de"):
        assert wording.in_words("Monogram: 17 characters do not fit on a badge") == (
            "Monogramm: 17 Zeichen passen nicht auf ein Abzeichen"
        )
        assert wording.in_words("The PDF is damaged: object 12 holds no other objects") == (
            "Das PDF ist beschädigt: Objekt 12 enthält keine weiteren Objekte"
        )
        assert wording.in_words("a.example could not show that it is a.example: expired") == (
            "a.example konnte sich nicht als a.example ausweisen: expired"
        )


def test_what_nobody_translated_stays_as_it_is() -> None:
    with translation.override("de"):
        assert wording.in_words("Nobody has ever said this to 7 people") == "Nobody has ever said this to 7 people"
    with translation.override("fr"):
        assert wording.in_words("there is no name") == "there is no name"


@pytest.fixture
def in_german(client: Client, bob: Account) -> Client:
    """Bob's browser, which prefers German."""
    client.force_login(bob)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    return client


@pytest.mark.django_db
def test_a_page_says_in_german_what_is_wrong_with_a_list(
    in_german: Client, acme: Issuer, achievement: Achievement
) -> None:
    broken = {"achievement": achievement.pk, "file": SimpleUploadedFile("people.xlsx", b"%PDF-1.7 no list")}
    said = in_german.post(reverse("console:batch-new", args=[acme.slug]), broken).content.decode()
    assert "Die Datei ist ein PDF, keine Liste. Exportieren Sie die Liste stattdessen als .csv oder .xlsx" in said
    assert "not a list" not in said


@pytest.mark.django_db
def test_the_review_says_in_german_what_is_wrong_with_a_row(
    in_german: Client, bob: Account, acme: Issuer, achievement: Achievement
) -> None:
    now = timezone.now()
    content = b"Name,E-mail,Date\nAda Byron,ada@example.org,2026-05-31\nBo Ek,no address,31.31.2026\n"
    batch = intake.upload(acme, achievement, name="people.csv", content=content, now=now, actor=bob)
    assert intake.read_next(now=now, worker="test")
    review = reverse("console:batch-review", args=[acme.slug, batch.pk])
    said = in_german.get(review, {"state": "error"}).content.decode()
    for sentence in ("das ist keine E-Mail-Adresse", "das ist kein Datum", "oder lassen Sie die Zelle leer"):
        assert sentence in said
    assert "this is no" not in said
    table = in_german.get(reverse("console:batch-rows-csv", args=[acme.slug, batch.pk]))
    assert "das ist keine E-Mail-Adresse" in b"".join(table.streaming_content).decode()  # type: ignore[attr-defined]


def test_days_are_said_as_the_page_says_days() -> None:
    sentence = "replaces the one of 2025-11-09, which expired on 2026-11-09"
    assert wording.with_days(sentence) == "replaces the one of 9 November 2025, which expired on 9 November 2026"
    with translation.override("de"):
        said = wording.with_days(wording.in_words(sentence))
    assert "9. November 2025" in said
    assert "9. November 2026" in said
    assert wording.with_days("the number 2026-13-45") == "the number 2026-13-45"
