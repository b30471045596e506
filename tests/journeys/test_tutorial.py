"""docs/tutorial/first-certificate.md does what it says: its files are written, its commands are run, in order."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

FILE = re.compile(r"Save this as `([\w.-]+)`:\s+```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (laurea .*)$", re.MULTILINE)


def test_the_tutorial(root: Path, tmp_path: Path) -> None:
    page = (root / "docs" / "tutorial" / "first-certificate.md").read_text("utf-8")
    files = dict(FILE.findall(page))
    assert set(files) == {"first-aid.toml", "people.csv"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    codes = []
    for line in COMMAND.findall(page):
        command = [sys.executable, "-m", *shlex.split(line)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
        assert "Error" not in done.stderr, done.stderr
        codes.append(done.returncode)
    # The row with a graduation cap is an error, which the page explains.
    assert codes == [0, 0, 0, 1, 1, 0]
    out = tmp_path / "certificates"
    assert len(list(out.glob("*.pdf"))) == len(list(out.glob("*.png"))) == 2
    assert "Chidi Anagonye" in (out / "errors.csv").read_text("utf-8-sig")
