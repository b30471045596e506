"""Keys of issuers are sealed, rotated and never lost."""

from __future__ import annotations

from datetime import datetime

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from laurea.actions import issuer_keys
from laurea.credentials.errors import KeyMaterialError
from laurea.records.models import Issuer, Key


def test_a_key_is_sealed_and_opens_again(acme: Issuer, key: Key) -> None:
    assert "PRIVATE" not in key.sealed
    assert issuer_keys.unsealed(key).verification_key.multikey == key.multikey


def test_rotating_retires_the_key_and_the_document_lists_both(acme: Issuer, key: Key, now: datetime) -> None:
    fresh = issuer_keys.create(acme, now=now, actor=None)
    assert issuer_keys.active(acme) == fresh
    key.refresh_from_db()
    assert (key.state, key.retired) == ("retired", now)
    document = issuer_keys.did_document(acme)
    assert document["id"] == "did:web:badges.example.com:issuers:acme"
    assert document["assertionMethod"] == [f"{document['id']}#{item.multikey}" for item in (fresh, key)]


def test_another_encryption_key_cannot_open_it(acme: Issuer, key: Key, settings: Settings) -> None:
    before = settings.LAUREA_KEY_ENCRYPTION_KEYS
    fresh = Fernet.generate_key().decode()
    settings.LAUREA_KEY_ENCRYPTION_KEYS = [fresh]
    with pytest.raises(KeyMaterialError) as caught:
        issuer_keys.unsealed(key)
    assert caught.value.code == "key.sealed"
    settings.LAUREA_KEY_ENCRYPTION_KEYS = [fresh, *before]
    assert issuer_keys.unsealed(key).verification_key.multikey == key.multikey


def test_without_a_domain_the_issuer_is_its_key(acme: Issuer, key: Key, settings: Settings) -> None:
    settings.LAUREA_PUBLIC_URL = "http://localhost:8000"
    assert issuer_keys.did(acme) == f"did:key:{key.multikey}"


def test_an_issuer_without_key_says_so(acme: Issuer) -> None:
    acme.keys.all().delete()
    with pytest.raises(KeyMaterialError) as caught:
        issuer_keys.active(acme)
    assert caught.value.code == "key.none"
