"""The issuer's keys and identifier: what others check its signatures with. Nothing private is ever shown."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from laurea.actions import addresses, issuer_keys, key_module, reissuing, rotating, safekeeping, stolen_keys
from laurea.actions.permissions import Verb
from laurea.credentials.document import serialise
from laurea.credentials.errors import LaureaError
from laurea.records.models import Key
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.settings.forms import StolenForm
from laurea.web.console.settings.parts import tabs
from laurea.web.wording import told


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
        "module": key_module.configured(),
        "in_database": any(not key.module for key in listed),
        "backed_up": safekeeping.last_backup(issuer),
        "waiting": reissuing.waiting(issuer).count(),
    }
    return render(request, "console/settings/keys.html", context)


@staff(Verb.MANAGE)
@require_POST
def rotate(request: StaffRequest) -> HttpResponse:
    """Make a new key that signs from now on; the last one is retired."""
    try:
        rotating.rotate(request.member.issuer, now=timezone.now(), actor=request.user)
    except LaureaError as error:
        messages.error(request, told(error) + ".")
    else:
        messages.success(request, _("A new key signs from now on. What was signed before stays genuine."))
    return redirect("console:settings-keys", request.member.issuer.slug)


@staff(Verb.MANAGE)
@require_http_methods(["GET", "POST"])
def stolen(request: StaffRequest, key: int) -> HttpResponse:
    """Say since when a key was in the wrong hands, see what will happen, and let it happen."""
    issuer = request.member.issuer
    shown = get_object_or_404(Key.objects.select_related("issuer"), issuer=issuer, pk=key)
    form = StolenForm(issuer, request.POST or None)
    if request.method == "POST" and form.is_valid() and _declare(request, form, shown):
        return redirect("console:settings-keys", issuer.slug)
    context = {
        "tabs": tabs(request, "settings-keys"),
        "form": form,
        "key": shown,
        "signs": shown.state == Key.State.ACTIVE,
        "signed": shown.credentials.filter(superseded=None, revoked=None).count(),
        "lasting": addresses.lasting(),
    }
    return render(request, "console/settings/key_stolen.html", context, status=422 if form.errors else 200)


@staff(Verb.MANAGE)
@require_POST
def reissue(request: StaffRequest) -> HttpResponse:
    """Issue anew what a stolen key signed, and nothing shows to be older than the theft."""
    issuer = request.member.issuer
    send_mail = bool(request.POST.get("send_mail"))
    try:
        made = reissuing.reissue(issuer, send_mail=send_mail, now=timezone.now(), actor=request.user)
    except LaureaError as error:
        messages.error(request, told(error) + ".")
        return redirect("console:settings-keys", issuer.slug)
    count = sum(batch.rows_to_issue for batch in made)
    text = ngettext(
        "%(number)s credential is being issued anew, under its code.",
        "%(number)s credentials are being issued anew, under their codes.",
        count,
    )
    messages.success(request, text % {"number": count})
    if len(made) == 1:
        return redirect("console:batch", issuer.slug, made[0].pk)
    return redirect("console:batches", issuer.slug)


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


def _declare(request: StaffRequest, form: StolenForm, key: Key) -> bool:
    """Do it; where it cannot be done, the form says why."""
    try:
        rotating.compromised(key, since=form.cleaned_data["since"], now=timezone.now(), actor=request.user)
    except LaureaError as error:
        form.add_error(None, told(error) + ".")
        return False
    ended = stolen_keys.no_longer_verified(key).count()
    text = ngettext(
        "The key is marked as stolen. %(number)s credential no longer verifies.",
        "The key is marked as stolen. %(number)s credentials no longer verify.",
        ended,
    )
    messages.warning(request, text % {"number": ended})
    return True
