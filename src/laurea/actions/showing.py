"""Showing: the pictures on pages that strangers see. Each is made when it is first asked for, and kept in the storage.

A place is named after all that decides what the picture shows, so nothing kept can be out of date, and everything kept
may be deleted.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache

from laurea import __version__
from laurea.actions import addresses, appearances, freezing, storing, workshop
from laurea.actions.storing import StoringError
from laurea.credentials.document import parse
from laurea.records.models import Achievement, Credential, Issuer
from laurea.rendering import badge, social
from laurea.rendering.badge import BadgeArt, OwnArt
from laurea.rendering.design import ORIENTATIONS, PAPERS
from laurea.rendering.palette import INK, PAPER, Colours, mix, readable, text_on

CERTIFICATE_WIDTH = 1400
BADGE_SIZE = 512
_FOLDER = "shown"
_PAPERS = {"a4": (210.0, 297.0), "us-letter": (215.9, 279.4)}
"""Millimetres."""
_LIGHT = "#eef2ef"
_DARK = "#2c3832"
_DARKEST = "#16211c"
"""The grounds of theme.css on which text reads worst, and the darkest one."""
_drawing = threading.Lock()


def certificate(credential: Credential) -> bytes:
    """The certificate as PNG, CERTIFICATE_WIDTH pixels wide. Needs achievement, issuer and design version loaded.

    Raises `LaureaError` for what cannot be drawn.
    """
    about = (hashlib.sha256(credential.text.encode()).hexdigest(), credential.design_version_id, credential.code)
    return _kept("certificate", about, lambda: _certificate(credential))


def certificate_size(credential: Credential) -> tuple[int, int]:
    """The pixels of the certificate's picture, width and height, without drawing it."""
    chosen = credential.design_version.adjustments
    short, long = _PAPERS.get(chosen.get("paper") or PAPERS[0], _PAPERS["a4"])
    portrait = (chosen.get("orientation") or ORIENTATIONS[0]) == "portrait"
    return CERTIFICATE_WIDTH, round(CERTIFICATE_WIDTH * (long / short if portrait else short / long))


def badge_png(achievement: Achievement) -> bytes:
    """The badge as PNG, BADGE_SIZE pixels a side, without a credential in it."""
    art = appearances.badge_art(achievement)
    return _kept("badge", (repr(art),), lambda: badge.png(art, BADGE_SIZE))


def badge_svg(achievement: Achievement) -> bytes:
    """The badge as SVG, without a credential in it."""
    return _badge_svg(appearances.badge_art(achievement))


def social_picture(achievement: Achievement) -> bytes:
    """What a shared link shows: badge, achievement and issuer; never the holder. 1200 x 627 pixels, PNG."""
    art = appearances.badge_art(achievement)
    issuer = achievement.issuer
    colours = Colours(issuer.primary_colour, issuer.secondary_colour or None)
    about = (repr(art), achievement.name, issuer.name, json.dumps(asdict(colours)), achievement.language)
    return _kept(
        "social",
        about,
        lambda: social.picture(
            art,
            achievement=_fitting(achievement.name),
            issuer=_fitting(issuer.name),
            colours=colours,
            language=achievement.language,
        ),
    )


@lru_cache(64)
def brand_css(primary: str) -> str:
    """An issuer's colour as the custom properties that lead its pages, each fit to read on every ground it meets.

    `--brand` is the colour itself, for bands and rules; the others are the shades of it that text and buttons need.
    """
    tint, dim = mix(primary, PAPER, 0.9), mix(primary, _DARKEST, 0.78)
    light = readable(primary, _LIGHT)
    dark = readable(readable(primary, _DARK), INK)
    strong, bright = readable(mix(light, "#000000", 0.25), tint), readable(mix(dark, "#ffffff", 0.3), dim)
    values = {
        "--laurel": f"light-dark({light}, {dark})",
        "--laurel-strong": f"light-dark({strong}, {bright})",
        "--laurel-fg": f"light-dark({PAPER}, {INK})",
        "--laurel-tint": f"light-dark({tint}, {dim})",
        "--brand": primary,
        "--brand-fg": text_on(primary),
    }
    return ":root,[data-bs-theme]{" + ";".join(f"{name}:{value}" for name, value in values.items()) + "}\n"


def brand_version(issuer: Issuer) -> str:
    """What the address of `brand_css` carries, so that browsers may keep it for ever."""
    return hashlib.sha256(brand_css(issuer.primary_colour).encode()).hexdigest()[:12]


def badge_version(achievement: Achievement) -> str:
    """What the address of the badge carries; another one when the badge may look different."""
    said = f"{__version__} {achievement.changed.isoformat()} {achievement.issuer.primary_colour}"
    return hashlib.sha256(f"{said} {achievement.issuer.secondary_colour}".encode()).hexdigest()[:12]


def _certificate(credential: Credential) -> bytes:
    address = addresses.credential(credential.code) if addresses.lasting() else None
    with _drawing:  # one at a time: pages share the process with everybody else's
        press = workshop.press(freezing.as_confirmed(credential.batch), credential.design_version)
        return press.renderer.picture(
            parse(credential.text), code=credential.code, address=address, width=CERTIFICATE_WIDTH
        )


def _kept(kind: str, about: tuple[object, ...], make: Callable[[], bytes]) -> bytes:
    """What the storage holds, else what `make` makes, which is put there; trouble of the storage is no trouble here."""
    said = json.dumps([__version__, *map(str, about)])
    name = f"{_FOLDER}/{kind}/{hashlib.sha256(said.encode()).hexdigest()}.png"
    try:
        return storing.get(name)
    except StoringError:
        made = make()
    with contextlib.suppress(StoringError):
        storing.put(name, made)
    return made


@lru_cache(64)
def _badge_svg(art: BadgeArt | OwnArt) -> bytes:
    return badge.svg(art)


def _fitting(text: str) -> str:
    longest = social.LONGEST_NAME
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
