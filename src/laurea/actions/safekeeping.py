"""Safekeeping: all signing keys in a file that a passphrase opens, and back from there.

A backup of the database is no backup of the keys: it holds them sealed, and whoever loses
``LAUREA_KEY_ENCRYPTION_KEY`` loses them. The file holds them without that seal. Restoring never changes which key
signs, nor what is said of a key: it opens what could not be opened, and adds what is missing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import transaction

from laurea.actions import addresses, auditing, issuer_keys, log_key
from laurea.actions.auditing import Act
from laurea.credentials import key_backup
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.keys import SigningKey
from laurea.credentials.moments import format_moment, parse_moment
from laurea.records.models import Account, Entry, Issuer, Key, Log

BACKED_UP, RESTORED = "key.backed-up", "key.restored"


@dataclass(frozen=True, slots=True)
class Backup:
    """The keys in the file (as Multikeys), those that stay in the hardware module, and those that this installation
    cannot open itself."""

    kept: list[str] = field(default_factory=list)
    in_module: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of each key in a file, as Multikeys: sealed anew, added; passed over, and why."""

    sealed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)


def back_up(passphrase: bytes, store: Callable[[bytes], None], *, now: datetime, actor: Account | None) -> Backup:
    """Lock the keys of all issuers and of the log, whatever their state, with `passphrase`; `store` keeps the file.

    Raises `KeyMaterialError`: ``key.passphrase-short``, ``key.none`` where there is nothing to keep.
    """
    backup = Backup()
    kept: list[JSON] = []
    for key in Key.objects.select_related("issuer").order_by("issuer__slug", "created", "id"):
        said: Document = {
            "issuer": key.issuer.slug,
            "multikey": key.multikey,
            "state": key.state,
            "created": format_moment(key.created.astimezone(UTC)),
            "retired": _moment(key.retired),
            "compromised": _moment(key.compromised_from),
        }
        if key.module:
            backup.in_module.append(key.multikey)
            kept.append({**said, "module": key.module})
        elif (opened := _opened(key.sealed)) is not None:
            backup.kept.append(key.multikey)
            kept.append({**said, "pkcs8": opened.to_pem().decode()})
        else:
            backup.lost.append(key.multikey)
    log = log_key.existing()
    entry: Document | None = None
    if log is not None and (opened := _opened(log.sealed)) is not None:
        backup.kept.append(log.multikey)
        entry = {"origin": log.origin, "multikey": log.multikey, "pkcs8": opened.to_pem().decode()}
    elif log is not None:
        backup.lost.append(log.multikey)
    if not backup.kept:
        raise KeyMaterialError("key.none", "There is no key that could be kept", "Nothing was written")
    content: Document = {"installation": addresses.base(), "made": format_moment(now), "keys": kept, "log": entry}
    data = key_backup.lock(
        content,
        passphrase,
        salt=secrets.token_bytes(key_backup.SALT_BYTES),
        nonce=secrets.token_bytes(key_backup.NONCE_BYTES),
    )
    facts: dict[str, JSON] = {"keys": list(backup.kept), "lost": list(backup.lost)}
    with transaction.atomic():
        auditing.note(Act(BACKED_UP, "key", "", facts), issuer=None, now=now, actor=actor)
        store(data)  # where that fails, nothing was backed up
    return backup


def restore(data: bytes, passphrase: bytes, *, now: datetime, actor: Account | None) -> Restored:
    """Bring the keys in a file back, sealed with the key that this installation has now.

    A key on record is sealed anew. One that is not, of an issuer that is here, is added: to sign where the issuer has
    no other, else as retired. The log's key is sealed anew where the log is this very one. Raises `KeyMaterialError`:
    ``key.backup``, ``key.passphrase``, ``key.encryption``.
    """
    content = key_backup.unlock(data, passphrase)
    done = Restored()
    with transaction.atomic():
        for said in _documents(content.get("keys")):
            _restore(said, done, now)
        log = content.get("log")
        if isinstance(log, dict):
            _restore_log(log, done)
        facts: dict[str, JSON] = {"sealed": list(done.sealed), "added": list(done.added)}
        auditing.note(Act(RESTORED, "key", "", facts), issuer=None, now=now, actor=actor)
    return done


def last_backup(issuer: Issuer) -> datetime | None:
    """When the newest key of `issuer` that can be kept was backed up the last time; None if it never was."""
    newest = issuer.keys.filter(module="").order_by("-created", "-id").first()
    if newest is None:
        return None
    made = Entry.objects.filter(issuer=None, act=BACKED_UP, at__gte=newest.created, content__contains=newest.multikey)
    return made.order_by("-id").values_list("at", flat=True).first()


def _restore(said: Document, done: Restored, now: datetime) -> None:
    multikey = str(said.get("multikey"))
    key = Key.objects.select_for_update(no_key=True).filter(multikey=multikey).first()
    if "module" in said:
        done.passed_over.append((multikey, "it is in a hardware module, which it never leaves"))
        return
    private = _private(said)
    if private is None:
        done.passed_over.append((multikey, "the private key in the file is not the one to this public key"))
        return
    if key is not None:
        if key.module:
            done.passed_over.append((multikey, "here it is in the hardware module"))
            return
        key.sealed = issuer_keys.sealed(private)
        key.save(update_fields=["sealed"])
        done.sealed.append(multikey)
        _compare(key, said, done)
        return
    issuer = Issuer.objects.filter(slug=said.get("issuer")).first()
    if issuer is None:
        done.passed_over.append((multikey, f"there is no issuer “{said.get('issuer')}” here"))
        return
    stolen = _read_moment(said.get("compromised"))
    signs = stolen is None and not issuer.keys.filter(state=Key.State.ACTIVE).exists()
    state = Key.State.ACTIVE if signs else Key.State.RETIRED if stolen is None else Key.State.COMPROMISED
    issuer.keys.create(
        multikey=multikey,
        sealed=issuer_keys.sealed(private),
        state=state,
        created=_read_moment(said.get("created")) or now,
        retired=None if signs else _read_moment(said.get("retired")) or now,
        compromised_from=stolen,
    )
    done.added.append(multikey)


def _compare(key: Key, said: Document, done: Restored) -> None:
    """The file may know of a theft that the database, put back from an older copy, does not."""
    stolen = _read_moment(said.get("compromised"))
    if stolen is not None and (key.compromised_from is None or key.compromised_from > stolen):
        done.passed_over.append(
            (key.multikey, f"the file says that it was stolen from {format_moment(stolen)} on: mark it under Keys")
        )


def _restore_log(said: Document, done: Restored) -> None:
    multikey, log = str(said.get("multikey")), log_key.existing()
    private = _private(said)
    if log is None or log.multikey != multikey or log.origin != said.get("origin"):
        done.passed_over.append((multikey, "it is the key of another log; each log keeps its own"))
    elif private is None:
        done.passed_over.append((multikey, "the private key in the file is not the one to this public key"))
    else:
        Log.objects.filter(pk=log.pk).update(sealed=issuer_keys.sealed(private))
        done.sealed.append(multikey)


def _opened(sealed: str) -> SigningKey | None:
    try:
        return issuer_keys.opened(sealed)
    except KeyMaterialError as error:
        if error.code != "key.sealed":
            raise
        return None


def _private(said: Document) -> SigningKey | None:
    pem = said.get("pkcs8")
    try:
        private = SigningKey.from_pem(pem.encode()) if isinstance(pem, str) else None
    except KeyMaterialError:
        return None
    return private if private is not None and private.verification_key.multikey == said.get("multikey") else None


def _documents(value: JSON) -> Iterable[Document]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _moment(moment: datetime | None) -> str | None:
    return format_moment(moment.astimezone(UTC)) if moment is not None else None


def _read_moment(value: JSON) -> datetime | None:
    return parse_moment(value) if isinstance(value, str) else None
