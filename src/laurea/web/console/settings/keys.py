"""The issuer's keys and identifier: what others check its signatures with. Nothing private is ever shown."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from laurea.actions import addresses, issuer_keys, rotating
from laurea.actions.permissions import Verb
from laurea.credentials.document import serialise
from laurea.records.models import Key
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.settings.parts import tabs


@staff(Verb.MANAGE)
@require_safe
def keys(request: StaffRequest) -> HttpResponse:
    """The identifier, in plain words, and all keys."""
    issuer = request.member.issuer
    listed = list(issuer.keys.order_by("-created", "-id"))
    active = next((key for key in listed if key.state == Key.State.ACTIVE), None)
    context = {
        "tabs": tabs(request, "settings-keys"),
        "keys": listed,
        "active": active,
        "did": addresses.did(issuer, active) if active else "",
        "lasting": addresses.lasting(),
        "base": addresses.base(),
        "address": f"{addresses.issuer(issuer)}/did.json",
        "page": addresses.issuer(issuer),
        "issued": issuer.credentials.count(),
    }
    return render(request, "console/settings/keys.html", context)


@staff(Verb.MANAGE)
@require_POST
def rotate(request: StaffRequest) -> HttpResponse:
    """Make a new key that signs from now on; the last one is retired."""
    rotating.rotate(request.member.issuer, now=timezone.now(), actor=request.user)
    messages.success(request, _("A new key signs from now on. What was signed before stays genuine."))
    return redirect("console:settings-keys", request.member.issuer.slug)


@staff(Verb.MANAGE)
@require_safe
def did_document(request: StaffRequest) -> HttpResponse:
    """The public did.json, to keep or to publish."""
    issuer = request.member.issuer
    return HttpResponse(
        serialise(issuer_keys.did_document(issuer)),
        content_type="application/did+json",
        headers={"Content-Disposition": 'attachment; filename="did.json"'},
    )
