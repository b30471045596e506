"""A list to start from: with the columns that an achievement takes, and two lines that show how."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext

from laurea.actions import exporting
from laurea.records.models import Achievement


def of(achievement: Achievement, *, today: date) -> Iterator[bytes]:
    """A CSV file, with headings in the language of the reader; what `achievement.include` names has a column."""
    # Translators: how a date is written; keep it so that nobody can take the day for the month.
    day = today.strftime(gettext("%Y-%m-%d"))
    columns = [
        (gettext("Name"), "Ada Lovelace", "Alan Turing"),
        (gettext("E-mail"), "ada@example.com", "alan@example.com"),
        (gettext("Employee number"), "1001", "1002"),
        (gettext("Department"), gettext("Research"), gettext("Sales")),
        (gettext("Date of award"), day, day),
    ]
    more = {
        "result": (gettext("Result"), "92 %", "87 %"),
        "hours": (gettext("Hours"), "8", "6"),
        "evidence": (gettext("Evidence"), "https://example.com/work/1001", ""),
    }
    columns += [more[name] for name in more if name in achievement.include]
    heading, *lines = zip(*columns, strict=True)
    return exporting.lines_of(heading, lines)
