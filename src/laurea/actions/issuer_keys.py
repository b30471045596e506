"""The signing keys of issuers: made, kept encrypted, rotated, retired; never overwritten and never deleted.

In the database a key is sealed with a key of the installation (``LAUREA_KEY_ENCRYPTION_KEY``) that is not in the
database: a copy of the database alone signs nothing.
"""

from __future__ import annotations

from datetime import datetime

from cryptography.fernet import InvalidToken
from django.db import transaction

from laurea.actions import addresses, auditing, keyring, sealing
from laurea.actions.auditing import Act
from laurea.credentials import keys
from laurea.credentials.document import Document
from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.keys import SigningKey, VerificationKey
from laurea.records.models import Account, Issuer, Key


def new_encryption_key() -> str:
    """A fresh key for ``LAUREA_KEY_ENCRYPTION_KEY``."""
    return sealing.new_key()


def create(issuer: Issuer, *, now: datetime, actor: Account | None) -> Key:
    """Make the key that signs for `issuer` from now on. The last one is retired; what it signed stays genuine."""
    fresh = keyring.new_key()
    sealed = sealing.seals().encrypt(fresh.to_pem()).decode("ascii")
    with transaction.atomic():
        last = list(issuer.keys.select_for_update(no_key=True).filter(state=Key.State.ACTIVE))
        issuer.keys.filter(pk__in=[each.pk for each in last]).update(state=Key.State.RETIRED, retired=now)
        made = issuer.keys.create(multikey=fresh.verification_key.multikey, sealed=sealed, created=now)
        acts = [*(_act("key.retired", each) for each in last), _act("key.made", made)]
        auditing.note_all(acts, issuer=issuer, now=now, actor=actor)
    return made


def _act(name: str, key: Key) -> Act:
    return Act(name, "key", str(key.pk), {"multikey": key.multikey})


def active(issuer: Issuer) -> Key:
    """The key that signs for `issuer`. `KeyMaterialError` (``key.none``) when it has none."""
    key = issuer.keys.filter(state=Key.State.ACTIVE).first()
    if key is None:
        raise KeyMaterialError("key.none", f"{issuer.name} has no signing key", "Make one under Settings, Keys")
    return key


def unsealed(key: Key) -> SigningKey:
    """The private key. `KeyMaterialError` (``key.sealed``) when this installation cannot open it."""
    return opened(key.sealed)


def opened(sealed: str) -> SigningKey:
    """A private key out of its sealed form. `KeyMaterialError` (``key.sealed``) when this installation cannot."""
    try:
        return SigningKey.from_pem(sealing.seals().decrypt(sealed.encode("ascii")))
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
    """The DID document to publish: it lists every key that the issuer's credentials were signed with."""
    if not addresses.lasting():
        return keys.did_key_document(did(issuer))
    listed = [VerificationKey.from_multikey(key.multikey) for key in issuer.keys.order_by("-created", "-id")]
    return keys.did_web_document(did(issuer), listed)
