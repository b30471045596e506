"""QR codes found in pictures: screenshots, scans, photographs.

Nothing is decoded before its declared size is known to be bearable. Photographs are blurred, dark or askew, so several
sizes and ways of telling black from white are tried, the likeliest first; the first one that shows a code ends the
search.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from laurea.credentials.errors import RenderingError
from laurea.rendering.jpeg import has_bearable_scans

MOST_PIXELS = 30_000_000
"""Pixels of a picture that is decoded: a large camera's."""

_MOST_PIXELS = {"WEBP": 15_000_000, "TIFF": 20_000_000}
"""Of kinds whose decoders take several times the picture's own size in memory."""

_QR_ONLY = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
_LARGEST_SIDE = 2_000
_SMALLEST_SIDE = 600
_LEAST_CONTRAST = 24
_HALF = [64 + level // 2 for level in range(256)]


def read_qr(picture: bytes) -> tuple[str, ...]:
    """The texts of the QR codes in a PNG, JPEG, WebP, GIF, BMP or TIFF, each once; empty when none is found.

    Raises `RenderingError`: ``qr.picture`` when the picture cannot be decoded, ``qr.too-large`` for more than
    MOST_PIXELS, or fewer for some kinds.
    """
    grey = _grey(picture)
    if grey.width < 11 or grey.height < 11:  # the smallest code there is has 11 modules
        return ()
    for attempt, binarizer in _attempts(grey):
        coarser = attempt.width <= grey.width  # an enlarged picture made smaller again is the one before it
        codes = zxingcpp.read_barcodes(attempt, formats=_QR_ONLY, binarizer=binarizer, try_downscale=coarser)
        texts = tuple(dict.fromkeys(code.text for code in codes if code.text))
        if texts:
            return texts
    return ()


def _grey(picture: bytes) -> Image.Image:
    """The picture in 256 greys on white, no side longer than _LARGEST_SIDE."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(picture), formats=_FORMATS)
            most = _MOST_PIXELS.get(image.format or "", MOST_PIXELS)
            if image.width * image.height > most:
                raise _too_large(image.width, image.height, most)
            if not has_bearable_scans(picture):
                raise _damaged()
            # A JPEG is decoded straight to a smaller size in grey: a fraction of time and memory.
            image.draft("L", (_LARGEST_SIDE, _LARGEST_SIDE))
            grey = _on_white(image) if image.has_transparency_data else _bearable(image.convert("L"))
    except RenderingError:
        raise
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception:  # decoders meet hostile bytes with errors of every kind; all of them mean the same
        raise _damaged() from None
    return grey


def _on_white(image: Image.Image) -> Image.Image:
    """One channel after the other: a copy with both would cost as much memory as a large picture itself."""
    seen = image if image.mode in ("LA", "RGBA") else image.convert("LA")
    grey, opacity = _bearable(seen.convert("L")), _bearable(seen.getchannel("A"))
    return Image.composite(grey, Image.new("L", grey.size, 255), opacity)


def _bearable(channel: Image.Image) -> Image.Image:
    channel.thumbnail((_LARGEST_SIDE, _LARGEST_SIDE))
    return channel


def _attempts(grey: Image.Image) -> Iterator[tuple[Image.Image, zxingcpp.Binarizer]]:
    local, whole = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram
    yield grey, local
    darkest, brightest = grey.getextrema()
    if not isinstance(darkest, int) or not isinstance(brightest, int) or brightest - darkest < _LEAST_CONTRAST:
        return
    yield grey, whole
    even = ImageOps.autocontrast(grey, cutoff=1)
    # Modules of two or three pixels, as in a photograph of a whole page: the specks that are smaller go, then the edges
    # are drawn anew, with room above and below for what sharpening overshoots, and what lies between pixels is seen.
    calm = even.filter(ImageFilter.GaussianBlur(0.5))
    twice = (grey.width * 2, grey.height * 2)
    yield calm.point(_HALF).filter(ImageFilter.UnsharpMask(1.5, 200, 0)).resize(twice, Image.Resampling.BICUBIC), local
    yield calm.resize(twice, Image.Resampling.LANCZOS).filter(ImageFilter.UnsharpMask(3, 200, 0)), local
    # Noise makes specks in large modules; softening removes them.
    soft = even.filter(ImageFilter.GaussianBlur(1.5))
    yield soft, local
    yield soft, whole
    if max(grey.size) > _SMALLEST_SIDE:
        half = soft.resize((grey.width // 2, grey.height // 2), Image.Resampling.BOX)
        yield half, local
        yield half, whole


def _damaged() -> RenderingError:
    return RenderingError(
        "qr.picture", "The picture is damaged and cannot be opened", "Take the photograph or screenshot again"
    )


def _too_large(width: int = 0, height: int = 0, most: int = MOST_PIXELS) -> RenderingError:
    size = f"{width:,} x {height:,}" if width else "far too many"
    return RenderingError(
        "qr.too-large",
        f"The picture has {size} pixels; {most:,} are the most that is decoded",
        "Hand over a smaller photograph, or a screenshot of the code alone",
    )
