"""The group of commands: help, version, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import errno
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from laurea import __version__
from laurea.actions import designs
from laurea.cli import COMMANDS, console, main
from laurea.credentials.errors import LaureaError

from .conftest import Laurea


def command(name: str) -> click.Command:
    loaded = main.get_command(click.Context(main), name)
    assert loaded is not None
    return loaded


def test_help_lists_every_command_with_its_own_summary(laurea: Laurea) -> None:
    ran = laurea("--help")
    assert (ran.code, ran.err) == (0, "")
    for name, summary in COMMANDS.items():
        assert f"  {name}" in ran.out
        assert summary in ran.out
        assert (command(name).help or "").splitlines()[0] == summary


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(laurea: Laurea, name: str) -> None:
    ran = laurea(name, "--help")
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: laurea {name} ")
    assert "Examples:" in ran.out
    for option in command(name).params:
        assert not isinstance(option, click.Option) or option.help or option.name == "help", option.name


def test_version(laurea: Laurea) -> None:
    ran = laurea("--version")
    assert (ran.code, ran.out) == (0, f"laurea {__version__}\n")


def test_help_imports_no_command() -> None:
    program = (
        "import sys, laurea.cli\ntry: laurea.cli.main(['--help'])\nexcept SystemExit: pass\nprint(sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1]
    assert "'laurea.cli'" in loaded
    for heavy in ("laurea.actions", "laurea.cli.issue", "typst", "PIL", "cryptography", "pyoxigraph"):
        assert f"'{heavy}'" not in loaded


def test_python_m_laurea_is_laurea() -> None:
    done = subprocess.run([sys.executable, "-m", "laurea", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"laurea {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["kegen"], "There is no command 'kegen'. Did you mean 'keygen'?"),
        (["xyzzy"], "There is no command 'xyzzy'."),
        (["keygen", "--owt"], "No such option '--owt'"),
        (["issue", "people.csv"], "Missing option '--achievement'"),
        (["issue", "p.csv", "--achievement", "a", "--out", "o", "--map", "name"], "'name' has no ="),
        (["preview"], "Say what to draw"),
    ],
)
def test_wrong_use_is_two_and_says_so(laurea: Laurea, arguments: list[str], message: str) -> None:
    ran = laurea(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert "--help" in ran.err


def test_no_argument_shows_the_help(laurea: Laurea) -> None:
    ran = laurea()
    assert ran.code == 2
    assert "Commands:" in ran.err


def test_a_usage_error_for_scripts(laurea: Laurea) -> None:
    ran = laurea("keygen", "--json", "--owt")
    assert ran.code == 2
    assert ran.json["error"]["code"] == "usage"
    assert ran.err == ""


@pytest.mark.parametrize(
    ("error", "code", "name", "message"),
    [
        (LaureaError("some.thing", "It is wrong", "Put it right"), 2, "some.thing", "It is wrong"),
        (
            OSError(errno.ENOSPC, "No space left on device", "out/a.pdf"),
            2,
            "system",
            "No space left on device: out/a.pdf",
        ),
        (ZeroDivisionError("Ada Lovelace"), 70, "internal", "ZeroDivisionError"),
    ],
)
def test_every_error_is_mapped_once(
    laurea: Laurea, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int, name: str, message: str
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(designs, "packaged", fail)
    human, machine = laurea("designs"), laurea("designs", "--json")
    assert (human.code, human.out, machine.code, machine.err) == (code, "", code, "")
    assert message in human.err
    assert "Traceback" not in human.err
    assert machine.json["error"]["code"] == name
    assert message in machine.json["error"]["message"]


def test_a_mistake_of_ours_names_its_place_and_nobodys_data(laurea: Laurea, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ValueError("Ada Lovelace")

    monkeypatch.setattr(designs, "packaged", fail)
    ran = laurea("designs")
    assert "ValueError at cli/designs.py:" in ran.err
    assert "Please report" in ran.err
    assert "Ada" not in ran.err
    monkeypatch.setenv("LAUREA_DEBUG", "1")
    assert "Ada" in laurea("designs").err


def test_an_interruption_is_tidy(laurea: Laurea, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(designs, "packaged", interrupt)
    ran = laurea("designs")
    assert (ran.code, ran.out, ran.err) == (130, "", "\nStopped.\n")


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    pipe = f"{sys.executable} -m laurea designs --json | head -c 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", pipe], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[", "")


def test_each_command_is_the_one_of_its_module() -> None:
    for name in COMMANDS:
        assert importlib.import_module(f"laurea.cli.{name}").command.name == name


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["designs"], 0),
        (["--help"], 0),
        (["xyzzy"], 2),
        ([], 2),
        (["keygen"], 0),
        (["keygen", "--out", "."], 2),
        (["verify", "nothing.json", "--json"], 1),
    ],
)
def test_nobody_who_reads_changes_nothing(tmp_path: Path, arguments: list[str], code: int) -> None:
    """The work is done and the exit code tells how, though every pipe is closed already."""
    (tmp_path / "nothing.json").write_text("{}")
    ours, theirs = os.pipe()
    os.close(ours)
    command = [sys.executable, "-m", "laurea", *arguments]
    done = subprocess.run(command, stdout=theirs, stderr=theirs, check=False, cwd=tmp_path)
    os.close(theirs)
    assert done.returncode == code
    assert (tmp_path / "laurea-key.pem").exists() == (arguments == ["keygen"])


def test_tables_align_whatever_the_script() -> None:
    shown = console.table([("李小龍", "a"), ("Ada 🎓", "b"), ("e\u0301", "c")], indent="")
    assert shown.splitlines() == ["李小龍  a", "Ada 🎓  b", "e\u0301       c"]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_json_is_utf_8_whatever_the_terminal_is(tmp_path: Path, encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "laurea", "keygen", "--out", "schlüssel-鍵.pem", "--json"],
        capture_output=True, check=True, cwd=tmp_path, env=os.environ | {"PYTHONIOENCODING": encoding},
    )  # fmt: skip
    assert json.loads(done.stdout.decode("utf-8"))["key"] == "schlüssel-鍵.pem"
