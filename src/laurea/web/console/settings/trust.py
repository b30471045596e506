"""The list of issuers elsewhere that this installation trusts: seen by owners, changed by who answers for all of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from laurea.actions import trusting
from laurea.actions.permissions import Verb, may_trust
from laurea.credentials.errors import LaureaError
from laurea.records.models import TrustedIssuer
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.settings.forms import TrustFileForm, TrustForm
from laurea.web.console.settings.parts import tabs
from laurea.web.wording import told, worded

PAGE = 50
_LARGEST = 4 * 1024 * 1024


@staff(Verb.MANAGE)
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """All trusted issuers, by name."""
    words = request.GET.get("q", "").strip()
    found = TrustedIssuer.objects.select_related("added_by").order_by("name", "pk")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(identifier__icontains=words))
    context = {
        "tabs": tabs(request, "settings-trust"),
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "q": words,
        "may_trust": may_trust(request.member),
    }
    return render(request, "console/settings/trust.html", context)


@staff(Verb.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    """Trust one more issuer."""
    _allow(request)
    today = timezone.now().astimezone(ZoneInfo(request.member.issuer.time_zone)).date()
    said = {name: request.GET.get(name, "") for name in ("identifier", "name")}
    form = TrustForm(request.POST or None, initial={**said, "since": today})
    if form.is_valid():
        given = form.cleaned_data
        try:
            trusting.add(
                given["identifier"], given["name"], given["since"] or today, now=timezone.now(), actor=request.user
            )
        except LaureaError as error:
            message, hint = worded(error)
            field = "name" if error.code == "trust.name" else "identifier"
            form.add_error(field, ". ".join(filter(None, (message, hint))) + ".")
        else:
            messages.success(request, _("%(name)s is trusted from now on.") % {"name": given["name"]})
            return redirect("console:settings-trust", request.member.issuer.slug)
    context = {"form": form, "tabs": tabs(request, "settings-trust")}
    return render(request, "console/settings/trust_add.html", context, status=422 if form.errors else 200)


@staff(Verb.MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: StaffRequest) -> HttpResponse:
    """Take in a trust list."""
    _allow(request)
    form = TrustFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read(_LARGEST + 1)
            done = trusting.take_in(content, now=timezone.now(), actor=request.user)
        except LaureaError as error:
            form.add_error("file", told(error))
        else:
            said = _("New: %(added)s. Changed: %(changed)s. As before: %(same)s.")
            messages.success(request, said % {"added": done.added, "changed": done.changed, "same": done.same})
            return redirect("console:settings-trust", request.member.issuer.slug)
    context = {"form": form, "tabs": tabs(request, "settings-trust")}
    return render(request, "console/settings/trust_import.html", context, status=422 if form.errors else 200)


@staff(Verb.MANAGE)
@require_safe
def export(request: StaffRequest) -> HttpResponse:
    """The list as JSON, for another installation or for `laurea verify`."""
    headers = {
        "Content-Disposition": 'attachment; filename="trusted-issuers.json"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(trusting.trust_list().to_text(), content_type="application/json", headers=headers)


@staff(Verb.MANAGE)
@require_POST
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Trust an issuer no longer."""
    _allow(request)
    entry = get_object_or_404(TrustedIssuer, pk=pk)
    trusting.remove(entry, now=timezone.now(), actor=request.user)
    messages.success(request, _("%(name)s is no longer on the list.") % {"name": entry.name})
    return redirect("console:settings-trust", request.member.issuer.slug)


def _allow(request: StaffRequest) -> None:
    if not may_trust(request.member):
        raise PermissionDenied
