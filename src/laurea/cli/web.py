"""`laurea web`: the pages alone."""

from __future__ import annotations

import os
from pathlib import Path

import click
from granian import Granian
from granian.constants import Interfaces
from granian.errors import ConfigurationError
from granian.log import LogLevels

from laurea.cli import console, serving

APPLICATION = "laurea.config.wsgi:application"
THREADS = 4
"""Requests that are worked on at once; more would wait for each other."""

EPILOG = """\b
Examples:
  laurea web --host 0.0.0.0
  laurea prepare && laurea web --no-prepare"""


@click.command("web", epilog=EPILOG)
@serving.data_option
@serving.address_options
@click.option("--prepare/--no-prepare", "preparing", default=True, help="Bring database and static files up to date.")
def command(data: Path | None, host: str, port: int, preparing: bool) -> None:
    """Serve the platform's pages alone.

    For an installation whose workers run elsewhere (`laurea worker`). Stands behind a reverse proxy that speaks https;
    see docs/how-to/self-host.md.
    """
    env = serving.environment(data, port=port)
    serving.require_free(host, port)
    if preparing:
        serving.greet(env, serving.prepare(env, link=True))
    os.environ.update(env)
    server = Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        websockets=False,
        log_level=LogLevels.warning,
        # Addresses hold codes and tokens: no line is written for a request.
        log_access=False,
    )
    try:
        server.serve()
    except ConfigurationError as error:
        console.note(str(error))
        raise click.exceptions.Exit(2) from None
