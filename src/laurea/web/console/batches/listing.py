"""All batches of an issuer, and the way to the page where one of them stands."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh

from laurea.actions.permissions import Verb, may
from laurea.records.models import Batch
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.batches import following, journey, uploading

PAGE = 25


@staff(Verb.LOOK)
@require_GET
def batches(request: StaffRequest) -> HttpResponse:
    """The lists that were uploaded, the newest first."""
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    found = lists(request)
    counts = dict(found.order_by().values_list("state").annotate(Count("pk")))
    if words:
        found = found.filter(Q(file_name__icontains=words) | Q(achievement__name__icontains=words))
    if state in Batch.State.values:
        found = found.filter(state=state)
    context = {
        "page": Paginator(found.defer("reading", "options"), PAGE).get_page(request.GET.get("page")),
        "chips": _chips(state, words, counts),
        "q": words,
        "keep": [("state", state)] if state else [],
        "any": bool(counts),
        "may_issue": may(request.member, Verb.ISSUE),
    }
    return render(request, "console/batches/list.html", context)


@staff(Verb.LOOK)
@require_GET
def batch(request: StaffRequest, pk: int) -> HttpResponse:
    """A batch, wherever it stands: being read, failed, or under way; else on to its columns or its review."""
    found = journey.batch_of(request, pk)
    if request.htmx and found.state in (Batch.State.MAPPING, Batch.State.REVIEW):
        return HttpResponseClientRefresh()  # the page that asks shows a list being read, which is over
    if found.state == Batch.State.MAPPING:
        return redirect("console:batch-columns", found.issuer.slug, pk)
    if found.state == Batch.State.REVIEW:
        return redirect("console:batch-review", found.issuer.slug, pk)
    if found.state in (Batch.State.READING, Batch.State.FAILED):
        return uploading.waiting(request, found)
    return following.page(request, found)


def lists(request: StaffRequest) -> QuerySet[Batch]:
    """The uploaded lists of the member's issuer."""
    return (
        Batch.objects.filter(issuer=request.member.issuer, by_hand=False)
        .select_related("achievement", "created_by")
        .order_by("-created", "-pk")
    )


def _chips(chosen: str, words: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    kept = {"q": words} if words else {}
    everything = {"label": _("All"), "url": f"?{urlencode(kept)}", "count": sum(counts.values()), "active": not chosen}
    return [everything] + [
        {
            "label": label,
            "url": f"?{urlencode(kept | {'state': value})}",
            "count": counts.get(value, 0),
            "active": value == chosen,
            "state": value,
        }
        for value, label in Batch.State.choices
        if counts.get(value) or value == chosen
    ]
