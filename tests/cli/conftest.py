"""The command line, run in this process as a user would run it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from laurea.cli import main


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command line left: its exit code, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value on stdout."""
        return json.loads(self.out)


Laurea = Callable[..., Ran]


@pytest.fixture
def laurea(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Laurea:
    """Run `laurea` with these arguments, in an empty folder of its own, without the caller's keys."""
    monkeypatch.chdir(tmp_path)
    for name in ("LAUREA_KEY", "LAUREA_KEY_PASSPHRASE", "LAUREA_KEY_PASSPHRASE_FILE", "LAUREA_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        written = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return Ran(left.value.code, written.out, written.err)

    return run
