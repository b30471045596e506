"""Is it well formed, and signed by the issuer it names? The questions that every signed document is asked."""

from __future__ import annotations

from datetime import datetime

from laurea.credentials import canonical, vocabulary
from laurea.credentials.document import Document
from laurea.credentials.errors import ContextError, LaureaError
from laurea.credentials.verification import issuer_key
from laurea.credentials.verification.known_issuers import known_issuer
from laurea.credentials.verification.materials import Materials, issuer_of
from laurea.credentials.verification.presented import Presented
from laurea.credentials.verification.proofs import EmbeddedProofs, explained, judge_token
from laurea.credentials.verification.report import Check, Outcome, Verdict

MOST_PROOFS = 16
"""Signatures that are looked at; a document with more is refused."""

# This installation lacks its contexts, or has others: no fault of the document.
_OUR_FAULT = ("context.missing", "context.altered")


def examine(presented: Presented, materials: Materials, now: datetime) -> list[Check]:
    """structure, terms, proof.1 ..., issuer-key, issuer: in this order, each of them always there."""
    shape = structure(presented)
    meaning = terms(presented.document)
    proofs, key = _signatures(presented, materials, now, meaning)
    return [shape, meaning, *proofs, key, known_issuer(presented.document, materials, key)]


def structure(presented: Presented) -> Check:
    """The Open Badges 3.0 structure, and that there is a signature at all."""
    document, count = presented.document, len(presented.proofs)
    parameters = {"count": str(count), "limit": str(MOST_PROOFS)}
    problems = vocabulary.check(document)
    if vocabulary.class_of(document) is None:
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
            return Check("terms", Outcome.UNKNOWN, "terms.unknown", {}, explained(problem), Verdict.CANNOT_TELL)
        message = "terms.contexts" if isinstance(problem, ContextError) else "terms.failed"
        if problem.code == "canonical.too-much":
            message = "terms.too-much"
        return Check("terms", Outcome.FAILED, message, detail=explained(problem), leads_to=Verdict.MALFORMED)
    return Check("terms", Outcome.PASSED, "terms.passed")


def _signatures(presented: Presented, materials: Materials, now: datetime, meaning: Check) -> tuple[list[Check], Check]:
    """One check for each signature, and one for all their keys: the worst that was found."""
    issuer, token = issuer_of(presented.document), presented.token
    proofs = presented.proofs if len(presented.proofs) <= MOST_PROOFS else []
    count = len(proofs) + (token is not None)
    checks: list[Check] = []
    found: list[Check] = []
    if token is not None:
        finding = issuer_key.find(token.key_id, issuer, materials, now, own_key=token.own_key)
        found.append(finding.check)
        checks.append(judge_token(token, finding.key, 1, count))
    embedded = EmbeddedProofs(presented.document, meaning, now)
    for number, item in enumerate(proofs, start=len(checks) + 1):
        method = item.get("verificationMethod") if isinstance(item, dict) else None
        finding = issuer_key.find(method, issuer, materials, now)
        found.append(finding.check)
        checks.append(embedded.judge(item, finding.key, number, count))
    return checks, _worst(found)


def _worst(found: list[Check]) -> Check:
    if not found:
        return Check(issuer_key.CHECK, Outcome.NOT_APPLICABLE, "issuer-key.no-proof")
    rank = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED)
    return min(found, key=lambda check: rank.index(check.outcome))
