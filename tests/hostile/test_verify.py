"""Whatever is handed to `laurea verify`: one clear sentence, within five seconds of work and 300 MB.

The real command runs in a process of its own; the system ends it when it works longer, and tells how much memory it
had.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from tests.conftest import Genuine

from laurea.credentials.document import serialise

from .files import FILES
from .measured import MOST_MEMORY, Ran, run


def require_one_clear_line(ran: Ran) -> None:
    assert ran.code == 1, ran
    assert ran.err == ""
    assert ran.memory < MOST_MEMORY
    lines = ran.out.splitlines()
    assert len(lines) == 1, ran.out
    assert lines[0].startswith("✗ Malformed  ")
    assert len(lines[0]) > 40
    assert "Traceback" not in ran.out


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FILES if name != "poison.json"])
def test_a_hostile_file_gets_one_clear_line(name: str, genuine: Genuine, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name](genuine.text))
    require_one_clear_line(run("verify", path, "--offline", "--now", genuine.now))


@pytest.mark.slow
def test_parts_that_all_look_alike_are_told_apart_in_time(genuine: Genuine, tmp_path: Path) -> None:
    path = tmp_path / "poison.json"
    path.write_bytes(FILES["poison.json"](genuine.text))
    ran = run("verify", path, "--offline", "--now", genuine.now)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith(("✗ Altered  ", "✗ Malformed  ", "? Cannot tell  "))
    assert ran.memory < MOST_MEMORY


@pytest.mark.slow
def test_a_file_that_never_ends_is_given_up() -> None:
    ran = run("verify", "-", "--offline", stdin=Path("/dev/zero"))
    require_one_clear_line(ran)
    assert "larger than 32 MiB" in ran.out


@pytest.mark.slow
def test_all_of_them_in_one_folder(genuine: Genuine, tmp_path: Path) -> None:
    for name, make in FILES.items():
        if not name.startswith(("many", "proof", "declared")):
            (tmp_path / name).write_bytes(make(genuine.text))
    (tmp_path / "good.json").write_bytes(genuine.text)
    did = tmp_path / "did.json"
    status = tmp_path / "status-1.json"
    did.write_text(serialise(genuine.did_document))
    status.write_text(serialise(genuine.status_list))
    options = ("--offline", "--json", "--now", genuine.now, "--did-doc", did, "--status-list", status)
    process = subprocess.run(
        [sys.executable, "-m", "laurea", "verify", tmp_path, *options], capture_output=True, check=False
    )
    found = json.loads(process.stdout)
    assert (process.returncode, found["summary"]["genuine"], process.stderr) == (1, 1, b"")
    assert set(found["summary"]["verdicts"]) <= {"malformed", "genuine", "altered", "cannot tell"}


def list_with(genuine: Genuine, encoded: str) -> str:
    subject = {**dict(genuine.status_list["credentialSubject"]), "encodedList": encoded}  # type: ignore[arg-type]
    return serialise({**genuine.status_list, "credentialSubject": subject})


def gzip_bomb(megabytes: int) -> str:
    """Unpacks to so much and more, if anybody goes on that far: each piece after the first is the same again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    first, again = (packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    packed = first + again * megabytes + packer.flush()
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


@pytest.mark.slow
@pytest.mark.parametrize("encoded", [gzip_bomb(2_000), gzip_bomb(1)[:60], "u", "", "uAAAA", "z" * 900_000])
def test_a_hostile_status_list_is_no_list(encoded: str, genuine: Genuine, tmp_path: Path) -> None:
    did, status, credential = tmp_path / "did.json", tmp_path / "list.json", tmp_path / "credential.json"
    did.write_text(serialise(genuine.did_document))
    status.write_text(list_with(genuine, encoded))
    credential.write_bytes(genuine.text)
    ran = run("verify", credential, "--did-doc", did, "--status-list", status, "--offline", "--now", genuine.now)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("? Cannot tell  ")
    assert ran.memory < MOST_MEMORY


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--did-doc", "--status-list"])
@pytest.mark.parametrize("name", ["empty", "nulls", "deep.json", "duplicate.json", "large.json", "picture-bomb.png"])
def test_a_hostile_file_as_material_is_wrong_use(option: str, name: str, genuine: Genuine, tmp_path: Path) -> None:
    credential, material = tmp_path / "credential.json", tmp_path / "material"
    credential.write_bytes(genuine.text)
    material.write_bytes(FILES[name](genuine.text))
    ran = run("verify", credential, option, material, "--offline")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Error: ")
    assert len(ran.err.splitlines()) <= 2
    assert ran.memory < MOST_MEMORY
