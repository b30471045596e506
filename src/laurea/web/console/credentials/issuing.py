"""Issuing a single credential: who, what and when; a look at it; and the wait of a second until it is there."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from laurea.actions import confirming, drafting, matching, progress, reviewing, searching, vetting
from laurea.actions.batches import PersonRow
from laurea.actions.matching import Held
from laurea.actions.permissions import Verb
from laurea.actions.standing import Standing
from laurea.credentials.errors import LaureaError
from laurea.records.models import Achievement, Batch, Email, Person, Row
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.credentials.forms import EXTRAS, IssueForm, refused
from laurea.web.wording import told

_SUGGESTED = 6
_PREVIEW_WIDTH = 900


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def issue(request: StaffRequest) -> HttpResponse:
    """Who has earned what."""
    issuer, now = request.member.issuer, timezone.now()
    said = request.POST if request.method == "POST" else request.GET
    form = _form(request, said, now)
    held = None
    if request.method == "POST" and form.is_valid():
        row = _row(form)
        held = _held(form, row, now)
        if not _refused(form, row, now) and not (held and not held.renewable and not form.cleaned_data["again"]):
            return _issue(request, form, held, now)
    context = {
        "form": form,
        "person": form.person,
        "address": _address(form.person),
        "achievements": issuer.achievements.filter(archived=None).exists(),
        "held": held,
        "blocked": bool(held and not held.renewable and form.is_bound and not form.errors),
        "held_until": held.valid_until if held else None,
        "elsewhere": _elsewhere(request, said),
    }
    status = 422 if form.errors or context["blocked"] else 200
    return render(request, "console/credentials/issue.html", context, status=status)


@staff(Verb.ISSUE)
@require_POST
def people(request: StaffRequest) -> HttpResponse:
    """Who is meant by what was typed so far. Posted, so that no name stands in an address."""
    text = request.POST.get("name", "").strip()
    found: list[Person] = []
    if len(text) >= 2:
        primary = Prefetch("emails", Email.objects.filter(primary=True), to_attr="used_for_mail")
        known = searching.people(request.member.issuer, text=text, active=True).prefetch_related(primary)
        found = list(known[:_SUGGESTED])
    return render(request, "console/credentials/suggestions.html", {"people": found})


@staff(Verb.ISSUE)
@require_POST
def preview(request: StaffRequest) -> HttpResponse:
    """The certificate as it would be, inside the page: no name stands in an address, nothing is stored."""
    now = timezone.now()
    form = _form(request, request.POST, now)
    form.is_valid()
    context: dict[str, object] = {}
    achievement = form.cleaned_data.get("achievement")
    if achievement is not None:
        row = _row(form)
        batch = Batch(issuer=request.member.issuer, achievement=achievement, awarded=row.awarded, moment=None)
        drawn = Row(batch=batch, line=1, state=Row.State.READY, values=_values(row), name=row.name or _("Name"))
        try:
            png = drafting.picture(batch, drawn, now=now, width=_PREVIEW_WIDTH)
            context["picture"] = f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
            context["name"] = drawn.name
        except LaureaError as error:
            context["problem"] = refused(error.message, error.hint)
    return render(request, "console/credentials/preview.html", context)


@staff(Verb.LOOK)
@require_GET
def issued(request: StaffRequest, batch: int) -> HttpResponse:
    """Wait until the credential is there, then show it."""
    issuer = request.member.issuer
    shown = get_object_or_404(Batch.objects.select_related("achievement"), issuer=issuer, pk=batch, by_hand=True)
    credential = shown.credentials.filter(superseded__isnull=True).defer("text").first()
    if credential is not None and (shown.state == Batch.State.DONE or credential.artifacts.exists()):
        address = reverse("console:credential", args=[issuer.slug, credential.pk])
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    row = shown.rows.first()
    context = {
        "batch": shown,
        "name": row.name if row else "",
        "problems": row.problems if row and row.outcome == Row.Outcome.FAILED else [],
        "failed": bool(row and row.outcome == Row.Outcome.FAILED),
        "problem": progress.of(shown, timezone.now()).problem,
    }
    partial = "console/credentials/waiting_state.html" if request.htmx else "console/credentials/waiting.html"
    return render(request, partial, context)


def _form(request: StaffRequest, said: Mapping[str, str], now: datetime) -> IssueForm:
    issuer = request.member.issuer
    person = _own(issuer.people, said.get("person", ""))
    achievement = _own(issuer.achievements.filter(archived=None), said.get("achievement", ""))
    if achievement is None and request.method == "GET":
        achievement = issuer.achievements.filter(archived=None).order_by("name", "pk").first()
    initial = {
        "achievement": achievement,
        "awarded": said.get("awarded") or _today(issuer.time_zone, now),
        "send_mail": True,
    } | {name: said.get(name, "") for name in ("expires", *EXTRAS)}
    data = request.POST if request.method == "POST" else None
    return IssueForm(issuer, achievement, person, data, initial=initial)


def _row(form: IssueForm) -> PersonRow:
    """What the form says, as a row of a list would."""
    said, person = form.cleaned_data, form.person
    return PersonRow(
        line=1,
        name=person.name if person else said.get("name", ""),
        email=(_address(person) if person else said.get("email")) or None,
        employee_number=(person.employee_number if person else said.get("employee_number")) or None,
        awarded=said.get("awarded"),
        expires=said.get("expires"),
        result=said.get("result") or None,
        hours=said.get("hours"),
        evidence=said.get("evidence") or None,
        language=(person.language if person else "") or None,
    )


def _values(row: PersonRow) -> dict[str, Any]:
    found: dict[str, Any] = {
        "awarded": row.awarded and row.awarded.isoformat(),
        "expires": row.expires and row.expires.isoformat(),
        "result": row.result,
        "hours": row.hours,
        "language": row.language,
    }
    return {name: value for name, value in found.items() if value}


def _held(form: IssueForm, row: PersonRow, now: datetime) -> Held | None:
    """What the person has of this achievement already."""
    achievement, person = form.cleaned_data["achievement"], form.person
    if person is None:
        return None  # who is new holds nothing: addresses and numbers of others are refused
    known = matching.Known(person.pk, person.name, person.employee_number)
    records = matching.records(form.issuer, achievement, [row], now)
    return records.held(row, known) or _newest(person, achievement, now)


def _newest(person: Person, achievement: Achievement, now: datetime) -> Held | None:
    """Of somebody without number and address, whom no list can name."""
    newest = (
        person.credentials.filter(achievement=achievement, revoked=None, superseded=None)
        .order_by("-valid_from")
        .first()
    )
    if newest is None:
        return None
    until = newest.valid_until
    standing = Standing.EXPIRED if until and until < now else Standing.VALID
    return Held(newest.pk, newest.code, newest.valid_from, until, standing)


def _refused(form: IssueForm, row: PersonRow, now: datetime) -> bool:
    """Whether no credential can be made from the row; the form then says why."""
    batch = Batch(issuer=form.issuer, achievement=form.cleaned_data["achievement"], awarded=row.awarded)
    wrong = vetting.problem(row, (), reviewing.rules(batch, now))
    if wrong is None:
        return False
    form.show(wrong)
    return True


def _issue(request: StaffRequest, form: IssueForm, held: Held | None, now: datetime) -> HttpResponse:
    said, row = form.cleaned_data, _row(form)
    try:
        batch = confirming.issue_one(
            form.issuer,
            said["achievement"],
            name=row.name,
            email=row.email or "",
            employee_number=row.employee_number or "",
            awarded=row.awarded,
            expires=row.expires,
            result=row.result or "",
            hours=row.hours,
            evidence=row.evidence or "",
            language=row.language or "",
            person=form.person,
            renews=held is not None,
            send_mail=bool(said["send_mail"] and row.email),
            now=now,
            actor=request.user,
        )
    except LaureaError as error:
        messages.error(request, told(error) + ".")
        return redirect("console:issue-one", form.issuer.slug)
    return redirect("console:issued", form.issuer.slug, batch.pk)


def _elsewhere(request: StaffRequest, said: Mapping[str, str]) -> str:
    """The same form for somebody else: what is not about the person stays."""
    kept = {name: said[name] for name in ("achievement", "awarded", "expires") if said.get(name)}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def _address(person: Person | None) -> str:
    if person is None:
        return ""
    email = person.emails.filter(primary=True).first()
    return email.address if email else ""


def _own(mine: Any, key: str) -> Any:
    return mine.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None


def _today(time_zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(time_zone)).date()
