"""The Merkle tree of RFC 6962, section 2.1: roots, proofs of inclusion and of consistency.

A tree of `size` leaves is known by its perfect subtrees: ``node(level, index)`` is the hash over the leaves from
``index << level`` up to ``(index + 1) << level``. Functions take a callable that gives such a node, so that they work
alike over a list in memory, over tiles in files and over rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeAlias

from laurea.credentials.errors import LaureaError

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a log without entries."""

Node: TypeAlias = Callable[[int, int], bytes]
"""(level, index) -> the hash of a perfect subtree."""


class LogError(LaureaError):
    """A log, a checkpoint or a proof is not what it must be."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry: SHA-256 over 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees: SHA-256 over 0x01, the left and the right one."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def nodes_of(leaves: Sequence[bytes]) -> Node:
    """The nodes over leaf hashes in memory, each worked out once."""
    levels: list[list[bytes]] = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return lambda level, index: levels[level][index]


def root(size: int, node: Node) -> bytes:
    """The root over the first `size` leaves."""
    if size == 0:
        return EMPTY_ROOT
    parts = [node(level, index) for level, index in _perfect(0, size)]
    return _folded(parts)


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root over `size` leaves (RFC 6962, 2.1.1: PATH).

    Raises `LogError` (``log.range``) when there is no such leaf.
    """
    if not 0 <= index < size:
        raise LogError("log.range", f"There is no entry {index} among {size}")
    return [_subtree(start, end, node) for start, end in _siblings(index, size)]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> None:
    """Raise `LogError` (``log.inclusion``) unless `proof` leads from the leaf hash to the root `expected`.

    RFC 9162, section 2.1.3.2, which is RFC 6962's tree.
    """
    if not 0 <= index < size:
        raise _no_inclusion()
    place, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0 or len(sibling) != HASH_BYTES:
            raise _no_inclusion()
        if place & 1 or place == last:
            computed = node_hash(sibling, computed)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        place, last = place >> 1, last >> 1
    if last or computed != expected:
        raise _no_inclusion()


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """The hashes that show that the first `old` of `new` leaves are the same (RFC 6962, 2.1.2: PROOF).

    Raises `LogError` (``log.range``) unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise LogError("log.range", f"There is nothing to compare between {old} and {new} entries")
    proof: list[bytes] = []
    start, end, whole = 0, new, True
    while old - start != end - start:
        split = start + _split(end - start)
        if old <= split:
            proof.append(_subtree(split, end, node))
            end = split
        else:
            proof.append(_subtree(start, split, node))
            start, whole = split, False
    if not whole:
        proof.append(_subtree(start, end, node))
    return proof[::-1]


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise `LogError` (``log.consistency``) unless the tree of `new` leaves continues that of `old` leaves.

    RFC 9162, section 2.1.4.2.
    """
    if old == new:
        if proof or old_root != new_root:
            raise _not_consistent()
        return
    if old == 0:
        if proof or old_root != EMPTY_ROOT:
            raise _not_consistent()
        return
    if not 0 < old < new or not proof or any(len(part) != HASH_BYTES for part in proof):
        raise _not_consistent()
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for part in path[1:]:
        if last == 0:
            raise _not_consistent()
        if place & 1 or place == last:
            first, second = node_hash(part, first), node_hash(part, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, part)
        place, last = place >> 1, last >> 1
    if last or first != old_root or second != new_root:
        raise _not_consistent()


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _siblings(index: int, size: int) -> list[tuple[int, int]]:
    """The ranges beside the way from leaf `index` up to the root, from below."""
    found: list[tuple[int, int]] = []
    start, end = 0, size
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            found.append((split, end))
            end = split
        else:
            found.append((start, split))
            start = split
    return found[::-1]


def _perfect(start: int, end: int) -> list[tuple[int, int]]:
    """The perfect subtrees, as (level, index), that make up a range of the tree; the larger ones first."""
    found: list[tuple[int, int]] = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def _subtree(start: int, end: int, node: Node) -> bytes:
    return _folded([node(level, index) for level, index in _perfect(start, end)])


def _folded(parts: list[bytes]) -> bytes:
    computed = parts[-1]
    for part in reversed(parts[:-1]):
        computed = node_hash(part, computed)
    return computed


def _no_inclusion() -> LogError:
    return LogError("log.inclusion", "The proof does not lead from the entry to the checkpoint")


def _not_consistent() -> LogError:
    return LogError(
        "log.consistency",
        "The log is not the continuation of the earlier checkpoint: entries were changed, removed or inserted",
        "Keep both checkpoints: they are the evidence",
    )
