"""Django, set up for the parts of commands that work on records."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.db import DatabaseError, InterfaceError

from laurea.actions.installing import InstallingError

SETTINGS = "laurea.config.settings"


def set_up() -> None:
    """Read the settings and load the models. Raises `SettingsError` (``settings.wrong``) when one cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()


@contextmanager
def in_reach() -> Iterator[None]:
    """Tell a database that is away, damaged or not prepared as that: `InstallingError` (``installing.database``)."""
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        raise InstallingError(
            "installing.database",
            f"The database cannot be used: {str(error).strip().splitlines()[0]}",
            "Check LAUREA_DATABASE_URL or --data, and that the server runs; `laurea prepare` makes the tables",
        ) from error
