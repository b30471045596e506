"""How far the sheets of an old Excel file (.xls) reach, read before anything is laid out in memory.

An .xls file is a compound file (MS-CFB) whose stream “Workbook” is a row of records (MS-XLS, BIFF). A few kilobytes may
claim a cell in the last corner of a sheet, for which a reader would take a gigabyte; so the records are walked once.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

_SECTOR_LIMIT = 0xFFFFFFFA  # numbers from here on are marks, not sectors (MS-CFB 2.1)
_MOST_RECORDS = 6_000_000
_BOF, _DIMENSIONS, _STRINGS = (0x0009, 0x0209, 0x0409, 0x0809), 0x0200, 0x00FC
_MULTIPLE = (0x00BD, 0x00BE)
_CELLS = frozenset(
    (
        0x0006,
        0x0206,
        0x0406,
        0x00FD,
        0x0203,
        0x0003,
        0x0002,
        0x027E,
        0x007E,
        0x0204,
        0x0004,
        0x0205,
        0x0005,
        0x00D6,
        0x0201,
    )
)


def extents(data: bytes) -> Iterator[tuple[int, int]]:
    """The rows and columns to which each sheet of the .xls file `data` reaches.

    Raises `ValueError` when `data` is no compound file with a workbook, or has more records than any list.
    """
    rows = columns = 0
    stream = _workbook(data)
    for number, (kind, body) in enumerate(_records(stream)):
        if number > _MOST_RECORDS:
            raise ValueError("too many records")
        if kind in _BOF:
            yield rows, columns
            rows = columns = 0
        elif kind == _DIMENSIONS:
            form = "<IIHH" if len(body) >= 12 else "<HHHH"
            if len(body) < struct.calcsize(form):
                raise ValueError("dimensions cut off")
            first_row, last_row, first_column, last_column = struct.unpack_from(form, body)
            if first_row > last_row or first_column > last_column:
                raise ValueError("dimensions that cannot be")
            rows, columns = max(rows, last_row), max(columns, last_column)
        elif kind == _STRINGS and int.from_bytes(body[4:8], "little") > len(stream):
            raise ValueError("more strings than bytes")
        elif kind in _CELLS and len(body) >= 4:
            row, column = struct.unpack_from("<HH", body)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif kind in _MULTIPLE and len(body) >= 6:
            row, column = struct.unpack_from("<H", body)[0], struct.unpack_from("<H", body, len(body) - 2)[0]
            rows, columns = max(rows, row + 1), max(columns, column + 1)
    yield rows, columns


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield (
            kind,
            stream[place + 4 : place + 4 + min(length, 12)]
            if kind not in _MULTIPLE
            else stream[place + 4 : place + 4 + length],
        )
        place += 4 + length


def _workbook(data: bytes) -> bytes:
    try:
        return _stream(data)
    except (struct.error, IndexError) as error:
        raise ValueError("no compound file") from error


def _stream(data: bytes) -> bytes:
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError("no compound file")
    size = 1 << shift
    directory, _, cutoff, small_table, _, more, _ = struct.unpack_from("<7I", data, 48)

    def sector(number: int) -> bytes:
        if (number + 1) * size >= len(data):
            raise ValueError("a sector outside the file")
        return data[(number + 1) * size : (number + 2) * size]

    tables = [number for number in struct.unpack_from("<109I", data, 76) if number < _SECTOR_LIMIT]
    for _ in range(len(data) // size):
        if more >= _SECTOR_LIMIT:
            break
        *numbers, more = _numbers(sector(more))
        tables.extend(number for number in numbers if number < _SECTOR_LIMIT)
    if len(tables) > len(data) // size:
        raise ValueError("no compound file")
    table = [number for place in tables for number in _numbers(sector(place))]
    entries = _chain(directory, table, sector)
    found = {name: entry for name, *entry in map(_entry, (entries[n : n + 128] for n in range(0, len(entries), 128)))}
    start, length = found.get("Workbook") or found.get("Book") or (0, 0)
    if not length:
        raise ValueError("no workbook")
    if length >= cutoff:
        return _chain(start, table, sector)[:length]
    small = _chain(found["Root Entry"][0], table, sector)
    small_numbers = _numbers(_chain(small_table, table, sector))
    return _chain(start, small_numbers, lambda number: small[number * 64 : number * 64 + 64])[:length]


def _entry(entry: bytes) -> tuple[str, int, int]:
    length = struct.unpack_from("<H", entry, 64)[0]
    start, size = struct.unpack_from("<II", entry, 116)
    return entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace"), start, size


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _chain(start: int, table: list[int], sector: Callable[[int], bytes]) -> bytes:
    parts: list[bytes] = []
    while start < _SECTOR_LIMIT:
        if len(parts) > len(table):
            raise ValueError("a chain without end")
        parts.append(sector(start))
        start = table[start]
    return b"".join(parts)
