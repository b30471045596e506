"""Files that are no lists at all, named for what they are."""

from __future__ import annotations

from laurea.credentials.errors import TableError

_AS_LIST = "Hand over the list as .csv or .xlsx"
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF", "Export the list as .csv or .xlsx instead"),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)", _AS_LIST),
    (b"\xff\xd8\xff", "a picture (JPEG)", _AS_LIST),
    (b"GIF8", "a picture (GIF)", _AS_LIST),
    (b"\x1f\x8b", "compressed (gzip)", "Unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)", "Unpack it first"),
    (b"Rar!", "an archive (RAR)", "Unpack it first"),
    (b"PK\x05\x06", "an empty archive", _AS_LIST),
    (b"{\\rtf", "a text document (RTF)", "Copy its table into a spreadsheet"),
    (b"SQLite format 3", "a database", "Export the list as .csv or .xlsx"),
)
_HTML = (b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")
_XML = (b"<?xml", b"<workbook")


def refuse_other_kinds(data: bytes) -> None:
    """Raises `TableError` when `data` is empty (``table.empty``) or is certainly no list (``table.kind``)."""
    if not data.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise TableError("table.empty", "The file is empty", _AS_LIST)
    for start, kind, hint in _KINDS:
        if data.startswith(start):
            raise TableError("table.kind", f"The file is {kind}, not a list", hint)
    begin = data[:2048].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if begin.startswith(_HTML) or (begin.startswith(_XML) and b"<html" in begin):
        raise TableError(
            "table.kind",
            "The file is a web page (HTML), even if its name ends in .xls",
            "Open it in a spreadsheet program and save it as .xlsx",
        )
    if begin.startswith(_XML):
        raise TableError(
            "table.kind", "The file is XML, not a list", "Open it in a spreadsheet program and save it as .xlsx"
        )
    if begin.startswith((b"{", b"[")) and b'":' in begin.replace(b" ", b""):
        raise TableError("table.kind", "The file is JSON, not a list", _AS_LIST)
