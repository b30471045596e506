"""`laurea demo`: everything on one machine, with a believable organisation to look at."""

from __future__ import annotations

import os
from pathlib import Path

import click

from laurea.cli import console, serving

EPILOG = """\b
Examples:
  laurea demo
  laurea demo --port 9000 --data /tmp/laurea-demo --no-browser"""

DATA = "laurea-demo"


@click.command("demo", epilog=EPILOG)
@serving.run_options
@click.option("--small", is_flag=True, hidden=True, help="Fewer people and credentials.")
def command(data: Path | None, host: str, port: int, workers: int | None, browser: bool, small: bool) -> int:
    """Run the platform with a believable organisation in it.

    Two organisations, 120 people, eight achievements in levels, a year of credentials, and a list that waits for its
    review. Mail goes to a folder and can be read on the pages. A second start goes on with what is there.
    """
    env = serving.environment(data or Path(os.environ.get("LAUREA_DATA") or DATA), port=port)
    serving.require_free(host, port)
    serving.prepare(env, link=False)
    console.note("The first start makes a year of credentials; that takes a moment.")
    accounts = serving.part(env, "populate", *(["--small"] if small else []))["accounts"]

    def ready() -> None:
        serving.greet(env, {})
        console.data("\nSign in as one of:")
        console.data(console.table([(each["part"], each["email"], each["password"]) for each in accounts]))
        console.data(f"\nready: {env['LAUREA_PUBLIC_URL']}")
        console.note("Ctrl-C stops it.")
        if browser:
            serving.open_browser(env["LAUREA_PUBLIC_URL"])

    return serving.serve(env, host=host, port=port, workers=workers, ready=ready)
