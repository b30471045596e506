"""Bytes to cells with line numbers, whatever the file is: text with delimiters, or a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from laurea.actions.batches.rows import Note
from laurea.credentials.errors import TableError

Cell: TypeAlias = str | date | datetime
Line: TypeAlias = tuple[int, list[Cell]]
"""A line number as the user sees it (1-based), and its cells from the first column on."""

MAX_BYTES = 60 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of cells. `lines()` starts over each time, so that nothing needs to be held twice.

    `remarks` are to be said when it is taken for the list.
    """

    kind: str
    lines: Callable[[], Iterator[Line]]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    epoch_1904: bool = False
    remarks: tuple[Note, ...] = ()


_NOTHING = frozenset(("-", "--", "---", "–", "—", "n/a", "k. a.", "k.a."))


def is_nothing(text: str) -> bool:
    """Whether `text` stands in a cell for nothing: a dash (Moodle, Zoom), n/a."""
    return len(text) < 6 and text.strip().lower() in _NOTHING


def check_width(cells: list[Cell] | list[str], line: int) -> None:
    """Raises `TableError` (``table.too-wide``) when a line has more columns than any list of people."""
    if len(cells) > MAX_COLUMNS:
        raise TableError(
            "table.too-wide",
            f"Line {line} has {len(cells):,} columns; at most {MAX_COLUMNS:,} are read",
            "Keep the columns that are needed, and check the delimiter of the file",
        )


def check_rows(rows: int) -> None:
    """Raises `TableError` (``table.too-long``) when a list is longer than one batch may be."""
    if rows > MAX_ROWS:
        raise TableError("table.too-long", f"The list has more than {MAX_ROWS:,} rows", "Divide it into several files")


def plain_text(cell: Cell) -> str:
    """`cell` as text: a date as 2026-05-31, a date with a time as 2026-05-31 14:05:00."""
    return cell if isinstance(cell, str) else cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
