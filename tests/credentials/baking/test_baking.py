"""What a file is, by its content."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from laurea.credentials.baking import LARGEST_FILE, Kind, embed, extract, kind_of
from laurea.credentials.errors import BakingError


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'{"a": 1}', Kind.JSON),
        (b'\xef\xbb\xbf \n{"a": 1}', Kind.JSON),
        (b"[]", Kind.JSON),
        (b" eyJh.eyJi.c2ln\n", Kind.JWT),
        (picture("PNG"), Kind.PNG),
        (b"<svg/>", Kind.SVG),
        (b"<?xml version='1.0'?><svg/>", Kind.SVG),
        (b"%PDF-1.7", Kind.PDF),
        (b"\n\n%PDF-1.7", Kind.PDF),
        *((picture(name), Kind.PICTURE) for name in ("JPEG", "WEBP", "GIF", "BMP", "TIFF")),
    ],
)
def test_kinds(data: bytes, kind: Kind) -> None:
    assert kind_of(data) is kind


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "baking.empty"),
        (b" \n\0", "baking.empty"),
        (b"hello", "baking.unknown-kind"),
        (b"eyJh.eyJi", "baking.unknown-kind"),
        ('{"a": 1}'.encode("utf-16"), "baking.unknown-kind"),
        (b"PK\x03\x04....", "baking.packed"),
        (b"\x1f\x8b\x08", "baking.packed"),
        (picture("JPEG"), "baking.none"),
        (b'"' + b" " * LARGEST_FILE, "baking.too-large"),
        (b"{" + b" " * 2_000_000, "baking.too-large"),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(BakingError) as caught:
        extract(data)
    assert (caught.value.code, bool(caught.value.message)) == (code, True)


def test_nothing_is_baked_into_other_files() -> None:
    with pytest.raises(BakingError) as caught:
        embed(picture("JPEG"), b"{}")
    assert caught.value.code == "baking.not-bakeable"


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"<svg ", b"ey", b"{", b"RIFF"])
)
def test_whatever_comes_is_read_or_refused(data: bytes, opening: bytes) -> None:
    with contextlib.suppress(BakingError):
        extract(opening + data)
