"""The outermost element of every badge's SVG."""

from __future__ import annotations

from xml.sax.saxutils import escape

from laurea.rendering.badge.geometry import SIDE


def framed(elements: str, alt: str) -> str:
    """SVG `elements` on a square of SIDE units, with `alt` as the title that screen readers say."""
    title = f"<title>{escape(alt)}</title>" if alt else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}"'
        f' role="img">{title}{elements}</svg>'
    )
