"""An issuer's own picture as a badge: checked, bounded, cleaned, and made square.

A badge is handed to strangers and shown on public pages, so nothing of the file goes through unseen: pixels are
encoded anew without metadata, and of an SVG only known drawing elements are kept.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from dataclasses import dataclass

from PIL import Image

from laurea.credentials.errors import RenderingError
from laurea.rendering.badge.clean_svg import cleaned
from laurea.rendering.badge.frame import framed
from laurea.rendering.badge.pixels import smaller
from laurea.rendering.jpeg import has_bearable_scans

MAX_BYTES = 4 * 1024 * 1024
MAX_PIXELS = 16_000_000
MAX_PIXELS_INSIDE = 4_000_000
MAX_SIDE = 1024

_MARKUP = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<")
_DATA = re.compile(r"\s*data:image/(?:png|jpeg|jpg);base64,([A-Za-z0-9+/=\s]*)")
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How to undo the orientations of Exif 2.3, 4.6.4."""


@dataclass(frozen=True, slots=True)
class OwnArt:
    """A cleaned picture, made by `own_art`: either `vector`, an SVG of 600 x 600, or `pixels`, a square PNG."""

    vector: str = ""
    pixels: bytes = b""
    alt: str = ""


def own_art(data: bytes, alt: str = "") -> OwnArt:
    """Take in an SVG, PNG or JPEG file as a badge; `alt` says in words what it shows.

    A picture that is not square gets transparent margins. Raises RenderingError ``rendering.badge-image`` for anything
    else, for more than MAX_BYTES or MAX_PIXELS, and for an SVG that does more than draw.
    """
    if len(data) > MAX_BYTES:
        raise invalid(f"has {len(data)} bytes, more than {MAX_BYTES}", "Save it smaller: 1024 pixels a side are plenty")
    if _MARKUP.match(data):
        return OwnArt(vector=cleaned(data, alt, embedded), alt=alt)
    return OwnArt(pixels=_encoded(_square(opened(data))), alt=alt)


def embedded(reference: str) -> str:
    """A picture inside an SVG (a data: address), encoded anew. Raises RenderingError as `own_art` does."""
    found = _DATA.fullmatch(reference)
    if not found:
        raise invalid("is an SVG with a picture from elsewhere", "Embed the picture as PNG or JPEG, or leave it out")
    try:
        data = base64.b64decode("".join(found[1].split()), validate=True)
    except (binascii.Error, ValueError):
        raise invalid("is an SVG with a damaged picture inside") from None
    return "data:image/png;base64," + base64.b64encode(_encoded(opened(data, MAX_PIXELS_INSIDE))).decode("ascii")


def resized(art: OwnArt, size: int) -> bytes:
    """The pixels of `art` as a PNG with `size` pixels a side."""
    with Image.open(io.BytesIO(art.pixels)) as image:
        return _encoded(image.resize((size, size), Image.Resampling.LANCZOS))


def wrapped(art: OwnArt, side: int) -> str:
    """The pixels of `art` in an SVG of 600 x 600 units, `side` pixels wide."""
    data = base64.b64encode(smaller(resized(art, side), dither=True)).decode("ascii")
    return framed(f'<image width="600" height="600" href="data:image/png;base64,{data}"/>', art.alt)


def invalid(what: str, hint: str = "Use an SVG, PNG or JPEG file that stands on its own") -> RenderingError:
    """The error for a picture that cannot be a badge."""
    return RenderingError("rendering.badge-image", f"The picture {what}", hint)


def opened(data: bytes, most: int = MAX_PIXELS, *, side: int = MAX_SIDE) -> Image.Image:
    """The pixels of a PNG or JPEG file as RGBA, upright, without metadata, made smaller until `side` is the longest.

    Raises RenderingError as `own_art` does, also for more than `most` pixels.
    """
    if not has_bearable_scans(data):
        raise invalid("is no SVG, PNG or JPEG that can be read")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            width, height = image.size
            if width * height > most:
                raise invalid(
                    f"has {width} x {height} pixels, more than {most // 1_000_000} million",
                    "Save it smaller: 1024 pixels a side are plenty",
                )
            image.draft("RGB", (side, side))
            image.load()
            # Smaller first, then in other modes: at most one picture of full size is in memory.
            turned = image.getexif().get(_ORIENTATION, 1)
            whole: Image.Image = image.convert("RGBA") if image.mode in ("1", "P") else image
            whole.thumbnail((side, side), Image.Resampling.LANCZOS)
            small = whole.convert("RGBA")
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise invalid("is no SVG, PNG or JPEG that can be read") from None
    upright = small.transpose(_UPRIGHT[turned]) if turned in _UPRIGHT else small
    return Image.frombytes("RGBA", upright.size, upright.tobytes())


def _square(image: Image.Image) -> Image.Image:
    side = max(image.size)
    square = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return square


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
