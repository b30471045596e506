"""Who a credential is for: the name as printed, and the e-mail address as a salted hash.

An identity hash is ``sha256$`` and the SHA-256, in lower-case hexadecimal, of identifier and salt (Open Badges 3.0,
IdentityHash). The standard defines no normal form of an e-mail address; Laurea lower-cases it before hashing. The salt
stands in the document, so who can guess the address can confirm the guess: the hash keeps an address from being read,
not from being tested.
"""

from __future__ import annotations

import hashlib
import re

from laurea.credentials.document import Document
from laurea.credentials.errors import VocabularyError
from laurea.credentials.vocabulary import terms
from laurea.credentials.vocabulary.rules import shown
from laurea.credentials.vocabulary.types import IdentityObject

SALT_CHARACTERS = 22
"""The shortest salt that we write: 128 random bits in base 64."""

_SHA256 = re.compile(r"sha256\$[0-9a-fA-F]{64}", re.ASCII)


def identity_hash(identifier: str, salt: str) -> str:
    """``sha256$…`` of `identifier` as it is, followed by `salt`, both in UTF-8."""
    return "sha256$" + hashlib.sha256((identifier + salt).encode("utf-8")).hexdigest()


def email_identity(email: str, salt: str) -> IdentityObject:
    """The hashed identity for `email`, lower-cased and without surrounding spaces.

    `salt` is text of at least 128 random bits, another one for each credential (`secrets.token_urlsafe(16)`). Raises
    `VocabularyError`: ``vocabulary.email``, ``vocabulary.salt``.
    """
    address = email.strip().lower()
    if not terms.EMAIL.fullmatch(address):
        raise VocabularyError(
            "vocabulary.email", f"{shown(email)} is not an e-mail address", "Write it like name@example.org"
        )
    if len(salt) < SALT_CHARACTERS:
        raise VocabularyError("vocabulary.salt", "The salt is too short to hide an address", "Use 128 random bits")
    return IdentityObject(
        hashed=True, identity_hash=identity_hash(address, salt), identity_type="emailAddress", salt=salt
    )


def name_identity(name: str) -> IdentityObject:
    """The holder's name, in the clear, as it stands on the certificate."""
    return IdentityObject(hashed=False, identity_hash=name, identity_type="name")


def identities(document: Document) -> list[Document]:
    """The IdentityObjects of a credential's subject, as far as they are objects."""
    subject = document.get("credentialSubject")
    identifiers = subject.get("identifier") if isinstance(subject, dict) else None
    listed = identifiers if isinstance(identifiers, list) else [identifiers]
    return [identity for identity in listed if isinstance(identity, dict)]


def holder_name(document: Document) -> str | None:
    """The holder's name in a credential, ours or a foreign one that names its holder the same way; else None."""
    for identity in identities(document):
        name = identity.get("identityHash")
        if identity.get("identityType") == "name" and identity.get("hashed") is False and isinstance(name, str):
            return name
    return None


def names_email(identity: Document, email: str) -> bool | None:
    """Whether `identity` is about `email`; None when it cannot be told (no e-mail identity, or an unknown hash).

    The address is tried lower-cased, as Laurea hashes it, and as it was typed, as others may have done.
    """
    value, salt = identity.get("identityHash"), identity.get("salt", "")
    if identity.get("identityType") != "emailAddress" or not isinstance(value, str) or not isinstance(salt, str):
        return None
    typed = email.strip()
    if identity.get("hashed") is not True:
        return value.strip().lower() == typed.lower()
    if not _SHA256.fullmatch(value):
        return None
    try:
        return value.lower() in (identity_hash(typed.lower(), salt), identity_hash(typed, salt))
    except UnicodeEncodeError:
        return False
