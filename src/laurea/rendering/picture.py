"""Pictures that an issuer hands over: a logo, a badge, a signature. Bounded, checked, and ready to be set."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from laurea.credentials.errors import RenderingError

MAX_BYTES = 4 * 1024 * 1024
MAX_PIXELS = 25_000_000

# What an SVG must not bring along: entities (they multiply) and references to anything outside itself.
_REACHING = re.compile(
    r"<!ENTITY|<script|href\s*=\s*[\"'](?!\s*(?:#|data:image/))|url\(\s*[\"']?(?!\s*#)", re.IGNORECASE
)
_ROOT = re.compile(r"<svg\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\s(width|height|viewBox)\s*=\s*[\"']([^\"']*)[\"']")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_SVG = re.compile(r"<svg[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG, PNG or JPEG file's bytes, and what to say to those who cannot see it.

    An empty `alt` lets the certificate say the obvious (“Logo of Acme”). Raises RenderingError
    ``rendering.picture-invalid`` for anything else, for more than MAX_BYTES or MAX_PIXELS, and for an SVG that reaches
    for something outside itself.
    """

    data: bytes
    alt: str = ""

    def __post_init__(self) -> None:
        self.size()

    def svg(self) -> str:
        """The picture as an SVG, a raster wrapped in one: Typst takes text in, not files."""
        if len(self.data) > MAX_BYTES:
            raise _invalid(f"has {len(self.data)} bytes, more than {MAX_BYTES}")
        text = self.data[:1024].decode("utf-8", "replace")
        return self._vector() if _SVG.search(text) or text.lstrip("\ufeff \t\r\n").startswith("<") else self._raster()

    def size(self) -> tuple[float, float]:
        """Width and height, for their ratio: in pixels, or in the SVG's own units."""
        text = self.svg()
        root = _ROOT.search(text)
        attributes = dict(_ATTRIBUTE.findall(root[0])) if root else {}
        sides = [_NUMBER.match(attributes.get(side, "").strip()) for side in ("width", "height")]
        box = [float(number) for number in _NUMBER.findall(attributes.get("viewBox", ""))]
        width, height = (float(side[0]) if side else 0.0 for side in sides)
        if "%" in attributes.get("width", "") + attributes.get("height", "") or not width or not height:
            width, height = box[2:4] if len(box) == 4 else (0.0, 0.0)
        if width <= 0 or height <= 0:
            raise _invalid("is an SVG without width and height or viewBox")
        return width, height

    def _vector(self) -> str:
        try:
            text = self.data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise _invalid("is an SVG that is not UTF-8") from None
        found = _REACHING.search(text)
        if found or not _SVG.search(text):
            raise _invalid(f"is an SVG with “{found[0]}”, which reaches outside it" if found else "is no SVG")
        return text

    def _raster(self) -> str:
        try:
            with Image.open(BytesIO(self.data), formats=("PNG", "JPEG")) as image:
                (width, height), kind = image.size, image.format
                if width * height > MAX_PIXELS:
                    raise _invalid(f"has {width} x {height} pixels, more than {MAX_PIXELS // 1_000_000} million")
                image.load()
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            raise _invalid("is no SVG, PNG or JPEG that can be read") from None
        mime = "image/png" if kind == "PNG" else "image/jpeg"
        encoded = base64.b64encode(self.data).decode("ascii")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
            f'<image width="{width}" height="{height}" href="data:{mime};base64,{encoded}"/></svg>'
        )


def _invalid(what: str) -> RenderingError:
    return RenderingError(
        "rendering.picture-invalid", f"The picture {what}", "Use an SVG, PNG or JPEG file that stands on its own"
    )
