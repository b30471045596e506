"""``laurea worker``: processes for the work that waits."""

from __future__ import annotations

import os
import signal
import threading

import click
from django.conf import settings

from laurea.actions import installing, supervising, workers
from laurea.cli import console, serving

EPILOG = """\b
Examples:
  laurea worker
  LAUREA_DATABASE_URL=postgresql://laurea:secret@db/laurea laurea worker --jobs 8"""


@click.command("worker", epilog=EPILOG)
@click.option("--jobs", type=click.IntRange(1, 256), help="How many processes (one for each processor).")
def command(jobs: int | None) -> None:
    """Do the platform's work that waits: read lists, issue, send mail.

    As many of these as you like work on one database, on as many machines; `laurea run` brings its own. Each piece of
    work is done once, whoever is killed meanwhile. Settings come from the environment (LAUREA_DATA,
    LAUREA_DATABASE_URL, LAUREA_STORAGE_URL ...).
    """
    jobs = jobs or workers.processors()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laurea.config.settings")
    _ = settings.DATABASES  # settings that cannot be used are told once, here
    if not serving.is_installed(os.environ):
        folder = installing.data_folder(os.environ)
        console.warn(
            f"there is no installation in {folder} yet; the workers wait until `laurea web` or another makes it"
        )
    until = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: until.set())
    console.note(f"{jobs} {'worker' if jobs == 1 else 'workers'} started. Ctrl-C ends them.")
    supervising.supervise(jobs, until=until)
