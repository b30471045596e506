"""Compiles the catalogues of translations when Laurea is built or installed from a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface[Any]):
    """Writes ``django.mo`` beside each ``django.po``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects the files of the package."""
        for source in Path(self.root, "src", "laurea", "web", "locale").rglob("*.po"):
            with source.open("rb") as file:
                catalogue = read_po(file, locale=source.parent.parent.name)
            with source.with_suffix(".mo").open("wb") as file:
                write_mo(file, catalogue)
