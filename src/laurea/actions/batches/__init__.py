"""Batches: a list of people, as people have it, becomes rows that can be issued, or errors with line and column.

`read` is the way in. It is pure: bytes in, a `Reading` out; the files it takes are described in
docs/reference/people-files.md.
"""

from __future__ import annotations

from laurea.actions.batches.columns import FIELDS
from laurea.actions.batches.delimited import ENCODINGS
from laurea.actions.batches.escaping import escape_cell
from laurea.actions.batches.reading import read
from laurea.actions.batches.rows import (
    Choice,
    Column,
    DateOrder,
    Note,
    PersonRow,
    Question,
    Reading,
    RowError,
    RowWarning,
    Skipped,
)

__all__ = [
    "ENCODINGS",
    "FIELDS",
    "Choice",
    "Column",
    "DateOrder",
    "Note",
    "PersonRow",
    "Question",
    "Reading",
    "RowError",
    "RowWarning",
    "Skipped",
    "escape_cell",
    "read",
]
