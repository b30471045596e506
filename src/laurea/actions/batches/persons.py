"""One line of cells to one row, or to the reasons why not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from rapidfuzz import fuzz

from laurea.actions.batches.columns import Recognised
from laurea.actions.batches.dates import Reader
from laurea.actions.batches.people import clean_address, clean_name, clean_text, damaged, tidy
from laurea.actions.batches.rows import Column, Finding, PersonRow, RowError, RowWarning, shorten
from laurea.actions.batches.tables import Cell, plain_text

_TEXTS = ("employee_number", "department", "job_role", "course", "result", "note")
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
_SAME_PERSON = 90.0


@dataclass(slots=True)
class PersonReader:
    """Reads the lines of one list, one after the other, and remembers whom it has seen.

    `family_first` says that the name column is written “family name, first name”; `original` that it is Zoom's.
    """

    recognised: Recognised
    dates: Reader
    today: date
    family_first: bool = False
    original: bool = False
    rows: list[PersonRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowWarning] = field(default_factory=list)
    rejected: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _places: dict[str, int] = field(init=False)
    _extras: tuple[tuple[int, str], ...] = field(init=False)
    _days: dict[str, date | Finding | None] = field(init=False, default_factory=dict)
    _seen: dict[tuple[str, str, str], PersonRow] = field(init=False, default_factory=dict)
    _kept: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        columns = self.recognised.columns
        self._places = {column.field: column.position - 1 for column in columns if column.field}
        self._extras = _labels(self.recognised.extras())

    def read(self, line: int, cells: Sequence[Cell]) -> None:
        """Adds the row on `line`, or its errors."""
        findings: list[tuple[str, Finding]] = []
        name = self._name(cells, findings)
        email = self._email(cells, findings)
        texts = {place: self._text(cells, place, findings) for place in _TEXTS if place in self._places}
        awarded = self._day(cells, "awarded", findings)
        expires = self._day(cells, "expires", findings)
        if awarded and awarded > self.today:
            findings.append(("awarded", Finding("row.future", "the date lies in the future", "Correct the date")))
        if expires and awarded and expires < awarded:
            findings.append(
                ("expires", Finding("row.expires", "it would expire before it was awarded", "Correct the date"))
            )
        elif expires and expires < self.today:
            findings.append(
                ("expires", Finding("row.expired", "it has expired already", "Check the date", fatal=False))
            )
        if len(cells) > len(self.recognised.columns) and any(map(plain_text, cells[len(self.recognised.columns) :])):
            reason = f"the line has {len(cells)} cells, the header {len(self.recognised.columns)}"
            findings.append(
                ("", Finding("row.cells", reason, "Put a cell that holds the delimiter in quotation marks"))
            )
        row = PersonRow(
            line, name, email, awarded=awarded, expires=expires,
            hours=self._hours(cells, findings), evidence=self._evidence(cells, findings),
            language=self._language(cells, findings),
            extra=self._extra(cells),
            employee_number=texts.get("employee_number"), department=texts.get("department"),
            job_role=texts.get("job_role"), course=texts.get("course"), result=texts.get("result"),
            note=texts.get("note"),
        )  # fmt: skip
        if not any(finding.fatal for _, finding in findings):
            row = self._compared(row, findings)
        self._settle(row, cells, findings)

    def _settle(self, row: PersonRow, cells: Sequence[Cell], findings: list[tuple[str, Finding]]) -> None:
        fatal = False
        for place, finding in findings:
            column = self._column(place)
            value = plain_text(cells[column.position - 1]) if column and column.position <= len(cells) else ""
            details = (
                row.line, column.label if column else "", shorten(value), finding.reason, finding.hint, finding.code,
                column.position if column else 0,
            )  # fmt: skip
            if finding.fatal:
                self.errors.append(RowError(*details))
                fatal = True
            else:
                self.warnings.append(RowWarning(*details))
        if fatal:
            self.rejected[row.line] = tuple(map(plain_text, cells))
        elif findings and row.state == "ready":
            self.rows.append(replace(row, state="warning"))
        else:
            self.rows.append(row)

    def _column(self, place: str) -> Column | None:
        index = self._places.get(place)
        if index is None and place == "name":
            index = self._places.get("last_name", self._places.get("first_name"))
        return None if index is None else self.recognised.columns[index]

    def _cell(self, cells: Sequence[Cell], place: str) -> Cell:
        index = self._places.get(place)
        return cells[index] if index is not None and index < len(cells) else ""

    def _name(self, cells: Sequence[Cell], findings: list[tuple[str, Finding]]) -> str:
        if "name" in self._places:
            text = plain_text(self._cell(cells, "name"))
            parts = [text] if text else []
        else:
            parts = [plain_text(self._cell(cells, part)) for part in ("first_name", "middle_name", "last_name")]
            for place, part in (("first_name", parts[0]), ("last_name", parts[2])):
                if place in self._places and not part.strip():
                    findings.append((place, Finding("name.part", "a part of the name is missing", "", fatal=False)))
        if "title" in self._places and (title := plain_text(self._cell(cells, "title")).strip()) and parts:
            parts.insert(0, "" if parts[0].startswith(title) else title)
        text = " ".join(part for part in parts if part)
        if "suffix" in self._places and (suffix := plain_text(self._cell(cells, "suffix")).strip()):
            text = f"{text}, {suffix}" if text else ""
        name, found = clean_name(text, original_in_brackets=self.original, family_first=self.family_first)
        findings.extend(("name", finding) for finding in found)
        return name

    def _email(self, cells: Sequence[Cell], findings: list[tuple[str, Finding]]) -> str | None:
        if "email" not in self._places:
            return None
        email, found = clean_address(plain_text(self._cell(cells, "email")))
        findings.extend(("email", finding) for finding in found)
        if email is None and not found:
            reason = "there is no e-mail address; the credential cannot be sent or tied to one"
            findings.append(("email", Finding("row.no-email", reason, "", fatal=False)))
        return email

    def _text(self, cells: Sequence[Cell], place: str, findings: list[tuple[str, Finding]]) -> str | None:
        text = clean_text(plain_text(self._cell(cells, place)))
        if not text:
            return None
        if len(text) > _LONGEST_TEXT:
            findings.append((place, Finding("row.long", f"the cell has {len(text):,} characters", "Shorten it")))
        elif sound := damaged(text):
            hint = f"It may be “{shorten(sound)}”; save the list as UTF-8"
            findings.append((place, Finding("row.damaged", "the file was saved in the wrong encoding", hint)))
        return self._kept.setdefault(text, text)

    def _day(self, cells: Sequence[Cell], place: str, findings: list[tuple[str, Finding]]) -> date | None:
        cell = self._cell(cells, place)
        if not isinstance(cell, str):
            found = self.dates.read(cell)
        elif cell in self._days:
            found = self._days[cell]
        else:
            found = self._days[cell] = self.dates.read(cell)
        if isinstance(found, Finding):
            findings.append((place, found))
            return None
        return found

    def _hours(self, cells: Sequence[Cell], findings: list[tuple[str, Finding]]) -> float | None:
        if "hours" not in self._places or not (text := tidy(plain_text(self._cell(cells, "hours"))[:60])):
            return None
        if match := _HOURS.fullmatch(text):
            return float(f"{match[1]}.{match[2] or 0}")
        findings.append(("hours", Finding("row.hours", "this is no number of hours or credits", "Write it like 7.5")))
        return None

    def _evidence(self, cells: Sequence[Cell], findings: list[tuple[str, Finding]]) -> str | None:
        if "evidence" not in self._places or not (text := plain_text(self._cell(cells, "evidence")).strip()):
            return None
        if len(text) <= _LONGEST_TEXT and text.isprintable() and _LINK.fullmatch(text):
            return text
        findings.append(
            ("evidence", Finding("row.evidence", "this is no web address", "Write it like https://example.com/work"))
        )
        return None

    def _language(self, cells: Sequence[Cell], findings: list[tuple[str, Finding]]) -> str | None:
        if "language" not in self._places or not (text := tidy(plain_text(self._cell(cells, "language"))[:60])):
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
            if index < len(cells) and (cell := cells[index]) and (text := clean_text(plain_text(cell))):
                found[label] = self._kept.setdefault(text, text) if len(text) < 40 else text
        return found

    def _compared(self, row: PersonRow, findings: list[tuple[str, Finding]]) -> PersonRow:
        """`row` as a duplicate when the same person stands further up for the same course."""
        course = row.course.casefold() if row.course else ""
        keys = []
        if row.email:
            keys.append(("email", row.email.lower(), course))
        if row.employee_number:
            keys.append(("employee_number", row.employee_number.casefold(), course))
        by_name = ("name", row.name.casefold(), course)
        if not keys:
            keys.append(by_name)
        for key in keys:
            first = self._seen.get(key)
            if first is None:
                continue
            if key[0] == "name" or same_name(first.name, row.name):
                if key[0] == "name" and (first.email or first.employee_number):
                    reason = f"the same name stands on line {first.line}, with more details"
                    findings.append(
                        ("name", Finding("row.same-name", reason, "Delete one if it is one person", fatal=False))
                    )
                    continue
                return replace(row, state="duplicate", duplicate_of=first.line)
            what = "e-mail address" if key[0] == "email" else "number"
            reason = f"the same {what} stands on line {first.line} with another name, “{shorten(first.name)}”"
            findings.append((key[0], Finding("row.two-people", reason, "Correct one of the two, or delete one")))
            return row
        for key in (*keys, by_name):
            self._seen.setdefault(key, row)
        return row


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
