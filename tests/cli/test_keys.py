"""`laurea keys`: on an installation of its own, as somebody on the server's command line."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from cryptography.fernet import Fernet

import token_box
from own_installation import Own

PASSPHRASE = "correct horse battery staple"


def run(own: Own, *arguments: str, code: int = 0, **environment: str) -> Any:
    """The JSON that `laurea keys …` writes."""
    done = subprocess.run(
        [sys.executable, "-m", "laurea", "keys", *arguments, "--json"],
        env={**own.environment, **environment},
        cwd=own.folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout) if code == 0 else done.stdout + done.stderr


@pytest.mark.slow
def test_out_and_back(own: Own) -> None:
    """The encryption key is lost: the backup brings the keys back, under a new one."""
    (listed,) = run(own, "list")["keys"]
    assert (listed["state"], listed["kept"]) == ("active", "database")
    made = run(own, "export", "keys.backup", LAUREA_KEY_PASSPHRASE=PASSPHRASE)
    file = own.folder / "keys.backup"
    assert (file.stat().st_mode & 0o777, listed["key"] in made["keys"]) == (0o600, True)
    assert PASSPHRASE not in file.read_text()
    told = run(own, "export", "keys.backup", code=2, LAUREA_KEY_PASSPHRASE=PASSPHRASE)
    assert "exists already and is not overwritten" in told
    (own.folder / "passphrase").write_text(PASSPHRASE + "\n")
    wrong = {"LAUREA_KEY_ENCRYPTION_KEY": Fernet.generate_key().decode()}
    assert "Nothing was written" in run(
        own, "export", "other.backup", code=2, LAUREA_KEY_PASSPHRASE=PASSPHRASE, **wrong
    )
    done = run(own, "import", "keys.backup", "--passphrase-file", "passphrase", **wrong)
    assert listed["key"] in done["sealedAnew"]
    rotated = run(own, "rotate", "--issuer", "acme", **wrong)
    assert [(each["key"], each["state"]) for each in run(own, "list", **wrong)["keys"]] == [
        (rotated["key"], "active"),
        (listed["key"], "retired"),
    ]


@pytest.mark.slow
def test_into_the_module(own: Own, tmp_path_factory: pytest.TempPathFactory) -> None:
    module = token_box.make(tmp_path_factory.mktemp("module"))
    made = run(own, "rotate", "--issuer", "acme", "--in-module", **module)
    assert made["kept"].startswith("pkcs11:token=laurea;")
    again = run(own, "rotate", "--issuer", "acme", **module)
    assert again["kept"] != made["kept"]


@pytest.mark.slow
def test_what_can_be_wrong(own: Own) -> None:
    assert "A passphrase is needed" in run(own, "export", "keys.backup", code=2)
    assert not (own.folder / "keys.backup").exists()
