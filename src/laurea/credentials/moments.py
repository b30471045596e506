"""Points in time as credentials write them: XML Schema's dateTimeStamp, that is ISO 8601 with a time zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from laurea.credentials.errors import VocabularyError

_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,20}))?(?:Z|([+-])(\d\d):(\d\d))",
    re.ASCII,
)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_FARTHEST_ZONE = timedelta(hours=14)
_HINT = "Write it like 2026-05-31T12:00:00Z or 2026-05-31T12:00:00+02:00"


def parse_moment(text: str) -> datetime:
    """The moment that `text` names, with its own time zone; fractions beyond microseconds are cut off.

    Refuses with `VocabularyError` (``vocabulary.moment``): no time zone, a zone beyond 14 hours, leap seconds, hour 24,
    the year 0, days that do not exist. Some of these are legal in some standards; no two programs agree on them.
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise _error(text, "is not a date and time with a time zone")
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction, sign, zone_hours, zone_minutes = match.groups()[6:]
    offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes)) if sign else timedelta()
    if offset > _FARTHEST_ZONE or (sign and int(zone_minutes) > 59):
        raise _error(text, "has a time zone that does not exist")
    zone = timezone(-offset if sign == "-" else offset) if offset else UTC
    try:
        return datetime(year, month, day, hour, minute, second, int((fraction or "0").ljust(6, "0")[:6]), zone)
    except ValueError:
        raise _error(text, "names a moment that does not exist") from None


def format_moment(moment: datetime) -> str:
    """`moment` in the form that `parse_moment` reads, in its own time zone, with ``Z`` for UTC.

    Raises `VocabularyError` (``vocabulary.moment``) when it has no time zone: whose midnight is meant would be a guess.
    """
    offset = moment.utcoffset()
    if offset is None:
        raise _error(moment.isoformat(), "has no time zone")
    if offset % timedelta(minutes=1) or abs(offset) > _FARTHEST_ZONE:
        raise _error(moment.isoformat(), "has a time zone that cannot be written")
    return moment.isoformat().removesuffix("+00:00") + ("" if offset else "Z")


def parse_day(text: str) -> date:
    """A calendar day, ``2026-05-31``. Raises `VocabularyError` (``vocabulary.day``)."""
    match = _DAY.fullmatch(text)
    try:
        if match is not None:
            return date(*(int(part) for part in match.groups()))
    except ValueError:
        pass
    raise VocabularyError("vocabulary.day", f"“{_short(text)}” is not a day", "Write it like 2026-05-31")


def _error(text: str, problem: str) -> VocabularyError:
    return VocabularyError("vocabulary.moment", f"“{_short(text)}” {problem}", _HINT)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
