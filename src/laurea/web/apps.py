"""The web door as a Django application."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

_STATIC = Path(__file__).parent / "static"


class WebConfig(AppConfig):
    """Templates, their tags and the static files."""

    name = "laurea.web"
    label = "web"

    def ready(self) -> None:
        """Look, before anything is served, whether the pages would have their look."""
        register(assets_are_there)


def assets_are_there(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A source checkout has to be given Tabler, htmx, the typefaces and the icons; the released package has them."""
    if (_STATIC / "vendor" / "icons.svg").exists():
        return []
    return [
        Error(
            "The style sheet, icons and typefaces of the pages are missing",
            hint="This is a source checkout: run `make assets` once (it needs Node.js 20 or newer)",
            id="laurea.E101",
        )
    ]
