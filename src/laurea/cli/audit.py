"""`laurea audit`: the part of `laurea log verify` that works on the records, in a process of its own."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone

from laurea.actions import comparing_log, verifying_log
from laurea.cli import console, records


@click.command("audit", hidden=True)
@click.option("--where")
@click.option("--key")
@click.option("--since", type=click.Path(path_type=Path))
@records.in_reach()
def command(where: str | None, key: str | None, since: Path | None) -> None:
    """Hold the records against the log."""
    read = None
    if where is not None:
        read = verifying_log.at_address(where) if "://" in where else verifying_log.in_folder(Path(where))
    audit = comparing_log.verify(
        read=read,
        verifier=verifying_log.key_from(key) if key else None,
        since=verifying_log.read_text(since) if since else None,
        now=timezone.now(),
    )
    console.data_as_json(audit.to_json())
