"""Embedding: a credential put into a picture or PDF that somebody has already."""

from __future__ import annotations

import hashlib
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
    text = baking.extract(verifying.load_file(credential)).text
    data = verifying.load_file(picture)
    kind = baking.kind_of(data)
    new = baking.embed_pdf(data, text, modified=now) if kind is Kind.PDF else baking.embed(data, text)
    held = baking.extract(new).text
    try:
        whole_files.write(out, new)
    except OSError as problem:
        raise BakingError("file.unwritable", f"{out} cannot be written: {problem.strerror}", "Check the path") from None
    return Embedded(kind, hashlib.sha256(held.strip()).hexdigest())
