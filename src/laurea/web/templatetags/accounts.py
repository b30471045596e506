"""What the pages of accounts need: their parts, and words for a browser."""

from __future__ import annotations

import json
import re
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext

register = template.Library()

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_NAME = re.compile(r"\A[\w .-]{1,40}")


@register.simple_tag(takes_context=True)
def account_parts(context: template.Context) -> list[dict[str, Any]]:
    """The parts of one's own account, as tabs; the one that the page belongs to is active."""
    here = context["request"].path
    parts = (
        ("accounts:home", gettext("You"), "user"),
        ("account_email", gettext("E-mail"), "mail"),
        ("account_change_password", gettext("Password"), "lock"),
        ("mfa_index", gettext("Two steps and passkeys"), "fingerprint"),
        ("usersessions_list", gettext("Devices"), "device-desktop"),
    )
    tabs = [{"label": label, "url": reverse(name), "symbol": symbol} for name, label, symbol in parts]
    own = tabs[0]["url"]
    for tab in tabs:
        tab["active"] = here == own if tab["url"] == own else here.startswith(tab["url"])
    return tabs


@register.filter
def device(user_agent: str) -> str:
    """A browser's own description of itself in two words: “Firefox on Linux”."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    plain = _NAME.match(user_agent)
    return browser or system or (plain[0] if plain else gettext("Unknown browser"))


@register.filter
def as_json(value: Any) -> str:
    """A value as JSON, for a data attribute (where it is escaped)."""
    return json.dumps(value)
