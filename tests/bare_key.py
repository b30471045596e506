"""Credentials of somebody who is known by a key and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

from laurea.credentials import keys, proof, vocabulary
from laurea.credentials.document import serialise
from laurea.credentials.keys import SigningKey
from laurea.credentials.vocabulary import BitstringStatusListEntry

KEY = SigningKey.from_seed(bytes(reversed(range(32))))
DID = f"did:key:{KEY.verification_key.multikey}"
SIGNED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def signed_by_a_bare_key(name: str, *, until: datetime | None = None, listed: str = "") -> bytes:
    """A credential of Ada's by an issuer that calls itself `name`; valid `until`, withdrawn by the list at `listed`."""
    credential = vocabulary.AchievementCredential(
        id="urn:uuid:0f6b3f5e-6c1b-4a8e-9d57-0f1d5f6f2c12",
        issuer=vocabulary.Profile(id=DID, name=name),
        valid_from=SIGNED,
        valid_until=until,
        name="First Aid",
        credential_subject=vocabulary.AchievementSubject(
            achievement=vocabulary.Achievement(
                id="urn:uuid:5a2f1a57-3b1c-4d7b-8a55-1f5d0d9a8b23",
                name="First Aid",
                description="Helps",
                criteria=vocabulary.Criteria(narrative="Attended"),
            ),
            identifier=(vocabulary.name_identity("Ada Lovelace"),),
        ),
        credential_status=BitstringStatusListEntry(listed, "94567") if listed else None,
    )
    method = keys.verification_method(DID, KEY.verification_key)
    return serialise(proof.sign(credential.to_document(), KEY, verification_method=method, created=SIGNED)).encode()
