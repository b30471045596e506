"""Badges: drawn from a few choices, or an own picture; as SVG and PNG, the same bytes for the same choices.

art = BadgeArt(shape="shield", level=2, icon="lock", title="Data protection")
svg(art), png(art, 600)
"""

from __future__ import annotations

from functools import cache
from threading import Lock

import typst

from laurea.credentials.errors import RenderingError
from laurea.rendering import fonts
from laurea.rendering.badge.art import BadgeArt, alternative_text
from laurea.rendering.badge.drawing import draw
from laurea.rendering.badge.icons import icon_names
from laurea.rendering.badge.lettering import HERE
from laurea.rendering.badge.levels import LEVELS, level_name, level_of
from laurea.rendering.badge.own import OwnArt, own_art, resized, wrapped
from laurea.rendering.badge.pixels import smaller
from laurea.rendering.badge.shapes import SHAPES

__all__ = [
    "LEVELS",
    "SHAPES",
    "SIZES",
    "BadgeArt",
    "OwnArt",
    "alternative_text",
    "icon_names",
    "level_name",
    "level_of",
    "own_art",
    "png",
    "svg",
]

SIZES = range(64, 1025)
"""Pixels a side that a PNG may have."""

_PAGE = 600
_compiling = Lock()
"""A compiler serves one thread at a time."""


def svg(art: BadgeArt | OwnArt) -> bytes:
    """The badge as SVG in UTF-8: 600 x 600 units, text as outlines, nothing outside referred to.

    Raises RenderingError ``rendering.badge-text`` when a title is too long to be read.
    """
    return _vector(art).encode("utf-8")


def png(art: BadgeArt | OwnArt, size: int = 600) -> bytes:
    """The badge as PNG with transparent ground, `size` pixels a side (one of SIZES).

    Raises RenderingError ``rendering.badge-size``, and what `svg` raises.
    """
    if size not in SIZES:
        raise RenderingError(
            "rendering.badge-size",
            f"A badge cannot have {size} pixels a side",
            f"Ask for {SIZES.start} to {SIZES.stop - 1}",
        )
    if isinstance(art, OwnArt) and art.pixels:
        return smaller(resized(art, size), dither=True)
    return smaller(_raster(_vector(art), size), dither=isinstance(art, OwnArt))


def _vector(art: BadgeArt | OwnArt) -> str:
    if isinstance(art, BadgeArt):
        return draw(art)
    return art.vector or wrapped(art, _PAGE)


def _raster(text: str, size: int) -> bytes:
    try:
        with _compiling:
            made = _compiler().compile(format="png", ppi=72 * size / _PAGE, sys_inputs={"svg": text})
    except typst.TypstError as error:
        raise RenderingError("rendering.badge-failed", f"The badge could not be drawn: {error.message}") from None
    if not isinstance(made, bytes):
        raise RenderingError("rendering.badge-failed", "The badge needs more than one page")
    return made


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        str(HERE / "picture.typ"), root=str(HERE), font_paths=fonts.typst_fonts(), ignore_system_fonts=True
    )
