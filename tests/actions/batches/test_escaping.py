"""No cell that we write is ever calculated."""

from __future__ import annotations

import pytest

from laurea.actions.batches import escape_cell


@pytest.mark.parametrize(
    "value", ["=1+1", "+49 30", "-2", "@SUM(1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＋1", "－1", "＠1"]
)
def test_what_a_spreadsheet_would_calculate_becomes_text(value: str) -> None:
    assert escape_cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "Anna Müller", "a=b", "anna@example.com", "23.11.2026", "O'Brien", "'x", "7"])
def test_everything_else_stays(value: str) -> None:
    assert escape_cell(value) == value
