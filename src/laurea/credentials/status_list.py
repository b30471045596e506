"""Bitstring Status List 1.0: one bit a credential, thousands in one signed list.

https://www.w3.org/TR/vc-bitstring-status-list/ (section numbers below are its own). The error codes are the
recommendation's (section 5), in our spelling: ``status.list-length-error`` is its STATUS_LIST_LENGTH_ERROR.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from laurea.credentials import base64url
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import StatusListError
from laurea.credentials.moments import format_moment
from laurea.credentials.vocabulary import terms

MINIMUM_ENTRIES = 131_072
"""Herd privacy (section 6.1): a list is never shorter, however few credentials it serves."""

LARGEST_LIST = 16 * 1024 * 1024
"""Bytes that a list may have when unpacked; more is refused unread (a zip bomb)."""

_DEFLATE_RAW = -15
_GZIP = 31


@dataclass(frozen=True, slots=True)
class StatusList:
    """The bits of a list, eight to the byte; index 0 is the most significant bit of the first byte."""

    bits: bytes

    def __post_init__(self) -> None:
        if len(self.bits) * 8 < MINIMUM_ENTRIES:
            raise StatusListError(
                "status.list-length-error",
                f"The status list has {len(self.bits) * 8} entries; {MINIMUM_ENTRIES} is the least",
                "The issuer must publish a list of the full length",
            )

    @classmethod
    def empty(cls, entries: int = MINIMUM_ENTRIES) -> StatusList:
        """A list in which nothing is set; `entries` is rounded up to whole bytes."""
        return cls(bytes((entries + 7) // 8))

    def __len__(self) -> int:
        return len(self.bits) * 8

    def get(self, index: int) -> bool:
        """Whether the bit at `index` is set. Raises ``status.range-error`` outside the list (section 3.2, step 12)."""
        self._require(index)
        return bool(self.bits[index >> 3] & (0x80 >> (index & 7)))

    def set(self, indexes: Iterable[int], *, value: bool = True) -> StatusList:
        """A new list with the bits at `indexes` set, or cleared with `value=False`."""
        bits = bytearray(self.bits)
        for index in indexes:
            self._require(index)
            mask = 0x80 >> (index & 7)
            bits[index >> 3] = bits[index >> 3] | mask if value else bits[index >> 3] & ~mask
        return StatusList(bytes(bits))

    def _require(self, index: int) -> None:
        if not 0 <= index < len(self):
            raise StatusListError(
                "status.range-error", f"Entry {index} is outside the status list, which has {len(self)} entries"
            )

    def encode(self) -> str:
        """`encodedList`: multibase ``u``, base64url without padding, of the GZIP-compressed bits (section 3.3).

        The GZIP header is written here, because zlib's names the operating system: the same bits give the same text.
        """
        packer = zlib.compressobj(9, zlib.DEFLATED, _DEFLATE_RAW)
        body = packer.compress(self.bits) + packer.flush()
        header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
        trailer = zlib.crc32(self.bits).to_bytes(4, "little") + len(self.bits).to_bytes(4, "little")
        return "u" + base64url.encode(header + body + trailer)

    @classmethod
    def decode(cls, encoded: str) -> StatusList:
        """The list that `encodedList` holds (section 3.4). Unpacks at most `LARGEST_LIST` bytes.

        Raises ``status.malformed-value-error`` (not multibase, not GZIP, truncated, too large) and
        ``status.list-length-error``.
        """
        packed = base64url.decode(encoded[1:]) if encoded.startswith("u") else None
        if packed is None:
            raise _malformed("is not base64url with the multibase prefix “u”")
        return cls(_unpack(packed))

    @classmethod
    def decode_2021(cls, encoded: str) -> StatusList:
        """The list of a StatusList2021, whose text is base 64 of either alphabet, with or without padding.

        Raises what `decode` raises. The list is signed, so that its text may have more spellings than one.
        """
        plain = encoded.rstrip("=").replace("+", "-").replace("/", "_")
        packed = base64url.decode(plain)
        if packed is None:
            raise _malformed("is not base 64")
        return cls(_unpack(packed))


def _unpack(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj(_GZIP)
    try:
        bits = unpacker.decompress(packed, LARGEST_LIST + 1)
    except zlib.error as problem:
        raise _malformed("is not compressed with GZIP, or damaged") from problem
    if len(bits) > LARGEST_LIST:
        raise _malformed(f"unpacks to more than {LARGEST_LIST // 1024 // 1024} MiB")
    if not unpacker.eof:
        raise _malformed("ends too early")
    if unpacker.unused_data:
        raise _malformed("has further data after its end")
    return bits


def _malformed(what: str) -> StatusListError:
    return StatusListError("status.malformed-value-error", f"The encoded status list {what}")


def choose_index(below: Callable[[int], int], used: Collection[int], entries: int = MINIMUM_ENTRIES) -> int:
    """A random index that is not in `used`; never first come, first served, which would tell who was issued when.

    `below(n)` gives a random number from 0 to n - 1 (`secrets.randbelow`). Raises ``status.full`` when more than half
    of the entries are used: start another list then, long before guessing takes long.
    """
    if len(used) * 2 > entries:
        raise StatusListError(
            "status.full",
            f"{len(used)} of {entries} entries of the status list are used",
            "Begin another list when half of the entries are taken",
        )
    while (index := below(entries)) in used:
        pass
    return index


def parse_index(value: JSON) -> int | None:
    """`statusListIndex`: a number in base 10, written as a string (section 2.1); None for anything else."""
    return int(value) if isinstance(value, str) and terms.INDEX.fullmatch(value) else None


def status_list_credential(
    status_list: StatusList,
    *,
    url: str,
    issuer: str,
    valid_from: datetime,
    valid_until: datetime | None = None,
    purpose: str = "revocation",
) -> Document:
    """The unsigned BitstringStatusListCredential, published at `url` after signing (section 2.2).

    `valid_from` is the moment of this edition. `valid_until` is left out by default: a list that the issuer forgot to
    renew would otherwise make every credential on it undecidable. `ttl` is left out too: it says how long a copy may
    be kept, and whoever verifies here fetches the list anew.
    """
    subject: Document = {
        "id": f"{url}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purpose,
        "encodedList": status_list.encode(),
    }
    document: Document = {
        "@context": [terms.CREDENTIALS_CONTEXT],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": format_moment(valid_from),
    }
    if valid_until is not None:
        document["validUntil"] = format_moment(valid_until)
    document["credentialSubject"] = subject
    return document


def read_list(document: Document, purpose: str, *, older: bool = False) -> StatusList:
    """The bits of a list credential whose proofs have been verified already; `older` for a StatusList2021.

    Raises ``status.verification-error`` when it is no list, or a list for another purpose (section 3.2, steps 4 to 9),
    and what `StatusList.decode` raises.
    """
    types = document.get("type")
    subject = document.get("credentialSubject")
    kind = "StatusList2021" if older else "BitstringStatusList"
    if (
        not isinstance(types, list)
        or f"{kind}Credential" not in types
        or not isinstance(subject, dict)
        or subject.get("type") not in (kind, [kind])
    ):
        raise StatusListError("status.verification-error", f"The document is no {kind}Credential")
    purposes = subject.get("statusPurpose")
    if purposes != purpose and not (isinstance(purposes, list) and purpose in purposes):
        raise StatusListError("status.verification-error", f"The status list is not about “{purpose}”")
    encoded = subject.get("encodedList")
    if not isinstance(encoded, str):
        raise _malformed("is missing, or no text")
    return StatusList.decode_2021(encoded) if older else StatusList.decode(encoded)


def status_of(document: Document, index: int, purpose: str = "revocation") -> bool:
    """Whether the entry at `index` is set in a list credential whose proofs have been verified already.

    Raises what `read_list` raises, and ``status.range-error``.
    """
    return read_list(document, purpose).get(index)
