"""Tables for people to open: `manifest.csv`, what was issued, and `errors.csv`, what could not be.

UTF-8 with a byte order mark, so that Excel shows every name as it is. No cell is taken for a
formula. Lines are written as they come: the size of a batch costs no memory.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from laurea.actions import whole_files
from laurea.actions.batches.escaping import escape_cell


@contextmanager
def writing(path: Path, header: Sequence[str]) -> Iterator[Callable[[Sequence[str]], None]]:
    """Write a table to `path`: the function inside takes one line at a time.

    The file takes its place, whole and on the disk, when the block ends well; else nothing changes.
    """
    part = Path(f"{path}.{os.getpid()}{whole_files.PART}")
    try:
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.writer(file)
            table.writerow(header)

            def line(cells: Sequence[str]) -> None:
                table.writerow([escape_cell(cell) for cell in cells])

            yield line
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    whole_files.sync_folder(path.parent)
