"""The four shapes of a badge. Each is an outline that can be inset exactly, so that rims run parallel to the edge."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from laurea.rendering.badge.geometry import SIDE, Point, at, circle, number, polar, polygon, rounded_polygon

_MIDDLE = SIDE / 2


@dataclass(frozen=True, slots=True)
class Shape:
    """`outline(inset)` is the edge moved inwards, `perimeter(inset)` its length. Inside it, a circle of `radius`
    around `centre` is clear for symbol, stars and laurel. The title's band has its middle at the height `band` and
    reaches `band_width` to both sides."""

    outline: Callable[[float], str]
    perimeter: Callable[[float], float]
    centre: Point
    radius: float
    band: float
    band_width: float
    pleated: bool = False


def _hexagon_perimeter(inset: float) -> float:
    side, rounding = 290 - inset / math.cos(math.pi / 6), max(34 - inset, 5)
    return 6 * side - rounding * (12 * math.tan(math.pi / 6) - 2 * math.pi)


def _hexagon(inset: float) -> str:
    radius = 290 - inset / math.cos(math.pi / 6)
    corners = [polar((_MIDDLE, _MIDDLE), radius, 60 * index) for index in range(6)]
    return rounded_polygon(corners, max(34 - inset, 5))


_SHIELD_HALF, _SHIELD_TOP, _SHIELD_TURN, _SHIELD_TIP = 240.0, 26.0, 292.0, 588.0
_SHIELD_ARCH = 1100.0


def _shield(inset: float) -> str:
    drop = _SHIELD_TIP - _SHIELD_TURN
    # The flank is an arc that leaves the straight side without a bend and meets its mirror image in the tip.
    flank = (_SHIELD_HALF**2 + drop**2) / (2 * _SHIELD_HALF)
    half, radius, arch = _SHIELD_HALF - inset, flank - inset, _SHIELD_ARCH - inset
    tip = _SHIELD_TURN + math.sqrt(radius**2 - (flank - _SHIELD_HALF) ** 2)
    shoulder = _SHIELD_TOP + _SHIELD_ARCH - math.sqrt(arch**2 - half**2)
    rounding, point = max(34 - inset, 5), max(16 - inset / 2, 4)
    inner = half - rounding
    ledge = _SHIELD_TOP + _SHIELD_ARCH - math.sqrt(arch**2 - inner**2)
    # Where the flanks stop for the rounded tip.
    end = tip - point
    aside = math.sqrt(radius**2 - (end - _SHIELD_TURN) ** 2) - (flank - _SHIELD_HALF)
    r, a = number(radius), number(arch)
    left, right = _MIDDLE - half, _MIDDLE + half
    return (
        f"M{at(_MIDDLE - inner, ledge)}A{a} {a} 0 0 1 {at(_MIDDLE + inner, ledge)}"
        f"Q{at(right, shoulder)} {at(right, shoulder + rounding)}V{number(_SHIELD_TURN)}"
        f"A{r} {r} 0 0 1 {at(_MIDDLE + aside, end)}Q{at(_MIDDLE, tip)} {at(_MIDDLE - aside, end)}"
        f"A{r} {r} 0 0 1 {at(left, _SHIELD_TURN)}V{number(shoulder + rounding)}"
        f"Q{at(left, shoulder)} {at(_MIDDLE - inner, ledge)}Z"
    )


def _shield_perimeter(inset: float) -> float:
    """Nearly: the small curves of shoulders and tip count as chords and a little."""
    drop = _SHIELD_TIP - _SHIELD_TURN
    flank = (_SHIELD_HALF**2 + drop**2) / (2 * _SHIELD_HALF)
    half, radius, arch = _SHIELD_HALF - inset, flank - inset, _SHIELD_ARCH - inset
    rounding, point = max(34 - inset, 5), max(16 - inset / 2, 4)
    shoulder = _SHIELD_TOP + _SHIELD_ARCH - math.sqrt(arch**2 - half**2)
    end = _SHIELD_TURN + math.sqrt(radius**2 - (flank - _SHIELD_HALF) ** 2) - point
    flanks = 2 * radius * math.asin((end - _SHIELD_TURN) / radius)
    top = 2 * arch * math.asin((half - rounding) / arch)
    return top + flanks + 2 * (_SHIELD_TURN - shoulder - rounding) + 2 * 1.62 * rounding + 2.2 * point


def _circle_perimeter(inset: float) -> float:
    return 2 * math.pi * (288 - inset)


def _circle(inset: float) -> str:
    return circle((_MIDDLE, _MIDDLE), 288 - inset)


ROSETTE_CENTRE: Point = (_MIDDLE, 256.0)
ROSETTE_RADIUS = 217.0
_LOBES = 20


def _rosette_perimeter(inset: float) -> float:
    return 2 * math.pi * (ROSETTE_RADIUS - inset)


def _rosette(inset: float) -> str:
    return circle(ROSETTE_CENTRE, ROSETTE_RADIUS - inset)


def pleats() -> tuple[str, str, str]:
    """The rosette's fabric: its scalloped edge, the folds in shadow, and the threads between the folds."""
    step = 360 / _LOBES
    start = polar(ROSETTE_CENTRE, 238, 0)
    edge = "M" + at(*start)
    for index in range(_LOBES):
        bulge = math.dist(start, polar(ROSETTE_CENTRE, 238, step)) * 0.56
        edge += f"A{number(bulge)} {number(bulge)} 0 0 1 {at(*polar(ROSETTE_CENTRE, 238, (index + 1) * step))}"
    folds, threads = [], []
    for index in range(_LOBES):
        middle = (index + 0.5) * step
        folds.append(
            polygon(
                (
                    polar(ROSETTE_CENTRE, 200, middle - step / 2),
                    polar(ROSETTE_CENTRE, 300, middle - step / 2),
                    polar(ROSETTE_CENTRE, 300, middle),
                    polar(ROSETTE_CENTRE, 200, middle),
                )
            )
        )
        ends = (at(*polar(ROSETTE_CENTRE, radius, middle - step / 2)) for radius in (200, 238))
        threads.append("M" + "L".join(ends))
    return edge + "Z", "".join(folds), "".join(threads)


def tails() -> tuple[tuple[str, str], ...]:
    """The two ribbon ends below a rosette, each with the half of it that lies in shadow."""
    pieces = []
    for side in (-1, 1):

        def point(x: float, y: float, side: int = side) -> Point:
            return _MIDDLE + side * x, y

        whole = (point(4, 380), point(62, 594), point(104, 552), point(164, 568), point(120, 400))
        shadow = (point(4, 380), point(62, 594), point(104, 552), point(62, 390))
        pieces.append((polygon(whole), polygon(shadow)))
    return tuple(pieces)


SHAPES: Mapping[str, Shape] = {
    "hexagon": Shape(_hexagon, _hexagon_perimeter, (_MIDDLE, 300.0), 205.0, band=478.0, band_width=286.0),
    "shield": Shape(_shield, _shield_perimeter, (_MIDDLE, 262.0), 198.0, band=432.0, band_width=282.0),
    "circle": Shape(_circle, _circle_perimeter, (_MIDDLE, 300.0), 240.0, band=480.0, band_width=292.0),
    "rosette": Shape(_rosette, _rosette_perimeter, ROSETTE_CENTRE, 163.0, band=398.0, band_width=272.0, pleated=True),
}
"""The shapes by name."""
