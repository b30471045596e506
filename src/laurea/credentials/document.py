"""JSON documents: read strictly, written one way.

A verifier must see what the signer saw. So a text with two members of one name, a NaN, a lone surrogate, or nested
without bound is no document for us, although many JSON readers would take it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import NoReturn, TypeAlias

from laurea.credentials.errors import DocumentError

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"
Document: TypeAlias = dict[str, JSON]

MAX_BYTES = 1 << 20
"""The longest credential that is read, in bytes."""
MAX_DEPTH = 64
"""The deepest nesting of objects and arrays that is read."""

_LARGEST_INTEGER = (1 << 53) - 1
# Possessive, and content with a string that never ends: hostile texts must not make it try again and again.
_STRINGS = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse(text: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Document:
    """The JSON object that `text` (UTF-8, with or without a byte order mark) holds.

    Raises `DocumentError`, codes ``document.``: ``too-large``, ``encoding``, ``too-deep``, ``syntax``,
    ``duplicate-member``, ``number``, ``surrogate``, ``not-an-object``.
    """
    size = len(text)
    if size > max_bytes:
        raise DocumentError(
            "document.too-large",
            f"The document has {size:,} bytes, more than the {max_bytes:,} that are read",
            "A credential is a few kilobytes; perhaps this is another file",
        )
    decoded = _decode(text) if isinstance(text, bytes) else text
    _refuse_depth(decoded, max_depth)
    value = _load(decoded)
    if not isinstance(value, dict):
        raise DocumentError(
            "document.not-an-object", "The document is JSON, but not an object", "It should start with {"
        )
    _refuse_surrogates(decoded, value)
    return value


def serialise(document: Document) -> str:
    """The text of a document as we sign, store and bake it: UTF-8 throughout, two spaces of indent.

    Raises `DocumentError` (``document.surrogate``, ``document.number``) for a value that JSON cannot carry.
    """
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    except ValueError:
        raise DocumentError("document.number", "The document holds a number that JSON cannot write") from None
    except RecursionError:
        raise DocumentError("document.too-deep", "The document is nested too deeply to be written") from None
    if _SURROGATE.search(text):
        raise _lone_surrogate()
    return text


def pointer(*steps: str | int) -> str:
    """A JSON pointer (RFC 6901) to a member, as error messages name places: ``/credentialSubject/achievement``."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps) or "/"


def leaves(value: JSON, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], JSON]]:
    """Each value in the document that holds no other, with the way to it."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def _decode(text: bytes) -> str:
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(
            "document.encoding",
            f"The document is not UTF-8: byte {error.start + 1} cannot be read",
            "JSON credentials are always UTF-8; save the file anew from where it came",
        ) from None


def _refuse_depth(text: str, max_depth: int) -> None:
    """Count brackets outside strings: the parser behind has a stack that hostile nesting would exhaust."""
    if text.count("[") + text.count("{") <= max_depth:
        return
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", _STRINGS.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > max_depth:
            raise DocumentError(
                "document.too-deep",
                f"The document is nested more than {max_depth} levels deep",
                "A credential has about ten levels; this file was not made to be read",
            )


def _load(text: str) -> JSON:
    try:
        value: JSON = json.loads(
            text, object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        raise DocumentError(
            "document.syntax",
            f"The document is not JSON: {error.msg} at line {error.lineno}, column {error.colno}",
            "Perhaps the file is cut off, or of another kind",
        ) from None
    except RecursionError:
        raise DocumentError("document.too-deep", "The document is nested too deeply to be read") from None
    return value


def _object(members: list[tuple[str, JSON]]) -> Document:
    found = dict(members)
    if len(found) != len(members):
        [(twice, _)] = Counter(name for name, _ in members).most_common(1)
        raise DocumentError(
            "document.duplicate-member",
            f"An object has the member “{twice[:80]}” more than once",
            "Two readers could see two different documents, so it is refused",
        )
    return found


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(number := int(digits)) > _LARGEST_INTEGER:
        raise DocumentError(
            "document.number",
            f"The number {digits[:24]}{'…' if len(digits) > 24 else ''} is too large to be read alike everywhere",
            "Integers go up to 9007199254740991; write longer ones as text",
        )
    return number


def _number(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise DocumentError("document.number", f"The number {digits[:24]} is too large to be read")
    return number


def _constant(name: str) -> NoReturn:
    raise DocumentError("document.number", f"{name} is not a number that JSON knows")


def _refuse_surrogates(text: str, document: Document) -> None:
    """A half of a surrogate pair, written as an escape, stands for no character."""
    if "\\u" in text or "\\U" in text or _SURROGATE.search(text):
        try:
            json.dumps(document, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            raise _lone_surrogate() from None


def _lone_surrogate() -> DocumentError:
    return DocumentError(
        "document.surrogate",
        "The document holds half of a character (a lone surrogate)",
        "It cannot be written as UTF-8, so it cannot be signed or judged",
    )
