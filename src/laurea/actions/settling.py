"""Bringing an installation up to date: database, cache table, static files. Safe to repeat, and for several at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from laurea import __version__
from laurea.actions import catching_up
from laurea.actions.installing import InstallingError

_STAMP = ".collected"
_NOT_OURS = ["account", "mfa", "django_htmx"]
"""Programs that the apps bring and our pages do not use."""

_LOCK = 0x6C617572  # any number that only we use


def settle() -> None:
    """Bring everything up to date. Raises `InstallingError`."""
    update_database()
    collect_static()


def update_database() -> None:
    """Apply the migrations, make the table of the cache, enter into the log what is older than it.

    Raises `InstallingError` (``installing.database``).
    """
    try:
        with _one_at_a_time():
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            catching_up.catch_up(now=timezone.now())
    except DatabaseError as error:
        raise InstallingError(
            "installing.database",
            f"The database cannot be used: {str(error).strip().splitlines()[0]}",
            "Check LAUREA_DATABASE_URL, that the server runs, and that the user may make tables",
        ) from None


def collect_static() -> None:
    """Put the files of the pages where the web server hands them out from, if they are not there yet.

    Raises `InstallingError` (``installing.assets``) in a checkout whose assets were not made.
    """
    if finders.find("vendor/tabler.min.css") is None:
        raise InstallingError(
            "installing.assets",
            "The style sheets, programs and typefaces of the pages are missing",
            "In a checkout, run `make assets`; the released package brings them",
        )
    stamp = Path(settings.STATIC_ROOT) / _STAMP
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=_NOT_OURS)
    stamp.write_text(wanted, "utf-8")


def _fingerprint() -> str:
    """What the static files are made of, by name, size and time."""
    seen: list[tuple[str, int, int]] = []
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            seen.append((name, found.st_size, found.st_mtime_ns))
    return hashlib.sha256(json.dumps([__version__, sorted(seen)]).encode()).hexdigest()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Several hosts may be updated at once: on PostgreSQL one waits for the other. SQLite has one host."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
