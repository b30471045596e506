"""A confirmed list: how far it has come, stopped and resumed, and what it has become."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from laurea.actions import confirming, file_names, progress, releasing
from laurea.actions.permissions import Verb, may
from laurea.actions.progress import Progress
from laurea.credentials.document import JSON
from laurea.records.models import Batch, Delivery, Row
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.batches import journey
from laurea.web.console.batches.uploading import as_download, csv_download

_SHOWN = 50


def page(request: StaffRequest, batch: Batch) -> HttpResponse:
    """The page of a confirmed batch: its progress while it is issued, its result afterwards."""
    if batch.state == Batch.State.DONE:
        return HttpResponseClientRefresh() if request.htmx else _result(request, batch)
    so_far = progress.of(batch, timezone.now())
    context = {
        "batch": batch,
        "progress": so_far,
        "note": _note(batch, so_far),
        "failed": _failed(batch) if so_far.failed else [],
        "stopped": batch.state == Batch.State.STOPPED,
        "steps": journey.steps(batch, "issue"),
        "may_issue": may(request.member, Verb.ISSUE),
    }
    partial = "console/batches/progress_state.html" if request.htmx else "console/batches/progress.html"
    return render(request, partial, context)


@staff(Verb.ISSUE)
@require_POST
def stop(request: StaffRequest, pk: int) -> HttpResponse:
    """Take no further rows for now."""
    batch = journey.batch_of(request, pk)
    confirming.stop(batch, now=timezone.now(), actor=request.user)
    return redirect("console:batch", batch.issuer.slug, pk)


@staff(Verb.ISSUE)
@require_POST
def resume(request: StaffRequest, pk: int) -> HttpResponse:
    """Go on."""
    batch = journey.batch_of(request, pk)
    confirming.resume(batch, now=timezone.now(), actor=request.user)
    messages.success(request, _("Laurea goes on with the list."))
    return redirect("console:batch", batch.issuer.slug, pk)


@staff(Verb.LOOK)
@require_GET
def files(request: StaffRequest, pk: int) -> StreamingHttpResponse:
    """All certificates and badges of the list in one ZIP."""
    batch = _confirmed(request, pk)
    asked: dict[str, JSON] = {"batch": batch.pk}
    content = releasing.files(batch.issuer, batch.credentials.all(), asked, now=timezone.now(), actor=request.user)
    return as_download(StreamingHttpResponse(content, content_type="application/zip"), f"{_stem(batch)}.zip")


@staff(Verb.LOOK)
@require_GET
def credentials_csv(request: StaffRequest, pk: int) -> StreamingHttpResponse:
    """The credentials of the list as a table, with their addresses."""
    batch = _confirmed(request, pk)
    asked: dict[str, JSON] = {"batch": batch.pk}
    content = releasing.table(batch.issuer, batch.credentials.all(), asked, now=timezone.now(), actor=request.user)
    return csv_download(StreamingHttpResponse(content), f"{_stem(batch)}.csv")


def _result(request: StaffRequest, batch: Batch) -> HttpResponse:
    credentials = batch.credentials.order_by("pk")
    issued = credentials.count()
    mails = dict(Delivery.objects.filter(credential__batch=batch).order_by().values_list("state").annotate(Count("pk")))
    failed = batch.rows.filter(outcome=Row.Outcome.FAILED).count()
    context = {
        "batch": batch,
        "issued": issued,
        "failed": failed,
        "failures": _failed(batch) if failed else [],
        "left_out": max(batch.rows.count() - batch.rows_to_issue, 0),
        "mails": [(value, label, mails[value]) for value, label in Delivery.State.choices if mails.get(value)],
        "first": credentials.defer("text")[:5],
        "steps": journey.steps(batch, "issue"),
        "may_issue": may(request.member, Verb.ISSUE),
    }
    return render(request, "console/batches/result.html", context)


def _confirmed(request: StaffRequest, pk: int) -> Batch:
    batch = journey.batch_of(request, pk)
    if batch.confirmed is None:
        raise Http404
    return batch


def _stem(batch: Batch) -> str:
    day = f"{batch.confirmed:%Y-%m-%d}" if batch.confirmed else ""
    return file_names.plain(f"{batch.achievement.name} {day}")


def _failed(batch: Batch) -> list[Row]:
    return list(batch.rows.filter(outcome=Row.Outcome.FAILED).order_by("line")[:_SHOWN])


def _note(batch: Batch, so_far: Progress) -> str:
    """Rate and time left, in words."""
    if batch.state == Batch.State.STOPPED:
        return _("Stopped. What is done stays done.")
    said = []
    if so_far.rate >= 1:
        said.append(_("%(rate)d a second") % {"rate": round(so_far.rate)})
    left = so_far.seconds_left
    if left is not None and so_far.rate:
        minutes = round(left / 60)
        said.append(
            ngettext("about %(count)d second left", "about %(count)d seconds left", left) % {"count": left}
            if left < 90
            else ngettext("about %(count)d minute left", "about %(count)d minutes left", minutes) % {"count": minutes}
        )
    return " · ".join(said) or _("It is about to begin.")
