"""QR codes are found on pages, screenshots and photographs, and pictures made to harm are turned down."""

from __future__ import annotations

import io
import random
import statistics
import zlib

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from laurea.credentials.errors import RenderingError
from laurea.rendering import qr
from laurea.rendering.qr_reading import MOST_PIXELS, read_qr

ADDRESS = "https://badges.example.org/c/000G40R40M30E200"


def code(text: str, module: int = 3) -> Image.Image:
    return Image.open(io.BytesIO(qr.png(qr.matrix(text), module=module))).convert("RGB")


def page(*texts: str, paper: str = "white") -> Image.Image:
    """A certificate of A4 at 100 dpi with text and small codes."""
    sheet = Image.new("RGB", (1169, 827), paper)
    draw = ImageDraw.Draw(sheet)
    for line in range(12):
        draw.text((100, 100 + 40 * line), "Ada Lovelace has passed the exercise " * 3, fill="black")
    for place, text in enumerate(texts or (ADDRESS,)):
        sheet.paste(code(text), (940 - 200 * place, 620))
    return sheet


def saved(image: Image.Image, kind: str = "PNG", **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


NORMAL = [round(min(255, max(0, statistics.NormalDist(128, 128).inv_cdf((level + 0.5) / 256)))) for level in range(256)]


def noise(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Normally distributed greys, the same ones in every run, which Pillow's own noise is not."""
    return Image.frombytes("L", size, chance.randbytes(size[0] * size[1])).point(NORMAL)


def photograph(image: Image.Image, angle: float, *, blur: float, grain: int, light: float, tilt: float) -> bytes:
    """The page on a table, askew, out of focus, in bad light, as a small JPEG."""
    chance = random.Random(angle)
    width, height = image.size
    table = Image.new("RGB", (int(width * 1.3), int(height * 1.3)), (96, 88, 80))
    table.paste(image, (int(width * 0.15), int(height * 0.15)))
    table = table.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=(90, 80, 70))
    width, height = table.size
    corners = [
        (x + chance.uniform(-tilt, tilt) * width, y + chance.uniform(-tilt, tilt) * height)
        for x, y in ((0, 0), (0, height), (width, height), (width, 0))
    ]
    quad = tuple(value for corner in corners for value in corner)
    table = table.transform((width, height), Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)
    table = ImageEnhance.Brightness(table.filter(ImageFilter.GaussianBlur(blur))).enhance(light)
    speckled = Image.blend(table, noise(table.size, chance).convert("RGB"), grain / 100)
    return saved(speckled, "JPEG", quality=70)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_page_at_100_dpi(kind: str) -> None:
    assert read_qr(saved(page(), kind)) == (ADDRESS,)


@pytest.mark.slow
@pytest.mark.parametrize("angle", [0, 7, 33, 90, 143, 200, 271])
def test_photographs(angle: float) -> None:
    for blur, grain, light in ((0.7, 5, 1), (1.0, 10, 0.6), (1.2, 5, 1.3)):
        taken = photograph(page(), angle, blur=blur, grain=grain, light=light, tilt=0.02)
        assert read_qr(taken) == (ADDRESS,), (blur, grain, light)


def test_screenshots_of_the_code_alone() -> None:
    for module in (2, 3, 12):
        assert read_qr(saved(code(ADDRESS, module))) == (ADDRESS,)


def test_dark_and_coloured_paper() -> None:
    inverse = Image.eval(page(), lambda value: 255 - value)
    assert read_qr(saved(inverse)) == (ADDRESS,)
    assert read_qr(saved(page(paper="#e8d9b0"))) == (ADDRESS,)


def test_transparent_ground_is_paper() -> None:
    picture = code(ADDRESS).convert("L")
    ink = Image.merge("LA", (Image.new("L", picture.size, 0), Image.eval(picture, lambda value: 255 - value)))
    assert read_qr(saved(ink)) == (ADDRESS,)
    assert read_qr(saved(ink.convert("RGBA"))) == (ADDRESS,)
    palette = code(ADDRESS).quantize(2)
    white = palette.getpixel((0, 0))
    out = io.BytesIO()
    palette.save(out, "PNG", transparency=white)
    assert read_qr(out.getvalue()) == (ADDRESS,)


def test_several_codes_are_all_told() -> None:
    other = ADDRESS.replace("000G40R40M30E200", "ZZZZZZZZZZZZZZZN")
    assert set(read_qr(saved(page(ADDRESS, other)))) == {ADDRESS, other}
    assert read_qr(saved(page(ADDRESS, ADDRESS))) == (ADDRESS,)


@pytest.mark.parametrize("size", [(1, 1), (10, 10), (40, 3000), (400, 400)])
def test_no_code_is_no_text(size: tuple[int, int]) -> None:
    assert read_qr(saved(Image.new("RGB", size, "white"))) == ()
    assert read_qr(saved(noise(size, random.Random(1)))) == ()


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0JFIF", saved(page(), "JPEG")[:5000], b"%PDF-1.7"]
)
def test_damaged_pictures(data: bytes) -> None:
    with pytest.raises(RenderingError) as caught:
        read_qr(data)
    assert caught.value.code == "qr.picture"


def test_declared_pixels_are_bounded_before_decoding() -> None:
    tiny = bytearray(saved(Image.new("1", (10, 10))))
    tiny[16:24] = (200_000).to_bytes(4, "big") * 2
    tiny[29:33] = zlib.crc32(tiny[12:29]).to_bytes(4, "big")
    with pytest.raises(RenderingError) as caught:
        read_qr(bytes(tiny))
    assert caught.value.code == "qr.too-large"
    side = int(MOST_PIXELS**0.5) + 2
    with pytest.raises(RenderingError) as caught:
        read_qr(saved(Image.new("1", (side, side))))
    assert caught.value.code == "qr.too-large"
