"""What the database holds only in a sealed form: signing keys, and the secrets of two-factor sign-in.

The seal is a key of the installation (``LAUREA_KEY_ENCRYPTION_KEY``) that is not in the database: a copy of the
database alone signs nothing and lets nobody in.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from laurea.credentials.errors import KeyMaterialError


def new_key() -> str:
    """A fresh key for ``LAUREA_KEY_ENCRYPTION_KEY``."""
    return Fernet.generate_key().decode("ascii")


def seals() -> MultiFernet:
    """What seals and opens. Raises `KeyMaterialError` (``key.encryption``) when the installation has no such key."""
    if not settings.LAUREA_KEY_ENCRYPTION_KEYS:
        raise KeyMaterialError(
            "key.encryption",
            "LAUREA_KEY_ENCRYPTION_KEY is not set, so no signing key can be kept",
            "Start Laurea with `laurea run`, which makes one, or set your own and keep a copy",
        )
    try:
        return MultiFernet([Fernet(value) for value in settings.LAUREA_KEY_ENCRYPTION_KEYS])
    except ValueError:
        raise KeyMaterialError(
            "key.encryption",
            "LAUREA_KEY_ENCRYPTION_KEY is no encryption key",
            "It must be 32 random bytes in base 64, as `laurea run` makes it",
        ) from None
