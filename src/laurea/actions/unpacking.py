"""Unpacking: the files in an archive that somebody hands over, in memory and within bounds.

A ZIP may claim anything: sizes, numbers, names that lead out of a folder. Nothing of it is written to a disk, a name is
only ever shown, bytes are counted while they are unpacked, and an archive inside an archive stays closed.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field

from laurea.actions.verifying import Skipped, skipped_because
from laurea.credentials.errors import BakingError, LaureaError
from laurea.credentials.verification.report import printable

MOST_ENTRIES = 2_000
"""Files and folders that an archive may list, whatever they are."""

_ENTRY = b"PK\x01\x02"
_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_LONGEST_NAME = 150
_FIRST_NAME = 30
_OFFICE = (b"[Content_Types].xml", b"mimetypeapplication/")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """One file of an archive: its name with the folders it lay in, and its bytes, or the problem with it."""

    name: str
    data: bytes = b""
    problem: LaureaError | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive holds: what may be a credential, and what is passed over."""

    files: list[Unpacked] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def is_archive(data: bytes) -> bool:
    """Whether `data` is a ZIP archive, not an office document, which is one by its technique only."""
    if not data.startswith(_BEGINNINGS):
        return False
    return not data[_FIRST_NAME:].startswith(_OFFICE)


def unpack(data: bytes, *, most_files: int, most_bytes: int) -> Contents:
    """What the ZIP archive `data` holds, `most_bytes` at the most when unpacked.

    Raises `BakingError`: ``archive.damaged``, ``archive.too-many`` (files that may be credentials, or entries of any
    kind), ``archive.too-large``. A single file that cannot be had has its own problem.
    """
    # Each entry of the list that zipfile would read into memory begins with this mark.
    if data.count(_ENTRY) > MOST_ENTRIES:
        raise BakingError(
            "archive.too-many", f"The archive lists more than {MOST_ENTRIES:,} files", "Divide it into smaller ones"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive, most_files, most_bytes)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        raise BakingError(
            "archive.damaged", "The ZIP archive is damaged", "Pack it anew, or hand over the files themselves"
        ) from None


def name_of(path: str) -> str:
    """A path inside an archive, or a file name that a browser sent, as something to be shown and nothing else."""
    steps = [step for step in path.replace("\\", "/").split("/") if step.strip() not in ("", ".", "..")]
    return shortened("/".join(steps)) or "?"


def shortened(name: str) -> str:
    """A name in one line, without anything that reorders text, its end kept where it is long."""
    line = printable(name, 4 * _LONGEST_NAME).strip()
    return line if len(line) <= _LONGEST_NAME else f"{line[:40]}…{line[-(_LONGEST_NAME - 41) :]}"


def _read(archive: zipfile.ZipFile, most_files: int, most_bytes: int) -> Contents:
    contents, wanted = Contents(), list[zipfile.ZipInfo]()
    for entry in archive.infolist():
        name = name_of(entry.filename)
        steps = name.split("/")
        if entry.is_dir() or steps[0] == "__MACOSX" or steps[-1].startswith("."):
            continue
        why = skipped_because(steps[-1])
        if why is None:
            wanted.append(entry)
        else:
            contents.skipped.append(Skipped(name, why))
    if len(wanted) > most_files:
        raise BakingError(
            "archive.too-many",
            f"The archive holds {len(wanted):,} files that may be credentials; {most_files} are judged at once",
            "Divide it into smaller ones",
        )
    left = most_bytes
    for entry in wanted:
        file = _unpacked(archive, entry, left)
        left -= len(file.data)
        contents.files.append(file)
    return contents


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> Unpacked:
    name = name_of(entry.filename)
    if entry.flag_bits & _ENCRYPTED:
        return Unpacked(
            name, problem=BakingError("archive.encrypted", "The archive is protected by a password", "Unpack it first")
        )
    if entry.compress_type not in _METHODS:
        return Unpacked(
            name,
            problem=BakingError("archive.method", "It is packed in an unusual way", "Pack it as an ordinary ZIP"),
        )
    try:
        with archive.open(entry) as stream:
            data = stream.read(left + 1)  # what the entry says of its size is not believed
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
        return Unpacked(
            name, problem=BakingError("archive.damaged", "This part of the archive is damaged", "Pack it anew")
        )
    if len(data) > left:
        raise BakingError(
            "archive.too-large",
            "What is in the archive is too large when it is unpacked",
            "Divide it into smaller ones",
        )
    return Unpacked(name, data)
