"""Baking: a credential inside a picture or PDF, put in and taken out.

Files are told apart by their content, never by their name. Section 5.3 of Open Badges 3.0 ("Document Formats") says how
a PNG and an SVG carry a credential; for PDF there is no such rule, and Laurea attaches the text as ``credential.json``
with the relationship Source (ISO 32000-2, 7.11.4 and 14.13).

Whatever is handed over may be hostile: each reader bounds what it reads, unpacks and visits before it does so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from laurea.credentials.baking import pdf, png, svg
from laurea.credentials.baking.limits import LARGEST_FILE, LARGEST_TEXT, file_too_large, text_too_large
from laurea.credentials.baking.pdf import embed as embed_pdf
from laurea.credentials.baking.png import embed as embed_png
from laurea.credentials.baking.svg import embed as embed_svg
from laurea.credentials.errors import BakingError

__all__ = ["LARGEST_FILE", "Extracted", "Kind", "embed", "embed_pdf", "embed_png", "embed_svg", "extract", "kind_of"]


class Kind(StrEnum):
    """What a file is."""

    JSON = "json"
    JWT = "jwt"
    PNG = "png"
    SVG = "svg"
    PDF = "pdf"
    PICTURE = "picture"
    """A photograph or another picture in which no credential can be baked, though a QR code may be seen in it."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a credential (JSON in UTF-8, or a compact JWS in ASCII) and the kind of file it was found in."""

    kind: Kind
    text: bytes


_COMPACT_JWS = re.compile(rb"\s*ey[\w-]*+\.[\w-]*+\.[\w-]*+\s*", re.ASCII)
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_PICTURES = (b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*")
_PACKED = {
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "packed with GZIP",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
}
_ACCEPTED = "Hand over the JSON, JWT, PNG, SVG or PDF of a credential, or a picture of its QR code"


def kind_of(data: bytes) -> Kind:
    """What `data` is, by its first bytes.

    Raises `BakingError`: ``baking.empty``, ``baking.packed`` (an archive), ``baking.unknown-kind``.
    """
    opening = data[:2048].removeprefix(_UTF8_MARK).lstrip()
    if data.startswith(png.SIGNATURE):
        return Kind.PNG
    if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or data[4:8] == b"ftyp":
        return Kind.PICTURE
    if b"%PDF-" in data[: pdf.HEADER_WITHIN]:
        return Kind.PDF
    if opening.startswith(b"<"):
        if opening[:14].lower().startswith((b"<!doctype html", b"<html")):
            raise BakingError(
                "baking.unknown-kind", "This is a web page", "Hand over its address, or the file to download"
            )
        return Kind.SVG
    if opening.startswith(b"ey") and _COMPACT_JWS.fullmatch(data):
        return Kind.JWT
    if opening.startswith((b"{", b"[")):
        return Kind.JSON
    return _refuse(data, opening)


def extract(data: bytes) -> Extracted:
    """The one credential in `data`, its text as it was put there; whether it is genuine is another question.

    Raises `BakingError`: what `kind_of` raises; ``baking.too-large``; ``baking.none`` when there is no credential;
    ``baking.several`` when there are two; and for each kind of file what its reader says (`png`, `svg`, `pdf`).
    """
    if len(data) > LARGEST_FILE:
        raise file_too_large()
    kind = kind_of(data)
    match kind:
        case Kind.PNG:
            return Extracted(kind, png.extract(data))
        case Kind.SVG:
            return Extracted(kind, svg.extract(data))
        case Kind.PDF:
            return Extracted(kind, pdf.extract(data))
        case Kind.PICTURE:
            raise BakingError(
                "baking.none", "This kind of picture cannot hold a credential", "A PNG, SVG or PDF can; a JPEG cannot"
            )
        case _:
            # A token is a third longer than what it carries.
            if len(data) > LARGEST_TEXT * 3 // 2:
                raise text_too_large(len(data))
            return Extracted(kind, data)


def embed(data: bytes, credential: bytes) -> bytes:
    """The PNG, SVG or PDF `data` with `credential` in it, in place of one that it may have held.

    `credential` is the signed text: JSON in UTF-8 or a compact JWS. Pixels, drawing and pages stay as they are. Raises
    `BakingError`: ``baking.not-bakeable`` for other files, and what the writers say.
    """
    match kind_of(data):
        case Kind.PNG:
            return png.embed(data, credential)
        case Kind.SVG:
            return svg.embed(data, credential)
        case Kind.PDF:
            return pdf.embed(data, credential)
        case _:
            raise BakingError(
                "baking.not-bakeable",
                "A credential can be put into PNG, SVG and PDF files only",
                "Save the picture as PNG first",
            )


def _refuse(data: bytes, opening: bytes) -> Kind:
    if not opening.strip(b"\0 \t\r\n"):
        raise BakingError("baking.empty", "The file is empty", _ACCEPTED)
    for mark, what in _PACKED.items():
        if data.startswith(mark):
            raise BakingError("baking.packed", f"The file is {what}", "Unpack it and hand over what is inside")
    if data.startswith(_UTF16_MARKS):
        raise BakingError("baking.unknown-kind", "The text is in UTF-16", "Save it as UTF-8, which JSON must be in")
    raise BakingError("baking.unknown-kind", "This is no file that a credential comes in", _ACCEPTED)
