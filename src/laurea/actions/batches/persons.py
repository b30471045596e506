"""One line of cells to one row, or to the reasons why not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from rapidfuzz import fuzz

from laurea.actions.batches.columns import Recognised
from laurea.actions.batches.dates import Reader, is_datelike
from laurea.actions.batches.escaping import unescape_cell
from laurea.actions.batches.outcomes import is_failure, is_mark, is_unfinished
from laurea.actions.batches.people import clean_address, clean_name, clean_text, damaged, is_simple_name, tidy
from laurea.actions.batches.rows import Column, Finding, LineRead, PersonRow, RowError, RowWarning, shorten
from laurea.actions.batches.synonyms import is_attendance, is_completion
from laurea.actions.batches.tables import Cell, is_nothing, plain_text
from laurea.credentials.vocabulary import terms

_TEXTS = ("employee_number", "department", "job_role", "course", "result", "note", "status")
_LONGEST_TEXT = 2_000
_LINK = re.compile(r"https?://[^\s/@]+\.[^\s@/]+(?:[/?#]\S*)?", re.IGNORECASE)
_HOURS = re.compile(
    r"(\d{1,5})(?:[.,](\d{1,3}))?\s*(?:h|hrs?|hours?|std\.?|stunden|ue|ects|cpd|cpe|cp|credits?)?", re.IGNORECASE
)
_LANGUAGE = re.compile(r"([A-Za-z]{2,4})(?:[-_]([A-Z][a-z]{3}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")
_LANGUAGES: Mapping[str, str] = {
    "english": "en", "englisch": "en", "german": "de", "deutsch": "de", "french": "fr", "francais": "fr",
    "franzosisch": "fr", "spanish": "es", "espanol": "es", "spanisch": "es", "italian": "it", "italiano": "it",
    "italienisch": "it", "dutch": "nl", "nederlands": "nl", "niederlandisch": "nl", "portuguese": "pt", "polish": "pl",
    "polnisch": "pl", "turkish": "tr", "turkisch": "tr", "ukrainian": "uk", "chinese": "zh", "japanese": "ja",
    "korean": "ko", "arabic": "ar", "hebrew": "he", "hindi": "hi", "thai": "th", "russian": "ru", "greek": "el",
}  # fmt: skip
_KEPT = 10_000
_REMARKS = 2
_NOTHING: Mapping[str, str] = {}
_SAME_PERSON = 90.0


@dataclass(slots=True)
class PersonReader:
    """Reads the lines of one list, one after the other, and remembers whom it has seen.

    `family_first` says that the name column is written “family name, first name”; `original` that it is Zoom's.
    With `keep` every line stays in `lines`; without `by_course` a person may appear once only, whatever the course.
    """

    recognised: Recognised
    dates: Reader
    today: date
    family_first: bool = False
    original: bool = False
    keep: bool = False
    by_course: bool = True
    lines: list[LineRead] = field(default_factory=list)
    rows: list[PersonRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowWarning] = field(default_factory=list)
    rejected: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _places: dict[str, int] = field(init=False)
    _texts: tuple[tuple[str, int], ...] = field(init=False)
    _extras: tuple[tuple[int, str], ...] = field(init=False)
    _width: int = field(init=False)
    _missing: Finding | None = field(init=False)
    _marked: bool = field(init=False)
    _days: dict[Cell, date | Finding | None] = field(init=False, default_factory=dict)
    _seen: dict[str, dict[str, PersonRow]] = field(init=False)
    _kept: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        columns = self.recognised.columns
        self._width = len(columns)
        self._places = {column.field: column.position - 1 for column in columns if column.field}
        position = self.recognised.position("awarded")
        self._missing = _missing(columns[position - 1]) if position else None
        position = self.recognised.position("status")
        shown = columns[position - 1].examples if position else ()
        self._marked = any(map(is_mark, shown)) and all(is_mark(text) or is_nothing(text) for text in shown)
        self._seen = {place: {} for place in ("email", "employee_number", "name")}
        self._texts = tuple((place, self._places[place]) for place in _TEXTS if place in self._places)
        self._extras = _labels(self.recognised.extras())

    def read(self, line: int, cells: list[Cell]) -> None:
        """Adds the row on `line`, or its errors. `cells` is filled up to the width of the list."""
        if len(cells) < self._width:
            cells.extend([""] * (self._width - len(cells)))
        findings: list[tuple[str, Finding]] = []
        places = self._places
        texts = {place: self._text(cells[index], place, findings) for place, index in self._texts}
        awarded = self._day(cells, "awarded", findings) if "awarded" in places else None
        expires = self._day(cells, "expires", findings) if "expires" in places else None
        row = PersonRow(
            line,
            self._name(cells, findings),
            self._email(cells, findings) if "email" in places else None,
            texts.get("employee_number"),
            texts.get("department"),
            texts.get("job_role"),
            texts.get("course"),
            awarded,
            expires,
            texts.get("result"),
            self._hours(cells, findings) if "hours" in places else None,
            self._evidence(cells, findings) if "evidence" in places else None,
            self._language(cells, findings) if "language" in places else None,
            texts.get("note"),
            texts.get("status"),
            self._extra(cells) if self._extras else _NOTHING,
        )
        if row.status and is_unfinished(row.status):
            findings.append(("status", _unfinished()))
        elif self._marked and not row.status:
            reason = "there is no mark here, and others have one"
            findings.append(("status", Finding("row.status", reason, "Delete the line, or put a mark in the cell")))
        elif row.result and is_failure(row.result):
            findings.append(("result", _unfinished()))
        elif self._missing and awarded is None and not any(place == "awarded" for place, _ in findings):
            findings.append(("awarded", self._missing))
        if awarded or expires:
            self._check_days(row, findings)
        if len(cells) > self._width and any(map(plain_text, cells[self._width :])):
            reason = f"the line has {len(cells)} cells, the header {self._width}"
            findings.append(
                ("", Finding("row.cells", reason, "Put a cell that holds the delimiter in quotation marks"))
            )
        if not findings or not any(finding.fatal for _, finding in findings):
            row = self._compared(row, findings)
        if findings:
            self._settle(row, cells, findings)
        else:
            self.rows.append(row)
            if self.keep:
                self.lines.append(LineRead(line, tuple(map(plain_text, cells)), row))

    def says_nothing(self, cells: Sequence[Cell]) -> bool:
        """Whether a line has at most a number or a remark, outside all the columns that say something of a person."""
        for place in self._places.values():
            if place < len(cells) and (cell := cells[place]) and (not isinstance(cell, str) or not cell.isspace()):
                return False
        return sum(bool(plain_text(cell).strip()) for cell in cells) <= _REMARKS

    def _check_days(self, row: PersonRow, findings: list[tuple[str, Finding]]) -> None:
        if row.awarded and row.awarded > self.today:
            findings.append(("awarded", Finding("row.future", "the date lies in the future", "Correct the date")))
        if row.expires and row.awarded and row.expires < row.awarded:
            findings.append(
                ("expires", Finding("row.expires", "it would expire before it was awarded", "Correct the date"))
            )
        elif row.expires and row.expires < self.today:
            findings.append(
                ("expires", Finding("row.expired", "it has expired already", "Check the date", fatal=False))
            )

    def _settle(self, row: PersonRow, cells: Sequence[Cell], findings: list[tuple[str, Finding]]) -> None:
        fatal = False
        problems: list[RowError | RowWarning] = []
        for place, finding in findings:
            column = self._column(place)
            value = plain_text(cells[column.position - 1]) if column and column.position <= len(cells) else ""
            details = (
                row.line, column.label if column else "", shorten(value), finding.reason, finding.hint, finding.code,
                column.position if column else 0,
            )  # fmt: skip
            if finding.fatal:
                self.errors.append(RowError(*details))
                problems.append(self.errors[-1])
                fatal = True
            else:
                self.warnings.append(RowWarning(*details))
                problems.append(self.warnings[-1])
        if fatal:
            self.rejected[row.line] = tuple(map(plain_text, cells))
        else:
            row = replace(row, state="warning") if row.state == "ready" else row
            self.rows.append(row)
        if self.keep:
            self.lines.append(LineRead(row.line, tuple(map(plain_text, cells)), row, tuple(problems)))

    def _column(self, place: str) -> Column | None:
        index = self._places.get(place)
        if index is None and place == "name":
            index = self._places.get("last_name", self._places.get("first_name"))
        return None if index is None else self.recognised.columns[index]

    def _cell(self, cells: Sequence[Cell], place: str) -> str:
        index = self._places.get(place)
        return "" if index is None else plain_text(cells[index])

    def _name(self, cells: Sequence[Cell], findings: list[tuple[str, Finding]]) -> str:
        text = self._cell(cells, "name") if "name" in self._places else self._from_parts(cells, findings)
        if "title" in self._places and text and (title := self._cell(cells, "title").strip()):
            text = text if text.startswith(title) else f"{title} {text}"
        if "suffix" in self._places and text and (suffix := self._cell(cells, "suffix").strip()):
            text = f"{text}, {suffix}"
        if is_simple_name(text):
            return text
        name, found = clean_name(text, original_in_brackets=self.original, family_first=self.family_first)
        findings.extend(("name", finding) for finding in found)
        return name

    def _from_parts(self, cells: Sequence[Cell], findings: list[tuple[str, Finding]]) -> str:
        first, middle, last = (self._cell(cells, part).strip() for part in ("first_name", "middle_name", "last_name"))
        if not first and not last:
            return ""
        for place, part in (("first_name", first), ("last_name", last)):
            if place in self._places and not part:
                findings.append((place, Finding("name.part", "a part of the name is missing", "", fatal=False)))
        return " ".join(part for part in (first, middle, last) if part)

    def _email(self, cells: Sequence[Cell], findings: list[tuple[str, Finding]]) -> str | None:
        email, found = clean_address(self._cell(cells, "email"))
        if found:
            findings.extend(("email", finding) for finding in found)
        elif email is None:
            reason = "there is no e-mail address; the credential cannot be sent or tied to one"
            findings.append(("email", Finding("row.no-email", reason, "", fatal=False)))
        return email

    def _text(self, cell: Cell, place: str, findings: list[tuple[str, Finding]]) -> str | None:
        if not cell:
            return None
        raw = unescape_cell(plain_text(cell))
        if is_nothing(raw):
            return None
        kept = self._kept.get(raw)
        if kept is not None:
            return kept
        text = clean_text(raw)
        if len(text) > _LONGEST_TEXT:
            findings.append((place, Finding("row.long", f"the cell has {len(text):,} characters", "Shorten it")))
        elif sound := damaged(text):
            hint = f"It may be “{shorten(sound)}”; save the list as UTF-8"
            findings.append((place, Finding("row.damaged", "the file was saved in the wrong encoding", hint)))
        elif len(self._kept) < _KEPT and text == raw:
            self._kept[text] = text
        return text or None

    def _day(self, cells: Sequence[Cell], place: str, findings: list[tuple[str, Finding]]) -> date | None:
        cell = cells[self._places[place]]
        if cell in self._days:
            found = self._days[cell]
        else:
            found = self._days[cell] = self.dates.read(cell)
            if isinstance(found, Finding) and isinstance(cell, str) and is_unfinished(cell):
                found = self._days[cell] = _unfinished()
        if isinstance(found, Finding):
            findings.append((place, found))
            return None
        return found

    def _hours(self, cells: Sequence[Cell], findings: list[tuple[str, Finding]]) -> float | None:
        if not (text := tidy(self._cell(cells, "hours")[:60])) or is_nothing(text):
            return None
        if match := _HOURS.fullmatch(text):
            return float(f"{match[1]}.{match[2] or 0}")
        findings.append(("hours", Finding("row.hours", "this is no number of hours or credits", "Write it like 7.5")))
        return None

    def _evidence(self, cells: Sequence[Cell], findings: list[tuple[str, Finding]]) -> str | None:
        if not (text := self._cell(cells, "evidence").strip()) or is_nothing(text):
            return None
        is_link = len(text) <= _LONGEST_TEXT and text.isprintable() and _LINK.fullmatch(text)
        if is_link and terms.HTTP_URL.fullmatch(text):
            return text
        hint = terms.how_to_write(text) if is_link else "Write it like https://example.com/work"
        findings.append(("evidence", Finding("row.evidence", "this is no web address", hint)))
        return None

    def _language(self, cells: Sequence[Cell], findings: list[tuple[str, Finding]]) -> str | None:
        if not (text := tidy(self._cell(cells, "language")[:60])) or is_nothing(text):
            return None
        plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
        if plain in _LANGUAGES:
            return _LANGUAGES[plain]
        if (match := _LANGUAGE.fullmatch(text)) and (len(match[1]) < 4 or match[2]):
            return "-".join(part for part in (match[1].lower(), match[2], match[3] and match[3].upper()) if part)
        findings.append(
            (
                "language",
                Finding("row.language", "this is no language known here", "Write it like de or en-GB", fatal=False),
            )
        )
        return None

    def _extra(self, cells: Sequence[Cell]) -> dict[str, str]:
        found = {}
        for index, label in self._extras:
            if (cell := cells[index]) and (text := self._kept.get(raw := plain_text(cell)) or clean_text(raw)):
                found[label] = text
                if len(self._kept) < _KEPT:
                    self._kept[text] = text
        return found

    def _compared(self, row: PersonRow, findings: list[tuple[str, Finding]]) -> PersonRow:
        """`row` as a duplicate when the same person stands further up for the same course."""
        course = f"\n{row.course.casefold()}" if row.course and self.by_course else ""
        by_name = f"{row.name.casefold()}{course}"
        keys = []
        if row.email:
            keys.append(("email", f"{row.email.lower()}{course}"))
        if row.employee_number:
            keys.append(("employee_number", f"{row.employee_number.casefold()}{course}"))
        for place, key in keys:
            first = self._seen[place].get(key)
            if first is None:
                continue
            if same_name(first.name, row.name):
                return replace(row, state="duplicate", duplicate_of=first.line)
            what = "e-mail address" if place == "email" else "number"
            reason = f"the same {what} stands on line {first.line} with another name, “{shorten(first.name)}”"
            findings.append((place, Finding("row.two-people", reason, "Correct one of the two, or delete one")))
            return row
        if not keys and (first := self._seen["name"].get(by_name)):
            if not first.email and not first.employee_number:
                return replace(row, state="duplicate", duplicate_of=first.line)
            reason = f"the same name stands on line {first.line}, with more details"
            findings.append(("name", Finding("row.same-name", reason, "Delete one if it is one person", fatal=False)))
        for place, key in keys:
            self._seen[place][key] = row
        self._seen["name"].setdefault(by_name, row)
        return row


def _unfinished() -> Finding:
    reason = "the list says that this was not completed, attended or passed"
    return Finding("row.status", reason, "Delete the line, or correct the cell if it is wrong")


def _missing(column: Column) -> Finding | None:
    """What an empty cell of the `column` with the day of award says, in the reports of meetings and of platforms."""
    if is_attendance(column.header):
        reason = "there is no time of joining, so this person may not have attended"
    elif is_completion(column.header) and any(map(is_datelike, column.examples)):
        reason = "there is no day of completion, so it may not be completed"
    else:
        return None
    return Finding("row.no-day", reason, "Delete the line, or fill in the day")


def same_name(one: str, other: str) -> bool:
    """Whether two names can be one person's: equal but for case, accents, order, titles and further names."""
    if one == other:
        return True
    return fuzz.token_set_ratio(_folded(one), _folded(other)) >= _SAME_PERSON


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[\W_]+", " ", "".join(character for character in text if not unicodedata.combining(character)))


def _labels(extras: Sequence[Column]) -> tuple[tuple[int, str], ...]:
    labels: dict[str, int] = {}
    for column in extras:
        label = clean_text(column.label) or f"column {column.letter}"
        labels[f"{label} ({column.letter})" if label in labels else label] = column.position - 1
    return tuple((index, label) for label, index in labels.items())
