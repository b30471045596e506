"""However a log grows, its tiles are those of a log that was made at once."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from laurea.credentials.transparency import growth, merkle, tiles
from laurea.credentials.transparency.growth import Hashes
from laurea.credentials.transparency.tiles import Tile


def leaves(start: int, end: int) -> list[bytes]:
    return [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(start, end)]


def at_once(size: int) -> Hashes:
    """All tiles of hashes of a log, out of the whole tree."""
    node = merkle.nodes_of(leaves(0, size))
    return {
        tile: [node(tile.level * 8, tile.index * 256 + offset) for offset in range(tile.width)]
        for tile in tiles.tiles_of(size)
        if tile.level is not None
    }


def grow(sizes: Sequence[int]) -> Hashes:
    """A log that has grown in these steps, its partial tiles of earlier sizes taken away."""
    held: Hashes = {}
    old = 0
    for new in sizes:
        edge = growth.grown(old, new, leaves(growth.first_needed(old), new), held.__getitem__)
        assert growth.root_of(new, new, edge) == merkle.root(new, merkle.nodes_of(leaves(0, new)))
        assert growth.root_of(old, new, edge) == merkle.root(old, merkle.nodes_of(leaves(0, old)))
        assert set(tiles.new_tiles(old, new)) - set(edge) <= {
            tile for tile in tiles.tiles_of(new) if tile.level is None
        }
        for gone in growth.edge(old):
            if gone.level is not None:
                del held[gone]
        held |= edge
        old = new
    return held


@pytest.mark.parametrize(
    "sizes",
    [
        [1], [256], [1, 2, 3, 255, 256, 257], [255, 512, 513, 1024], [300, 300, 70_000], [65_535, 65_536, 65_537],
        [65_536, 65_792, 66_000],
    ],
)  # fmt: skip
def test_steps_at_the_borders_of_tiles(sizes: list[int]) -> None:
    assert grow(sizes) == at_once(sizes[-1])


def test_steps_of_any_width() -> None:
    drawn = random.Random(0)
    sizes = [0]
    while sizes[-1] < 3_000:
        sizes.append(sizes[-1] + drawn.choice((1, 2, 100, 255, 256, 257, 600)))
    assert grow(sizes[1:]) == at_once(sizes[-1])


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_536, 70_000])
def test_the_edge_is_what_is_partial(size: int) -> None:
    assert set(growth.edge(size)) == {tile for tile in tiles.tiles_of(size) if tile.width < 256}
    assert Tile(None, 0, 1) in growth.edge(1)
