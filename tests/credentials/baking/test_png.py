"""PNG: one iTXt chunk in, the same text out, every other chunk as it was."""

from __future__ import annotations

import contextlib
import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from laurea.credentials.baking import Kind, embed, extract, png
from laurea.credentials.errors import BakingError


def chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def picture() -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(out, "PNG")
    return out.getvalue()


PICTURE = picture()
END = chunk(b"IEND", b"")


def with_chunks(*chunks: bytes) -> bytes:
    return PICTURE.removesuffix(END) + b"".join(chunks) + END


def itxt(text: bytes, *, keyword: bytes = png.KEYWORD, flags: bytes = b"\0\0", between: bytes = b"\0\0") -> bytes:
    return chunk(b"iTXt", keyword + b"\0" + flags + between + text)


def code_of(data: bytes) -> str:
    with pytest.raises(BakingError) as caught:
        extract(data)
    return caught.value.code


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1))
def test_what_was_baked_comes_out(text: str) -> None:
    baked = embed(PICTURE, text.encode())
    assert (extract(baked).kind, extract(baked).text) == (Kind.PNG, text.encode())


def test_baking_again_replaces_the_credential_and_keeps_the_rest() -> None:
    once = embed(PICTURE, b'{"one": 1}')
    twice = embed(once, b'{"two": 2}')
    assert extract(twice).text == b'{"two": 2}'
    assert embed(twice, b'{"one": 1}') == once
    assert len(twice) == len(once)


def test_the_picture_keeps_its_pixels_and_its_other_chunks() -> None:
    before = with_chunks(chunk(b"tEXt", b"Author\0Ada"))
    after = embed(before, b"{}")
    assert after.replace(itxt(b"{}"), b"") == before
    with Image.open(io.BytesIO(after)) as baked, Image.open(io.BytesIO(PICTURE)) as plain:
        assert baked.tobytes() == plain.tobytes()


def test_the_chunk_is_what_the_standard_asks_for() -> None:
    with Image.open(io.BytesIO(embed(PICTURE, b'{"a": "\xc3\xbc"}'))) as opened:
        opened.load()
        text = opened.text["openbadgecredential"]
    assert (str(text), text.lang, text.tkey) == ('{"a": "ü"}', "", "")


def test_a_language_and_a_translated_keyword_of_others_are_passed_over() -> None:
    assert extract(with_chunks(itxt(b"{}", between=b"en\0badge\0"))).text == b"{}"


def test_text_chunks_of_other_kinds_are_left_alone() -> None:
    assert extract(with_chunks(chunk(b"tEXt", b"Comment\0openbadgecredential"), itxt(b"{}"))).text == b"{}"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (PICTURE, "baking.none"),
        (with_chunks(itxt(b"{}", keyword=b"clrcredential")), "baking.none"),
        (with_chunks(itxt(b"{}"), itxt(b"{}")), "baking.several"),
        (with_chunks(itxt(b"{}"), chunk(b"tEXt", png.KEYWORD + b"\0{}")), "baking.several"),
        (with_chunks(chunk(b"tEXt", png.KEYWORD + b"\0{}")), "baking.png-form"),
        (with_chunks(chunk(b"zTXt", png.KEYWORD + b"\0\0" + zlib.compress(b"{}"))), "baking.png-form"),
        (with_chunks(itxt(zlib.compress(b"{}"), flags=b"\1\0")), "baking.png-form"),
        (with_chunks(chunk(b"iTXt", png.KEYWORD + b"\0\0")), "baking.png-damaged"),
        (with_chunks(chunk(b"iTXt", png.KEYWORD + b"\0\0\0en")), "baking.png-damaged"),
        (with_chunks(itxt(b"{}")[:-1] + b"?"), "baking.png-damaged"),
        (with_chunks(itxt(b" " * (1024 * 1024 + 1))), "baking.too-large"),
        (PICTURE[:20], "baking.png-damaged"),
        (PICTURE[:-4], "baking.png-damaged"),
        (embed(PICTURE, b"{}")[:-30], "baking.png-damaged"),
        (PICTURE.removesuffix(END) + b"\x7f\xff\xff\xffiTXt" + png.KEYWORD + b"\0" * 900, "baking.png-damaged"),
        (PICTURE.removesuffix(END) + chunk(b"iDOT", b"") * 70_000 + END, "baking.png-damaged"),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_what_open_badges_2_baked_comes_out() -> None:
    assert extract(with_chunks(itxt(b"{}", keyword=b"openbadges"))).text == b"{}"
    assert extract(with_chunks(chunk(b"tEXt", b"openbadges\0{}"))).text == b"{}"
    assert code_of(with_chunks(chunk(b"zTXt", b"openbadges\0\0{}"))) == "baking.png-form"
    assert code_of(with_chunks(itxt(b"{}"), chunk(b"tEXt", b"openbadges\0{}"))) == "baking.several"
    assert extract(embed(with_chunks(itxt(b"{}", keyword=b"openbadges")), b"{1}")).text == b"{1}"


def test_a_learner_record_is_told_as_one() -> None:
    with pytest.raises(BakingError, match="Comprehensive Learner Record"):
        extract(with_chunks(itxt(b"{}", keyword=b"clrcredential")))


def test_chunks_behind_the_end_do_not_count() -> None:
    assert code_of(PICTURE + itxt(b"{}")) == "baking.none"


def test_a_credential_with_a_null_byte_is_not_baked() -> None:
    with pytest.raises(BakingError, match="null byte"):
        embed(PICTURE, b"{\0}")


@given(st.integers(0, len(PICTURE) - 1), st.binary(max_size=40))
def test_a_damaged_picture_is_refused_or_read_and_nothing_else(place: int, junk: bytes) -> None:
    baked = embed(PICTURE, b'{"a": 1}')
    with contextlib.suppress(BakingError):
        assert extract(baked[:place] + junk + baked[place + len(junk) :]).text == b'{"a": 1}'
