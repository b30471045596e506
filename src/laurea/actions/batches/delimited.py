"""Text with delimiters: which encoding, which delimiter, and lines that are read as a stream.

The bytes are decoded while they are read, so a file of the largest size never stands in memory as text.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from laurea.actions.batches.tables import MAX_COLUMNS, Cell, Line, check_width
from laurea.credentials.errors import TableError

ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "iso-8859-15",
    "mac-roman",
    "cp1250",
    "cp1251",
)
"""What `read` accepts as `encoding`; the last two are never guessed."""
DELIMITERS = (",", ";", "\t", "|")

_SAMPLE = 128 * 1024
_CHUNK = 1024 * 1024
_LONGEST_ROW = 1_000_000
_SAMPLE_LINES = 60
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_SOME_ZEROS = 0.01
_MOST_CONTROLS = 0.1
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32)])


@dataclass(frozen=True, slots=True)
class Text:
    """A file of text: its encoding (a name of `ENCODINGS`), and whether it had to be guessed."""

    data: bytes
    encoding: str
    guessed: bool

    def open(self) -> io.TextIOWrapper:
        """The text from the start, without byte order mark, line ends untouched."""
        return io.TextIOWrapper(io.BytesIO(self.data), encoding=_codec(self.encoding, self.data), newline="")

    def sample(self) -> str:
        """The first 128 thousand characters."""
        return self.open().read(_SAMPLE)


def decode(data: bytes, encoding: str | None = None) -> Text:
    """Which encoding `data` is in, or that it is in `encoding`.

    Byte order marks and valid UTF-8 are certain; UTF-16 without a mark shows in its zero bytes. What remains is an
    8-bit encoding, guessed between Windows-1252 and Mac Roman by where its accented letters lie. Raises `TableError`
    (``table.encoding``) when `data` is not text.
    """
    if encoding is not None:
        return Text(data, _checked(data, encoding), guessed=False)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
    ):  # fmt: skip
        if data.startswith(mark) and _decodes(data, name):
            return Text(data, name, guessed=False)
    if wide := _utf_16_without_mark(data[:_SAMPLE]):
        if _decodes(data, wide):
            return Text(data, wide, guessed=False)
        raise _not_text("looks like UTF-16 but breaks off or is damaged")
    if len(data[:_SAMPLE].translate(None, delete=_CONTROLS)) < len(data[:_SAMPLE]) * (1 - _MOST_CONTROLS):
        raise _not_text("is no text")
    if data.isascii() or _decodes(data, "utf-8"):
        return Text(data, "utf-8", guessed=False)
    return Text(data, _eight_bit(data[: _CHUNK * 4]), guessed=True)


def lines_of(text: Text, delimiter: str) -> Callable[[], Iterator[Line]]:
    """A function that reads the rows of `text` from the start, each with the number of the line on which it begins."""

    def lines() -> Iterator[Line]:
        stream = text.open()
        if _SEP.fullmatch(stream.readline(16).rstrip("\r\n")):
            first = 1
        else:
            stream = text.open()
            first = 0
        yield from _rows(stream, delimiter, first)

    return lines


def find_delimiter(text: Text, score: Callable[[list[str]], float]) -> str:
    """The delimiter of `text`: named by a first line ``sep=;``, or the one that makes the best list of the first rows.

    `score` says how much a row looks like a header. The best header wins; where several are equal, the delimiter wins
    under which the rows below have as many cells as the header.
    """
    sample = text.sample()
    if match := _SEP.match(sample.split("\n", 1)[0].strip("\ufeff\r")):
        return match[1]
    return max(DELIMITERS, key=lambda delimiter: _rank(sample, delimiter, score))


def _rank(sample: str, delimiter: str, score: Callable[[list[str]], float]) -> tuple[float, float]:
    try:
        rows = [row for row in _first_rows(sample, delimiter) if any(cell.strip() for cell in row)]
    except csv.Error:
        return (-1.0, 0.0)
    if not rows:  # nothing but delimiters
        return (0.0, 9.0)
    scores = [score(row) for row in rows]
    best = max(scores)
    header = scores.index(best) if best else 0
    width = len(rows[header]) if best else max(map(len, rows))
    below = rows[header + 1 :] if best else rows
    even = sum(len(row) == width for row in below) / len(below) if below else 1.0
    return (best, even * min(width, 2))


def _first_rows(sample: str, delimiter: str) -> list[list[str]]:
    rows = []
    for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
        rows.append(row)
        if len(rows) >= _SAMPLE_LINES:
            break
    return rows


def _rows(stream: io.TextIOWrapper, delimiter: str, lines_before: int) -> Iterator[Line]:
    taken = 0

    def limited() -> Iterator[str]:
        nonlocal taken
        for line in stream:
            taken += len(line)
            if taken > _LONGEST_ROW:
                raise _long_row(start)
            yield line

    reader = csv.reader(limited(), delimiter=delimiter)
    start = lines_before + 1
    cells: list[Cell]
    try:
        for cells in reader:  # type: ignore[assignment]  # strings are cells
            if len(cells) > MAX_COLUMNS:
                check_width(cells, start)
            yield start, cells
            start = lines_before + reader.line_num + 1
            taken = 0
    except csv.Error as error:
        raise TableError(
            "table.csv",
            f"The row that begins on line {start} cannot be read: {error}",
            "A quotation mark may be missing at its end",
        ) from None


def _long_row(line: int) -> TableError:
    return TableError(
        "table.long-line",
        f"The row that begins on line {line} has more than {_LONGEST_ROW:,} characters",
        "A quotation mark may be missing at its end, or the file is not a list",
    )


def check_line_lengths(text: Text) -> None:
    """Raises `TableError` (``table.long-line``) when a line is so long that reading it whole would take much memory.

    A look at each four million bytes for a line end is enough, and costs nothing.
    """
    step = 4 * _LONGEST_ROW  # a character takes up to four bytes
    for start in range(0, len(text.data), step):
        stop = start + step
        if stop < len(text.data) and not any(text.data.find(end, start, stop) >= 0 for end in (b"\n", b"\r")):
            raise _long_row(text.data.count(b"\n", 0, start) + 1)


def open_quote(text: Text, delimiter: str) -> int | None:
    """The line on which a quotation mark opens that is never closed, so that the rest of the file became one cell."""
    if text.data.count(b'"') % 2 == 0 and not text.encoding.startswith("utf-16"):
        return None
    start = max((line for line, _ in lines_of(text, delimiter)()), default=0)
    stream = text.open()
    for _ in range(start - 1):
        stream.readline()
    try:
        for _ in csv.reader(stream, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return start if "unexpected end" in str(error) else None
    return None


def _utf_16_without_mark(sample: bytes) -> str | None:
    """UTF-16 shows in its zero bytes, which stand at one side, beside the line ends too. Stray zeros are no sign."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < max(2, len(sample) * _SOME_ZEROS) or min(even, odd) * 4 > max(even, odd):
        return None
    name, end = ("utf-16-le", b"\n\x00") if odd > even else ("utf-16-be", b"\x00\n")
    ends = sample.count(b"\n")
    if ends and sample.count(end) * 2 < ends:
        return None
    return name


def _eight_bit(data: bytes) -> str:
    """Windows-1252 or Mac Roman, by the accented letters: in the first they lie from C0 on, in the second below A0.

    Windows' typographic marks (85, 91-97) say nothing; a lone ``’`` in O’Brien must not make a file a Mac's.
    """
    windows = len(re.findall(rb"[\xc0-\xff]", data))
    mac = len(
        re.findall(rb"(?<=[A-Za-z])[\x80-\x84\x86-\x90\x98-\x9f\xa7]|[\x80-\x84\x86-\x90\x98-\x9f](?=[a-z])", data)
    )
    if mac > windows:
        return "mac-roman"
    return "cp1252" if _decodes(data, "cp1252") else "iso-8859-15"


def _checked(data: bytes, encoding: str) -> str:
    name = encoding.strip().lower().replace("_", "-")
    name = {"windows-1252": "cp1252", "latin-1": "cp1252", "iso-8859-1": "cp1252", "ansi": "cp1252", "utf8": "utf-8",
            "utf-8-sig": "utf-8", "utf16": "utf-16", "macroman": "mac-roman", "windows-1250": "cp1250",
            "windows-1251": "cp1251"}.get(name, name)  # fmt: skip
    if name not in ENCODINGS:
        raise TableError(
            "table.unknown-encoding",
            f"“{encoding[:40]}” is no encoding known here",
            f"Use one of {', '.join(ENCODINGS)}",
        )
    if not _decodes(data, name):
        raise _not_text(f"is not {name}")
    return name


def _codec(name: str, data: bytes) -> str:
    if name == "utf-8" and data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if name == "utf-16" and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-le"
    return name.replace("-", "_")


def _decodes(data: bytes, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(_codec(name, data))()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _CHUNK):
            decoder.decode(bytes(view[start : start + _CHUNK]), final=start + _CHUNK >= len(data))
    except UnicodeError:
        return False
    return True


def _not_text(problem: str) -> TableError:
    return TableError(
        "table.encoding", f"The file {problem}", "Save it as CSV in UTF-8, or as an Excel workbook (.xlsx)"
    )
