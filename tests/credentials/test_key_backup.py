"""Backups of keys: one passphrase opens them, and nothing in the file can be changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from laurea.credentials import base64url, key_backup
from laurea.credentials.errors import KeyMaterialError

PASSPHRASE = "correct horse bättery staple".encode()
CONTENT: dict[str, Any] = {"keys": [{"multikey": "z6Mk", "pkcs8": "PEM"}], "log": None}
SALT, NONCE = bytes(range(16)), bytes(range(12))


@pytest.fixture(scope="module")
def file() -> bytes:
    return key_backup.lock(CONTENT, PASSPHRASE, salt=SALT, nonce=NONCE)


def code_of(data: bytes, passphrase: bytes = PASSPHRASE) -> str:
    with pytest.raises(KeyMaterialError) as caught:
        key_backup.unlock(data, passphrase)
    return caught.value.code


def test_what_was_locked_opens_again(file: bytes) -> None:
    assert key_backup.unlock(file, PASSPHRASE) == CONTENT
    assert b"PEM" not in file
    assert code_of(file, PASSPHRASE + b" ") == "key.passphrase"
    assert code_of(file, b"") == "key.passphrase"


def test_it_opens_with_what_the_reference_says(file: bytes) -> None:
    """The recipe of docs/reference/key-backup.md, with nothing of ours but the file."""
    said = json.loads(file)
    sealed = base64url.decode(said.pop("sealed"))
    header = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    assert sealed is not None
    key = Scrypt(SALT, 32, 2**17, 8, 1).derive(PASSPHRASE)
    assert json.loads(ChaCha20Poly1305(key).decrypt(NONCE, sealed, header)) == CONTENT


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"note": "from a friend"}, "key.passphrase"),
        ({"cipher": {"name": "ChaCha20-Poly1305", "nonce": base64url.encode(bytes(12))}}, "key.passphrase"),
        ({"kdf": {"name": "scrypt", "salt": base64url.encode(SALT), "n": 2, "r": 8, "p": 1}}, "key.passphrase"),
        ({"kdf": {"name": "scrypt", "salt": base64url.encode(SALT), "n": 2**30, "r": 8, "p": 1}}, "key.backup"),
        ({"kdf": {"name": "scrypt", "salt": base64url.encode(SALT), "n": 2**18, "r": 8, "p": 1}}, "key.backup"),
        ({"kdf": {"name": "scrypt", "salt": base64url.encode(SALT), "n": 2**17, "r": 1, "p": 1}}, "key.backup"),
        ({"kdf": {"name": "scrypt", "salt": base64url.encode(SALT), "n": 3, "r": 8, "p": 1}}, "key.backup"),
        ({"kdf": {"name": "scrypt", "salt": base64url.encode(SALT), "n": True, "r": 8, "p": 1}}, "key.backup"),
        ({"kdf": {"name": "md5"}}, "key.backup"),
        ({"kdf": "scrypt"}, "key.backup"),
        ({"cipher": {"name": "ChaCha20-Poly1305", "nonce": "AAAA"}}, "key.backup"),
        ({"sealed": "?"}, "key.backup"),
        ({"sealed": "AAAA"}, "key.passphrase"),
        ({"version": 2}, "key.backup"),
        ({"format": "other"}, "key.backup"),
    ],
)
def test_what_was_changed_does_not_open(file: bytes, change: dict[str, Any], code: str) -> None:
    assert code_of(json.dumps(json.loads(file) | change).encode()) == code


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"-----BEGIN PRIVATE KEY-----", b'{"format": "laurea-keys"}'])
def test_what_is_no_backup_is_told_so(data: bytes) -> None:
    assert code_of(data) == "key.backup"


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(KeyMaterialError) as caught:
        key_backup.lock(CONTENT, b"laurel2026!", salt=SALT, nonce=NONCE)
    assert caught.value.code == "key.passphrase-short"
