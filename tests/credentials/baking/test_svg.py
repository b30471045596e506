"""SVG: the credential directly after <svg>, whatever the drawing looks like."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurea.credentials.baking import Kind, embed, extract
from laurea.credentials.errors import BakingError

NS = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
PLAIN = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
TOKEN = b"eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl"
DRAWINGS = [
    PLAIN,
    b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    b'<svg xmlns="http://www.w3.org/2000/svg" ></svg >',
    b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>\n<!-- <svg> -->\n"
    b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd'>\n"
    b"<svg xmlns='http://www.w3.org/2000/svg' aria-label='a > b'>\n<title>\xc3\xbc</title></svg>\n",
    b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>',
    f'<svg xmlns="http://www.w3.org/2000/svg" {NS}><g/></svg>'.encode(),
]


def svg(inner: str, attributes: str = NS) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inner}<g/></svg>'.encode()


@pytest.mark.parametrize("drawing", DRAWINGS)
@given(text=st.text(st.characters(exclude_categories=("Cs",))))
def test_what_was_baked_means_the_same(drawing: bytes, text: str) -> None:
    document = {"text": text, "closing": "]]>", "escaped": "\\]]>\uffff"}
    baked = embed(drawing, json.dumps(document, ensure_ascii=False).encode())
    assert extract(baked).kind is Kind.SVG
    assert json.loads(extract(baked).text) == document


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_a_token_stands_in_the_attribute(drawing: bytes) -> None:
    baked = embed(drawing, TOKEN)
    assert extract(baked).text == TOKEN
    first = next(iter(ElementTree.fromstring(baked)))  # noqa: S314 - our own
    assert (first.tag, first.get("verify")) == ("{https://purl.imsglobal.org/ob/v3p0}credential", TOKEN.decode())


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_baking_again_replaces_the_credential(drawing: bytes) -> None:
    once = embed(drawing, b'{"one": 1}')
    assert embed(embed(once, TOKEN), b'{"one": 1}') == once
    assert embed(embed(embed(drawing, TOKEN), b'{"one": 1}'), TOKEN) == embed(drawing, TOKEN)


def test_the_drawing_keeps_its_bytes() -> None:
    element = b"<openbadges:credential><![CDATA[{}]]></openbadges:credential>"
    assert embed(PLAIN, b"{}") == PLAIN.replace(b'svg">', b'svg" ' + NS.encode() + b">" + element)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (PLAIN, "baking.none"),
        (svg('<g><openbadges:credential verify="a"/></g>'), "baking.svg-form"),
        (svg('<openbadges:credential verify="a"/>' * 2), "baking.several"),
        (svg('<openbadges:credential verify="a">{}</openbadges:credential>'), "baking.svg-form"),
        (svg("<openbadges:credential/>"), "baking.svg-form"),
        (svg("<openbadges:credential><g/>{}</openbadges:credential>"), "baking.svg-form"),
        (svg("<openbadges:credential>" + " " * (1 << 20) + " </openbadges:credential>"), "baking.too-large"),
        (svg(f'<openbadges:credential verify="{"a" * (1 << 20)}a"/>'), "baking.too-large"),
        (svg("<g>" * 300 + "</g>" * 300), "baking.svg-damaged"),
        (PLAIN[:-3], "baking.svg-damaged"),
        (b"<svg/>", "baking.svg-damaged"),
        (b"<note/>", "baking.svg-damaged"),
        (b"<?xml version='1.0' encoding='klingon'?>" + PLAIN, "baking.svg-damaged"),
        (b"<!DOCTYPE html><html></html>", "baking.unknown-kind"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + PLAIN, "baking.svg-entities"),
        (b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + PLAIN, "baking.svg-entities"),
        (b'<!DOCTYPE svg [<!ENTITY % a "b">]>' + PLAIN, "baking.svg-entities"),
        (svg(" " * 4 * 1024 * 1024), "baking.too-large"),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(BakingError) as caught:
        extract(data)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("drawing", "code"),
    [
        (b"<?xml version='1.0' encoding='iso-8859-1'?>" + PLAIN, "baking.svg-encoding"),
        (svg("", 'xmlns:openbadges="http://openbadges.org"'), "baking.svg-prefix"),
    ],
)
def test_drawings_that_nothing_is_baked_into(drawing: bytes, code: str) -> None:
    with pytest.raises(BakingError) as caught:
        embed(drawing, b"{}")
    assert caught.value.code == code


def test_what_open_badges_2_baked_comes_out() -> None:
    names = 'xmlns:openbadges="http://openbadges.org"'
    assert extract(svg("<openbadges:assertion><![CDATA[{}]]></openbadges:assertion>", names)).text == b"{}"
    assert extract(svg(f'<g><openbadges:assertion verify="{TOKEN.decode()}"/></g>', names)).text == TOKEN
    both = f'{names} xmlns:ob="https://purl.imsglobal.org/ob/v3p0"'
    with pytest.raises(BakingError) as caught:
        extract(svg("<openbadges:assertion>{}</openbadges:assertion><ob:credential>{}</ob:credential>", both))
    assert caught.value.code == "baking.several"
