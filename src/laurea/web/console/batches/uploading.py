"""Handing in a list: choosing the achievement and the file, waiting until it is read, trying another file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from laurea.actions import file_names, intake, progress, reviewing, sample_lists
from laurea.actions.permissions import Verb, may
from laurea.actions.storing import Handout, StoringError
from laurea.credentials.errors import IssuingError, TableError
from laurea.records.models import Achievement, Batch
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.batches import journey
from laurea.web.console.batches.forms import FileForm, UploadForm
from laurea.web.wording import told


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Choose an achievement, and the list of those who have it."""
    issuer = request.member.issuer
    achievements = Achievement.objects.filter(issuer=issuer, archived=None).order_by("name", "pk")
    asked = request.GET.get("achievement", "")
    initial = {"achievement": asked if asked.isdecimal() else ""}
    form = UploadForm(achievements, request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = intake.upload(
                issuer,
                form.cleaned_data["achievement"],
                name=file.name or "",
                content=file.read(),
                now=timezone.now(),
                actor=request.user,
            )
        except (TableError, StoringError) as error:
            form.add_error("file", told(error))
        else:
            return redirect("console:batch", issuer.slug, batch.pk)
    context = {
        "form": form,
        "achievements": achievements,
        "steps": journey.steps(None, "file"),
        "chosen": chosen if (chosen := str(form["achievement"].value() or "")).isdecimal() else "",
    }
    return render(request, "console/batches/new.html", context, status=422 if form.errors else 200)


@staff(Verb.LOOK)
@require_GET
def sample(request: StaffRequest, achievement: int) -> StreamingHttpResponse:
    """A list to start from, made for an achievement."""
    found = get_object_or_404(Achievement, issuer=request.member.issuer, pk=achievement)
    name = f"{file_names.plain(found.name)} - {_('sample')}.csv"
    return csv_download(
        StreamingHttpResponse(sample_lists.of(found, today=intake.today(request.member.issuer, timezone.now()))), name
    )


@staff(Verb.ISSUE)
@require_POST
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Another file in place of the one that was handed in."""
    batch = journey.batch_of(request, pk)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            intake.upload_again(
                batch, name=file.name or "", content=file.read(), now=timezone.now(), actor=request.user
            )
        except (TableError, StoringError, IssuingError) as error:
            form.add_error("file", told(error))
    if form.errors:
        return _failed(request, batch, form)
    return redirect("console:batch", batch.issuer.slug, pk)


@staff(Verb.ISSUE)
@require_POST
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete a list from which nothing was issued."""
    batch = journey.batch_of(request, pk)
    intake.remove(batch, now=timezone.now(), actor=request.user)
    messages.success(request, _("“%(name)s” was deleted. Nothing was issued from it.") % {"name": batch.file_name})
    return redirect("console:batches", batch.issuer.slug)


def waiting(request: StaffRequest, batch: Batch) -> HttpResponse:
    """The page of a list that is being read, or could not be."""
    if batch.state == Batch.State.FAILED:
        return HttpResponseClientRefresh() if request.htmx else _failed(request, batch, FileForm())
    context = {
        "batch": batch,
        "problem": batch.problem or (progress.NOBODY_WORKS if intake.unattended(batch, timezone.now()) else ""),
        "steps": journey.steps(batch, "file"),
        "looked_at": batch.rows.count(),
        "may_issue": may(request.member, Verb.ISSUE),
    }
    partial = "console/batches/reading_state.html" if request.htmx else "console/batches/reading.html"
    return render(request, partial, context)


def csv_download(response: StreamingHttpResponse, name: str) -> StreamingHttpResponse:
    """Have the browser save a table under a name."""
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    return as_download(response, name)


def as_download(response: StreamingHttpResponse, name: str) -> StreamingHttpResponse:
    """Have the browser save what it gets under a name."""
    response.headers["Content-Disposition"] = Handout("", name, "").disposition
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _failed(request: StaffRequest, batch: Batch, form: FileForm) -> HttpResponse:
    failure = batch.reading.get("failure") or {}
    context = {
        "batch": batch,
        "failure": failure,
        "form": form,
        "steps": journey.steps(batch, "file"),
        "columns": reviewing.columns(batch),
        "may_issue": may(request.member, Verb.ISSUE),
    }
    return render(request, "console/batches/failed.html", context, status=422 if form.errors else 200)
