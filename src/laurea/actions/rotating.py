"""Rotating: another key signs from now on, because it is time, or because the last one was in the wrong hands.

A key that is merely retired stays published: what it signed stays genuine. One that is compromised stays published as
revoked since a moment, and signs nothing that counts any more: `stolen_keys` says what becomes of what it signed.
Either way the new key signs the status lists at once, so that nothing which is still to be asked for hangs on a key
that is out of use.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from laurea.actions import auditing, issuer_keys, key_module, status_lists
from laurea.actions.auditing import Act
from laurea.credentials.document import JSON
from laurea.credentials.errors import KeyMaterialError
from laurea.records.models import Account, Issuer, Key


def rotate(issuer: Issuer, *, in_module: bool | None = None, now: datetime, actor: Account | None) -> Key:
    """Make the key that signs for `issuer` from now on, retire the last one, and sign the status lists anew.

    `in_module` has it made in the hardware module; without a word it is made where the last one is. Raises
    `KeyMaterialError`.
    """
    with transaction.atomic():
        _hold(issuer)
        made = issuer_keys.create(issuer, in_module=_place(issuer, in_module), now=now, actor=actor)
        status_lists.sign_all_again(issuer, now)
    return made


def compromised(key: Key, *, since: datetime, now: datetime, actor: Account | None) -> Key | None:
    """Declare that `key` was in the wrong hands from `since` on. For good; only an earlier moment may be said later.

    If it was the one that signs, a new one is made at once, which is given. All status lists of the issuer are signed
    anew in the same transaction. Raises `KeyMaterialError`: ``key.since-future``, ``key.since-later``, and what
    `rotate` raises.
    """
    since = since.astimezone(UTC).replace(microsecond=0)
    if since > now:
        raise KeyMaterialError("key.since-future", "That moment is still to come", "Give one that has been")
    with transaction.atomic():
        _hold(key.issuer)
        held = Key.objects.select_for_update(no_key=True, of=("self",)).get(pk=key.pk)
        if held.compromised_from is not None and since >= held.compromised_from:
            raise KeyMaterialError(
                "key.since-later",
                "The key is marked as compromised already, from that moment or an earlier one on",
                "Give an earlier moment, if it was in the wrong hands before",
            )
        facts: dict[str, JSON] = {"multikey": held.multikey, "since": since.isoformat()}
        if held.compromised_from is not None:
            facts["before"] = held.compromised_from.isoformat()
        signs = held.state == Key.State.ACTIVE
        in_module = _place(key.issuer, None)
        held.state, held.compromised_from = Key.State.COMPROMISED, since
        if signs:
            held.retired = now
        held.save(update_fields=["state", "compromised_from", "retired"])
        act = Act("key.compromised", "key", str(held.pk), facts)
        auditing.note(act, issuer=key.issuer, now=now, actor=actor)
        made = issuer_keys.create(key.issuer, in_module=in_module, now=now, actor=actor) if signs else None
        status_lists.sign_all_again(key.issuer, now)
    key.refresh_from_db()
    return made


def _hold(issuer: Issuer) -> None:
    """Nobody begins a status list, or changes the keys, meanwhile."""
    Issuer.objects.select_for_update(no_key=True).get(pk=issuer.pk)


def _place(issuer: Issuer, in_module: bool | None) -> bool:
    """Whether the next key belongs into the hardware module: where the last one is, while there is one."""
    if in_module is not None:
        return in_module
    last = issuer.keys.filter(state=Key.State.ACTIVE).first()
    return last is not None and bool(last.module) and key_module.configured()
