"""What is measured with: documents of exactly the shape that `laurea issue` makes, because it made them."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from bench.measuring import ROOT
from laurea.credentials import contexts
from laurea.credentials.keys import SigningKey

DID = "did:web:academy.example"
SEED = bytes(range(32))
ACHIEVEMENT = ROOT / "examples" / "data-protection.toml"
PEOPLE = ROOT / "examples" / "people-500.csv"


def command(people: Path, folder: Path, *options: str) -> list[str]:
    """The command line of `laurea issue` as a user would type it, with a fixed key; it writes to `out` in `folder`."""
    pem = folder / "key.pem"
    pem.write_bytes(SigningKey.from_seed(SEED).to_pem())
    pem.chmod(0o600)
    issue = [sys.executable, "-m", "laurea", "issue", str(people), "--achievement", str(ACHIEVEMENT)]
    return [*issue, "--key", str(pem), "--issuer-did", DID, "--out", str(folder / "out"), *options]


def run(issue: list[str], folder: Path) -> None:
    """Run such a command line quietly; end the benchmark with its message if it fails."""
    done = subprocess.run(issue, cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)


def write_people(path: Path, count: int) -> Path:
    """A people file with `count` rows: the example's over and over, each time with other e-mail addresses."""
    with PEOPLE.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    number_column, email_column = header.index("Employee ID"), header.index("E-mail")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for number in range(count):
            row = list(rows[number % len(rows)])
            row[number_column] = f"E{number:06}"
            row[email_column] = f"{number}.{row[email_column]}"
            writer.writerow(row)
    return path


@cache
def issued() -> tuple[bytes, ...]:
    """Two hundred issued credentials as stored."""
    with tempfile.TemporaryDirectory() as folder:
        people = write_people(Path(folder) / "people.csv", 200)
        run(command(people, Path(folder)), Path(folder))
        out = Path(folder) / "out"
        with (out / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
            codes = [row["code"] for row in csv.DictReader(file)]
        return tuple((out / f"{code}.json").read_bytes() for code in codes)


def unsigned() -> list[dict[str, Any]]:
    """The same without their proofs."""
    documents = [json.loads(text) for text in issued()]
    for document in documents:
        del document["proof"]
    return documents


def pinned() -> dict[str, Any]:
    """The contexts, for peers that must not fetch any."""
    return {url: contexts.load(url) for url in contexts.ALLOWED}
