"""Long lists in pages, found by key: no page costs more than the one before, and no cursor stays open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

TOGETHER = 200

M = TypeVar("M", bound=Model)


def through(records: QuerySet[M], together: int = TOGETHER) -> Iterator[M]:
    """All of `records` in the order of their keys, `together` at a time, with what they prefetch or select."""
    ordered = records.order_by("pk")
    last = 0
    while page := list(ordered.filter(pk__gt=last)[:together]):
        yield from page
        last = page[-1].pk


@dataclass(frozen=True, slots=True)
class Slice(Generic[M]):
    """One page of a list. `before` and `after` are the keys to ask for the neighbouring pages with, None at an end."""

    records: list[M]
    before: int | None
    after: int | None


def slice_of(
    records: QuerySet[M], order: Sequence[str], *, after: int | None = None, before: int | None = None, size: int = 50
) -> Slice[M]:
    """The page of `records` behind the one with key `after`, or in front of the one with key `before`.

    `order` is a field and ``pk``, both rising or both falling (``-``), or ``pk`` alone; the field is never null. The
    place is looked up by key, so that no value (a name, an address) has to stand in a link. A key that is gone, or is
    not among `records`, gives the first page.
    """
    at = after if after is not None else before
    place = records.filter(pk=at).values_list(*(field.lstrip("-") for field in order)).first() if at else None
    backwards = place is not None and after is None
    wanted = [_turned(field) for field in order] if backwards else list(order)
    chosen = records.order_by(*wanted)
    if place is not None:
        chosen = chosen.filter(_beyond(wanted, place))
    page = list(chosen[: size + 1])
    more, page = len(page) > size, page[:size]
    if backwards:
        page.reverse()
        return Slice(page, page[0].pk if more else None, page[-1].pk if page else None)
    return Slice(page, page[0].pk if place is not None and page else None, page[-1].pk if more else None)


def _turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _beyond(order: Sequence[str], place: Sequence[Any]) -> Q:
    """Behind `place`: written so that a database finds the beginning in an index."""
    first, side = order[0].lstrip("-"), "lt" if order[0].startswith("-") else "gt"
    if len(order) == 1:
        return Q(**{f"{first}__{side}": place[0]})
    return Q(**{f"{first}__{side}e": place[0]}) & (
        Q(**{f"{first}__{side}": place[0]}) | Q(**{f"{order[1].lstrip('-')}__{side}": place[1]})
    )
