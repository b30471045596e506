"""The fonts the package brings, and which characters they can show.

Coverage is read from the fonts' own character maps (OpenType `cmap`, formats 4 and 12) so that a name nobody could
print is refused before anything is signed.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import typst

from laurea.credentials.errors import RenderingError

FOLDER = Path(__file__).parent / "fonts"

# Marks that shape or order text and have no glyph of their own: names in Persian, Hindi or Sinhala need them.
_SHAPING = frozenset(map(ord, "\u00ad\u200c\u200d\u200e\u200f\u061c\u2060")) | frozenset(range(0xFE00, 0xFE10))
# Invisible and able to make a name read as another (UAX #9): never on a certificate.
_DECEIVING = frozenset([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029, 0xFEFF])

_TALL = re.compile(
    "[\u0900-\u097f\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Missing:
    """A character that cannot be shown: itself, and its offset in the text, counted in characters from 0."""

    character: str
    offset: int

    @property
    def name(self) -> str:
        """Its U+ number and Unicode name: ``U+1F600 GRINNING FACE``."""
        return f"U+{ord(self.character):04X} {unicodedata.name(self.character, 'unnamed character')}"

    def __str__(self) -> str:
        visible = self.character.isprintable() and ord(self.character) not in _DECEIVING
        return f"“{self.character}” ({self.name})" if visible else self.name


def missing_characters(text: str) -> list[Missing]:
    """The characters of `text` that no packaged font can show, each once, in order; empty when all can be shown.

    Control characters and marks that reorder text unseen count as missing too.
    """
    found = [Missing(character, text.index(character)) for character in set(text) - coverage()]
    return sorted(found, key=lambda missing: missing.offset)


def require_characters(text: str, where: str) -> None:
    """Raise RenderingError ``rendering.missing-character`` unless every character of `text` can be shown.

    `where` says which text it is in the words of the person who handed it over, such as ``Name``.
    """
    missing = missing_characters(text)
    if missing:
        listed = ", ".join(map(str, missing[:5])) + (", …" if len(missing) > 5 else "")
        raise RenderingError(
            "rendering.missing-character",
            f"{where}: no packaged font can show {listed}, at character {missing[0].offset + 1}",
            "Write it with other characters (emoji and control characters cannot be printed)",
        )


@cache
def coverage() -> frozenset[str]:
    """Every character that certificates can show.

    A family counts with what all of its styles have in common, since a design may set any text in any of them.
    """
    families: dict[str, set[int]] = {}
    for file in _files():
        family = file.name.partition("-")[0]
        points = set(_glyphs(file))
        families[family] = families[family] & points if family in families else points
    shown: set[int] = set(_SHAPING)
    shown.update(*families.values())
    controls = {*range(0x20), *range(0x7F, 0xA0)}
    characters = map(chr, shown - controls - _DECEIVING)
    # What lies in a private use area looks different in every font: it means nothing to anybody else.
    return frozenset(character for character in characters if unicodedata.category(character) != "Co")


@cache
def typst_fonts() -> typst.Fonts:
    """The packaged fonts, and no others, ready for a Typst compiler. Read once a process."""
    _files()
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])


def han_style(text: str, language: str) -> str:
    """Whose shapes Han characters take: ``jp`` beside kana, ``kr`` beside hangul, else by `language`, else ``sc``."""
    if any("\u3040" <= character <= "\u30ff" for character in text):
        return "jp"
    if any("\uac00" <= character <= "\ud7a3" or "\u1100" <= character <= "\u11ff" for character in text):
        return "kr"
    return {"ja": "jp", "ko": "kr"}.get(language.partition("-")[0], "sc")


def right_to_left(text: str) -> bool:
    """Whether the first strong character runs from right to left (UAX #9, rules P2 and P3)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def tall(text: str) -> bool:
    """Whether `text` holds letters that stand above the height of Latin capitals: Devanagari and Thai with their marks,
    Han characters, kana, hangul."""
    return _TALL.search(text) is not None


@lru_cache(maxsize=256)  # most texts are the same on all certificates of a batch
def widths(text: str, face: str) -> tuple[float, ...]:
    """How wide each word of `text` (split at blanks) runs, in em, set in `face`: the name of a packaged font file
    without its ending. What that face lacks counts as another face shows it. Kerning is left out, so that a text is
    rarely wider than said."""
    advance = _advances(face)
    return tuple(round(sum(map(advance.__getitem__, word)), 3) for word in text.split(" "))


def faces() -> tuple[str, ...]:
    """The names that `widths` knows."""
    return tuple(file.stem for file in _files())


class _Advances(dict[str, float]):
    """Advance widths in em by character, filled in as they are asked for; the widest other face stands in."""

    def __init__(self, face: str) -> None:
        super().__init__()
        self._face = face

    def __missing__(self, character: str) -> float:
        width = _own_advances(self._face).get(ord(character))
        if width is None:
            width = max(_own_advances(other).get(ord(character), 0.0) for other in faces())
        self[character] = width
        return width


@cache
def _advances(face: str) -> _Advances:
    return _Advances(face)


@cache
def _own_advances(face: str) -> dict[int, float]:
    file = FOLDER / f"{face}.ttf"
    tables = _tables(file, b"head", b"hhea", b"hmtx")
    (units,) = struct.unpack_from(">H", tables[b"head"], 18)
    (count,) = struct.unpack_from(">H", tables[b"hhea"], 34)
    advances = [advance / units for advance, _ in struct.iter_unpack(">Hh", tables[b"hmtx"][: 4 * count])]
    return {point: advances[min(glyph, count - 1)] for point, glyph in _glyphs(file).items()}


def _files() -> list[Path]:
    files = sorted(FOLDER.glob("*.ttf"))
    if not files:
        raise RenderingError(
            "rendering.no-fonts", "The package's fonts are not there", "In a source checkout, run: make assets"
        )
    return files


def _glyphs(file: Path) -> dict[int, int]:
    """Code points and the glyphs they have in a font, from its best character map."""
    cmap = _tables(file, b"cmap")[b"cmap"]
    (count,) = struct.unpack_from(">2xH", cmap)
    offsets = {(p, e): offset for p, e, offset in struct.iter_unpack(">HHI", cmap[4 : 4 + 8 * count])}
    for key in ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3)):
        if key in offsets:
            table = cmap[offsets[key] :]
            return dict(_format_12(table) if table[:2] == b"\0\x0c" else _format_4(table))
    return {}


def _tables(file: Path, *names: bytes) -> dict[bytes, bytes]:
    with file.open("rb") as font:
        (count,) = struct.unpack(">4xH6x", font.read(12))
        directory = font.read(16 * count)
        found: dict[bytes, bytes] = {}
        for at in range(0, len(directory), 16):
            name, start, length = struct.unpack_from(">4s4xII", directory, at)
            if name in names:
                font.seek(start)
                found[name] = font.read(length)
    return found


def _format_12(table: bytes) -> Iterator[tuple[int, int]]:
    (groups,) = struct.unpack_from(">I", table, 12)
    for first, last, glyph in struct.iter_unpack(">III", table[16 : 16 + 12 * groups]):
        yield from zip(range(first, last + 1), range(glyph, glyph + last + 1 - first), strict=True)


def _format_4(table: bytes) -> Iterator[tuple[int, int]]:
    segments = struct.unpack_from(">H", table, 6)[0] // 2
    row = f">{segments}H"
    ends = struct.unpack_from(row, table, 14)
    starts = struct.unpack_from(row, table, 16 + 2 * segments)
    deltas = struct.unpack_from(row, table, 16 + 4 * segments)
    at = 16 + 6 * segments
    offsets = struct.unpack_from(row, table, at)
    for index, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for point in range(first, min(last, 0xFFFE) + 1):
            if offset:
                (glyph,) = struct.unpack_from(">H", table, at + 2 * index + offset + 2 * (point - first))
                glyph = (glyph + delta) & 0xFFFF if glyph else 0
            else:
                glyph = (point + delta) & 0xFFFF
            if glyph:
                yield point, glyph
