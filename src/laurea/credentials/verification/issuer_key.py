"""Does the key that signed belong to the issuer?

A key counts only when the issuer's own document lists it under `assertionMethod` and names the issuer as its
controller (Controlled Identifiers 1.0, section 3.3). A key that a document merely names, were it inside the
verification method's own identifier, counts for nothing: anybody can write that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from laurea.credentials import base64url, keys
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import KeyMaterialError, VocabularyError
from laurea.credentials.keys import VerificationKey
from laurea.credentials.moments import parse_moment
from laurea.credentials.verification.materials import Materials
from laurea.credentials.verification.report import Check, Outcome, Verdict

CHECK = "issuer-key"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer about one verification method, and the key if it may be used."""

    check: Check
    key: VerificationKey | None = None


def find(method: JSON, issuer: str | None, materials: Materials, now: datetime) -> Finding:
    """The key that `method` (a DID URL in a proof or token) names, if it is one of `issuer`'s for signing credentials.

    Everything before the ``#`` must be the issuer itself: other documents are never asked.
    """
    if not isinstance(method, str):
        return _unknown("issuer-key.unnamed", "verificationMethod is missing, or no text")
    if issuer is None or "#" not in method or method.partition("#")[0] != issuer:
        return _failed("issuer-key.foreign", f"verification method {method}, issuer {_shown(issuer)}")
    if issuer.startswith("did:key:"):
        return _self_describing(method, issuer)
    document = materials.did_documents.get(issuer)
    if document is None:
        message = "issuer-key.unavailable" if issuer.startswith("did:web:") else "issuer-key.no-lookup"
        return _unknown(message, materials.failures.get(issuer, f"no document of {issuer} is at hand"))
    if document.get("id") != issuer:
        return _unknown("issuer-key.unusable", f"the document for {issuer} is about {_shown(document.get('id'))}")
    return _listed(method, issuer, document, now)


def _self_describing(method: str, issuer: str) -> Finding:
    """did:key: the identifier is the key, and the only method is that key."""
    try:
        document = keys.did_key_document(issuer)
        key = VerificationKey.from_multikey(issuer.removeprefix("did:key:"))
    except KeyMaterialError as problem:
        return _unknown("issuer-key.unusable", problem.message)
    if method not in _texts(document.get("assertionMethod")):
        return _failed("issuer-key.foreign", f"{method} is not the key of {issuer}")
    return Finding(Check(CHECK, Outcome.PASSED, "issuer-key.self", detail=method), key)


def _listed(method: str, issuer: str, document: Document, now: datetime) -> Finding:
    entry = _entry(document.get("assertionMethod"), method, issuer)
    if entry is None:
        return _failed("issuer-key.not-listed", f"assertionMethod of {issuer} does not list {method}")
    described = entry if isinstance(entry, dict) else _entry(document.get("verificationMethod"), method, issuer)
    if not isinstance(described, dict):
        return _unknown("issuer-key.unusable", f"the document of {issuer} lists {method} but does not describe it")
    if described.get("controller") not in (issuer, [issuer]):
        return _failed("issuer-key.foreign", f"{method} is controlled by {_shown(described.get('controller'))}")
    try:
        end = _end_of_use(described)
        key = _key(described)
    except (KeyMaterialError, VocabularyError) as problem:
        return _unknown("issuer-key.unusable", f"{method}: {problem.message}")
    if end is not None and now >= parse_moment(end):
        return _unknown("issuer-key.withdrawn", f"{method} was expired or revoked at {end}", until_moment=end)
    return Finding(Check(CHECK, Outcome.PASSED, "issuer-key.passed", detail=method), key)


def _entry(methods: JSON, method: str, issuer: str) -> JSON:
    """The value in a list of methods that is, or has, the identifier `method`; relative identifiers are completed."""
    for entry in methods if isinstance(methods, list) else [methods]:
        identifier = entry.get("id") if isinstance(entry, dict) else entry
        if isinstance(identifier, str) and method == (
            issuer + identifier if identifier.startswith("#") else identifier
        ):
            return entry
    return None


def _end_of_use(described: Document) -> str | None:
    """The earlier of `expires` and `revoked` (Controlled Identifiers 1.0, section 2.2)."""
    ends: list[str] = []
    for name in ("expires", "revoked"):
        value = described.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise VocabularyError("vocabulary.moment", f"{name} is no text")
        parse_moment(value)
        ends.append(value)
    return min(ends, key=parse_moment, default=None)


def _key(described: Document) -> VerificationKey:
    """Multikey and its forerunner Ed25519VerificationKey2020, or a JSON Web Key."""
    multikey, jwk = described.get("publicKeyMultibase"), described.get("publicKeyJwk")
    if isinstance(multikey, str):
        return VerificationKey.from_multikey(multikey)
    if isinstance(jwk, dict):
        public = jwk.get("x")
        data = base64url.decode(public) if isinstance(public, str) else None
        if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or "d" in jwk or data is None or len(data) != 32:
            raise KeyMaterialError("key.unsupported", "the JSON Web Key is no public Ed25519 key")
        return VerificationKey.from_bytes(data)
    raise KeyMaterialError("key.unsupported", "there is neither publicKeyMultibase nor publicKeyJwk")


def _failed(message: str, detail: str) -> Finding:
    return Finding(Check(CHECK, Outcome.FAILED, message, detail=detail, leads_to=Verdict.ALTERED))


def _unknown(message: str, detail: str, **parameters: str) -> Finding:
    return Finding(Check(CHECK, Outcome.UNKNOWN, message, parameters, detail, leads_to=Verdict.CANNOT_TELL))


def _texts(value: JSON) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _shown(value: JSON) -> str:
    return value if isinstance(value, str) else "nothing" if value is None else "no text"
