"""The status lists of an issuer: which entry each credential gets, long before it is made.

All achievements of an issuer share its lists. Each list has a random permutation of its entries, fixed by a secret
seed: entries are given away along it, so that taking a thousand is moving one counter, and yet an index tells nothing
about when or what for. A list is never filled beyond `_FULL`: which bits stand for nobody must stay open.
"""

from __future__ import annotations

import hashlib
import secrets
import sys
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from laurea.actions import addresses, issuer_keys, issuing
from laurea.credentials.status_list import MINIMUM_ENTRIES
from laurea.credentials.status_list import StatusList as Bits
from laurea.records.models import Issuer, StatusList

_FULL = 0.6
_SEED_BYTES = 32

Span = tuple[int, int, int]
"""Entries of one list: its primary key, the first one counted along its permutation, and how many."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The bit of one credential."""

    status_list: StatusList
    index: int


def reserve(issuer: Issuer, count: int, now: datetime) -> list[Span]:
    """Take `count` entries, from several lists where one has not enough, new ones where none has.

    To be called within a transaction that holds the issuer's row. None where addresses do not last: a signed document
    may not name a list that nobody can fetch. Raises `KeyMaterialError`.
    """
    spans: list[Span] = []
    if not addresses.lasting():
        return spans
    lists = list(issuer.status_lists.select_for_update(no_key=True).only("id", "entries", "used").order_by("id"))
    while count:
        status_list = next((each for each in lists if each.used < _room(each)), None)
        if status_list is None:
            status_list = _begin(issuer, now)
            lists.append(status_list)
        taken = min(count, _room(status_list) - status_list.used)
        spans.append((status_list.pk, status_list.used, taken))
        status_list.used += taken
        status_list.save(update_fields=["used"])
        count -= taken
    return spans


class Entries:
    """The entries of a batch, by the order of its rows."""

    def __init__(self, spans: Sequence[Sequence[int]]) -> None:
        """`spans` as `reserve` gave them, or as they come back from JSON."""
        self._spans = [(number, first, count) for number, first, count in spans]
        self._begins = [sum(count for _, _, count in self._spans[:place]) for place in range(len(self._spans))]
        self._lists = StatusList.objects.select_related("issuer").defer("text").in_bulk([span[0] for span in spans])

    def of(self, order: int) -> Entry | None:
        """The entry of the row in place `order`; None where the batch has none."""
        if not self._spans:
            return None
        place = bisect_right(self._begins, order) - 1
        number, first, count = self._spans[place]
        offset = order - self._begins[place]
        if offset >= count:
            raise IndexError(f"the batch has no entry for row {order}")
        status_list = self._lists[number]
        return Entry(status_list, permutation(bytes(status_list.seed), status_list.entries)[first + offset])


@lru_cache(maxsize=8)
def permutation(seed: bytes, entries: int) -> array[int]:
    """All indexes of a list in the order in which they are given away: sorted by numbers that SHAKE-256 of the seed
    gives (64 bits each, so that equal ones are beyond hope)."""
    numbers = array("Q", hashlib.shake_256(b"laurea status list " + seed).digest(8 * entries))
    if sys.byteorder == "big":
        numbers.byteswap()
    return array("I", sorted(range(entries), key=numbers.__getitem__))


def _room(status_list: StatusList) -> int:
    return int(status_list.entries * _FULL)


def _begin(issuer: Issuer, now: datetime) -> StatusList:
    """A new list with its first edition, in which nothing is set."""
    key = issuer_keys.active(issuer)
    status_list = StatusList(
        issuer=issuer,
        name=secrets.token_hex(8),
        seed=secrets.token_bytes(_SEED_BYTES),
        entries=MINIMUM_ENTRIES,
        edition=now.replace(microsecond=0),
        created=now,
    )
    edition = issuing.status_list(
        Bits.empty(status_list.entries),
        addresses.did(issuer, key),
        issuer_keys.unsealed(key),
        addresses.status_list(status_list),
        status_list.edition,
    )
    status_list.text = edition.decode("utf-8")
    status_list.save()
    return status_list
