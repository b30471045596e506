"""The 16-character code that stands for a credential on paper.

Fifteen characters of Crockford's base 32 carry 75 random bits; the sixteenth is a check. Read as the coefficients of a
polynomial over GF(32), a code is right when the polynomial is zero at a generator of the field: every character then
has a different, non-zero weight, so each single wrong character and each swap of two characters (neighbours or not,
the check character included) is noticed. One sum over GF(32) is the whole of it; the proof by exhaustion is a test.

Source of the alphabet: https://www.crockford.com/base32.html (I, L, O and U never occur).
"""

from __future__ import annotations

import unicodedata

from laurea.credentials.errors import CodeError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
RANDOM_BYTES = 10
"""Bytes that `new_code` takes: 80 bits, of which 75 are used."""

_GROUP = 4
_LONGEST_INPUT = 200
_GROUP_NAMES = ("first", "second", "third", "fourth")


def _doubling() -> tuple[int, ...]:
    """Multiplication by x in GF(2)[x] / (x^5 + x^2 + 1), in which x generates all 31 non-zero elements."""
    return tuple((value << 1) ^ (0b100101 if value & 0b10000 else 0) for value in range(32))


def _readings() -> dict[str, int]:
    """What a typed character means: both cases, and the letters that Crockford forgives."""
    values = {character: value for value, character in enumerate(ALPHABET)}
    values |= {"O": 0, "I": 1, "L": 1}
    return values | {character.lower(): value for character, value in values.items()}


_DOUBLED = _doubling()
_READ = _readings()


def _checksum(values: list[int]) -> int:
    """The polynomial at the generator, by Horner's rule; zero for a whole and right code."""
    total = 0
    for value in values:
        total = _DOUBLED[total] ^ value
    return total


def new_code(random: bytes) -> str:
    """A new code, 16 characters without hyphens, from ten random bytes.

    The caller brings the randomness (`secrets.token_bytes(RANDOM_BYTES)`): this floor has none. Raises `CodeError`
    (``code.randomness``) for any other number of bytes.
    """
    if len(random) != RANDOM_BYTES:
        raise CodeError("code.randomness", f"A code is made from {RANDOM_BYTES} random bytes, not {len(random)}")
    number = int.from_bytes(random, "big") >> 5
    values = [(number >> shift) & 31 for shift in range(70, -1, -5)]
    values.append(_DOUBLED[_checksum(values)])
    return "".join([ALPHABET[value] for value in values])


def format_code(code: str) -> str:
    """The code as people read it: ``XXXX-XXXX-XXXX-XXXX``. Takes what `new_code` and `parse_code` give."""
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def parse_code(typed: str) -> str:
    """The 16 characters that somebody meant by what they typed.

    Forgives case, spaces, hyphens and dashes of every kind, O for 0, I and L for 1. Raises `CodeError`:
    ``code.character`` (with the position), ``code.length``, ``code.check`` (a wrong or two swapped characters).
    """
    if len(typed) > _LONGEST_INPUT:
        raise CodeError(
            "code.length",
            f"A code has {LENGTH} characters; these are {len(typed)}",
            "Type only the code: four groups of four letters and digits",
        )
    values: list[int] = []
    for character in typed:
        value = _READ.get(character)
        if value is not None:
            values.append(value)
        elif not _is_separator(character):
            raise _impossible(character, len(values) + 1)
    if len(values) != LENGTH:
        raise _wrong_length(len(values))
    if _checksum(values):
        raise CodeError(
            "code.check",
            "This is not a code: one character is wrong, or two are swapped",
            "Compare it with the certificate, group by group",
        )
    return "".join([ALPHABET[value] for value in values])


def near(typed: str) -> dict[str, int]:
    """The right codes from which `typed`, a wrong one, may have come, each with the group (0 to 3) to compare.

    One wrong character, or two neighbours swapped: at most 31 codes. Empty unless `typed` has 16 characters that may
    occur in a code.
    """
    values = [_READ[character] for character in typed[:_LONGEST_INPUT] if character in _READ]
    others = [character for character in typed if character not in _READ and not _is_separator(character)]
    if len(values) != LENGTH or others:
        return {}
    found: dict[str, int] = {}
    wrong, weight = _checksum(values), 1
    for position in reversed(range(LENGTH)):
        # Each place has one value that puts the sum right: the present one less the sum over the place's weight.
        found[_written(values, {position: values[position] ^ _times(wrong, _inverse(weight))})] = position // _GROUP
        weight = _DOUBLED[weight]
        swapped = {position: values[position - 1], position - 1: values[position]}
        if position and not _checksum([swapped.get(place, value) for place, value in enumerate(values)]):
            found[_written(values, swapped)] = position // _GROUP
    return found


def _written(values: list[int], instead: dict[int, int]) -> str:
    return "".join([ALPHABET[instead.get(place, value)] for place, value in enumerate(values)])


def _times(one: int, other: int) -> int:
    """The product in GF(32)."""
    product = 0
    for bit in (16, 8, 4, 2, 1):
        product = _DOUBLED[product] ^ (one if other & bit else 0)
    return product


def _inverse(value: int) -> int:
    """The inverse in GF(32): its thirtieth power."""
    power = 1
    for _ in range(30):
        power = _times(power, value)
    return power


def _is_separator(character: str) -> bool:
    """Spaces, dashes of every script, the minus sign, soft hyphens and invisible characters that copying brings."""
    return character.isspace() or character in "−_" or unicodedata.category(character) in ("Pd", "Cf")


def _impossible(character: str, position: int) -> CodeError:
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    hint = "A code never has the letter U; perhaps it is a V" if character in "uU" else "A code has letters and digits"
    return CodeError("code.character", f"Character {_place(position)} cannot be “{shown}”", hint)


def _place(position: int) -> str:
    if position > LENGTH:
        return str(position)
    group, offset = divmod(position - 1, _GROUP)
    return f"{position} (number {offset + 1} of the {_GROUP_NAMES[group]} group)"


def _wrong_length(length: int) -> CodeError:
    if not length:
        return CodeError("code.length", "No code was typed", f"A code has {LENGTH} letters and digits in four groups")
    difference = LENGTH - length
    words = f"{difference} missing" if difference > 0 else f"{-difference} too many"
    return CodeError(
        "code.length",
        f"A code has {LENGTH} characters; these are {length}, {words}",
        "Compare it with the certificate: four groups of four",
    )
