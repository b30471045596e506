"""QR codes: written here as a matrix, SVG or PNG, and put into words for those who cannot see them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache

import zxingcpp
from PIL import Image

from laurea.credentials.errors import RenderingError

QUIET_ZONE = 4
"""Modules of white around a QR code (ISO/IEC 18004, 6.3.8)."""

LONGEST = 300
"""Bytes we put into one code at most: beyond that its modules are too fine for a printed certificate."""


_DARK = re.compile(b"\x01+")
_MODULES = bytes(1 if value < 128 else 0 for value in range(256))


@dataclass(frozen=True, slots=True)
class Matrix:
    """The modules of a QR code without its quiet zone: `rows` holds one byte a module, 1 for dark."""

    rows: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """Modules along one side."""
        return len(self.rows)


def matrix(text: str) -> Matrix:
    """The QR code of `text` at error correction level M (15 % may be lost).

    Raises RenderingError ``rendering.qr-too-long`` when the text is empty or longer than LONGEST bytes.
    """
    length = len(text.encode("utf-8", "replace"))
    if not 0 < length <= LONGEST:
        raise RenderingError(
            "rendering.qr-too-long",
            f"A QR code on a certificate holds 1 to {LONGEST} bytes, this text has {length}",
            "Use a shorter public address",
        )
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    pixels = bytes(memoryview(barcode.to_image(scale=1, add_quiet_zones=False)))  # type: ignore[arg-type]
    size = round(len(pixels) ** 0.5)
    dark = pixels.translate(_MODULES)
    return Matrix(tuple(dark[start : start + size] for start in range(0, len(dark), size)))


def path(code: Matrix) -> str:
    """The dark modules as one SVG path, a module being one unit, the origin at the first module.

    One path, not many rectangles: renderers then leave no hairlines between neighbours.
    """
    row = code.size + 1
    return "".join([_run(row, *run.span()) for run in _DARK.finditer(b"\0".join(code.rows))])


@cache  # a few thousand at most, and shared by all codes of a batch
def _run(row: int, start: int, end: int) -> str:
    """Dark modules side by side; `start` and `end` count modules through rows of `row` modules."""
    y, x = divmod(start, row)
    return f"M{x} {y}h{end - start}v1H{x}z"


def svg(code: Matrix, *, colour: str = "#000000", quiet_zone: int = QUIET_ZONE, paper: str | None = "#ffffff") -> str:
    """An SVG whose user unit is one module; `paper` None leaves the ground transparent."""
    side = code.size + 2 * quiet_zone
    ground = f'<path fill="{paper}" d="M0 0h{side}v{side}H0z"/>' if paper else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}">{ground}'
        f'<path fill="{colour}" transform="translate({quiet_zone} {quiet_zone})" d="{path(code)}"/></svg>'
    )


def png(code: Matrix, *, module: int = 8, quiet_zone: int = QUIET_ZONE) -> bytes:
    """A black and white PNG with `module` pixels a module."""
    pixels = b"".join(row.translate(bytes([255, 0]) + bytes(254)) for row in code.rows)
    inner = Image.frombytes("L", (code.size, code.size), pixels)
    whole = Image.new("L", (code.size + 2 * quiet_zone,) * 2, 255)
    whole.paste(inner, (quiet_zone, quiet_zone))
    whole = whole.resize((whole.width * module, whole.height * module), Image.Resampling.NEAREST).convert("1")
    out = io.BytesIO()
    whole.save(out, "PNG", optimize=True)
    return out.getvalue()
