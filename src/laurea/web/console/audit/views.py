"""The audit trail: what was done, by whom, when and from where, and each entry with what it changed."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from laurea.actions import looking_back
from laurea.actions.looking_back import Line
from laurea.actions.permissions import Verb, may_trust
from laurea.records.models import Entry, Issuer
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.audit import filters, objects, words
from laurea.web.console.downloads import CSV, streamed


@staff(Verb.MANAGE)
@require_GET
def trail(request: StaffRequest) -> HttpResponse:
    """The newest first; what was done at once is one line."""
    issuer = request.member.issuer
    asked = filters.read(request.member, request.GET)
    page = looking_back.page(asked.issuer, asked.wanted, before=_key(request, "before"), after=_key(request, "after"))
    context = {
        "asked": asked,
        "lines": _lines(issuer, page.lines),
        "previous": asked.link(after=page.newer) if page.newer else "",
        "next": asked.link(before=page.older) if page.older else "",
        "chips": asked.chips(),
        "members": filters.members(issuer),
        "parts": _parts(request, asked) if may_trust(request.member) else [],
    }
    return render(request, "console/audit/trail.html", context)


@staff(Verb.MANAGE)
@require_GET
def entry(request: StaffRequest, pk: int) -> HttpResponse:
    """One entry: what it says in plain words, and word for word."""
    issuer = request.member.issuer
    mine = Q(issuer=issuer) | Q(issuer=None) if may_trust(request.member) else Q(issuer=issuer)
    shown = get_object_or_404(Entry.objects.filter(mine).select_related("actor", "person", "issuer"), pk=pk)
    said = looking_back.told(shown)
    [about] = objects.of(issuer, [shown])
    context = {
        "entry": shown,
        "said": said,
        "title": words.title(shown.act),
        "about": about,
        "place": words.place(said.place),
        "facts": _facts(issuer, said),
        "changes": list(words.changes(said)),
        "salt": bytes(shown.salt).hex(),
        "leaf": bytes(shown.leaf).hex(),
    }
    return render(request, "console/audit/entry.html", context)


@staff(Verb.MANAGE)
@require_GET
def export(request: StaffRequest) -> HttpResponseBase:
    """What the page shows, all of it, as CSV; that it was taken out is an entry, too."""
    issuer, now = request.member.issuer, timezone.now()
    asked = filters.read(request.member, request.GET)
    headings = (
        _("Number"), _("Time (UTC)"), _("Member"), _("What"), _("About"), _("From where"), _("Details"), _("Leaf"),
    )  # fmt: skip

    def worded(entries: Sequence[Entry]) -> list[tuple[str, str, str, str]]:
        return [_cells(each, about) for each, about in zip(entries, objects.of(issuer, entries), strict=True)]

    content = looking_back.csv_of(asked.issuer, asked.wanted, headings, worded, now=now, actor=request.user)
    return streamed(content, "audit-trail", issuer, CSV, now)


def _lines(issuer: Issuer, lines: Sequence[Line]) -> list[dict[str, object]]:
    found = objects.of(issuer, [line.entry for line in lines])
    return [
        {
            "entry": line.entry,
            "count": line.count,
            "run": f"{line.entry.pk}-{line.oldest}",
            "title": words.title(line.entry.act),
            "symbol": words.symbol(line.entry.act),
            "about": about,
            "said": said,
            "place": words.place(said.place),
        }
        for line, about in zip(lines, found, strict=True)
        for said in [looking_back.told(line.entry)]
    ]


def _facts(issuer: Issuer, said: looking_back.Told) -> list[tuple[str, str, str]]:
    """Name, value, and an address where the value is a thing that has a page."""
    found = []
    for name, value in words.facts(said):
        found.append((name, value, ""))
    for kind in ("batch", "achievement"):
        key = said.facts.get(kind)
        if isinstance(key, int):
            [about] = objects.of(issuer, [Entry(kind=kind, identifier=str(key))])
            plain = (words.label(kind), str(key), "")
            found[found.index(plain)] = (words.label(kind), about.name or str(key), about.url)
    return found


def _cells(shown: Entry, about: objects.About) -> tuple[str, str, str, str]:
    said = looking_back.told(shown)
    details = [f"{name}: {value}" for name, value in words.facts(said)]
    details += [f"{name}: {before} → {after}" for name, before, after in words.changes(said)]
    name = " · ".join(filter(None, (about.name, about.more)))
    return words.title(shown.act), name, words.place(said.place), "; ".join(details)


def _parts(request: StaffRequest, asked: filters.Filter) -> list[dict[str, object]]:
    whole = asked.issuer is None
    return [
        {"label": request.member.issuer.name, "url": "?", "symbol": "building", "active": not whole},
        {
            "label": _("The installation"),
            "url": f"?where={filters.INSTALLATION}",
            "symbol": "server",
            "active": whole,
        },
    ]


def _key(request: StaffRequest, name: str) -> int | None:
    said = request.GET.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 19 else None
