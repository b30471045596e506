"""The tags of the look: icons, states, times, codes, and the components that take a body.

What takes values only is an include (`templates/components/`); what wraps other markup is a block tag here.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from laurea.credentials.code import format_code

register = template.Library()

# Per state: its tone, and the symbol that says the same without colour.
STATES = {
    # verdicts
    "genuine": ("success", "rosette-discount-check"),
    "altered": ("danger", "alert-octagon"),
    "malformed": ("danger", "shield-x"),
    "other holder": ("danger", "user-x"),
    "revoked": ("danger", "ban"),
    "expired": ("warning", "calendar-off"),
    "not yet valid": ("info", "calendar-time"),
    "issuer unknown": ("warning", "shield-question"),
    "cannot tell": ("warning", "help-circle"),
    "status unknown": ("warning", "help-circle"),
    # checks
    "passed": ("success", "check"),
    "unknown": ("warning", "help-circle"),
    "not applicable": ("quiet", "minus"),
    # batches
    "reading": ("info", "loader-2"),
    "mapping": ("info", "columns"),
    "review": ("warning", "list-check"),
    "issuing": ("info", "loader-2"),
    "stopped": ("warning", "player-pause"),
    "done": ("success", "circle-check"),
    "failed": ("danger", "circle-x"),
    # rows
    "ready": ("success", "check"),
    "duplicate": ("quiet", "copy"),
    "issued": ("success", "circle-check"),
    "renewal": ("info", "refresh"),
    "warning": ("warning", "alert-triangle"),
    "error": ("danger", "alert-circle"),
    # chunks and deliveries
    "waiting": ("quiet", "clock"),
    "signed": ("info", "signature"),
    "held": ("quiet", "hourglass"),
    "due": ("info", "clock"),
    "sent": ("success", "mail-check"),
    # credentials
    "valid": ("success", "circle-check"),
    "expiring": ("warning", "clock"),
    "replaced": ("quiet", "history"),
    # keys, people, achievements, designs
    "active": ("success", "circle-check"),
    "inactive": ("quiet", "user-off"),
    "retired": ("quiet", "archive"),
    "compromised": ("danger", "shield-x"),
    "archived": ("quiet", "archive"),
    "draft": ("quiet", "pencil"),
    "published": ("success", "world"),
    # members
    "owner": ("accent", "shield-check"),
    "issuer": ("quiet", "signature"),
    "viewer": ("quiet", "eye"),
    "invited": ("info", "mail-forward"),
}

ALERTS = {
    "success": "circle-check",
    "info": "info-circle",
    "warning": "alert-triangle",
    "danger": "alert-circle",
    "error": "alert-circle",
    "debug": "info-circle",
}


@register.simple_tag
def icon(name: str, label: str = "", classes: str = "") -> SafeString:
    """``{% icon "certificate" %}``: a symbol of the sprite, for the eye only; with `label` it also speaks."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>',
        f" {classes}" if classes else "",
        spoken,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def mark(classes: str = "") -> SafeString:
    """``{% mark %}``: the laurel, in the colour of the text around it."""
    return format_html(
        '<svg class="laurel{}" viewBox="0 0 48 48" aria-hidden="true"><use href="{}#laurel"></use></svg>',
        f" {classes}" if classes else "",
        static("laurea/mark.svg"),
    )


@register.simple_tag(takes_context=True)
def section(context: template.Context, name: str, symbol: str, label: str) -> SafeString:
    """``{% section "people" "users" _("People") %}``: a link to a part of the console, current on all of its pages."""
    url = reverse(f"console:{name}", args=[context["issuer"].slug])
    here = context["request"].path
    current = here == url or (name != "home" and here.startswith(url))
    return format_html(
        '<a href="{}"{}>{}<span>{}</span></a>',
        url,
        SafeString(' aria-current="page"') if here == url else SafeString(' aria-current="true"') if current else "",
        icon(symbol),
        label,
    )


@register.filter
def grouped(code: str) -> str:
    """``{{ credential.code|grouped }}``: a code as people read it, XXXX-XXXX-XXXX-XXXX."""
    return format_code(code)


@register.simple_tag
def ago(moment: datetime | None, now: datetime | None = None) -> SafeString:
    """``{% ago batch.created %}``: how long ago or in how long, with the exact time on hover; a dash for None."""
    if moment is None:
        return SafeString("–")
    exact = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        f"{date_format(exact, 'DATETIME_FORMAT')} {exact.tzname()}",
        in_words(moment, now or timezone.now()),
    )


def in_words(moment: datetime, now: datetime) -> str:
    """The distance between two moments in its largest unit."""
    seconds = int((now - moment).total_seconds())
    size = abs(seconds)
    if size < 45:
        return gettext("just now")
    past = seconds > 0
    if size < 45 * 60:
        return _minutes(max(1, round(size / 60)), past)
    if size < 22 * 3600:
        return _hours(max(1, round(size / 3600)), past)
    days = max(1, round(size / 86400))
    if days < 45:
        return _days(days, past)
    if days < 345:
        return _months(max(2, round(days / 30.44)), past)
    return _years(max(1, round(days / 365.25)), past)


def _minutes(count: int, past: bool) -> str:
    words = (
        ngettext("%(count)s minute ago", "%(count)s minutes ago", count)
        if past
        else ngettext("in %(count)s minute", "in %(count)s minutes", count)
    )
    return words % {"count": count}


def _hours(count: int, past: bool) -> str:
    words = (
        ngettext("%(count)s hour ago", "%(count)s hours ago", count)
        if past
        else ngettext("in %(count)s hour", "in %(count)s hours", count)
    )
    return words % {"count": count}


def _days(count: int, past: bool) -> str:
    words = (
        ngettext("%(count)s day ago", "%(count)s days ago", count)
        if past
        else ngettext("in %(count)s day", "in %(count)s days", count)
    )
    return words % {"count": count}


def _months(count: int, past: bool) -> str:
    words = (
        ngettext("%(count)s month ago", "%(count)s months ago", count)
        if past
        else ngettext("in %(count)s month", "in %(count)s months", count)
    )
    return words % {"count": count}


def _years(count: int, past: bool) -> str:
    words = (
        ngettext("%(count)s year ago", "%(count)s years ago", count)
        if past
        else ngettext("in %(count)s year", "in %(count)s years", count)
    )
    return words % {"count": count}


@register.simple_tag
def state(value: str, label: str = "") -> SafeString:
    """``{% state batch.state batch.get_state_display %}``: a state in colour, symbol and word."""
    tone, symbol = STATES.get(str(value), ("quiet", "circle-dashed"))
    return format_html('<span class="state state-{}">{}<span>{}</span></span>', tone, icon(symbol), label or value)


@register.simple_tag
def avatar(name: str, classes: str = "") -> SafeString:
    """``{% avatar person.name %}``: the initials of a name in a disc, for the eye only: the name stands beside it."""
    return format_html(
        '<span class="initials{}" aria-hidden="true">{}</span>', f" {classes}" if classes else "", initials(name)
    )


def initials(name: str) -> str:
    """The first letters of the first and the last word, or the first letter of a single one."""
    words = [letters for word in name.split() if (letters := [c for c in word if unicodedata.category(c)[0] == "L"])]
    if not words:
        return "?"
    ends = words[:1] if len(words) == 1 else [words[0], words[-1]]
    return "".join(letters[0] for letters in ends).upper()


@register.simple_tag
def symbol_of(tags: str) -> str:
    """The name of the icon that goes with the tags of a Django message."""
    return next((ALERTS[tag] for tag in tags.split() if tag in ALERTS), "info-circle")


@register.simple_block_tag
def alert(content: str, kind: str = "info", title: str = "") -> SafeString:
    """``{% alert "warning" title="…" %}what it means, what to do{% endalert %}``: success, info, warning, danger."""
    return _component("alert", kind=kind, symbol=ALERTS[kind], title=title, content=content)


@register.simple_block_tag
def empty(content: str, symbol: str, title: str) -> SafeString:
    """``{% empty "users" title="Nobody is here yet" %}<p>why</p> a first step{% endempty %}``: teaches and offers."""
    return _component("empty", symbol=symbol, title=title, content=content)


@register.simple_block_tag
def menu(content: str, label: str, symbol: str = "dots", classes: str = "") -> SafeString:
    """``{% menu "More" %}<a href="…">…</a>{% endmenu %}``: secondary acts, as links or buttons of small forms."""
    return _component("menu", label=label, symbol=symbol, classes=classes, content=content)


@register.simple_block_tag
def dialog(content: str, name: str, title: str, wide: bool = False) -> SafeString:
    """``{% dialog "rename" title="…" %}<form>…</form>{% enddialog %}``, opened by ``data-opens="rename"``."""
    return _component("dialog", name=name, title=title, wide=wide, content=content)


@register.simple_block_tag
def hint(content: str, label: str) -> SafeString:
    """``{% hint "What is a code?" %}…{% endhint %}``: help that opens in place."""
    return _component("hint", label=label, content=content)


@register.simple_block_tag
def card(content: str, title: str = "", lead: str = "", classes: str = "") -> SafeString:
    """``{% card title="Profile" lead="one sentence" %}…{% endcard %}``: a titled surface."""
    return _component("card", title=title, lead=lead, classes=classes, content=content)


def _component(name: str, /, **values: Any) -> SafeString:
    return SafeString(render_to_string(f"components/{name}.html", values).strip())
