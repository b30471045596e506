"""Verifying many: files, archives of files and lists of codes at once, within bounds. Nothing of them is kept.

One request is worked on at a time in each process, so that its memory and its time have an end: so many things, so many
bytes, so many seconds. What was not reached in time is said to be so.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from laurea.actions import addresses, judging, unpacking, verifying
from laurea.actions.judging import WAYS, Judged
from laurea.actions.resolving import Ways
from laurea.actions.verifying import Skipped, Source
from laurea.credentials.code import format_code, parse_code
from laurea.credentials.errors import CodeError, LaureaError, ResolvingError

MOST_THINGS = 200
"""Files and codes that are judged at once."""
MOST_BYTES = 64 * 1024 * 1024
"""Of all files together, packed; and again of all that archives hold, unpacked."""
MOST_SECONDS = 20.0
"""After so many no further one is begun."""
PATIENCE = 4.0
"""So many seconds a request waits for another one that is worked on."""

_LONGEST_LINE = 200
_place = threading.BoundedSemaphore(1)


@dataclass(frozen=True, slots=True)
class File:
    """A file that was handed over: the name it has there, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one thing: the judgement, and the SHA-256 (hexadecimal) of the file, empty for a code."""

    judged: Judged
    file_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """What is to be judged, in its order, and what archives held besides."""

    sources: list[Source] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


class Misses:
    """Counts codes that lead nowhere: guessing must not pay. After `most` of them nothing more is looked up."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.count = 0


@contextmanager
def place(patience: float = PATIENCE) -> Iterator[None]:
    """Whoever has it may take in a large request and have it judged; raises `LaureaError` (``many.busy``)."""
    if not _place.acquire(timeout=patience):
        raise LaureaError(
            "many.busy", "Other files are being judged at this moment", "Hand yours over again in a few seconds"
        )
    try:
        yield
    finally:
        _place.release()


def handed(files: Iterable[File], codes: Sequence[str] = (), *, misses: Misses | None = None) -> Handed:
    """What somebody hands over: `files`, of which ZIP archives are opened, and `codes` as they were typed.

    Raises `LaureaError`: ``many.too-many``, ``many.nothing``, and what `unpacking.unpack` raises.
    """
    found = Handed()
    left = MOST_BYTES
    for file in files:
        if not unpacking.is_archive(file.data):
            _add(found, unpacking.shortened(file.name) or "?", file.data)
            continue
        contents = unpacking.unpack(file.data, most_files=MOST_THINGS, most_bytes=left)
        found.skipped.extend(contents.skipped)
        for inner in contents.files:
            left -= len(inner.data)
            _add(found, inner.name, inner.data, inner.problem)
    counting = misses or Misses(MOST_THINGS)
    for typed in codes:
        found.sources.append(Source(_shown(typed), _of_code(typed, counting)))
        found.digests.append("")
    _refuse(found)
    return found


def judge(
    given: Handed,
    *,
    now: datetime,
    recipient: str | None = None,
    online: bool = True,
    ways: Ways = WAYS,
    clock: Callable[[], float] = time.monotonic,
) -> list[Answer]:
    """Judge all of it, in its order. Never raises."""
    ends = clock() + MOST_SECONDS
    sources = [Source(source.name, _until(ends, source.load, clock)) for source in given.sources]
    judged = judging.judge_all(sources, now=now, recipient=recipient, online=online, ways=ways)
    return [Answer(each, digest) for each, digest in zip(judged, given.digests, strict=True)]


def lines(text: str) -> list[str]:
    """The codes in a text as people paste it: one a line, or with commas or semicolons between them.

    A code may be written with blanks between its groups, so blanks divide nothing.
    """
    divided = text.replace(",", "\n").replace(";", "\n").replace("\t", "\n").splitlines()
    return list(dict.fromkeys(line.strip()[:_LONGEST_LINE] for line in divided if line.strip()))


def _add(found: Handed, name: str, data: bytes, problem: LaureaError | None = None) -> None:
    def load() -> bytes:
        if problem is not None:
            raise problem
        return data

    found.sources.append(Source(name, load))
    found.digests.append(hashlib.sha256(data).hexdigest() if problem is None else "")


def _refuse(found: Handed) -> None:
    count = len(found.sources)
    if not count:
        raise LaureaError(
            "many.nothing", "Nothing was handed over that could be judged", "Choose files, or type codes: one a line"
        )
    if count > MOST_THINGS:
        raise too_many(count)


def too_many(count: int) -> LaureaError:
    """The error for more than are judged at once."""
    return LaureaError(
        "many.too-many",
        f"{count:,} files and codes were handed over; {MOST_THINGS} are judged at once",
        "Hand them over in several parts",
    )


def too_large() -> LaureaError:
    """The error for more bytes than are taken at once."""
    return LaureaError(
        "many.too-large",
        f"The files together are larger than {MOST_BYTES // 1024 // 1024} MiB, the most that is taken at once",
        "Hand them over in several parts",
    )


def _shown(typed: str) -> str:
    """A code as it is written where it is one, else what was typed."""
    try:
        return format_code(parse_code(typed.rpartition("/c/")[2]))
    except CodeError:
        return unpacking.shortened(typed) or "?"


def _of_code(typed: str, misses: Misses) -> Callable[[], bytes]:
    def load() -> bytes:
        own = f"{addresses.base()}/c/"
        if "://" in typed and not typed.startswith(own):
            raise ResolvingError(
                "many.elsewhere", "This is an address of another site", "Open it there, or hand over the file"
            )
        code = parse_code(typed.removeprefix(own))
        if misses.count >= misses.most:
            raise ResolvingError(
                "many.misses", "It was not looked up: too many codes before it led nowhere", "Try again in a minute"
            )
        text = judging.at_hand(code)
        if text is None:
            misses.count += 1
            raise verifying.no_such_code(code)
        return text

    return load


def _until(ends: float, load: Callable[[], bytes], clock: Callable[[], float]) -> Callable[[], bytes]:
    def in_time() -> bytes:
        if clock() > ends:
            raise ResolvingError(
                "many.time", "There was no time left to look at it", "Hand it over again, with fewer others"
            )
        return load()

    return in_time
