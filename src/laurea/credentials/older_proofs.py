"""Signatures that other issuers put into Verifiable Credentials 1.1: Ed25519Signature2020, its forerunner of 2018, and
the cryptosuite eddsa-2022, which became eddsa-rdfc-2022. Read, never written.

All sign the same 64 bytes: the SHA-256 of the canonical proof options, then that of the canonical document. Sources:
Ed25519Signature2020 (W3C CCG, "vc-di-eddsa", Candidate Recommendation of 2022, section 3.2), Ed25519Signature2018, RFC
7797 (a JWS whose payload is left out).
"""

from __future__ import annotations

import hashlib
import json
import re

from laurea.credentials import base64url, canonical, proof
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import DocumentError, ProofError
from laurea.credentials.keys import VerificationKey

SIGNATURE_2020 = "Ed25519Signature2020"
SIGNATURE_2018 = "Ed25519Signature2018"
EDDSA_2022 = "eddsa-2022"

_OPTIONS = frozenset(
    ("id", "type", "created", "expires", "cryptosuite", "verificationMethod", "proofPurpose", "nonce", "proofValue")
)
_DETACHED = {"alg": "EdDSA", "b64": False, "crit": ["b64"]}
# Where RDFC-1.0 and URDNA2015, by which most of these were signed, write texts differently.
_WRITTEN_DIFFERENTLY = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")


def is_known(item: Document) -> bool:
    """Whether a proof is of one of these kinds."""
    if item.get("type") == proof.TYPE:
        return item.get("cryptosuite") == EDDSA_2022
    return item.get("type") in (SIGNATURE_2020, SIGNATURE_2018)


def verify_proof(document: Document, item: Document, key: VerificationKey) -> None:
    """Raise unless `key` made the proof `item` over `document` (whose own `proof` is left aside).

    Raises `ProofError`: ``proof.signature``, ``proof.malformed``; `ContextError` and `CanonicalError`.
    """
    signature, prefix = _read(item)
    signed = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in item.items() if name not in ("proofValue", "jws")}
    configuration = {"@context": document.get("@context"), **options}
    ways = (False, True) if _is_written_differently(signed) else (False,)
    for urdna2015 in ways:
        parts = (canonical.n_quads(part, urdna2015=urdna2015) for part in (configuration, signed))
        digests = b"".join(hashlib.sha256(part.encode()).digest() for part in parts)
        if key.verify(signature, prefix + digests):
            return
    raise ProofError(
        "proof.signature",
        "The signature does not match the document",
        "The document, its proof or the key is not the one of the signing",
    )


def _read(item: Document) -> tuple[bytes, bytes]:
    """The signature, and what is signed before the digests."""
    allowed = _OPTIONS
    if item.get("type") == SIGNATURE_2018:
        allowed = _OPTIONS - {"proofValue", "cryptosuite"} | {"jws"}
    elif item.get("type") == SIGNATURE_2020:
        allowed = _OPTIONS - {"cryptosuite"}
    proof.require_options(item, allowed)
    if item.get("type") == SIGNATURE_2018:
        return _detached(item.get("jws"))
    return proof.signature_of(item.get("proofValue")), b""


def _detached(jws: JSON) -> tuple[bytes, bytes]:
    header, _, rest = jws.partition("..") if isinstance(jws, str) else ("", "", "")
    signature, head = base64url.decode(rest), base64url.decode(header)
    try:
        is_ours = head is not None and len(head) < 200 and json.loads(head) == _DETACHED
    except (ValueError, DocumentError, RecursionError):
        is_ours = False
    if not is_ours or signature is None or len(signature) != 64:
        raise ProofError("proof.malformed", "The proof cannot be judged: its jws is no detached signature with EdDSA")
    return signature, f"{header}.".encode()


def _is_written_differently(document: Document) -> bool:
    waiting: list[JSON] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if _WRITTEN_DIFFERENTLY.search(value):
                return True
        elif isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return False
