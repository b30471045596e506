"""Cells that we write must stay text in whatever program opens them."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_FULL_WIDTH = ("＝", "＋", "－", "＠")


def escape_cell(value: str) -> str:
    """`value` for a CSV cell that spreadsheet programs will show and never calculate.

    Excel, LibreOffice and Google Sheets take a cell that begins with ``=``, ``+``, ``-``, ``@`` (or their full-width
    forms), a tab or a line break for a formula, which may start programs or send data away. Such a value gets an
    apostrophe in front, which these programs understand as “this is text” (OWASP, CSV injection). A value that begins
    with spaces before such a character gets it too. Everything else is unchanged. Quoting of delimiters and quotation
    marks stays the CSV writer's work.
    """
    start = value.lstrip(" \u00a0")
    return f"'{value}" if start.startswith(_FORMULA + _FULL_WIDTH) else value


def unescape_cell(value: str) -> str:
    """`value` without the apostrophe that `escape_cell` put before it: a list that we wrote reads back as it was."""
    return value[1:] if value.startswith("'") and escape_cell(value[1:]) == value else value
