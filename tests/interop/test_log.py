"""A verifier in another language, written after the specifications alone, accepts our logs and proofs; nothing else."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

import issued
import logged
from laurea.actions import auditing, proving
from laurea.credentials.transparency import tiles
from laurea.records.models import Achievement, Credential, Entry, Issuer

from .conftest import ROOT

pytestmark = pytest.mark.interop

VERIFIER = Path(__file__).with_name("log.mjs")
PAGE = ROOT / "docs" / "reference" / "audit-log.md"


@pytest.fixture
def bare(db: None) -> Issuer:
    """An issuer that came into being without an act."""
    return Issuer.objects.create(slug="bare", name="Bare")


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """The folder of the log, in a storage of the test's own."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }
    return tmp_path / "files" / "log"


def node(*arguments: object) -> dict[str, Any]:
    """What the other verifier says; an answer with ``refused`` is a no."""
    command = ["node", str(VERIFIER), *(str(argument) for argument in arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said: dict[str, Any] = json.loads(done.stdout)
    assert (done.returncode == 1) is ("refused" in said), done.stderr
    return said


def test_whole_logs_and_that_each_continues_the_one_before(
    bare: Issuer, folder: Path, tmp_path: Path, now: datetime
) -> None:
    earlier: list[Path] = []
    for size in (1, 2, 3, 255, 256, 257, 700):
        logged.act(size - (int(earlier[-1].name) if earlier else 0), bare, now)
        logged.take_in(now)
        said = node("log", folder, folder / "key", *earlier[-1:])
        assert said == {"size": size, "root": logged.published(folder, now)[0].root.hex()}
        kept = tmp_path / str(size)
        kept.write_bytes((folder / "checkpoint").read_bytes())
        earlier.append(kept)
    for kept in earlier:
        assert node("log", folder, folder / "key", kept)["size"] == 700


def test_a_log_that_was_rewritten_is_refused(bare: Issuer, folder: Path, tmp_path: Path, now: datetime) -> None:
    logged.act(300, bare, now)
    logged.take_in(now)
    for path in ("checkpoint", *(tile.path for tile in tiles.tiles_of(300))):
        data = (folder / path).read_bytes()
        (folder / path).write_bytes(data[:40] + bytes([data[40] ^ 1]) + data[41:] if len(data) > 40 else bytes(32))
        assert "refused" in node("log", folder, folder / "key"), path
        (folder / path).write_bytes(data)
    assert node("log", folder, folder / "key")["size"] == 300


# --- Proofs -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def proofs(achievement: Achievement, folder: Path, now: datetime) -> list[tuple[Credential, dict[str, Any]]]:
    """Credentials, here and there in a log of 520 entries, with their proofs."""
    Entry.objects.all().delete()  # what came before is not what this is about
    held: list[Credential] = []
    for between in (0, 1, 254, 260):
        logged.act(between, achievement.issuer, now)
        credential = issued.credential_of(achievement)
        with transaction.atomic():
            about = {"issuer": achievement.issuer, "now": now, "actor": None}
            auditing.note_credentials("credential.issued", [credential], **about)
        held.append(credential)
    logged.act(1, achievement.issuer, now)
    logged.take_in(now)
    return [(credential, dict(proving.inclusion(credential))) for credential in held]


def test_proofs_of_credentials(proofs: list[tuple[Credential, dict[str, Any]]], folder: Path, tmp_path: Path) -> None:
    for credential, proof in proofs:
        (tmp_path / "inclusion.json").write_text(json.dumps(proof))
        said = node("proof", tmp_path / "inclusion.json", folder / "key")
        assert (said["index"], said["size"]) == (proof["index"], 520)
        assert said["said"]["facts"]["sha256"] == credential.sha256
        assert said["said"]["object"]["id"] == credential.identifier


def _other_hash(proof: dict[str, Any]) -> None:
    proof["hashes"][0] = base64.b64encode(bytes(32)).decode()


CHANGES: dict[str, Callable[[dict[str, Any]], None]] = {
    "what was done": lambda proof: proof.update(content=proof["content"].replace("issued", "revoked")),
    "the salt": lambda proof: proof.update(salt=base64.b64encode(bytes(32)).decode()),
    "the place": lambda proof: proof.update(index=proof["index"] + 1),
    "a hash": _other_hash,
    "one hash less": lambda proof: proof["hashes"].pop(),
    "one hash more": lambda proof: proof["hashes"].append(proof["hashes"][0]),
    "the size": lambda proof: proof.update(checkpoint=proof["checkpoint"].replace("\n520\n", "\n521\n")),
    "the name of the log": lambda proof: proof.update(checkpoint=proof["checkpoint"].replace("badges", "budges")),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_proof_that_was_changed_is_refused(
    proofs: list[tuple[Credential, dict[str, Any]]], folder: Path, tmp_path: Path, what: str
) -> None:
    for _, proof in proofs:
        CHANGES[what](proof)
        (tmp_path / "inclusion.json").write_text(json.dumps(proof))
        assert "refused" in node("proof", tmp_path / "inclusion.json", folder / "key")


def test_the_program_of_the_page(proofs: list[tuple[Credential, dict[str, Any]]], folder: Path, tmp_path: Path) -> None:
    """docs/reference/audit-log.md prints a program; it does what the page says."""
    source = PAGE.read_text("utf-8").partition("```js\n// proof.mjs")[2].partition("```")[0]
    (tmp_path / "proof.mjs").write_text("// proof.mjs" + source)
    key = (folder / "key").read_text().strip()

    def said(credential: str, proof: dict[str, Any], verifier: str = key) -> tuple[int, str]:
        (tmp_path / "credential.json").write_text(credential)
        (tmp_path / "inclusion.json").write_text(json.dumps(proof))
        command = ["node", "proof.mjs", "credential.json", "inclusion.json", verifier]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.partition(" ")[0]

    for credential, proof in proofs:
        assert said(credential.text, proof) == (0, "Entry")
        assert said(credential.text + " ", proof)[0] == 1
    other = key.replace(key[-8:-4], "AAAA")
    assert said(credential.text, proof, other)[0] == 1
    for change in CHANGES.values():
        changed = json.loads(json.dumps(proof))
        change(changed)
        assert said(credential.text, changed)[0] == 1
