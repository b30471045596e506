"""What README and docs tell a newcomer to type does what they show: files are written, commands run, both compared."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from laurea.credentials.code import parse_code

FILE = re.compile(r"Save this as `([\w.-]+)`:\s+```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SESSION = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{16}\b")
DRAWN_OR_MEASURED = (
    (CODE, "CODE"),
    (re.compile(r"z6Mk[1-9A-HJ-NP-Za-km-z]{44}"), "KEY"),
    (re.compile(r"in [\d.]+ s \(\d+ a second\)"), "in no time"),
    (re.compile(r"valid from \d+ \w+ \d{4} to"), "valid from today to"),
)
PAGES = {
    # The row with a graduation cap is an error, which the page explains.
    "docs/tutorial/first-certificate.md": [0, 0, 0, 1, 1, 0, 0, 1],
    "README.md": [0, 0],
    "docs/how-to/make-a-design.md": [0, 0],
    "docs/how-to/badge-art.md": [0],
}


def sessions(page: str) -> list[tuple[str, str]]:
    """Each `laurea` command line of a page, and what the page shows below it."""
    typed = [part for block in SESSION.findall(page) for part in re.split(r"^\$ ", block, flags=re.MULTILINE)]
    pairs = [tuple(part.split("\n", 1)) for part in typed if part.startswith("laurea ")]
    return [(command, shown) for command, shown in pairs]


def comparable(text: str) -> list[str]:
    """The lines without what is another at each run. Names of files follow codes, so their order is drawn as well."""
    for pattern, word in DRAWN_OR_MEASURED:
        text = pattern.sub(word, text)
    lines = text.splitlines()
    return sorted(lines) if any("CODE.json .pdf .png" in line for line in lines) else lines


@pytest.mark.parametrize("name", PAGES)
def test_what_is_typed_gives_what_is_shown(root: Path, examples: Path, tmp_path: Path, name: str) -> None:
    page = (root / name).read_text("utf-8")
    for file, text in FILE.findall(page):
        (tmp_path / file).write_text(text, encoding="utf-8")
    (tmp_path / "examples").symlink_to(examples, target_is_directory=True)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LAUREA")} | {"COLUMNS": "80"}
    codes = []
    for line, shown in sessions(page):
        command = [sys.executable, "-m", *shlex.split(CODE.sub(lambda code: own(code.group(), tmp_path), line))]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        codes.append(done.returncode)
        assert not shown or comparable(done.stdout) == comparable(shown), line
    assert codes == PAGES[name]


def own(shown: str, folder: Path) -> str:
    """The code, in this run, of the first person of the list, whom the page shows with the code `shown`."""
    assert parse_code(shown)
    (manifest,) = folder.glob("*/manifest.csv")
    return manifest.read_text("utf-8-sig").splitlines()[1].split(",")[1]


def test_the_tutorial_leaves_what_it_lists(root: Path, tmp_path: Path) -> None:
    page = (root / "docs" / "tutorial" / "first-certificate.md").read_text("utf-8")
    files = dict(FILE.findall(page))
    assert set(files) == {"first-aid.toml", "people.csv"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    issue = next(line for line, _ in sessions(page) if line.startswith("laurea issue") and "--dry-run" not in line)
    subprocess.run([sys.executable, "-m", *shlex.split(issue)], cwd=tmp_path, capture_output=True, check=False)
    out = tmp_path / "certificates"
    assert len(list(out.glob("*.pdf"))) == len(list(out.glob("*.png"))) == 2
    assert "Chidi Anagonye" in (out / "errors.csv").read_text("utf-8-sig")
