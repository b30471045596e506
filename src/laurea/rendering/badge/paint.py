"""The colours of a badge, all from the issuer's: what lies on the field and on the band can always be told from it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from laurea.rendering.badge.art import BadgeArt
from laurea.rendering.palette import ENOUGH, contrast, mix, shades, text_on

CLEAR = 3.0
"""The contrast that a symbol needs (WCAG 2.2, 1.4.11)."""


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours as ``#rrggbb``; `light`, `field` and `dark` run down the field, `key` keeps the gradients of one badge
    apart from those of others on the same page."""

    key: str
    light: str
    field: str
    dark: str
    groove: str
    symbol: str
    quiet: str
    band: str
    band_end: str
    band_fold: str
    on_band: str

    def gradient(self, name: str) -> str:
        """A reference to one of the badge's gradients."""
        return f"url(#{self.key}-{name})"


def paint_of(art: BadgeArt) -> Paint:
    """The colours for `art`: its symbol white, or where that would not read, nearly black."""
    known = shades(art.colours)
    primary = known["primary"]
    light, dark, symbol = mix(primary, "#ffffff", 0.1), mix(primary, "#000000", 0.24), "#ffffff"
    if contrast(symbol, light) < CLEAR:
        light, dark, symbol = mix(primary, "#ffffff", 0.24), primary, mix(primary, "#000000", 0.84)
    band = known["secondary"] if art.colours.secondary else mix(primary, "#000000", 0.6)
    if not art.colours.secondary and contrast(band, primary) < 1.25:
        band = mix(primary, "#ffffff", 0.86)
    return Paint(
        key="b" + hashlib.sha256(repr(art).encode()).hexdigest()[:8],
        light=light,
        field=primary,
        dark=dark,
        groove=mix(primary, "#000000", 0.58),
        symbol=symbol,
        # Where the symbol itself only just reads, the laurel cannot be much quieter.
        quiet=mix(primary, symbol, 0.72 if contrast(symbol, primary) >= ENOUGH else 0.92),
        band=band,
        band_end=mix(band, "#000000", 0.2),
        band_fold=mix(band, "#000000", 0.42),
        on_band=text_on(band),
    )
