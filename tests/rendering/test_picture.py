"""Pictures that issuers hand over are bounded and stand on their own."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from laurea.credentials.errors import RenderingError
from laurea.rendering.picture import MAX_BYTES, Picture


def raster(kind: str, size: tuple[int, int] = (30, 20)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#246").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_raster_is_wrapped(kind):
    picture = Picture(raster(kind))
    assert picture.size() == (30, 20)
    assert f"data:image/{kind.lower()};base64," in picture.svg()


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 40 10"', (40, 10)),
        ('viewBox="0,0,40,10" width="100%" height="100%"', (40, 10)),
        ('width="12.5mm" height="5mm"', (12.5, 5)),
        ("viewBox='-5 -5 10 20'", (10, 20)),
    ],
)
def test_size_of_an_svg(attributes, size):
    assert Picture(f'<?xml version="1.0"?><svg xmlns="x" {attributes}/>'.encode()).size() == size


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        raster("PNG")[:60],
        b"<svg/>",
        b'<svg viewBox="0 0 0 10"/>',
        b"<html></html>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 1 1"/>',
        b'<svg viewBox="0 0 1 1"><image href="file:///etc/passwd"/></svg>',
        b"<svg viewBox='0 0 1 1'><image xlink:href='http://x.example/y.png'/></svg>",
        b'<svg viewBox="0 0 1 1"><rect fill="url(http://x.example/#y)"/></svg>',
        b'<svg viewBox="0 0 1 1"><script/></svg>',
        b'<svg viewBox="0 0 1 1">\xff</svg>',
        b"<svg viewBox='0 0 1 1'>" + b" " * MAX_BYTES,
        raster("PNG", (6000, 6000)),
    ],
    ids=range(14),
)
def test_refused(data):
    with pytest.raises(RenderingError) as raised:
        Picture(data)
    assert raised.value.code == "rendering.picture-invalid"


def test_svg_may_refer_to_itself():
    Picture(b'<svg viewBox="0 0 1 1"><g id="a"/><use href="#a"/><rect fill="url(#b)"/></svg>')
