"""What can be earned: the list, one achievement, its badge and its certificate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from laurea.actions import defining, designing, sampling, showing
from laurea.actions.permissions import Verb, may
from laurea.records.folding import folded
from laurea.records.models import Achievement
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.achievements import words
from laurea.web.console.designs.previews import kept, vector

PAGE = 24
RECENT = 6


@staff(Verb.LOOK)
@require_GET
def achievements(request: StaffRequest) -> HttpResponse:
    """All achievements of the issuer, those in use first, found by name."""
    wanted, archived = request.GET.get("q", "").strip(), request.GET.get("show") == "archived"
    found = _achievements(request)
    counts = {"active": found.filter(archived=None).count(), "archived": found.exclude(archived=None).count()}
    shown = found.exclude(archived=None) if archived else found.filter(archived=None)
    # An issuer has dozens of these, not thousands: they are searched as people write them.
    listed = [item for item in shown if folded(wanted) in folded(f"{item.name} {' '.join(item.tags)}")]
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    issued = dict(
        Achievement.objects.filter(pk__in=[item.pk for item in page], credentials__superseded=None)
        .annotate(issued=Count("credentials"))
        .values_list("pk", "issued")
    )
    context = {
        "page": page,
        "items": [{"achievement": item, "issued": issued.get(item.pk, 0), **_about(item)} for item in page],
        "q": wanted,
        "archived": archived,
        "any": counts["active"] + counts["archived"] > 0,
        "chips": _chips(wanted, archived, counts),
        "keep": [("show", "archived")] if archived else [],
        "may_change": may(request.member, Verb.ISSUE),
    }
    return render(request, "console/achievements/list.html", context)


@staff(Verb.LOOK)
@require_GET
def achievement(request: StaffRequest, pk: int) -> HttpResponse:
    """One achievement: what it says, how it looks, who has it."""
    found = get_object_or_404(_achievements(request), pk=pk)
    in_force = found.credentials.filter(superseded=None)
    context = {
        "achievement": found,
        **_about(found),
        "version": designing.latest(found.design),
        "issued": in_force.count(),
        "recent": in_force.order_by("-valid_from", "-pk")[:RECENT],
        "included": [words.INCLUDED[name] for name in found.include if name in words.INCLUDED],
        "may_change": may(request.member, Verb.ISSUE),
    }
    return render(request, "console/achievements/achievement.html", context)


@staff(Verb.ISSUE)
@require_POST
def archive(request: StaffRequest, pk: int) -> HttpResponse:
    """Put an achievement away."""
    found = get_object_or_404(_achievements(request), pk=pk)
    defining.archive(found, now=timezone.now(), actor=request.user)
    messages.success(request, _("“%(name)s” is archived. Its credentials stay valid") % {"name": found.name})
    return redirect("console:achievements", request.member.issuer.slug)


@staff(Verb.ISSUE)
@require_POST
def restore(request: StaffRequest, pk: int) -> HttpResponse:
    """Offer an achievement again."""
    found = get_object_or_404(_achievements(request), pk=pk)
    defining.restore(found, now=timezone.now(), actor=request.user)
    messages.success(request, _("“%(name)s” can be issued again") % {"name": found.name})
    return redirect("console:achievement", request.member.issuer.slug, pk)


@staff(Verb.LOOK)
@require_GET
def badge(request: StaffRequest, pk: int) -> HttpResponse:
    """The badge as SVG."""
    found = get_object_or_404(_achievements(request), pk=pk)
    return kept(vector(request, showing.badge_svg(found)))


@staff(Verb.LOOK)
@require_GET
def certificate(request: StaffRequest, pk: int) -> HttpResponse:
    """What the certificate of somebody who earns it would look like now, as SVG."""
    found = get_object_or_404(_achievements(request), pk=pk)
    sample = sampling.of_achievement(found, designing.latest(found.design), now=timezone.now())
    return kept(vector(request, sample.drawing()))


def _achievements(request: StaffRequest) -> QuerySet[Achievement, Achievement]:
    return (
        Achievement.objects.filter(issuer=request.member.issuer)
        .select_related("issuer", "design", "badge_picture")
        .order_by("name", "pk")
    )


def _about(achievement: Achievement) -> dict[str, Any]:
    kinds = {**words.USUAL_KINDS, **words.OTHER_KINDS}
    issuer = achievement.issuer
    # What the picture of the badge depends on: browsers may keep it until one of these changes.
    drawn = f"{achievement.changed.timestamp():.0f}{issuer.primary_colour[1:]}{issuer.secondary_colour[1:]}"
    return {
        "drawn": drawn,
        "level": words.LEVELS.get(achievement.level, achievement.level),
        "kind": kinds.get(achievement.kind, achievement.kind),
    }


def _chips(wanted: str, archived: bool, counts: dict[str, int]) -> list[dict[str, Any]]:
    if not counts["archived"]:
        return []
    kept = {"q": wanted} if wanted else {}
    return [
        {"label": _("In use"), "url": f"?{urlencode(kept)}", "count": counts["active"], "active": not archived},
        {
            "label": _("Archived"),
            "url": f"?{urlencode(kept | {'show': 'archived'})}",
            "count": counts["archived"],
            "active": archived,
        },
    ]
