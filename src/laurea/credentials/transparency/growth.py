"""What has to be written when a log grows: its new tiles, out of the new entries and the edge of the tree it had."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from laurea.credentials.transparency.merkle import nodes_of, root
from laurea.credentials.transparency.tiles import HEIGHT, WIDTH, Tile, nodes_in

Hashes = dict[Tile, list[bytes]]


def first_needed(old: int) -> int:
    """The number of the entry from which on `grown` must know the leaves: the first one of the last, partial tile."""
    return old >> HEIGHT << HEIGHT


def grown(old: int, new: int, leaves: Sequence[bytes], earlier: Callable[[Tile], Sequence[bytes]]) -> Hashes:
    """The right edge of the tree over `new` entries: every tile of hashes that the tree over `old` ones had not.

    `leaves` are the leaf hashes from entry ``first_needed(old)`` up to `new`; `earlier` gives the hashes of a partial
    tile above them, as it was at `old` entries. A tile that has stayed as it was may be among those given.
    """
    tiles: Hashes = {}
    hashes, level = list(leaves), 0
    while new >> HEIGHT * level:
        first = old >> HEIGHT * (level + 1)  # the tile that was partial, or did not exist yet
        whole: list[bytes] = []
        for start in range(0, len(hashes), WIDTH):
            part = hashes[start : start + WIDTH]
            tiles[Tile(level, first + start // WIDTH, len(part))] = part
            if len(part) == WIDTH:
                whole.append(nodes_of(part)(HEIGHT, 0))
        level += 1
        had = first % WIDTH
        hashes = [*(earlier(Tile(level, first // WIDTH, had)) if had else ()), *whole]
    return tiles


def root_of(size: int, new: int, tiles: Hashes) -> bytes:
    """The root over the first `size` entries, `old` or `new`, out of what `grown` gave for `new`."""
    return root(size, nodes_in(new, tiles.__getitem__))


def edge(size: int) -> list[Tile]:
    """The partial tiles of a log: those that are replaced when it grows."""
    found: list[Tile] = []
    count, level = size, 0
    while count:
        if count % WIDTH:
            found += [Tile(each, count // WIDTH, count % WIDTH) for each in ((None, level) if level == 0 else (level,))]
        count, level = count >> HEIGHT, level + 1
    return found
