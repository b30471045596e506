"""Is it well formed, and signed by the issuer it names? The questions that every signed document is asked."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from laurea.credentials import canonical, jwt, keys, proof, vocabulary
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import (
    ContextError,
    KeyMaterialError,
    LaureaError,
    ProofError,
    VocabularyError,
)
from laurea.credentials.moments import parse_moment
from laurea.credentials.verification import issuer_key
from laurea.credentials.verification.materials import Materials, issuer_of
from laurea.credentials.verification.presented import Presented
from laurea.credentials.verification.report import Check, Outcome, Verdict

MOST_PROOFS = 16
"""Signatures that are looked at; a document with more is refused."""

# This installation lacks its contexts, or has others: no fault of the document.
_OUR_FAULT = ("context.missing", "context.altered")
_OLDER_CONTEXT = "https://www.w3.org/2018/credentials/v1"
_SUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022")


def examine(presented: Presented, materials: Materials, now: datetime) -> list[Check]:
    """structure, terms, proof.1 ..., issuer-key, issuer: in this order, each of them always there."""
    shape = structure(presented)
    meaning = terms(presented.document)
    proofs, key = _signatures(presented, materials, now, meaning)
    return [shape, meaning, *proofs, key, known_issuer(presented.document, materials)]


def structure(presented: Presented) -> Check:
    """The Open Badges 3.0 structure, and that there is a signature at all."""
    document, count = presented.document, len(presented.proofs)
    parameters = {"count": str(count), "limit": str(MOST_PROOFS)}
    problems = vocabulary.check(document)
    contexts = document.get("@context")
    if isinstance(contexts, list) and _OLDER_CONTEXT in contexts[:1]:
        message = "structure.older"
    elif vocabulary.class_of(document) is None:
        message = "structure.other-class"
    elif not count and presented.token is None:
        message = "structure.unsigned"
    elif count > MOST_PROOFS:
        message = "structure.too-many-proofs"
    elif problems:
        message = "structure.failed"
    else:
        return Check("structure", Outcome.PASSED, "structure.passed")
    detail = "; ".join(str(problem) for problem in problems)
    return Check("structure", Outcome.FAILED, message, parameters, detail, Verdict.MALFORMED)


def terms(document: Document) -> Check:
    """Data-loss detection: every member has a meaning, every context is one of those that Laurea brings along."""
    try:
        canonical.require_meaning(document)
    except LaureaError as problem:
        if problem.code in _OUR_FAULT:
            return Check("terms", Outcome.UNKNOWN, "terms.unknown", {}, _explained(problem), Verdict.CANNOT_TELL)
        message = "terms.contexts" if isinstance(problem, ContextError) else "terms.failed"
        return Check("terms", Outcome.FAILED, message, detail=_explained(problem), leads_to=Verdict.MALFORMED)
    return Check("terms", Outcome.PASSED, "terms.passed")


def _signatures(presented: Presented, materials: Materials, now: datetime, meaning: Check) -> tuple[list[Check], Check]:
    """One check for each signature, and one for all their keys: the worst that was found."""
    issuer = issuer_of(presented.document)
    proofs = presented.proofs if len(presented.proofs) <= MOST_PROOFS else []
    methods: list[JSON] = [item.get("verificationMethod") if isinstance(item, dict) else None for item in proofs]
    if presented.token is not None:
        methods.insert(0, presented.token.key_id)
    findings = [issuer_key.find(method, issuer, materials, now) for method in methods]
    checks: list[Check] = []
    for finding in findings:
        position = len(checks)
        label = {"number": str(position + 1), "count": str(len(findings))}
        if presented.token is not None and position == 0:
            checks.append(_token(presented.token, finding.key, label))
        else:
            item = proofs[position - (presented.token is not None)]
            checks.append(_embedded(presented.document, item, finding.key, now, label, meaning))
    return checks, _worst([finding.check for finding in findings])


def _worst(found: list[Check]) -> Check:
    if not found:
        return Check(issuer_key.CHECK, Outcome.NOT_APPLICABLE, "issuer-key.no-proof")
    rank = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED)
    return min(found, key=lambda check: rank.index(check.outcome))


def _token(token: jwt.Token, key: keys.VerificationKey | None, label: dict[str, str]) -> Check:
    label["suite"] = f"JWT {token.algorithm}"
    name = f"proof.{label['number']}"
    if not jwt.is_supported(token):
        return Check(name, Outcome.UNKNOWN, "proof.unsupported", label, leads_to=Verdict.CANNOT_TELL)
    if key is None:
        return Check(name, Outcome.UNKNOWN, "proof.no-key", label, leads_to=Verdict.CANNOT_TELL)
    try:
        jwt.verify(token, key)
    except ProofError as problem:
        return Check(name, Outcome.FAILED, "proof.failed", label, _explained(problem), Verdict.ALTERED)
    return Check(name, Outcome.PASSED, "proof.passed", label)


def _embedded(
    document: Document,
    item: JSON,
    key: keys.VerificationKey | None,
    now: datetime,
    label: dict[str, str],
    meaning: Check,
) -> Check:
    """One Data Integrity proof (VC Data Integrity 1.0, section 4.4)."""
    name = f"proof.{label['number']}"
    suite = item.get("cryptosuite", item.get("type")) if isinstance(item, dict) else None
    label["suite"] = suite if isinstance(suite, str) else "?"
    if not isinstance(item, dict):
        return Check(name, Outcome.FAILED, "proof.malformed", label, "a proof must be an object", Verdict.MALFORMED)
    if item.get("type") != "DataIntegrityProof" or suite not in _SUITES:
        return Check(name, Outcome.UNKNOWN, "proof.unsupported", label, leads_to=Verdict.CANNOT_TELL)
    if meaning.outcome is not Outcome.PASSED:
        return Check(name, Outcome.UNKNOWN, "proof.no-meaning", label, leads_to=meaning.leads_to)
    if key is None:
        return Check(name, Outcome.UNKNOWN, "proof.no-key", label, leads_to=Verdict.CANNOT_TELL)
    try:
        proof.verify_proof(document, item, key)
    except ProofError as problem:
        if problem.code == "proof.signature":
            return Check(name, Outcome.FAILED, "proof.failed", label, _explained(problem), Verdict.ALTERED)
        return Check(name, Outcome.FAILED, "proof.malformed", label, _explained(problem), Verdict.MALFORMED)
    except LaureaError as problem:
        return Check(name, Outcome.FAILED, "proof.malformed", label, _explained(problem), Verdict.MALFORMED)
    return _unexpired(item, now, name, label)


def _unexpired(item: Document, now: datetime, name: str, label: dict[str, str]) -> Check:
    """`expires` of a proof whose signature is right (section 2.1)."""
    expires = item.get("expires")
    if expires is None:
        return Check(name, Outcome.PASSED, "proof.passed", label)
    try:
        over = not isinstance(expires, str) or now >= parse_moment(expires)
    except VocabularyError as problem:
        return Check(name, Outcome.FAILED, "proof.malformed", label, _explained(problem), Verdict.MALFORMED)
    if over:
        label["until_moment"] = str(expires)
        return Check(name, Outcome.FAILED, "proof.expired", label, leads_to=Verdict.EXPIRED)
    return Check(name, Outcome.PASSED, "proof.passed", label)


def known_issuer(document: Document, materials: Materials) -> Check:
    """Whether anything but the document itself says who the issuer is."""
    issuer = issuer_of(document)
    if issuer is None:
        return Check("issuer", Outcome.UNKNOWN, "issuer.unknown", leads_to=Verdict.ISSUER_UNKNOWN)
    if issuer.startswith("did:web:") and issuer in materials.did_documents and issuer not in materials.trusted:
        try:
            domain = urlsplit(keys.did_web_url(issuer)).netloc
        except KeyMaterialError as problem:
            return Check("issuer", Outcome.UNKNOWN, "issuer.unknown", {}, problem.message, Verdict.ISSUER_UNKNOWN)
        return Check("issuer", Outcome.PASSED, "issuer.domain", {"domain": domain}, issuer)
    if issuer in materials.did_documents or issuer in materials.trusted:
        return Check("issuer", Outcome.PASSED, "issuer.vouched", detail=issuer)
    if issuer.startswith("did:web:"):
        return Check("issuer", Outcome.UNKNOWN, "issuer.unavailable", {}, issuer, Verdict.CANNOT_TELL)
    return Check("issuer", Outcome.UNKNOWN, "issuer.unknown", {}, issuer, Verdict.ISSUER_UNKNOWN)


def _explained(problem: LaureaError) -> str:
    return f"{problem.message} ({problem.code})"
