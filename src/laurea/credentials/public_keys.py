"""Public keys of other issuers, by which tokens are signed: RSA, P-256 and Ed25519, in all ways to write them.

A key knows the one algorithm it is for, so that a token cannot choose how its signature is read. Sources: RFC 7517 and
7518 (JSON Web Keys, RS256, ES256), RFC 8037 (Ed25519), RFC 7468 (PEM), Multicodec (Multikey of P-256 and RSA).
"""

from __future__ import annotations

from typing import TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from laurea.credentials import base64url
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.keys import VerificationKey, base58_decode

LEAST_RSA_BITS = 2048
MOST_RSA_BITS = 8192

_P256 = b"\x80\x24"
_RSA = b"\x85\x24"
_LONGEST_PEM = 4_096
_LONGEST_MULTIKEY = 1_600
_PRIVATE = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")


class RsaKey:
    """A public RSA key of 2048 to 8192 bits, for RS256 (RSASSA-PKCS1-v1_5 with SHA-256)."""

    algorithms = ("RS256",)
    __slots__ = ("_key", "_numbers")

    def __init__(self, key: rsa.RSAPublicKey) -> None:
        if not LEAST_RSA_BITS <= key.key_size <= MOST_RSA_BITS:
            raise KeyMaterialError(
                "key.weak",
                f"The RSA key has {key.key_size} bits; {LEAST_RSA_BITS} to {MOST_RSA_BITS} are accepted",
                "The issuer must sign with a longer key",
            )
        self._key = key
        self._numbers = key.public_numbers()
        if self._numbers.e < 3 or self._numbers.e % 2 == 0 or self._numbers.e.bit_length() > 64:
            raise _not_a_key("its exponent is not one that RSA works with")

    @classmethod
    def from_numbers(cls, modulus: int, exponent: int) -> RsaKey:
        """From modulus and exponent."""
        if modulus.bit_length() > MOST_RSA_BITS or exponent.bit_length() > 64:
            raise _not_a_key("its numbers are too large")
        try:
            return cls(rsa.RSAPublicNumbers(exponent, modulus).public_key())
        except ValueError:
            raise _not_a_key("its numbers are none of an RSA key") from None

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether `signature`, as long as the modulus, was made over `data` with this key's other half."""
        if len(signature) != (self._key.key_size + 7) // 8:
            return False
        try:
            self._key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RsaKey) and self._numbers == other._numbers

    def __hash__(self) -> int:
        return hash(self._numbers)


class P256Key:
    """A public key on the curve P-256, for ES256 (ECDSA with SHA-256)."""

    algorithms = ("ES256",)
    __slots__ = ("_key", "_numbers")

    def __init__(self, key: ec.EllipticCurvePublicKey) -> None:
        if not isinstance(key.curve, ec.SECP256R1):
            raise KeyMaterialError("key.unsupported", f"Keys on the curve {key.curve.name} are not read here")
        self._key = key
        self._numbers = key.public_numbers()

    @classmethod
    def from_point(cls, point: bytes) -> P256Key:
        """From a point of SEC 1, compressed or not."""
        try:
            return cls(ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))
        except (ValueError, UnsupportedAlgorithm):
            raise _not_a_key("its bytes are no point of P-256") from None

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether `signature`, r and s in 32 bytes each, was made over `data` with this key's other half."""
        if len(signature) != 64:
            return False
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        try:
            self._key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, P256Key) and self._numbers == other._numbers

    def __hash__(self) -> int:
        return hash(self._numbers)


AnyKey: TypeAlias = VerificationKey | RsaKey | P256Key


def algorithms_of(key: AnyKey) -> tuple[str, ...]:
    """The names in a token's `alg` for which `key` is meant."""
    return ("EdDSA", "Ed25519") if isinstance(key, VerificationKey) else key.algorithms


def from_multikey(text: str) -> AnyKey:
    """From a Multikey (``z6Mk…``, ``zDn…``, ``z4MX…``). Raises `KeyMaterialError`."""
    if text.startswith("z6Mk"):
        return VerificationKey.from_multikey(text)
    if not text.startswith("z"):
        raise _not_a_key("a Multikey starts with z (base58btc)")
    data = base58_decode(text[1:], longest=_LONGEST_MULTIKEY)
    if data[:2] == _P256 and len(data) == 35:
        return P256Key.from_point(data[2:])
    if data[:2] == _RSA:
        return _from_der(data[2:])
    return VerificationKey.from_multikey(text)  # which says what is wrong


def from_jwk(jwk: Document) -> AnyKey:
    """From a JSON Web Key (RFC 7517). Raises `KeyMaterialError`: ``key.private``, ``key.unsupported``, and others."""
    if any(name in jwk for name in _PRIVATE):
        raise KeyMaterialError("key.private", "The JSON Web Key holds a private or a shared key", "Never publish that")
    if jwk.get("use", "sig") != "sig" or not _is_for_verifying(jwk.get("key_ops")):
        raise KeyMaterialError("key.unsupported", "The JSON Web Key is not for signatures")
    match jwk.get("kty"), jwk.get("crv"):
        case "OKP", "Ed25519":
            return VerificationKey.from_bytes(_bytes(jwk, "x", 32))
        case "EC", "P-256":
            return P256Key.from_point(b"\x04" + _bytes(jwk, "x", 32) + _bytes(jwk, "y", 32))
        case "RSA", None:
            modulus, exponent = _bytes(jwk, "n"), _bytes(jwk, "e")
            return RsaKey.from_numbers(int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big"))
    raise KeyMaterialError("key.unsupported", "The JSON Web Key is of a kind that is not read here")


def from_pem(text: str) -> AnyKey:
    """From a public key in PEM, as Open Badges 2.0 publishes it. Raises `KeyMaterialError`."""
    if len(text) > _LONGEST_PEM or "PRIVATE" in text:
        raise _not_a_key("it is no public key in PEM")
    try:
        key = serialization.load_pem_public_key(text.strip().encode("ascii"))
    except (ValueError, UnsupportedAlgorithm):
        raise _not_a_key("it is no public key in PEM") from None
    return _of_library(key)


def _from_der(data: bytes) -> AnyKey:
    try:
        key = serialization.load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        raise _not_a_key("its bytes are no RSA key") from None
    if not isinstance(key, rsa.RSAPublicKey):
        raise _not_a_key("its bytes are no RSA key")
    return RsaKey(key)


def _of_library(key: object) -> AnyKey:
    if isinstance(key, rsa.RSAPublicKey):
        return RsaKey(key)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return P256Key(key)
    if isinstance(key, Ed25519PublicKey):
        return VerificationKey.from_bytes(key.public_bytes_raw())
    raise KeyMaterialError("key.unsupported", "The key is of a kind that is not read here")


def _is_for_verifying(operations: JSON) -> bool:
    return operations is None or (isinstance(operations, list) and "verify" in operations)


def _bytes(jwk: Document, name: str, length: int | None = None) -> bytes:
    value = jwk.get(name)
    data = base64url.decode(value) if isinstance(value, str) and len(value) <= _LONGEST_MULTIKEY else None
    if not data or (length is not None and len(data) != length):
        raise _not_a_key(f"“{name}” of the JSON Web Key is not what it must be")
    return data


def _not_a_key(reason: str) -> KeyMaterialError:
    return KeyMaterialError("key.malformed", f"This is not a usable key: {reason}")
