"""Ed25519 keys, and the documents that say whose they are: Multikey, did:key, did:web.

Sources: RFC 8032; Controlled Identifiers 1.0, section 2.2.2 (Multikey); the did:key and did:web methods.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import quote, unquote

from cryptography.exceptions import InternalError, InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from laurea.credentials import locked_pem
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.moments import format_moment

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_PAIRS = [first + second for first in _BASE58 for second in _BASE58]
_BASE58_VALUE = {character: value for value, character in enumerate(_BASE58)}
_ED25519_PUBLIC = b"\xed\x01"
_LONGEST_BASE58 = 128

_DID_CONTEXT = "https://www.w3.org/ns/did/v1"
_MULTIKEY_CONTEXT = "https://w3id.org/security/multikey/v1"

_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_SEGMENT = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._~-]{1,128}")

# Points of small order, in which anybody's signature can be made to hold (RFC 8032, section 5.1.7 leaves them to us).
_FIELD = 2**255 - 19
_ORDER_8_Y = 55188659117513257062467267217118295137698188065244968500265048394206261417927
_SMALL_ORDER_Y = frozenset({0, 1, _FIELD - 1, _ORDER_8_Y, _FIELD - _ORDER_8_Y})


class VerificationKey:
    """A public Ed25519 key."""

    __slots__ = ("_bytes", "_key")

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        self._bytes = key.public_bytes_raw()

    @classmethod
    def from_bytes(cls, data: bytes) -> VerificationKey:
        """From the 32 bytes of RFC 8032. Raises `KeyMaterialError` for what is no key that anyone can own."""
        if len(data) != 32:
            raise _not_a_key(f"an Ed25519 key has 32 bytes, not {len(data)}")
        y = int.from_bytes(data, "little") & (1 << 255) - 1
        if y >= _FIELD or y in _SMALL_ORDER_Y:
            raise _not_a_key("its point would accept signatures that nobody made")
        try:
            return cls(Ed25519PublicKey.from_public_bytes(data))
        except (ValueError, UnsupportedAlgorithm):
            raise _not_a_key("its bytes are no point of the curve") from None

    @classmethod
    def from_multikey(cls, text: str) -> VerificationKey:
        """From a Multikey of an Ed25519 key: ``z6Mk…``."""
        if not text.startswith("z"):
            raise _not_a_key("a Multikey starts with z (base58btc)")
        data = base58_decode(text[1:])
        if data[:2] != _ED25519_PUBLIC:
            raise KeyMaterialError(
                "key.unsupported",
                "The key is not an Ed25519 key",
                "Keys of other kinds (P-256, RSA …) are not read here",
            )
        return cls.from_bytes(data[2:])

    @property
    def multikey(self) -> str:
        """The key as a Multikey, ``z6Mk…``."""
        return "z" + base58_encode(_ED25519_PUBLIC + self._bytes)

    def to_bytes(self) -> bytes:
        """The 32 bytes of RFC 8032."""
        return self._bytes

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether `signature` (64 bytes) was made over `data` with this key's other half (RFC 8032, section 5.1.7)."""
        try:
            self._key.verify(signature, data)
        except InvalidSignature:
            return False
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VerificationKey) and self._bytes == other._bytes

    def __hash__(self) -> int:
        return hash(self._bytes)

    def __repr__(self) -> str:
        return f"VerificationKey({self.multikey})"


class Signer(Protocol):
    """What signs: a private key in memory (`SigningKey`), or one that never leaves a hardware module."""

    @property
    def verification_key(self) -> VerificationKey:
        """The public half."""

    def sign(self, data: bytes) -> bytes:
        """The Ed25519 signature of `data`: 64 bytes, always the same for the same key and data."""


class SigningKey:
    """A private Ed25519 key. It shows its public half only."""

    __slots__ = ("_key", "verification_key")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.verification_key = VerificationKey(key.public_key())

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """From 32 random bytes, which are the private key (RFC 8032, section 5.1.5)."""
        if len(seed) != 32:
            raise _not_a_key(f"an Ed25519 key is made from 32 random bytes, not {len(seed)}")
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def from_pem(cls, data: bytes, passphrase: bytes | None = None) -> SigningKey:
        """From PKCS#8 PEM, encrypted or not. Codes: ``key.passphrase``, ``key.malformed``, ``key.unsupported``."""
        encrypted = b"ENCRYPTED" in data
        if encrypted and passphrase is None:
            raise KeyMaterialError(
                "key.passphrase",
                "The key file is locked with a passphrase",
                "Give it with --passphrase-file, or in LAUREA_KEY_PASSPHRASE",
            )
        locked = locked_pem.contained(data) if encrypted else b""
        if locked is None:
            raise KeyMaterialError(
                "key.malformed",
                "The key file is locked in a way that is not known here, or that takes too long to open",
                "Lock it anew with PBKDF2 or scrypt (openssl pkcs8 -topk8)",
            )
        try:
            if encrypted:
                key = serialization.load_der_private_key(locked, passphrase)
            else:
                key = serialization.load_pem_private_key(data, None)
        except (ValueError, TypeError, UnsupportedAlgorithm, InternalError, MemoryError):
            if encrypted:
                raise KeyMaterialError(
                    "key.passphrase", "The passphrase does not open the key file", "Check it, and its last line break"
                ) from None
            raise KeyMaterialError(
                "key.malformed", "The file holds no private key", "A key file starts with -----BEGIN PRIVATE KEY-----"
            ) from None
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyMaterialError(
                "key.unsupported", "The file holds a key, but not an Ed25519 key", "Make one with `laurea keygen`"
            )
        return cls(key)

    def to_pem(self, passphrase: bytes | None = None) -> bytes:
        """The key as PKCS#8 PEM, locked with `passphrase` if there is one."""
        lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
        if passphrase is not None:
            lock = serialization.BestAvailableEncryption(passphrase)
        return self._key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)

    def sign(self, data: bytes) -> bytes:
        """The signature of `data`: 64 bytes, always the same for the same key and data."""
        return self._key.sign(data)

    def __repr__(self) -> str:
        return f"SigningKey(of {self.verification_key.multikey})"

    def __reduce__(self) -> str:
        raise TypeError("a private key is not pickled: hand over its file instead")


def base58_encode(data: bytes) -> str:
    """Base58btc, as Multibase's ``z`` has it (without the z)."""
    number = int.from_bytes(data, "big")
    pairs = []
    while number:  # two digits at a time: what takes time is dividing the long number
        number, pair = divmod(number, len(_BASE58_PAIRS))
        pairs.append(_BASE58_PAIRS[pair])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(pairs)).lstrip("1")


def base58_decode(text: str, *, longest: int = _LONGEST_BASE58) -> bytes:
    """The bytes that base58btc `text` (without the z) stands for. Raises `KeyMaterialError` (``key.base58``)."""
    if len(text) > longest:
        raise KeyMaterialError("key.base58", f"A base58 text of {len(text):,} characters is too long for a key")
    number = 0
    for character in text:
        value = _BASE58_VALUE.get(character)
        if value is None:
            raise KeyMaterialError("key.base58", f"“{character}” is not a character of base58")
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def verification_method(did: str, key: VerificationKey) -> str:
    """The absolute id of `key` in the document of `did`: the DID, ``#`` and the Multikey."""
    return f"{did}#{key.multikey}"


def did_key(key: VerificationKey) -> str:
    """The did:key of a key: an identifier that needs no host, and says nothing of who is behind it."""
    return f"did:key:{key.multikey}"


def did_key_document(did: str) -> Document:
    """The DID document that a did:key stands for (did:key method, section 3.1). Raises `KeyMaterialError`."""
    if not did.startswith("did:key:z"):
        raise _not_a_did(did, "did:key:z6Mk…")
    key = VerificationKey.from_multikey(did.removeprefix("did:key:"))
    if did != did_key(key):
        raise _not_a_did(did, "did:key:z6Mk…")
    return _did_document(did, [key])


def did_web(host: str, path: str = "") -> str:
    """The did:web of a host (with an optional port) and a path on it. Raises `KeyMaterialError` (``did.malformed``)."""
    name, colon, port = host.lower().partition(":")
    segments = [segment for segment in path.split("/") if segment]
    did = ":".join(["did:web", name + (f"%3A{port}" if colon else ""), *(quote(segment) for segment in segments)])
    did_web_url(did)
    return did


def did_web_url(did: str) -> str:
    """The https address of the DID document of a did:web (did:web method, section "Read").

    Raises `KeyMaterialError` (``did.malformed``) for hosts that are addresses, unnamed or malformed, and for odd paths.
    """
    method, _, rest = did.removeprefix("did:").partition(":")
    if not did.startswith("did:web:") or method != "web" or len(did) > 1000:
        raise _not_a_did(did, "did:web:badges.example.com")
    authority, *segments = rest.split(":")
    name, colon, port = unquote(authority).lower().partition(":")
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise _not_a_did(did, "did:web:badges.example.com%3A8443")
    if not _is_host(name) or not all(_SEGMENT.fullmatch(segment) for segment in segments):
        raise _not_a_did(did, "did:web:badges.example.com or did:web:example.com:badges")
    place = "/".join(segments) if segments else ".well-known"
    return f"https://{name}{colon}{port}/{place}/did.json"


def did_web_document(
    did: str, keys: Sequence[VerificationKey], revoked: Mapping[VerificationKey, datetime] | None = None
) -> Document:
    """The document to publish at `did_web_url(did)`: every key may sign credentials (``assertionMethod``).

    Ids are absolute and references are strings, which is the form that every verifier reads. Keys that are `revoked`
    since a moment stay described, with that moment (Controlled Identifiers 1.0, section 2.2), and may sign nothing:
    much software does not read ``revoked``, but all of it asks ``assertionMethod``.
    """
    did_web_url(did)
    return _did_document(did, keys, revoked)


def _did_document(
    did: str, keys: Sequence[VerificationKey], revoked: Mapping[VerificationKey, datetime] | None = None
) -> Document:
    ended = revoked or {}
    methods: list[JSON] = [
        {
            "id": verification_method(did, key),
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": key.multikey,
            **({"revoked": format_moment(ended[key])} if key in ended else {}),
        }
        for key in keys
    ]
    return {
        "@context": [_DID_CONTEXT, _MULTIKEY_CONTEXT],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [verification_method(did, key) for key in keys if key not in ended],
    }


def _is_host(name: str) -> bool:
    if len(name) > 253 or not _HOST.fullmatch(name):
        return False
    if name.rpartition(".")[2].isdigit():
        return False  # an IPv4 address, in whatever notation
    try:
        ip_address(name)
    except ValueError:
        return True
    return False


def _not_a_key(reason: str) -> KeyMaterialError:
    return KeyMaterialError("key.malformed", f"This is not a usable key: {reason}")


def _not_a_did(did: str, example: str) -> KeyMaterialError:
    return KeyMaterialError("did.malformed", f"“{did[:120]}” is not an identifier that we can use", f"Like {example}")
