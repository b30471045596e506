"""What the pages of a batch have in common: where it stands on its way, and finding one of the member's issuer."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from laurea.records.models import Batch
from laurea.web.console.access import StaffRequest


def batch_of(request: StaffRequest, pk: int) -> Batch:
    """One batch of the member's issuer, with what its pages show. 404 for any other."""
    found = get_object_or_404(
        Batch.objects.select_related("achievement__design", "achievement__badge_picture", "design_version__design"),
        issuer=request.member.issuer,
        pk=pk,
    )
    found.issuer = found.achievement.issuer = request.member.issuer
    return found


def steps(batch: Batch | None, now: str) -> list[dict[str, Any]]:
    """The way of a list, `now` being where the page is: file, columns, review, confirm or issue."""
    names = {
        "file": _("List"),
        "columns": _("Columns"),
        "review": _("Review"),
        "confirm": _("Confirm"),
        "issue": _("Issue"),
    }
    open_pages = {}
    if batch is not None and batch.state in (Batch.State.MAPPING, Batch.State.REVIEW):
        open_pages["columns"] = reverse("console:batch-columns", args=[batch.issuer.slug, batch.pk])
    if batch is not None and batch.state == Batch.State.REVIEW:
        open_pages["review"] = reverse("console:batch-review", args=[batch.issuer.slug, batch.pk])
    here = list(names).index(now)
    return [
        {
            "label": label,
            "url": open_pages.get(name, "") if name != now else "",
            "state": "done" if place < here else "now" if place == here else "",
        }
        for place, (name, label) in enumerate(names.items())
    ]
