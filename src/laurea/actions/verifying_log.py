"""Verifying a log as it is published: every tile, the signature, and an earlier checkpoint that somebody kept.

Works on a folder, on an address, on the storage of this installation; it believes none of them. `comparing_log` goes on
from here and holds the records of an installation against the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from laurea.actions import outbound
from laurea.actions.outbound import Ways
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import ResolvingError
from laurea.credentials.transparency import note, tiles
from laurea.credentials.transparency.merkle import HASH_BYTES, LogError, Node, leaf_hash, nodes_of, root
from laurea.credentials.transparency.note import Checkpoint, Verifier
from laurea.credentials.transparency.tiles import Tile

KEY = "key"
MOST_ENTRIES = 20_000_000
"""Of a log that is taken up: a checkpoint can claim any number, and each entry takes memory here."""

_TRIES = 3
_HANDS = 8
_LARGEST_FILE = 64 * 1024

Read = Callable[[str], bytes]
"""A path below the log's place -> the file there. Raises `LogError` (``log.absent``) when there is none."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be. `what` names it: ``entry 41``, ``credential 7K3M-9QXR-2V5T-8WHF``."""

    code: str
    what: str
    message: str

    def to_json(self) -> Document:
        """For scripts."""
        return {"code": self.code, "what": self.what, "message": self.message}


@dataclass(slots=True)
class Audit:
    """What was checked, and what was found. Nothing found is good; `notes` are worth knowing and no fault."""

    origin: str = ""
    key: str = ""
    checkpoint: Checkpoint | None = None
    since: Checkpoint | None = None
    entries: list[bytes] = field(default_factory=list, repr=False)
    checked: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether everything is as it must be."""
        return not self.findings

    def found(self, code: str, what: str, message: str) -> None:
        """Note a fault."""
        self.findings.append(Finding(code, what, message))

    def to_json(self) -> Document:
        """For scripts; docs/reference/audit-log.md describes it."""
        findings: list[JSON] = [finding.to_json() for finding in self.findings]
        notes: list[JSON] = list(self.notes)
        return {
            "good": self.good,
            "log": self.origin,
            "key": self.key,
            "size": self.checkpoint.size if self.checkpoint else None,
            "root": self.checkpoint.root.hex() if self.checkpoint else None,
            "since": self.since.size if self.since else None,
            "checked": dict(self.checked),
            "findings": findings,
            "notes": notes,
        }


def verify(read: Read, *, verifier: Verifier | None = None, since: str | None = None) -> Audit:
    """Check the whole log that `read` reads; `since` is a checkpoint of earlier (a signed note).

    Without a verifier key, the one that the log hands out is believed, and a note says so. Raises `LogError` when there
    is no log, or when what was given is none of its checkpoints; `ResolvingError` when it cannot be fetched.
    """
    audit = Audit()
    if verifier is None:
        verifier = Verifier.decode(read(KEY).decode("utf-8", "replace"))
        audit.notes.append(f"The key was taken from the log itself; compare it with one you know: {verifier.encode()}")
    audit.origin, audit.key = verifier.name, verifier.encode()
    for last_try in (*([False] * (_TRIES - 1)), True):
        text = read(tiles.CHECKPOINT).decode("utf-8", "replace")
        try:
            audit.checkpoint = note.open_note(text, verifier)
        except LogError as error:
            audit.found(error.code, "the checkpoint", error.message)
            return audit
        if _read_all(audit, read, audit.checkpoint, last_try=last_try):
            break
    if since is not None:
        _compare_with_earlier(audit, verifier, since)
    return audit


def in_folder(folder: Path) -> Read:
    """Reads a log out of a folder: its own, that of a storage, or the data folder of an installation."""
    for place in (folder, folder / "log", folder / "files" / "log"):
        if (place / tiles.CHECKPOINT).is_file():
            break
    else:
        raise LogError("log.absent", f"There is no log in {folder}", "Name the folder that holds the file checkpoint")

    def read(path: str) -> bytes:
        try:
            with (place / path).open("rb") as file:
                return file.read(_LARGEST_FILE)
        except (FileNotFoundError, NotADirectoryError):
            raise _absent(path) from None

    return read


def at_address(address: str, *, ways: Ways | None = None) -> Read:
    """Reads a log on the web, over https: typed by whoever asks, so the host may be one inside their network."""
    parts = urlsplit(address)
    base = address.rstrip("/") + ("/log" if not parts.path.strip("/") else "")
    ways = ways or Ways(is_allowed=lambda _: True)

    def read(path: str) -> bytes:
        try:
            return outbound.fetch(f"{base}/{path}", accept="*/*", ways=ways, same_host=True).body
        except ResolvingError as error:
            if " answered 404 " in error.message:
                raise _absent(path) from None
            raise

    return read


def key_from(text: str) -> Verifier:
    """The verifier key that somebody gave: itself, or the name of a file that holds it. Raises `LogError`."""
    if "+" in text and not Path(text).is_file():
        return Verifier.decode(text)
    return Verifier.decode(read_text(Path(text)))


def read_text(path: Path) -> str:
    """A small file of text that somebody named. Raises `LogError` (``log.file``)."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_FILE).decode("utf-8", "replace")
    except OSError as error:
        raise LogError("log.file", f"{path} cannot be read: {error.strerror}", "Check its name") from None


# --- The tree ---------------------------------------------------------------------------------------------------------


def _read_all(audit: Audit, read: Read, checkpoint: Checkpoint, *, last_try: bool) -> bool:
    """Read all entries and tiles, and hold them against the checkpoint. False when the log has grown meanwhile."""
    if checkpoint.size > MOST_ENTRIES:
        raise LogError(
            "log.too-large",
            f"The log claims {checkpoint.size:,} entries; {MOST_ENTRIES:,} are read at most",
            "Verify a copy of it with other software",
        )
    missing: list[Tile] = []
    held: dict[Tile, list[bytes]] = {}
    for tile, hashes in _fetched(read, tiles.tiles_of(checkpoint.size)):
        if hashes is None:
            missing.append(tile)
        else:
            held[tile] = hashes
    if missing and not last_try and _has_grown(read, checkpoint):
        return False
    for tile in missing:
        audit.found("tile.missing", tile.path, f"{_of(tile)} cannot be read: {tile.path} is missing or broken")
    bundles = [held.get(tile) for tile in tiles.leaf_tiles(checkpoint.size)]
    audit.checked["tiles"] = len(held)
    if any(bundle is None for bundle in bundles):
        return True
    audit.entries = [entry for bundle in bundles if bundle is not None for entry in bundle]
    audit.checked["entries"] = len(audit.entries)
    _hold_against(audit, checkpoint, held)
    return True


def _hold_against(audit: Audit, checkpoint: Checkpoint, held: dict[Tile, list[bytes]]) -> None:
    """The entries against the tiles of hashes, and both against the root that was signed."""
    hashed = [leaf_hash(entry) for entry in audit.entries]
    node = nodes_of(hashed)
    is_root = root(checkpoint.size, node) == checkpoint.root
    others = {tile: hashes for tile, hashes in held.items() if tile.level is not None}
    wrong = {tile: hashes for tile, hashes in others.items() if hashes != _expected(tile, node)}
    if not is_root and _signed_root_of(others, checkpoint) == checkpoint.root:
        # The hashes are those that were signed: they tell which of the entries are not.
        for tile, hashes in wrong.items():
            for offset, value in enumerate(hashes if tile.level == 0 else ()):
                number = tile.index * tiles.WIDTH + offset
                if value != hashed[number]:
                    audit.found("entry.changed", f"entry {number}", f"Entry {number} is not what was published")
        return
    if not is_root:
        audit.found("log.root", "the log", "The entries are not those that the checkpoint was signed for")
    for tile in wrong:
        audit.found("tile.changed", tile.path, f"{tile.path} does not hold the hashes of the entries")


def _expected(tile: Tile, node: Node) -> list[bytes]:
    level = (tile.level or 0) * tiles.HEIGHT
    return [node(level, tile.index * tiles.WIDTH + offset) for offset in range(tile.width)]


def _signed_root_of(hashes: dict[Tile, list[bytes]], checkpoint: Checkpoint) -> bytes | None:
    """The root that the tiles of hashes alone give, all levels of them agreeing; None when they do not."""
    lowest = [value for tile in tiles.leaf_tiles(checkpoint.size) for value in hashes.get(_lowest(tile), [])]
    if len(lowest) != checkpoint.size:
        return None
    node = nodes_of(lowest)
    if any(values != _expected(tile, node) for tile, values in hashes.items()):
        return None
    return root(checkpoint.size, node)


def _lowest(tile: Tile) -> Tile:
    return Tile(0, tile.index, tile.width)


def _compare_with_earlier(audit: Audit, verifier: Verifier, since: str) -> None:
    """Whether the log goes on from a checkpoint that somebody kept. Raises `LogError` when it is none of this log."""
    earlier = audit.since = note.open_note(since, verifier)
    if audit.checkpoint is None:
        return
    if earlier.size > audit.checkpoint.size:
        audit.found(
            "log.shortened", "the log",
            f"The log has {audit.checkpoint.size:,} entries; the earlier checkpoint was signed for {earlier.size:,}",
        )  # fmt: skip
    elif len(audit.entries) == audit.checkpoint.size:
        node = nodes_of([leaf_hash(entry) for entry in audit.entries])
        if root(earlier.size, node) != earlier.root:
            audit.found(
                "log.consistency", "the log",
                f"The log does not go on from the earlier checkpoint: of the first {earlier.size:,} entries, some were "
                "changed, removed or inserted since. Keep both checkpoints: they are the evidence",
            )  # fmt: skip


# --- Reading ----------------------------------------------------------------------------------------------------------


def _fetched(read: Read, wanted: Sequence[Tile]) -> Iterator[tuple[Tile, list[bytes] | None]]:
    """Each tile with what it holds; None for one that is missing or broken."""

    def fetch(tile: Tile) -> list[bytes] | None:
        try:
            data = _tile(read, tile)
            return (tiles.read_bundle if tile.level is None else tiles.read_hashes)(data, tile.width)
        except LogError:
            return None

    with ThreadPoolExecutor(_HANDS) as hands:
        yield from zip(wanted, hands.map(fetch, wanted), strict=True)


def _tile(read: Read, tile: Tile) -> bytes:
    try:
        return read(tile.path)
    except LogError:
        if tile.width == tiles.WIDTH or tile.level is None:
            raise
        # A partial tile may be taken away once the whole one is there (c2sp.org/tlog-tiles).
        return read(Tile(tile.level, tile.index).path)[: tile.width * HASH_BYTES]


def _has_grown(read: Read, checkpoint: Checkpoint) -> bool:
    text = read(tiles.CHECKPOINT).decode("utf-8", "replace")
    try:
        return note.read(text.partition("\n\n")[0] + "\n").size != checkpoint.size
    except LogError:
        return False


def _of(tile: Tile) -> str:
    """What a tile holds, in words."""
    if tile.level is None:
        first = tile.index * tiles.WIDTH
        return f"Entries {first} to {first + tile.width - 1}"
    return "A part of the tree"


def _absent(path: str) -> LogError:
    return LogError("log.absent", f"The log has no file {path}", "Name the folder or address that holds `checkpoint`")
