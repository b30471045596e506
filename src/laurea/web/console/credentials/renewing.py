"""What ends soon, by achievement; and the list of its holders, begun with one click."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from laurea.actions import renewing
from laurea.actions.permissions import Verb
from laurea.credentials.errors import LaureaError
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.credentials import filters
from laurea.web.wording import told


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def renewals(request: StaffRequest) -> HttpResponse:
    """Whose time has come; POST makes the list for an `achievement`, with those that have `expired` or without."""
    issuer, now = request.member.issuer, timezone.now()
    if request.method == "POST":
        key = request.POST.get("achievement", "")
        achievement = get_object_or_404(issuer.achievements, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
        expired = bool(request.POST.get("expired"))
        try:
            batch = renewing.begin(issuer, achievement, expired=expired, now=now, actor=request.user)
        except LaureaError as error:
            messages.error(request, told(error) + ".")
            return redirect("console:renewals", issuer.slug)
        return redirect("console:batch", issuer.slug, batch.pk)
    context = {"waiting": renewing.waiting(issuer, now), "soon": filters.soon(now)}
    return render(request, "console/credentials/renewals.html", context)
