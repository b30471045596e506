"""Files that are either whole or not there: written beside their place under another name, then renamed.

A reader, or a batch that is continued after a power cut, never meets half a file under its final name. Bringing every
small file to the disk at once would make a batch some twenty times slower, so that is asked for where it matters;
`looks_whole` notices the others.
"""

from __future__ import annotations

import os
from pathlib import Path

PART = ".part"
"""The ending of files being written; whatever is left with it can be deleted."""

_ENDINGS = {".json": b"}", ".pdf": b"%%EOF", ".png": b"IEND\xaeB`\x82", ".svg": b"</svg>"}


def write(path: Path, content: bytes, *, durable: bool = False, mode: int = 0o666) -> None:
    """Write or replace the file at `path`; `durable` brings it, and its name, to the disk before returning.

    An `OSError` names `path`, which people know, and not the name that it had meanwhile.
    """
    part = f"{path}.{os.getpid()}{PART}"
    try:
        _write(path, part, content, durable, mode)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _write(path: Path, part: str, content: bytes, durable: bool, mode: int) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(descriptor)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in `folder` to the disk, where the system can do that for folders."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def looks_whole(path: Path) -> bool:
    """Whether the file is there and ends as files of its kind do.

    After a power cut, a file system may keep a name and lose the content: such a file is empty or full of zeros.
    """
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(-min(file.tell(), 32), os.SEEK_END)
            return file.read().rstrip().endswith(_ENDINGS[path.suffix])
    except FileNotFoundError:
        return False


def remove_parts(folder: Path) -> None:
    """Delete what an interrupted run left half written."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(PART):
                Path(entry.path).unlink(missing_ok=True)
