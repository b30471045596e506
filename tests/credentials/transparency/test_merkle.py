"""The tree against the definition of RFC 6962, written down a second time as the RFC does, recursively."""

from __future__ import annotations

import random

import pytest

from laurea.credentials.transparency import merkle
from laurea.credentials.transparency.merkle import LogError


def mth(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return merkle.node_hash(mth(leaves[:k]), mth(leaves[k:]))


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


LEAVES = [merkle.leaf_hash(f"entry {number}".encode()) for number in range(70)]


def test_the_vectors_of_certificate_transparency() -> None:
    """The reference implementation's: the roots over its first eight entries."""
    data = [
        bytes.fromhex(text)
        for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
    ]
    leaves = [merkle.leaf_hash(entry) for entry in data]
    assert merkle.root(8, merkle.nodes_of(leaves)).hex() == (
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )
    assert merkle.root(1, merkle.nodes_of(leaves[:1])).hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )


@pytest.mark.parametrize("size", range(1, 70))
def test_roots_and_proofs_are_the_definitions(size: int) -> None:
    leaves = LEAVES[:size]
    node = merkle.nodes_of(leaves)
    expected = mth(leaves)
    assert merkle.root(size, node) == expected
    for index in range(size):
        proof = merkle.inclusion_proof(index, size, node)
        assert proof == path(index, leaves)
        merkle.verify_inclusion(leaves[index], index, size, proof, expected)
    for old in range(1, size + 1):
        proof = merkle.consistency_proof(old, size, node)
        assert proof == subproof(old, leaves, True)
        merkle.verify_consistency(old, size, mth(leaves[:old]), expected, proof)


def test_what_is_not_so_is_not_proven() -> None:
    chance = random.Random(6962)
    for _ in range(300):
        size = chance.randrange(2, 70)
        index = chance.randrange(size)
        node = merkle.nodes_of(LEAVES[:size])
        root, proof = merkle.root(size, node), merkle.inclusion_proof(index, size, node)
        wrong = [
            (LEAVES[(index + 1) % 70], index, size, proof, root),
            (LEAVES[index], (index + 1) % size, size, proof, root),
            (LEAVES[index], index, size, proof[:-1], root),
            (LEAVES[index], index, size, [*proof, root], root),
            (LEAVES[index], index, size, proof, bytes(32)),
            (LEAVES[index], size, size, proof, root),
        ]
        for attempt in wrong:
            with pytest.raises(LogError) as caught:
                merkle.verify_inclusion(*attempt)
            assert caught.value.code == "log.inclusion"


def test_a_rewritten_past_is_not_consistent() -> None:
    for size in range(2, 40):
        for old in range(1, size):
            changed = list(LEAVES[:size])
            changed[old - 1] = bytes(32)
            node = merkle.nodes_of(changed)
            with pytest.raises(LogError) as caught:
                merkle.verify_consistency(
                    old, size, mth(LEAVES[:old]), merkle.root(size, node), merkle.consistency_proof(old, size, node)
                )
            assert caught.value.code == "log.consistency"


def test_a_log_begins_empty() -> None:
    merkle.verify_consistency(0, 3, merkle.EMPTY_ROOT, mth(LEAVES[:3]), [])
    with pytest.raises(LogError):
        merkle.verify_consistency(0, 3, bytes(32), mth(LEAVES[:3]), [])
    with pytest.raises(LogError):
        merkle.inclusion_proof(3, 3, merkle.nodes_of(LEAVES[:3]))
