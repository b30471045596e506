"""The signing keys of issuers: made, kept encrypted, rotated, retired; never overwritten and never deleted.

In the database a key is sealed with a key of the installation (``LAUREA_KEY_ENCRYPTION_KEY``) that is not in the
database: a copy of the database alone signs nothing. A key made in a hardware module never leaves it.
"""

from __future__ import annotations

from datetime import datetime

from cryptography.fernet import InvalidToken
from django.db import transaction

from laurea.actions import addresses, auditing, key_module, keyring, sealing
from laurea.actions.auditing import Act
from laurea.credentials import keys
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.keys import Signer, SigningKey, VerificationKey
from laurea.records.models import Account, Issuer, Key


def new_encryption_key() -> str:
    """A fresh key for ``LAUREA_KEY_ENCRYPTION_KEY``."""
    return sealing.new_key()


def create(issuer: Issuer, *, in_module: bool = False, now: datetime, actor: Account | None) -> Key:
    """Make the key that signs for `issuer` from now on. The last one is retired; what it signed stays genuine.

    `in_module` has it made in the hardware module. An issuer that has signed before is `rotating`. Raises
    `KeyMaterialError`.
    """
    kept = _in_module(issuer) if in_module else _in_database()
    with transaction.atomic():
        last = list(issuer.keys.select_for_update(no_key=True).filter(state=Key.State.ACTIVE))
        issuer.keys.filter(pk__in=[each.pk for each in last]).update(state=Key.State.RETIRED, retired=now)
        made = issuer.keys.create(created=now, **kept)
        acts = [*(_act("key.retired", each) for each in last), _act("key.made", made)]
        auditing.note_all(acts, issuer=issuer, now=now, actor=actor)
    return made


def _in_database() -> dict[str, str]:
    fresh = keyring.new_key()
    return {"multikey": fresh.verification_key.multikey, "sealed": sealed(fresh)}


def _in_module(issuer: Issuer) -> dict[str, str]:
    fresh = key_module.make(f"Laurea {issuer.slug}")
    return {"multikey": fresh.verification_key.multikey, "module": fresh.address}


def _act(name: str, key: Key) -> Act:
    facts: dict[str, JSON] = {"multikey": key.multikey}
    return Act(name, "key", str(key.pk), facts | ({"module": key.module} if key.module else {}))


def active(issuer: Issuer) -> Key:
    """The key that signs for `issuer`. `KeyMaterialError` (``key.none``) when it has none."""
    key = issuer.keys.filter(state=Key.State.ACTIVE).first()
    if key is None:
        raise KeyMaterialError("key.none", f"{issuer.name} has no signing key", "Make one under Settings, Keys")
    return key


def unsealed(key: Key) -> Signer:
    """What signs. `KeyMaterialError` (``key.sealed``) when this installation cannot open it."""
    return key_module.at(key.module, key.multikey) if key.module else opened(key.sealed)


def sealed(key: SigningKey) -> str:
    """The form in which the database holds a private key."""
    return sealing.seals().encrypt(key.to_pem()).decode("ascii")


def opened(text: str) -> SigningKey:
    """A private key out of its sealed form. `KeyMaterialError` (``key.sealed``) when this installation cannot."""
    try:
        return SigningKey.from_pem(sealing.seals().decrypt(text.encode("ascii")))
    except InvalidToken:
        raise KeyMaterialError(
            "key.sealed",
            "The signing key cannot be opened with this installation's LAUREA_KEY_ENCRYPTION_KEY",
            "Give the value that was set when the key was made; several may be given, separated by commas",
        ) from None


def did(issuer: Issuer) -> str:
    """The identifier that the issuer signs with now."""
    return addresses.did(issuer, active(issuer))


def did_document(issuer: Issuer) -> Document:
    """The DID document to publish: it lists every key that the issuer's credentials were signed with, and says of those
    that were in the wrong hands since when."""
    if not addresses.lasting():
        return keys.did_key_document(did(issuer))
    listed: list[VerificationKey] = []
    revoked: dict[VerificationKey, datetime] = {}
    for key in issuer.keys.order_by("-created", "-id"):
        listed.append(VerificationKey.from_multikey(key.multikey))
        if key.compromised_from is not None:
            revoked[listed[-1]] = key.compromised_from
    return keys.did_web_document(did(issuer), listed, revoked)
