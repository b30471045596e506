"""Home: what needs somebody, and how things stand."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from laurea.actions import overview, searching, standing
from laurea.actions.permissions import Verb, may
from laurea.web.console.access import StaffRequest, staff


@staff(Verb.LOOK)
@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """The first page of an issuer."""
    now = timezone.now()
    shown = overview.of(request.member.issuer, now)
    context = {
        "overview": shown,
        "credentials": [{"credential": each, "standing": standing.of(each, now)} for each in shown.credentials],
        "most": searching.COUNTED,
        "may_issue": may(request.member, Verb.ISSUE),
        "may_manage": may(request.member, Verb.MANAGE),
        "this_month": now.replace(day=1).date().isoformat(),
        "this_year": now.replace(month=1, day=1).date().isoformat(),
    }
    return render(request, "console/home/home.html", context)
