"""Django, set up for the parts of commands that work on records."""

from __future__ import annotations

import os

import django

SETTINGS = "laurea.config.settings"


def set_up() -> None:
    """Read the settings and load the models. Raises `SettingsError` (``settings.wrong``) when one cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
