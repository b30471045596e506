"""`laurea populate`: the part of `demo` that works on the records, in a process of its own."""

from __future__ import annotations

from dataclasses import asdict

import click
from django.utils import timezone

from laurea.actions import auditing, demonstrating
from laurea.cli import console


@click.command("populate", hidden=True)
@click.option("--small", is_flag=True, help="Fewer people and credentials.")
def command(small: bool) -> None:
    """Fill the installation with the demo."""
    with auditing.from_where("cli:demo"):
        accounts = demonstrating.populate(now=timezone.now(), small=small)
    console.data_as_json({"accounts": [asdict(account) for account in accounts]})
