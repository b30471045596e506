"""Embedding: a credential put into a picture or PDF that somebody has already."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from laurea.actions import verifying, whole_files
from laurea.credentials import baking
from laurea.credentials.baking import Kind
from laurea.credentials.errors import BakingError


@dataclass(frozen=True, slots=True)
class Embedded:
    """What the new file is, and the SHA-256 (hexadecimal) of the credential that can be taken out of it."""

    kind: Kind
    sha256: str


def embed(credential: Path, picture: Path, out: Path, *, now: datetime) -> Embedded:
    """Write `out`: `picture` (PNG, SVG or PDF) with the credential from the file `credential` in it.

    `now` is noted as the moment of attaching in a PDF. Raises `BakingError`: ``file.*``, and what `baking.extract` and
    `baking.embed` raise; then nothing is written.
    """
    signed, data = verifying.load_file(credential), verifying.load_file(picture)
    with _named(credential):
        text = baking.extract(signed).text
    with _named(picture):
        kind = baking.kind_of(data)
        new = baking.embed_pdf(data, text, modified=now) if kind is Kind.PDF else baking.embed(data, text)
        held = baking.extract(new).text
    _require_fitting(out, kind, (credential, picture))
    try:
        whole_files.write(out, new)
    except OSError as problem:
        raise BakingError("file.unwritable", f"{out} cannot be written: {problem.strerror}", "Check the path") from None
    return Embedded(kind, hashlib.sha256(held.strip()).hexdigest())


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Say of which of the two files something is wrong."""
    try:
        yield
    except BakingError as problem:
        raise BakingError(problem.code, f"{path}: {problem.message}", problem.hint) from None


def _require_fitting(out: Path, kind: Kind, given: tuple[Path, Path]) -> None:
    """The new file has the ending of what it is, if any, and takes the place of neither file that it is made from."""
    ending = f".{kind.value}"
    if out.suffix.lower() not in ("", ending):
        raise BakingError("file.ending", f"The new file is no {out.suffix}: {out}", f"End its name in {ending}")
    if out.exists() and any(out.samefile(path) for path in given):
        raise BakingError("file.given", f"{out} is what the new file is made from", "Name another file with --out")
