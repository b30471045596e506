"""A people file, read: the one function that doors call."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from laurea.actions.batches import columns, delimited, synonyms, workbooks
from laurea.actions.batches.body import Passed, body, is_blank
from laurea.actions.batches.columns import Recognised, find_column, header_score
from laurea.actions.batches.dates import Reader, may_be_swapped, order_in, reader_for
from laurea.actions.batches.people import clean_name, has_family_first, is_address, is_placeholder
from laurea.actions.batches.persons import PersonReader
from laurea.actions.batches.rows import (
    Choice,
    Column,
    DateOrder,
    LineRead,
    Manner,
    Note,
    Question,
    Reading,
    shorten,
)
from laurea.actions.batches.sniffing import refuse_other_kinds
from laurea.actions.batches.tables import MAX_BYTES, Cell, Line, Table, check_rows, plain_text
from laurea.credentials.errors import TableError

_SAMPLE_ROWS = 200
_LIST = 6.0
_MOSTLY = 0.6


@dataclass(frozen=True, slots=True)
class _List:
    """Where the list is in its table."""

    table: Table
    header_line: int
    header: list[Cell]

    def lines(self, corrections: Mapping[tuple[int, int], str], passed: Passed | None = None) -> Iterator[Line]:
        found = body(self.table, self.header_line, self.header, passed)
        if not corrections:
            return found
        by_line: dict[int, dict[int, str]] = {}
        for (line, position), value in corrections.items():
            by_line.setdefault(line, {})[position] = value
        return ((line, _corrected(cells, by_line[line]) if line in by_line else cells) for line, cells in found)


def read(
    data: bytes,
    filename: str,
    *,
    today: date,
    mapping: Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
    where: Sequence[tuple[str, str]] = (),
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_line: int | None = None,
    corrections: Mapping[tuple[int, int], str] | None = None,
    each_line: bool = False,
    by_course: bool = True,
) -> Reading:
    """Reads a list of people: CSV text in any usual encoding and delimiter, or an XLSX, XLS or ODS workbook.

    `data` is the file; `filename` is only passed on, the kind is told by content. `mapping` gives for a field (one of
    `FIELDS`) the header, letter or number of its column, "" for none. `date_order` settles dates such as 03/04/2026.
    `where` keeps only rows whose column equals the value, ignoring case (every pair must hold). `sheet`, `encoding`,
    `delimiter` and `header_line` (0: the file has no header) overrule what would be found. `corrections` replaces
    cells, by line and column position (both from 1) as errors name them. `today` bounds the dates of award.
    `each_line` asks for `Reading.lines`. Without `by_course` a person may appear once, whatever the courses.

    What is wrong with single lines is in the result: `Reading.errors`, with line, column, value, reason and hint. What
    only a person can decide is in `Reading.questions`. Raises `TableError` when the file is no table at all.
    Reads at most 60 MB, 200,000 rows and 1,000 columns; longer lists are refused, not cut.
    """
    if len(data) > MAX_BYTES:
        raise TableError(
            "table.too-large", f"The file has {len(data) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read",
            "Divide it into several files",
        )  # fmt: skip
    notes: list[Note] = []
    opened = _open(data, mapping or {}, sheet, encoding, delimiter, header_line, notes)
    if isinstance(opened, Question):
        return Reading(filename, "workbook", None, None, None, 0, questions=(opened,))
    return _read_list(
        opened, filename, today, mapping or {}, date_order, where, corrections or {}, notes, each_line, by_course
    )


def judge(
    lines: Iterable[tuple[int, Sequence[str]]],
    columns: tuple[Column, ...],
    manner: Manner,
    *,
    today: date,
    by_course: bool = True,
) -> tuple[LineRead, ...]:
    """Some lines of a list read before, judged again by their cells: after a cell was corrected, say.

    `lines` are in their order and hold every line that may be the same person as another of them; `columns` and
    `manner` are those of the `Reading`.
    """
    dates = Reader(manner.date_order, contradiction=manner.contradiction, epoch_1904=manner.epoch_1904)
    reader = PersonReader(
        Recognised(columns), dates, today, manner.family_first, manner.original, keep=True, by_course=by_course
    )
    for line, cells in lines:
        reader.read(line, list(cells))
    return tuple(reader.lines)


def _read_list(
    found: _List,
    filename: str,
    today: date,
    mapping: Mapping[str, str],
    date_order: DateOrder | None,
    where: Sequence[tuple[str, str]],
    corrections: Mapping[tuple[int, int], str],
    notes: list[Note],
    each_line: bool,
    by_course: bool,
) -> Reading:
    sample = [cells for _, cells in itertools.islice(found.lines(corrections), _SAMPLE_ROWS)]
    recognised = columns.recognise(found.header, sample, mapping)
    questions = list(recognised.questions) or _missing_name(recognised)
    # Counted before anything is done with them: judging people takes ten times as long as reading their cells.
    for number, _ in enumerate(found.lines(corrections), 1):
        check_rows(number)
    kept = _filter(where, recognised)
    family_first = _family_first(recognised, sample, notes)
    dates = _dates(found, recognised, date_order, corrections, kept, questions, notes)
    name = recognised.position("name")
    header = recognised.columns[name - 1].header if name else ""
    original = "original" in header.lower()
    reader = PersonReader(recognised, dates, today, family_first, original, keep=each_line, by_course=by_course)
    passed, filtered, count = Passed(), 0, 0
    if not any(question.parameter == "mapping" for question in questions):
        for line, cells in found.lines(corrections, passed):
            if reader.says_nothing(cells):
                passed.over(line, "nobody")
                continue
            count += 1
            if kept is None or kept(cells):
                reader.read(line, cells)
            else:
                filtered += 1
        if count == 0:
            notes.append(Note("file.empty", "There is no row below the header"))
    table = found.table
    notes.extend(table.remarks)
    notes.extend(_column_notes(recognised))
    return Reading(
        filename, table.kind, table.encoding, table.delimiter, table.sheet, found.header_line, recognised.columns,
        tuple(reader.rows), tuple(reader.errors), tuple(reader.warnings), tuple(questions), tuple(notes),
        tuple(passed.spans), filtered, reader.rejected, tuple(reader.lines),
        Manner(dates.order, dates.contradiction, dates.epoch_1904, family_first, original),
    )  # fmt: skip


def _open(
    data: bytes,
    mapping: Mapping[str, str],
    sheet: str | None,
    encoding: str | None,
    delimiter: str | None,
    header_line: int | None,
    notes: list[Note],
) -> _List | Question:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _sheet_of(workbooks.open_workbook(data), sheet, mapping, header_line, notes)
    refuse_other_kinds(data)
    text = delimited.decode(data, encoding)
    if text.guessed:
        notes.append(
            Note("file.encoding", f"The file is not UTF-8; it was read as {text.encoding}. Check names with accents")
        )
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise TableError("table.delimiter", "A delimiter is one character", "Use a comma, a semicolon, a tab or |")
    delimited.check_line_lengths(text)
    cut = delimiter or delimited.find_delimiter(text, header_score)
    table = Table("csv", delimited.lines_of(text, cut), text.encoding, cut)
    found = _list_in(table, mapping, header_line, notes)
    if last := delimited.open_quote(text, cut):
        raise TableError(
            "table.open-quote",
            f"A quotation mark that opens on line {last} is never closed, so the rest of the file is one cell",
            "Close it, or remove it",
        )
    return found


def _sheet_of(
    workbook: workbooks.Workbook,
    sheet: str | None,
    mapping: Mapping[str, str],
    header_line: int | None,
    notes: list[Note],
) -> _List | Question:
    names = [entry.name for entry in workbook.sheets]
    if sheet is not None:
        if sheet not in names:
            listed = ", ".join(f"“{shorten(name)}”" for name in names[:20])
            raise TableError("table.unknown-sheet", f"There is no sheet “{shorten(sheet)}”", f"The sheets are {listed}")
        return _list_in(workbook.table(sheet), mapping, header_line, notes)
    if len(names) == 1:
        return _list_in(workbook.table(names[0]), mapping, header_line, notes)
    for visible in (True, False):
        candidates = [entry.name for entry in workbook.sheets if entry.visible == visible]
        lists = [name for name in candidates if _has_list(workbook.table(name))]
        filled = lists or [
            name for name in candidates if any(not is_blank(cells) for _, cells in workbook.table(name).lines())
        ]
        if len(filled) == 1:
            hidden = "" if visible else "hidden "
            notes.append(Note("file.sheet", f"The list was taken from the {hidden}sheet “{shorten(filled[0])}”"))
            return _list_in(workbook.table(filled[0]), mapping, header_line, notes)
        if filled:
            choices = tuple(Choice(name, "sheet", _first_cells(workbook.table(name))) for name in filled)
            return Question("file.sheets", "Several sheets may hold the list", "sheet", choices)
    raise _empty()


def _has_list(table: Table) -> bool:
    return any(header_score(cells) >= _LIST for _, cells in itertools.islice(table.lines(), columns.HEADER_WITHIN))


def _first_cells(table: Table) -> tuple[str, ...]:
    for _, cells in table.lines():
        if not is_blank(cells):
            return tuple(shorten(plain_text(cell)) for cell in cells[:5] if cell)
    return ()


def _list_in(table: Table, mapping: Mapping[str, str], header_line: int | None, notes: list[Note]) -> _List:
    if header_line == 0:
        return _without_header(table)
    if header_line is not None:
        for line, cells in table.lines():
            if line >= header_line:
                return _List(table, line, cells)
        raise TableError("table.header", f"The file has no line {header_line}", "Name the line with the column headers")
    first = [
        (line, cells) for line, cells in itertools.islice(table.lines(), columns.HEADER_WITHIN) if not is_blank(cells)
    ]
    if not first:
        raise _empty()
    wanted = [synonyms.fold(value) for value in mapping.values() if value.strip()]
    for line, cells in first:
        folded = {synonyms.fold(plain_text(cell)) for cell in cells}
        if wanted and all(value in folded for value in wanted):
            return _List(table, line, cells)
    found = columns.find_header(first)
    if found is not None:
        return _List(table, *_both_lines(*found, first))
    line, cells = max(first[:10], key=lambda pair: (sum(bool(cell) for cell in pair[1]), -pair[0]))
    if any(isinstance(cell, str) and is_address(cell.strip()) for cell in cells):
        notes.append(Note("file.no-header", "There is no header: the first line is read as a person"))
        return _without_header(table)
    return _List(table, line, cells)


def _without_header(table: Table) -> _List:
    width = max((len(cells) for _, cells in itertools.islice(table.lines(), _SAMPLE_ROWS)), default=0)
    return _List(table, 0, [""] * width)


def _both_lines(line: int, header: list[Cell], lines: Sequence[Line]) -> Line:
    """The header with the line below it, if that is a part of it: “Name” over both “Nachname” and “Vorname”."""
    below = next(((number, cells) for number, cells in lines if number > line), None)
    if below is None or not columns.is_all_header(below[1]) or below[1] == header:
        return line, header
    pairs = itertools.zip_longest(header, below[1], fillvalue="")
    return below[0], [lower or upper for upper, lower in pairs]


def _filter(where: Sequence[tuple[str, str]], recognised: Recognised) -> Callable[[Sequence[Cell]], bool] | None:
    if not where:
        return None
    headers = [column.header for column in recognised.columns]
    wanted = []
    for column, value in where:
        field = recognised.position(column.strip().lower().replace("-", "_"))
        named = synonyms.fold(column) in map(synonyms.fold, headers)
        index = field - 1 if field and not named else find_column(column, headers)
        wanted.append((index, " ".join(value.casefold().split())))

    def kept(cells: Sequence[Cell]) -> bool:
        return all(
            (" ".join(plain_text(cells[index]).casefold().split()) if index < len(cells) else "") == value
            for index, value in wanted
        )

    return kept


def _missing_name(recognised: Recognised) -> list[Question]:
    if any(recognised.position(field) for field in ("name", "first_name", "last_name")):
        return []
    choices = tuple(
        Choice(column.header or column.letter, f"column {column.letter}", column.examples)
        for column in recognised.columns
        if column.field is None and column.examples
    )
    if not choices:
        raise TableError(
            "columns.no-name",
            "No column was recognised as the name, and none holds anything that could be one",
            "Hand over a list with a header line and one line a person",
        )
    return [Question("columns.no-name", "No column was recognised as the name", "mapping", choices, field="name")]


def _family_first(recognised: Recognised, sample: Sequence[Sequence[Cell]], notes: list[Note]) -> bool:
    position = recognised.position("name")
    if position is None:
        return False
    values = [plain_text(cells[position - 1])[:200] for cells in sample if len(cells) >= position]
    values = [value for value in values if value.strip() and not is_placeholder(value)]
    turned = [value for value in values if has_family_first(value)]
    if not turned or len(turned) < _MOSTLY * len(values):
        return False
    example = f"“{shorten(turned[0])}” became “{shorten(clean_name(turned[0], family_first=True)[0])}”"
    notes.append(Note("names.turned", f"Names were written family name first and have been turned round: {example}"))
    return True


def _dates(
    found: _List,
    recognised: Recognised,
    date_order: DateOrder | None,
    corrections: Mapping[tuple[int, int], str],
    kept: Callable[[Sequence[Cell]], bool] | None,
    questions: list[Question],
    notes: list[Note],
) -> Reader:
    places = [place - 1 for place in map(recognised.position, ("awarded", "expires")) if place]
    values: dict[Cell, int] = {}
    if places:
        for _, cells in found.lines(corrections):
            if kept is None or kept(cells):
                for place in places:
                    if place < len(cells) and cells[place]:
                        values.setdefault(cells[place], place)
    if swapped := may_be_swapped(values):
        label, swapped = shorten(recognised.columns[values[swapped]].label), shorten(swapped)
        notes.append(
            Note(
                "dates.swapped",
                f"In “{label}” some cells are dates and others text such as “{swapped}”: the spreadsheet"
                " program may have swapped day and month of the dates. Check them",
            )
        )
    reader = reader_for(values, date_order, epoch_1904=found.table.epoch_1904)
    named = {order for place in places if (order := order_in(recognised.columns[place].header))}
    if len(named) == 1 and named <= reader.candidates:
        reader = reader_for((), named.pop(), epoch_1904=found.table.epoch_1904)
    if reader.candidates:
        unclear = [value for value in values if isinstance(value, str) and not isinstance(reader.read(value), date)]
        unclear = [value for value in unclear if reader.choices([value])[0].examples]
        if unclear:
            column = recognised.columns[values[unclear[0]]]
            questions.append(
                Question(
                    "dates.order",
                    f"In “{column.label}”, day and month cannot be told apart: “{shorten(unclear[0])}”",
                    "date_order",
                    reader.choices(unclear[:3]),
                    field=column.field,
                    column=column.label,
                )
            )
    return reader


def _column_notes(recognised: Recognised) -> Iterator[Note]:
    if recognised.position("email") is None:
        yield Note("columns.no-email", "No column holds e-mail addresses: credentials are tied to the name only")
    yield from _repeated(recognised)
    for column in recognised.columns:
        if column.how in ("similar", "values") and column.field:
            yield Note("columns.guessed", f"Column “{shorten(column.label)}” was taken for {column.field}")
    awarded = recognised.position("awarded")
    if awarded and synonyms.is_attendance(recognised.columns[awarded - 1].header):
        yield Note("columns.attendance", f"The day of “{recognised.columns[awarded - 1].header}” is the day of award")


def _repeated(recognised: Recognised) -> Iterator[Note]:
    """A word on every header that stands twice, over different cells, where only one of the columns can be taken."""
    for column in recognised.columns:
        others = [
            other for other in recognised.columns
            if not other.field and synonyms.fold(other.header) == synonyms.fold(column.header)
            and other.examples and other.examples != column.examples
        ]  # fmt: skip
        if column.field and column.header and others:
            header, rest = shorten(column.header), ", ".join(other.letter for other in others)
            yield Note(
                "columns.twice",
                f"“{header}” is the header of several columns: {column.letter} was taken, not {rest}",
            )


def _corrected(cells: list[Cell], corrections: Mapping[int, str]) -> list[Cell]:
    changed = list(cells)
    for position, value in corrections.items():
        changed.extend([""] * (position - len(changed)))
        changed[position - 1] = value
    return changed


def _empty() -> TableError:
    return TableError(
        "table.empty", "The file holds no cells", "Hand over a list with a header line and one line a person"
    )
