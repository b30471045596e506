"""Is each signature right? One check for each, whether it is inside the document or around it."""

from __future__ import annotations

from datetime import datetime

from laurea.credentials import jwt, older_proofs, proof
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import LaureaError, ProofError, VocabularyError
from laurea.credentials.keys import VerificationKey
from laurea.credentials.moments import parse_moment
from laurea.credentials.public_keys import AnyKey
from laurea.credentials.verification.report import Check, Outcome, Verdict

# A chain of proofs says in which order to sign; a proof for one place or occasion counts there alone (VC-DI 1.0, 2.1).
# Both are legal, and Open Badges has no use for either.
_OTHER_USES = ("previousProof", "domain", "challenge")


class EmbeddedProofs:
    """The Data Integrity proofs of one document, whose canonical forms are worked out once (VC-DI 1.0, section 4.4)."""

    def __init__(self, document: Document, meaning: Check, now: datetime) -> None:
        self.document = document
        self.meaning = meaning
        self.now = now
        self.digests: dict[str, bytes] = {}
        self.refused: dict[str, LaureaError] = {}

    def judge(self, item: JSON, key: AnyKey | None, number: int, count: int) -> Check:
        """The check of one proof; `key` is the issuer's that it names, if it may be used."""
        name, label = f"proof.{number}", _label(number, count, item)
        if not isinstance(item, dict):
            return Check(name, Outcome.FAILED, "proof.malformed", label, "a proof must be an object", Verdict.MALFORMED)
        is_current = item.get("type") == proof.TYPE and label["suite"] in proof.SUITES
        if not (is_current or older_proofs.is_known(item)):
            return Check(name, Outcome.UNKNOWN, "proof.unsupported", label, leads_to=Verdict.CANNOT_TELL)
        other_use = next((member for member in _OTHER_USES if member in item), None)
        if other_use is not None:
            about = {**label, "member": other_use}
            return Check(name, Outcome.UNKNOWN, "proof.other-use", about, leads_to=Verdict.CANNOT_TELL)
        if self.meaning.outcome is not Outcome.PASSED:
            return Check(name, Outcome.UNKNOWN, "proof.no-meaning", label, leads_to=self.meaning.leads_to)
        if key is None:
            return Check(name, Outcome.UNKNOWN, "proof.no-key", label, leads_to=Verdict.CANNOT_TELL)
        if not isinstance(key, VerificationKey):
            detail = "the key that the proof names is none for Ed25519"
            return Check(name, Outcome.FAILED, "proof.failed", label, detail, Verdict.ALTERED)
        problem = self._problem(item, key, label["suite"])
        if problem is None:
            return _unexpired(item, self.now, name, label)
        if problem.code == "proof.signature":
            return Check(name, Outcome.FAILED, "proof.failed", label, explained(problem), Verdict.ALTERED)
        return Check(name, Outcome.FAILED, "proof.malformed", label, explained(problem), Verdict.MALFORMED)

    def _problem(self, item: Document, key: VerificationKey, suite: str) -> LaureaError | None:
        """Why the proof does not hold. A document without canonical form is not tried again for the next proof."""
        if suite in self.refused:
            return self.refused[suite]
        try:
            if older_proofs.is_known(item):
                older_proofs.verify_proof(self.document, item, key)
            else:
                proof.verify_proof(self.document, item, key, digests=self.digests)
        except ProofError as problem:
            return problem
        except LaureaError as problem:
            self.refused[suite] = problem
            return problem
        return None


def judge_token(token: jwt.Token, key: AnyKey | None, number: int, count: int) -> Check:
    """The check of the signature around a document."""
    name = f"proof.{number}"
    label = {"number": str(number), "count": str(count), "suite": f"JWT {token.algorithm}"}
    if not jwt.is_supported(token):
        return Check(name, Outcome.UNKNOWN, "proof.unsupported", label, leads_to=Verdict.CANNOT_TELL)
    if key is None:
        return Check(name, Outcome.UNKNOWN, "proof.no-key", label, leads_to=Verdict.CANNOT_TELL)
    try:
        jwt.verify(token, key)
    except ProofError as problem:
        return Check(name, Outcome.FAILED, "proof.failed", label, explained(problem), Verdict.ALTERED)
    return Check(name, Outcome.PASSED, "proof.passed", label)


def explained(problem: LaureaError) -> str:
    """An error as a technical detail."""
    return f"{problem.message} ({problem.code})"


def _label(number: int, count: int, item: JSON) -> dict[str, str]:
    suite = item.get("cryptosuite", item.get("type")) if isinstance(item, dict) else None
    return {"number": str(number), "count": str(count), "suite": suite if isinstance(suite, str) else "?"}


def _unexpired(item: Document, now: datetime, name: str, label: dict[str, str]) -> Check:
    """`expires` of a proof whose signature is right (VC-DI 1.0, section 2.1)."""
    expires = item.get("expires")
    if not isinstance(expires, str):  # absent: a proof with another value has been refused as malformed
        return Check(name, Outcome.PASSED, "proof.passed", label)
    try:
        over = now >= parse_moment(expires)
    except VocabularyError as problem:
        return Check(name, Outcome.FAILED, "proof.malformed", label, explained(problem), Verdict.MALFORMED)
    if over:
        return Check(
            name, Outcome.FAILED, "proof.expired", {**label, "until_moment": expires}, leads_to=Verdict.EXPIRED
        )
    return Check(name, Outcome.PASSED, "proof.passed", label)
