"""What reading a people file gives: rows that can be issued, and remarks with line and column on everything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

State: TypeAlias = Literal["ready", "warning", "duplicate"]
"""What the file alone says about a row. Two more states, already issued and renewal, need the records; rows in error
are not rows but `RowError`s."""

DateOrder: TypeAlias = Literal["dmy", "mdy", "ymd"]
How: TypeAlias = Literal["mapped", "known", "similar", "values"]

_SHOWN = 80


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list that can become a credential.

    `line` is where the row starts: the row number in a spreadsheet program, the line number in a text editor. `name` is
    as it will be printed (NFC, single spaces). `email` keeps its case; compare it lower-cased. `awarded` and `expires`
    are None where the file says nothing, never where it is unclear: such a row is an error or behind a question.
    `hours` is a number of hours or credits. `status` is what the list says of how it ended (“Completed”). `extra` holds
    the cells of all other columns by their header, empty ones left out. `duplicate_of` is the line of the first row for
    the same person (and course).
    """

    line: int
    name: str
    email: str | None = None
    employee_number: str | None = None
    department: str | None = None
    job_role: str | None = None
    course: str | None = None
    awarded: date | None = None
    expires: date | None = None
    result: str | None = None
    hours: float | None = None
    evidence: str | None = None
    language: str | None = None
    note: str | None = None
    status: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    state: State = "ready"
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the value of one cell; `fatal` when no credential can be made from it."""

    code: str
    reason: str
    hint: str = ""
    fatal: bool = True


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a line cannot be issued. `column` is the header (or its letter), `position` counts columns from 1 and is 0
    where no single column is to blame; `value` is the cell as it stands, shortened to 80 characters."""

    line: int
    column: str
    value: str
    reason: str
    hint: str = ""
    code: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class RowWarning:
    """What somebody should look at before a line is issued. Same members as `RowError`."""

    line: int
    column: str
    value: str
    reason: str
    hint: str = ""
    code: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column as found: `field` is what it was taken for (None: an extra column), `sure` is 0 to 1, `how` says why."""

    position: int
    letter: str
    header: str
    field: str | None
    sure: float
    how: How | None
    examples: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The header, or “column C” where the file has none."""
        return self.header or f"column {self.letter}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer to a question. `value` is what to hand to `read`; `examples` show what it would mean."""

    value: str
    meaning: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can decide. `parameter` names the argument of `read` that takes the chosen value:
    ``date_order``, ``sheet``, or ``mapping`` (then for the field `field`)."""

    code: str
    message: str
    parameter: str
    choices: tuple[Choice, ...]
    field: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the whole file that is good to know and stops nothing."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Lines `first` to `last` (both included) that are no rows of the list, and why."""

    first: int
    last: int
    reason: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How the lines of one list are read, once this is known: enough to judge a line again without the file.

    `date_order` is how its dates are written; without one, `contradiction` are two of its values that exclude each
    other. `family_first` and `original` are about its names, `epoch_1904` about the dates of its workbook.
    """

    date_order: DateOrder | None = None
    contradiction: tuple[str, str] | None = None
    epoch_1904: bool = False
    family_first: bool = False
    original: bool = False


@dataclass(frozen=True, slots=True)
class LineRead:
    """One line of the list with its `cells` as they stand, what was read from them, and what is to say about it.

    `row` is there even for a line that cannot be issued, with whatever of it could be read.
    """

    line: int
    cells: tuple[str, ...]
    row: PersonRow
    problems: tuple[RowError | RowWarning, ...] = ()

    @property
    def fatal(self) -> bool:
        """Whether no credential can be made from the line."""
        return any(isinstance(problem, RowError) for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Reading:
    """A people file, read.

    `rows` are in the order of the file and free of guesses. While there are `questions`, the rows that depend on the
    answers are missing: ask, and read again with the answers. `rejected` holds the cells of every line in error, so
    that a door can show them for repair or hand out just those lines. `lines` is every line of the list, where the
    caller asked for them; with `manner`, single ones can be judged again.
    """

    filename: str
    kind: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    header_line: int
    columns: tuple[Column, ...] = ()
    rows: tuple[PersonRow, ...] = ()
    errors: tuple[RowError, ...] = ()
    warnings: tuple[RowWarning, ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[Note, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    filtered: int = 0
    rejected: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    lines: tuple[LineRead, ...] = ()
    manner: Manner = field(default_factory=Manner)

    @property
    def to_issue(self) -> tuple[PersonRow, ...]:
        """The rows that may become credentials: ready ones and those with warnings, not the duplicates."""
        return tuple(row for row in self.rows if row.state != "duplicate")

    def counts(self) -> dict[str, int]:
        """How many lines are ready, warning, duplicate and error."""
        states = Counter[str](row.state for row in self.rows)
        return {state: states[state] for state in ("ready", "warning", "duplicate")} | {"error": len(self.rejected)}


def shorten(value: str) -> str:
    """`value` for a message: at most 80 characters, control characters made visible."""
    shown = "".join(character if character.isprintable() else repr(character)[1:-1] for character in value[:_SHOWN])
    return f"{shown[:_SHOWN]}…" if len(value) > _SHOWN or len(shown) > _SHOWN else shown
