"""`laurea log verify`: copies of a log, and an installation with its database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import logged
from own_installation import Own

from .conftest import Laurea


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of a log, with 300 entries."""
    folder = tmp_path / "copy"
    logged.write(folder, logged.entries(300))
    return folder


def test_a_good_copy(laurea: Laurea, copy: Path) -> None:
    told = laurea("log", "verify", copy, "--key", logged.VERIFIER.encode())
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines() == [
        "badges.example.org/log: 300 entries",
        "Checked: 5 tiles, 300 entries",
        "Good: all of it is as it was published.",
    ]


def test_without_a_key_it_says_whose_word_it_took(laurea: Laurea, copy: Path) -> None:
    told = laurea("log", "verify", copy)
    assert told.code == 0
    assert "taken from the log itself" in told.err
    assert logged.VERIFIER.encode() in told.err


def test_what_was_changed_is_named(laurea: Laurea, copy: Path) -> None:
    tile = copy / "tile/entries/000"
    tile.write_bytes(tile.read_bytes()[:-1] + b"?")
    told = laurea("log", "verify", copy)
    assert told.code == 1
    assert "  Entry 255 is not what was published.\n" in told.out
    assert told.out.endswith("Not as it must be.\n")
    assert laurea("log", "verify", copy, "--json").json["findings"] == [
        {"code": "entry.changed", "what": "entry 255", "message": "Entry 255 is not what was published"}
    ]


def test_since_an_earlier_checkpoint(laurea: Laurea, copy: Path, tmp_path: Path) -> None:
    (tmp_path / "may.txt").write_text(logged.write(tmp_path / "may", logged.entries(120)))
    told = laurea("log", "verify", copy, "--since", tmp_path / "may.txt")
    assert told.code == 0
    assert "Checked: 5 tiles, 300 entries, since 120 entries" in told.out
    (tmp_path / "other.txt").write_text(logged.write(tmp_path / "other", logged.entries(120, 7)))
    told = laurea("log", "verify", copy, "--since", tmp_path / "other.txt")
    assert told.code == 1
    assert "does not go on from the earlier checkpoint" in told.out


def test_many_findings_are_counted(laurea: Laurea, copy: Path) -> None:
    tile = copy / "tile/entries/000"
    tile.write_bytes(b"".join(b"\x00\x20" + bytes(32) for _ in range(256)))
    told = laurea("log", "verify", copy)
    assert len(told.out.splitlines()) == 2 + 40 + 1 + 1
    assert "and 216 more" in told.out


def test_where_nothing_is_it_says_so(laurea: Laurea, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUREA_DATA", str(tmp_path / "nowhere"))
    monkeypatch.delenv("LAUREA_DATABASE_URL", raising=False)
    for arguments in ((), (tmp_path / "neither",)):
        told = laurea("log", "verify", *arguments, "--json")
        assert (told.code, told.json["error"]["code"]) == (2, "log.absent")
    told = laurea("log", "verify", "http://badges.example.org")
    assert told.code == 2
    assert "begins with https://" in told.err


# --- An installation --------------------------------------------------------------------------------------------------


def command(own: Own, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "laurea", "log", "verify", *arguments, "--json"],
        env=own.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout)


@pytest.mark.slow
def test_on_the_installation_the_database_is_held_against_the_log(own: Own) -> None:
    own.do("log_acts", count=20)
    code, good = command(own)
    assert (code, good["findings"], good["checked"]["entries"]) == (0, [], good["size"])
    assert "credentials" in good["checked"]
    assert command(own, str(own.folder)) == (0, good)
    own.do("change_entry", number=11)
    code, found = command(own)
    assert (code, [each["what"] for each in found["findings"]]) == (1, ["entry 11"])
    # The published log itself is as it was, and the database is seen to be wrong from a copy of it, too.
    place = own.folder / "files" / "log"
    assert command(own, str(place))[0] == 0
    assert command(own, str(place), "--database")[1]["findings"] == found["findings"]


@pytest.mark.slow
def test_two_workers_at_once_number_and_publish_each_entry_once(own: Own) -> None:
    writers = [own.start("act_often", times=60) for _ in range(3)]
    with own.workers(3):
        for writer in writers:
            writer.communicate(timeout=120)
            assert writer.returncode == 0
        own.do("wait_for_log")
    code, found = command(own)
    assert (code, found["findings"], found["notes"]) == (0, [], [])
    assert found["size"] >= 180
