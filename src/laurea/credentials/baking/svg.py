"""A credential in an SVG: one ``<openbadges:credential>`` directly after ``<svg>``.

Open Badges 3.0, 5.3.2 (baking an SVG): JSON as CDATA, or a compact JWS as the attribute ``verify``. The parser declares
no entities and loads nothing, so nothing can expand and nothing is fetched. Read is also what Open Badges 2.0 put
there: ``<openbadges:assertion>`` of the namespace ``http://openbadges.org``, anywhere in the picture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from laurea.credentials.baking.limits import LARGEST_TEXT, none, several, text_too_large
from laurea.credentials.errors import BakingError

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"

LARGEST_SVG = 4 * 1024 * 1024
"""Bytes; a badge drawn in vectors has a few thousand."""

_SVG = "http://www.w3.org/2000/svg svg"
_CREDENTIAL = f"{NAMESPACE} credential"
_ASSERTION = "http://openbadges.org assertion"
_DEEPEST = 256
_MOST_ATTRIBUTES = 1_000
_NEITHER_IN_XML = re.compile("[\ufffe\uffff]")
_ENCODINGS = ("utf-8", "us-ascii", "ascii")


@dataclass(slots=True)
class _Seen:
    """What the parser has met so far. Byte positions are those of the file."""

    depth: int = 0
    root_start: int = -1
    prefixes: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    count: int = 0
    start: int = -1
    end: int = -1
    inside: bool = False
    inside_depth: int = 2
    verify: str | None = None
    text: list[str] = field(default_factory=list)
    size: int = 0


def extract(data: bytes) -> bytes:
    """The text of the one credential in the SVG `data`, without surrounding white space.

    Raises `BakingError`: ``baking.none``, ``baking.several``, ``baking.too-large``, ``baking.svg-damaged`` (not
    well-formed, no SVG, too deep), ``baking.svg-entities``, ``baking.svg-form`` (the credential is not where or how the
    standard asks).
    """
    seen = _read(data)
    if not seen.count:
        raise none("The SVG", "Ask the issuer for the badge as it was issued, or use the code or QR code")
    text = "".join(seen.text).strip()
    if seen.verify is not None:
        if text:
            raise _form("is there twice, as an attribute and as text")
        return seen.verify.strip().encode()
    if not text:
        raise _form("is empty")
    return text.encode()


def embed(data: bytes, credential: bytes) -> bytes:
    r"""The SVG `data` with `credential` directly after its opening tag, in place of one it may have held.

    JSON that XML could not carry is written with JSON's own escapes (``]]>`` as ``]]\u003e``): the same values, so the
    signatures stay right. Raises what `extract` raises for damaged files; ``baking.svg-encoding`` unless in UTF-8;
    ``baking.svg-prefix`` when the prefix ``openbadges`` means something else in this file.
    """
    if len(credential) > LARGEST_TEXT:
        raise text_too_large(len(credential))
    seen = _read(data)
    if seen.encoding.lower() not in _ENCODINGS or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BakingError("baking.svg-encoding", f"The SVG is written in {seen.encoding}", "Save it as UTF-8")
    if seen.prefixes.get("openbadges", NAMESPACE) != NAMESPACE:
        raise BakingError(
            "baking.svg-prefix", "The SVG holds a badge of an older standard", "Start from the picture without a badge"
        )
    if seen.count:
        end = _tag_end(data, seen.start)
        if data[end - 1 : end] != b"/":
            end = data.index(b">", seen.end)
        data = data[: seen.start] + data[end + 1 :]
    tag_end = _tag_end(data, seen.root_start)
    empty = data[tag_end - 1 : tag_end] == b"/"
    opening = data[: tag_end - 1] if empty else data[:tag_end]
    if "openbadges" not in seen.prefixes:
        opening += f' xmlns:openbadges="{NAMESPACE}"'.encode()
    closing = b"</" + _root_name(data, seen.root_start) + b">" if empty else b""
    return opening + b">" + _element(credential) + closing + data[tag_end + 1 :]


def _element(credential: bytes) -> bytes:
    try:
        text = credential.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise _form("is not in UTF-8") from None
    if not text.startswith("{"):
        return f"<openbadges:credential verify={quoteattr(text)}/>".encode()
    # Inside JSON, these can only stand in strings, where the escape means the same.
    text = text.replace("]]>", "]]\\u003e")
    text = _NEITHER_IN_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return f"<openbadges:credential><![CDATA[{text}]]></openbadges:credential>".encode()


def _tag_end(data: bytes, start: int) -> int:
    """The position of the ``>`` that closes the tag at `start`; quoted values may hold others."""
    quote = 0
    for position in range(start, len(data)):
        byte = data[position]
        if quote:
            quote = 0 if byte == quote else quote
        elif byte in b"\"'":
            quote = byte
        elif byte == ord(">"):
            return position
    raise _damaged("its first tag has no end")


def _root_name(data: bytes, start: int) -> bytes:
    return re.split(rb"[\s/>]", data[start + 1 : start + 200], maxsplit=1)[0]


def _read(data: bytes) -> _Seen:
    """All that matters about the file, in one pass."""
    if len(data) > LARGEST_SVG:
        raise BakingError(
            "baking.too-large", f"The SVG is larger than {LARGEST_SVG // 1024 // 1024} MiB", "Use the PNG or the JSON"
        )
    parser = expat.ParserCreate(namespace_separator=" ")
    seen = _Seen()
    _listen(parser, seen)
    try:
        parser.Parse(data, True)
    except expat.ExpatError as problem:
        what = expat.ErrorString(problem.code) or "not well-formed"
        raise _damaged(f"{what}, at line {problem.lineno}, column {problem.offset + 1}") from None
    except (ValueError, LookupError):  # expat's own words for an encoding that Python does not know
        raise _damaged("its encoding is not known") from None
    if seen.count > 1:
        raise several("The SVG")
    return seen


def _listen(parser: expat.XMLParserType, seen: _Seen) -> None:
    """Make `parser` write down in `seen` what it meets."""

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        seen.encoding = encoding or seen.encoding

    def entity(*_declared: object) -> NoReturn:
        raise BakingError(
            "baking.svg-entities",
            "The SVG declares entities, with which a small file can unfold into a huge one",
            "Save it as plain SVG",
        )

    def prefix(name: str | None, address: str | None) -> None:
        if seen.depth == 0:
            seen.prefixes[name or ""] = address or ""

    def start(name: str, attributes: dict[str, str]) -> None:
        seen.depth += 1
        if seen.depth == 1:
            if name != _SVG:
                raise _damaged(f"it begins with <{name.rpartition(' ')[2][:40]}> instead of <svg>")
            seen.root_start = parser.CurrentByteIndex
        if seen.depth > _DEEPEST or len(attributes) > _MOST_ATTRIBUTES:
            raise _damaged("its elements are nested too deeply or have too many attributes")
        if seen.inside:
            raise _form("has elements inside")
        if name in (_CREDENTIAL, _ASSERTION):
            if seen.depth != 2 and name == _CREDENTIAL:
                raise _form("is not directly inside <svg>")
            seen.count += 1
            seen.inside_depth = seen.depth
            seen.inside, seen.start = True, parser.CurrentByteIndex
            seen.verify = attributes.get("verify")
            if seen.verify is not None and len(seen.verify) > LARGEST_TEXT:
                raise text_too_large(len(seen.verify))

    def end(_name: str) -> None:
        if seen.inside and seen.depth == seen.inside_depth:
            seen.inside, seen.end = False, parser.CurrentByteIndex
        seen.depth -= 1

    def characters(text: str) -> None:
        if not seen.inside:
            return
        seen.size += len(text)
        if seen.size > LARGEST_TEXT:
            raise text_too_large()
        seen.text.append(text)

    parser.buffer_text = True
    parser.XmlDeclHandler = declaration
    parser.EntityDeclHandler = entity
    parser.StartNamespaceDeclHandler = prefix
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters


def _damaged(what: str) -> BakingError:
    return BakingError("baking.svg-damaged", f"The file is no proper SVG: {what}", "Download it again")


def _form(what: str) -> BakingError:
    return BakingError(
        "baking.svg-form",
        f"The credential in the SVG {what}, against the standard",
        "Ask the issuer for an SVG made as Open Badges 3.0 asks, or for the JSON",
    )
