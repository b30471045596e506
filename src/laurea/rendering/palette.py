"""Colours that stay readable: the contrast of WCAG 2.2 (1.4.3), and shades derived from an issuer's brand colours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from laurea.credentials.errors import RenderingError

ENOUGH = 4.5
"""The contrast ratio that text needs (WCAG 2.2, 1.4.3 level AA)."""

INK = "#1b1f24"
PAPER = "#ffffff"

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class Colours:
    """An issuer's brand colours as ``#rrggbb`` or ``#rgb``; `secondary` None is a shade of the first."""

    primary: str = "#1f5c46"
    secondary: str | None = None

    def __post_init__(self) -> None:
        for colour in (self.primary, self.secondary):
            if colour is not None and not _HEX.fullmatch(colour):
                raise RenderingError(
                    "rendering.colour-invalid", f"“{colour}” is no colour", "Write it as #rrggbb, such as #1f5c46"
                )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 (equal) to 21 (black on white)."""
    high, low = sorted((_luminance(_channels(one)), _luminance(_channels(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def text_on(ground: str) -> str:
    """White or ink, whichever reads better on `ground`; black where ink falls short of ENOUGH."""
    if contrast("#ffffff", ground) >= ENOUGH:
        return "#ffffff"
    return INK if contrast(INK, ground) >= ENOUGH else "#000000"


def readable(colour: str, ground: str = PAPER) -> str:
    """`colour`, darkened (or on a dark ground lightened) just until text in it reads on `ground`."""
    towards = "#000000" if contrast("#000000", ground) > contrast("#ffffff", ground) else "#ffffff"
    for step in range(21):
        shade = mix(colour, towards, step / 20)
        if contrast(shade, ground) >= ENOUGH:
            return shade
    return towards


def mix(one: str, other: str, share: float) -> str:
    """`one` with `share` (0 to 1) of `other` mixed in, channel by channel."""
    mixed = (round(a + (b - a) * share) for a, b in zip(_channels(one), _channels(other), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def shades(colours: Colours) -> dict[str, str]:
    """Every colour a design may use, by name; those called ``text`` and ``on`` are fit to read."""
    primary = _full(colours.primary)
    other = mix(primary, INK, 0.75) if contrast(primary, PAPER) < 3 else mix(primary, PAPER, 0.58)
    secondary = _full(colours.secondary) if colours.secondary else other
    return {
        "paper": PAPER,
        "ink": INK,
        "quiet": mix(INK, PAPER, 0.32),
        "rule": mix(INK, PAPER, 0.78),
        "primary": primary,
        "primary-text": readable(primary),
        "on-primary": text_on(primary),
        "primary-tint": mix(primary, PAPER, 0.88),
        "secondary": secondary,
        "secondary-text": readable(secondary),
        "on-secondary": text_on(secondary),
        "secondary-tint": mix(secondary, PAPER, 0.8),
    }


def _full(colour: str) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in _channels(colour))


def _channels(colour: str) -> tuple[int, int, int]:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _luminance(channels: tuple[int, int, int]) -> float:
    red, green, blue = (
        channel / 255 / 12.92 if channel <= 10 else ((channel / 255 + 0.055) / 1.055) ** 2.4 for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
