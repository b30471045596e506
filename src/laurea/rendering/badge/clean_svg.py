"""An SVG from outside, written anew: known drawing elements only, nothing that acts, fetches or multiplies."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from laurea.credentials.errors import RenderingError
from laurea.rendering.badge.frame import framed
from laurea.rendering.badge.geometry import SIDE

MAX_ELEMENTS = 5_000
MAX_DEPTH = 64
MAX_PICTURES = 4
MAX_ATTRIBUTES = 100
"""On one element: whatever draws it compares each with all others."""
MAX_WORK = 30_000
"""Elements to draw at most once all references are followed. What needs a layer of its own counts as _LAYER of them,
and _OUTLINE characters of a path count as one more."""

_LAYER, _OUTLINE = 60, 20
_SVG = "http://www.w3.org/2000/svg"
_XLINK_HREF = "http://www.w3.org/1999/xlink href"
_SHAPES = frozenset(("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image"))
_GROUPS = frozenset(("svg", "g", "defs", "symbol", "use", "switch", "clipPath", "mask"))
_PAINTS = frozenset(("pattern", "linearGradient", "radialGradient", "stop", "style"))
_DRAWN = _SHAPES | _GROUPS | _PAINTS
_LEFT_OUT = frozenset(("metadata", "title", "desc", "view"))
_HINTS = {
    "text": "Convert text to paths in your drawing program",
    "filter": "Flatten effects such as shadows in your drawing program",
    "marker": "Convert arrow heads to paths in your drawing program",
}
_HINT = "Keep shapes, paths, gradients and embedded pictures only"
_FORBIDDEN_STYLE = re.compile(r"@|\\|javascript:|expression\s*\(|\bfilter\s*:|/\*|<", re.IGNORECASE)
_OUTSIDE = re.compile(r"url\(\s*[\"']?(?!\s*#)", re.IGNORECASE)
_LOCAL = re.compile(r"url\(\s*[\"']?\s*#([^\"')\s]+)", re.IGNORECASE)
_LAYERED = re.compile(r"opacity|mask|clip|blend|isolation|url\(", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)

Embedded = Callable[[str], str]


@dataclass(slots=True)
class _Seen:
    """What has been read: the `parts` written so far, and for every id the work and references below it."""

    embedded: Embedded
    side: float | None = None
    size: tuple[float, float] = (0.0, 0.0)
    parts: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    skipped: int = 0
    pictures: int = 0
    elements: int = 0
    styles: list[str] = field(default_factory=list)
    work: dict[str, int] = field(default_factory=dict)
    references: dict[str, list[str]] = field(default_factory=dict)


def cleaned(data: bytes, alt: str, embedded: Embedded) -> str:
    """The drawing in `data` on a square of 600 x 600, with `alt` as its title; `embedded` cleans pictures inside it.

    Raises RenderingError ``rendering.badge-image``.
    """
    return framed("".join(_read(data, _Seen(embedded, float(SIDE))).parts), alt)


def drawing(data: bytes, embedded: Embedded) -> tuple[str, float, float]:
    """The drawing in `data` as an SVG in its own proportions, with its width and height. Raises as `cleaned` does."""
    seen = _read(data, _Seen(embedded))
    width, height = seen.size
    root = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    return f'<svg xmlns="{_SVG}" {root}>{"".join(seen.parts)}</svg>', width, height


def _read(data: bytes, seen: _Seen) -> _Seen:
    """What is kept of the drawing in `data`, written into `seen`."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: _start(seen, name, attributes)
    parser.EndElementHandler = lambda name: _end(seen)
    parser.CharacterDataHandler = lambda text: _text(seen, text)
    parser.EntityDeclHandler = lambda *_: _refuse("declares entities", "Save it without a DOCTYPE")
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError):
        _refuse("is an SVG that cannot be read", "Save it anew as plain SVG")
    _bound(seen)
    return seen


def _start(seen: _Seen, qualified: str, attributes: dict[str, str]) -> None:
    namespace, _, name = qualified.rpartition(" ")
    if not seen.open and (namespace, name) != (_SVG, "svg"):
        _refuse("is no SVG", "Use an SVG, PNG or JPEG file")
    if seen.skipped or namespace != _SVG or name in _LEFT_OUT:
        seen.skipped += 1
        if seen.skipped + len(seen.open) > MAX_DEPTH:
            _refuse(f"is nested deeper than {MAX_DEPTH} levels")
        return
    seen.elements += 1
    if name not in _DRAWN:
        _refuse(f"is an SVG with <{name[:40]}>", _HINTS.get(name, _HINT))
    if len(seen.open) >= MAX_DEPTH:
        _refuse(f"is nested deeper than {MAX_DEPTH} levels")
    if seen.elements > MAX_ELEMENTS:
        _refuse(f"is an SVG with more than {MAX_ELEMENTS} elements", "Simplify it in your drawing program")
    if len(attributes) > MAX_ATTRIBUTES:
        _refuse(f"is an SVG with more than {MAX_ATTRIBUTES} attributes on one element", "Save it anew as plain SVG")
    kept = _placed(seen, attributes) if not seen.open else {}
    for key, value in attributes.items():
        kept |= _attribute(seen, name, key, value) if not (not seen.open and key in _PLACING) else {}
    _count(seen, name, kept)
    written = "".join(f" {key}={quoteattr(value)}" for key, value in kept.items())
    seen.parts.append(f"<{name}{written}>")
    seen.open.append(name)


_PLACING = ("width", "height", "viewBox", "x", "y", "preserveAspectRatio")


def _placed(seen: _Seen, attributes: dict[str, str]) -> dict[str, str]:
    """The outermost element's place: all of it, in the middle of the square, or in its own proportions."""
    box = [float(number) for number in _NUMBER.findall(attributes.get("viewBox", ""))]
    if len(box) != 4:
        sides = [_NUMBER.match(attributes.get(key, "").strip()) for key in ("width", "height")]
        box = [0.0, 0.0, *(float(side[0]) if side else 0.0 for side in sides)]
    if not (0 < box[2] < 1e7 and 0 < box[3] < 1e7 and abs(box[0]) < 1e7 and abs(box[1]) < 1e7):
        _refuse("is an SVG without a size", "Give its <svg> a viewBox")
    seen.size = (seen.side or box[2], seen.side or box[3])
    width, height = (f"{side:g}" for side in seen.size)
    return {"width": width, "height": height, "viewBox": " ".join(f"{number:g}" for number in box)}


def _attribute(seen: _Seen, element: str, key: str, value: str) -> dict[str, str]:
    """What becomes of one attribute: itself, or nothing."""
    if key in ("href", _XLINK_HREF):
        if element == "image":
            seen.pictures += 1
            if seen.pictures > MAX_PICTURES:
                _refuse(f"is an SVG with more than {MAX_PICTURES} pictures inside", "Merge them into one")
            return {"href": seen.embedded(value)}
        if not value.strip().startswith("#"):
            _refuse("is an SVG that refers to something outside itself", _HINT)
        return {"href": value.strip()}
    if " " in key or key.lower().startswith("on"):
        return {}
    if key == "filter" and value.strip() != "none":
        _refuse("is an SVG with effects", _HINTS["filter"])
    _check_style(value if key == "style" else "", value)
    return {key: value}


def _check_style(style: str, value: str) -> None:
    found = _FORBIDDEN_STYLE.search(style) or _OUTSIDE.search(value)
    if found:
        _refuse(f"is an SVG with “{found[0]}” in its style", _HINT)


def _count(seen: _Seen, name: str, kept: dict[str, str]) -> None:
    """Book the work of one element, and its references, with all ids that it lies under."""
    if kept.get("id"):
        if kept["id"] in seen.work:
            _refuse("is an SVG that uses one id twice", "Save it anew as plain SVG")
        seen.work[kept["id"]] = 0
        seen.references[kept["id"]] = []
    seen.ids.append(kept.get("id", ""))
    values = [f"{key}:{value}" for key, value in kept.items() if key not in ("d", "points", "href", "id")]
    outline = sum(len(kept.get(key, "")) for key in ("d", "points"))
    work = (_LAYER if name == "image" else 1) + outline // _OUTLINE
    work += _LAYER * sum(1 for value in values if _LAYERED.search(value) and not value.endswith(":1"))
    references = [found for value in values for found in _LOCAL.findall(value)]
    if name != "image" and "href" in kept:
        references.append(kept["href"][1:])
    for above in ("", *filter(None, seen.ids)):
        seen.work[above] = seen.work.get(above, 0) + work
        seen.references.setdefault(above, []).extend(references)


def _end(seen: _Seen) -> None:
    if seen.skipped:
        seen.skipped -= 1
        return
    seen.parts.append(f"</{seen.open.pop()}>")
    seen.ids.pop()


def _text(seen: _Seen, text: str) -> None:
    if seen.skipped or not seen.open or seen.open[-1] != "style":
        return
    seen.parts.append(escape(text))
    seen.styles.append(text)


def _bound(seen: _Seen) -> None:
    """Refuse what grows without end, or beyond MAX_WORK, when references are followed."""
    style = "".join(seen.styles)
    _check_style(style, style)
    layered = 1 + _LAYER if _LAYERED.search(style) else 1
    references = _LOCAL.findall(style)
    known: dict[str, int] = {}

    def work(name: str, path: frozenset[str]) -> int:
        if name in path or len(path) > MAX_DEPTH:
            _refuse("is an SVG that refers to itself", _HINT)
        if name not in known:
            total = seen.work.get(name, 0)
            for other in seen.references.get(name, []):
                total += work(other, path | {name}) if other in seen.work else 0
                if total > MAX_WORK:
                    break
            known[name] = total
        return known[name]

    from_style = max((work(name, frozenset()) for name in references), default=0)
    if work("", frozenset()) + seen.elements * (layered - 1 + from_style) > MAX_WORK:
        _refuse("is an SVG that takes too much work to draw", "Simplify it in your drawing program")


def _refuse(what: str, hint: str = _HINT) -> NoReturn:
    raise RenderingError("rendering.badge-image", f"The picture {what}", hint)
