"""Batches: a list of people, as people have it, becomes rows that can be issued, or errors with line and column.

`read` is the way in. It is pure: bytes in, a `Reading` out; the files it takes are described in
docs/reference/people-files.md. `judge` reads single lines of it again, without the file.
"""

from __future__ import annotations

from laurea.actions.batches.columns import FIELDS
from laurea.actions.batches.delimited import ENCODINGS
from laurea.actions.batches.escaping import escape_cell
from laurea.actions.batches.reading import judge, read
from laurea.actions.batches.rows import (
    Choice,
    Column,
    DateOrder,
    LineRead,
    Manner,
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
    "LineRead",
    "Manner",
    "Note",
    "PersonRow",
    "Question",
    "Reading",
    "RowError",
    "RowWarning",
    "Skipped",
    "escape_cell",
    "judge",
    "read",
]
