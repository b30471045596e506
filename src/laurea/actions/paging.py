"""Long lists, read in pages by primary key: no page costs more than the one before, and no cursor stays open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

TOGETHER = 200

M = TypeVar("M", bound=Model)


def through(records: QuerySet[M], together: int = TOGETHER) -> Iterator[M]:
    """All of `records` in the order of their keys, `together` at a time, with what they prefetch or select."""
    ordered = records.order_by("pk")
    last = 0
    while page := list(ordered.filter(pk__gt=last)[:together]):
        yield from page
        last = page[-1].pk
