"""`laurea revoke`: the bits, the new list, and who may change it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from laurea.credentials.code import format_code
from laurea.credentials.status_list import read_list

from .conftest import Laurea

WEB = ("--issuer-did", "did:web:academy.example")


@pytest.fixture
def codes(laurea: Laurea, examples: Path) -> list[str]:
    """Three credentials, issued with a status list into `out`."""
    Path("people.csv").write_text("Name\nAda\nBob\nCharlie\n")
    assert laurea("issue", "people.csv", "--achievement", examples / "minimal.toml", "--out", "out", *WEB).code == 0
    with Path("out/manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


def status_list() -> Path:
    (path,) = Path("out").glob("status-*.json")
    return path


def revoked(codes: list[str]) -> list[bool]:
    bits = read_list(json.loads(status_list().read_bytes()), "revocation")
    indexes = (
        json.loads(Path(f"out/{code}.json").read_bytes())["credentialStatus"]["statusListIndex"] for code in codes
    )
    return [bits.get(int(index)) for index in indexes]


def verdicts(laurea: Laurea, codes: list[str]) -> list[str]:
    ran = laurea("verify", *[f"out/{code}.pdf" for code in codes], "--did-doc", "out/did.json", "--offline", "--json",
                 "--status-list", status_list())  # fmt: skip
    return [judged["verdict"] for judged in ran.json["reports"]]


def test_only_what_is_named_is_revoked(laurea: Laurea, codes: list[str]) -> None:
    assert revoked(codes) == [False, False, False]
    before = {path: path.read_bytes() for path in Path("out").iterdir() if path != status_list()}
    ran = laurea("revoke", "out", format_code(codes[1]).lower(), "--yes")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == f"Revoked {format_code(codes[1])} (Bob)"
    assert f"publish {status_list()} at https://academy.example/status/" in ran.out
    assert revoked(codes) == [False, True, False]
    assert {path: path.read_bytes() for path in before} == before


def test_the_new_list_convinces_a_verifier(laurea: Laurea, codes: list[str]) -> None:
    laurea("revoke", "out", codes[0], codes[2], "--yes")
    assert verdicts(laurea, codes) == ["revoked", "genuine", "revoked"]


def test_twice_is_once(laurea: Laurea, codes: list[str]) -> None:
    laurea("revoke", "out", codes[0], "--yes")
    ran = laurea("revoke", "out", codes[0], codes[0], codes[1], "--yes", "--json")
    assert (ran.json["revoked"], ran.json["revokedBefore"]) == ([codes[1]], [codes[0]])
    assert revoked(codes) == [True, True, False]


def test_a_revocation_survives_resume(laurea: Laurea, codes: list[str], examples: Path) -> None:
    laurea("revoke", "out", codes[0], "--yes")
    Path(f"out/{codes[1]}.pdf").unlink()
    ran = laurea("issue", "people.csv", "--achievement", examples / "minimal.toml", "--out", "out", *WEB, "--resume")
    assert ran.code == 0
    assert revoked(codes) == [True, False, False]


@pytest.mark.parametrize(
    ("code", "error"),
    [("0000-0000-0000-0000", "revoking.unknown"), ("0000-0000-0000-0001", "code.check"), ("nonsense", "code.length")],
)
def test_a_code_that_is_not_there(laurea: Laurea, codes: list[str], code: str, error: str) -> None:
    before = status_list().read_bytes()
    ran = laurea("revoke", "out", codes[0], code, "--yes", "--json")
    assert ran.code == 2
    assert ran.json["error"]["code"].startswith(error.split(".", maxsplit=1)[0])
    assert status_list().read_bytes() == before


def test_another_key_changes_nothing(laurea: Laurea, codes: list[str]) -> None:
    laurea("keygen", "--out", "other.pem")
    before = status_list().read_bytes()
    ran = laurea("revoke", "out", codes[0], "--key", "other.pem", "--yes", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "revoking.key")
    assert status_list().read_bytes() == before


def test_nobody_is_there_to_confirm(laurea: Laurea, codes: list[str]) -> None:
    ran = laurea("revoke", "out", codes[0])
    assert ran.code == 2
    assert "add --yes if you mean it" in ran.err
    assert revoked(codes) == [False, False, False]


def test_credentials_without_a_list(laurea: Laurea, examples: Path) -> None:
    Path("people.csv").write_text("Name\nAda\n")
    laurea("issue", "people.csv", "--achievement", examples / "minimal.toml", "--out", "out")
    code = next(path.stem for path in Path("out").glob("*.pdf"))
    ran = laurea("revoke", "out", code, "--yes", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "revoking.no-list")


@pytest.mark.parametrize("folder", ["absent", "."])
def test_a_folder_without_a_batch(laurea: Laurea, folder: str) -> None:
    Path("other.txt").write_text("mine")
    ran = laurea("revoke", folder, "0000-0000-0000-0000", "--yes", "--json")
    assert ran.code == 2
    assert ran.json["error"]["code"] in {"revoking.no-batch", "folder.foreign"}


def test_a_credential_that_was_changed(laurea: Laurea, codes: list[str]) -> None:
    path = Path(f"out/{codes[0]}.json")
    read = json.loads(path.read_bytes())
    del read["credentialStatus"]
    path.write_text(json.dumps(read))
    ran = laurea("revoke", "out", codes[0], "--yes", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "revoking.status")
