"""The app as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """All models of Laurea, under the label ``records``."""

    name = "laurea.records"
    label = "records"
    verbose_name = "Records"
