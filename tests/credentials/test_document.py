"""Documents: what two readers could read differently is refused, with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurea.credentials.document import Document, parse, pointer, serialise
from laurea.credentials.errors import DocumentError

values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53) + 1, 2**53 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
)


@given(st.dictionaries(st.text(), values, max_size=5))
def test_there_and_back(document: Document) -> None:
    assert parse(serialise(document)) == document
    assert parse(serialise(document).encode()) == document
    assert parse(b"\xef\xbb\xbf" + serialise(document).encode()) == document


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "document.syntax"),
        (b"{", "document.syntax"),
        (b'{"a": 1,}', "document.syntax"),
        (b'{"a": 01}', "document.syntax"),
        (b"{'a': 1}", "document.syntax"),
        (b'{"a": 1} x', "document.syntax"),
        (b'{"a": "\n"}', "document.syntax"),
        (b'{"a": "\\x"}', "document.syntax"),
        (b"[]", "document.not-an-object"),
        (b"null", "document.not-an-object"),
        (b'"text"', "document.not-an-object"),
        (b'{"a": 1, "a": 1}', "document.duplicate-member"),
        (b'{"a": 1, "\\u0061": 2}', "document.duplicate-member"),
        (b'{"b": [{"a": 1, "a": 2}]}', "document.duplicate-member"),
        (b'{"a": NaN}', "document.number"),
        (b'{"a": -Infinity}', "document.number"),
        (b'{"a": 1e999}', "document.number"),
        (b'{"a": 9007199254740993}', "document.number"),
        (b'{"a": ' + b"9" * 100_000 + b"}", "document.number"),
        (b'{"a": "\\ud800"}', "document.surrogate"),
        (b'{"\\udc00": 1}', "document.surrogate"),
        (b'{"a": "\xff"}', "document.encoding"),
        ('{"a": 1}'.encode("utf-16"), "document.encoding"),
        (b'{"a": "\xed\xa0\x80"}', "document.encoding"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "document.too-deep"),
        (b"[" * 200_000, "document.too-deep"),
        (b'{"a": "' + b"x" * (1 << 20) + b'"}', "document.too-large"),
    ],
)
def test_refused(text: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as raised:
        parse(text)
    assert raised.value.code == code
    assert raised.value.message


def test_brackets_in_texts_are_no_depth() -> None:
    text = '{"a": "' + "[{" * 1000 + '\\"' + "[" * 1000 + '"}'
    assert parse(text) == {"a": "[{" * 1000 + '"' + "[" * 1000}


def test_limits_are_the_callers() -> None:
    assert parse(b'{"a": [[1]]}', max_depth=3) == {"a": [[1]]}
    with pytest.raises(DocumentError):
        parse(b'{"a": [[1]]}', max_depth=2)
    with pytest.raises(DocumentError):
        parse(b'{"a": 1}', max_bytes=7)


@pytest.mark.parametrize(
    ("value", "code"),
    [(float("nan"), "document.number"), (float("inf"), "document.number"), ("\ud800", "document.surrogate")],
)
def test_what_json_cannot_carry_is_not_written(value: float | str, code: str) -> None:
    with pytest.raises(DocumentError) as raised:
        serialise({"a": value})
    assert raised.value.code == code


def test_pointers() -> None:
    assert pointer("credentialSubject", "a/b", 0, "~") == "/credentialSubject/a~1b/0/~0"
