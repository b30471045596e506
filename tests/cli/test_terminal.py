"""What only a person at a terminal sees: questions and a progress bar."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
pytestmark = pytest.mark.slow  # each starts a process on a terminal of its own


def on_a_terminal(folder: Path, *arguments: str | Path, typed: str = "") -> tuple[int, str, str]:
    """Exit code, stdout (no terminal), and what the terminal showed; `typed` is what the person types."""
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LAUREA")}
    process = subprocess.Popen(
        [sys.executable, "-m", "laurea", *map(str, arguments)],
        cwd=folder,
        env=environment | {"TERM": "xterm"},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:
        pass  # Linux says so when the other end is closed
    out, _ = process.communicate()
    os.close(ours)
    return process.returncode, out.decode(), shown.decode()


def awarded(folder: Path) -> list[str]:
    with (folder / "out" / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["awarded"] for row in csv.DictReader(file)]


def test_an_ambiguous_date_is_asked_about(tmp_path: Path, examples: Path) -> None:
    (tmp_path / "people.csv").write_text("Name,Date\nAda,03/04/2026\n")
    code, _, shown = on_a_terminal(
        tmp_path, "issue", "people.csv", "--achievement", examples / "minimal.toml", "--out", "out", typed="mdy\n"
    )
    assert code == 0
    assert "day and month cannot be told apart" in shown
    assert "dmy: " in shown
    assert awarded(tmp_path) == ["2026-03-04"]


def test_a_question_can_be_left(tmp_path: Path, examples: Path) -> None:
    (tmp_path / "people.csv").write_text("Name,Date\nAda,03/04/2026\n")
    code, _, shown = on_a_terminal(
        tmp_path, "issue", "people.csv", "--achievement", examples / "minimal.toml", "--out", "out", typed="\x04"
    )
    assert code == 130
    assert "Stopped." in shown
    assert not (tmp_path / "out").exists()


def test_progress_shows_on_the_terminal_and_never_in_the_data(tmp_path: Path, examples: Path) -> None:
    (tmp_path / "people.csv").write_text("Name\n" + "".join(f"Person {letter}x\n" for letter in "ABCDEFGHIJKLMNOPQRS"))
    issue = ("issue", "people.csv", "--achievement", examples / "minimal.toml", "--out")
    code, out, shown = on_a_terminal(tmp_path, *issue, "out")
    assert code == 0
    assert "100%" in shown
    assert "%" not in out
    code, out, shown = on_a_terminal(tmp_path, *issue, "again", "--json")
    assert (code, shown) == (0, "")
    assert out.startswith("{\n")


def test_revoking_is_confirmed(tmp_path: Path, examples: Path) -> None:
    (tmp_path / "people.csv").write_text("Name\nAda\n")
    on_a_terminal(
        tmp_path, "issue", "people.csv", "--achievement", examples / "minimal.toml", "--out", "out",
        "--issuer-did", "did:web:academy.example",
    )  # fmt: skip
    (certificate,) = (tmp_path / "out").glob("*.pdf")
    code, out, shown = on_a_terminal(tmp_path, "revoke", "out", certificate.stem, typed="n\n")
    assert (code, out) == (1, "")
    assert "Nothing was revoked." in shown
    code, out, shown = on_a_terminal(tmp_path, "revoke", "out", certificate.stem, typed="y\n")
    assert code == 0
    assert out.startswith("Revoked ")
    assert "Ada" in shown
