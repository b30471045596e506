"""Entries of the log, and what a stranger reads out of the files in which it is published."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from laurea.actions import auditing, log_key, logging_entries
from laurea.actions.auditing import Act
from laurea.credentials.keys import SigningKey
from laurea.credentials.transparency import merkle, note, tiles
from laurea.credentials.transparency.note import Checkpoint
from laurea.records.models import Entry, Issuer, Log


def act(count: int, issuer: Issuer | None, now: datetime) -> list[Entry]:
    """Do so many things worth an entry."""
    with transaction.atomic():
        acts = [Act("issuer.changed", "issuer", "acme", {"step": step}) for step in range(count)]
        return auditing.note_all(acts, issuer=issuer, now=now, actor=None)


def take_in(now: datetime) -> None:
    """Have the log number and publish what waits, all leases and pauses being over."""
    Log.objects.update(lease_until=None)
    while logging_entries.take_in_next(worker="one", now=now):
        Log.objects.update(lease_until=None)


def published(folder: Path, now: datetime) -> tuple[Checkpoint, list[bytes]]:
    """The checkpoint and the entries in a folder, every tile held against the tree that the entries make."""
    verifier = note.Verifier.decode((folder / "key").read_text())
    assert verifier == log_key.verifier(log_key.log(now=now))
    checkpoint = note.open_note((folder / "checkpoint").read_text(), verifier)
    entries: list[bytes] = []
    for tile in tiles.leaf_tiles(checkpoint.size):
        entries += tiles.read_bundle((folder / tile.path).read_bytes(), tile.width)
    node = merkle.nodes_of([merkle.leaf_hash(entry) for entry in entries])
    assert merkle.root(checkpoint.size, node) == checkpoint.root
    for tile in tiles.tiles_of(checkpoint.size):
        if tile.level is not None:
            hashes = [node(8 * tile.level, 256 * tile.index + offset) for offset in range(tile.width)]
            assert (folder / tile.path).read_bytes() == b"".join(hashes)
    return checkpoint, entries


def files(folder: Path) -> set[str]:
    """The names of all files in a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


ORIGIN = "badges.example.org/log"
KEY = SigningKey.from_seed(bytes(range(32)))
VERIFIER = note.Verifier(ORIGIN, KEY.verification_key)


def write(folder: Path, entries: Sequence[bytes]) -> str:
    """A log in a folder, as another installation may have published it; its checkpoint."""
    node = merkle.nodes_of([merkle.leaf_hash(entry) for entry in entries])
    size = len(entries)
    for tile in tiles.tiles_of(size):
        first = tile.index * tiles.WIDTH
        if tile.level is None:
            data = tiles.entry_bundle(entries[first : first + tile.width])
        else:
            data = b"".join(node(8 * tile.level, first + offset) for offset in range(tile.width))
        (folder / tile.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / tile.path).write_bytes(data)
    signed = note.sign(Checkpoint(ORIGIN, size, merkle.root(size, node)), KEY)
    (folder / "checkpoint").write_text(signed)
    (folder / "key").write_text(VERIFIER.encode() + "\n")
    return signed


def entries(count: int, start: int = 0) -> list[bytes]:
    """So many hashes, as the log holds them."""
    return [hashlib.sha256(f"entry {start + number}".encode()).digest() for number in range(count)]
