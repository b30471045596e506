"""1EdTech's list of revoked credentials: a plain JSON document at the address that the signed credential names.

Open Badges 3.0, "1EdTech Revocation List": ``{"id", "issuer", "revokedCredential": [{"id", "revoked"?, ...}]}``. It
carries no signature, so it is believed because the issuer signed its address, and its host gave it over https.
"""

from __future__ import annotations

from laurea.credentials.document import Document
from laurea.credentials.verification.materials import REVOCATION_LIST, Materials, is_https, issuer_of
from laurea.credentials.verification.report import Check, Outcome, Verdict

MOST_ENTRIES = 50_000


def status(entry: Document, credential: Document, materials: Materials) -> Check:
    """Whether the list that `entry` names says that `credential` was revoked."""
    named = entry.get("id")
    address = named.partition("#")[0] if isinstance(named, str) else ""
    if not is_https(address):
        return _unknown("status.unavailable", f"{named if isinstance(named, str) else 'nothing'} is no https address")
    found = materials.documents.get(address)
    if found is None:
        return _unknown("status.unavailable", materials.failures.get(address, f"{address} is not at hand"))
    listed, own = found.get("revokedCredential"), credential.get("id")
    if not isinstance(listed, list) or not isinstance(own, str) or len(listed) > MOST_ENTRIES:
        return _unknown("status.unreadable", f"{address} holds no {REVOCATION_LIST}")
    if found.get("id", address) != address:
        return _unknown("status.unverified", f"{address} holds the list {_shown(found.get('id'))}")
    if issuer_of(found) != issuer_of(credential):
        return _unknown("status.unverified", f"{address} is a list by {_shown(issuer_of(found))}")
    for revoked in listed:
        if not isinstance(revoked, dict) or not isinstance(revoked.get("id"), str):
            return _unknown("status.unreadable", f"{address} has an entry without id")
        if revoked["id"] == own and revoked.get("revoked", True) is not False:
            reason = revoked.get("revocationReason")
            detail = f"{address}: {reason}" if isinstance(reason, str) else address
            return Check("status", Outcome.FAILED, "status.revoked", {}, detail, Verdict.REVOKED)
    return Check("status", Outcome.PASSED, "status.passed-unsigned", {}, address)


def _unknown(message: str, detail: str) -> Check:
    return Check("status", Outcome.UNKNOWN, message, {}, detail, Verdict.CANNOT_TELL)


def _shown(value: object) -> str:
    return value if isinstance(value, str) else "nobody"
