"""Tiles hold the whole log, under the names that C2SP gives them."""

from __future__ import annotations

import pytest

from laurea.credentials.transparency import merkle, tiles
from laurea.credentials.transparency.merkle import LogError
from laurea.credentials.transparency.tiles import Tile


def test_names() -> None:
    assert Tile(0, 0).path == "tile/0/000"
    assert Tile(1, 1234067).path == "tile/1/x001/x234/067"
    assert Tile(0, 256, 112).path == "tile/0/256.p/112"
    assert Tile(None, 1001, 3).path == "tile/entries/x001/001.p/3"


def test_a_name_leads_back_to_its_tile() -> None:
    for tile in (*tiles.tiles_of(70_000), Tile(1, 1234067), Tile(None, 1001, 3), Tile(7, 999_999_999_999_999)):
        assert Tile.named(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "checkpoint", "tile/0/0", "tile/0/000/", "tile/8/000", "tile/-1/000", "tile/0/x000/000", "tile/0/001.p/256",
        "tile/0/001.p/0", "tile/0/001.p/07", "tile/0/001.p/999", "tile/0/../../000",
        "tile/0/x１２３/000", "tile/0/000\n",
        "tile/entries/x001", "tile/data/000", "/tile/0/000",
    ],
)  # fmt: skip
def test_nothing_else_is_the_name_of_a_tile(path: str) -> None:
    assert Tile.named(path) is None


def test_the_tiles_of_a_log() -> None:
    """The example of the specification: 70,000 entries."""
    found = [tile.path for tile in tiles.tiles_of(70_000)]
    assert "tile/0/272" in found
    assert "tile/0/273.p/112" in found
    assert "tile/1/000" in found
    assert "tile/1/001.p/17" in found
    assert "tile/2/000.p/1" in found
    assert not any(path.startswith("tile/3/") for path in found)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 511, 512, 70_000])
def test_roots_and_proofs_come_out_of_tiles_alone(size: int) -> None:
    leaves = [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(size)]
    memory = merkle.nodes_of(leaves)
    files: dict[str, bytes] = {}
    for tile in tiles.tiles_of(size):
        if tile.level is not None:
            level = tile.level * tiles.HEIGHT
            first = tile.index * tiles.WIDTH
            files[tile.path] = b"".join(memory(level, first + offset) for offset in range(tile.width))
    node = tiles.nodes_in(size, lambda tile: tiles.read_hashes(files[tile.path], tile.width))
    assert merkle.root(size, node) == merkle.root(size, memory)
    for index in {0, size // 3, size - 1}:
        assert merkle.inclusion_proof(index, size, node) == merkle.inclusion_proof(index, size, memory)
    for old in {1, max(1, size // 2), size}:
        assert merkle.consistency_proof(old, size, node) == merkle.consistency_proof(old, size, memory)


def test_growing_changes_no_whole_tile() -> None:
    new = tiles.new_tiles(300, 600)
    assert Tile(0, 0) not in new
    assert {tile.path for tile in new} == {
        "tile/entries/001", "tile/entries/002.p/88", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2",
    }  # fmt: skip


def test_entries_come_back_as_they_went_in() -> None:
    entries = [b"", b"one", bytes(65_535)]
    assert tiles.read_bundle(tiles.entry_bundle(entries), 3) == entries
    with pytest.raises(LogError) as caught:
        tiles.entry_bundle([bytes(65_536)])
    assert caught.value.code == "log.entry-too-long"
    for broken in (b"\x00", b"\x00\x05abc", tiles.entry_bundle(entries[:2])):
        with pytest.raises(LogError) as caught:
            tiles.read_bundle(broken, 3)
        assert caught.value.code == "log.tile"
    with pytest.raises(LogError):
        tiles.read_hashes(bytes(33), 1)
