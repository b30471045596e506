"""A credential as a JSON Web Token: compact JWS, EdDSA with Ed25519 (RFC 7515, 7519, 8037).

The rules are those of Open Badges 3.0 (Integrity, "JSON Web Token Proof Format"): the payload is the credential with
the claims iss, jti, nbf and sub, and exp if it expires, each saying the same as the credential; the header has alg,
kid and typ and nothing else. Where the standards leave a choice, the strict one is taken: a key that the token brings
along (``jwk``) names nobody and is refused, and so is any other header.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from laurea.credentials import base64url
from laurea.credentials.canonical import jcs
from laurea.credentials.document import JSON, Document, parse
from laurea.credentials.errors import DocumentError, ProofError, VocabularyError
from laurea.credentials.keys import SigningKey, VerificationKey
from laurea.credentials.moments import parse_moment

ALGORITHM = "EdDSA"
TYPE = "JWT"

_READ_ALGORITHMS = ("EdDSA", "Ed25519")  # RFC 9864 gives the same algorithm its second, narrower name.
_READ_TYPES = ("JWT", "vc+jwt", "vc+ld+json+jwt")
_OTHER_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "ES256K", "Ed448")
_HEADERS = ("alg", "kid", "typ")
_REQUIRED_CLAIMS = ("iss", "jti", "nbf", "sub")
_CLAIMS = (*_REQUIRED_CLAIMS, "exp", "iat")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Token:
    """A token whose form and claims are in order; whether its signature is right, `verify` tells."""

    algorithm: str
    key_id: str
    payload: Document
    signed: bytes
    signature: bytes

    def credential(self) -> Document:
        """The credential: the payload without the claims that repeat parts of it."""
        return {name: value for name, value in self.payload.items() if name not in _CLAIMS}


def sign(document: Document, key: SigningKey, *, verification_method: str) -> str:
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
    payload: Document = {**document, **_claims(document)}
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
    algorithm, key_id = _header(_json(header_bytes, "header", 10_000))
    payload = _json(payload_bytes, "payload", max_bytes)
    _require_claims(payload)
    return Token(algorithm, key_id, payload, f"{parts[0]}.{parts[1]}".encode("ascii"), signature)


def is_supported(token: Token) -> bool:
    """Whether `verify` knows the token's algorithm; others are legal, but not judged here."""
    return token.algorithm in _READ_ALGORITHMS


def verify(token: Token, key: VerificationKey) -> None:
    """Raises `ProofError` (``jwt.unsupported``, ``jwt.signature``) unless `key` signed `token`."""
    if not is_supported(token):
        raise ProofError("jwt.unsupported", f"Tokens signed with {token.algorithm} are not supported")
    if len(token.signature) != 64 or not key.verify(token.signature, token.signed):
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


def _header(header: Document) -> tuple[str, str]:
    """Algorithm and key id of a header in which nothing else stands."""
    algorithm, key_id = header.get("alg"), header.get("kid")
    if "jwk" in header:
        raise ProofError(
            "jwt.header",
            "The token names its own key (jwk), as anybody could",
            "The issuer must publish the key and name it by kid",
        )
    if not isinstance(algorithm, str) or algorithm not in _READ_ALGORITHMS + _OTHER_ALGORITHMS:
        raise ProofError("jwt.header", "The token's alg is no signature that shows who signed")
    if not isinstance(key_id, str) or not key_id:
        raise ProofError("jwt.header", "The token does not say which key signed it (kid)")
    if header.get("typ", TYPE) not in _READ_TYPES:
        raise ProofError("jwt.header", "The token's typ is not JWT")
    other = next((name for name in header if name not in _HEADERS), None)
    if other is not None:
        raise ProofError("jwt.header", f"The token's header has “{other[:60]}”; only alg, kid and typ may stand there")
    return algorithm, key_id


def _claims(document: Document) -> Document:
    """What the credential says, as claims."""
    issuer, subject = document.get("issuer"), document.get("credentialSubject")
    holder = subject.get("id") if isinstance(subject, dict) else None
    if not isinstance(holder, str) or not holder:
        raise ProofError(
            "jwt.no-subject",
            "A token must name its holder by an identifier (credentialSubject.id), and this credential has none",
            "Use the signature inside the document, which Laurea makes by default: it does for an e-mail address alone",
        )
    claims: Document = {
        "iss": _text(issuer.get("id") if isinstance(issuer, dict) else issuer, "issuer"),
        "jti": _text(document.get("id"), "id"),
        "nbf": _seconds(document.get("validFrom"), "validFrom"),
        "sub": holder,
    }
    if "validUntil" in document:
        claims["exp"] = _seconds(document["validUntil"], "validUntil")
    return claims


def _require_claims(payload: Document) -> None:
    """Each registered claim is there and says what the credential says."""
    if "vc" in payload:
        raise ProofError(
            "jwt.claims", "The token follows an older standard (Verifiable Credentials 1.1, “vc”), which is not judged"
        )
    expected = _claims(payload)
    for name in (*_REQUIRED_CLAIMS, "exp"):
        if name in expected and name not in payload:
            raise ProofError("jwt.claims", f"The token lacks the claim “{name}”")
        if name in payload and (name not in expected or not _same(payload[name], expected[name])):
            raise ProofError("jwt.claims", f"The token's claim “{name}” does not say what the credential says")


def _same(claim: JSON, expected: JSON) -> bool:
    """Equal as JSON; true is not 1 here. A moment may be written with a fraction."""
    if isinstance(expected, int):
        return isinstance(claim, int | float) and not isinstance(claim, bool) and expected <= claim < expected + 1
    return isinstance(claim, str) and claim == expected


def _text(value: JSON, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise ProofError("jwt.claims", f"The credential has no “{name}” to put in a token")
    return value


def _seconds(value: JSON, name: str) -> int:
    """NumericDate: whole seconds since 1970 (RFC 7519, 2)."""
    try:
        return (parse_moment(_text(value, name)) - _EPOCH) // timedelta(seconds=1)
    except VocabularyError as problem:
        raise ProofError("jwt.claims", f"The credential's {name}: {problem.message}", problem.hint) from problem
