"""Holding the records of this installation against its log: each entry, each credential, each checkpoint.

An entry that is in the log must be in the database as it was written; a credential must look as its last entry says.
So whoever changes a row by hand, or takes one away, is found, and the row is named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from laurea.actions import auditing, log_key, publishing, storing, verifying_log
from laurea.actions.storing import StoringError
from laurea.actions.verifying_log import Audit, Read
from laurea.credentials.code import format_code
from laurea.credentials.transparency import note
from laurea.credentials.transparency.merkle import LogError, leaf_hash, nodes_of, root
from laurea.credentials.transparency.note import Verifier
from laurea.records.models import Account, Checkpoint, Credential, Entry, Issuer, Log, Person

ERASURES = ".erased"
"""How the names of acts end that may empty entries: their facts list the numbers of these under ``entries``."""

GONE = "credential.erased"
"""After this act, a credential may be gone."""

LATE = timedelta(minutes=10)
"""Entries that wait longer than this for their place in the log are worth a word."""

_AT_ONCE = 1_000
_SEARCH = Credential._meta.get_field("search")


def verify(
    *, read: Read | None = None, verifier: Verifier | None = None, since: str | None = None, now: datetime
) -> Audit:
    """Check the log of this installation, or the copy that `read` reads, and the database against it.

    Raises what `verifying_log.verify` raises, and `LogError` (``log.absent``) when nothing was ever logged here.
    """
    log = log_key.existing()
    if log is None:
        raise LogError(
            "log.absent", "Nothing was logged on this installation yet", "The workers begin the log: run one"
        )
    if read is None and publishing.newest() is None:
        audit = Audit(origin=log.origin, key=log_key.verifier(log).encode())
        audit.notes.append("Nothing was published yet: the entries wait for a worker")
    else:
        audit = verifying_log.verify(read or in_storage, verifier=verifier or log_key.verifier(log), since=since)
    compare(audit, log, now=now)
    return audit


def in_storage(path: str) -> bytes:
    """Reads the log out of the storage of this installation. Raises `LogError` (``log.absent``), `StoringError`."""
    try:
        return storing.get(publishing.FOLDER + path)
    except StoringError as error:
        if error.code == "storing.absent":
            raise LogError(
                "log.absent", f"The log has no file {path}", "Put it back, or let a worker make it"
            ) from None
        raise


def compare(audit: Audit, log: Log, *, now: datetime) -> None:
    """Hold the records against the published entries of `audit`; where these cannot be read, against one another."""
    with _at_one_moment():
        told = _Told()
        for entry in _entries():
            _check_entry(audit, entry, told)
        _check_numbers(audit, told)
        _check_emptied(audit, told)
        _check_credentials(audit, told)
        _check_checkpoints(audit, Log.objects.get(pk=log.pk), told)
    _tell_waiting(audit, told, now)


@contextmanager
def _at_one_moment() -> Iterator[None]:
    """What is read within was all there at the same moment, and nobody who writes waits for it."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # Django's transactions would take the right to write
            try:
                yield
            finally:
                cursor.execute("COMMIT")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


# --- Entries ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Last:
    """What the log says last about a credential."""

    entry: str
    act: str
    code: str
    record: str
    sha256: str


@dataclass(slots=True)
class _Told:
    """What the entries in the database say, as far as they are what was published."""

    leaves: dict[int, bytes] = field(default_factory=dict)
    last: dict[str, _Last] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    """The name of the newest entry about a credential, where it was changed."""
    gone: bool = False
    emptied: dict[int, str] = field(default_factory=dict)
    may_be_emptied: set[int] = field(default_factory=set)
    waiting: list[datetime] = field(default_factory=list)
    slugs: Mapping[int, str] = field(default_factory=lambda: dict(Issuer.objects.values_list("pk", "slug")))


def _entries() -> Iterator[Entry]:
    """All entries, in the order in which they were done: those with numbers, then those that wait for one."""
    yield from Entry.objects.filter(number__isnull=False).order_by("number").iterator(_AT_ONCE)
    yield from Entry.objects.filter(number=None).order_by("pk").iterator(_AT_ONCE)


def _check_entry(audit: Audit, entry: Entry, told: _Told) -> None:
    number, leaf, salt = entry.number, bytes(entry.leaf), bytes(entry.salt)
    name = f"entry {number}" if number is not None else f"waiting entry {entry.pk}"
    if number is None:
        told.waiting.append(entry.at)
    else:
        told.leaves[number] = leaf
        if entry.erased is not None and not entry.content and not salt:
            told.emptied[number] = name
    if number is not None and number < len(audit.entries) and leaf != audit.entries[number]:
        _broken(audit, told, entry, name, f"{_capital(name)} was changed in the database: it is not what was published")
    elif number is not None and number in told.emptied:
        return
    elif entry.erased is not None or auditing.leaf(salt, entry.content) != leaf:
        _broken(audit, told, entry, name, f"{_capital(name)} was changed in the database: it says something else")
    elif (said := _Said.read(entry.content)) is None:
        audit.found("entry.content", name, f"{_capital(name)} was put in by hand: no act writes such an entry")
    else:
        if wrong := _wrong_columns(entry, said, told):
            message = f"{_capital(name)} was changed in the database: the columns beside it say another {wrong}"
            audit.found("entry.changed", name, message)
        _remember(said, name, told)


def _broken(audit: Audit, told: _Told, entry: Entry, name: str, message: str) -> None:
    audit.found("entry.changed", name, message)
    if entry.kind == "credential":
        told.broken[entry.identifier] = name


@dataclass(frozen=True, slots=True)
class _Said:
    """The content of an entry, as `auditing` writes it."""

    act: str
    at: str
    by: object
    facts: Mapping[str, object]
    issuer: object
    kind: str
    identifier: str
    person: object

    @classmethod
    def read(cls, content: str) -> _Said | None:
        """None for what no act has written: a hash that is right says nothing about who made the row."""
        try:
            said = json.loads(content)
            about, facts = said["object"], said["facts"]
            kind, identifier, act, at = about["kind"], about["id"], said["act"], said["at"]
            read = cls(act, at, said["by"], facts, said["issuer"], kind, identifier, said["person"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        texts = (kind, identifier, act, at)
        return read if isinstance(facts, dict) and all(isinstance(text, str) for text in texts) else None


def _wrong_columns(entry: Entry, said: _Said, told: _Told) -> str:
    """Columns beside the content that do not say what it says."""
    issuer = told.slugs.get(entry.issuer_id, "") if entry.issuer_id is not None else None
    wrong = {
        "act": entry.act != said.act,
        "time": entry.at.astimezone(UTC).isoformat() != said.at,
        "object": (entry.kind, entry.identifier) != (said.kind, said.identifier),
        "issuer": issuer != said.issuer,
        # Who is no longer there can no longer be named; people who were one are named as the one that they are now.
        "member": entry.actor_id != said.by and _exists(Account, said.by),
        "person": entry.person_id != said.person and _exists(Person, said.person),
    }
    return ", ".join(name for name, is_wrong in wrong.items() if is_wrong)


def _exists(model: type[Account] | type[Person], key: object) -> bool:
    """Whether the row is there that an entry names; that it names none is as sure."""
    return key is None or (isinstance(key, int) and model._default_manager.filter(pk=key).exists())


def _remember(said: _Said, name: str, told: _Told) -> None:
    if said.kind == "credential" and ("record" in said.facts or said.act == GONE):
        told.broken.pop(said.identifier, None)
        code, record, sha256 = (str(said.facts.get(fact, "")) for fact in ("code", "record", "sha256"))
        told.last[said.identifier] = _Last(name, said.act, code, record, sha256)
    entries = said.facts.get("entries")
    if said.act.endswith(ERASURES) and isinstance(entries, list):
        told.may_be_emptied.update(number for number in entries if isinstance(number, int))


def _check_numbers(audit: Audit, told: _Told) -> None:
    """Entries of the log that the database has no longer."""
    for number in range(max(len(audit.entries), max(told.leaves, default=-1) + 1)):
        if number not in told.leaves:
            told.gone = True
            audit.found("entry.gone", f"entry {number}", f"Entry {number} is gone from the database")


def _check_emptied(audit: Audit, told: _Told) -> None:
    for number, name in told.emptied.items():
        if number not in told.may_be_emptied:
            audit.found("entry.emptied", name, f"{_capital(name)} was emptied, and no entry says that it was erased")


# --- Credentials ------------------------------------------------------------------------------------------------------


def _check_credentials(audit: Audit, told: _Told) -> None:
    """Each credential against what the log says last about it."""
    seen: set[str] = set()
    for credential in Credential.objects.order_by("pk").iterator(_AT_ONCE):
        seen.add(credential.identifier)
        _check_credential(audit, credential, told)
    audit.checked["credentials"] = len(seen)
    for identifier, last in told.last.items():
        if identifier not in seen and last.act != GONE:
            name = f"credential {format_code(last.code)}"
            message = f"{_capital(name)} is gone from the database ({identifier}, see {last.entry})"
            audit.found("credential.gone", name, message)


def _check_credential(audit: Audit, credential: Credential, told: _Told) -> None:
    name = f"credential {format_code(credential.code)}"
    which = f"{_capital(name)}{' (superseded)' if credential.superseded else ''}"
    last = told.last.get(credential.identifier)
    if credential.identifier in told.broken:
        message = f"{which} cannot be compared, since {told.broken[credential.identifier]} was changed"
        audit.found("credential.unsure", name, message)
    elif last is None or not last.record:
        why = "its entry may be one of those that are gone" if told.gone else "it was put in, or renamed, by hand"
        audit.found("credential.without-entry", name, f"{which} has no entry in the log: {why}")
    elif auditing.fingerprint(credential) != last.record:
        text = hashlib.sha256(credential.text.encode()).hexdigest()
        what = "the signed text itself" if text != last.sha256 else "what stands beside the signed text"
        audit.found("credential.changed", name, f"{which} was changed in the database since {last.entry}: {what}")
    elif credential.sha256 != last.sha256 or credential.search != _SEARCH.text_of(credential):
        message = f"{which} was changed in the database: a column that follows from the others"
        audit.found("credential.changed", name, message)


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


# --- The log itself ---------------------------------------------------------------------------------------------------


def _check_checkpoints(audit: Audit, log: Log, told: _Told) -> None:
    """Each checkpoint that was ever signed against the tree, and what the log says of itself against both."""
    end = max(len(audit.entries), max(told.leaves, default=-1) + 1)
    leaves = audit.entries + [told.leaves.get(number, b"") for number in range(len(audit.entries), end)]
    node = nodes_of([leaf_hash(leaf) for leaf in leaves])
    verifier = log_key.verifier(log)
    kept = list(Checkpoint.objects.order_by("size"))
    for each in kept:
        name = f"checkpoint {each.size}"
        try:
            opened = note.open_note(each.note, verifier)
        except LogError:
            audit.found("checkpoint.changed", name, f"{_capital(name)} was changed in the database")
            continue
        if opened.size != each.size or opened.size > len(leaves) or root(opened.size, node) != opened.root:
            audit.found("checkpoint.changed", name, f"{_capital(name)} was signed for other entries than there are")
    audit.checked["checkpoints"] = len(kept)
    newest = kept[-1].size if kept else 0
    if log.published != newest or log.size != end:
        audit.found(
            "log.row",
            "the log",
            f"The log says of itself that it has {log.size:,} entries, {log.published:,} of them published; it has "
            f"{end:,} and {newest:,}",
        )
    if audit.checkpoint is not None and audit.checkpoint.size > newest:
        audit.found(
            "log.ahead", "the log",
            f"The log was published up to {audit.checkpoint.size:,} entries; the database knows of {newest:,} only. "
            "It may have been put back from an older copy",
        )  # fmt: skip


def _tell_waiting(audit: Audit, told: _Told, now: datetime) -> None:
    if told.waiting:
        late = min(told.waiting) < now - LATE
        audit.notes.append(
            f"Entries that wait for their place in the log: {len(told.waiting):,}"
            + (f", since {min(told.waiting):%Y-%m-%d %H:%M} UTC: is a worker running?" if late else "")
        )
