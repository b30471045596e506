"""A PDF file: where its objects are, and what streams hold (ISO 32000-2, 7.4 and 7.5).

Only as much is read as finding attachments takes. Cross-reference tables and streams, object streams and incremental
updates are followed; where the table is broken, the objects are looked for one by one. Pages are never looked at.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from laurea.credentials.baking.pdf_objects import (
    Budget,
    Dict,
    Ref,
    Stream,
    Value,
    damaged,
    read_value,
    skip_space,
)
from laurea.credentials.errors import BakingError

HEADER_WITHIN = 1024
"""Bytes in which ``%PDF-`` must begin; scanners and mail gateways put things before it."""

_TRAILER_WITHIN = 4096
_MOST_SECTIONS = 1_000
_LARGEST_TABLE = 8 * 1024 * 1024
_DEEPEST_LOOKUP = 20
_STARTXREF = re.compile(rb"startxref[\0\t\n\f\r ]++(\d{1,12})")
_ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])")
_SUBSECTION = re.compile(rb"(\d{1,10})[ \t]++(\d{1,10})[\0\t\n\f\r ]++")
_HEADER = re.compile(rb"(\d{1,10})[\0\t\n\f\r ]++(\d{1,5})[\0\t\n\f\r ]++obj")
_HEADER_BEFORE = re.compile(rb"(?<!\d)(\d{1,10})[\0\t\n\f\r ]{1,4}(\d{1,5})[\0\t\n\f\r ]{1,4}\Z")


@dataclass(frozen=True, slots=True)
class _Plain:
    """An object at a position of the file."""

    position: int


@dataclass(frozen=True, slots=True)
class _Packed:
    """An object inside the object stream with this number."""

    stream: int


@dataclass(slots=True)
class PdfFile:
    """An opened PDF.

    `trailer` is the newest one; `newest_section` where its newest cross-references stand, None if they are broken, and
    `uses_streams` how they are written.
    """

    data: bytes
    budget: Budget = field(default_factory=Budget)
    trailer: Dict = field(default_factory=dict)
    uses_streams: bool = False
    newest_section: int | None = None
    _places: dict[int, _Plain | _Packed] = field(default_factory=dict)
    _packs: dict[int, tuple[bytes, dict[int, int]]] = field(default_factory=dict)
    _found: dict[int, Value] = field(default_factory=dict)
    _looking: list[int] = field(default_factory=list)

    @property
    def size(self) -> int:
        """One more than the highest object number, whatever the file says itself."""
        declared = self.trailer.get("Size")
        return max(declared if isinstance(declared, int) else 0, max(self._places, default=0) + 1)

    def resolve(self, value: Value) -> Value:
        """`value`, or the object it refers to; null where there is none (7.3.10). Raises `BakingError`."""
        for _ in range(_DEEPEST_LOOKUP):
            if not isinstance(value, Ref):
                return value
            value = self._object(value.number)
        raise damaged("references in it lead in a circle")

    def dictionary(self, value: Value) -> Dict:
        """The dictionary that `value` is or refers to; an empty one for anything else."""
        resolved = self.resolve(value)
        return resolved if isinstance(resolved, dict) else {}

    def array(self, value: Value) -> list[Value]:
        """The array that `value` is or refers to; an empty one for anything else."""
        resolved = self.resolve(value)
        return resolved if isinstance(resolved, list) else []

    def content(self, stream: Stream, largest: int) -> bytes | None:
        """The bytes of a stream, unpacked; None when they are more than `largest`.

        Raises `BakingError` ``baking.pdf-filter`` for ways of packing that are not read, ``baking.pdf-damaged``.
        """
        raw = self._raw(stream)
        for name, parameters in self._filters(stream.entries):
            if name in ("FlateDecode", "Fl"):
                unpacked = self._inflate(raw, largest)
                if unpacked is None:
                    return None
                raw = self._unpredict(unpacked, parameters)
            elif name in ("ASCIIHexDecode", "AHx"):
                digits = raw.partition(b">")[0].translate(None, b"\0\t\n\f\r ")
                try:
                    raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
                except ValueError:
                    raise damaged("a part of it is not hexadecimal") from None
            else:
                raise BakingError(
                    "baking.pdf-filter",
                    f"A part of the PDF is packed in a way that is not read here ({name[:30]})",
                    "Save the PDF anew with another program, or hand over the JSON",
                )
        return raw if len(raw) <= largest else None

    def _object(self, number: int) -> Value:
        if number in self._found:
            return self._found[number]
        place = self._places.get(number)
        if place is None:
            return None
        if number in self._looking or len(self._looking) > _DEEPEST_LOOKUP:
            raise damaged("references in it lead in a circle")
        self._looking.append(number)
        try:
            if isinstance(place, _Plain):
                value = self._plain(number, place.position)
            else:
                text, offsets = self._pack(place.stream)
                offset = offsets.get(number)
                value = None if offset is None else read_value(text, offset, self.budget)[0]
        finally:
            self._looking.pop()
        self._found[number] = value
        return value

    def _plain(self, number: int, position: int) -> Value:
        header = _HEADER.match(self.data, skip_space(self.data, position))
        if header is None or int(header[1]) != number:
            raise damaged(f"object {number} is not where it should be")
        value, end = read_value(self.data, header.end(), self.budget)
        end = skip_space(self.data, end)
        if isinstance(value, dict) and self.data.startswith(b"stream", end):
            start = end + len(b"stream")
            start += 2 if self.data[start : start + 2] == b"\r\n" else 1
            return Stream(value, start)
        return value

    def _pack(self, number: int) -> tuple[bytes, dict[int, int]]:
        """An object stream (7.5.7): its bytes, and where in them each object begins."""
        if number not in self._packs:
            stream = None if isinstance(self._places.get(number), _Packed) else self._object(number)
            if not isinstance(stream, Stream):
                raise damaged(f"object {number} holds no other objects")
            text = self.content(stream, _LARGEST_TABLE)
            count, first = self.resolve(stream.entries.get("N")), self.resolve(stream.entries.get("First"))
            if text is None or not isinstance(count, int) or not isinstance(first, int) or not 0 <= first <= len(text):
                raise damaged(f"object {number} holds no other objects")
            numbers = text[:first].split()[: 2 * count]
            self.budget.spend(len(numbers))
            if len(numbers) % 2 or not all(item.isdigit() and len(item) <= 10 for item in numbers):
                raise damaged(f"object {number} has no proper list of what it holds")
            offsets = [int(item) for item in numbers]
            self._packs[number] = (
                text,
                dict(zip(offsets[::2], (first + offset for offset in offsets[1::2]), strict=True)),
            )
        return self._packs[number]

    def _raw(self, stream: Stream) -> bytes:
        length = self.resolve(stream.entries.get("Length"))
        if isinstance(length, int) and 0 <= length <= len(self.data) - stream.start:
            end = stream.start + length
            if self.data.startswith(b"endstream", skip_space(self.data, end)):
                self.budget.spend(1 + length // 1000)
                return self.data[stream.start : end]
        end = self.data.find(b"endstream", stream.start)
        self.budget.spend(1 + ((end if end >= 0 else len(self.data)) - stream.start) // 1000)
        if end < 0:
            raise damaged("a part of it has no end")
        return self.data[stream.start : end].removesuffix(b"\n").removesuffix(b"\r")

    def _filters(self, entries: Dict) -> Iterator[tuple[str, Dict]]:
        names = self.resolve(entries.get("Filter", entries.get("F")))
        parameters = self.resolve(entries.get("DecodeParms", entries.get("DP")))
        listed = names if isinstance(names, list) else [] if names is None else [names]
        each = parameters if isinstance(parameters, list) else [parameters]
        if len(listed) > 4:
            raise damaged("a part of it is packed too many times over")
        for index, name in enumerate(listed):
            yield str(self.resolve(name)), self.dictionary(each[index]) if index < len(each) else {}

    def _inflate(self, raw: bytes, largest: int) -> bytes | None:
        allowed = min(largest, self.budget.unpacked)
        unpacker = zlib.decompressobj()
        try:
            unpacked = unpacker.decompress(raw, allowed + 1)
        except zlib.error:
            raise damaged("a packed part of it cannot be unpacked") from None
        self.budget.unpacked -= min(len(unpacked), allowed)
        self.budget.spend(1 + len(unpacked) // 1000)
        return unpacked if len(unpacked) <= allowed else None

    def _unpredict(self, data: bytes, parameters: Dict) -> bytes:
        """Undo the PNG predictors that tables are packed with (7.4.4.4)."""
        predictor = self.resolve(parameters.get("Predictor"))
        if not isinstance(predictor, int) or predictor == 1:
            return data
        columns = self.resolve(parameters.get("Columns", 1))
        plain = all(
            self.resolve(parameters.get(name, usual)) == usual
            for name, usual in (("Colors", 1), ("BitsPerComponent", 8))
        )
        if predictor < 10 or not plain or not isinstance(columns, int) or not 0 < columns <= 4096:
            raise damaged("a packed part of it is foretold in an unusual way")
        self.budget.spend(len(data) // 8)
        rows: list[bytes] = []
        above = bytes(columns)
        for start in range(0, len(data) - columns, columns + 1):
            above = _unfiltered(data[start], data[start + 1 : start + 1 + columns], above)
            rows.append(above)
        return b"".join(rows)

    def read_references(self, position: int) -> None:
        """Follow all cross-reference sections, the newest first, from the one at `position`."""
        waiting, seen = [position], set[int]()
        while waiting:
            position = waiting.pop()
            if position in seen:
                continue
            if len(seen) >= _MOST_SECTIONS or not 0 <= position < len(self.data):
                raise damaged("its table of contents leads nowhere")
            seen.add(position)
            table = self.data.startswith(b"xref", skip_space(self.data, position))
            trailer = self._table(position) if table else self._table_stream(position)
            if not self.trailer:
                self.trailer, self.uses_streams, self.newest_section = trailer, not table, position
            # A hybrid file's stream comes before what the section replaced (7.5.8.4), so it goes on the stack last.
            waiting.extend(item for item in (trailer.get("Prev"), trailer.get("XRefStm")) if isinstance(item, int))

    def _table(self, position: int) -> Dict:
        position = skip_space(self.data, skip_space(self.data, position) + len(b"xref"))
        while subsection := _SUBSECTION.match(self.data, position):
            first, count = int(subsection[1]), int(subsection[2])
            position = subsection.end()
            if count * 18 > len(self.data) - position:
                raise damaged("its table of contents announces more than there is")
            self.budget.spend(1 + count)
            for number in range(first, first + count):
                entry = _ENTRY.match(self.data, position)
                if entry is None:
                    raise damaged("its table of contents is broken")
                if entry[3] == b"n":
                    self._places.setdefault(number, _Plain(int(entry[1])))
                position = skip_space(self.data, entry.end())
        if not self.data.startswith(b"trailer", position):
            raise damaged("its table of contents has no end")
        trailer, _ = read_value(self.data, position + len(b"trailer"), self.budget)
        if not isinstance(trailer, dict):
            raise damaged("its trailer is broken")
        return trailer

    def _table_stream(self, position: int) -> Dict:
        """A cross-reference stream (7.5.8)."""
        header = _HEADER.match(self.data, skip_space(self.data, position))
        stream = self._plain(int(header[1]), position) if header else None
        if not isinstance(stream, Stream) or stream.entries.get("Type") != "XRef":
            raise damaged("its table of contents is not where it should be")
        entries = stream.entries
        table = self.content(stream, _LARGEST_TABLE)
        widths = [width for width in self.array(entries.get("W")) if isinstance(width, int) and 0 <= width <= 8]
        size = entries.get("Size")
        if table is None or len(widths) != 3 or not sum(widths) or not isinstance(size, int):
            raise damaged("its table of contents is broken")
        index = [item for item in self.array(entries.get("Index")) if isinstance(item, int) and item >= 0] or [0, size]
        offset, row = 0, sum(widths)
        for first, count in zip(index[::2], index[1::2], strict=False):
            count = min(count, (len(table) - offset) // row)
            self.budget.spend(1 + count)
            for number in range(first, first + count):
                self._remember(number, table[offset : offset + row], widths)
                offset += row
        return entries

    def _remember(self, number: int, row: bytes, widths: list[int]) -> None:
        kind = int.from_bytes(row[: widths[0]], "big") if widths[0] else 1
        value = int.from_bytes(row[widths[0] : widths[0] + widths[1]], "big")
        if kind == 1:
            self._places.setdefault(number, _Plain(value))
        elif kind == 2:
            self._places.setdefault(number, _Packed(value))

    def search_objects(self) -> None:
        """Find the objects without a table: where one is written twice, the later counts."""
        self._places.clear()
        self._packs.clear()
        self._found.clear()
        self.trailer, self.newest_section = {}, None
        self.budget.spend(len(self.data) // 1000)
        position = self.data.find(b"obj")
        while position >= 0:
            self.budget.spend(2)
            before = _HEADER_BEFORE.search(self.data[max(position - 24, 0) : position])
            if before:
                self._places[int(before[1])] = _Plain(max(position - 24, 0) + before.start())
            position = self.data.find(b"obj", position + 3)
        for number in list(self._places):
            self._look_for_catalog(number)
        if not self.trailer:
            raise damaged("its beginning cannot be found")

    def _look_for_catalog(self, number: int) -> None:
        place = self._places[number]
        if not isinstance(place, _Plain):
            return
        opening = self.data[place.position : place.position + 400]
        if not any(word in opening for word in (b"/Catalog", b"/ObjStm", b"/XRef", b"/Encrypt")):
            return
        try:
            value = self._object(number)
            entries = value.entries if isinstance(value, Stream) else value
            if not isinstance(entries, dict):
                return
            if entries.get("Type") == "ObjStm":
                for inner in self._pack(number)[1]:
                    self._places.setdefault(inner, _Packed(number))
            elif entries.get("Type") == "XRef":
                self.trailer |= entries
            elif entries.get("Type") == "Catalog":
                self.trailer["Root"] = Ref(number, 0)
        except BakingError as problem:
            if problem.code != "baking.pdf-damaged":
                raise


def _unfiltered(kind: int, row: bytes, above: bytes) -> bytes:
    """One row as it was before filtering (PNG, section 9; one byte a pixel)."""
    if kind == 0:
        return row
    if kind == 2:
        return bytes((byte + up) & 255 for byte, up in zip(row, above, strict=True))
    done = bytearray(len(row))
    left = corner = 0
    for index, (byte, up) in enumerate(zip(row, above, strict=True)):
        guess = left if kind == 1 else (left + up) // 2 if kind == 3 else _paeth(left, up, corner)
        left = done[index] = (byte + guess) & 255
        corner = up
    return bytes(done)


def _paeth(left: int, up: int, corner: int) -> int:
    estimate = left + up - corner
    return min((left, up, corner), key=lambda value: abs(estimate - value))


def open_pdf(data: bytes) -> PdfFile:
    """The PDF in `data`, its table of contents read.

    Raises `BakingError`: ``baking.pdf-damaged``, ``baking.pdf-encrypted``, ``baking.pdf-too-complex``.
    """
    header = data.find(b"%PDF-", 0, HEADER_WITHIN)
    if header < 0:
        raise damaged("it does not begin as a PDF")
    file = PdfFile(data[header:])
    try:
        pointers = _STARTXREF.findall(file.data, max(len(file.data) - _TRAILER_WITHIN, 0))
        if not pointers:
            raise damaged("it ends too early")
        file.read_references(int(pointers[-1]))
        if not file.dictionary(file.trailer.get("Root")):
            raise damaged("its beginning cannot be found")
    except BakingError as problem:
        if problem.code != "baking.pdf-damaged" or "Encrypt" in file.trailer:
            raise _encrypted() if "Encrypt" in file.trailer else problem from None
        file.search_objects()
    if "Encrypt" in file.trailer:
        raise _encrypted()
    return file


def _encrypted() -> BakingError:
    return BakingError(
        "baking.pdf-encrypted",
        "The PDF is encrypted, so what is attached cannot be seen",
        "Hand over the PDF as it was issued, without password or restrictions",
    )
