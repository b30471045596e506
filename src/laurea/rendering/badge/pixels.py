"""PNG files made small: 256 colours, the inside and the half-transparent edge with palettes of their own."""

from __future__ import annotations

import io

from PIL import Image

ENOUGH_BYTES = 60_000
"""What a badge of 600 pixels a side may take, others in proportion. Every credential carries these bytes."""

_EDGE_COLOURS = 48
_INSIDE_COLOURS = (208, 128, 80)
_HIDDEN = (220, 183, 92)
_SIDE = 600


def smaller(data: bytes, *, dither: bool = False) -> bytes:
    """The PNG `data` in at most 256 colours, fewer if it would not be small otherwise; `dither` suits photographs."""
    with Image.open(io.BytesIO(data)) as opened:
        image = opened.convert("RGBA")
    most = ENOUGH_BYTES * image.width // _SIDE
    reduced = b""
    for colours in _INSIDE_COLOURS:
        reduced = _reduced(image, colours, dither)
        if len(reduced) <= most:
            break
    return reduced


def _reduced(image: Image.Image, colours: int, dither: bool) -> bytes:
    opaque = image.getchannel("A").point([0] * 255 + [255])
    inside = Image.new("RGB", image.size, _HIDDEN)
    inside.paste(image, mask=opaque)
    indexed = inside.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    if dither:
        indexed = inside.quantize(palette=indexed, dither=Image.Dither.FLOYDSTEINBERG)
    edge = image.copy()
    edge.paste((0, 0, 0, 0), mask=opaque)
    edge = edge.quantize(_EDGE_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    # The edge's colours come first, so that only they need a transparency.
    indexes = Image.frombytes("L", image.size, edge.tobytes())
    shifted = Image.frombytes("L", image.size, indexed.tobytes()).point([(n + _EDGE_COLOURS) % 256 for n in range(256)])
    indexes.paste(shifted, mask=opaque)
    reduced = Image.frombytes("P", image.size, indexes.tobytes())
    edge_palette = (edge.getpalette("RGBA") or [])[: 4 * _EDGE_COLOURS]
    padding = [0] * (4 * _EDGE_COLOURS - len(edge_palette))
    reduced.putpalette([*edge_palette, *padding, *(indexed.getpalette("RGBA") or [])[: 4 * colours]], "RGBA")
    out = io.BytesIO()
    reduced.save(out, "PNG", optimize=True)
    return out.getvalue()
