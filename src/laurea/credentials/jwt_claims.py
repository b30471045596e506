"""What a token says beside the credential in it: claims that must repeat it, and where the credential stands.

Three forms: the payload is the credential with the claims added (Open Badges 3.0); the credential is the claim ``vc``
(Verifiable Credentials 1.1, section 6.3.1); the payload is an assertion of Open Badges 2.0, which has no claims.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from laurea.credentials import assertions, contexts
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import ProofError, VocabularyError
from laurea.credentials.moments import format_moment, parse_moment
from laurea.credentials.vocabulary import older

REQUIRED = ("iss", "jti", "nbf", "sub")
CLAIMS = (*REQUIRED, "exp", "iat")
_BESIDE_VC = frozenset((*CLAIMS, "vc", "aud", "nonce"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def claims_of(document: Document) -> Document:
    """What a credential says, as claims. Raises `ProofError` (``jwt.no-subject``, ``jwt.claims``)."""
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
        "nbf": _seconds(older.beginning(document), "validFrom"),
        "sub": holder,
    }
    end = older.end(document)
    if end is not None or "validUntil" in document:
        claims["exp"] = _seconds(end, "validUntil")
    return claims


def credential_in(payload: Document) -> Document:
    """The credential in a payload whose claims all say what it says.

    Raises `ProofError`: ``jwt.claims`` when one is missing or says something else, ``jwt.no-subject``.
    """
    if assertions.is_assertion(payload):
        return payload
    if "vc" in payload:
        return _older_credential(payload)
    credential = {name: value for name, value in payload.items() if name not in CLAIMS}
    _require(payload, claims_of(credential), REQUIRED)
    return credential


def _older_credential(payload: Document) -> Document:
    """The claim ``vc``, completed by the claims beside it, which must agree where both say something."""
    credential = payload["vc"]
    stray = next((name for name in payload if name not in _BESIDE_VC), None)
    if not isinstance(credential, dict) or not contexts.is_older(credential.get("@context")):
        raise ProofError("jwt.claims", "The token's claim “vc” is no credential of Verifiable Credentials 1.1")
    if stray is not None:
        raise ProofError("jwt.claims", f"The token says “{stray[:60]}” beside its credential, where nobody looks")
    subject = credential.get("credentialSubject")
    if not isinstance(subject, dict):
        raise ProofError("jwt.claims", "The token's credential is not about one holder")
    completed: Document = {
        **credential,
        "id": credential.get("id", payload.get("jti")),
        "issuer": credential.get("issuer", payload.get("iss")),
        "issuanceDate": credential.get("issuanceDate", _moment(payload.get("nbf"))),
    }
    if "exp" in payload:
        completed.setdefault("expirationDate", _moment(payload["exp"]))
    if "sub" in payload:
        completed["credentialSubject"] = {"id": payload["sub"], **subject}
    # Many issuers leave sub out, although the standard asks for it; the holder is signed all the same.
    named = completed["credentialSubject"]
    holder = named.get("id") if isinstance(named, dict) else None
    claims = claims_of({**completed, "credentialSubject": {"id": holder if holder is not None else "nobody"}})
    _require(payload, claims, ("iss", "jti", "nbf"))
    return completed


def _require(payload: Document, expected: Document, required: tuple[str, ...]) -> None:
    """Each registered claim is there and says what the credential says."""
    for name in (*REQUIRED, "exp"):
        if name in expected and name not in payload and name in (*required, "exp"):
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


def _moment(seconds: JSON) -> JSON:
    """A NumericDate as a credential writes it; None for what is none."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return format_moment(_EPOCH + timedelta(seconds=int(seconds)))
    except OverflowError:
        return None
