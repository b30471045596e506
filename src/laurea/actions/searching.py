"""Searching: the people and credentials of an issuer, by what somebody typed and chose.

Half a million credentials answer while one types: what is searched is folded and stands in the indexes
(`laurea.records.folding`); each list has an order that an index holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Coalesce

from laurea.actions import standing
from laurea.actions.standing import Standing
from laurea.credentials import code
from laurea.credentials.errors import CodeError
from laurea.records.folding import folded
from laurea.records.models import Achievement, Credential, Email, Issuer, Person

COUNTED = 1_000
"""How far matches are counted: “more than 1,000” says as much as the exact number, and costs nothing."""

_LONGEST = 200
_MOST_WORDS = 8
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212_]+")
_READINGS = str.maketrans("OIL", "011")
_PART_OF_A_CODE = 5

M = TypeVar("M", bound=Model)


class Sort(StrEnum):
    """The order of a list of credentials."""

    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which credentials. `achievement` and `batch` are keys; `since` and `until` are days of issue, both included."""

    text: str = ""
    standing: Standing | None = None
    achievement: int | None = None
    batch: int | None = None
    since: date | None = None
    until: date | None = None
    sort: Sort = Sort.NEWEST

    @property
    def order(self) -> Sequence[str]:
        """How the list is ordered: as was asked, or as only makes sense. For `paging.slice_of`."""
        if self.batch is not None:
            return ("pk",)  # the order of the file
        if self.natural:
            return _NATURAL[self.standing or Standing.EXPIRED]
        return _ORDERS[self.sort]

    @property
    def natural(self) -> bool:
        """Whether the state brings its own order: what expires next, what expired or was revoked last."""
        return self.standing in _NATURAL and not self.text.strip() and self.batch is None

    @property
    def everything(self) -> bool:
        """Whether nothing was chosen."""
        return self == Wanted(sort=self.sort)


_ORDERS = {Sort.NEWEST: ("-valid_from", "-pk"), Sort.OLDEST: ("valid_from", "pk"), Sort.NAME: ("search", "pk")}
_NATURAL = {
    Standing.EXPIRING: ("valid_until", "pk"),
    Standing.EXPIRED: ("-valid_until", "-pk"),
    Standing.REVOKED: ("-revoked", "-pk"),
}


def credentials(issuer: Issuer, wanted: Wanted, *, now: datetime) -> QuerySet[Credential]:
    """The credentials of `issuer` that are wanted, replaced ones left out, in their order."""
    found = Credential.objects.filter(issuer=issuer, superseded__isnull=True)
    if wanted.standing is not None and wanted.natural:
        found = found.filter(standing.having(wanted.standing, now))
    elif wanted.standing is not None:
        # Under another name, so that the database walks the list in its order and does not gather all that expires.
        found = found.alias(end=Coalesce("valid_until", "valid_until"))
        found = found.filter(standing.having(wanted.standing, now, end="end"))
    if wanted.achievement is not None:
        found = found.filter(achievement=wanted.achievement)
    if wanted.batch is not None:
        found = found.filter(batch=wanted.batch)
    if wanted.since is not None:
        found = found.filter(valid_from__gte=datetime.combine(wanted.since, time(), UTC))
    if wanted.until is not None and wanted.until < date.max:
        found = found.filter(valid_from__lt=datetime.combine(wanted.until + timedelta(days=1), time(), UTC))
    if typed := wanted.text.strip()[:_LONGEST]:
        found = found.filter(_said(issuer, typed))
    return found.order_by(*wanted.order)


def people(
    issuer: Issuer, *, text: str = "", department: str | None = None, active: bool | None = None
) -> QuerySet[Person]:
    """The people of `issuer`, by name; every word of `text` stands in the name, the number or an e-mail address."""
    found = Person.objects.filter(issuer=issuer)
    if department is not None:
        found = found.filter(department=department)
    if active is not None:
        found = found.filter(active=active)
    for word in _words(text):
        found = found.filter(Q(search__contains=folded(word)) | Q(pk__in=_with_address(issuer, word)))
    return found.order_by(*PEOPLE)


PEOPLE = ("search", "pk")
"""The order of people, for `paging.slice_of`."""


def counted(records: QuerySet[M]) -> int:
    """How many `records` there are, at most one more than COUNTED."""
    return records[: COUNTED + 1].count()


def _said(issuer: Issuer, typed: str) -> Q:
    """Each word is in the name, the e-mail address or the achievement's name; or all of it is a code or its start."""
    if (by_code := _code(issuer, typed)) is not None:
        return by_code
    names = [(key, folded(name)) for key, name in issuer.achievements.values_list("pk", "name")]
    found = Q()
    for word in map(folded, _words(typed)):
        found &= Q(search__contains=word) | Q(achievement__in=_holding(names, word))
    return found


def _holding(names: Iterable[tuple[int, str]], word: str) -> list[int]:
    return [key for key, name in names if word in name]


def _words(text: str) -> list[str]:
    return text[:_LONGEST].split()[:_MOST_WORDS]


def _code(issuer: Issuer, typed: str) -> Q | None:
    """A whole code however it was written, the address of its page, or the beginning of a code that exists."""
    typed = typed.rstrip("/").rpartition("/c/")[2]
    try:
        return Q(code=code.parse_code(typed))
    except CodeError:
        start = _SEPARATORS.sub("", typed).upper().translate(_READINGS)
    if not _PART_OF_A_CODE <= len(start) < code.LENGTH or not set(start) <= set(code.ALPHABET):
        return None
    if not any(character.isdigit() for character in typed):
        return None
    # Without the issuer, so that no database thinks of another index than that of the codes.
    begin = Credential.objects.filter(code__gte=start, code__lte=start.ljust(code.LENGTH, code.ALPHABET[-1]))
    keys = begin.order_by("code").values_list("pk", "issuer_id")[:COUNTED]
    mine = [key for key, owner in keys if owner == issuer.pk]
    return Q(pk__in=mine) if mine else None


def _with_address(issuer: Issuer, word: str) -> QuerySet[Email, int]:
    return Email.objects.filter(issuer=issuer, address__contains=word.lower()).values_list("person", flat=True)


def achievements(issuer: Issuer) -> QuerySet[Achievement]:
    """What credentials can be filtered by."""
    return issuer.achievements.only("pk", "name", "archived").order_by("name", "pk")
