"""`laurea prepare`: make or update what an installation stands on, without running it."""

from __future__ import annotations

from pathlib import Path

import click

from laurea.cli import console, serving

EPILOG = """\b
Examples:
  laurea prepare
  laurea prepare --data /var/lib/laurea && laurea web --no-prepare"""


@click.command("prepare", epilog=EPILOG)
@serving.data_option
def command(data: Path | None) -> None:
    """Make or update the data folder, database and static files.

    `laurea run` and `laurea web` do the same by themselves. Several at once wait for each other.
    """
    env = serving.environment(data)
    found = serving.prepare(env, link=True)
    console.data(f"Ready in {env['LAUREA_DATA']}.")
    if found["setUpLink"]:
        console.data(f"Set up: {found['setUpLink']}")
