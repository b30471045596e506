"""docs/reference/commands.md says what the commands themselves say."""

from __future__ import annotations

from pathlib import Path

import pytest

from laurea.cli import COMMANDS, reference

from .conftest import Laurea


def test_the_page_is_up_to_date(root: Path) -> None:
    """If it is not: `make docs`."""
    assert (root / "docs" / "reference" / "commands.md").read_text("utf-8") == reference.page()


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_the_page_is_what_help_says(laurea: Laurea, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    told = laurea(*([name] if name else []), "--help").out
    assert "\n".join(line.rstrip() for line in told.splitlines()) in reference.page()


def test_every_exit_code_and_variable_is_described(root: Path) -> None:
    page = reference.page()
    sources = "".join(path.read_text("utf-8") for path in (root / "src" / "laurea").rglob("*.py"))
    for variable in {
        word for word in sources.replace("(", " ").replace('"', " ").split() if word.startswith("LAUREA_")
    }:
        assert f"`{variable.strip('`.,:;)=1')}`" in page
