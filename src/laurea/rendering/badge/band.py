"""The band across a badge, its ends folded behind, with the title and the issuer's name."""

from __future__ import annotations

import math

from laurea.credentials.errors import RenderingError
from laurea.rendering.badge.art import BadgeArt
from laurea.rendering.badge.geometry import SIDE, Point, number, polygon
from laurea.rendering.badge.lettering import outlines
from laurea.rendering.badge.paint import Paint
from laurea.rendering.badge.shapes import Shape

_MIDDLE = SIDE / 2
_END, _FOLD, _DROP, _NOTCH = 40.0, 44.0, 18.0, 20.0
_HEM = 3.0
_TITLE = (600, 0.24)
_ISSUER = (500, 0.13)


def band(art: BadgeArt, shape: Shape, paint: Paint) -> str:
    """The band as SVG elements; nothing where there is neither title nor issuer to show.

    Raises RenderingError ``rendering.badge-text`` for a text that could not be read.
    """
    if not art.title and not art.issuer:
        return ""
    half = (48.0 if art.issuer else 40.0) if art.title else 29.0
    front = shape.band_width - _END
    parts = [_end(side, shape, half, paint) for side in (-1, 1)]
    for fill, hem in ((paint.gradient("gold"), 0.0), (paint.band, _HEM)):
        left, top = number(_MIDDLE - front), number(shape.band - half + hem)
        parts.append(f'<path fill="{fill}" d="M{left} {top}h{number(2 * front)}v{number(2 * (half - hem))}H{left}Z"/>')
    room = 2 * front - 44
    if art.title:
        parts.append(_line(art, _TITLE, (room, 0.42), shape.band - (13 if art.issuer else 0), paint))
    if art.issuer:
        largest = 0.2 if art.title else 0.3
        parts.append(_line(art, _ISSUER, (room, largest), shape.band + (25 if art.title else 0), paint))
    return "".join(parts)


def _end(side: int, shape: Shape, half: float, paint: Paint) -> str:
    """One end of the band, hemmed with gold, and the fold that leads to it. `side` is -1 for left, 1 for right."""

    def point(x: float, y: float) -> Point:
        return _MIDDLE + side * x, shape.band + y

    front, width = shape.band_width - _END, shape.band_width
    inner, top, bottom = front - _FOLD, _DROP - half, _DROP + half

    def swallowtail(hem: float) -> str:
        corner, notch = 1.7 * hem, 1.45 * hem
        return polygon(
            (
                point(inner, top + hem),
                point(width - corner, top + hem),
                point(width - _NOTCH - notch, _DROP),
                point(width - corner, bottom - hem),
                point(inner, bottom - hem),
            )
        )

    fold = polygon((point(front, half), point(inner, half), point(inner, bottom)))
    return (
        f'<path fill="{paint.gradient("gold")}" d="{swallowtail(0)}"/>'
        f'<path fill="{paint.band_end}" d="{swallowtail(_HEM)}"/><path fill="{paint.band_fold}" d="{fold}"/>'
    )


def _line(art: BadgeArt, part: tuple[int, float], limits: tuple[float, float], y: float, paint: Paint) -> str:
    """Title or issuer in the middle of the band, as large as `limits` (width, scale) let it be."""
    (weight, smallest), (room, largest) = part, limits
    text = art.title if part is _TITLE else art.issuer
    letters = outlines(text, family="Inter", weight=weight, tracking=0.012, language=art.language)
    scale = min(largest, room / letters.width)
    if scale < smallest:
        what = "The title" if part is _TITLE else "The issuer's name"
        fits = math.floor(len(text) * scale / smallest)
        raise RenderingError(
            "rendering.badge-text",
            f"{what} “{text}” is too long to be read on a badge",
            f"Shorten it to about {fits} characters; the certificate has room for the whole",
        )
    return letters.placed((_MIDDLE, y), scale, paint.on_band)
