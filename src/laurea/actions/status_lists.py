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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import QuerySet

from laurea.actions import addresses, issuer_keys, issuing
from laurea.credentials.document import parse
from laurea.credentials.status_list import MINIMUM_ENTRIES, read_list
from laurea.credentials.status_list import StatusList as Bits
from laurea.credentials.verification.presented import LARGEST_LIST
from laurea.records.models import Credential, Issuer, Key, StatusList

PURPOSE = "revocation"
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


def withdraw(credentials: Iterable[Credential], now: datetime) -> None:
    """Set the bits of `credentials` for good and sign the new editions of their lists, which are public at once.

    To be called in the transaction of the act that withdraws them. No bit is ever cleared. Credentials that name no
    list are passed over. Raises `KeyMaterialError`.
    """
    indexes: dict[int, list[int]] = {}
    for each in credentials:
        if each.status_list_id is not None and each.status_index is not None:
            indexes.setdefault(each.status_list_id, []).append(each.status_index)
    for status_list in _held(StatusList.objects.filter(pk__in=indexes)):
        _sign_again(status_list, indexes[status_list.pk], now)


def sign_all_again(issuer: Issuer, now: datetime) -> None:
    """Sign every list of `issuer` again with the key that is active now: what another key signed need not be trusted.

    To be called in a transaction. Raises `KeyMaterialError`.
    """
    for status_list in _held(StatusList.objects.filter(issuer=issuer)):
        _sign_again(status_list, (), now)


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


def _held(lists: QuerySet[StatusList]) -> QuerySet[StatusList]:
    """The lists, locked until the transaction ends; always in the same order, so that nobody waits for each other."""
    return lists.select_for_update(no_key=True, of=("self",)).select_related("issuer").order_by("id")


def _sign_again(status_list: StatusList, indexes: Iterable[int], now: datetime) -> None:
    bits = read_list(parse(status_list.text, max_bytes=LARGEST_LIST), PURPOSE).set(indexes)
    _sign(status_list, bits, issuer_keys.active(status_list.issuer), now)
    status_list.save(update_fields=["text", "edition"])


def _room(status_list: StatusList) -> int:
    return int(status_list.entries * _FULL)


def _begin(issuer: Issuer, now: datetime) -> StatusList:
    """A new list with its first edition, in which nothing is set."""
    status_list = StatusList(
        issuer=issuer,
        name=secrets.token_hex(8),
        seed=secrets.token_bytes(_SEED_BYTES),
        entries=MINIMUM_ENTRIES,
        created=now,
    )
    _sign(status_list, Bits.empty(status_list.entries), issuer_keys.active(issuer), now)
    status_list.save()
    return status_list


def _sign(status_list: StatusList, bits: Bits, key: Key, now: datetime) -> None:
    """Make the next edition, with these bits. It is not saved yet."""
    status_list.edition = now.replace(microsecond=0)
    edition = issuing.status_list(
        bits,
        addresses.did(status_list.issuer, key),
        issuer_keys.unsealed(key),
        addresses.status_list(status_list),
        status_list.edition,
    )
    status_list.text = edition.decode("utf-8")
