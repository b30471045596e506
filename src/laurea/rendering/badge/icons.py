"""The symbols that Laurea draws itself: SVG files on a grid of 24 units, in ``rendering/icons``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "icons"
GRID = 24


@cache
def icon_names() -> tuple[str, ...]:
    """The names of all icons, in alphabetical order."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.svg")))


@cache
def icon_paths(name: str) -> str:
    """The SVG elements of the icon `name`, which must be one of `icon_names`, in ``currentColor``."""
    text = (FOLDER / f"{name}.svg").read_text("utf-8")
    return "".join(line.strip() for line in text.splitlines()[1:-1])
