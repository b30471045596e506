"""What the XML of a sheet says and the reader of workbooks does not tell: hidden rows, and formulas without a value."""

from __future__ import annotations

import html
import re
import zipfile
from dataclasses import dataclass, field

from laurea.actions.batches.rows import Note

_ROW = re.compile(rb"<(?:\w+:)?row\s[^<>]*>")
_NUMBER = re.compile(rb"\sr=[\"'](\d{1,7})[\"']")
_HIDDEN = re.compile(rb"\shidden=[\"'](?:1|true)[\"']")
_UNSAVED = re.compile(rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>|</(?:\w+:)?c>)")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*>")
_NAME = re.compile(rb"\sname=(?:\"([^\"]*)\"|'([^']*)')")
_RELATED = re.compile(rb"\s\w+:id=[\"']([^\"']*)[\"']")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_ID = re.compile(rb"\sId=[\"']([^\"']*)[\"']")
_TARGET = re.compile(rb"\sTarget=[\"']([^\"']*)[\"']")
_MOST_SPANS = 10
_MOST_HIDDEN = 10_000
_LONGEST_PART = 4 * 1024 * 1024


@dataclass(slots=True)
class Marks:
    """What was found in one sheet: `hidden` rows by number, and how many formulas have no value."""

    hidden: list[int] = field(default_factory=list)
    unsaved: int = 0

    def add(self, text: bytes) -> None:
        """Looks at more of the sheet's XML, cut between rows."""
        if b"hidden=" in text and len(self.hidden) < _MOST_HIDDEN:
            for match in _ROW.finditer(text):
                if _HIDDEN.search(match[0]) and (number := _NUMBER.search(match[0])):
                    self.hidden.append(int(number[1]))
                    if len(self.hidden) >= _MOST_HIDDEN:
                        break
        if b"/f>" in text:
            self.unsaved += len(_UNSAVED.findall(text))

    def remarks(self) -> tuple[Note, ...]:
        """What somebody should know who takes this sheet for a list."""
        found = []
        if self.hidden:
            lines = _spans(self.hidden)
            found.append(Note("file.hidden-rows", f"Rows that are hidden in the workbook are read, too: {lines}"))
        if self.unsaved:
            number = f"{self.unsaved:,}"
            found.append(
                Note(
                    "file.unsaved-formulas",
                    f"Formulas without a saved value are read as empty cells ({number}): open the workbook in a"
                    " spreadsheet program and save it",
                )
            )
        return tuple(found)


def by_sheet(archive: zipfile.ZipFile, marks: dict[str, Marks]) -> dict[str, tuple[Note, ...]]:
    """The remarks of each sheet by its name; `marks` has them by part. Raises `KeyError` for a workbook cut short."""
    marked = {part: found.remarks() for part, found in marks.items() if found.hidden or found.unsaved}
    if not marked:
        return {}
    targets = {}
    for match in _RELATION.finditer(_part(archive, "xl/_rels/workbook.xml.rels")):
        if (number := _ID.search(match[0])) and (target := _TARGET.search(match[0])):
            path = target[1].decode("utf-8", "replace")
            targets[number[1]] = path.removeprefix("/") if path.startswith("/") else f"xl/{path}"
    found = {}
    for match in _SHEET.finditer(_part(archive, "xl/workbook.xml")):
        name, related = _NAME.search(match[0]), _RELATED.search(match[0])
        if name and related and (remarks := marked.get(targets.get(related[1], ""))):
            found[html.unescape((name[1] or name[2] or b"").decode("utf-8", "replace"))] = remarks
    return found


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_LONGEST_PART)


def _spans(lines: list[int]) -> str:
    """`3, 7–9`; at most ten spans."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and spans[-1][1] == line - 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    shown = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans[:_MOST_SPANS])
    return shown if len(spans) <= _MOST_SPANS else f"{shown}, …"
