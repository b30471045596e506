"""Dates as people write them. The order of day and month is decided for the whole file, by evidence, or asked about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from laurea.actions.batches.rows import Choice, DateOrder, Finding
from laurea.actions.batches.tables import Cell, is_nothing

EARLIEST = date(1950, 1, 1)
LATEST = date(2199, 12, 31)
ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")
MEANINGS: dict[str, str] = {
    "dmy": "day, month, year",
    "mdy": "month, day, year",
    "ymd": "year, month, day",
}

_TIME = re.compile(
    r"""(?:^|[\sT,]+)(?:um\s+|at\s+)?
    \d{1,2}(?::\d{2}){1,2}(?:[.,]\d{1,9})?            # 14:05, 2:05:33, 14:05:33.123456
    \s*(?:[ap]\.?\s?m\.?|uhr)?                        # PM, p.m., Uhr
    \s*(?:z|utc|gmt|[a-z]{2,5}|[a-z_]+/[a-z_/]+)?     # Z, CET, America/New York
    (?:[\s_][a-z]+)?
    \s*(?:\(?(?:utc|gmt)?\s*[+-]\d{1,2}:?\d{0,2}\)?)?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMERIC = re.compile(r"(\d{1,4})\s?([./\-\u2010-\u2013 ])\s?(\d{1,2})\s?\2\s?(\d{1,4})\.?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?", re.ASCII)
_COMPACT = re.compile(r"(19|20)(\d\d)(\d\d)(\d\d)", re.ASCII)
_WORDS = re.compile(r"\d+|[^\W\d_]+")
_WEEKDAY = re.compile(r"([^\W\d_]{2,10})\.?,?\s+(?=\d)")  # Fr., 20.11.2026
_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]", re.ASCII)

_MONTHS = (
    "january jan janner januar janv janvier enero ene gennaio gen januari",
    "february feb februar fevr fev fevrier febrero febbraio februari",
    "march mar marz maerz mrz mars marzo maart mrt",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag mei",
    "june jun juni juin junio giugno giu",
    "july jul juli juillet juil julio luglio lug",
    "august aug aout agosto ago augustus",
    "september sep sept septembre septiembre settembre set",
    "october oct oktober okt octobre octubre ottobre ott",
    "november nov novembre noviembre",
    "december dec dezember dez decembre diciembre dic dicembre",
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_FILLER_WORDS = (
    "st nd rd th the of de del den der am le er "
    "mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday "
    "mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag sonnabend so sonntag"
)
_FILLERS = frozenset(_FILLER_WORDS.split())
_NAMES = "January February March April May June July August September October November December"
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class Reader:
    """How the dates of one file are read: with `order`, or with no order known and `candidates` still possible.

    `contradictions` are two values of the file that cannot have been written in one order.
    """

    order: DateOrder | None
    candidates: frozenset[DateOrder] = frozenset()
    contradiction: tuple[str, str] | None = None
    epoch_1904: bool = False

    def read(self, cell: Cell) -> date | Finding | None:
        """The day that `cell` names; None for an empty cell; a `Finding` when it names none, or more than one."""
        if isinstance(cell, datetime):
            return _in_range(cell.date(), cell.isoformat(" "))
        if isinstance(cell, date):
            return _in_range(cell, cell.isoformat())
        text = _without_time(cell)
        if not text or is_nothing(text):
            return None if is_nothing(text) or not cell.strip() else _no_date()
        possible = _possible(text, self.epoch_1904)
        if not possible:
            return _no_date()
        days = set(possible.values())
        if len(days) == 1 and (self.order is None or self.order in possible or _FIXED in possible):
            return _in_range(days.pop(), text)
        if self.order is not None:
            if self.order in possible:
                return _in_range(possible[self.order], text)
            return Finding("row.date-order", f"this is no date when read {MEANINGS[self.order]}", "Correct the date")
        return self._undecided()

    def _undecided(self) -> Finding:
        if self.contradiction:
            one, other = self.contradiction
            return Finding(
                "row.date-ambiguous",
                f"day and month cannot be told apart: the file has both “{one}” and “{other}”",
                "Write it as 2026-05-31, or name the order of the column",
            )
        return Finding(
            "row.date-ambiguous",
            "day and month cannot be told apart",
            "Say in which order the dates are written, or write them as 2026-05-31",
        )

    def choices(self, examples: Sequence[str]) -> tuple[Choice, ...]:
        """What each possible order would make of `examples`, for a question to the user."""
        answers = []
        for order in ORDERS:
            if order in self.candidates:
                shown = tuple(
                    f"{example} is {_in_words(possible[order])}"
                    for example in examples
                    if order in (possible := _possible(_without_time(example), self.epoch_1904))
                )
                answers.append(Choice(order, MEANINGS[order], shown))
        return tuple(answers)


def order_in(header: str) -> DateOrder | None:
    """The order that a header such as “Date (DD/MM/YYYY)” or “Datum [TT.MM.JJJJ]” names."""
    if match := _PATTERN.search(header):
        written = match[0].lower()
        j = "d" if "a" in written else "y"  # jj/mm/aaaa is French, TT.MM.JJJJ German
        letters = "".join(_LETTER.get(part[0], j) for part in re.split(r"[^a-z]+", written))
        return next((order for order in ORDERS if order == letters), None)
    return None


def reader_for(values: Iterable[Cell], order: DateOrder | None, *, epoch_1904: bool = False) -> Reader:
    """How to read a file whose date columns hold `values` (repeated ones need to come once only).

    `order` is the user's word and ends all doubt. Else a value that fits one order only (a 13 or more, or day.month
    with dots) decides for all: one file comes from one program. Values that exclude each other leave the order unknown.
    """
    if order is not None:
        return Reader(order, epoch_1904=epoch_1904)
    candidates: frozenset[DateOrder] = frozenset(ORDERS)
    decided: dict[frozenset[DateOrder], str] = {}
    for value in values:
        if isinstance(value, str) and not _ISO.fullmatch(value):
            text = _without_time(value)
            possible = _possible(text, epoch_1904)
            fitting: frozenset[DateOrder] = frozenset(known for known in ORDERS if known in possible)
            if fitting and _FIXED not in possible:
                decided.setdefault(fitting, text)
                candidates &= fitting
    if candidates and len(candidates) == 1:
        return Reader(next(iter(candidates)), epoch_1904=epoch_1904)
    if candidates:
        return Reader(None, candidates, epoch_1904=epoch_1904)
    pairs = [(decided[one], decided[other]) for one in decided for other in decided if not one & other]
    return Reader(None, contradiction=pairs[0] if pairs else None, epoch_1904=epoch_1904)


def may_be_swapped(values: Iterable[Cell]) -> str | None:
    """A text among `values` that shows that a spreadsheet program may have swapped day and month of the dates in them.

    A program set to another country than its list takes 03/04/2026 for a date, the wrong one, and leaves 13/04/2026 as
    text: then all its dates have days that could be months, and no text has.
    """
    text = None
    dates = False
    for value in values:
        if not isinstance(value, str):
            dates = True
            if value.day > _MONTHS_A_YEAR:
                return None
        elif match := _NUMERIC.fullmatch(_without_time(value)):
            if len(match[1]) > 2:
                return None
            if max(int(match[1]), int(match[3])) <= _MONTHS_A_YEAR:
                return None
            text = value
    return text if dates else None


_MONTHS_A_YEAR = 12
_FIXED = "fixed"
_PATTERN = re.compile(r"\b(?:[dt]{1,2}|m{1,2}|[jya]{2,4})(?:[./ -](?:[dt]{1,2}|m{1,2}|[jya]{2,4})){2}\b", re.IGNORECASE)
_LETTER = {"d": "d", "t": "d", "m": "m", "y": "y", "a": "y"}


def _possible(text: str, epoch_1904: bool) -> dict[str, date]:
    """Every day that `text` may name, by the order it takes to read it so; under ``fixed`` where there is no doubt."""
    if match := _NUMERIC.fullmatch(text):
        return _numeric(match[1], match[2], match[3], match[4])
    if match := _COMPACT.fullmatch(text):
        return _fixed(int(match[1] + match[2]), int(match[3]), int(match[4]))
    if match := _SERIAL.fullmatch(text):
        day = (_EPOCH_1904 if epoch_1904 else _EPOCH) + timedelta(days=int(match[1]))
        return {_FIXED: day} if EARLIEST <= day <= LATEST else {}
    if match := _CJK.fullmatch(text):
        return _fixed(int(match[1]), int(match[2]), int(match[3]))
    return _with_month_name(text)


def _numeric(first: str, separator: str, second: str, third: str) -> dict[str, date]:
    if len(first) == 4:
        return _fixed(int(first), int(second), int(third)) if len(third) <= 2 else {}
    if len(first) > 2 or len(third) not in (2, 4):
        return {}
    year = _century(third)
    if separator == ".":
        day = _day(year, int(second), int(first))
        return {"dmy": day} if day else {}
    readings = {"dmy": _day(year, int(second), int(first)), "mdy": _day(year, int(first), int(second))}
    if separator != "/" and len(first) == 2 and len(third) == 2:
        readings["ymd"] = _day(_century(first), int(second), int(third))
    return {order: day for order, day in readings.items() if day}


def _with_month_name(text: str) -> dict[str, date]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    words = _WORDS.findall("".join(character for character in folded if not unicodedata.combining(character)))
    parts = [word for word in words if word not in _FILLERS]
    months = [number for number, word in enumerate(parts) if word in _MONTH]
    if len(parts) != 3 or len(months) != 1 or not all(part.isdecimal() or part in _MONTH for part in parts):
        return {}
    numbers = [part for part in parts if part not in _MONTH]
    day, year = numbers if len(numbers[0]) <= 2 and months[0] < 2 else reversed(numbers)
    if len(year) not in (2, 4) or len(day) > 2:
        return {}
    return _fixed(_century(year), _MONTH[parts[months[0]]], int(day))


def _fixed(year: int, month: int, day: int) -> dict[str, date]:
    found = _day(year, month, day)
    return {_FIXED: found} if found else {}


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _century(digits: str) -> int:
    """Two-digit years as spreadsheet programs and POSIX read them: 00-68 are 20xx, 69-99 are 19xx."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year <= 68 else 1900)


def _without_time(text: str) -> str:
    if len(text) == 10 and _ISO.fullmatch(text):
        return text
    text = text[:80].strip().strip("'\"").replace("\u00a0", " ").replace("\u202f", " ")
    if ":" in text:
        text = _TIME.sub("", text)
    if (day := _WEEKDAY.match(text)) and day[1].casefold() in _FILLERS:
        text = text[day.end() :]
    return text.strip().strip(",").strip()


def _no_date() -> Finding:
    return Finding("row.date", "this is no date", "Write it as 2026-05-31 or 31.05.2026")


def _in_range(day: date, text: str) -> date | Finding:
    if EARLIEST <= day <= LATEST:
        return day
    return Finding(
        "row.date-range", f"{day.isoformat()} lies outside {EARLIEST.year} to {LATEST.year}", "Correct the year"
    )


def _in_words(day: date) -> str:
    return f"{day.day} {_NAMES.split()[day.month - 1]} {day.year}"


def is_datelike(cell: Cell) -> bool:
    """Whether `cell` could be a date in some order: used to tell headers and columns apart, never to read one."""
    return not isinstance(cell, str) or bool(_possible(_without_time(cell), epoch_1904=False))
