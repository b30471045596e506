"""Workbooks: XLSX, XLS and ODS by python-calamine, after a look at what they would unpack to.

A spreadsheet reader lays a sheet out as a full rectangle. A file of a few kilobytes with one cell in the last corner,
or with a thousandfold compressed part, would take all memory. So every part is unpacked once in small pieces, which
costs little, before the reader sees the file.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from laurea.actions.batches import binary_sheets, panics
from laurea.actions.batches.panics import PanicError
from laurea.actions.batches.rows import Note
from laurea.actions.batches.sheet_marks import Marks, by_sheet
from laurea.actions.batches.tables import MAX_COLUMNS, MAX_ROWS, Cell, Line, Table, check_width
from laurea.credentials.errors import TableError

MAX_UNPACKED = 400 * 1024 * 1024
MAX_CELLS = 2_500_000
MAX_SHEETS = 200
_MAX_PARTS = 2_000
_MAX_RATIO = 400
_CHUNK = 1024 * 1024
_ROWS_AT_ONCE = 500
_SHARED = re.compile(rb"\buniqueCount\s*=\s*[\"']([^\"']{0,99})")
_LONGEST_SHARED = 200
_SPARE_ROWS = 1_000
_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br=[\"']([A-Za-z]{1,7})([0-9]{1,9})[\"'][^<>]*?(/?)>")
_LETTERS = re.compile(rb"\br=[\"']([A-Za-z]{1,7})[0-9]")
_DIGITS = re.compile(rb"\br=[\"'][A-Za-z]{1,7}([0-9]{1,9})")
_ODS_ROW = re.compile(rb"number-rows-repeated=[\"'](\d{1,9})")
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^<>]*?)(/?)>")
_ODS_REPEAT = re.compile(rb"number-columns-repeated=[\"'](\d{1,9})")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DATE_1904 = re.compile(rb"date1904=[\"'](?:1|true)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The name of a sheet, and whether it shows in a spreadsheet program."""

    name: str
    visible: bool


@dataclass(frozen=True, slots=True)
class Workbook:
    """An opened workbook. `table(name)` reads one of its sheets."""

    kind: str
    sheets: tuple[Sheet, ...]
    epoch_1904: bool
    opened: CalamineWorkbook
    remarks: Mapping[str, tuple[Note, ...]]

    def table(self, name: str) -> Table:
        """The cells of the sheet `name`, dates as dates, numbers as the text that a person would type."""
        with _explained():
            sheet = self.opened.get_sheet_by_name(name)
        remarks = self.remarks.get(name, ())
        return Table(self.kind, lambda: _lines(sheet), sheet=name, epoch_1904=self.epoch_1904, remarks=remarks)


def open_workbook(data: bytes) -> Workbook:
    """Opens an XLSX, XLS or ODS file.

    Raises `TableError`: ``table.password`` (encrypted), ``table.workbook`` (damaged, or another kind of file inside a
    zip), ``table.bomb`` (unpacks to more than 400 MB, or far more than it takes), ``table.too-large`` (a sheet that
    would need more than 2.5 million cells), ``table.sheets`` (too many of them).
    """
    if data.startswith(b"\xd0\xcf\x11\xe0") and _ENCRYPTED in data:
        raise _protected()
    found = _checked_xls(data) if data.startswith(b"\xd0\xcf\x11\xe0") else _checked_zip(data)
    with _explained():
        opened = CalamineWorkbook.from_object(io.BytesIO(data))
        sheets = tuple(
            Sheet(entry.name, entry.visible == SheetVisibleEnum.Visible)
            for entry in opened.sheets_metadata
            if entry.typ == SheetTypeEnum.WorkSheet
        )
    if not sheets:
        raise TableError("table.workbook", "The workbook has no sheet of cells", "Save the list as a worksheet")
    # Several sheets may be one part, so that each of them is read at the cost of the largest.
    if len(sheets) > MAX_SHEETS or len({sheet.name for sheet in sheets}) < len(sheets):
        raise _too_many_sheets(len(sheets))
    if len(sheets) * found.largest > MAX_UNPACKED:
        raise _too_many_sheets(len(sheets))
    return Workbook(found.kind, sheets, found.epoch_1904, opened, found.remarks)


@contextmanager
def _explained() -> Iterator[None]:
    """Turns what the reader of workbooks raises into a `TableError`; damaged files make it panic, too."""
    try:
        with panics.told():
            yield
    except PasswordError:
        raise _protected() from None
    except (CalamineError, PanicError, OSError, ValueError, OverflowError) as error:
        raise _damaged(error) from None


def _lines(sheet: CalamineSheet) -> Iterator[Line]:
    start = sheet.start
    if start is None:
        return
    indent: list[Cell] = [""] * start[1]
    for line, values in enumerate(_rows(sheet), 1):
        cells = indent + [value if isinstance(value, str) else _cell(value) for value in values]
        check_width(cells, line)
        yield line, cells


def _rows(sheet: CalamineSheet) -> Iterator[Sequence[object]]:
    """The sheet's rows, taken some at a time: only now does the reader make dates of numbers, some too large."""
    left = sheet.iter_rows()
    while True:
        with _explained():
            rows = list(itertools.islice(left, _ROWS_AT_ONCE))
        if not rows:
            return
        yield from rows


def _cell(value: object) -> Cell:
    if isinstance(value, date):  # a datetime is one, too
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    return "" if value is None else str(value)


def _too_many_sheets(count: int) -> TableError:
    return TableError(
        "table.sheets",
        f"The workbook has {count:,} sheets, more than are looked through for a list of people",
        "Save the sheet with the list as a workbook of its own, or as CSV",
    )


@dataclass(frozen=True, slots=True)
class _Checked:
    """What is known of a workbook before its reader sees it: its kind, whether its serial dates count from 1904, the
    bytes of the largest part that is read for a sheet (0 where parts are none), and what is to say of its sheets."""

    kind: str
    epoch_1904: bool = False
    largest: int = 0
    remarks: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)


def _checked_xls(data: bytes) -> _Checked:
    try:
        for rows, columns in binary_sheets.extents(data):
            _check_extent(rows, columns)
    except (ValueError, KeyError) as error:
        raise _damaged(error) from None
    return _Checked("xls")


def _check_extent(rows: int, columns: int) -> None:
    if rows > MAX_ROWS + _SPARE_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise TableError(
            "table.too-large",
            f"A sheet of the workbook reaches to row {rows:,} and column {columns:,}",
            f"At most {MAX_ROWS:,} rows and {MAX_CELLS:,} cells are read; delete what lies far outside the list",
        )


def _checked_zip(data: bytes) -> _Checked:
    """What is in a zip file. Raises `TableError` if it is dangerous."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
        names = {part.filename for part in parts}
        kind = _kind(archive, names)
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise _bomb()
        left, epoch_1904, largest = MAX_UNPACKED, False, 0
        marks: dict[str, Marks] = {}
        for part in parts:
            extent = _Extent(ods=kind == "ods")
            marks[part.filename] = extent.marks
            is_sheet = part.filename == "content.xml" or part.filename.startswith("xl/worksheets/")
            size, before = 0, b""
            for piece in _pieces(archive, part):
                size += len(piece)
                _check_shared(before + piece)
                before = piece[-_LONGEST_SHARED:]
                if size > left or (size > 8 * _CHUNK and size > _MAX_RATIO * max(part.compress_size, 1)):
                    raise _bomb()
                if is_sheet:
                    extent.add(piece)
                elif part.filename == "xl/workbook.xml" and _DATE_1904.search(piece):
                    epoch_1904 = True
            left -= size
            extent.check()
            if kind == "xlsx" and part.filename.lower().endswith(".xml"):
                largest = max(largest, size)
        remarks = by_sheet(archive, marks) if kind == "xlsx" else {}
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        KeyError,
    ) as error:
        raise _damaged(error) from None
    return _Checked(kind, epoch_1904, largest, remarks)


def _check_shared(text: bytes) -> None:
    """The number of texts that cells share: the reader takes room for as many before it has seen one."""
    for number in _SHARED.findall(text):
        if not number.strip().isdigit() or len(number) > len(str(MAX_CELLS)) or int(number) > MAX_CELLS:
            raise _bomb()


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise TableError("table.workbook", "The file is a binary workbook (.xlsb)", "Save it as .xlsx, and try again")
    if "content.xml" in names and archive.read("mimetype")[:60].startswith(
        b"application/vnd.oasis.opendocument.spreadsheet"
    ):
        return "ods"
    if any(name.startswith("word/") for name in names):
        raise TableError("table.workbook", "The file is a text document", "Copy its table into a spreadsheet")
    if "Index/Document.iwa" in names:
        raise TableError("table.workbook", "The file is an Apple Numbers document", "Export it as Excel or CSV")
    raise TableError(
        "table.workbook", "The file is a zip archive without a workbook", "Unpack it and hand over the list itself"
    )


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            yield piece


class _Extent:
    """How large the rectangle is that a sheet's XML would fill, from its text in pieces."""

    def __init__(self, *, ods: bool) -> None:
        self._ods = ods
        self._rest = b""
        self._rows = 0
        self._columns = 0
        self.marks = Marks()

    def add(self, piece: bytes) -> None:
        text = self._rest + piece
        cut = text.rfind(b"<row") if not self._ods else text.rfind(b"<table:table-row")
        cut = cut if cut > 0 else text.rfind(b">") + 1
        self._rest = text[cut:]
        self._count(text[:cut])

    def check(self) -> None:
        self._count(self._rest)
        _check_extent(self._rows, self._columns)

    def _count(self, text: bytes) -> None:
        if self._ods:
            self._count_ods(text)
            return
        self.marks.add(text)
        columns = max((_number(letters) for letters in set(_LETTERS.findall(text))), default=0)
        rows = max(map(int, set(_DIGITS.findall(text))), default=0)
        if rows > MAX_ROWS + _SPARE_ROWS or columns > MAX_COLUMNS:  # cells without a value take no room
            filled = [match for match in _CELL.finditer(text) if not match[3]]
            columns = max((_number(match[1]) for match in filled), default=0)
            rows = max((int(match[2]) for match in filled), default=0)
        if b"<c>" in text:  # cells without a reference stand beside each other
            columns = max(columns, *(row.count(b"<c>") for row in text.split(b"<row")))
        self._columns = max(self._columns, columns)
        self._rows = max(self._rows, rows)

    def _count_ods(self, text: bytes) -> None:
        for row in text.split(b"<table:table-row")[1:]:
            columns = filled = 0
            for match in _ODS_CELL.finditer(row):
                repeat = _ODS_REPEAT.search(match[1])
                columns += int(repeat[1]) if repeat else 1
                if b"value" in match[1] or not match[2]:
                    filled = columns
            if filled:
                repeat = _ODS_ROW.search(row[:300])
                self._rows += int(repeat[1]) if repeat else 1
                self._columns = max(self._columns, filled)


def _number(letters: bytes) -> int:
    number = 0
    for character in letters.upper():
        number = number * 26 + character - 64
    return number


def _bomb() -> TableError:
    return TableError(
        "table.bomb",
        "The workbook unpacks to far more than a list of people",
        "Save the list as a new workbook or as CSV",
    )


def _protected() -> TableError:
    return TableError(
        "table.password", "The workbook is protected with a password", "Save it without a password, and try again"
    )


def _damaged(error: BaseException) -> TableError:
    return TableError(
        "table.workbook",
        f"The workbook cannot be read ({type(error).__name__})",
        "Open it in a spreadsheet program and save it again as .xlsx, or as CSV in UTF-8",
    )
