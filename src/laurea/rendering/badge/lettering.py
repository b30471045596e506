"""Text as outlines, so that a badge looks the same wherever it is shown. Typst shapes it, in any script."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal

import typst

from laurea.credentials.errors import RenderingError
from laurea.rendering import fonts
from laurea.rendering.badge.geometry import number

HERE = Path(__file__).parent
_SCRIPTS = ("Noto Naskh Arabic", "Noto Serif Hebrew", "Noto Sans Devanagari", "Noto Sans Thai")
_HAN = {
    "sc": ("Noto Sans SC", "Noto Sans JP", "Noto Sans KR", "Noto Serif SC", "Noto Serif JP"),
    "jp": ("Noto Sans JP", "Noto Sans SC", "Noto Sans KR", "Noto Serif JP", "Noto Serif SC"),
    "kr": ("Noto Sans KR", "Noto Sans SC", "Noto Sans JP", "Noto Serif SC", "Noto Serif JP"),
}
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_SYMBOL = re.compile(r'<symbol id="(\w+)"[^>]*><path d="([^"]*)"/></symbol>')
_RUN = re.compile(r'<g transform="matrix\(([^)]*)\)">((?:<use [^>]*/>)+)</g>')
_DECIMALS = re.compile(r"-?\d+\.\d{4,}")
_USE = re.compile(r'<use xlink:href="#(\w+)" x="([-\d.e]+)" y="([-\d.e]+)"')


_compiling = Lock()
"""A compiler serves one thread at a time."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """The glyphs of a line set in 100 units a em: SVG elements without colour, from (0, 0) to (width, height)."""

    elements: str
    width: float
    height: float

    def placed(self, centre: tuple[float, float], scale: float, colour: str) -> str:
        """The line in `colour`, scaled, its middle at `centre`."""
        x, y = centre[0] - self.width * scale / 2, centre[1] - self.height * scale / 2
        move = f"translate({number(x)} {number(y)}) scale({scale:.4f})"
        return f'<g fill="{colour}" transform="{move}">{self.elements}</g>'


@cache
def outlines(
    text: str,
    *,
    family: str,
    weight: int,
    edge: Literal["bounds", "cap-height"] = "cap-height",
    tracking: float = 0.0,
    language: str = "en",
) -> Outlines:
    """The outlines of `text`, its height from the baseline to the capitals' height, or (``bounds``) that of its ink.

    Raises RenderingError ``rendering.no-fonts``.
    """
    asked = {
        "text": text,
        "fonts": families(family, fonts.han_style(text, language)),
        "weight": weight,
        "edge": edge,
        "tracking": tracking,
        "language": language.partition("-")[0],
    }
    try:
        with _compiling:
            made = _compiler().compile(format="svg", sys_inputs={"asked": json.dumps(asked, ensure_ascii=False)})
    except typst.TypstError as error:
        raise RenderingError("rendering.badge-text", f"“{text}” could not be set: {error.message}") from None
    if not isinstance(made, bytes):
        raise RenderingError("rendering.badge-text", f"“{text}” does not fit on one line", "Shorten it")
    return _taken_from(made.decode("utf-8"))


def families(first: str, han: str) -> list[str]:
    """Font families that begin with `first` and cover every packaged script; `han` is one of `fonts.han_style`."""
    return [first, "Inter" if first != "Inter" else "Source Serif 4", *_SCRIPTS, *_HAN[han]]


def _taken_from(svg: str) -> Outlines:
    glyphs = dict(_SYMBOL.findall(svg))
    elements = []
    for matrix, uses in _RUN.findall(svg):
        paths = []
        for glyph, x, y in _USE.findall(uses):
            if glyphs[glyph].strip():
                move = "" if float(x) == float(y) == 0 else f' transform="translate({x} {y})"'
                paths.append(f'<path{move} d="{_shortened(glyphs[glyph].strip())}"/>')
        elements.append(f'<g transform="matrix({matrix})">{"".join(paths)}</g>')
    box = _BOX.search(svg)
    # Blanks alone have no size; one unit keeps what is scaled by it finite.
    width, height = (max(float(side), 1.0) for side in box.groups()) if box else (1.0, 1.0)
    return Outlines("".join(elements), width, height)


def _shortened(path: str) -> str:
    """Path data with three decimals, thousandths of a hundredth of an em: more of them only make every PDF larger."""
    return _DECIMALS.sub(lambda found: f"{float(found[0]):.3f}".rstrip("0").rstrip("."), path)


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        str(HERE / "lettering.typ"), root=str(HERE), font_paths=fonts.typst_fonts(), ignore_system_fonts=True
    )
