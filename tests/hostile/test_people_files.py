"""People files made to harm: one clear error each, in bounded time and memory."""

from __future__ import annotations

import io
import os
import random
import resource
import struct
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from laurea.actions.batches import panics, read
from laurea.credentials.errors import TableError

TODAY = date(2026, 11, 24)


def refused(data: bytes) -> str:
    with pytest.raises(TableError) as caught:
        read(data, "x", today=TODAY)
    assert caught.value.message
    assert caught.value.hint
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "table.empty"), (b"\n\n \r\n", "table.empty"), (b"\xef\xbb\xbf", "table.empty"),
        (b"\xff\xfe", "table.empty"), (b"\x00" * 5000, "table.empty"), (b",,,\n,,,\n", "table.empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "table.kind"), (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "table.kind"),
        (b"\xff\xd8\xff\xe0JFIF", "table.kind"), (b"\x1f\x8b\x08" + b"x" * 99, "table.kind"),
        (b"<html><table><tr><td>Name</td></tr></table></html>", "table.kind"),
        ("\ufeff <!DOCTYPE html><html>".encode("utf-16"), "table.kind"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "table.kind"),
        (b'{"name": "Anna"}', "table.kind"), (b"PK\x05\x06" + b"\x00" * 18, "table.kind"),
        (b"PK\x03\x04garbage", "table.workbook"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1garbage", "table.workbook"),
        (b"Name\x00\x01\x02\x03\x00\xff\xfe\x00\x00\x00\x81" * 40, "table.encoding"),
        ("Name\nAnna".encode("utf-16-le")[:-1], "table.encoding"),
        (b'Name\n"Anna M\xc3\xbcller\nJo\nLea\n', "table.open-quote"),
        (b'Name\n"' + b"a" * 200_000 + b'"\n', "table.csv"),
        (b"Name\nAnna\n" + b"x" * 3_000_000, "table.long-line"),
        (b"Name\n" + b'"\n",' * 400_000, "table.long-line"),
        (b"," * 1_000_000, "table.too-wide"), (b"Name" + b",X" * 400_000 + b"\n", "table.too-wide"),
    ],
    ids=lambda value: repr(value[:24]) if isinstance(value, bytes) else value,
)  # fmt: skip
def test_files_that_are_no_lists(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_more_rows_than_a_batch_may_have() -> None:
    assert refused(b"Name\n" + b"Anna Weber\n" * 200_001) == "table.too-long"


def test_more_bytes_than_are_read() -> None:
    assert refused(b"Name\n" * (13 * 1024 * 1024)) == "table.too-large"


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Name"])
    book.active.append(["Anna Müller"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_sheet(sheet: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    begin = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return zipped(parts | {"xl/worksheets/sheet1.xml": begin + sheet + b"</sheetData></worksheet>"})


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        (b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "table.too-large"),
        (b'<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="XFD9"><v>1</v></c></row>', "table.too-large"),
        (b"<row r='1048576'><c r='A1048576'><v>1</v></c></row>", "table.too-large"),
        (b'<row r="1"><c r="ZZZZZZZ999999999"><v>1</v></c></row>', "table.too-large"),
        (b'<row r="200000"><c s="1" t="n" r="ALL200000" ><v>1</v></c></row>', "table.too-large"),
        (b"<row>" + b"<c><v>1</v></c>" * 20_000 + b"</row>", "table.too-large"),
        (b"<row>" + b" " * 50_000_000 + b"</row>", "table.bomb"),
    ],
    ids=["last corner", "wide", "long", "beyond", "no room", "no references", "spaces"],
)
def test_sheets_that_would_fill_the_memory(sheet: bytes, code: str) -> None:
    assert refused(with_sheet(sheet)) == code


def test_bombs_anywhere_in_the_workbook() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert refused(zipped(parts | {"xl/media/image1.png": b"\x00" * 60_000_000})) == "table.bomb"
    assert refused(zipped(parts | {f"x{number}": b"" for number in range(2_500)})) == "table.bomb"


def test_a_part_that_lies_about_its_size() -> None:
    data = bytearray(with_sheet(b"<row>" + b" " * 20_000_000 + b"</row>"))
    size = (20_000_000).to_bytes(4, "little")[2:]
    place = data.rfind(b"xl/worksheets/sheet1.xml") - 46 + 24
    assert data[place + 2 : place + 4] >= size[:1]
    data[place : place + 4] = (100).to_bytes(4, "little")
    assert refused(bytes(data)) in ("table.workbook", "table.bomb")


@pytest.mark.parametrize("keep", [10, 100, 1_000, 3_000, -30, -4])
def test_truncated_workbooks(keep: int) -> None:
    assert refused(workbook()[:keep]) == "table.workbook"


def changed(changes: dict[str, bytes]) -> bytes:
    """The workbook with other parts."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()} | changes)


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.mark.parametrize(
    "attribute", [b"uniqueCount='4294967295'", b'uniqueCount = "30000000"', b'uniqueCount="-1"', b'uniqueCount=""']
)
@pytest.mark.parametrize("before", [0, 1024 * 1024 - 60, 1024 * 1024 - 20])
def test_shared_texts_that_would_be_more_than_there_is_memory(attribute: bytes, before: int) -> None:
    """The reader would take room for all of them, and end the process when there is none."""
    noise = random.Random(1).randbytes(before // 2).hex().encode()
    texts = b"<!--" + noise + b"--><sst " + MAIN + b" " + attribute + b"><si><t>x</t></si></sst>"
    assert refused(changed({"xl/sharedStrings.xml": texts})) == "table.bomb"


@pytest.mark.parametrize("number", [b"-99999999999999", b"1e300", b"2958466000000"])
@pytest.mark.parametrize("form", [b"14", b"46"])
def test_numbers_that_are_far_from_any_date(number: bytes, form: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    styles = b"<styleSheet " + MAIN + b'><cellXfs count="1"><xf numFmtId="' + form + b'"/></cellXfs></styleSheet>'
    rows = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
    rows += b'<row r="2"><c r="A2" s="0"><v>' + number + b"</v></c></row>"
    sheet = b"<worksheet " + MAIN + b"><sheetData>" + rows + b"</sheetData></worksheet>"
    data = changed({"xl/styles.xml": styles, "xl/worksheets/sheet1.xml": sheet})
    with suppress(TableError):
        read(data, "x", today=TODAY)
    assert capfd.readouterr().err == ""


def sheets(*names: str, text: bytes = b"Name") -> bytes:
    """A workbook whose sheets are all the same part."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    listed = "".join(
        f'<sheet xmlns:r="{relations}" name="{name}" sheetId="{number}" r:id="rId1"/>'
        for number, name in enumerate(names, 1)
    )
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + text + b"</t></is></c></row>"
    return changed(
        {
            "xl/workbook.xml": b"<workbook " + MAIN + b"><sheets>" + listed.encode() + b"</sheets></workbook>",
            "xl/worksheets/sheet1.xml": b"<worksheet " + MAIN + b"><sheetData>" + row + b"</sheetData></worksheet>",
        }
    )


def test_sheets_that_would_take_for_ever_to_look_through() -> None:
    assert refused(sheets(*(f"s{number}" for number in range(50_000)))) == "table.sheets"
    assert refused(sheets("a", "a")) == "table.sheets"
    large = random.Random(1).randbytes(4_000_000).hex().encode()
    assert refused(sheets(*(f"s{number}" for number in range(100)), text=large)) == "table.sheets"
    assert read(sheets("a", "b"), "x", today=TODAY).questions[0].code == "file.sheets"


def test_a_list_without_anything_that_could_be_a_name() -> None:
    assert refused(with_sheet(b'<row r="1"><c r="A1"><f>A1</f><v>1</v></c></row>')) == "columns.no-name"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"readme.txt": b"x"}, "table.workbook"), ({"word/document.xml": b"<x/>"}, "table.workbook"),
        ({"xl/workbook.bin": b"x"}, "table.workbook"), ({"Index/Document.iwa": b"x"}, "table.workbook"),
        ({"xl/workbook.xml": b"<x"}, "table.workbook"), ({"content.xml": b"<x"}, "table.workbook"),
        ({"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 999 + b'">]><x>&a;</x>'}, "table.workbook"),
    ],
)  # fmt: skip
def test_zip_files_that_are_no_workbooks(parts: dict[str, bytes], code: str) -> None:
    assert refused(zipped(parts)) == code


def compound_file(stream: str, content: bytes) -> bytes:
    """A compound file (MS-CFB) with one stream: a header, one sector of tables, one of names, then the stream."""
    sectors = -(-max(len(content), 4096) // 512)
    chain = [n + 3 for n in range(sectors - 1)] + [0xFFFFFFFE]
    table = struct.pack("<128I", *([0xFFFFFFFD, 0xFFFFFFFE, *chain] + [0xFFFFFFFF] * 128)[:128])
    header = struct.pack(
        "<8s16xHHHHH6x9I109I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, *([0] + [0xFFFFFFFF] * 108),
    )  # fmt: skip

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        return struct.pack(
            "<64sHBB3I16x4x16xIII", text, len(text) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, start, size, 0
        )

    names = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(stream, 2, 0xFFFFFFFF, 2, max(len(content), 4096))
    return header + table + names.ljust(512, b"\x00") + content.ljust(sectors * 512, b"\x00")


def old_workbook(*, dimensions: tuple[int, int, int, int] = (0, 2, 0, 1), last: int = 1, strings: int = 0) -> bytes:
    """An .xls file: a sheet with “Name” in A1 and a name in the first column, on row `last`."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def label(row: int, text: str) -> bytes:
        return record(0x0204, struct.pack("<HHHHB", row, 0, 0, len(text), 1) + text.encode("utf-16-le"))

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0x0600))

    end, sheet = record(0x000A, b""), b"\x05\x00Liste"
    shared = record(0x00FC, struct.pack("<II", strings, strings)) if strings else b""
    before = len(begin(5) + shared) + 4 + 6 + len(sheet) + len(end)
    book = begin(5) + shared + record(0x0085, struct.pack("<IBB", before, 0, 0) + sheet) + end
    cells = record(0x0200, struct.pack("<IIHHH", *dimensions, 0)) + label(0, "Name") + label(last, "Anna Müller")
    return compound_file("Workbook", book + begin(0x10) + cells + end)


def test_an_old_workbook_is_read() -> None:
    reading = read(old_workbook(), "x", today=TODAY)
    assert (reading.kind, [(row.line, row.name) for row in reading.rows]) == ("xls", [(2, "Anna Müller")])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (old_workbook(dimensions=(0, 65_536, 0, 256)), "table.too-large"),
        (old_workbook(dimensions=(0, 0xFFFFFFFF, 0, 1)), "table.too-large"),
        (old_workbook(dimensions=(9, 2, 0, 1)), "table.workbook"),
        (old_workbook(dimensions=(0, 2, 9, 1)), "table.workbook"),
        (old_workbook(strings=0x7FFFFFFF), "table.workbook"),
        (old_workbook()[:1_000], "table.workbook"),
        (compound_file("WordDocument", b"text"), "table.workbook"),
        (compound_file("EncryptedPackage", b"secret"), "table.password"),
    ],
    ids=["corner", "beyond", "rows reversed", "columns reversed", "strings", "cut", "document", "password"],
)
def test_old_workbooks_made_to_harm(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_a_panic_of_the_reader_is_not_heard(capfd: pytest.CaptureFixture[str]) -> None:
    """It would write several lines about its own code to standard error; what others write there stays."""
    sheet = old_workbook().index(struct.pack("<HH", 0x0085, 13)) + 4
    data = bytearray(old_workbook())
    data[sheet : sheet + 4] = (0x70000000).to_bytes(4, "little")  # where the sheet begins
    assert refused(bytes(data)) == "table.workbook"
    with panics.told():
        os.write(2, b"said meanwhile\n")
    assert capfd.readouterr().err == "said meanwhile\n"


def test_a_chain_of_sectors_that_bites_its_tail() -> None:
    data = bytearray(old_workbook())
    data[512 + 4 * 3 : 512 + 4 * 4] = (2).to_bytes(4, "little")
    assert refused(bytes(data)) == "table.workbook"


@pytest.fixture
def memory() -> Iterator[None]:
    """Everything inside has 300 MB more than there is already."""
    used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + 300 * 1024 * 1024, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.usefixtures("memory")
def test_the_longest_list_fits_into_300_mb() -> None:
    rows = (f"Anna Müller;anna{n}@example.com;Vertrieb;Standort {n % 50};{n};20.11.2026" for n in range(200_000))
    data = "\n".join(["Name;E-Mail;Abteilung;Ort;Personalnummer;Datum", *rows]).encode()
    assert read(data, "x.csv", today=TODAY).counts()["ready"] == 200_000


@pytest.mark.parametrize(
    "cell",
    ["=cmd|' /C calc'!A0", "a" * 131_000, "," * 131_000, " " * 131_000, "a\u0300" * 60_000, "(" * 99_000, "1 " * 60_000,
     "ma." * 40_000, "\u200b" * 99_000, "a@" * 60_000, "11/" * 40_000, ": " * 60_000],
    ids=lambda cell: repr(cell[:8]),
)  # fmt: skip
def test_giant_cells_cost_no_time(cell: str) -> None:
    quoted = f'"{cell}"'
    text = "Name,Titel,E-Mail,Datum,Stunden,Evidence,Sprache,Note,Other\n" + ",".join([quoted] * 7 + ["x", "y"]) + "\n"
    reading = read(text.encode(), "x.csv", today=TODAY)
    assert reading.rows == ()
    assert all(len(error.value) <= 81 for error in reading.errors)
