"""Spans of time in which an answer about documents stays the same, so that it can be remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import VocabularyError
from laurea.credentials.moments import parse_moment

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` until just before `until`; None where there is no end."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether `now` lies in it."""
        return (self.since is None or self.since <= now) and (self.until is None or now < self.until)


def span(documents: Iterable[Document], now: datetime) -> Span:
    """The span around `now` without a moment at which an answer about one of `documents` may change.

    Every question about time compares `now` with a moment that a document or proof names.
    """
    found = [moment for document in documents for moment in _moments(document)]
    since = max((moment for moment in found if moment <= now), default=None)
    return Span(since, min((moment for moment in found if moment > now), default=None))


def _moments(document: Document) -> Iterator[datetime]:
    """Every moment in a document, whatever it is said to be."""
    waiting: list[JSON] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, str) and len(value) <= _LONGEST and value[:4].isdecimal():
            try:
                yield parse_moment(value)
            except VocabularyError:
                continue
