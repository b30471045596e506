"""Entries of status lists: each given once, spread at random, from lists that are never full."""

from __future__ import annotations

import statistics
from collections import Counter
from datetime import datetime
from itertools import pairwise

import pytest
from django.db import transaction
from pytest_django import Settings

from laurea.actions import addresses, confirming, issuer_keys, status_lists
from laurea.credentials.document import parse
from laurea.credentials.status_list import MINIMUM_ENTRIES, read_list
from laurea.credentials.verification import Materials, verify
from laurea.records.models import Achievement, Batch, Credential, Issuer, StatusList


def reserve(issuer: Issuer, count: int, now: datetime) -> list[status_lists.Span]:
    with transaction.atomic():
        return status_lists.reserve(issuer, count, now)


def test_a_permutation_has_each_index_once() -> None:
    order = status_lists.permutation(bytes(32), MINIMUM_ENTRIES)
    assert sorted(order) == list(range(MINIMUM_ENTRIES))
    assert status_lists.permutation(b"1" * 32, MINIMUM_ENTRIES) != order


def test_a_permutation_is_the_same_for_ever() -> None:
    """Rows of batches that wait are given their index by it: it must never be made in another way."""
    assert list(status_lists.permutation(bytes(32), MINIMUM_ENTRIES)[:5]) == [25085, 92000, 52047, 45257, 33126]


def test_what_is_given_first_is_spread_over_the_whole_list() -> None:
    """A thousand indexes in sixteen parts of the list: 62.5 each, give or take what chance gives (chi squared)."""
    order = status_lists.permutation(b"seed" * 8, MINIMUM_ENTRIES)[:1000]
    parts = [sum(index * 16 // MINIMUM_ENTRIES == part for index in order) for part in range(16)]
    assert sum((count - 62.5) ** 2 / 62.5 for count in parts) < 37.7  # one seed of a thousand is worse


def test_batches_take_what_follows(acme: Issuer, now: datetime) -> None:
    first, second = reserve(acme, 100, now), reserve(acme, 50, now)
    number = acme.status_lists.get().pk
    assert (first, second) == ([(number, 0, 100)], [(number, 100, 50)])


def test_issuers_share_no_list(acme: Issuer, other: Issuer, now: datetime) -> None:
    assert reserve(acme, 1, now)[0][0] != reserve(other, 1, now)[0][0]


def test_a_big_batch_spans_lists_and_none_is_filled_beyond_three_fifths(acme: Issuer, now: datetime) -> None:
    reserve(acme, 78_000, now)
    spans = reserve(acme, 100_000, now)
    lists = list(acme.status_lists.order_by("pk"))
    assert [each.used for each in lists] == [78_643, 78_643, 20_714]
    assert spans == [(lists[0].pk, 78_000, 643), (lists[1].pk, 0, 78_643), (lists[2].pk, 0, 20_714)]
    entries = status_lists.Entries([list(span) for span in spans])  # as they come back from JSON
    edges = [entries.of(order) for order in (0, 642, 643, 643 + 78_642, 643 + 78_643, 99_999)]
    assert [entry.status_list.pk for entry in edges if entry] == [each.pk for each in lists for _ in range(2)]
    with pytest.raises(IndexError):
        entries.of(100_000)


def test_a_new_list_has_a_signed_edition(acme: Issuer, now: datetime) -> None:
    reserve(acme, 1, now)
    made = acme.status_lists.get()
    document = parse(made.text)
    assert document["id"] == addresses.status_list(made)
    assert len(read_list(document, "revocation")) == made.entries == MINIMUM_ENTRIES
    assert not any(read_list(document, "revocation").bits)
    did_document = issuer_keys.did_document(acme)
    report = verify(document, Materials(did_documents={str(did_document["id"]): did_document}), now=now)
    assert {check.outcome for check in report.checks if check.id.startswith("proof")} == {"passed"}


def test_where_addresses_do_not_last_there_is_no_entry(acme: Issuer, settings: Settings, now: datetime) -> None:
    settings.LAUREA_PUBLIC_URL = "http://localhost:8000"
    assert reserve(acme, 10, now) == []
    assert status_lists.Entries([]).of(3) is None
    assert not StatusList.objects.exists()


# --- What an index gives away -----------------------------------------------------------------------------------------

GIVEN = 20_000
"""Entries that are looked at: every fifteenth of a list that is used as far as it may be, and more."""


@pytest.fixture
def given(acme: Issuer, now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The first indexes of a list in the order in which they are given away. One fixed seed: chance stays out of it."""
    monkeypatch.setattr(status_lists.secrets, "token_bytes", lambda count: bytes(range(count)))
    entries = status_lists.Entries(reserve(acme, GIVEN, now))
    return [entry.index for order in range(GIVEN) if (entry := entries.of(order))]


def test_indexes_are_uniform(given: list[int]) -> None:
    """In 64 parts of the list there are as many as there should be (chi squared, 63 degrees: 103 is one in a
    thousand), and so in the parts that the last bits make."""
    assert len(set(given)) == GIVEN
    expected = GIVEN / 64
    for part_of in (lambda index: index * 64 // MINIMUM_ENTRIES, lambda index: index % 64):
        counts = Counter(map(part_of, given))
        assert sum((counts[part] - expected) ** 2 / expected for part in range(64)) < 103.4


def test_an_index_does_not_tell_when_it_was_given(given: list[int]) -> None:
    """No correlation with the order, nor with the one before: beyond 0.023 is one in a thousand of 20,000."""
    with_order = statistics.correlation(list(range(GIVEN)), given)
    with_neighbour = statistics.correlation(given[:-1], given[1:])
    assert abs(with_order) < 0.0233
    assert abs(with_neighbour) < 0.0233


def test_neighbours_in_a_batch_are_no_neighbours_in_the_list(given: list[int]) -> None:
    """Half of the distances are below what they are for pairs drawn at random: 1 - 1/sqrt(2) of the list."""
    median = (1 - 0.5**0.5) * MINIMUM_ENTRIES
    near = sum(abs(one - other) < median for one, other in pairwise(given))
    assert abs(near - GIVEN / 2) < 3.3 * GIVEN**0.5 / 2


def test_every_list_is_shuffled_in_its_own_way(acme: Issuer, other: Issuer, now: datetime) -> None:
    """Otherwise whoever has seen one list be filled could read all of them."""
    first = {}
    for issuer in (acme, other):
        entries = status_lists.Entries(reserve(issuer, 50, now))
        first[issuer.slug] = [entry.index for order in range(50) if (entry := entries.of(order))]
    alike = len(set(first["acme"]) & set(first["other"]))
    assert alike < 5


def test_achievements_share_a_list(acme: Issuer, achievement: Achievement, now: datetime) -> None:
    """A list tells of nobody what it was that they earned."""
    second = Achievement.objects.create(issuer=acme, design=achievement.design, name="First Aid", description="x")
    batches = [
        confirming.issue_one(acme, each, name="Ada", send_mail=False, now=now, actor=None)
        for each in (achievement, second, achievement)
    ]
    assert [span for batch in batches for span in batch.status_spans] == [
        [acme.status_lists.get().pk, place, 1] for place in range(3)
    ]


def test_a_new_list_begins_when_three_fifths_are_given_away(
    acme: Issuer, achievement: Achievement, now: datetime
) -> None:
    reserve(acme, int(MINIMUM_ENTRIES * 0.6) - 1, now)
    for name in ("The last of the first list", "The first of the second one"):
        confirming.issue_one(acme, achievement, name=name, send_mail=False, now=now, actor=None)
    first, second = acme.status_lists.order_by("pk")
    assert (first.used / first.entries <= 0.6, second.used) == (True, 1)
    assert [batch.status_spans for batch in Batch.objects.order_by("pk")] == [
        [[first.pk, first.used - 1, 1]], [[second.pk, 0, 1]],
    ]  # fmt: skip


def test_a_bit_is_set_for_ever(acme: Issuer, now: datetime) -> None:
    reserve(acme, 1, now)
    listed = acme.status_lists.get()
    for index in (5, 131_071):
        with transaction.atomic():
            status_lists.withdraw([Credential(status_list=listed, status_index=index)], now)
    key = issuer_keys.create(acme, now=now, actor=None)
    with transaction.atomic():
        status_lists.sign_all_again(acme, now)
    listed.refresh_from_db()
    bits = read_list(parse(listed.text), "revocation")
    assert [index for index in range(len(bits)) if bits.get(index)] == [5, 131_071]
    assert listed.text.count(f"#{key.multikey}") == 2
