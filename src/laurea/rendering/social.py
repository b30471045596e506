"""The picture that a shared link shows: 1200 x 627 pixels, as LinkedIn and Open Graph previews take it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from threading import Lock

import typst

from laurea.credentials.errors import RenderingError
from laurea.rendering import badge, fonts
from laurea.rendering.badge import BadgeArt, OwnArt
from laurea.rendering.badge.geometry import polar, polygon
from laurea.rendering.badge.lettering import families
from laurea.rendering.palette import Colours, contrast, mix

SIZE = (1200, 627)
"""Pixels, width and height."""

LONGEST_NAME = 120

_HERE = Path(__file__).parent
_compiling = Lock()
"""A compiler serves one thread at a time."""
_VERIFIED = {"en": "Verified credential", "de": "Geprüfter Nachweis"}
_MARK_COLOUR = "#1f5c46"
_CLEAR = 8.5
_RAYS = [index * 6.4286 for index in range(56)]
_BADGE, _BADGE_BESIDE_HOLDER = 300, 276


def picture(
    art: BadgeArt | OwnArt,
    *,
    achievement: str,
    issuer: str,
    holder: str = "",
    colours: Colours | None = None,
    language: str = "en",
    verified: str | None = None,
) -> bytes:
    """The picture as PNG: badge, achievement and issuer, in the issuer's colours.

    The holder's name is shown only where it is handed over: a preview travels further than its page. `colours` are
    those of the badge unless given; `verified` replaces the line at the bottom, which else is in German or English by
    `language`. It says that a credential can be trusted: show the picture only while it is valid.

    Raises RenderingError: ``rendering.missing-character``, ``rendering.social-text`` for a name that has no room.
    """
    verified = verified or _VERIFIED.get(language.partition("-")[0], _VERIFIED["en"])
    for where, text in (("Achievement", achievement), ("Issuer", issuer), ("Name", holder), ("Text", verified)):
        if len(text) > LONGEST_NAME:
            raise RenderingError(
                "rendering.social-text",
                f"{where}: {len(text)} characters do not fit on a social picture",
                f"Give at most {LONGEST_NAME}",
            )
        fonts.require_characters(text, where)
    primary = (colours or (art.colours if isinstance(art, BadgeArt) else Colours())).primary
    ground = _ground_colour(primary)
    side = _BADGE_BESIDE_HOLDER if holder else _BADGE
    han = fonts.han_style(achievement + holder, language)
    asked = {
        "achievement": achievement,
        "issuer": issuer,
        "holder": holder,
        "verified": verified,
        "language": language.partition("-")[0],
        "right_to_left": fonts.right_to_left(achievement),
        "badge": side,
        "alt": badge.alternative_text(art) if isinstance(art, BadgeArt) else art.alt,
        "colours": {"ground": ground, "text": "#ffffff", "quiet": mix("#ffffff", ground, 0.22)},
        "serif": families("Source Serif 4", han),
        "sans": families("Inter", fonts.han_style(issuer, language)),
    }
    inputs = {
        "asked": json.dumps(asked, ensure_ascii=False),
        "badge": badge.svg(art).decode("utf-8"),
        "ground": _ground(ground, side),
        "mark": _mark(mix("#ffffff", ground, 0.12)),
    }
    try:
        with _compiling:
            made = _compiler().compile(format="png", ppi=72, sys_inputs=inputs)
    except typst.TypstError as error:
        raise RenderingError(
            "rendering.social-failed", f"The social picture could not be drawn: {error.message}"
        ) from None
    if not isinstance(made, bytes):
        raise RenderingError("rendering.social-failed", "The social picture needs more than one page")
    return made


def _ground_colour(primary: str) -> str:
    """The issuer's colour, as dark as white text needs it."""
    for share in (0.4, 0.5, 0.6, 0.7, 0.8):
        ground = mix(primary, "#000000", share)
        if contrast("#ffffff", ground) >= _CLEAR:
            return ground
    return ground


def _ground(colour: str, side: int) -> str:
    """Rays behind the badge, as on its own field, fading towards the edges."""
    width, height = SIZE
    x, y = width / 2, 30 + side / 2
    corners = ((side * 0.3, -1.6), (800.0, -1.6), (800.0, 1.6), (side * 0.3, 1.6))
    rays = "".join(polygon(polar((x, y), far, turn + aside) for far, aside in corners) for turn in _RAYS)
    field = [(0.0, mix(colour, "#ffffff", 0.12), 1.0), (1.0, mix(colour, "#000000", 0.16), 1.0)]
    shine = [(0.0, "#ffffff", 0.09), (1.0, "#ffffff", 0.0)]

    def gradient(name: str, radius: int, stops: list[tuple[float, str, float]]) -> str:
        inner = "".join(f'<stop offset="{o}" stop-color="{c}" stop-opacity="{a}"/>' for o, c, a in stops)
        place = f'gradientUnits="userSpaceOnUse" cx="{x}" cy="{y}" r="{radius}"'
        return f'<radialGradient id="{name}" {place}>{inner}</radialGradient>'

    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<defs>{gradient('field', 640, field)}{gradient('shine', 540, shine)}</defs>"
        f'<path fill="url(#field)" d="M0 0H{width}V{height}H0Z"/><path fill="url(#shine)" d="{rays}"/></svg>'
    )


@cache
def _mark(colour: str) -> str:
    text = (_HERE / "mark.svg").read_text("utf-8")
    return text.replace(_MARK_COLOUR, colour)


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        str(_HERE / "social.typ"), root=str(_HERE), font_paths=fonts.typst_fonts(), ignore_system_fonts=True
    )
