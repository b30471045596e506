"""The files that a log is published as (c2sp.org/tlog-tiles): hashes and entries in tiles of 256, never changed again.

``checkpoint`` is the one file that changes. ``tile/L/N`` holds the hashes of level 8·L, ``tile/entries/N`` the entries
themselves, each behind its length in two bytes. The last tile of a level may be partial: ``tile/L/N.p/W``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from laurea.credentials.transparency.merkle import HASH_BYTES, LogError, Node, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
LONGEST_ENTRY = (1 << 16) - 1
ENTRY_BYTES = 2 + HASH_BYTES
"""An entry of ours in a tile: its length, and a hash."""

CHECKPOINT = "checkpoint"

_PATH = re.compile(
    r"tile/(?P<level>entries|[0-7])/(?P<number>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: of `level` (None for entries), number `index`, with `width` hashes or entries in it."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is published, below the log's address."""
        groups = [self.index % 1000]
        rest = self.index // 1000
        while rest:
            groups.append(rest % 1000)
            rest //= 1000
        number = "/".join([*(f"x{group:03}" for group in reversed(groups[1:])), f"{groups[0]:03}"])
        level = "entries" if self.level is None else str(self.level)
        return f"tile/{level}/{number}" + (f".p/{self.width}" if self.width < WIDTH else "")

    @classmethod
    def named(cls, path: str) -> Tile | None:
        """The tile that is published at `path`; None when that is no tile's."""
        found = _PATH.fullmatch(path)
        if found is None:
            return None
        index = int(found["number"].replace("/", "").replace("x", ""))
        tile = cls(None if found["level"] == "entries" else int(found["level"]), index, int(found["width"] or WIDTH))
        return tile if tile.path == path else None  # there is one way to write it


def tiles_of(size: int) -> list[Tile]:
    """All tiles of a log with `size` entries, those with entries first."""
    found = _row(None, size)
    level, count = 0, size
    while count:
        found += _row(level, count)
        level, count = level + 1, count >> HEIGHT
    return found


def new_tiles(old: int, new: int) -> list[Tile]:
    """The tiles that a log of `new` entries has and one of `old` entries did not have."""
    had = set(tiles_of(old))
    return [tile for tile in tiles_of(new) if tile not in had]


def entry_bundle(entries: Sequence[bytes]) -> bytes:
    """A tile of entries. Raises `LogError` (``log.entry-too-long``)."""
    if any(len(entry) > LONGEST_ENTRY for entry in entries):
        raise LogError("log.entry-too-long", f"An entry of the log has more than {LONGEST_ENTRY:,} bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def read_bundle(data: bytes, width: int) -> list[bytes]:
    """The `width` entries of a tile. Raises `LogError` (``log.tile``)."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if len(data) < at + 2 or len(data) < end:
            raise _broken()
        entries.append(data[at + 2 : end])
        at = end
    if len(entries) != width:
        raise _broken()
    return entries


def read_hashes(data: bytes, width: int) -> list[bytes]:
    """The `width` hashes of a tile. Raises `LogError` (``log.tile``)."""
    if len(data) != width * HASH_BYTES:
        raise _broken()
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def nodes_in(size: int, hashes: Callable[[Tile], Sequence[bytes]]) -> Node:
    """The nodes of a log of `size` entries, out of its tiles; `hashes` gives those of a tile."""

    def node(level: int, index: int) -> bytes:
        tile_level, above = divmod(level, HEIGHT)
        first = index << above
        tile_index = first >> HEIGHT
        width = min(WIDTH, (size >> tile_level * HEIGHT) - tile_index * WIDTH)
        held = hashes(Tile(tile_level, tile_index, width))
        part = list(held[first - tile_index * WIDTH : first - tile_index * WIDTH + (1 << above)])
        while len(part) > 1:
            part = [node_hash(part[at], part[at + 1]) for at in range(0, len(part), 2)]
        return part[0]

    return node


def leaf_tiles(size: int) -> Iterator[Tile]:
    """The tiles of entries of a log with `size` entries, in order."""
    yield from _row(None, size)


def _row(level: int | None, count: int) -> list[Tile]:
    """The tiles of one level that has `count` hashes or entries."""
    whole, rest = divmod(count, WIDTH)
    found = [Tile(level, index) for index in range(whole)]
    return [*found, Tile(level, whole, rest)] if rest else found


def _broken() -> LogError:
    return LogError("log.tile", "A tile of the log is broken: it does not hold what its name says")
