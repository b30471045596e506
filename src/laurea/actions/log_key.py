"""The audit log's own name and key, made once: what checkpoints, and receipts of this installation, are signed with.

There is one for the whole installation, whichever issuer an entry is about. It is kept as issuers' keys are: sealed
with a key that is not in the database. It is never changed: whoever watches the log knows it by this very key.
"""

from __future__ import annotations

from datetime import datetime

from laurea.actions import addresses, issuer_keys, keyring, sealing
from laurea.credentials.keys import SigningKey, VerificationKey
from laurea.credentials.transparency import note
from laurea.credentials.transparency.note import Checkpoint, Verifier
from laurea.records.models import Log

THE_ONE = 1


def log(*, now: datetime) -> Log:
    """The log of this installation; made, with its key, for whoever asks first.

    Raises `KeyMaterialError` (``key.encryption``) when the installation cannot keep keys.
    """
    found = existing()
    if found is not None:
        return found
    fresh = keyring.new_key()
    made, _ = Log.objects.get_or_create(
        pk=THE_ONE,
        defaults={
            "origin": origin(),
            "multikey": fresh.verification_key.multikey,
            "sealed": sealing.seals().encrypt(fresh.to_pem()).decode("ascii"),
            "created": now,
        },
    )
    return made


def existing() -> Log | None:
    """The log, if there is one already."""
    return Log.objects.filter(pk=THE_ONE).first()


def origin() -> str:
    """The name of a log that begins now: its address without the scheme, as c2sp.org/tlog-checkpoint recommends."""
    return f"{addresses.base().partition('://')[2]}/log"


def signing_key(log: Log) -> SigningKey:
    """The private key. `KeyMaterialError` (``key.sealed``) when this installation cannot open it."""
    return issuer_keys.opened(log.sealed)


def verifier(log: Log) -> Verifier:
    """The public key under the log's name: what witnesses and auditors are given."""
    return Verifier(log.origin, VerificationKey.from_multikey(log.multikey))


def sign(log: Log, size: int, root: bytes) -> str:
    """The checkpoint over the first `size` entries, as a signed note. Raises what `signing_key` raises."""
    return note.sign(Checkpoint(log.origin, size, root), signing_key(log))
