"""Pictures that an issuer hands over: a logo, a badge, a signature. Bounded, drawn anew, and ready to be set."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from laurea.credentials.errors import RenderingError
from laurea.rendering.badge.clean_svg import drawing
from laurea.rendering.badge.own import embedded, opened

MAX_BYTES = 4 * 1024 * 1024
MAX_PIXELS = 25_000_000
MAX_SIDE = 1600
"""Pixels kept of a picture that is drawn anew: a logo 60 mm wide in print has 677 dots an inch with them."""

_KEPT_BYTES = 1024 * 1024
_MARKUP = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<")

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


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A picture in a file of our own: its bytes, media type, width and height."""

    content: bytes
    media_type: str
    width: int
    height: int


def redrawn(data: bytes) -> Redrawn:
    """An SVG, PNG or JPEG file from outside, drawn anew: no scripts, no metadata, no surprises for whoever sets it.

    Pixels stand upright and are RGB, whatever they were; of an SVG, known drawing elements are kept. Raises
    RenderingError ``rendering.badge-image`` for anything else, for more pixels than `opened` takes, and for an SVG that
    does more than draw, or takes too much work to draw.
    """
    if _MARKUP.match(data):
        text, width, height = drawing(data, embedded)
        return Redrawn(text.encode("utf-8"), "image/svg+xml", max(1, round(width)), max(1, round(height)))
    return _encoded(opened(data, side=MAX_SIDE))


def _encoded(image: Image.Image) -> Redrawn:
    """As PNG, or as JPEG where that is opaque and too large: a photograph."""
    if image.getchannel("A").getextrema()[0] == 255:
        image = image.convert("RGB")
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    if image.mode == "RGB" and out.tell() > _KEPT_BYTES:
        out = BytesIO()
        image.save(out, "JPEG", quality=90)
        return Redrawn(out.getvalue(), "image/jpeg", *image.size)
    while out.tell() > MAX_BYTES:
        image = image.resize((max(1, image.width // 2), max(1, image.height // 2)), Image.Resampling.LANCZOS)
        out = BytesIO()
        image.save(out, "PNG", optimize=True)
    return Redrawn(out.getvalue(), "image/png", *image.size)


def _invalid(what: str) -> RenderingError:
    return RenderingError(
        "rendering.picture-invalid", f"The picture {what}", "Use an SVG, PNG or JPEG file that stands on its own"
    )
