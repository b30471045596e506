"""`laurea keys`: on an installation of its own, as somebody on the server's command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

import token_box
from own_installation import Own

from .conftest import Laurea

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


def keys(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LAUREA")}
    command = [sys.executable, "-m", "laurea", "keys", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "code", "message"),
    [(None, "installing.absent", "There is no installation in "), (b"x" * 4096, "installing.database", "database")],
)
def test_without_an_installation_nothing_is_made(
    tmp_path: Path, content: bytes | None, code: str, message: str
) -> None:
    """Somebody in the wrong folder, or whose disk lied: an error for people, and one for scripts."""
    if content:
        (tmp_path / "laurea-data").mkdir()
        (tmp_path / "laurea-data" / "laurea.sqlite3").write_bytes(content)
    human, machine = keys(tmp_path, "list"), keys(tmp_path, "list", "--json")
    assert (human.returncode, human.stdout, machine.returncode, machine.stderr) == (2, "", 2, "")
    assert message in human.stderr
    assert "--data" in human.stderr
    assert json.loads(machine.stdout)["error"]["code"] == code
    assert (tmp_path / "laurea-data").exists() == bool(content)


def test_a_mistake_of_ours_in_a_part_is_told_as_one(
    laurea: Laurea, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"error": {"code": "internal", "message": "Laurea made a mistake of its own: X at y.py:1", "hint": "Report"}}
    part = subprocess.CompletedProcess([], 70, json.dumps(told), "")
    monkeypatch.setattr(subprocess, "run", lambda *_arguments, **_options: part)
    (tmp_path / "laurea.sqlite3").touch()
    ran = laurea("keys", "list", "--data", tmp_path)
    assert (ran.code, ran.out) == (70, "")
    assert "a mistake of its own: X at y.py:1" in ran.err
    part.stdout = ""  # killed: there is nobody to tell
    assert laurea("keys", "list", "--data", tmp_path).code == 70
