"""JPEG files that would be decoded over and over are told before they are opened."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from laurea.credentials.errors import RenderingError
from laurea.rendering.badge.own import opened
from laurea.rendering.jpeg import has_bearable_scans
from laurea.rendering.qr_reading import read_qr


def progressive(*, times: int = 0) -> bytes:
    """A progressive JPEG whose last scan stands `times` further times."""
    out = io.BytesIO()
    Image.effect_noise((200, 200), 90).convert("RGB").save(out, "JPEG", progressive=True, restart_marker_blocks=4)
    data = out.getvalue().removesuffix(b"\xff\xd9")
    return data + data[data.rindex(b"\xff\xda") :] * times + b"\xff\xd9"


def test_ordinary_pictures_are_bearable() -> None:
    assert has_bearable_scans(progressive())
    assert has_bearable_scans(progressive() + random.Random(1).randbytes(20_000_000))  # a film behind it
    assert opened(progressive()).size == (200, 200)
    for other in (b"", b"\xff\xd8", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n" + b"\xff\xda" * 999):
        assert has_bearable_scans(other)


def test_a_picture_with_more_scans_than_any_program_writes_is_refused() -> None:
    data = progressive(times=100)
    assert not has_bearable_scans(data)
    with pytest.raises(RenderingError) as raised:
        read_qr(data)
    assert raised.value.code == "qr.picture"
    with pytest.raises(RenderingError) as raised:
        opened(data)
    assert raised.value.code == "rendering.badge-image"


def test_scans_hide_behind_no_marker() -> None:
    """One without a length would else be taken for one that says how much to skip."""
    data = progressive(times=100)
    first = data.index(b"\xff\xda")
    assert not has_bearable_scans(data[:first] + b"\xff\x01\xff" + data[first:])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["WEBP", "TIFF"])
def test_kinds_that_take_much_memory_may_have_fewer_pixels(kind: str) -> None:
    out = io.BytesIO()
    Image.new("1" if kind == "TIFF" else "L", (5_000, 5_000)).save(out, kind)
    with pytest.raises(RenderingError) as raised:
        read_qr(out.getvalue())
    assert raised.value.code == "qr.too-large"
