"""What a list of people cannot tell about its rows: fonts, the rules of Open Badges, and time. Asked by every door."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from laurea.actions.achievements import Period
from laurea.actions.batches import Column, PersonRow, RowError
from laurea.actions.issuing import LAST_SECOND
from laurea.credentials.vocabulary import terms
from laurea.rendering import fonts


@dataclass(frozen=True, slots=True)
class Rules:
    """What an achievement and a batch say about every row.

    `include` is what a row may add to the signed document, `validity` how long the achievement lasts, `awarded` the day
    for rows without one, `moment` when the credentials are issued, with time zone.
    """

    include: Collection[str]
    validity: Period | None
    awarded: date
    moment: datetime

    def expires(self, row: PersonRow) -> date | None:
        """The last day on which the row's credential is valid; None for ever."""
        if row.expires or not self.validity:
            return row.expires
        return self.validity.after(row.awarded or self.awarded)


def problem(row: PersonRow, columns: Sequence[Column], rules: Rules) -> RowError | None:
    """Why no credential can be made from `row`, or None. `columns` are those of its list."""
    if missing := fonts.missing_characters(row.name):
        listed = ", ".join(str(character) for character in missing[:3])
        return _error(columns, row, "name", row.name, f"no font can show {listed}", "Write the name without it")
    if row.email and not terms.EMAIL.fullmatch(row.email):
        return _error(columns, row, "email", row.email, "is no e-mail address", "Correct it, or leave it empty")
    if "evidence" in rules.include and row.evidence and not terms.HTTP_URL.fullmatch(row.evidence):
        return _error(columns, row, "evidence", row.evidence, "is no address", terms.how_to_write(row.evidence))
    expires = rules.expires(row)
    if expires is not None and datetime.combine(expires, LAST_SECOND, UTC) <= rules.moment:
        own = row.expires is not None
        value = (row.expires or row.awarded or rules.awarded).isoformat()
        return _error(
            columns,
            row,
            "expires" if own else "awarded",
            value,
            f"the credential would have expired already, on {expires.isoformat()}",
            "Correct the date" if own else "Correct the date, or the validity in the achievement",
        )
    return None


def _error(columns: Sequence[Column], row: PersonRow, field: str, value: str, reason: str, hint: str) -> RowError:
    places = ("name", "last_name", "first_name") if field == "name" else (field,)
    column = next((column for place in places for column in columns if column.field == place), None)
    return RowError(
        line=row.line,
        column=column.label if column else field,
        value=value,
        reason=reason,
        hint=hint,
        code=f"row.{field}",
        position=column.position if column else 0,
    )
