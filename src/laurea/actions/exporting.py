"""Exporting: lists as CSV that opens in every spreadsheet program and reads back into Laurea.

UTF-8 with a byte order mark, without which Excel takes accents for something else. No cell is ever calculated: see
`laurea.actions.batches.escape_cell`. Written piece by piece, so that a long list costs no memory.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy

from laurea.actions import addresses, paging, standing
from laurea.actions.batches import escape_cell
from laurea.actions.standing import Standing
from laurea.credentials.code import format_code
from laurea.records.models import Credential, Delivery, Person

STANDINGS = {
    Standing.VALID: gettext_lazy("Valid"),
    Standing.EXPIRING: gettext_lazy("Expires soon"),
    Standing.EXPIRED: gettext_lazy("Expired"),
    Standing.REVOKED: gettext_lazy("Revoked"),
    Standing.REPLACED: gettext_lazy("Replaced"),
}
"""The words for how a credential stands."""

_TOGETHER = 500


def csv_of(credentials: QuerySet[Credential], *, now: datetime | None = None) -> Iterator[bytes]:
    """`credentials`, a line each, with what a list of them shows and the address of the public page.

    Headings and states are in the language of the caller.
    """
    moment = now or timezone.now()
    standings = {value: str(word) for value, word in STANDINGS.items()}
    deliveries = {value: str(word) for value, word in Delivery.State.choices}
    headings = (
        gettext("Name"), gettext("E-mail"), gettext("Employee number"), gettext("Department"), gettext("Achievement"),
        gettext("Date of award"), gettext("Issued on"), gettext("Expires on"), gettext("State"), gettext("Code"),
        gettext("Link"), gettext("Batch"), gettext("Mail"),
    )  # fmt: skip

    def cells(credential: Credential) -> Sequence[str]:
        person = credential.person
        mails = list(credential.deliveries.all())
        return (
            credential.name,
            credential.email,
            person.employee_number if person else "",
            person.department if person else "",
            credential.achievement.name,
            credential.awarded.isoformat(),
            _day(credential.valid_from),
            _day(credential.valid_until),
            standings[standing.of(credential, moment)],
            format_code(credential.code),
            addresses.credential(credential.code),
            credential.batch.file_name,
            deliveries[mails[-1].state] if mails else "",
        )

    wanted = (
        credentials.select_related("achievement", "person", "batch")
        .defer("text", "batch__reading", "batch__options", "achievement__description", "achievement__criteria")
        .prefetch_related(Prefetch("deliveries", Delivery.objects.order_by("pk")))
    )
    return _written(headings, paging.through(wanted, _TOGETHER), cells)


def csv_of_people(people: QuerySet[Person]) -> Iterator[bytes]:
    """`people`, a line each, under headings that an import of people understands again."""
    yes, no = gettext("yes"), gettext("no")
    headings = (
        gettext("Name"), gettext("E-mail"), gettext("Employee number"), gettext("Department"), gettext("Job role"),
        gettext("Language"), gettext("Active"), gettext("Other e-mail addresses"),
    )  # fmt: skip

    def cells(person: Person) -> Sequence[str]:
        emails = sorted(person.emails.all(), key=lambda email: (not email.primary, email.address))
        first = [email.address for email in emails[:1]]
        return (
            person.name,
            "".join(first),
            person.employee_number,
            person.department,
            person.job_role,
            person.language,
            yes if person.active else no,
            " ".join(email.address for email in emails[1:]),
        )

    return _written(headings, paging.through(people.prefetch_related("emails"), _TOGETHER), cells)


def lines_of(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Any small table in the same manner: the lines of a file that were refused, with the reasons."""
    return _written(headings, iter(lines), lambda line: line)


def _written(
    headings: Sequence[str], records: Iterator[object], cells: Callable[..., Sequence[str]]
) -> Iterator[bytes]:
    """Eager about whatever depends on the language, lazy about the records."""
    # Excel divides by the list separator of the country, which is a semicolon wherever the comma divides numbers.
    delimiter = ";" if (get_language() or "").startswith("de") else ","
    return _pieces(headings, records, cells, delimiter)


def _pieces(
    headings: Sequence[str], records: Iterator[object], cells: Callable[..., Sequence[str]], delimiter: str
) -> Iterator[bytes]:
    page = io.StringIO(newline="")
    writer = csv.writer(page, delimiter=delimiter, lineterminator="\r\n")
    page.write("\ufeff")
    writer.writerow(headings)
    for number, record in enumerate(records, start=1):
        writer.writerow([escape_cell(cell) for cell in cells(record)])
        if number % _TOGETHER == 0:
            yield page.getvalue().encode()
            page.seek(0)
            page.truncate()
    yield page.getvalue().encode()


def _day(moment: datetime | None) -> str:
    """The calendar day of a moment. Credentials begin and end by UTC."""
    return "" if moment is None else f"{moment:%Y-%m-%d}"
