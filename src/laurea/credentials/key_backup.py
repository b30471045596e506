"""A backup of signing keys: one file, locked with a passphrase. The format is docs/reference/key-backup.md.

The passphrase becomes a key by scrypt (RFC 7914), and that locks the content with ChaCha20-Poly1305 (RFC 8439); what
stands outside of the lock is covered by it as well. Salt and nonce are arguments: nothing here is drawn at random.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from laurea.credentials import base64url
from laurea.credentials.canonical import jcs
from laurea.credentials.document import JSON, Document, parse, serialise
from laurea.credentials.errors import KeyMaterialError, LaureaError

FORMAT, VERSION = "laurea-keys", 1
SALT_BYTES, NONCE_BYTES = 16, 12
SHORTEST_PASSPHRASE = 12
"""Bytes. The file may be copied and guessed at for years."""

COST, BLOCK_SIZE, PARALLEL = 2**17, 8, 1
"""scrypt: 128 MB and about half a second for each guess (OWASP's first choice for it)."""

_MOST_MEMORY = 128 * COST * BLOCK_SIZE * PARALLEL
"""What `lock` takes. A file that asks for more was made to wear out whoever opens it."""

_LARGEST = 16 * 1024 * 1024
_KEY_BYTES = 32


def lock(content: Document, passphrase: bytes, *, salt: bytes, nonce: bytes) -> bytes:
    """The file. `salt` (16 bytes) and `nonce` (12) are random, and new for each. `KeyMaterialError` for a passphrase
    that is too short (``key.passphrase-short``)."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise KeyMaterialError(
            "key.passphrase-short",
            f"The passphrase is shorter than {SHORTEST_PASSPHRASE} characters",
            "Take several words that nobody would put together",
        )
    header: Document = {
        "format": FORMAT,
        "version": VERSION,
        "kdf": {"name": "scrypt", "salt": base64url.encode(salt), "n": COST, "r": BLOCK_SIZE, "p": PARALLEL},
        "cipher": {"name": "ChaCha20-Poly1305", "nonce": base64url.encode(nonce)},
    }
    cipher = ChaCha20Poly1305(Scrypt(salt, _KEY_BYTES, COST, BLOCK_SIZE, PARALLEL).derive(passphrase))
    sealed = cipher.encrypt(nonce, serialise(content).encode(), jcs(header))
    return serialise({**header, "sealed": base64url.encode(sealed)}).encode() + b"\n"


def unlock(data: bytes, passphrase: bytes) -> Document:
    """What is in the file. `KeyMaterialError`: ``key.backup`` (no such file), ``key.passphrase`` (it does not open)."""
    try:
        header = parse(data, max_bytes=_LARGEST)
    except LaureaError:
        raise _no_backup("it is no JSON") from None
    if header.get("format") != FORMAT or header.get("version") != VERSION:
        raise _no_backup("its format is another one, or a newer one")
    kdf, cipher, sealed = header.get("kdf"), header.get("cipher"), _bytes(header.pop("sealed", None))
    if not isinstance(kdf, dict) or not isinstance(cipher, dict) or sealed is None:
        raise _no_backup("it is not whole")
    salt, nonce = _bytes(kdf.get("salt")), _bytes(cipher.get("nonce"))
    cost, block, parallel = (kdf.get(name) for name in ("n", "r", "p"))
    if (
        (kdf.get("name"), cipher.get("name")) != ("scrypt", "ChaCha20-Poly1305")
        or not salt
        or nonce is None
        or len(nonce) != NONCE_BYTES
        or not isinstance(cost, int)
        or not isinstance(block, int)
        or not isinstance(parallel, int)
        or min(cost, block, parallel) < 1
        or cost & (cost - 1)
        or cost < 2
        or 128 * cost * block * parallel > _MOST_MEMORY
    ):
        raise _no_backup("it is locked in a way that is not known here")
    try:
        key = Scrypt(salt, _KEY_BYTES, cost, block, parallel).derive(passphrase)
    except (ValueError, MemoryError):  # numbers that RFC 7914 does not allow together are told as either
        raise _no_backup("it is locked in a way that is not known here") from None
    try:
        opened = ChaCha20Poly1305(key).decrypt(nonce, sealed, jcs(header))
    except InvalidTag:
        raise KeyMaterialError(
            "key.passphrase",
            "The passphrase does not open the backup, or the file was changed",
            "Check it, and its last line break",
        ) from None
    return parse(opened, max_bytes=_LARGEST)


def _bytes(value: JSON) -> bytes | None:
    return base64url.decode(value) if isinstance(value, str) else None


def _no_backup(reason: str) -> KeyMaterialError:
    return KeyMaterialError(
        "key.backup", f"The file is no backup of keys: {reason}", "Name a file that `laurea keys export` wrote"
    )
