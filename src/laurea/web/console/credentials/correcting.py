"""Correcting a credential, and issuing one anew whose revocation was a mistake: the same form, the same code."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from laurea.actions import correcting, drafting, freezing, ordering, vetting
from laurea.actions.batches import PersonRow
from laurea.actions.correcting import Said
from laurea.actions.permissions import Verb
from laurea.credentials.errors import LaureaError
from laurea.records.models import Batch, Credential, Row
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.credentials.forms import CorrectForm, refused
from laurea.web.wording import told

_PREVIEW_WIDTH = 900


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what is right; the corrected credential takes the place of the wrong one."""
    shown = _credential(request, pk)
    if shown.superseded is not None or shown.revoked is not None:
        messages.info(request, _("This credential is revoked or replaced already."))
        return redirect("console:credential", request.member.issuer.slug, pk)
    return _answer(request, shown, again=False)


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def anew(request: StaffRequest, pk: int) -> HttpResponse:
    """Repair a revocation that was a mistake."""
    shown = _credential(request, pk)
    if shown.superseded is not None or shown.revoked is None:
        messages.info(request, _("Only a revoked credential can be issued anew."))
        return redirect("console:credential", request.member.issuer.slug, pk)
    return _answer(request, shown, again=True)


@staff(Verb.ISSUE)
@require_POST
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """The certificate as it would be, in the design that it has."""
    shown, now = _credential(request, pk), timezone.now()
    form = _form(request, shown)
    context: dict[str, object] = {}
    if form.is_valid():
        said = form.said()
        row = Row(batch=_like(shown), line=1, state=Row.State.READY, values=_values(said), name=said.name)
        try:
            png = drafting.picture(row.batch, row, now=now, width=_PREVIEW_WIDTH, version=shown.design_version)
        except LaureaError as error:
            context["problem"] = refused(error.message, error.hint)
        else:
            context |= {"picture": f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}", "name": said.name}
    return render(request, "console/credentials/preview.html", context)


def _answer(request: StaffRequest, shown: Credential, *, again: bool) -> HttpResponse:
    issuer, now = request.member.issuer, timezone.now()
    form = _form(request, shown)
    if request.method == "POST" and form.is_valid() and not _refused(form, shown, now):
        said, mail = form.said(), bool(form.cleaned_data["send_mail"] and form.cleaned_data["email"])
        try:
            if again:
                batch = correcting.issue_anew(shown, said, send_mail=mail, now=now, actor=request.user)
            else:
                rename = bool(form.cleaned_data.get("rename"))
                batch = correcting.correct(shown, said, rename=rename, send_mail=mail, now=now, actor=request.user)
        except LaureaError as error:
            form.add_error(None, told(error) + ".")
        else:
            return redirect("console:issued", issuer.slug, batch.pk)
    context = {"form": form, "credential": shown, "again": again}
    return render(request, "console/credentials/correct.html", context, status=422 if form.errors else 200)


def _credential(request: StaffRequest, pk: int) -> Credential:
    everything = Credential.objects.select_related(
        "issuer", "achievement", "person", "batch__design_version", "row", "design_version__design"
    )
    return get_object_or_404(everything, issuer=request.member.issuer, pk=pk)


def _form(request: StaffRequest, shown: Credential) -> CorrectForm:
    was = freezing.as_confirmed(shown.batch)
    return CorrectForm(shown, was, request.POST if request.method == "POST" else None)


def _like(shown: Credential) -> Batch:
    """A batch that says what the credential's said when it was confirmed."""
    was = freezing.as_confirmed(shown.batch)
    return Batch(issuer=was.issuer, achievement=was, awarded=shown.awarded, moment=None)


def _refused(form: CorrectForm, shown: Credential, now: datetime) -> bool:
    """Whether no credential can be made of what was typed; the form then says why."""
    said, batch = form.said(), _like(shown)
    batch.moment = now
    row = PersonRow(
        line=1,
        name=said.name,
        email=said.email or None,
        awarded=said.awarded,
        expires=said.expires,
        evidence=said.evidence or None,
    )
    wrong = vetting.problem(row, (), ordering.rules(batch, batch.achievement))
    if wrong is None:
        return False
    form.show(wrong)
    return True


def _values(said: Said) -> dict[str, Any]:
    found: dict[str, Any] = {
        "awarded": said.awarded.isoformat(),
        "expires": said.expires and said.expires.isoformat(),
        "result": said.result,
        "hours": said.hours,
    }
    return {name: value for name, value in found.items() if value}
