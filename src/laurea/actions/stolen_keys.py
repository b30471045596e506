"""Stolen keys: what they signed counts where the log shows that it was there before the theft.

Whoever has a key can date a signature as he likes, so no date inside a document is asked. Each credential has an entry
in the log with the hash of its text; a checkpoint that was signed before the theft fixes all entries up to its size.
What is covered by such a checkpoint was there before, and stays genuine here. Other verifiers know only did.json, which
says that the key is revoked: for them all that it signed ends.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from laurea.actions import auditing, restating
from laurea.credentials.canonical import jcs
from laurea.credentials.document import Document, parse
from laurea.credentials.errors import LaureaError
from laurea.credentials.moments import format_moment
from laurea.credentials.verification import Check, Outcome, Report, Verdict
from laurea.credentials.verification.issuer_key import CHECK
from laurea.credentials.verification.presented import read
from laurea.records.models import Checkpoint, Credential, Entry, Issuer, Key

_ABOUT_KEYS = ("issuer-key.passed", "issuer-key.self", "issuer-key.withdrawn")
_ENTERED = Q(kind="credential")


@dataclass(frozen=True, slots=True)
class Known:
    """A key of an issuer, as whoever judges needs it: `stolen` from a moment on, unless the log shows that the document
    in question was there `before`."""

    multikey: str
    stolen: datetime | None = None
    before: bool = False

    @property
    def did(self) -> str:
        """The identifier that is this key and nothing else."""
        return f"did:key:{self.multikey}"

    @property
    def revoked(self) -> datetime | None:
        """Since when it counts for nothing, for the document in question."""
        return None if self.before else self.stolen

    @property
    def state(self) -> bytes:
        """All that decides an answer."""
        return f"{self.multikey} {self.revoked}".encode()


def keys_of(issuer: Issuer) -> list[Known]:
    """The keys of an issuer, whatever their state."""
    return [Known(*values) for values in issuer.keys.values_list("multikey", "compromised_from")]


def for_judging(keys: Sequence[Known], text: bytes) -> list[Known]:
    """`keys` for judging the signed document `text`: for each stolen one it is found out whether that was before."""
    if all(key.stolen is None for key in keys):
        return list(keys)
    sizes = {key.stolen: _size_before(key.stolen) for key in keys if key.stolen is not None}
    place = _place_in_log(text) if any(sizes.values()) else None
    return [
        replace(key, before=place is not None and place < sizes[key.stolen]) if key.stolen is not None else key
        for key in keys
    ]


def told(report: Report, keys: Sequence[Known]) -> Report:
    """`report`, judged with these keys, saying what is known here of stolen ones: more than `cannot tell`."""
    if report.document is None or all(key.stolen is None for key in keys):
        return report
    checks = [_answer(check, keys) if check.message in _ABOUT_KEYS else check for check in report.checks]
    return replace(report, checks=tuple(checks))


def no_longer_verified(key: Key) -> QuerySet[Credential]:
    """The credentials in force that `key`, a stolen one, signed, without anything to show that this was before.

    They are to be issued anew.
    """
    signed = key.credentials.filter(superseded__isnull=True, revoked__isnull=True)
    if key.compromised_from is None:
        return signed.none()
    entered = Entry.objects.filter(_ENTERED, identifier=OuterRef("identifier"))
    return signed.exclude(Exists(entered.filter(number__lt=_size_before(key.compromised_from))))


def _size_before(moment: datetime) -> int:
    """How many entries a checkpoint covers that was made before `moment`."""
    sizes = Checkpoint.objects.filter(created__lt=moment).order_by("-size").values_list("size", flat=True)
    return sizes.first() or 0


def _place_in_log(text: bytes) -> int | None:
    """The number of the entry that first speaks of a credential with the content of `text`; None if none does."""
    try:
        document = read(text).document
    except LaureaError:
        return None
    identifier = document.get("id")
    if not isinstance(identifier, str) or len(identifier) > 60:
        return None
    entry = Entry.objects.filter(_ENTERED, identifier=identifier, number__isnull=False).order_by("number").first()
    if entry is None or auditing.leaf(bytes(entry.salt), entry.content) != bytes(entry.leaf):
        return None
    entered = json.loads(entry.content)["facts"].get("sha256")
    return entry.number if entered == _digest(text) or entered == _digest_on_record(identifier, document) else None


def _digest_on_record(identifier: str, document: Document) -> str | None:
    """The hash of the text on record, if it says what `document` says, however that is written."""
    kept = Credential.objects.filter(identifier=identifier).values_list("text", flat=True).first()
    if kept is None:
        return None
    try:
        same = _said(parse(kept)) == _said(document)
    except LaureaError:
        return None
    return _digest(kept.encode()) if same else None


def _said(document: Document) -> bytes:
    """What a document says: all of it but its proofs, and the name that a token gives its holder."""
    said = {name: value for name, value in document.items() if name != "proof"}
    subject = said.get("credentialSubject")
    if isinstance(subject, dict) and subject.get("id") == f"{document.get('id')}{restating.HOLDER}":
        said["credentialSubject"] = {name: value for name, value in subject.items() if name != "id"}
    return jcs(said)


def _digest(text: bytes) -> str:
    return hashlib.sha256(text.strip()).hexdigest()


def _answer(check: Check, keys: Sequence[Known]) -> Check:
    """The check about the key in words that say what happened; its detail names the key."""
    used = [key for key in keys if key.stolen is not None and key.multikey in check.detail]
    since = check.parameters.get("until_moment", "")
    if check.message == "issuer-key.self" and any(key.revoked is not None for key in used):
        since = format_moment(min(key.stolen for key in used if key.stolen is not None))
    if since:
        said = {"from_moment": since}
        return Check(CHECK, Outcome.FAILED, "issuer-key.stolen", said, check.detail, Verdict.ALTERED)
    before = [key.stolen for key in used if key.stolen is not None and key.before]
    if before:
        return replace(check, message="issuer-key.before", parameters={"from_moment": format_moment(min(before))})
    return check
