"""`laurea designs`."""

from __future__ import annotations

import errno
import os
import shlex
from pathlib import Path

import pytest

from laurea.actions import whole_files
from laurea.rendering.design import design_names, load_design

from .conftest import Laurea


def test_every_design_is_described(laurea: Laurea) -> None:
    ran = laurea("designs")
    assert ran.code == 0
    for name in design_names():
        assert load_design(name).description in ran.out


def test_for_scripts(laurea: Laurea) -> None:
    listed = laurea("designs", "--json").json
    assert [design["name"] for design in listed] == list(design_names())
    assert listed[0]["papers"] == ["a4", "us-letter"]


def test_a_copy_is_a_design(laurea: Laurea) -> None:
    ran = laurea("designs", "--export", "corporate", "ours/certificate")
    assert ran.code == 0
    copied = load_design(Path("ours/certificate"))
    assert copied.title == load_design("corporate").title
    again = laurea("designs", "--export", "corporate", "ours/certificate", "--json")
    assert (again.code, again.json["error"]["code"]) == (2, "rendering.design-exists")


def test_an_unknown_design(laurea: Laurea) -> None:
    ran = laurea("designs", "--export", "baroque", "ours")
    assert ran.code == 2
    assert "corporate" in ran.err
    assert not Path("ours").exists()


def test_the_command_to_look_at_a_copy_works(laurea: Laurea) -> None:
    ran = laurea("designs", "--export", "minimal", "our design")
    command = ran.out.strip().rpartition("then: laurea ")[2]
    assert laurea(*shlex.split(command)).code == 0
    assert Path("preview.pdf").read_bytes().startswith(b"%PDF")


def test_a_copy_is_whole_or_not_there(laurea: Laurea, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, _content: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with monkeypatch.context() as during:
        during.setattr(whole_files, "write", full)
        ran = laurea("designs", "--export", "classic", "ours")
    assert (ran.code, Path("ours").exists()) == (2, False)
    assert "No space left on device: ours/" in ran.err
    assert laurea("designs", "--export", "classic", "ours").code == 0
