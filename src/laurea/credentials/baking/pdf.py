"""A credential in a PDF: an attachment, ``credential.json`` with the relationship Source.

Open Badges 3.0 says nothing of PDF; this follows PDF itself (ISO 32000-2, 7.11.4 embedded files, 14.13 associated
files) as PDF/A-3 narrows it. Other attachments are left alone; two different credentials are refused, since nothing
would tell which one the page is about.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from laurea.credentials.baking.limits import LARGEST_TEXT, none, several, text_too_large
from laurea.credentials.baking.pdf_file import HEADER_WITHIN, PdfFile, open_pdf
from laurea.credentials.baking.pdf_objects import Dict, Name, Ref, Stream, Value, damaged, write_dictionary, write_value
from laurea.credentials.errors import BakingError

__all__ = ["ATTACHMENT", "HEADER_WITHIN", "MOST_ATTACHMENTS", "attachment", "embed", "extract"]

ATTACHMENT = "credential.json"
MOST_ATTACHMENTS = 1_000
"""Attachments that are looked through; a PDF with more is refused."""

_MOST_CANDIDATES = 50
_NAMES = re.compile(r"credential\.(?:json|jsonld|jwt|jws)", re.IGNORECASE)
_LIKELY_NAME = re.compile(r".*\.(?:json|jsonld|jwt|jws|txt)", re.IGNORECASE | re.DOTALL)
_LIKELY_TYPE = re.compile(r"application/(?:vc|vc\+.*|ld\+json|json|jwt|jose)|text/plain")
_TOKEN = re.compile(rb"\s*ey[\w-]++\.ey[\w-]++\.[\w-]++\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Attachment:
    """A file specification: its name, where it is listed, and the stream with its content, unread."""

    name: str
    key: bytes
    specification: Value
    stream: Value

    @property
    def is_named_credential(self) -> bool:
        return _NAMES.fullmatch(self.name) is not None


def extract(data: bytes) -> bytes:
    """The text of the one credential attached to the PDF `data`.

    Raises `BakingError`: ``baking.none``, ``baking.several``, ``baking.too-large``, ``baking.pdf-damaged``,
    ``baking.pdf-encrypted``, ``baking.pdf-attachments`` (too many), ``baking.pdf-filter``, ``baking.pdf-too-complex``.
    """
    file = open_pdf(data)
    texts = dict.fromkeys(text for _, text in _credentials(file, _attachments(file)))
    if len(texts) > 1:
        raise several("The PDF")
    if not texts and file.newest_section is None:
        raise damaged("a part of it is missing, and with it what was attached")
    if not texts:
        raise none(
            "The PDF", "Printing or scanning loses attachments: ask for the original file, or use the code on it"
        )
    return next(iter(texts))


def attachment(data: bytes, name: str, most: int) -> bytes | None:
    """What is attached to the PDF `data` as `name`, if there is such and it has `most` bytes at the most.

    Raises `BakingError` for a file that cannot be read, as `extract` does.
    """
    file = open_pdf(data)
    for attached in _attachments(file):
        stream = file.resolve(attached.stream)
        if attached.name == name and isinstance(stream, Stream):
            return file.content(stream, most)
    return None


def embed(data: bytes, credential: bytes, *, modified: datetime | None = None) -> bytes:
    """The PDF `data` with `credential` attached as its source, in place of one that it may have held.

    Written as an incremental update: the bytes of `data` stay as they are, so signatures in it still cover what they
    covered. A PDF/A-3 (or PDF/A-4f) stays one when `modified`, the moment to note for the attachment, is given; PDF/A-1
    and PDF/A-2 allow no such attachment, and the file ceases to be one. Raises what `extract` raises for a file that
    cannot be read.
    """
    if len(credential) > LARGEST_TEXT:
        raise text_too_large(len(credential))
    file = open_pdf(data)
    if file.newest_section is None:
        raise damaged("its table of contents is broken, so nothing can be added to it")
    # References count from the header; whatever was before it goes.
    data = file.data
    listed = list(_attachments(file))
    held = {attachment.key for attachment, _ in _credentials(file, listed)}
    kept = [attachment for attachment in listed if attachment.key not in held]
    dropped = [attachment.specification for attachment in listed if attachment.key in held]
    first = file.size
    content, specification, tree, catalog = (Ref(first + offset, 0) for offset in range(4))
    root = file.trailer.get("Root")
    entries = dict(file.dictionary(root))
    pairs = sorted([(item.key, item.specification) for item in kept] + [(ATTACHMENT.encode(), specification)])
    entries["Names"] = {**file.dictionary(entries.get("Names")), "EmbeddedFiles": tree}
    entries["AF"] = [item for item in file.array(entries.get("AF")) if item not in dropped] + [specification]
    catalog = root if isinstance(root, Ref) else catalog
    objects = {
        content: _stream(_file_entries(credential, modified), credential),
        specification: write_dictionary(_specification(content)),
        tree: write_dictionary({"Names": [item for pair in pairs for item in pair]}),
        catalog: write_dictionary(entries),
    }
    return data + _update(file, len(data), objects, catalog)


def _attachments(file: PdfFile) -> Iterator[_Attachment]:
    """All attachments of the document: by name (7.7.4), and those associated with it as a whole (14.13.2)."""
    catalog = file.dictionary(file.trailer.get("Root"))
    count = 0
    seen: list[Value] = []
    names = _names(file, file.dictionary(catalog.get("Names")).get("EmbeddedFiles"))
    associated = ((b"", item) for item in file.array(catalog.get("AF")))
    for source in (names, associated):
        for key, specification in source:
            if key == b"" and specification in seen:
                continue
            seen.append(specification)
            count += 1
            if count > MOST_ATTACHMENTS:
                raise BakingError(
                    "baking.pdf-attachments",
                    f"The PDF has more than {MOST_ATTACHMENTS:,} attachments",
                    "Hand over the credential itself",
                )
            entries = file.dictionary(specification)
            embedded = file.dictionary(entries.get("EF"))
            name = file.resolve(entries.get("UF", entries.get("F")))
            stream = embedded.get("UF", embedded.get("F"))
            yield _Attachment(_text(name) or _text(key), key, specification, stream)


def _names(file: PdfFile, root: Value) -> Iterator[tuple[bytes, Value]]:
    """The pairs of a name tree (7.9.6)."""
    waiting, seen = [root], set[Ref]()
    while waiting:
        node = waiting.pop()
        file.budget.spend(5)
        if isinstance(node, Ref):
            if node in seen:
                continue
            seen.add(node)
        entries = file.dictionary(node)
        pairs = file.array(entries.get("Names"))
        for key, value in zip(pairs[::2], pairs[1::2], strict=False):
            resolved = file.resolve(key)
            yield resolved if isinstance(resolved, bytes) else b"", value
        waiting.extend(reversed(file.array(entries.get("Kids"))))


def _credentials(
    file: PdfFile, attachments: Iterator[_Attachment] | list[_Attachment]
) -> Iterator[tuple[_Attachment, bytes]]:
    """The attachments that are credentials, with their texts: by name, or by what they hold."""
    looked_at = 0
    for attachment in attachments:
        stream = file.resolve(attachment.stream)
        if not isinstance(stream, Stream):
            continue
        kind = file.resolve(stream.entries.get("Subtype"))
        named = attachment.is_named_credential
        if not named and not _LIKELY_NAME.fullmatch(attachment.name) and not _LIKELY_TYPE.fullmatch(str(kind)):
            continue
        looked_at += 1
        if looked_at > _MOST_CANDIDATES:
            raise BakingError(
                "baking.pdf-attachments",
                f"The PDF has more than {_MOST_CANDIDATES} attachments that might be credentials",
                "Hand over the credential itself",
            )
        text = file.content(stream, LARGEST_TEXT)
        if text is None and named:
            raise text_too_large()
        if text is not None and (named or _looks_like_credential(text)):
            yield attachment, text


def _looks_like_credential(text: bytes) -> bool:
    opening = text[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return (opening.startswith(b"{") and b'"VerifiableCredential"' in text) or _TOKEN.fullmatch(text) is not None


def _text(value: Value) -> str:
    """A text string (7.9.2.2); PDFDocEncoding is read as Latin 1, which agrees on every name that matters here."""
    if not isinstance(value, bytes):
        return ""
    if value.startswith(b"\xfe\xff"):
        return value[2:].decode("utf-16-be", "replace")
    if value.startswith(b"\xef\xbb\xbf"):
        return value[3:].decode("utf-8", "replace")
    return value.decode("latin-1")


def _file_entries(credential: bytes, modified: datetime | None) -> Dict:
    is_token = _TOKEN.fullmatch(credential) is not None
    parameters: Dict = {
        "Size": len(credential),
        "CheckSum": hashlib.md5(credential, usedforsecurity=False).digest(),
    }
    if modified is not None:
        offset = modified.strftime("%z") or "+0000"
        written = f"D:{modified:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}"
        parameters["ModDate"] = written.encode()
    return {
        "Type": Name("EmbeddedFile"),
        "Subtype": Name("application/vc+jwt" if is_token else "application/vc+ld+json"),
        "Params": parameters,
    }


def _specification(content: Ref) -> Dict:
    name = ATTACHMENT.encode()
    return {
        "Type": Name("Filespec"),
        "F": name,
        "UF": name,
        "EF": {"F": content, "UF": content},
        "AFRelationship": Name("Source"),
        "Desc": b"The signed credential that this document shows",
    }


def _stream(entries: Dict, content: bytes) -> bytes:
    return write_dictionary({**entries, "Length": len(content)}) + b"\nstream\n" + content + b"\nendstream"


def _update(file: PdfFile, length: int, objects: dict[Ref, bytes], catalog: Ref) -> bytes:
    """An incremental update (7.5.6) with `objects`, to stand behind the first `length` bytes."""
    body = bytearray(b"\n")
    positions: dict[Ref, int] = {}
    for ref, content in sorted(objects.items()):
        positions[ref] = length + len(body)
        body += f"{ref.number} {ref.generation} obj\n".encode() + content + b"\nendobj\n"
    start = length + len(body)
    size = max(ref.number for ref in objects) + 1
    trailer: Dict = {name: file.trailer[name] for name in ("Info", "ID") if name in file.trailer}
    trailer |= {"Root": catalog, "Prev": file.newest_section}
    if file.uses_streams:
        own = Ref(size, 0)
        positions[own] = start
        rows = b"".join(
            b"\1" + position.to_bytes(5, "big") + ref.generation.to_bytes(2, "big")
            for ref, position in sorted(positions.items())
        )
        index: list[Value] = [item for ref in sorted(positions) for item in (ref.number, 1)]
        trailer |= {"Type": Name("XRef"), "Size": size + 1, "W": [1, 5, 2], "Index": index}
        body += f"{own.number} 0 obj\n".encode() + _stream(trailer, rows) + b"\nendobj\n"
    else:
        body += b"xref\n" + b"".join(
            f"{ref.number} 1\n{position:010d} {ref.generation:05d} n\r\n".encode()
            for ref, position in sorted(positions.items())
        )
        body += b"trailer\n" + write_value({**trailer, "Size": size}) + b"\n"
    return bytes(body) + f"startxref\n{start}\n%%EOF\n".encode()
