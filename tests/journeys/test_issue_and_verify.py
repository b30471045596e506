"""The first journey, as a user takes it: a key, a people file, certificates, verification; and what may go wrong."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("LAUREA")}
PEOPLE = 90


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "laurea", *map(str, arguments)]


def laurea(folder: Path, *arguments: str | Path, code: int = 0) -> str:
    done = subprocess.run(
        command(*arguments), cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def codes(out: Path) -> list[str]:
    with (out / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


def content(out: Path) -> dict[str, bytes]:
    found = {}
    for path in out.iterdir():
        with suppress(FileNotFoundError):  # the last worker of a command that was killed may still rename its file
            found[path.name] = path.read_bytes()
    return found


def verdicts(folder: Path, *arguments: str | Path, code: int = 0) -> dict[str, str]:
    told = json.loads(laurea(folder, "verify", *arguments, "--offline", "--json", code=code))
    return {Path(report["input"]).name: report["verdict"] for report in told["reports"]}


def test_from_a_people_file_to_a_verdict(tmp_path: Path, examples: Path) -> None:
    laurea(tmp_path, "keygen")
    laurea(
        tmp_path,
        "issue",
        examples / "people-25.csv",
        "--achievement",
        examples / "data-protection.toml",
        "--out",
        "out",
    )
    out = tmp_path / "out"
    issued = codes(out)
    assert len(issued) == 25
    files = {f"{code}.{ending}" for code in issued for ending in ("json", "pdf", "png")}
    assert verdicts(tmp_path, "out", "--did-doc", "out/did.json") == dict.fromkeys(files, "genuine")

    renamed = (out / f"{issued[0]}.json").read_bytes().replace(b'"sha256$', b'"sha256$0', 1)
    (tmp_path / "altered.json").write_bytes(renamed)
    assert verdicts(tmp_path, "altered.json", "--did-doc", "out/did.json", code=1) == {"altered.json": "altered"}


@pytest.mark.slow
def test_five_hundred_people_with_a_web_address_and_one_taken_back(tmp_path: Path, examples: Path) -> None:
    achievement = examples / "python-basics.toml"
    laurea(
        tmp_path, "issue", examples / "people-500.csv", "--achievement", achievement, "--out", "out",
        "--issuer-did", "did:web:academy.example",
    )  # fmt: skip
    out = tmp_path / "out"
    issued = codes(out)
    assert len(set(issued)) == 500
    (status_list,) = out.glob("status-*.json")
    known = ("--did-doc", "out/did.json", "--status-list", status_list)
    texts = [out / f"{code}.json" for code in issued]
    assert set(verdicts(tmp_path, *texts, *known).values()) == {"genuine"}
    laurea(tmp_path, "revoke", "out", issued[250], "--yes")
    expected = {path.name: "revoked" if path.stem == issued[250] else "genuine" for path in texts}
    assert verdicts(tmp_path, *texts, *known, code=1) == expected


@contextmanager
def started(folder: Path, *arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command(*arguments),
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(process: subprocess.Popen[Any], out: Path, files: int) -> None:
    """Until `out` holds so many files, or the process has ended."""
    while process.poll() is None and (not out.exists() or sum(1 for _ in out.iterdir()) < files):
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.002)


@pytest.mark.slow
@pytest.mark.parametrize("attempt", range(2))
def test_killed_at_any_moment_it_continues_and_nothing_is_doubled(tmp_path: Path, examples: Path, attempt: int) -> None:
    """`kill -9` of the main process; its workers must end by themselves. Then the same command with --resume."""
    people = tmp_path / "people.csv"
    lines = [f"Person {chr(65 + n % 26)}{chr(97 + n // 26)}n,person{n}@example.org" for n in range(PEOPLE)]
    people.write_text("\n".join(["Name,E-Mail", *lines]))
    laurea(tmp_path, "keygen")
    issue = ["issue", "people.csv", "--achievement", examples / "minimal.toml", "--out", "out", "--jobs", "2"]
    out = tmp_path / "out"
    before: dict[str, bytes] = {}
    for files in sorted(random.sample(range(3 * PEOPLE), 3)):
        with started(tmp_path, *issue, "--resume") as process:
            wait_for(process, out, files)
            process.send_signal(signal.SIGKILL)
        kept = content(out) if out.exists() else {}
        assert "manifest.csv" not in kept or len(kept) >= 3 * PEOPLE
        whole = {name: data for name, data in kept.items() if not name.endswith(".part")}
        assert {name: whole[name] for name in before} == before
        before = whole
    laurea(tmp_path, *issue, "--resume")
    after = content(out)
    issued = codes(out)
    assert len(set(issued)) == PEOPLE
    assert set(after) == {f"{code}.{ending}" for code in issued for ending in ("json", "pdf", "png")} | {
        "batch.json",
        "did.json",
        "manifest.csv",
    }
    assert {name: after[name] for name in before} == before
    assert len({json.loads(after[f"{code}.json"])["id"] for code in issued}) == PEOPLE
    assert laurea(tmp_path, *issue, "--resume").startswith(f"Nothing left to do: all {PEOPLE} credentials are in out.")
    assert content(out) == after


@pytest.mark.slow
def test_ctrl_c_ends_all_processes_tidily(tmp_path: Path, examples: Path) -> None:
    """The signal goes to the whole group, as a terminal sends it; no worker may print a traceback."""
    people = tmp_path / "people.csv"
    # So many that they are not done before we look, however busy the machine is.
    letters = [f"{chr(65 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}" for n in range(2000)]
    people.write_text("\n".join(["Name", *(f"Person {each}n" for each in letters)]))
    laurea(tmp_path, "keygen")
    issue = command("issue", people, "--achievement", examples / "minimal.toml", "--out", "out", "--jobs", "2")
    process = subprocess.Popen(
        issue,
        cwd=tmp_path,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(process, tmp_path / "out", 30)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130, err
    assert out == ""
    assert "Traceback" not in err
    assert err.endswith("continue with the same command and --resume.\n")
