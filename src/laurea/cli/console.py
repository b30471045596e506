"""What people and scripts see: messages, JSON, progress.

Data goes to stdout; messages for people go to stderr wherever stdout carries data. With ``--json`` stdout carries
exactly one JSON value, also when something fails.
"""

from __future__ import annotations

import codecs
import json
import os
import platform
import sys
import traceback
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TextIO

import click

from laurea import __version__

INTERNAL = "internal"
"""The code of an error that is ours."""

json_option = click.option("--json", "as_json", is_flag=True, help="Write the result as JSON to stdout.")


class Bar(Protocol):
    """What a long piece of work tells about its progress."""

    def update(self, n_steps: int) -> None: ...


def note(message: str) -> None:
    """Say something to the person at the keyboard; never data."""
    _write(message, err=True)


def warn(message: str) -> None:
    """Say something that deserves a look, though the work goes on."""
    _write(click.style("Warning: ", fg="yellow") + message, err=True)


def data(text: str) -> None:
    """Write what was asked for to stdout."""
    _write(text)


def data_as_json(value: Any) -> None:
    """Write one JSON value to stdout: two spaces of indent, other scripts readable as they are.

    JSON is UTF-8 (RFC 8259, section 8.1). Where stdout is not, it is written in ASCII, which is that too.
    """
    _write(json.dumps(value, indent=2, ensure_ascii=codecs.lookup(sys.stdout.encoding or "ascii").name != "utf-8"))


def show(error: click.ClickException) -> None:
    """What click says of a wrong use: the usage line, where to find help, and what is wrong."""
    try:
        error.show()
    except BrokenPipeError:
        mute(sys.stderr)


def mute(stream: TextIO) -> None:
    """Send what `stream` still holds, and whatever is written to it from now on, nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _write(text: str, *, err: bool = False, colour: bool | None = None) -> None:
    """A reader (`head`, a pager) that has seen enough stops neither the work nor the exit code that tells of it."""
    try:
        click.echo(text, err=err, color=colour)
    except BrokenPipeError:
        mute(sys.stderr if err else sys.stdout)


def failure(code: str, message: str, hint: str, *, as_json: bool) -> None:
    """Say what is wrong and what to do about it, to a person or to a script."""
    if as_json:
        failure_as_json(code, message, hint)
        return
    # Said when the command, and what it knew about colours, is over.
    colour = False if os.environ.get("NO_COLOR") else None
    _write(click.style("Error: ", fg="red", bold=True) + f"{message}.", err=True, colour=colour)
    if hint:
        _write(f"{hint}.", err=True)


def failure_as_json(code: str, message: str, hint: str) -> None:
    """The one shape of an error for scripts."""
    data_as_json({"error": {"code": code, "message": message, "hint": hint}})


def explain_os_error(error: OSError) -> tuple[str, str]:
    """A message and a hint for a file or disk that refuses."""
    what = error.strerror or type(error).__name__
    where = f": {error.filename}" if error.filename else ""
    return f"{what}{where}", "Nothing else is wrong: free the disk, or give a path that you may read and write"


def our_mistake(error: Exception, *, as_json: bool) -> None:
    """Own up to a bug, and say what to report: where it happened, never whose data it happened to."""
    if os.environ.get("LAUREA_DEBUG"):
        traceback.print_exception(error)
    place = " < ".join(_frames(error))
    summary = f"{type(error).__name__} at {place}"
    system = f"laurea {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    if as_json:
        failure_as_json(INTERNAL, f"Laurea made a mistake of its own: {summary}", f"Please report it: {system}")
        return
    note(
        "Laurea made a mistake of its own and stopped; your files are not to blame.\n"
        "Please report these lines, which hold nothing of your data:\n"
        f"  {summary}\n  {system}\n"
        "Set LAUREA_DEBUG=1 to see everything."
    )


def _frames(error: Exception) -> list[str]:
    """The innermost three places in our own code, innermost first."""
    package = Path(__file__).parent.parent
    frames = (frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(package)))
    return [f"{Path(frame.filename).relative_to(package)}:{frame.lineno}" for frame in frames][:-4:-1]


@contextmanager
def progress(length: int, label: str, *, quiet: bool = False) -> Iterator[Bar]:
    """A progress bar on stderr, and only where somebody looks at it."""
    hidden = quiet or not sys.stderr.isatty()
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden) as bar:
        yield bar


def table(rows: list[tuple[str, ...]], *, indent: str = "  ") -> str:
    """Columns aligned by their widest cell."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = (indent + "  ".join(map(padded, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)


def padded(text: str, columns: int) -> str:
    """`text` with spaces after it until it takes so many columns."""
    return text + " " * (columns - width(text))


def width(text: str) -> int:
    """Columns that `text` takes in a terminal."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def count(number: int, one: str, many: str) -> str:
    """``1 row``, ``12,500 rows``."""
    return f"{number:,} {one if number == 1 else many}"
