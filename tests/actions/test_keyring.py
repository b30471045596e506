"""Keys on disk: private, never overwritten, and every problem with a key file named."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from laurea.actions import keyring
from laurea.credentials import keys
from laurea.credentials.errors import KeyMaterialError


def code_of(path: Path, passphrase: bytes | None = None) -> str:
    with pytest.raises(KeyMaterialError) as caught:
        keyring.load(path, passphrase=passphrase)
    return caught.value.code


def test_a_key_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    made = keyring.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    loaded = keyring.load(path)
    assert loaded.key.verification_key == made.key.verification_key
    assert loaded.warnings == ()


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    keyring.create(path)
    before = path.read_bytes()
    with pytest.raises(KeyMaterialError, match="is not overwritten") as caught:
        keyring.create(path)
    assert caught.value.code == "key.exists"
    assert path.read_bytes() == before


def test_no_key_is_made_when_its_did_document_would_overwrite_another(tmp_path: Path) -> None:
    (tmp_path / "did.json").write_text("{}")
    with pytest.raises(KeyMaterialError, match=r"did\.json exists already"):
        keyring.make(tmp_path / "key.pem", host="academy.example")
    assert not (tmp_path / "key.pem").exists()


def test_a_key_that_others_may_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    keyring.create(path)
    path.chmod(0o640)
    (warning,) = keyring.load(path).warnings
    assert f"chmod 600 {path}" in warning


def test_a_locked_key_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    made = keyring.create(path, passphrase=b"laurel & bay")
    assert b"ENCRYPTED" in path.read_bytes()
    assert keyring.load(path, passphrase=b"laurel & bay").key.verification_key == made.key.verification_key
    assert code_of(path) == "key.passphrase"
    assert code_of(path, b"wrong") == "key.passphrase"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "key.malformed"),
        (b"-----BEGIN PRIVATE KEY-----\ngarbage\n-----END PRIVATE KEY-----\n", "key.malformed"),
        (b"\x00" * 100_000, "key.size"),
    ],
)
def test_a_file_that_is_no_key(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    assert code_of(path) == code


def test_a_path_that_is_no_file(tmp_path: Path) -> None:
    assert code_of(tmp_path) == "key.folder"
    assert code_of(tmp_path / "absent.pem") == "key.absent"
    with pytest.raises(KeyMaterialError) as caught:
        keyring.create(tmp_path / "no" / "key.pem")
    assert caught.value.code == "key.folder"


def test_the_did_document_vouches_for_the_key(tmp_path: Path) -> None:
    made = keyring.make(tmp_path / "key.pem", host="academy.example/badges")
    key = keyring.load(tmp_path / "key.pem").key.verification_key
    assert made.did == "did:web:academy.example:badges"
    assert made.publish_at == "https://academy.example/badges/did.json"
    assert made.did_document == tmp_path / "did.json"
    assert json.loads((tmp_path / "did.json").read_bytes()) == keys.did_web_document(made.did, [key])


@pytest.mark.parametrize(
    ("typed", "did"),
    [
        ("academy.example", "did:web:academy.example"),
        ("Academy.Example:8443", "did:web:academy.example%3A8443"),
        ("https://academy.example/badges/", "did:web:academy.example:badges"),
        ("did:web:academy.example:badges", "did:web:academy.example:badges"),
    ],
)
def test_what_people_type_for_a_host(typed: str, did: str) -> None:
    assert keyring.did_web(typed) == did


@pytest.mark.parametrize("typed", ["127.0.0.1", "", "a b", "did:web:", "https://[::1]/", "a/../b"])
def test_what_is_no_host(typed: str) -> None:
    with pytest.raises(KeyMaterialError):
        keyring.did_web(typed)


def test_where_a_passphrase_comes_from(tmp_path: Path) -> None:
    file = tmp_path / "passphrase.txt"
    file.write_bytes("Lorbeer für alle\r\nsecond line".encode())
    assert keyring.passphrase_from(None, {}) is None
    assert keyring.passphrase_from(None, {"LAUREA_KEY_PASSPHRASE": "spoken"}) == b"spoken"
    assert keyring.passphrase_from(file, {"LAUREA_KEY_PASSPHRASE": "spoken"}) == "Lorbeer für alle".encode()
    named = {"LAUREA_KEY_PASSPHRASE_FILE": str(file), "LAUREA_KEY_PASSPHRASE": "spoken"}
    assert keyring.passphrase_from(None, named) == "Lorbeer für alle".encode()


@pytest.mark.parametrize("content", [b"", b"\nsecond"])
def test_a_passphrase_file_without_a_passphrase(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "passphrase.txt"
    file.write_bytes(content)
    with pytest.raises(KeyMaterialError, match="is empty"):
        keyring.passphrase_from(file, {})
    with pytest.raises(KeyMaterialError, match="cannot be read"):
        keyring.passphrase_from(tmp_path / "absent", {})
