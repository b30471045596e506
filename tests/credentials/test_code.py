"""The code of 16 characters: what it carries, what it forgives, and that no slip of one or two characters passes."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurea.credentials.code import ALPHABET, LENGTH, RANDOM_BYTES, format_code, near, new_code, parse_code
from laurea.credentials.errors import CodeError

randomness = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)


def passes(code: str) -> bool:
    try:
        return parse_code(code) == code
    except CodeError:
        return False


def some_codes(count: int) -> list[str]:
    return [new_code(hashlib.sha256(str(number).encode()).digest()[:RANDOM_BYTES]) for number in range(count)]


def test_a_code_is_read_as_it_was_made() -> None:
    for code in some_codes(50_000):
        assert len(code) == LENGTH
        assert parse_code(code) == code


def test_known_codes_stay_what_they_are() -> None:
    assert new_code(bytes(10)) == "0000000000000000"
    assert new_code(b"\xff" * 10) == "ZZZZZZZZZZZZZZZN"
    assert new_code(bytes(range(10))) == "000G40R40M30E200"


def test_seventy_five_bits_are_carried() -> None:
    one_bit_each = {new_code((1 << bit).to_bytes(RANDOM_BYTES, "big")) for bit in range(5, 80)}
    assert len(one_bit_each) == 75
    assert {new_code((1 << bit).to_bytes(RANDOM_BYTES, "big")) for bit in range(5)} == {new_code(bytes(10))}


def test_every_single_wrong_character_is_caught() -> None:
    # The check is linear, so one code would prove it for all; several guard the proof itself.
    for code in some_codes(5):
        for position in range(LENGTH):
            for wrong in ALPHABET:
                if wrong != code[position]:
                    assert not passes(code[:position] + wrong + code[position + 1 :])


@pytest.mark.slow
def test_every_swap_of_two_characters_is_caught() -> None:
    """All pairs of positions (neighbours are the fifteen that matter) and all pairs of values."""
    body = [0] * (LENGTH - 1)
    for first in range(LENGTH):
        for second in range(first + 1, LENGTH):
            for one in range(32):
                for other in range(32):
                    if one == other:
                        continue
                    code = complete(body, {first: one, second: other})
                    if code[first] != code[second]:
                        swapped = list(code)
                        swapped[first], swapped[second] = code[second], code[first]
                        assert not passes("".join(swapped))


def complete(body: list[int], fixed: dict[int, int]) -> str:
    """A right code with the data characters of `fixed`; the check character is whatever it must be."""
    values = [fixed.get(position, value) for position, value in enumerate(body)]
    number = 0
    for value in values:
        number = number * 32 + value
    return new_code((number << 5).to_bytes(RANDOM_BYTES, "big"))


@given(randomness)
def test_the_form_for_people_is_forgiven(random: bytes) -> None:
    code = new_code(random)
    shown = format_code(code)
    assert [len(group) for group in shown.split("-")] == [4, 4, 4, 4]
    for typed in (
        shown,
        shown.lower(),
        shown.replace("-", " "),
        shown.replace("-", "–"),
        shown.replace("-", "\u2011"),
        shown.replace("-", "−"),
        shown.replace("-", "\u00a0\u2003"),
        shown.replace("-", "\u00ad"),
        f"\ufeff  {shown}\r\n",
        shown.replace("0", "O").replace("1", "I"),
        shown.replace("0", "o").replace("1", "l"),
        shown.replace("1", "L"),
        shown.replace("1", "i"),
        "-".join(code),
    ):
        assert parse_code(typed) == code


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_explained(typed: str) -> None:
    assert outcome_of(typed) in ("a code", "code.character", "code.length", "code.check")


def outcome_of(typed: str) -> str:
    try:
        code = parse_code(typed)
    except CodeError as problem:
        return problem.code
    return "a code" if parse_code(code) == code else "another code"


@pytest.mark.parametrize(
    ("typed", "code", "message"),
    [
        ("", "code.length", "No code was typed"),
        ("0000-0000-0000-000", "code.length", "A code has 16 characters; these are 15, 1 missing"),
        ("0000-0000-0000-00000", "code.length", "A code has 16 characters; these are 17, 1 too many"),
        ("0" * 201, "code.length", "A code has 16 characters; these are 201"),
        ("0000-0U00-0000-0000", "code.character", "Character 6 (number 2 of the second group) cannot be “U”"),
        ("0000-0000-0000-000*", "code.character", "Character 16 (number 4 of the fourth group) cannot be “*”"),
        ("\x00", "code.character", "Character 1 (number 1 of the first group) cannot be “U+0000”"),
        ("0000-0000-0000-0000-?", "code.character", "Character 17 cannot be “?”"),
        ("0000-0000-0000-0001", "code.check", "This is not a code: one character is wrong, or two are swapped"),
    ],
)
def test_a_slip_is_explained(typed: str, code: str, message: str) -> None:
    with pytest.raises(CodeError) as caught:
        parse_code(typed)
    assert (caught.value.code, caught.value.message) == (code, message)


def test_letters_that_only_look_alike_are_not_read() -> None:
    for lookalike in (
        "О",
        "Ο",
        "Ι",
        "ı",
        "ſ",
        "٣",
        "０",
    ):  # Cyrillic and Greek capitals, dotless i, long s, other digits
        with pytest.raises(CodeError):
            parse_code("000000000000000" + lookalike)


@pytest.mark.parametrize("count", [0, 9, 11])
def test_randomness_of_another_length_is_refused(count: int) -> None:
    with pytest.raises(CodeError) as caught:
        new_code(bytes(count))
    assert caught.value.code == "code.randomness"


def test_what_a_mistyped_code_may_have_been() -> None:
    for code in some_codes(20):
        for position in range(LENGTH):
            for wrong in {"7", "Z"} - {code[position]}:
                typed = code[:position] + wrong + code[position + 1 :]
                assert near(format_code(typed).lower())[code] == position // 4
        for position in range(1, LENGTH):
            typed = code[: position - 1] + code[position] + code[position - 1] + code[position + 1 :]
            if typed != code:
                assert near(typed)[code] == position // 4


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH))
def test_only_right_codes_are_near(typed: str) -> None:
    found = near(typed)
    assert 16 <= len(found) <= 31 or passes(typed)
    assert all(passes(code) and 0 <= group < 4 for code, group in found.items())


@pytest.mark.parametrize("typed", ["", "12345", "0" * 17, "U" * 16, "000G40R40M30E20!", "0" * 300])
def test_nothing_is_near_to_what_is_no_code(typed: str) -> None:
    assert near(typed) == {}
