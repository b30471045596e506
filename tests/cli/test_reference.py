"""docs/reference/commands.md says what the commands themselves say."""

from __future__ import annotations

import re
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


def members(found: object) -> set[str]:
    """All names in what a command printed, those of lists of objects as well."""
    if isinstance(found, list):
        return {name for each in found for name in members(each)}
    if not isinstance(found, dict):
        return set()
    return {*found}.union(*(members(value) for value in found.values() if isinstance(value, list)))


@pytest.mark.slow
def test_what_scripts_get_is_described(laurea: Laurea, examples: Path) -> None:
    people = Path("people.csv")
    people.write_text("Name,E-Mail,Date\nAda,a@x.example,2026-11-20\nAda,a@x.example,\nEVE,eve,\nBOB,,\n", "utf-8")
    achievement = ("--achievement", examples / "minimal.toml")
    did = ("--issuer-did", "did:web:academy.example")
    got = {
        "keygen": [laurea("keygen", "--json")],
        "designs": [laurea("designs", "--json"), laurea("designs", "--export", "minimal", "ours", "--json")],
        "preview": [laurea("preview", "--out", "a.pdf", "--badge", "b.png", "--social", "c.png", "--json")],
        "issue": [laurea("issue", people, *achievement, *did, "--out", "out", "--where", "Date=2026-11-20", "--json")],
    }
    got["issue"] += [laurea("issue", people, *achievement, "--out", "again", "--json")]
    credential = next(path for path in Path("out").glob("*.json") if len(path.stem) == 16)
    got["bake"] = [laurea("bake", credential, "b.png", "--out", "baked.png", "--json")]
    got["verify"] = [laurea("verify", credential, "--offline", "--json")]
    got["revoke"] = [laurea("revoke", "out", credential.stem, "--yes", "--json")]
    page = reference.page()
    for name, runs in got.items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `laurea {name}` |")]
        named = set(re.findall(r"`([A-Za-z0-9]+)`", row))
        found = [{*run.json} if name == "verify" else members(run.json) for run in runs]
        assert set().union(*found) <= named, name
