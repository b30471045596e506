"""The badge itself: a struck medal. Gold rim, groove, enamel field over engraved rays, symbol, stars, laurel, band."""

from __future__ import annotations

import math

from laurea.rendering.badge.art import BadgeArt, alternative_text
from laurea.rendering.badge.band import band
from laurea.rendering.badge.frame import framed
from laurea.rendering.badge.geometry import at, circle, leaf, number, polar, polygon, star
from laurea.rendering.badge.icons import GRID, icon_paths
from laurea.rendering.badge.lettering import outlines
from laurea.rendering.badge.levels import LEVELS, Level
from laurea.rendering.badge.paint import Paint, paint_of
from laurea.rendering.badge.shapes import SHAPES, Shape, pleats, tails
from laurea.rendering.palette import mix

_GOLD = ("#fbeeb8", "#dcb75c", "#b58631", "#e8cc84", "#8f641d")
_GOLD_EDGE = "#7d5617"
_RIM, _LIP, _GROOVE = 15.0, 6.0, 8.0
_RAYS = 60


def draw(art: BadgeArt) -> str:
    """The badge as an SVG of 600 x 600 that stands on its own: text as outlines, nothing referred to outside."""
    shape, level = SHAPES[art.shape], LEVELS[art.level]
    paint = paint_of(art)
    body = [_ground(paint) if shape.pleated else "", _rim(shape, level, paint), _field(shape, level, paint)]
    if level.laurel:
        body.append(_laurel(shape, level, paint, banded=bool(art.title or art.issuer)))
    body += [_stars(shape, level, paint), _symbol(art, shape, paint), band(art, shape, paint)]
    return framed(f"<defs>{_definitions(shape, level, paint)}</defs>{''.join(body)}", alternative_text(art))


def _definitions(shape: Shape, level: Level, paint: Paint) -> str:
    def gradient(name: str, line: tuple[int, int, int, int], *stops: tuple[float, str]) -> str:
        ends = "".join(f' {key}="{value}"' for key, value in zip(("x1", "y1", "x2", "y2"), line, strict=True))
        inner = "".join(f'<stop offset="{number(offset)}" stop-color="{colour}"/>' for offset, colour in stops)
        return f'<linearGradient id="{paint.key}-{name}" gradientUnits="userSpaceOnUse"{ends}>{inner}</linearGradient>'

    bright, gold, deep, warm, shade = _GOLD
    return (
        gradient("gold", (90, 40, 510, 560), (0, bright), (0.32, gold), (0.58, deep), (0.76, warm), (1, shade))
        + gradient("lip", (90, 40, 510, 560), (0, shade), (0.4, deep), (0.7, gold), (1, bright))
        + gradient("field", (240, 20, 360, 580), (0, paint.light), (0.45, paint.field), (1, paint.dark))
        + f'<clipPath id="{paint.key}-clip"><path d="{shape.outline(_inner(level))}"/></clipPath>'
    )


def _ground(paint: Paint) -> str:
    """Behind a rosette's medal: two ribbon ends, and pleated fabric."""
    cloth, shadow = mix(paint.field, "#000000", 0.12), mix(paint.field, "#000000", 0.34)
    parts = [
        f'<path fill="{mix(cloth, "#000000", 0.1)}" d="{whole}"/><path fill="{shadow}" d="{half}"/>'
        for whole, half in tails()
    ]
    edge, folds, threads = pleats()
    parts.append(
        f'<clipPath id="{paint.key}-cloth"><path d="{edge}"/></clipPath><path fill="{cloth}" d="{edge}"/>'
        f'<path fill="{shadow}" clip-path="url(#{paint.key}-cloth)" d="{folds}"/>'
    )
    parts.append(f'<path fill="none" stroke="{paint.groove}" stroke-width="1.6" d="{threads}"/>')
    return "".join(parts)


def _inner(level: Level) -> float:
    """How far the field lies inside the edge."""
    return _RIM + _LIP + _GROOVE + {1: 0.0, 2: 9.0, 3: 22.0}[level.rings]


def _rim(shape: Shape, level: Level, paint: Paint) -> str:
    gold, lip = paint.gradient("gold"), paint.gradient("lip")
    inset = _RIM + _LIP
    parts = [
        f'<path fill="{_GOLD_EDGE}" d="{shape.outline(0)}"/>',
        f'<path fill="{gold}" d="{shape.outline(1.6)}"/>',
        f'<path fill="{lip}" d="{shape.outline(_RIM)}"/>',
        f'<path fill="{paint.groove}" d="{shape.outline(inset)}"/>',
    ]
    if level.rings == 3:
        # Beads, as on the edge of a coin: dots of a dashed line with round ends.
        length, path = shape.perimeter(inset + 9.5), shape.outline(inset + 9.5)
        dashes = f'stroke-linecap="round" stroke-dasharray="0 {length / round(length / 13.2):.4f}"'
        parts.append(f'<path fill="none" stroke="{gold}" stroke-width="7.6" {dashes} d="{path}"/>')
    if level.rings >= 2:
        ring = _inner(level) - 4.4
        parts.append(f'<path fill="{gold}" d="{shape.outline(ring)}"/>')
    return "".join(parts)


def _field(shape: Shape, level: Level, paint: Paint) -> str:
    edge = shape.outline(_inner(level))
    rays = []
    for index in range(_RAYS):
        turn, half = index * 360 / _RAYS, 360 / _RAYS / 4
        rays.append(_ray(shape, turn, half))
    rings = "".join(circle(shape.centre, shape.radius * share) for share in (0.985, 0.955))
    return (
        f'<path fill="{paint.gradient("field")}" d="{edge}"/>'
        f'<g clip-path="url(#{paint.key}-clip)">'
        f'<path fill="{paint.symbol}" fill-opacity="0.055" d="{"".join(rays)}"/>'
        f'<path fill="none" stroke="{paint.groove}" stroke-opacity="0.35" stroke-width="5" d="{edge}"/></g>'
        f'<path fill="none" stroke="{paint.symbol}" stroke-opacity="0.16" stroke-width="1.4" d="{rings}"/>'
    )


def _ray(shape: Shape, turn: float, half: float) -> str:
    near, far = 116 * shape.radius / 200, 400
    return polygon(
        polar(shape.centre, distance, turn + aside)
        for distance, aside in ((near, -half), (far, -half), (far, half), (near, half))
    )


def _stars(shape: Shape, level: Level, paint: Paint) -> str:
    unit = shape.radius / 200
    step = 21.5
    turns = [(index - (level.stars - 1) / 2) * step for index in range(level.stars)]
    stars = "".join(star(polar(shape.centre, 157 * unit, turn), 29 * unit, turn) for turn in turns)
    return _struck(f'<path d="{stars}"/>', paint.symbol, paint)


def _laurel(shape: Shape, level: Level, paint: Paint, *, banded: bool) -> str:
    """Two branches that rise from the bottom; the higher the level, the further."""
    unit, radius = shape.radius / 200, 158 * shape.radius / 200
    start = 33 if banded else 10
    stems, leaves = [], []
    for side in (-1, 1):
        first, last = 180 - side * start, 180 - side * level.laurel
        sweep = 1 if side < 0 else 0
        stems.append(
            f"M{at(*polar(shape.centre, radius, first))}A{number(radius)} {number(radius)} 0 0 {sweep} "
            f"{at(*polar(shape.centre, radius, last))}"
        )
        count = round((level.laurel - start) / 11.5)
        for index in range(count + 1):
            turn = 180 - side * (start + index * (level.laurel - start) / count)
            base = polar(shape.centre, radius, turn)
            forward = turn - side * 90
            if index == count:
                leaves.append(leaf(base, forward, 46 * unit, 19 * unit))
                continue
            size = 1 - 0.18 * index / count
            leaves.append(leaf(base, forward - side * 34, 44 * unit * size, 19 * unit * size))
            leaves.append(leaf(base, forward + side * 34, 44 * unit * size, 19 * unit * size))
    stem = f'<path fill="none" stroke="{paint.quiet}" stroke-width="{number(3.6 * unit)}" d="{"".join(stems)}"/>'
    return stem + f'<path fill="{paint.quiet}" d="{"".join(leaves)}"/>'


def _symbol(art: BadgeArt, shape: Shape, paint: Paint) -> str:
    unit = shape.radius / 200
    if art.monogram is None:
        side = 206 * unit
        corner = (shape.centre[0] - side / 2, shape.centre[1] - side / 2)
        inner = icon_paths(art.icon or "star").replace("currentColor", "COLOUR")
        body = (
            f'<g transform="translate({at(*corner)}) scale({side / GRID:.4f})" fill="none" stroke="COLOUR"'
            f' stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">{inner}</g>'
        )
        below = body.replace("COLOUR", paint.groove)
        return f'<g opacity="0.3" transform="translate(0 4)">{below}</g>{body.replace("COLOUR", paint.symbol)}'
    letters = outlines(art.monogram, family="Source Serif 4", weight=600, edge="bounds", language=art.language)
    # The laurel leaves a circle free; one letter alone need not fill it.
    scale = min(232 * unit / math.hypot(letters.width, letters.height), 146 * unit / letters.height)
    below = letters.placed((shape.centre[0], shape.centre[1] + 4), scale, paint.groove)
    return f'<g opacity="0.3">{below}</g>{letters.placed(shape.centre, scale, paint.symbol)}'


def _struck(elements: str, colour: str, paint: Paint) -> str:
    """Elements with the thin shadow of something that stands a little above the field."""
    shadow = f'<g fill="{paint.groove}" opacity="0.3" transform="translate(0 3)">{elements}</g>'
    return f'{shadow}<g fill="{colour}">{elements}</g>'
