"""Publishing the log: tiles and a checkpoint in the storage, under `FOLDER`, as c2sp.org/tlog-tiles lays them out.

Nothing is signed that does not continue the last checkpoint. What is written depends on the entries' numbers alone, so
whoever dies half-way, or is overtaken, has written nothing that the next one would not write as well.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from laurea.actions import log_key, storing
from laurea.actions.storing import StoringError
from laurea.credentials.transparency import growth, note, tiles
from laurea.credentials.transparency.growth import Hashes
from laurea.credentials.transparency.merkle import HASH_BYTES, LogError, leaf_hash
from laurea.credentials.transparency.tiles import Tile
from laurea.records.models import Checkpoint, Entry, Log

FOLDER = "log/"
KEY = "key"

Alive = Callable[[], None]
"""Called before each file: says that we are still there, or raises because somebody else has taken over."""


def publish(log: Log, *, alive: Alive, now: datetime) -> None:
    """Publish the entries that have a number. To be called by one worker at a time.

    Raises `StoringError`, `KeyMaterialError`, and `LogError`: ``log.gap`` (an entry is gone before it was published),
    ``log.consistency`` (what was published can no longer be found).
    """
    last = newest()
    old, new = (last.size if last else 0), log.size
    if new <= old:
        return
    first, leaves, edge = _growth(log, last)
    _put(first, leaves, edge, set(growth.edge(old)) if first else set(), alive)
    signed = log_key.sign(log, new, growth.root_of(new, new, edge))
    if not first:
        storing.put(FOLDER + KEY, f"{log_key.verifier(log).encode()}\n".encode())
    alive()
    storing.put(FOLDER + tiles.CHECKPOINT, signed.encode())
    with transaction.atomic():
        alive()
        Checkpoint.objects.create(size=new, note=signed, created=now)
        Log.objects.filter(pk=log.pk).update(published=new)
    _remove(set(growth.edge(old)) - set(growth.edge(new)))


def newest() -> Checkpoint | None:
    """What the log has committed to last."""
    return Checkpoint.objects.order_by("-size").first()


def hashes_of(tile: Tile, size: int) -> list[bytes]:
    """The hashes of a tile, `size` entries being published. Raises `StoringError`, `LogError` (``log.tile``)."""
    return tiles.read_hashes(content(tile, size), tile.width)


def content(tile: Tile, size: int) -> bytes:
    """The bytes of a tile, `size` entries being published. Raises `StoringError`: ``storing.absent`` for none.

    A partial tile is the beginning of what the same tile has become since: only that one is kept.
    """
    count = size if tile.level is None else size >> tiles.HEIGHT * tile.level
    kept = Tile(tile.level, tile.index, max(0, min(tiles.WIDTH, count - tile.index * tiles.WIDTH)))
    if kept.width < tile.width:
        raise StoringError("storing.absent", "The log has no such tile yet")
    data = storing.get(FOLDER + kept.path)
    each = tiles.ENTRY_BYTES if tile.level is None else HASH_BYTES
    return data[: tile.width * each]


def _growth(log: Log, last: Checkpoint | None) -> tuple[int, list[bytes], Hashes]:
    """What to write: from which entry on, the leaves, and the tiles of hashes.

    New leaves come from the database, those before from what was published: whatever was done to the rows of these
    since, the log goes on as it was. Where the storage has lost what new tiles build on, all of it is written anew.
    """
    if last is None:
        return _grown(0, log.size, 0)
    committed = note.open_note(last.note, log_key.verifier(log)).root
    try:
        found = _grown(last.size, log.size, last.size)
        if growth.root_of(last.size, log.size, found[2]) == committed:
            return found
    except StoringError as error:
        if error.code != "storing.absent":
            raise
    except LogError as error:
        if error.code == "log.gap":
            raise
    found = _grown(0, log.size, 0)
    if growth.root_of(last.size, log.size, found[2]) != committed:
        raise LogError(
            "log.consistency",
            "Neither the files of the log nor the entries in the database are what was published, so nothing more is "
            "signed",
            "`laurea log verify` names what was changed; put it back from a copy",
        )
    return found


def _grown(old: int, new: int, published: int) -> tuple[int, list[bytes], Hashes]:
    first = growth.first_needed(old)
    kept = _published_leaves(first, published)
    leaves = kept + _leaves(first + len(kept), new)
    hashed = [leaf_hash(leaf) for leaf in leaves]
    return first, leaves, growth.grown(old, new, hashed, lambda tile: hashes_of(tile, published))


def _published_leaves(first: int, size: int) -> list[bytes]:
    """The entries of the last, partial tile of entries, as they were published."""
    tile = Tile(None, first // tiles.WIDTH, size - first)
    return tiles.read_bundle(content(tile, size), tile.width) if size > first else []


def _leaves(start: int, end: int) -> list[bytes]:
    """What the log holds of the entries `start` to `end`. Raises `LogError` (``log.gap``)."""
    numbered = Entry.objects.filter(number__gte=start, number__lt=end).order_by("number")
    leaves: list[bytes] = []
    for number, leaf in numbered.values_list("number", "leaf").iterator():
        if number != start + len(leaves) or len(leaf) != HASH_BYTES:
            break
        leaves.append(bytes(leaf))
    if len(leaves) != end - start:
        raise LogError(
            "log.gap",
            f"Entry {start + len(leaves)} is gone from the database before it was published, so nothing more is signed",
            "Put it back from a copy of the database",
        )
    return leaves


def _put(first: int, leaves: Sequence[bytes], edge: Hashes, there: Collection[Tile], alive: Alive) -> None:
    """Write the tiles of the entries from `first` on, and those of hashes, but for those that are there."""
    files: dict[Tile, bytes] = {}
    for start in range(0, len(leaves), tiles.WIDTH):
        part = leaves[start : start + tiles.WIDTH]
        files[Tile(None, (first + start) // tiles.WIDTH, len(part))] = tiles.entry_bundle(part)
    files |= {tile: b"".join(hashes) for tile, hashes in edge.items()}
    for tile, data in files.items():
        if tile not in there:
            alive()
            storing.put(FOLDER + tile.path, data)


def _remove(outgrown: set[Tile]) -> None:
    """Partial tiles that a wider one contains. A storage that fails here keeps a few hundred bytes too many."""
    with suppress(StoringError):
        for tile in outgrown:
            storing.remove(FOLDER + tile.path)
