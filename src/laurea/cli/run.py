"""`laurea run`: everything on one machine."""

from __future__ import annotations

from pathlib import Path

import click

from laurea.cli import console, serving

EPILOG = """\b
Examples:
  laurea run
  laurea run --data /var/lib/laurea --port 9000
  LAUREA_PUBLIC_URL=https://badges.example.com LAUREA_TRUSTED_PROXIES=1 laurea run --no-browser

Everything else is set in the environment: docs/reference/settings.md."""


@click.command("run", epilog=EPILOG)
@serving.run_options
def command(data: Path | None, host: str, port: int, workers: int | None, browser: bool) -> int:
    """Run the platform on this machine: pages and workers.

    Makes the data folder with its secrets and database on the first start, and prints a link to set Laurea up. Keep a
    copy of the data folder: it holds the keys that sign.
    """
    env = serving.environment(data, port=port)
    serving.require_free(host, port)
    found = serving.prepare(env, link=True)

    def ready() -> None:
        serving.greet(env, found)
        console.data(f"ready: {env['LAUREA_PUBLIC_URL']}")
        console.note("Ctrl-C stops it.")
        if browser:
            serving.open_browser(found.get("setUpLink") or env["LAUREA_PUBLIC_URL"])

    return serving.serve(env, host=host, port=port, workers=workers, ready=ready)
