"""The lines of a file that are rows of the list: not blank, no totals, no further table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from laurea.actions.batches.columns import header_score
from laurea.actions.batches.rows import Skipped
from laurea.actions.batches.synonyms import fold
from laurea.actions.batches.tables import Cell, Line, Table

_SECTION = re.compile(r"\d{1,2}\.\s+\S.{0,80}")
_TOTALS = frozenset(
    fold(words)
    for words in (
        "Total", "Totals", "Grand total", "Sum", "Count", "Average", "Overall average", "Mean", "Summe", "Gesamt",
        "Gesamtsumme", "Gesamtzahl", "Anzahl", "Durchschnitt", "Gesamtdurchschnitt", "Mittelwert", "Zwischensumme",
        "Total général", "Moyenne", "Totale", "Media", "Totaal",
    )
)  # fmt: skip
_TOTAL_STARTS = frozenset(words[:3] for words in _TOTALS)
_IN_A_ROW = 3


@dataclass(slots=True)
class Passed:
    """Keeps the lines that were passed over, neighbours with the same reason as one span."""

    spans: list[Skipped] = field(default_factory=list)

    def over(self, line: int, reason: str) -> None:
        """Line `line` was passed over for `reason`."""
        last = self.spans[-1] if self.spans else None
        if last is not None and last.reason == reason and last.last == line - 1:
            self.spans[-1] = Skipped(last.first, line, reason)
        else:
            self.spans.append(Skipped(line, line, reason))


def body(table: Table, header_line: int, header: list[Cell], passed: Passed | None = None) -> Iterator[Line]:
    """The rows below the header. What is passed over goes into `passed`.

    The list ends where a further table begins: a section title such as “3. In-Meeting Activities”, or, after a blank
    line, another header. Rows that repeat the header (pages of a report) and rows with totals are no rows of the list.
    """
    passed = passed or Passed()
    wanted = [str(cell).strip() for cell in header]
    after_blank = False
    in_list = False  # past the header, and the last line was no blank one
    ended = False
    for line, cells in table.lines():
        if in_list and _is_ordinary(cells, header):
            yield line, cells
            continue
        if line <= header_line:
            if line < header_line and not is_blank(cells):
                passed.over(line, "before the header")
            continue
        if ended:
            if not is_blank(cells):
                passed.over(line, "further table after the list")
        elif is_blank(cells):
            after_blank, in_list = True, False
            passed.over(line, "blank")
        elif _is_section(cells, len(header)) or (after_blank and _is_header(cells, wanted)):
            ended, in_list = True, False
            passed.over(line, "further table after the list")
        elif cells[0] == header[0] and [str(cell).strip() for cell in cells] == wanted:
            passed.over(line, "the header again")
        elif _is_total(cells):
            passed.over(line, "totals")
        else:
            after_blank, in_list = False, True
            yield line, cells


def _is_ordinary(cells: list[Cell], header: list[Cell]) -> bool:
    """Whether `cells` are certainly a row of the list, by a glance at the first one: this decides for most lines."""
    first = cells[0] if cells else ""
    return (
        isinstance(first, str)
        and first[:1].isalpha()
        and first[:3].casefold() not in _TOTAL_STARTS
        and first != header[0]
    )


def is_blank(cells: list[Cell]) -> bool:
    """Whether nothing stands in `cells`."""
    if cells and isinstance(cells[0], str) and cells[0].strip():
        return False
    return not any(not isinstance(cell, str) or (cell and not cell.isspace()) for cell in cells)


def _is_section(cells: list[Cell], width: int) -> bool:
    first = cells[0]
    if width < _IN_A_ROW or not isinstance(first, str) or not first[:1].isdigit():
        return False
    return _SECTION.fullmatch(first.strip()) is not None and is_blank(cells[1:])


def _is_header(cells: list[Cell], wanted: list[str]) -> bool:
    return [str(cell).strip() for cell in cells] != wanted and header_score(cells) >= 9.0


def _is_total(cells: list[Cell]) -> bool:
    for cell in cells:
        if not isinstance(cell, str):
            return False
        text = cell.strip()
        if text:
            if text[:3].casefold() not in _TOTAL_STARTS or len(text) > 24:
                return False
            return fold(text) in _TOTALS and not any("@" in str(other) for other in cells)
    return False
