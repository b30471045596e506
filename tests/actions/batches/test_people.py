"""Names and addresses: cleaned where nothing is lost, refused where something is wrong."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurea.actions.batches.people import clean_address, clean_name, damaged, is_simple_name

GOOD = [
    "Al", "Madonna", "Anna Müller", "Siobhán O’Connor", "D'Angelo Russo", "María José de la Cruz y Ortega", "王小明",
    "佐藤 花子", "김민준", "ليلى الحداد", "נועה לוי",
    "प्रिया शर्मा", "สมชาย ใจดี", "Ελένη Παπαδοπούλου", "Олександра Шевчук",
    "Nguyễn Thị Minh Khai", "İbrahim Işık", "Prof. Dr. h. c. Ruth Jäger", "Martin Keller, Jr.", "Müller-Lüdenscheidt",
    "John Smith 3rd", "Ann-Kathrin Ä. Groß", "McDonald", "JP Smith", "Anna Müller MBA", "می‌نا",
]  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_good_names_stay_as_they_are(name: str) -> None:
    assert clean_name(name) == (unicodedata.normalize("NFC", name), [])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Ewa \u00a0 Zielin\u0301ska\t", "Ewa Zielińska"),
        ("Anna\u200b Mül\u00adler\ufeff", "Anna Müller"),
        ("Anna\u3000Müller", "Anna Müller"),
    ],
)
def test_spaces_and_invisible_characters_are_cleaned(text: str, name: str) -> None:
    assert clean_name(text) == (name, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "row.no-name"), ("   ", "row.no-name"), ("---", "name.formula"), ("...", "row.no-name"), ("12345",
        "row.no-name"),
        ("=cmd|' /C calc'!A0", "name.formula"), ("+49 30 1234", "name.placeholder"),
        ("+49 170 *****12", "name.placeholder"),
        ("Zoom user", "name.placeholder"), ("@SUM(1)", "name.formula"),
        ("Trainer: Kurt Frey", "name.label"), ("＝HYPERLINK(1)", "name.formula"), ("-2+3+cmd", "name.formula"),
        ("Anna \u202erelluM", "name.direction"), ("Anna\x00Müller", "name.control"), ("Anna\x1bMüller", "name.control"),
        ("M\ufffdller", "name.damaged"), ("JÃ¼rgen GroÃŸ", "name.damaged"), ("Ãšrsula", "name.damaged"),
        ("anna@example.com", "name.address"), ("A" * 151, "name.long"), ("A" * 100_000, "name.long"),
        ("\ue000Anna", "name.unknown-character"), ("iPhone", "name.placeholder"), ("Guest", "name.placeholder"),
        ("Galaxy S21", "name.placeholder"),
    ],
)  # fmt: skip
def test_what_is_no_name(text: str, code: str) -> None:
    assert [finding.code for finding in clean_name(text)[1] if finding.fatal] == [code]


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("ANNA MÜLLER-O'BRIEN", "name.capitals", "It may be “Anna Müller-O'Brien”"),
        ("LUDWIG VAN DER BERG", "name.capitals", "It may be “Ludwig van der Berg”"),
        ("anna müller", "name.lower-case", "It may be “Anna Müller”"),
        ("Anna Müller 2", "name.digits", "Check the name"),
        ("Müller, Anna", "name.comma", "It may be “Anna Müller”"),
        ("Anna, Lena, Müller", "name.comma", "Check the order of first and family name"),
        ("Anna MÜLLER", "name.capitals", "It may be “Anna Müller”"),
        ("O'BRIEN Siobhan", "name.capitals", "It may be “O'Brien Siobhan”"),
        ("Аnna Müller", "name.scripts", "Type the name anew"),
        ("Anna\nMüller", "name.line-break", ""),
    ],
)
def test_what_somebody_should_look_at(text: str, code: str, hint: str) -> None:
    assert [(finding.code, finding.hint, finding.fatal) for finding in clean_name(text)[1]] == [(code, hint, False)]


def test_names_of_meetings() -> None:
    name, findings = clean_name("Ann (Anna Müller)", original_in_brackets=True)
    assert (name, [finding.code for finding in findings]) == ("Anna Müller", ["name.original"])
    assert clean_name("Müller, Anna (Extern)", family_first=True)[0] == "Anna Müller"
    assert clean_name("Anna Müller (4711)")[0] == "Anna Müller"
    assert clean_name("Anna Müller (she/her)", original_in_brackets=True)[0] == "Anna Müller"
    assert clean_name("Anna Müller (On Leave)")[0] == "Anna Müller"
    assert [finding.hint for finding in clean_name("MÜLLER, ANNA")[1]] == ["It may be “Anna Müller”"] * 2
    assert clean_name("Martin Keller, Jr.", family_first=True) == ("Martin Keller, Jr.", [])


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("anna@example.com", "anna@example.com"), ("  Anna.Müller@Example.com ", "Anna.Müller@Example.com"),
        ("mailto:anna@example.com?subject=x", "anna@example.com"), ("Anna Müller <anna@example.com>",
        "anna@example.com"),
        ("'anna@example.com'", "anna@example.com"), ("anna@example.com;", "anna@example.com"),
        ("anna+badge@sub.example.org", "anna+badge@sub.example.org"), ("anna@müller.example", "anna@müller.example"),
        ("o'brien@example.com", "o'brien@example.com"), ("“anna@example.com”", "anna@example.com"),
        ("anna@example.com.", "anna@example.com"),
        ("", None), ("\u200b ", None), ("-", None), ("n/a", None), ("–", None),
    ],
)  # fmt: skip
def test_addresses_are_cleaned(text: str, address: str | None) -> None:
    assert clean_address(text) == (address, [])


@pytest.mark.parametrize(
    "text",
    [
        "anna", "anna@", "@example.com", "anna@example", "anna@@example.com", "anna@example..com", ".anna@example.com",
        "anna@-example.com", "a@example.com, b@example.com", "anna@example,com", f"{'a' * 65}@example.com",
        f"anna@{'a' * 300}.com", "anna@exa mple@.com", "anna@example.com\x00", "=1+1", "https://example.com",
    ],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    address, findings = clean_address(text)
    assert address is None
    assert [finding.code for finding in findings if finding.fatal] == ["row.email"]


def test_spaces_inside_an_address_are_mentioned() -> None:
    address, findings = clean_address("anna @ example.com")
    assert address == "anna@example.com"
    assert [(finding.code, finding.fatal) for finding in findings] == [("email.spaces", False)]


def test_damaged_text_is_recognised_and_sound_text_is_not() -> None:
    assert damaged("MÃ¼ller") == "Müller"
    assert damaged("Å ukasz") is None
    assert all(damaged(name) is None for name in GOOD)


@given(st.sampled_from(["Müller", "Çağlar", "Žižek", "Łukasz Nowak", "Jürgen Groß", "José"]))
def test_names_read_in_the_wrong_encoding_never_pass(name: str) -> None:
    wrong = name.encode().decode("latin-1")
    assert any(finding.fatal for finding in clean_name(wrong)[1])
    try:
        wrong = name.encode().decode("cp1252")
    except UnicodeDecodeError:
        return
    assert any(finding.fatal for finding in clean_name(wrong)[1])


@given(st.text(max_size=200))
def test_any_text_becomes_a_clean_name_or_a_finding(text: str) -> None:
    name, findings = clean_name(text)
    if not any(finding.fatal for finding in findings):
        assert name == unicodedata.normalize("NFC", " ".join(name.split()))
        assert not any(unicodedata.category(character) == "Cc" for character in name)


@given(st.from_regex(r"[A-ZÄÖÜa-zäöüé' -]{2,30}", fullmatch=True))
def test_the_short_way_for_simple_names_says_what_the_long_way_says(name: str) -> None:
    if is_simple_name(name):
        assert clean_name(name) == (name, [])
