"""QR codes decode to what was put in."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from laurea.credentials.errors import RenderingError
from laurea.rendering import qr


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=150))
def test_png_decodes(text):
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(qr.png(qr.matrix(text)))).convert("L"))
    assert found.text == text


def test_error_correction_is_medium():
    picture = Image.open(io.BytesIO(qr.png(qr.matrix("https://acme.example/c/7K3M9Q2X41TD8WVN")))).convert("L")
    assert zxingcpp.read_barcodes(picture)[0].ec_level == "M"


def test_png_has_a_quiet_zone_of_four_modules():
    matrix = qr.matrix("Laurea")
    picture = Image.open(io.BytesIO(qr.png(matrix, module=3))).convert("L")
    assert picture.size == ((matrix.size + 8) * 3,) * 2
    inverse = picture.point(lambda value: 255 - value)
    assert inverse.getbbox() == (12, 12, picture.width - 12, picture.height - 12)


def test_path_draws_the_matrix():
    matrix = qr.matrix("Laurea")
    drawn = [bytearray(matrix.size) for _ in range(matrix.size)]
    for x, y, run, back in re.findall(r"M(\d+) (\d+)h(\d+)v1H(\d+)z", qr.path(matrix)):
        assert back == x
        drawn[int(y)][int(x) : int(x) + int(run)] = b"\1" * int(run)
    assert tuple(map(bytes, drawn)) == matrix.rows


def test_svg_holds_ground_and_path():
    matrix = qr.matrix("Laurea")
    assert qr.svg(matrix).count("<path") == 2
    assert qr.svg(matrix, paper=None, quiet_zone=0).count("<path") == 1
    assert f'viewBox="0 0 {matrix.size + 8} {matrix.size + 8}"' in qr.svg(matrix)


@pytest.mark.parametrize("text", ["", "x" * 301, "\ud800" * 400])
def test_text_that_does_not_fit_a_certificate(text):
    with pytest.raises(RenderingError) as raised:
        qr.matrix(text)
    assert raised.value.code == "rendering.qr-too-long"
