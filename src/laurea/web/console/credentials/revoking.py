"""Revoking one credential, or many that were ticked; and taking back what is only planned."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from laurea.actions import addresses, revoking, searching
from laurea.actions.permissions import Verb
from laurea.actions.revoking import Done
from laurea.credentials.errors import LaureaError
from laurea.records.models import Credential
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.credentials import filters
from laurea.web.console.credentials.forms import RevokeForm
from laurea.web.wording import told

_NAMED = 8


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def one(request: StaffRequest, pk: int) -> HttpResponse:
    """Say why and when, see what will happen, and let it happen."""
    issuer = request.member.issuer
    shown = get_object_or_404(Credential.objects.select_related("achievement"), issuer=issuer, pk=pk)
    if shown.revoked is not None or shown.superseded is not None:
        messages.info(request, _("This credential is revoked or replaced already."))
        return redirect("console:credential", issuer.slug, pk)
    form = RevokeForm(issuer, request.POST or None)
    if request.method == "POST" and form.is_valid() and _revoke(request, form, Credential.objects.filter(pk=pk)):
        return redirect("console:credential", issuer.slug, pk)
    context = {"form": form, "credential": shown, "count": 1, "lasting": addresses.lasting()}
    return render(request, "console/credentials/revoke.html", context, status=422 if form.errors else 200)


@staff(Verb.ISSUE)
@require_POST
def many(request: StaffRequest) -> HttpResponse:
    """The same for those that were ticked, or all that the list shows; first asked, then, with `sure`, done."""
    issuer, now = request.member.issuer, timezone.now()
    asked = filters.read(issuer, request.POST)
    everything = bool(request.POST.get("all"))
    keys = [int(key) for key in request.POST.getlist("pk") if key.isdecimal() and len(key) < 19]
    if everything:
        chosen = searching.credentials(issuer, asked.wanted, now=now)
    else:
        chosen = Credential.objects.filter(issuer=issuer, pk__in=keys[: revoking.MOST])
    count = chosen.filter(revoked=None, superseded=None).order_by()[: revoking.MOST + 1].count()
    if not count:
        messages.info(request, _("Nothing was chosen that can be revoked. Tick the credentials that you want."))
        return redirect("console:credentials", issuer.slug)
    form = RevokeForm(issuer, request.POST if request.POST.get("sure") else None)
    if form.is_bound and form.is_valid() and _revoke(request, form, chosen):
        return redirect("console:credentials", issuer.slug)
    context = {
        "form": form,
        "count": count,
        "most": revoking.MOST,
        "some": chosen.filter(revoked=None, superseded=None).select_related("achievement").defer("text")[:_NAMED],
        "keys": () if everything else keys,
        "said": asked.said if everything else {},
        "everything": everything,
        "lasting": addresses.lasting(),
    }
    return render(request, "console/credentials/revoke.html", context, status=422 if form.errors else 200)


@staff(Verb.ISSUE)
@require_POST
def keep(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back a revocation that is still to come."""
    shown = get_object_or_404(Credential.objects.select_related("issuer"), issuer=request.member.issuer, pk=pk)
    try:
        revoking.keep(shown, now=timezone.now(), actor=request.user)
    except LaureaError as error:
        messages.error(request, told(error) + ".")
    else:
        messages.success(request, _("It will not be revoked."))
    return redirect("console:credential", request.member.issuer.slug, pk)


def _revoke(request: StaffRequest, form: RevokeForm, chosen: QuerySet[Credential]) -> bool:
    """Do it; where it cannot be done, the form says why."""
    said = form.cleaned_data
    try:
        done = revoking.revoke(
            request.member.issuer,
            chosen,
            reason=said["reason"],
            note=said["note"],
            at=form.at,
            now=timezone.now(),
            actor=request.user,
        )
    except LaureaError as error:
        form.add_error(None, told(error) + ".")
        return False
    _tell(request, form, done)
    return True


def _tell(request: StaffRequest, form: RevokeForm, done: Done) -> None:
    if form.at is not None:
        text = ngettext(
            "%(number)s credential will be revoked on %(day)s.",
            "%(number)s credentials will be revoked on %(day)s.",
            done.revoked,
        )
        values = {"number": done.revoked, "day": date_format(form.at, "DATE_FORMAT")}
    else:
        text = ngettext("%(number)s credential was revoked.", "%(number)s credentials were revoked.", done.revoked)
        values = {"number": done.revoked}
    messages.success(request, text % values)
    left = done.before + done.replaced
    if left:
        text = ngettext(
            "%(number)s was revoked or replaced before and stays as it is.",
            "%(number)s were revoked or replaced before and stay as they are.",
            left,
        )
        messages.info(request, text % {"number": left})
