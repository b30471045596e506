"""The door of the console: to the one issuer of a member, or to a choice among several."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from laurea.actions.permissions import may_found
from laurea.records.models import Account, Member


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The home of one's only issuer; a chooser where there are several; what to do where there is none."""
    account = cast("Account", request.user)
    memberships = list(Member.objects.filter(account=account).select_related("issuer__logo").order_by("issuer__name"))
    if len(memberships) == 1:
        return redirect("console:home", memberships[0].issuer.slug)
    context = {"memberships_of": memberships, "may_found": may_found(account)}
    return render(request, "console/start.html", context)
