"""Does a properly signed credential still count? Withdrawal and period of validity."""

from __future__ import annotations

from datetime import datetime

from laurea.credentials import status_list
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import LaureaError, VocabularyError
from laurea.credentials.moments import parse_moment
from laurea.credentials.verification import revocation_lists
from laurea.credentials.verification.judged_list import JudgedList
from laurea.credentials.verification.materials import (
    REVOCATION_LIST,
    Materials,
    is_https,
    issuer_of,
    status_entries,
)
from laurea.credentials.verification.presented import LARGEST_LIST, MOST_VALUES_OF_A_LIST, Presented, read
from laurea.credentials.verification.report import Check, Outcome, Verdict
from laurea.credentials.verification.signatures import examine
from laurea.credentials.verification.spans import Span, span
from laurea.credentials.vocabulary import older

_WITHDRAWN = {"revocation": "status.revoked", "suspension": "status.suspended"}
_NO_MATTER = ("message", "refresh")
STATUS_LIST_2021_ENTRY = "StatusList2021Entry"
_KINDS = ("BitstringStatusListEntry", STATUS_LIST_2021_ENTRY)


def status(document: Document, materials: Materials, now: datetime) -> list[Check]:
    """One check for each entry of `credentialStatus`; one that says there is none."""
    entries = status_entries(document)
    if not entries:
        return [Check("status", Outcome.NOT_APPLICABLE, "status.none")]
    if len(entries) > 1:  # a list credential may have several; nothing that Laurea issues or judges needs them
        return [_unknown("status", "status.unsupported", f"{len(entries)} entries in credentialStatus")]
    return [_entry(entries[0], "status", document, materials, now)]


def not_looked_up() -> Check:
    """For a document that is no proper credential."""
    return _unknown("status", "status.not-looked-up", "")


def _entry(entry: JSON, name: str, credential: Document, materials: Materials, now: datetime) -> Check:
    """Bitstring Status List 1.0, section 3.2 (validate algorithm), with its errors as reasons not to know."""
    issuer = issuer_of(credential)
    kind = entry.get("type") if isinstance(entry, dict) else None
    kind = kind[0] if isinstance(kind, list) and len(kind) == 1 else kind
    if isinstance(entry, dict) and kind == REVOCATION_LIST:
        return revocation_lists.status(entry, credential, materials)
    if not isinstance(entry, dict) or kind not in _KINDS:
        return _unknown(name, "status.unsupported", f"status type {kind if isinstance(kind, str) else 'unclear'}")
    purpose, address = entry.get("statusPurpose"), entry.get("statusListCredential")
    index = status_list.parse_index(entry.get("statusListIndex"))
    if not isinstance(purpose, str) or not isinstance(address, str) or index is None:
        return _unknown(name, "status.unreadable", "statusPurpose, statusListIndex or statusListCredential is no text")
    if purpose in _NO_MATTER:
        return Check(name, Outcome.NOT_APPLICABLE, "status.no-matter", {"purpose": purpose})
    if purpose not in _WITHDRAWN or entry.get("statusSize", 1) != 1:
        return _unknown(name, "status.unsupported", f"purpose {purpose}, size {entry.get('statusSize', 1)}")
    if not is_https(address):
        return _unknown(name, "status.unavailable", f"{address} is no https address")
    found = materials.status_lists.get(address)
    if found is None:
        return _unknown(name, "status.unavailable", materials.failures.get(address, f"{address} is not at hand"))
    judged = _judged_before(address, issuer, materials, now)
    if judged is None:
        try:
            presented = read(found, max_bytes=LARGEST_LIST, max_values=MOST_VALUES_OF_A_LIST)
        except LaureaError as problem:
            return _unknown(name, "status.unverified", f"{address}: {problem.message} ({problem.code})")
        refusal = _refusal(presented, name, address, issuer, materials, now)
        if refusal is not None:
            return refusal
        judged = _remembered(address, issuer, presented, materials, now)
    try:
        withdrawn = judged.read(purpose, older=kind == STATUS_LIST_2021_ENTRY).get(index)
    except LaureaError as problem:
        return _unknown(name, "status.unreadable", f"{address}: {problem.message} ({problem.code})")
    detail = f"entry {index} of {address}"
    if withdrawn:
        return Check(name, Outcome.FAILED, _WITHDRAWN[purpose], {}, detail, Verdict.REVOKED)
    edition = older.beginning(judged.document)
    if isinstance(edition, str):
        return Check(name, Outcome.PASSED, "status.passed", {"list_moment": edition}, detail)
    return Check(name, Outcome.PASSED, "status.passed-undated", {}, detail)


def _refusal(
    presented: Presented, name: str, address: str, issuer: str | None, materials: Materials, now: datetime
) -> Check | None:
    """Why the list is not to be believed: it must be its issuer's own, properly signed, and of today."""
    document = presented.document
    if issuer_of(document) != issuer:
        return _unknown(name, "status.unverified", f"{address} is a list by {issuer_of(document)}, not by {issuer}")
    # Another list of the same issuer, put in this one's place, would hide a revocation.
    if document.get("id", address) != address:
        return _unknown(name, "status.unverified", f"{address} holds the list {document.get('id')}")
    for check in examine(presented, materials, now):
        if check.id != "issuer" and check.outcome is not Outcome.PASSED:
            return _unknown(name, "status.unverified", f"{address}: {check.title}: {check.outcome}; {check.detail}")
    valid = period(document, now)
    if valid.outcome is not Outcome.PASSED and older.beginning(document) is not None:
        return _unknown(name, "status.outdated", f"{address}: {valid.sentence}")
    return None


def _judged_before(address: str, issuer: str | None, materials: Materials, now: datetime) -> JudgedList | None:
    """The list at `address`, if it was found right with these very materials, and that still holds.

    Why a list is not to be believed is not remembered, but found out each time.
    """
    judged = materials.judged_lists.get((address, issuer or ""))
    if (
        judged is None
        or issuer is None
        or judged.found is not materials.status_lists.get(address)
        or judged.keys is not materials.did_documents.get(issuer)
        or not judged.span.holds(now)
    ):
        return None
    return judged


def _remembered(
    address: str, issuer: str | None, presented: Presented, materials: Materials, now: datetime
) -> JudgedList:
    """The list at `address`, found to be right; remembered where nothing but its issuer's document spoke for it."""
    found, keys = materials.status_lists[address], materials.did_documents.get(issuer or "")
    judged = JudgedList({}, {}, presented.document, Span())
    if isinstance(found, dict) and keys is not None and issuer is not None and issuer.startswith("did:"):
        judged = JudgedList(found, keys, presented.document, span((presented.document, keys), now))
        materials.judged_lists[address, issuer] = judged
    return judged


def period(document: Document, now: datetime) -> Check:
    """`validFrom` and `validUntil` (VCDM 2.0, section 4.9; in 1.1 `issuanceDate` and `expirationDate`).

    At the very moment of `validUntil` it is over.
    """
    begin, end = older.beginning(document), older.end(document)
    if not isinstance(begin, str) or not isinstance(end, str | None):
        return _unknown("period", "period.unreadable", "the beginning or the end is no text")
    try:
        begins = parse_moment(begin)
        ends = parse_moment(end) if end is not None else None
    except VocabularyError as problem:
        return _unknown("period", "period.unreadable", problem.message)
    parameters = {"from_moment": begin} if end is None else {"from_moment": begin, "until_moment": end}
    detail = f"from {begin}, until {end or 'not given'}"
    if ends is not None and now >= ends:
        return Check("period", Outcome.FAILED, "period.expired", parameters, detail, Verdict.EXPIRED)
    if now < begins:
        return Check("period", Outcome.FAILED, "period.early", parameters, detail, Verdict.NOT_YET_VALID)
    return Check("period", Outcome.PASSED, "period.endless" if end is None else "period.passed", parameters, detail)


def _unknown(name: str, message: str, detail: str) -> Check:
    return Check(name, Outcome.UNKNOWN, message, {}, detail, Verdict.CANNOT_TELL)
