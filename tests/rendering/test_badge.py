"""Badges are read back: as SVG by an XML parser, as PNG by their pixels; hostile pictures by the error they give."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import itertools
import re
import struct
import xml.etree.ElementTree as ElementTree
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from laurea.credentials import baking
from laurea.credentials.errors import RenderingError
from laurea.rendering import badge
from laurea.rendering.badge import LEVELS, SHAPES, BadgeArt, OwnArt, alternative_text, icon_names, level_of, own_art
from laurea.rendering.badge.paint import CLEAR, paint_of
from laurea.rendering.badge.pixels import smaller
from laurea.rendering.palette import Colours, contrast

SVG = "{http://www.w3.org/2000/svg}"
EVERY = list(itertools.product(SHAPES, LEVELS))
COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def pixels(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGBA")


def parsed(svg: bytes | str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 (our own)


def error_of(**choices: object) -> RenderingError:
    with pytest.raises(RenderingError) as caught:
        badge.svg(BadgeArt(**choices))  # type: ignore[arg-type]
    return caught.value


# Drawn badges


@pytest.mark.parametrize(("shape", "level"), EVERY)
def test_every_badge_stands_on_its_own(shape: str, level: int) -> None:
    art = BadgeArt(shape, level, monogram="Py", title="Python & <basics>", issuer="Acme GmbH")
    text = badge.svg(art).decode()
    root = parsed(text)
    assert (root.tag, root.get("viewBox")) == (f"{SVG}svg", "0 0 600 600")
    assert root.findtext(f"{SVG}title") == alternative_text(art)
    assert [element.tag for element in root.iter() if element.tag in {f"{SVG}text", f"{SVG}image", f"{SVG}use"}] == []
    assert re.findall(r"(?:href|src)=", text) == []
    defined = {element.get("id") for element in root.iter() if element.get("id")}
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= defined


@pytest.mark.parametrize(("shape", "level"), EVERY)
def test_png_is_square_small_and_transparent_around(shape: str, level: int) -> None:
    data = badge.png(BadgeArt(shape, level, icon="leaf", title="Nachhaltigkeit"))
    image = pixels(data)
    assert image.size == (600, 600)
    assert len(data) <= 60_000
    assert [image.getpixel(corner) for corner in ((0, 0), (599, 0), (0, 599), (599, 599))] == [(0, 0, 0, 0)] * 4
    assert image.getpixel((300, 250))[3] == 255  # type: ignore[index]


def test_equal_choices_give_equal_bytes() -> None:
    art, again = (BadgeArt("rosette", 3, monogram="A1", title="Same") for _ in range(2))
    assert (badge.svg(art), badge.png(art, 200)) == (badge.svg(again), badge.png(again, 200))


@pytest.mark.parametrize("shape", SHAPES)
def test_levels_differ_without_colour_at_64_pixels(shape: str) -> None:
    grey = [pixels(badge.png(BadgeArt(shape, level, icon="lock"), 64)).convert("L") for level in LEVELS]
    for one, other in itertools.combinations(grey, 2):
        differing = sum(ImageChops.difference(one, other).point([0] * 48 + [1] * 208).tobytes())
        assert differing > 40


def test_shapes_differ_in_silhouette_at_64_pixels() -> None:
    silhouettes = [pixels(badge.png(BadgeArt(shape), 64)).getchannel("A") for shape in SHAPES]
    for one, other in itertools.combinations(silhouettes, 2):
        assert sum(ImageChops.difference(one, other).point([0] * 128 + [1] * 128).tobytes()) > 100


def test_level_is_shown_by_stars() -> None:
    def stars(level: int) -> int:
        root = parsed(badge.svg(BadgeArt(level=level, icon="lock")))
        white = [group for group in root.iter(f"{SVG}g") if group.get("fill") == "#ffffff"]
        return white[0].find(f"{SVG}path").get("d", "").count("M")  # type: ignore[union-attr]

    assert [stars(level) for level in LEVELS] == [1, 2, 3]


@given(COLOUR, st.none() | COLOUR)
def test_symbol_and_title_read_in_any_colour(primary: str, secondary: str | None) -> None:
    paint = paint_of(BadgeArt(colours=Colours(primary, secondary)))
    assert min(contrast(paint.symbol, ground) for ground in (paint.light, paint.field, paint.dark)) >= CLEAR
    assert contrast(paint.on_band, paint.band) >= 4.5


@pytest.mark.parametrize("name", icon_names())
def test_icons_are_paths_of_our_own_that_take_the_badge_s_colour(name: str) -> None:
    root = parsed(badge.svg(BadgeArt(icon=name)))
    group = [element for element in root.iter(f"{SVG}g") if element.get("stroke") == "#ffffff"][-1]
    assert group.findall(f"{SVG}path")
    assert {element.get("fill", "#ffffff") for element in group} <= {"#ffffff"}


def test_there_are_icons_enough() -> None:
    assert len(icon_names()) >= 24


@pytest.mark.parametrize("monogram", ["A", "Py", "ÄÖÜ", "学", "가나", "א", "عر", "ไท", "हिं", "Ωμ", "Я", "e\u0301"])
def test_monograms_in_any_script_show(monogram: str) -> None:
    with_it, without = (
        pixels(badge.png(BadgeArt("circle", monogram=monogram), 200)),
        pixels(badge.png(BadgeArt("circle", monogram="."), 200)),
    )
    middle = (60, 60, 140, 140)
    assert ImageChops.difference(with_it.crop(middle), without.crop(middle)).convert("L").getbbox() is not None


def test_ids_of_two_badges_on_one_page_never_meet() -> None:
    first, second = (
        set(re.findall(r'id="([^"]+)"', badge.svg(art).decode())) for art in (BadgeArt("hexagon"), BadgeArt("shield"))
    )
    assert first.isdisjoint(second)


@pytest.mark.parametrize(
    ("choices", "code", "said"),
    [
        ({"shape": "hexagom"}, "rendering.badge-shape", "Did you mean hexagon?"),
        ({"icon": "loc"}, "rendering.badge-icon", "Did you mean lock?"),
        ({"level": 4}, "rendering.badge-level", "3 (Expert)"),
        ({"icon": "lock", "monogram": "A"}, "rendering.badge-symbol", "Leave out"),
        ({"monogram": "ABCD"}, "rendering.badge-monogram", "1 to 3"),
        ({"monogram": " "}, "rendering.badge-monogram", "1 to 3"),
        ({"monogram": "\u200d"}, "rendering.badge-monogram", "1 to 3"),
        ({"monogram": "😀"}, "rendering.missing-character", "Write it with other characters"),
        ({"title": "a\nb"}, "rendering.missing-character", "Write it with other characters"),
        ({"title": "x" * 41}, "rendering.badge-text", "Shorten it to at most 40"),
        ({"title": "W" * 38}, "rendering.badge-text", "Shorten it to about"),
        ({"issuer": "x" * 61}, "rendering.badge-text", "Shorten it to at most 60"),
    ],
)
def test_wrong_choices_say_what_to_do(choices: dict[str, object], code: str, said: str) -> None:
    error = error_of(**choices)
    assert error.code == code
    assert said in error.hint


def test_blank_title_is_no_title() -> None:
    assert BadgeArt(title="  ", issuer=" ") == BadgeArt()
    assert badge.svg(BadgeArt(title="\u200d"))  # shapes others, shows nothing, must not fail


@pytest.mark.parametrize("size", [63, 1025, 0, -1])
def test_png_sizes_are_bounded(size: int) -> None:
    with pytest.raises(RenderingError) as caught:
        badge.png(BadgeArt(), size)
    assert caught.value.code == "rendering.badge-size"


def test_level_by_number_or_name() -> None:
    assert [level_of(said) for said in (2, "2", "practitioner", " Praxis ", "EXPERT", "Grundlagen")] == [
        2,
        2,
        2,
        2,
        3,
        1,
    ]
    with pytest.raises(RenderingError) as caught:
        level_of("Master")
    assert caught.value.code == "rendering.badge-level"


def test_alternative_text_says_title_issuer_and_level() -> None:
    art = BadgeArt("shield", 2, icon="lock", title="Data protection", issuer="Acme")
    assert alternative_text(art) == "Shield-shaped badge “Data protection” of Acme, level 2 of 3 (Practitioner)"
    assert alternative_text(art, "de") == (
        "Wappenförmiges Abzeichen „Data protection“ von Acme, Stufe 2 von 3 (Praxis)"
    )


def test_a_credential_can_be_baked_into_both_forms() -> None:
    text = b'{"id":"urn:uuid:1"}'
    assert baking.png.extract(baking.png.embed(badge.png(BadgeArt()), text)) == text
    assert baking.svg.extract(baking.svg.embed(badge.svg(BadgeArt()), text)) == text


# Own pictures


def picture(size: tuple[int, int], kind: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "#c02020" if mode == "RGB" else 0).save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def drawing(inside: str, root: str = 'viewBox="0 0 100 50"') -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" {root}>{inside}</svg>'
    ).encode()


def refused(data: bytes) -> RenderingError:
    with pytest.raises(RenderingError) as caught:
        own_art(data)
    assert caught.value.code == "rendering.badge-image"
    return caught.value


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_own_raster_is_squared_with_transparent_margins(kind: str) -> None:
    art = own_art(picture((400, 200), kind), "A red bar")
    image = pixels(badge.png(art, 300))
    assert image.size == (300, 300)
    assert image.getpixel((150, 20))[3] == 0  # type: ignore[index]
    assert image.getpixel((150, 150))[3] == 255  # type: ignore[index]
    root = parsed(badge.svg(art))
    assert root.findtext(f"{SVG}title") == "A red bar"
    assert root.find(f"{SVG}image").get("href", "").startswith("data:image/png;base64,")  # type: ignore[union-attr]


def test_own_raster_loses_its_metadata() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    art = own_art(picture((64, 64), "JPEG", exif=exif.tobytes()))
    assert b"taken at home" not in art.pixels
    with Image.open(io.BytesIO(art.pixels)) as image:
        assert image.info == {}


def test_own_raster_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    wide = io.BytesIO()
    Image.new("RGB", (200, 100), "#c02020").save(wide, "JPEG", exif=exif.tobytes())
    image = pixels(badge.png(own_art(wide.getvalue()), 200))
    assert (image.getpixel((100, 5))[3], image.getpixel((5, 100))[3]) == (255, 0)  # type: ignore[index]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_own_raster_in_every_mode(mode: str) -> None:
    assert pixels(badge.png(own_art(picture((1400, 1200), mode=mode)), 64)).size == (64, 64)


def test_a_busy_picture_gets_fewer_colours_rather_than_more_bytes() -> None:
    noise = b"".join(hashlib.sha256(bytes([row, part])).digest() for row in range(250) for part in range(24))
    busy = Image.new("RGB", (600, 600), "#102030")
    busy.paste(Image.frombytes("RGB", (256, 250), noise), (0, 0))
    out = io.BytesIO()
    busy.save(out, "PNG")
    data = smaller(out.getvalue())
    assert len(data) <= 60_000
    assert 64 < len(pixels(data).getcolors(256) or []) < 200


def test_own_vector_is_squared() -> None:
    art = own_art(drawing('<rect width="100" height="50" fill="#c02020"/>'), "A red bar")
    image = pixels(badge.png(art, 200))
    assert (image.getpixel((100, 20))[3], image.getpixel((100, 100))) == (0, (192, 32, 32, 255))  # type: ignore[index]
    assert badge.svg(art).decode().count("<title>A red bar</title>") == 1


def test_own_vector_keeps_drawing_and_loses_the_rest() -> None:
    inside = (
        '<metadata>by Eve</metadata><title>secret</title><inkscape:grid a="1"/><!-- note -->'
        '<defs><linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient></defs>'
        "<style>.a{fill:url(#g)}</style>"
        '<g inkscape:label="x" onclick="steal()"><path class="a" style="opacity:.5" d="M0 0h9v9z"/></g>'
    )
    text = badge.svg(own_art(drawing(inside))).decode()
    for gone in ("Eve", "secret", "inkscape", "note", "onclick", "steal"):
        assert gone not in text
    for kept in ("url(#g)", 'class="a"', "opacity:.5", "M0 0h9v9z"):
        assert kept in text


def test_own_vector_with_a_picture_inside() -> None:
    data = base64.b64encode(picture((20, 20), "JPEG", comment=b"by Eve")).decode()
    art = own_art(drawing(f'<image width="100" height="50" xlink:href="data:image/jpeg;base64,{data}"/>'))
    assert base64.b64encode(b"by Eve").decode()[:6] not in art.vector
    assert "data:image/png;base64," in art.vector
    assert pixels(badge.png(art, 64)).getpixel((32, 32))[3] == 255  # type: ignore[index]


NESTED = "".join(
    f'<g id="a{level}">' + f'<use href="#a{level - 1}"/>' * 10 + "</g>" if level else '<path id="a0" d="M0 0h1v1z"/>'
    for level in range(12)
)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
        "<text>No fonts</text>",
        '<a href="https://example.org"><path d="M0 0z"/></a>',
        '<animate attributeName="x" to="9"/>',
        '<image href="https://example.org/a.png"/>',
        '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
        '<image href="data:image/png;base64,!!!!"/>',
        '<image href="data:image/png;base64,AAAA"/>',
        '<use href="other.svg#a"/>',
        '<use xlink:href="javascript:alert(1)"/>',
        '<path style="fill:url(https://example.org/a)"/>',
        "<path fill=\"url('//example.org/a')\"/>",
        "<style>@import 'https://example.org/a.css';</style>",
        "<style>.a{background:\\75rl(x)}</style>",
        "<style>.a{filter:blur(9px)}</style>",
        '<filter id="f"/>',
        '<path filter="url(#f)"/>',
        '<marker id="m"/>',
        '<g id="a"><use href="#a"/></g>',
        '<path id="a"/><path id="a"/>',
        NESTED,
        "<g>" * 70 + "</g>" * 70,
        "<metadata>" * 70 + "</metadata>" * 70,
        "<path/>" * 5_001,
        '<g mask="url(#m)"/>' * 600,
        f'<path d="{"L9 9" * 160_000}"/>',
        f'<image href="data:image/png;base64,{base64.b64encode(picture((9, 9))).decode()}"/>' * 5,
    ],
    ids=lambda inside: inside[:40],
)
def test_own_vector_that_does_more_than_draw_is_refused(inside: str) -> None:
    error = refused(drawing(inside))
    assert error.hint


@pytest.mark.parametrize(
    "root", ["", 'viewBox="0 0 0 0"', 'viewBox="0 0 nan 5"', 'viewBox="0 0 1e99 1e99"', 'width="-5"']
)
def test_own_vector_without_a_size_is_refused(root: str) -> None:
    refused(drawing("", root))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<html></html>",
        b"<svg/>",
        b"<",
        drawing("<path>"),
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">&a;</svg>',
        b'<?xml version="1.0" encoding="utf-99"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
        b"\x00" * (4 * 1024 * 1024 + 1),
        picture((64, 64))[:60],
        b"\xff\xd8\xff\xe0" + b"\x00" * 100,
    ],
    ids=range(11),
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    refused(data)


def test_pixel_bomb_is_refused_before_it_opens() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 6000, 6000, 8, 6, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )
    assert "6000 x 6000 pixels" in refused(bomb).message


@given(st.binary(max_size=200), st.sampled_from([b"", b"<svg ", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]))
def test_no_bytes_leak_another_error(data: bytes, start: bytes) -> None:
    with contextlib.suppress(RenderingError):
        assert isinstance(own_art(start + data), OwnArt)


# What the documentation says


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "how-to" / "badge-art.md").read_text("utf-8")


def test_page_lists_every_icon_shape_and_level(page: str) -> None:
    listed = re.findall(r"`([a-z-]+)`", page.partition("**Icons**: ")[2].partition("\n\n")[0])
    assert tuple(listed) == icon_names()
    shapes = re.findall(r"`([a-z]+)`", page.partition("| `shape` | ")[2].partition(" |")[0])
    assert shapes == list(SHAPES)
    for number, level in LEVELS.items():
        assert f"| {number} | {level.names['en']} | {level.names['de']} |" in page


def test_python_on_the_page_runs(page: str) -> None:
    code = page.partition("```python\n")[2].partition("```")[0]
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 (our own)
    assert names["words"] == re.findall(r"# (Shield-shaped .*)", code)[0]
