"""docs/reference/commands.md says what the commands themselves say."""

from __future__ import annotations

from pathlib import Path

import pytest

from laurea.cli import COMMANDS, reference
from laurea.config.env import VARIABLES

from .conftest import Laurea


def test_the_page_is_up_to_date(root: Path) -> None:
    """If it is not: `make docs`."""
    assert (root / "docs" / "reference" / "commands.md").read_text("utf-8") == reference.page()


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_the_page_is_what_help_says(laurea: Laurea, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    told = laurea(*([name] if name else []), "--help").out
    assert "\n".join(line.rstrip() for line in told.splitlines()) in reference.page()


def test_every_variable_is_described(root: Path) -> None:
    settings = (root / "docs" / "reference" / "settings.md").read_text("utf-8")
    for variable in VARIABLES:
        assert f"| `{variable.name}`" in settings
        assert variable.meaning in settings
    for name in ("LAUREA_KEY", "LAUREA_KEY_PASSPHRASE", "LAUREA_KEY_PASSPHRASE_FILE"):
        assert f"`{name}`" in reference.page()


def test_every_example_stands_on_a_line_of_its_own() -> None:
    page = reference.page()
    assert page.count("Examples:\n") == page.count("Examples:")
