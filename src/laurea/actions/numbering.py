"""The code, the identifier, the salt and the status index of each credential of a batch, fixed before any is made.

All of them are derived from one secret seed of 256 random bits, drawn once a batch and kept in its `batch.json`:
whoever continues the batch gets the same ones for the same row, so that nothing is ever issued twice, without a list
that grows with the batch. HMAC-SHA-256 as a pseudo-random function makes them as hard to guess as the seed itself.
"""

from __future__ import annotations

import hashlib
import hmac
from array import array
from dataclasses import dataclass
from itertools import count

from laurea.credentials import code
from laurea.credentials.status_list import MINIMUM_ENTRIES, choose_index

SEED_BYTES = 32
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Numbers:
    """What tells one credential from every other: `code` (16 characters), `identifier` (``urn:uuid:``, version 4)
    and `salt` (32 hexadecimal digits) for the hash of the holder's e-mail address."""

    code: str
    identifier: str
    salt: str


def numbers(seed: bytes, line: int) -> Numbers:
    """The numbers of the credential for the row at `line` of the people file."""
    identifier = bytearray(_derive(seed, "identifier", line)[:16])
    identifier[6] = identifier[6] & 0x0F | 0x40
    identifier[8] = identifier[8] & 0x3F | 0x80
    digits = identifier.hex()
    return Numbers(
        code=code.new_code(_derive(seed, "code", line)[: code.RANDOM_BYTES]),
        identifier=f"urn:uuid:{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}",
        salt=_derive(seed, "salt", line)[:_SALT_BYTES].hex(),
    )


def list_name(seed: bytes) -> str:
    """The name of the batch's status list in its address: 16 hexadecimal digits."""
    return _derive(seed, "list", 0)[:8].hex()


def list_entries(rows: int) -> int:
    """How many entries the status list of a batch has: at least four for each row, and a power of two."""
    return max(MINIMUM_ENTRIES, 1 << (4 * rows - 1).bit_length()) if rows else MINIMUM_ENTRIES


def status_indexes(seed: bytes, rows: int) -> array[int]:
    """One index for each row, in the order of the rows: spread over the list at random, none twice."""
    entries = list_entries(rows)
    draws = count()

    def below(limit: int) -> int:
        # 64 bits against at most 2^27 entries: the bias of the remainder is beyond measure.
        return int.from_bytes(_derive(seed, "status", next(draws))[:8], "big") % limit

    used: set[int] = set()
    indexes = array("L")
    for _row in range(rows):
        index = choose_index(below, used, entries)
        used.add(index)
        indexes.append(index)
    return indexes


def _derive(seed: bytes, purpose: str, number: int) -> bytes:
    return hmac.digest(seed, f"laurea {purpose} {number}".encode(), hashlib.sha256)
