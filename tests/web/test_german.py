"""Every text of every page is there in German, with the same values in it."""

from __future__ import annotations

import importlib.util
import re
from operator import attrgetter
from pathlib import Path
from types import ModuleType

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

_VALUE = re.compile(r"%\(\w+\)s|%%|\{\w+\}|</?\w+")


@pytest.fixture(scope="module")
def messages(root: Path) -> ModuleType:
    """The program that gathers the texts."""
    spec = importlib.util.spec_from_file_location("messages", root / "scripts" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_catalogue_is_whole(messages: ModuleType) -> None:
    """If it is not: `make messages`, then write the German ones."""
    assert messages.untranslated(messages.updated()) == []


@pytest.mark.slow
def test_values_are_the_same_in_both(messages: ModuleType) -> None:
    for message in filter(attrgetter("id"), messages.updated()):
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        german = message.string if isinstance(message.string, tuple) else (message.string,)
        for one, other in zip(english, german, strict=True):
            assert sorted(_VALUE.findall(one)) == sorted(_VALUE.findall(other)), one


def test_it_is_compiled_and_shown(client: Client) -> None:
    with translation.override("de"):
        assert gettext("Sign in") == "Anmelden"
    page = client.get("/verify", headers={"accept-language": "de"}).content.decode()
    assert '<html lang="de"' in page
    assert "Prüfen" in page or "prüfen" in page
