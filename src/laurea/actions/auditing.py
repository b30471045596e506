"""Auditing: every act leaves an entry in the log, written in the very transaction that does the act.

An entry says who did what to which object, when, and from where in the product. What it says is fixed as bytes
(`content`, RFC 8785) under a salted hash, the leaf. A worker gives entries their numbers and publishes the leaves
(`logging_entries`); from then on nobody, the administrator included, can change one unnoticed.

Nothing personal stands in `facts` that the act does not need: names and addresses as words only where they are what was
changed. What a record looked like afterwards is told by its `fingerprint`.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import transaction

from laurea.credentials.canonical import jcs
from laurea.credentials.document import JSON
from laurea.records.models import Account, Credential, Entry, Issuer, Person

SALT_BYTES = 32
MOST_AT_ONCE = 1_000
_SAFE = 2**53 - 1

_place: ContextVar[str] = ContextVar("laurea.auditing.place", default="")


@dataclass(frozen=True, slots=True)
class Act:
    """What was done to one object. `name` is one of docs/reference/audit-log.md, as ``credential.revoked``.

    `kind` and `identifier` name the object for ever (a credential's ``urn:uuid:…``, else a primary key); `facts` are
    what changed: JSON, small. `person` is whom it concerns, to search by and to find what an erasure must empty.
    """

    name: str
    kind: str = ""
    identifier: str = ""
    facts: Mapping[str, JSON] = field(default_factory=dict)
    person: Person | None = None


@contextmanager
def from_where(place: str) -> Iterator[None]:
    """Entries written within say that they came from `place`: ``console:revoke``, ``cli:run``, ``worker``."""
    token = _place.set(place)
    try:
        yield
    finally:
        _place.reset(token)


def now_at(place: str) -> None:
    """Within `from_where`, say more exactly where we are: once the address of a request is known to be a page's."""
    _place.set(place)


def note(act: Act, *, issuer: Issuer | None, now: datetime, actor: Account | None) -> Entry:
    """Write the entry of an act, in the transaction of the act. `issuer` is None for what concerns all of them."""
    return note_all([act], issuer=issuer, now=now, actor=actor)[0]


def note_all(acts: Iterable[Act], *, issuer: Issuer | None, now: datetime, actor: Account | None) -> list[Entry]:
    """Write the entries of many acts that were done at once."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an act and its entry belong into one transaction")
    entries = [_entry(act, issuer, now, actor) for act in acts]
    return Entry.objects.bulk_create(entries, batch_size=MOST_AT_ONCE)


def leaf(salt: bytes, content: str) -> bytes:
    """What the log holds of an entry, and all that is published of it: SHA-256 over the salt and the content."""
    return hashlib.sha256(salt + content.encode()).digest()


# --- What a record looks like -----------------------------------------------------------------------------------------

CREDENTIAL_COLUMNS = (
    "issuer_id",
    "achievement_id",
    "code",
    "identifier",
    "person_id",
    "design_version_id",
    "key_id",
    "batch_id",
    "row_id",
    "name",
    "email",
    "awarded",
    "valid_from",
    "valid_until",
    "status_list_id",
    "status_index",
    "revoked",
    "revoke_at",
    "revocation_reason",
    "revocation_note",
    "because",
    "supersedes_id",
    "superseded",
    "published",
    "created",
)
"""The columns of a credential that an entry vouches for, beside its text. Changing one is an act with an entry."""


def fingerprint(credential: Credential) -> str:
    """SHA-256 (hexadecimal) over the text and all columns of a credential that mean something."""
    said: dict[str, JSON] = {name: _plain(getattr(credential, name)) for name in CREDENTIAL_COLUMNS}
    said["text"] = hashlib.sha256(credential.text.encode()).hexdigest()
    # Names in ASCII, values without fractions: what `canonical` gives, without looking at each of them first.
    return hashlib.sha256(_plain_json(said).encode()).hexdigest()


def canonical(value: JSON) -> bytes:
    """`value` as RFC 8785 writes it; without fractions and odd names as `json` does, ten times as fast.

    Raises `CanonicalError`.
    """
    return _plain_json(value).encode() if _is_plain(value) else jcs(value)


_plain_json = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), sort_keys=True).encode


def _is_plain(value: JSON) -> bool:
    if isinstance(value, dict):
        return all(name.isascii() and _is_plain(inner) for name, inner in value.items())
    if isinstance(value, list):
        return all(_is_plain(inner) for inner in value)
    if isinstance(value, str):
        return value.isascii() or value.isprintable()  # half of a character is not printable
    return value is None or isinstance(value, bool) or (isinstance(value, int) and -_SAFE <= value <= _SAFE)


def of_credential(name: str, credential: Credential, facts: Mapping[str, JSON] | None = None) -> Act:
    """The act that made `credential` look as it does now. Call it once every column has its new value."""
    said = {"code": credential.code, "sha256": credential.sha256, **(facts or {}), "record": fingerprint(credential)}
    return Act(name, "credential", credential.identifier, said, credential.person)


def note_credentials(
    name: str,
    credentials: Sequence[Credential],
    *,
    issuer: Issuer,
    now: datetime,
    actor: Account | None,
    facts: Mapping[str, JSON] | None = None,
) -> list[Entry]:
    """Write an entry for each of the credentials, as they are now. Their texts must be loaded."""
    acts = [of_credential(name, each, facts) for each in credentials]
    return note_all(acts, issuer=issuer, now=now, actor=actor)


def _plain(value: object) -> JSON:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)  # a date


def _entry(act: Act, issuer: Issuer | None, now: datetime, actor: Account | None) -> Entry:
    content = canonical(
        {
            "act": act.name,
            "at": now.astimezone(UTC).isoformat(),
            "by": actor.pk if actor is not None else None,
            "facts": dict(act.facts),
            "from": _place.get(),
            "issuer": issuer.slug if issuer is not None else None,
            "object": {"id": act.identifier, "kind": act.kind},
            "person": act.person.pk if act.person is not None else None,
        }
    ).decode()
    salt = secrets.token_bytes(SALT_BYTES)
    return Entry(
        issuer=issuer,
        act=act.name,
        kind=act.kind,
        identifier=act.identifier,
        person=act.person,
        actor=actor,
        at=now,
        content=content,
        salt=salt,
        leaf=leaf(salt, content),
    )
