"""Entries of status lists: each given once, spread at random, from lists that are never full."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction
from pytest_django import Settings

from laurea.actions import addresses, issuer_keys, status_lists
from laurea.credentials.document import parse
from laurea.credentials.status_list import MINIMUM_ENTRIES, read_list
from laurea.credentials.verification import Materials, verify
from laurea.records.models import Issuer, StatusList


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
