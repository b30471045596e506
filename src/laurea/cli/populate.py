"""`laurea populate`: the part of `demo` that works on the records, in a process of its own."""

from __future__ import annotations

import click

from laurea.cli import console


@click.command("populate", hidden=True)
def command() -> None:
    """Fill the installation with the demo."""
    console.data_as_json({})
