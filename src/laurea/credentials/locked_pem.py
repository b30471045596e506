"""A private key in PEM that a passphrase locks, looked at before it is opened (RFC 5958, RFC 7468 section 11).

The file itself says how often its passphrase is to be hashed, and how much memory that takes. So it could ask for
years, or for all memory there is; and what opens it believes it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

LABEL = b"ENCRYPTED PRIVATE KEY"
MOST_ROUNDS = 5_000_000
"""Of PBKDF2: a second or two. Programs ask for some thousands to a million."""

MOST_BLOCKS = 2**20
"""Of 128 bytes in scrypt, N times r times p: 128 MB and half a second. Programs ask for an eighth of it."""

_BLOCK = re.compile(rb"-----BEGIN %b-----([A-Za-z0-9+/=\s]*+)-----END %b-----" % (LABEL, LABEL))
# object identifiers, with the tag and length of DER before them
_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_PBKDF2 = bytes.fromhex("06092a864886f70d01050c")
_SCRYPT = bytes.fromhex("06092b06010401da47040b")
_INTEGER, _SEQUENCE = 0x02, 0x30


def contained(data: bytes) -> bytes | None:
    """The one locked key in the PEM text `data`, as DER, if opening it takes no more work than it may; else None.

    Only PBES2 with PBKDF2 or scrypt is known (RFC 8018, RFC 7914), which programs have written for twenty years.
    """
    found = _BLOCK.findall(data)
    try:
        der = base64.b64decode(b"".join(found[0].split()), validate=True) if len(found) == 1 else b""
        return der if der and _is_bearable(der) else None
    except ValueError:
        return None


def _is_bearable(der: bytes) -> bool:
    """EncryptedPrivateKeyInfo (RFC 5958, section 3): the algorithm, then what it locks."""
    [(_, information)] = _elements(der)
    (_, algorithm), _ = _first_two(information)
    if not algorithm.startswith(_PBES2):
        return False
    [(_, parameters)] = _elements(algorithm[len(_PBES2) :])  # PBES2-params (RFC 8018, appendix A.4)
    (_, derivation), _ = _first_two(parameters)
    numbers = [
        int.from_bytes(content, "big", signed=True)
        for (_, inside) in _elements(derivation[len(_PBKDF2) :])
        for tag, content in _elements(inside)
        if tag == _INTEGER
    ]
    if derivation.startswith(_PBKDF2):  # iterations, and perhaps a length
        return 1 <= len(numbers) <= 2 and 0 < numbers[0] <= MOST_ROUNDS
    if derivation.startswith(_SCRYPT) and 3 <= len(numbers) <= 4:
        cost, size, parallel = numbers[:3]
        return cost > 1 and min(size, parallel) > 0 and cost * size * parallel <= MOST_BLOCKS
    return False


def _first_two(data: bytes) -> tuple[tuple[int, bytes], tuple[int, bytes]]:
    elements = list(_elements(data))
    if len(elements) < 2:
        raise ValueError("too few elements")
    return elements[0], elements[1]


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements that stand one after the other in `data`: tag and content (X.690). ValueError for what is no DER."""
    while data:
        if len(data) < 2:
            raise ValueError("no DER")
        tag, length, at = data[0], data[1], 2
        if length >= 0x80:
            at += length & 0x7F
            length = int.from_bytes(data[2:at], "big")
        if at + length > len(data) or at > 6:
            raise ValueError("no DER")
        yield tag, data[at : at + length]
        data = data[at + length :]
