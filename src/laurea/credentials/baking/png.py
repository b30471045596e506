"""A credential in a PNG: one uncompressed iTXt chunk with the keyword ``openbadgecredential``.

Open Badges 3.0, 5.3.1 (baking a PNG); chunks as in the PNG specification, third edition, sections 5 and 11.3.3. Read
is also what Open Badges 2.0 put there, with the keyword ``openbadges``, in an iTXt or a tEXt chunk.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from laurea.credentials.baking.limits import LARGEST_TEXT, none, several, text_too_large
from laurea.credentials.errors import BakingError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"

OLDER_KEYWORD = b"openbadges"

_OLDER = {b"clrcredential": "a Comprehensive Learner Record"}
_TEXT_CHUNKS = (b"iTXt", b"tEXt", b"zTXt")
_MOST_CHUNKS = 65_536
_IHDR_END = len(SIGNATURE) + 25
_LONGEST_CHUNK = 2**31 - 1


def extract(data: bytes) -> bytes:
    """The text of the one credential in the PNG `data`.

    Raises `BakingError`: ``baking.none``, ``baking.several``, ``baking.too-large``, ``baking.png-damaged`` (truncated,
    a wrong checksum, no PNG inside), ``baking.png-form`` (compressed, or in another kind of chunk than the standard
    asks for).
    """
    found = [
        (kind, start, end, keyword)
        for kind, start, end in _chunks(data)
        if (keyword := _keyword(data, kind, start, end)) in (KEYWORD, OLDER_KEYWORD)
    ]
    if not found:
        raise none("The PNG", _hint_for_none(data))
    if len(found) > 1:
        raise several("The PNG")
    kind, start, end, keyword = found[0]
    is_plain = kind == b"tEXt" and keyword == OLDER_KEYWORD
    if kind != b"iTXt" and not is_plain:
        raise _form(f"stands in a {kind.decode()} chunk instead of an iTXt chunk")
    content = data[start:end]
    if zlib.crc32(content, zlib.crc32(kind)) != int.from_bytes(data[end : end + 4], "big"):
        raise _damaged("the credential's checksum does not match")
    rest = content.partition(b"\0")[2]
    if not is_plain:
        return _text(rest)
    if len(rest) > LARGEST_TEXT:
        raise text_too_large(len(rest))
    return rest


def embed(data: bytes, credential: bytes) -> bytes:
    """The PNG `data` with `credential` right behind its header, in place of one it may have held.

    All other chunks keep their bytes. Raises `BakingError`: ``baking.png-damaged``, ``baking.too-large``,
    ``baking.png-form`` for a credential with a null byte.
    """
    if len(credential) > LARGEST_TEXT:
        raise text_too_large(len(credential))
    if b"\0" in credential:
        raise _form("has a null byte, which a PNG's text may not have")
    content = KEYWORD + b"\0\0\0\0\0" + credential
    checksum = zlib.crc32(content, zlib.crc32(b"iTXt"))
    pieces = [data[:_IHDR_END], len(content).to_bytes(4, "big"), b"iTXt", content, checksum.to_bytes(4, "big")]
    kept = _IHDR_END
    for kind, start, end in _chunks(data):
        if kind in _TEXT_CHUNKS and _keyword(data, kind, start, end) in (KEYWORD, OLDER_KEYWORD):
            pieces.append(data[kept : start - 8])
            kept = end + 4
    pieces.append(data[kept:])
    return b"".join(pieces)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Type, start and end of the content of each chunk, IEND included; every checksum lies inside `data`."""
    if data[12:16] != b"IHDR" or data[8:12] != b"\0\0\0\x0d":
        raise _damaged("its header is missing")
    position, size = len(SIGNATURE), len(data)
    for _ in range(_MOST_CHUNKS):
        length = int.from_bytes(data[position : position + 4], "big")
        kind = data[position + 4 : position + 8]
        start, end = position + 8, position + 8 + length
        if len(kind) < 4:
            raise _damaged("it ends too early")
        if length > _LONGEST_CHUNK or not kind.isalpha():
            raise _damaged(f"at byte {position:,} no chunk begins")
        if end + 4 > size:
            raise _damaged(f"a part of {length:,} bytes is announced, and {max(size - start, 0):,} are there")
        yield kind, start, end
        if kind == b"IEND":
            return
        position = end + 4
    raise _damaged(f"it has more than {_MOST_CHUNKS:,} parts")


def _keyword(data: bytes, kind: bytes, start: int, end: int) -> bytes | None:
    """The keyword of a text chunk; None for other chunks."""
    if kind not in _TEXT_CHUNKS:
        return None
    # A keyword has 79 bytes at most (PNG, 11.3.3.2).
    return data[start : min(end, start + 80)].partition(b"\0")[0]


def _text(rest: bytes) -> bytes:
    """What follows the keyword: compression flag and method, language, translated keyword, text (PNG, 11.3.3.4)."""
    language_end = rest.find(b"\0", 2)
    translated_end = rest.find(b"\0", language_end + 1)
    if len(rest) < 4 or language_end < 0 or translated_end < 0:
        raise _damaged("the credential's chunk is cut off")
    if rest[0] != 0:
        raise _form("is compressed")
    if len(rest) - translated_end - 1 > LARGEST_TEXT:
        raise text_too_large(len(rest) - translated_end - 1)
    return rest[translated_end + 1 :]


def _hint_for_none(data: bytes) -> str:
    for kind, start, end in _chunks(data):
        older = _OLDER.get(_keyword(data, kind, start, end) or b"")
        if older:
            return f"It holds {older}, which Laurea does not judge"
    return (
        "Chat programs and picture editors drop what is inside: ask for the original file, or use the code or QR code"
    )


def _damaged(what: str) -> BakingError:
    return BakingError("baking.png-damaged", f"The PNG is damaged: {what}", "Download it again from where it came from")


def _form(what: str) -> BakingError:
    return BakingError(
        "baking.png-form",
        f"The credential in the PNG {what}, against the standard",
        "Ask the issuer for a PNG made as Open Badges 3.0 asks, or for the JSON",
    )
