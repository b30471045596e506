"""Restating: a credential once more, as the signed token (VC-JWT) that some systems ask for.

The token says what the signed document says and is signed with the key that signed it, which the issuer keeps, active
or retired, as long as it publishes it. A token must name its holder by an identifier; the documents have none, on
purpose, so the token names the holder as “whom this credential is about” and no more.
"""

from __future__ import annotations

from laurea.actions import issuer_keys
from laurea.credentials import jwt, keys
from laurea.credentials.document import Document, parse
from laurea.credentials.errors import IssuingError
from laurea.credentials.verification import Report, Verdict
from laurea.credentials.verification.materials import issuer_of
from laurea.records.models import Credential

HOLDER = "#holder"
"""What follows the credential's identifier in the holder's."""

_STATED = (Verdict.GENUINE, Verdict.EXPIRED, Verdict.NOT_YET_VALID, Verdict.REVOKED)


def as_token(credential: Credential, report: Report) -> str:
    """The credential as a compact JWS; always the same for the same text. `report` is that of `judging.judge`.

    Raises `IssuingError` ``restating.not-genuine`` unless the report found every signature right: nobody's changes to
    the records get a fresh signature here. `KeyMaterialError` when the key cannot be opened; `ProofError` for a
    document that no token can say.
    """
    if report.verdict not in _STATED:
        raise IssuingError(
            "restating.not-genuine",
            "What is on file is not what was signed, so it is not signed again",
            "Compare the file with a backup",
        )
    if credential.key.compromised_from is not None:
        raise IssuingError(
            "restating.stolen-key",
            "The key that signed this credential was stolen, so nothing is signed with it any more",
            "Have it issued anew",
        )
    document = parse(credential.text)
    method = keys.verification_method(
        issuer_of(document) or "", keys.VerificationKey.from_multikey(credential.key.multikey)
    )
    if method not in _methods(document):
        raise IssuingError("restating.other-key", "The key on file is not the one that signed this credential", "")
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    subject = unsigned["credentialSubject"]
    if isinstance(subject, dict) and "id" not in subject:
        unsigned["credentialSubject"] = {"id": f"{document['id']}{HOLDER}", **subject}
    return jwt.sign(unsigned, issuer_keys.unsealed(credential.key), verification_method=method)


def _methods(document: Document) -> list[object]:
    proofs = document.get("proof")
    return [
        proof.get("verificationMethod")
        for proof in (proofs if isinstance(proofs, list) else [proofs])
        if isinstance(proof, dict)
    ]
