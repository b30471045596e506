"""Numbers and small paths: what shapes, wreath and stars are drawn with. Units are those of a canvas of 600 x 600."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

SIDE = 600

Point = tuple[float, float]


def number(value: float) -> str:
    """A coordinate with at most two decimals and without a trailing zero, the same on every machine."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def at(x: float, y: float) -> str:
    """A point as path data."""
    return f"{number(x)} {number(y)}"


def polar(centre: Point, radius: float, degrees: float) -> Point:
    """The point `degrees` clockwise from straight up."""
    angle = math.radians(degrees)
    return centre[0] + radius * math.sin(angle), centre[1] - radius * math.cos(angle)


def polygon(points: Iterable[Point]) -> str:
    """A closed path through `points`."""
    return "M" + "L".join(at(*point) for point in points) + "Z"


def rounded_polygon(points: Sequence[Point], radius: float) -> str:
    """A closed path through `points` whose corners are arcs of `radius`."""
    parts: list[str] = []
    for index, corner in enumerate(points):
        before, after = points[index - 1], points[(index + 1) % len(points)]
        angle = _angle(before, corner, after)
        reach = radius / math.tan(angle / 2)
        start, end = _towards(corner, before, reach), _towards(corner, after, reach)
        parts.append(f"{'L' if parts else 'M'}{at(*start)}A{number(radius)} {number(radius)} 0 0 1 {at(*end)}")
    return "".join(parts) + "Z"


def circle(centre: Point, radius: float) -> str:
    """A circle as a closed path."""
    x, y, r = centre[0], centre[1], number(radius)
    return f"M{at(x, y - radius)}A{r} {r} 0 1 1 {at(x, y + radius)}A{r} {r} 0 1 1 {at(x, y - radius)}Z"


def star(centre: Point, radius: float, turn: float = 0) -> str:
    """A five-pointed star, one point `turn` degrees clockwise from straight up."""
    return polygon(polar(centre, radius if index % 2 == 0 else radius * 0.44, turn + index * 36) for index in range(10))


def leaf(base: Point, degrees: float, length: float, width: float) -> str:
    """A laurel leaf that grows from `base` in the direction `degrees` and ends in a point."""
    angle = math.radians(degrees)
    along, across = (math.sin(angle), -math.cos(angle)), (math.cos(angle), math.sin(angle))

    def point(share: float, aside: float) -> str:
        return at(
            base[0] + along[0] * length * share + across[0] * width * aside,
            base[1] + along[1] * length * share + across[1] * width * aside,
        )

    there = f"C{point(0.18, 0.62)} {point(0.66, 0.66)} {point(1, 0)}"
    back = f"C{point(0.66, -0.66)} {point(0.18, -0.62)} {point(0, 0)}"
    return f"M{point(0, 0)}{there}{back}Z"


def _towards(start: Point, goal: Point, distance: float) -> Point:
    share = distance / math.dist(start, goal)
    return start[0] + (goal[0] - start[0]) * share, start[1] + (goal[1] - start[1]) * share


def _angle(before: Point, corner: Point, after: Point) -> float:
    one = math.atan2(before[1] - corner[1], before[0] - corner[0])
    other = math.atan2(after[1] - corner[1], after[0] - corner[0])
    angle = abs(one - other)
    return min(angle, 2 * math.pi - angle)
