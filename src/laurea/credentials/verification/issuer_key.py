"""Does the key that signed belong to the issuer?

A key counts only when the issuer's own document lists it under `assertionMethod` and names the issuer as its
controller (Controlled Identifiers 1.0, section 3.3), or when it lies beneath the https address that the issuer is. A
key that a document merely names or brings along counts for nothing: anybody can write that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from laurea.credentials import assertions, public_keys
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import KeyMaterialError, VocabularyError
from laurea.credentials.keys import VerificationKey, base58_decode
from laurea.credentials.moments import parse_moment
from laurea.credentials.public_keys import AnyKey
from laurea.credentials.verification.materials import Materials, is_of_same_host
from laurea.credentials.verification.report import Check, Outcome, Verdict

CHECK = "issuer-key"
MOST_KEYS = 100
"""Keys of one issuer that are looked at."""

_SPEAKS_OF_KEYS = ("assertionMethod", "verificationMethod")


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer about one verification method, and the key if it may be used."""

    check: Check
    key: AnyKey | None = None


def find(
    method: JSON, issuer: str | None, materials: Materials, now: datetime, *, own_key: AnyKey | None = None
) -> Finding:
    """The key that `method` (an identifier in a proof or token) names, if it is one of `issuer`'s for credentials.

    Everything before the ``#`` must be the issuer itself, or lie on its host where the issuer is an https address:
    other documents are never asked. `own_key` is the key that a token brought along: one that the issuer has not
    published counts for nothing, however it is named.
    """
    if method is None and own_key is not None:
        return _brought_along(own_key, issuer, materials, now)
    finding = _named(method, issuer, materials, now)
    if own_key is not None and finding.key is not None and finding.key != own_key:
        return _failed("issuer-key.foreign", f"the token brings another key than {_shown(method)}")
    return finding


def _named(method: JSON, issuer: str | None, materials: Materials, now: datetime) -> Finding:
    if not isinstance(method, str):
        return _unknown("issuer-key.unnamed", "verificationMethod is missing, or no text")
    is_own = issuer is not None and "#" in method and method.partition("#")[0] == issuer
    if issuer is None or not (is_own or is_of_same_host(method, issuer)):
        return _failed("issuer-key.foreign", f"verification method {method}, issuer {_shown(issuer)}")
    if issuer.startswith("did:key:"):
        return _self_describing(method, issuer)
    document = _document_of(issuer, materials)
    if isinstance(document, Finding):
        return document if is_own else _dereferenced(method, issuer, {}, materials, now) or document
    if not is_own or not _speaks_of_keys(document):
        found = _dereferenced(method, issuer, document, materials, now)
        if found is not None:
            return found
        if is_own:
            return _unknown("issuer-key.unusable", f"the document at {issuer} says nothing of keys")
    return _listed(method, issuer, document, materials, now)


def _document_of(issuer: str, materials: Materials) -> Document | Finding:
    """What the issuer publishes about itself, or why that is not known."""
    document = materials.did_documents.get(issuer)
    if document is None and issuer.startswith("https://"):
        document = materials.documents.get(issuer.partition("#")[0])
        if document is not None and "id" not in document:
            document = {**document, "id": issuer}
    if document is None:
        has_address = issuer.startswith(("did:web:", "https://"))
        message = "issuer-key.unavailable" if has_address else "issuer-key.no-lookup"
        return _unknown(message, materials.failures.get(issuer, f"no document of {issuer} is at hand"))
    if document.get("id") != issuer:
        return _unknown("issuer-key.unusable", f"the document for {issuer} is about {_shown(document.get('id'))}")
    return document


def _self_describing(method: str, issuer: str) -> Finding:
    """did:key: the identifier is the key, and the only method is that key."""
    try:
        key = public_keys.from_multikey(issuer.removeprefix("did:key:"))
    except KeyMaterialError as problem:
        return _unknown("issuer-key.unusable", problem.message)
    if method != f"{issuer}#{issuer.removeprefix('did:key:')}":
        return _failed("issuer-key.foreign", f"{method} is not the key of {issuer}")
    return Finding(Check(CHECK, Outcome.PASSED, "issuer-key.self", detail=method), key)


def _listed(method: str, issuer: str, document: Document, materials: Materials, now: datetime) -> Finding:
    entry = _entry(document.get("assertionMethod"), method, issuer)
    if entry is None:
        return _once_listed(method, issuer, document, now)
    described = entry if isinstance(entry, dict) else _entry(document.get("verificationMethod"), method, issuer)
    if not isinstance(described, dict) and is_of_same_host(method, issuer):
        described = materials.documents.get(method.partition("#")[0])
    if not isinstance(described, dict):
        return _unknown("issuer-key.unusable", f"the document of {issuer} lists {method} but does not describe it")
    if described.get("controller") not in (issuer, [issuer]):
        return _failed("issuer-key.foreign", f"{method} is controlled by {_shown(described.get('controller'))}")
    return _usable(described, method, now)


def _once_listed(method: str, issuer: str, document: Document, now: datetime) -> Finding:
    """A key that may sign nothing: one that the issuer says it has revoked, or one that was never the issuer's."""
    described = _entry(document.get("verificationMethod"), method, issuer)
    if isinstance(described, dict) and described.get("controller") in (issuer, [issuer]) and "revoked" in described:
        finding = _usable(described, method, now)
        if finding.key is None:
            return finding
    return _failed("issuer-key.not-listed", f"assertionMethod of {issuer} does not list {method}")


def _usable(described: Document, method: str, now: datetime) -> Finding:
    """The key that is described, unless it is of a kind that is not read, or its time is over."""
    try:
        end = _end_of_use(described)
        key = _key(described)
    except (KeyMaterialError, VocabularyError) as problem:
        return _unknown("issuer-key.unusable", f"{method}: {problem.message}")
    if end is not None and now >= parse_moment(end):
        return _unknown("issuer-key.withdrawn", f"{method} was expired or revoked at {end}", until_moment=end)
    return Finding(Check(CHECK, Outcome.PASSED, "issuer-key.passed", detail=method), key)


def _dereferenced(method: str, issuer: str, profile: Document, materials: Materials, now: datetime) -> Finding | None:
    """The key at an https address that speaks for the issuer (Open Badges 3.0, Integrity: `kid`); None if it does not.

    That is the issuer's own address and what lies beneath it, the address that its profile gives as `jwks_uri`, and
    ``/.well-known/``, where nobody but who runs the host can write.
    """
    address, _, fragment = method.partition("#")
    root = issuer.partition("#")[0].rstrip("/")
    well_known = f"https://{assertions.host_of(issuer)}/.well-known/"
    if not (address == root or address.startswith((f"{root}/", well_known)) or address == profile.get("jwks_uri")):
        return None
    published = materials.documents.get(address)
    if published is None:
        return _unknown("issuer-key.unavailable", materials.failures.get(address, f"{address} is not at hand"))
    keys = published.get("keys")
    listed = [item for item in keys if isinstance(item, dict)][:MOST_KEYS] if isinstance(keys, list) else [published]
    names = (method, fragment) if fragment else (method,)
    chosen = [item for item in listed if item.get("kid") in names or item.get("id") == method]
    if not chosen and len(listed) == 1 and not fragment and "kid" not in listed[0]:
        chosen = listed
    if len(chosen) != 1:
        # A page of the issuer that holds no keys at all says nothing about this one.
        if isinstance(keys, list):
            return _failed("issuer-key.not-listed", f"{address} does not list {method}")
        return None
    described = chosen[0]
    if "kty" in described:
        return _usable({"publicKeyJwk": described}, method, now)
    return _usable(described, method, now) if described.get("controller") in (issuer, [issuer]) else None


def _brought_along(own_key: AnyKey, issuer: str | None, materials: Materials, now: datetime) -> Finding:
    """The key in a token's header, if the issuer has published the same one."""
    if issuer is None:
        return _failed("issuer-key.foreign", "there is no issuer to own the key")
    if issuer.startswith("did:key:"):
        finding = _self_describing(f"{issuer}#{issuer.removeprefix('did:key:')}", issuer)
        return finding if finding.key in (None, own_key) else _failed("issuer-key.foreign", f"not the key of {issuer}")
    document = _document_of(issuer, materials)
    if isinstance(document, Finding):
        return document
    for described in _published(document, issuer):
        try:
            if _key(described) != own_key:
                continue
        except KeyMaterialError:
            continue
        return _usable(described, f"the key in the token, which {issuer} publishes", now)
    if not _speaks_of_keys(document) and "jwks" not in document and "keys" not in document:
        return _unknown("issuer-key.unusable", f"the document at {issuer} says nothing of keys")
    return _failed("issuer-key.not-listed", f"{issuer} has not published the key that the token brings along")


def _published(document: Document, issuer: str) -> Iterator[Document]:
    """Descriptions of the keys that an issuer's document lists for credentials."""
    methods = document.get("assertionMethod")
    for entry in (methods if isinstance(methods, list) else [methods])[:MOST_KEYS]:
        described = entry
        if isinstance(entry, str):
            name = issuer + entry if entry.startswith("#") else entry
            described = _entry(document.get("verificationMethod"), name, issuer)
        if isinstance(described, dict) and described.get("controller") in (issuer, [issuer]):
            yield described
    jwks = document.get("jwks", document)
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    for item in keys[:MOST_KEYS] if isinstance(keys, list) else []:
        if isinstance(item, dict):
            yield {"publicKeyJwk": item}


def _speaks_of_keys(document: Document) -> bool:
    return any(name in document for name in _SPEAKS_OF_KEYS)


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


def _key(described: Document) -> AnyKey:
    """Multikey and its forerunners Ed25519VerificationKey2020 and 2018, or a JSON Web Key."""
    multikey, jwk = described.get("publicKeyMultibase"), described.get("publicKeyJwk")
    if isinstance(multikey, str):
        return public_keys.from_multikey(multikey)
    if isinstance(jwk, dict):
        return public_keys.from_jwk(jwk)
    plain = described.get("publicKeyBase58")
    if isinstance(plain, str) and described.get("type") == "Ed25519VerificationKey2018":
        return VerificationKey.from_bytes(base58_decode(plain))
    raise KeyMaterialError("key.unsupported", "there is neither publicKeyMultibase nor publicKeyJwk")


def _failed(message: str, detail: str) -> Finding:
    return Finding(Check(CHECK, Outcome.FAILED, message, detail=detail, leads_to=Verdict.ALTERED))


def _unknown(message: str, detail: str, **parameters: str) -> Finding:
    return Finding(Check(CHECK, Outcome.UNKNOWN, message, parameters, detail, leads_to=Verdict.CANNOT_TELL))


def _shown(value: JSON) -> str:
    return value if isinstance(value, str) else "nothing" if value is None else "no text"
