"""The lines of a file that are rows of the list: not blank, no totals, no further table."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from laurea.actions.batches.columns import CERTAIN, header_score, is_all_header, is_of_hosts
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
_END: Line = (0, [])
_REMARK = re.compile(
    r"(?:page|seite) \d+(?: (?:of|von|/) \d+)?"
    r"|(?:grand |sub)?(?:totals?|sum|count|number of|summe|gesamt|anzahl|insgesamt)\b[^\d@]{0,40}\d+"
    r"|\(?\d+ (?:records?|rows?|entries|results?|participants?|people|eintr[aä]ge?|datens[aä]tze?|zeilen|teilnehm\w+"
    r"|personen)(?:\(s\))?\)?"
    r"|(?:report )?(?:generated|created|exported|printed|downloaded|erstellt|erzeugt|exportiert|gedruckt"
    r"|heruntergeladen)(?: on| at| am| um| by| von|:).*|(?:as of|stand|end of report|ende des berichts)\b.*"
    r"|[*†].*|[_. ]{3,}|(?:signature|unterschrift|place, date|date, signature|(?:ort, )?datum)\b.*",
    re.IGNORECASE,
)


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

    The list ends where a further table begins: a section title such as “3. In-Meeting Activities”, a title with another
    header below it, or, after a blank line, another header. Rows that repeat the header (pages of a report), rows with
    totals and remarks such as “Page 1 of 2” are no rows of the list.
    """
    passed = passed or Passed()
    wanted = [str(cell).strip() for cell in header]
    after_blank = False
    in_list = False  # past the header, and the last line was no blank one
    ended = False
    for (line, cells), (_, below) in itertools.pairwise(itertools.chain(table.lines(), (_END,))):
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
            continue
        lone = _lone(cells)
        if is_blank(cells):
            after_blank, in_list = True, False
            passed.over(line, "blank")
        elif (
            _is_section(cells, len(header))
            or (lone and _is_title(cells, below, wanted))
            or (after_blank and _is_header(cells, wanted))
        ):
            ended, in_list = True, False
            passed.over(line, "further table after the list")
        elif cells[0] == header[0] and _same(cells, wanted):
            passed.over(line, "the header again")
        elif _is_total(cells):
            passed.over(line, "totals")
        elif lone and len(header) > 1 and (_is_remark(lone) or (after_blank and _same(below, wanted))):
            passed.over(line, "a remark")
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
        and (len(header) == 1 or (len(cells) > 1 and bool(cells[1] or any(cells[2:]))))
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


def _is_title(cells: list[Cell], below: list[Cell], wanted: list[str]) -> bool:
    """Whether a lone cell is the title of a further table: below it is another header, or that of hosts."""
    return is_all_header(below) and (is_of_hosts(cells) or not _same(below, wanted))


def _is_remark(text: Cell) -> bool:
    return isinstance(text, str) and len(text) <= 120 and _REMARK.fullmatch(text.strip()) is not None


def _lone(cells: list[Cell]) -> Cell | None:
    """The only cell of a row in which something stands."""
    found: Cell | None = None
    for cell in cells:
        if cell and (not isinstance(cell, str) or not cell.isspace()):
            if found is not None:
                return None
            found = cell
    return found


def _is_header(cells: list[Cell], wanted: list[str]) -> bool:
    return not _same(cells, wanted) and header_score(cells) >= CERTAIN


def _same(cells: list[Cell], wanted: list[str]) -> bool:
    return [str(cell).strip() for cell in cells] == wanted


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
