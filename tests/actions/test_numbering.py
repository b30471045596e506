"""The numbers of a batch: the same for the same seed and line, different for everything else, and well formed."""

from __future__ import annotations

import re
from uuid import UUID

from laurea.actions.numbering import Numbers, list_entries, list_name, numbers, status_indexes
from laurea.credentials.code import parse_code

SEED = bytes(range(32))
OTHER = bytes(32)


def test_the_same_row_has_the_same_numbers() -> None:
    assert numbers(SEED, 7) == numbers(bytes(range(32)), 7)


def test_no_two_rows_share_a_number() -> None:
    drawn = [numbers(seed, line) for seed in (SEED, OTHER) for line in range(2000)]
    for attribute in ("code", "identifier", "salt"):
        assert len({getattr(each, attribute) for each in drawn}) == len(drawn)


def test_every_number_is_of_its_form() -> None:
    for line in range(200):
        drawn = numbers(SEED, line)
        assert parse_code(drawn.code) == drawn.code
        assert UUID(drawn.identifier).version == 4
        assert UUID(drawn.identifier).urn == drawn.identifier
        assert re.fullmatch("[0-9a-f]{32}", drawn.salt)
    assert re.fullmatch("[0-9a-f]{16}", list_name(SEED))


def test_the_numbers_of_a_seed_never_change() -> None:
    """A batch begun with one release of Laurea can be continued with the next."""
    assert numbers(SEED, 2) == Numbers(
        code="TP0PEB8MS3MMRAKJ",
        identifier="urn:uuid:51ced13d-b900-4bad-909f-22449d61121a",
        salt="2532bd384f5a192782791686fedf484c",
    )
    assert list_name(SEED) == "38097434a5ec6ac0"
    assert list(status_indexes(SEED, 3)) == [50910, 129749, 44796]


def test_status_indexes_are_spread_and_never_shared() -> None:
    indexes = status_indexes(SEED, 5000)
    assert len(set(indexes)) == 5000
    assert max(indexes) < list_entries(5000) == 131_072
    assert status_indexes(SEED, 100) == indexes[:100]
    assert status_indexes(OTHER, 100) != indexes[:100]
    assert sorted(indexes) != list(indexes)
    assert 60_000 < sum(indexes) / 5000 < 71_000


def test_a_long_batch_gets_a_longer_list() -> None:
    assert [list_entries(rows) for rows in (0, 1, 32_768, 32_769, 200_000)] == [
        131_072,
        131_072,
        131_072,
        262_144,
        1_048_576,
    ]
