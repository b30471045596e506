"""Data Integrity proofs: eddsa-rdfc-2022 over what a document means, eddsa-jcs-2022 over what it says.

A credential carries both, each over the document without any proof. Sources: Verifiable Credential Data Integrity 1.0;
Data Integrity EdDSA Cryptosuites 1.0, sections 3.2 (rdfc) and 3.3 (jcs).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache

from laurea.credentials import canonical, contexts
from laurea.credentials.document import JSON, Document, parse
from laurea.credentials.errors import ContextError, KeyMaterialError, ProofError, VocabularyError
from laurea.credentials.keys import Signer, VerificationKey, base58_decode, base58_encode
from laurea.credentials.moments import format_moment, parse_moment

RDFC = "eddsa-rdfc-2022"
JCS = "eddsa-jcs-2022"
SUITES = (RDFC, JCS)
"""The suites of a credential's two proofs, in the order in which the verifiers in use accept them."""

TYPE = "DataIntegrityProof"
PURPOSE = "assertionMethod"

_SIGNATURE_BYTES = 64
# Data Integrity 1.0, section 2.1. domain and challenge tie a proof to one occasion, which a credential does not have.
_OPTIONS = frozenset(
    (
        "@context",
        "id",
        "type",
        "created",
        "expires",
        "cryptosuite",
        "verificationMethod",
        "proofPurpose",
        "previousProof",
        "nonce",
        "proofValue",
    )
)
_MOST_PREVIOUS = 16


def sign(
    document: Document,
    key: Signer,
    *,
    verification_method: str,
    created: datetime,
    suites: Sequence[str] = SUITES,
) -> Document:
    """`document` with a `proof` array: one proof of each of `suites`, each over the document without proofs.

    `verification_method` is the absolute id of the key in the issuer's DID document, `created` a moment with a time
    zone. Raises `ProofError` (``proof.already-signed``, ``proof.unsupported``), `ContextError` and `CanonicalError` for
    a document of which a proof would not cover everything, `VocabularyError` for a moment without time zone.
    """
    if "proof" in document:
        raise ProofError("proof.already-signed", "The document is signed already", "Sign it without its “proof”")
    if contexts.is_older(document.get("@context")):
        raise ContextError("context.older", "Verifiable Credentials 1.1 are read, and not written any more")
    if RDFC not in suites:
        canonical.n_quads(document)  # the other suite covers every member, but not whether it means anything
    proofs: list[JSON] = []
    for suite in suites:
        proof: Document = {
            "type": TYPE,
            "created": format_moment(created),
            "verificationMethod": verification_method,
            "cryptosuite": suite,
            "proofPurpose": PURPOSE,
        }
        if suite == JCS:
            proof["@context"] = document.get("@context")  # section 3.3.1, step 2
        signature = key.sign(hash_data(document, proof))
        proofs.append({**proof, "proofValue": f"z{base58_encode(signature)}"})
    return {**document, "proof": proofs}


def verify_proof(
    document: Document,
    proof: JSON,
    key: VerificationKey,
    *,
    more_contexts: canonical.Contexts | None = None,
    digests: dict[str, bytes] | None = None,
) -> None:
    """Raise unless `key` made `proof` over `document` (whose own `proof` member is left aside).

    `digests` spares work when several proofs of one document are verified: `document_hash` by suite, filled in here.
    A proof that follows others (`previousProof`) covers those too; they are looked up in the document, and are to be
    verified by themselves. Whose the key is, and whether the proof has expired, is not asked here. Raises `ProofError`:
    ``proof.signature`` when the document, the proof or the key is not what was signed with, ``proof.malformed`` and
    ``proof.unsupported`` for a proof that cannot be judged; `ContextError` and `CanonicalError` for the document.
    """
    options, signature = _read(proof)
    covered = {name: value for name, value in document.items() if name != "proof"}
    if "previousProof" in options:
        covered["proof"] = _previous(document, options["previousProof"])
    if "@context" in options and options["@context"] != document.get("@context"):
        # The standard lets a document have more contexts than its proof: these would be signed by nobody.
        raise ProofError("proof.signature", "The proof was made for other contexts than the document has")
    suite = options.get("cryptosuite")
    configuration = configuration_hash(covered, options, more_contexts=more_contexts)
    known = digests if digests is not None and "previousProof" not in options else {}
    if isinstance(suite, str) and suite not in known:
        known[suite] = document_hash(covered, suite, more_contexts=more_contexts)
    if not key.verify(signature, configuration + known[str(suite)]):
        raise ProofError(
            "proof.signature",
            "The signature does not match the document",
            "The document, its proof or the key is not the one of the signing",
        )


def hash_data(document: Document, options: Document, *, more_contexts: canonical.Contexts | None = None) -> bytes:
    """What is signed: the SHA-256 of the canonical `options` and that of the canonical `document`, 64 bytes.

    `options` is the proof without its `proofValue` (sections 3.2.4 and 3.3.4). Raises `ProofError`
    (``proof.unsupported``) for a suite that is not among `SUITES`.
    """
    configuration = configuration_hash(document, options, more_contexts=more_contexts)
    return configuration + document_hash(document, str(options["cryptosuite"]), more_contexts=more_contexts)


def document_hash(document: Document, suite: str, *, more_contexts: canonical.Contexts | None = None) -> bytes:
    """The second half of `hash_data`, the same for all proofs of a suite over `document` (3.2.3, 3.3.3)."""
    if suite == RDFC:
        data = canonical.n_quads(document, more_contexts=more_contexts).encode("utf-8")
    else:
        data = canonical.jcs(document)
    return hashlib.sha256(data).digest()


def configuration_hash(
    document: Document, options: Document, *, more_contexts: canonical.Contexts | None = None
) -> bytes:
    """The first half of `hash_data`, the same for all documents with the contexts of this one (3.2.5, 3.3.5)."""
    suite = options.get("cryptosuite")
    if suite == RDFC:
        configuration = {"@context": document.get("@context"), **options}
        if more_contexts is None:
            return _rdfc_hash(json.dumps(configuration))
        data = canonical.n_quads(configuration, more_contexts=more_contexts).encode("utf-8")
    elif suite == JCS:
        data = canonical.jcs(options)
    else:
        shown = suite[:60] if isinstance(suite, str) else "none"
        raise ProofError("proof.unsupported", f"Proofs of the suite {shown} are not supported")
    return hashlib.sha256(data).digest()


@lru_cache(maxsize=64)
def _rdfc_hash(configuration: str) -> bytes:
    """Of a configuration in JSON. Remembered, because all credentials of a batch were signed with the same one."""
    return hashlib.sha256(canonical.n_quads(parse(configuration)).encode("utf-8")).digest()


def _read(proof: JSON) -> tuple[Document, bytes]:
    """The options and the signature of a proof in which nothing is amiss or unknown."""
    if not isinstance(proof, dict):
        raise _malformed("it is not an object")
    if proof.get("type") != TYPE:
        raise ProofError("proof.unsupported", "The proof is of a kind that is not supported", f"{TYPE} is")
    require_options(proof, _OPTIONS)
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    return options, signature_of(proof.get("proofValue"))


def require_options(proof: Document, allowed: Collection[str]) -> None:
    """Raise `ProofError` (``proof.malformed``) unless a proof has what every proof of a credential must, and no other
    members than `allowed`."""
    other = next((name for name in proof if name not in allowed), None)
    if other is not None:
        raise _malformed(f"it has the member “{other[:60]}”, which does not belong into the proof of a credential")
    if proof.get("proofPurpose") != PURPOSE:
        raise _malformed(f"its purpose is not {PURPOSE}, as a credential's must be")
    if not isinstance(proof.get("verificationMethod"), str):
        raise _malformed("it does not say which key signed (verificationMethod)")
    for name in ("created", "expires"):
        if name in proof:
            _require_moment(proof[name], name)


def _require_moment(value: JSON, name: str) -> None:
    try:
        parse_moment(value if isinstance(value, str) else "")
    except VocabularyError as problem:
        raise _malformed(f"its “{name}” is no date and time with a time zone") from problem


def signature_of(value: JSON) -> bytes:
    """The 64 bytes of a `proofValue`. Raises `ProofError` (``proof.malformed``)."""
    if not isinstance(value, str) or not value.startswith("z"):
        raise _malformed("its proofValue is not base58btc, which starts with z")
    try:
        signature = base58_decode(value[1:])
    except KeyMaterialError as problem:
        raise _malformed(f"its proofValue is not base58btc: {problem.message}") from problem
    if len(signature) != _SIGNATURE_BYTES:
        raise _malformed(f"its proofValue holds {len(signature)} bytes, a signature has {_SIGNATURE_BYTES}")
    return signature


def _previous(document: Document, named: JSON) -> list[JSON]:
    """The proofs that a proof follows, and therefore covers (Data Integrity 1.0, section 4.5)."""
    names = named if isinstance(named, list) else [named]
    proofs = document.get("proof")
    if not 0 < len(names) <= _MOST_PREVIOUS or not isinstance(proofs, list):
        raise _malformed("it follows other proofs (previousProof) that the document does not have")
    found: list[JSON] = []
    for name in names:
        same = [item for item in proofs if isinstance(item, dict) and isinstance(name, str) and item.get("id") == name]
        if len(same) != 1:
            raise _malformed("it follows another proof (previousProof) that the document does not have")
        found.append(same[0])
    return found


def _malformed(reason: str) -> ProofError:
    return ProofError("proof.malformed", f"The proof cannot be judged: {reason}")
