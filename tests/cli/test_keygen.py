"""`laurea keygen`."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path

import pytest

from laurea.credentials import keys
from laurea.credentials.keys import SigningKey

from .conftest import Laurea


def own_did(path: Path) -> str:
    return keys.did_key(SigningKey.from_pem(path.read_bytes()).verification_key)


def test_a_key_with_its_identifier(laurea: Laurea) -> None:
    ran = laurea("keygen")
    path = Path("laurea-key.pem")
    assert ran.code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert f"Your issuer identifier: {own_did(path)}\n" in ran.out


def test_a_second_time_nothing_is_touched(laurea: Laurea) -> None:
    laurea("keygen")
    before = Path("laurea-key.pem").read_bytes()
    ran = laurea("keygen", "--json")
    assert ran.code == 2
    assert ran.json["error"]["code"] == "key.exists"
    assert Path("laurea-key.pem").read_bytes() == before


def test_for_scripts(laurea: Laurea) -> None:
    ran = laurea("keygen", "--out", "academy.pem", "--json")
    did = own_did(Path("academy.pem"))
    assert ran.json == {
        "key": "academy.pem",
        "issuer": did,
        "verificationMethod": f"{did}#{did.removeprefix('did:key:')}",
        "didDocument": None,
        "publishAt": None,
    }


def test_for_a_web_address(laurea: Laurea) -> None:
    ran = laurea("keygen", "--did-web", "academy.example")
    assert "Publish did.json at https://academy.example/.well-known/did.json" in ran.out
    assert json.loads(Path("did.json").read_bytes())["id"] == "did:web:academy.example"


def test_with_a_passphrase(laurea: Laurea) -> None:
    Path("passphrase.txt").write_text("laurel\n")
    laurea("keygen", "--passphrase-file", "passphrase.txt")
    assert SigningKey.from_pem(Path("laurea-key.pem").read_bytes(), b"laurel")


def test_in_a_folder_of_its_own(laurea: Laurea) -> None:
    assert laurea("keygen", "--out", "keys/academy.pem").code == 0
    assert stat.S_IMODE(Path("keys").stat().st_mode) == 0o700


def test_a_published_document_is_never_overwritten(laurea: Laurea) -> None:
    laurea("keygen", "--did-web", "academy.example")
    again = laurea("keygen", "--did-web", "academy.example", "--out", "second.pem")
    assert (again.code, Path("second.pem").exists()) == (2, False)
    assert "put the new key into another folder with --out" in again.err
    assert laurea("keygen", "--did-web", "academy.example", "--out", "next/second.pem").code == 0


@pytest.mark.parametrize("typed", ["", "http://academy.example", "münchen.example", "192.168.1.4", "academy .example"])
def test_what_is_no_web_address(laurea: Laurea, typed: str) -> None:
    ran = laurea("keygen", "--did-web", typed)
    assert ran.code == 2
    assert f"“{typed}” is no web address that can vouch for a key" in ran.err
    assert "such as academy.example" in ran.err
    assert list(Path().iterdir()) == []


def test_a_full_disk_leaves_no_empty_key_behind(laurea: Laurea, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as during:
        during.setattr(os, "fsync", full)
        ran = laurea("keygen")
    assert (ran.code, list(Path().iterdir())) == (2, [])
    assert "No space left on device: laurea-key.pem." in ran.err
    assert laurea("keygen").code == 0
