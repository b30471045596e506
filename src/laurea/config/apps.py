"""The top floor as a Django app: it has no models, only checks."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register

from laurea.config import checks


class Config(AppConfig):
    """Registers what self-hosting easily gets wrong with Django's system checks."""

    name = "laurea.config"
    label = "laurea_config"

    def ready(self) -> None:
        """Called by Django once all apps are there."""
        for check in checks.ALL:
            register(check)
