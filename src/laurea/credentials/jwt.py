"""A credential as a JSON Web Token: compact JWS (RFC 7515, 7519). Written with EdDSA; read with RS256 and ES256 too.

The rules are those of Open Badges 3.0 (Integrity, "JSON Web Token Proof Format"): the payload is the credential with
the claims iss, jti, nbf and sub, and exp if it expires, each saying the same as the credential; the header has alg,
typ, and kid or jwk, and nothing else. Where the standards leave a choice, the strict one is taken. A key that the token
brings along (``jwk``) names nobody: it counts when the issuer has published the same one. Any other header is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from laurea.credentials import assertions, base64url, jwt_claims
from laurea.credentials.canonical import jcs
from laurea.credentials.document import Document, parse
from laurea.credentials.errors import DocumentError, KeyMaterialError, ProofError
from laurea.credentials.keys import Signer
from laurea.credentials.public_keys import AnyKey, algorithms_of, from_jwk

ALGORITHM = "EdDSA"
TYPE = "JWT"

# RFC 9864 gives the first algorithm its second, narrower name.
_READ_ALGORITHMS = ("EdDSA", "Ed25519", "RS256", "ES256")
_READ_TYPES = ("JWT", "vc+jwt", "vc+ld+json+jwt")
_OTHER_ALGORITHMS = ("RS384", "RS512", "PS256", "PS384", "PS512", "ES384", "ES512", "ES256K", "Ed448")
_HEADERS = ("alg", "jwk", "kid", "typ")
_LARGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Token:
    """A token whose form and claims are in order; whether its signature is right, `verify` tells."""

    algorithm: str
    key_id: str | None
    """What the header names the key by; None when it brings the key itself, or for an assertion of Open Badges 2.0."""
    own_key: AnyKey | None
    """The key that the header brings along. Anyone can write that."""
    payload: Document
    signed: bytes
    signature: bytes

    def credential(self) -> Document:
        """The credential: the payload without the claims that repeat parts of it."""
        return jwt_claims.credential_in(self.payload)


def sign(document: Document, key: Signer, *, verification_method: str) -> str:
    """The unsigned credential `document` as a compact JWS, whose kid is `verification_method` (a DID URL).

    Raises `ProofError` when the credential cannot be expressed so: ``jwt.no-subject`` (the standard requires sub, so a
    holder known by an e-mail address alone cannot have a token), ``jwt.claims``, ``jwt.already-signed``; and
    `CanonicalError` for what is no JSON. Header and payload are written as RFC 8785 has it, the shortest form.
    """
    if "proof" in document:
        raise ProofError(
            "jwt.already-signed", "The credential carries a signature inside", "A token is made from the unsigned one"
        )
    header: Document = {"alg": ALGORITHM, "typ": TYPE, "kid": verification_method}
    payload: Document = {**document, **jwt_claims.claims_of(document)}
    signed = ".".join(base64url.encode(jcs(part)) for part in (header, payload))
    return f"{signed}.{base64url.encode(key.sign(signed.encode('ascii')))}"


def looks_like_token(text: str | bytes) -> bool:
    """Whether `text` means to be a compact JWS: ``{`` in base 64 begins with an e, which no JSON text does."""
    opening = text[:64].lstrip()
    return opening[:1] in ("e", b"e")


def read(text: str | bytes, *, max_bytes: int = _LARGEST) -> Token:
    """The token in `text`, surrounding white space aside; its signature is not looked at.

    `max_bytes` bounds the payload. Raises `ProofError`: ``jwt.malformed`` (not three parts of strict base64url, header
    or payload no JSON object or with a member twice), ``jwt.header``, ``jwt.claims``, ``jwt.no-subject``.
    """
    token = text if isinstance(text, str) else text.decode("latin-1")
    if len(token) > max_bytes * 4 // 3 + 10_000:
        raise ProofError("jwt.malformed", f"The token is too large; {max_bytes} bytes are the limit")
    parts = token.strip().split(".")
    if len(parts) != 3:
        raise ProofError("jwt.malformed", f"A signed token has three parts with dots between; this has {len(parts)}")
    header_bytes, payload_bytes, signature = (
        _decoded(part, name) for part, name in zip(parts, ("header", "payload", "signature"), strict=True)
    )
    algorithm, key_id, own_key = _header(_json(header_bytes, "header", 10_000))
    payload = _json(payload_bytes, "payload", max_bytes)
    if key_id is None and own_key is None and not assertions.is_assertion(payload):
        raise ProofError("jwt.header", "The token does not say which key signed it (kid)")
    jwt_claims.credential_in(payload)
    return Token(algorithm, key_id, own_key, payload, f"{parts[0]}.{parts[1]}".encode("ascii"), signature)


def is_supported(token: Token) -> bool:
    """Whether `verify` knows the token's algorithm; others are legal, but not judged here."""
    return token.algorithm in _READ_ALGORITHMS


def verify(token: Token, key: AnyKey) -> None:
    """Raises `ProofError` (``jwt.unsupported``, ``jwt.algorithm``, ``jwt.signature``) unless `key` signed `token`.

    The key says how its signatures are read; a token that names another algorithm was not signed with it.
    """
    if not is_supported(token):
        raise ProofError("jwt.unsupported", f"Tokens signed with {token.algorithm} are not supported")
    if token.algorithm not in algorithms_of(key):
        raise ProofError("jwt.algorithm", f"The issuer's key is for {algorithms_of(key)[0]}, not {token.algorithm}")
    if not key.verify(token.signature, token.signed):
        raise ProofError("jwt.signature", "The token's signature does not match its content")


def _decoded(part: str, name: str) -> bytes:
    data = base64url.decode(part)
    if not data:
        raise ProofError("jwt.malformed", f"The token's {name} is not base64url without padding")
    return data


def _json(data: bytes, name: str, max_bytes: int) -> Document:
    try:
        return parse(data, max_bytes=max_bytes)
    except DocumentError as problem:
        raise ProofError("jwt.malformed", f"The token's {name}: {problem.message}", problem.hint) from problem


def _header(header: Document) -> tuple[str, str | None, AnyKey | None]:
    """Algorithm, key id and key of a header in which nothing else stands."""
    algorithm, key_id, jwk = header.get("alg"), header.get("kid"), header.get("jwk")
    if not isinstance(algorithm, str) or algorithm not in _READ_ALGORITHMS + _OTHER_ALGORITHMS:
        raise ProofError("jwt.header", "The token's alg is no signature that shows who signed")
    if "kid" in header and (not isinstance(key_id, str) or not key_id):
        raise ProofError("jwt.header", "The token does not say which key signed it (kid)")
    if header.get("typ", TYPE) not in _READ_TYPES:
        raise ProofError("jwt.header", "The token's typ is not JWT")
    other = next((name for name in header if name not in _HEADERS), None)
    if other is not None:
        raise ProofError(
            "jwt.header", f"The token's header has “{other[:60]}”; only alg, typ, kid and jwk may stand there"
        )
    if "jwk" not in header:
        return algorithm, key_id if isinstance(key_id, str) else None, None
    try:
        own = from_jwk(jwk if isinstance(jwk, dict) else {})
    except KeyMaterialError as problem:
        raise ProofError("jwt.header", f"The key in the token's header: {problem.message}", problem.hint) from None
    return algorithm, key_id if isinstance(key_id, str) else None, own
