"""What the columns of a list are: shown with examples, corrected by hand, and what only a person knows asked."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from laurea.actions import intake, reviewing
from laurea.actions.permissions import Verb
from laurea.credentials.errors import IssuingError
from laurea.records.models import Batch
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.batches import journey
from laurea.web.console.batches.forms import FIELD_NAMES, MeaningForm
from laurea.web.wording import told

_SHOWN_UNUSED = 8
"""Unused columns that are shown at once; more of them open on demand."""


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def columns(request: StaffRequest, pk: int) -> HttpResponse:
    """Look over the columns, answer what is asked, and have the list read with that."""
    batch = journey.batch_of(request, pk)
    if batch.state not in (Batch.State.MAPPING, Batch.State.REVIEW, Batch.State.FAILED):
        return redirect("console:batch", batch.issuer.slug, pk)
    now = timezone.now()
    found = reviewing.columns(batch)
    data = request.POST if request.method == "POST" else None
    form = MeaningForm(batch, found, data, today=intake.today(batch.issuer, now))
    if request.method == "POST" and form.is_valid():
        try:
            intake.answer(batch, **_answers(form), now=now, actor=request.user)
        except IssuingError as error:
            form.add_error(None, told(error))
        else:
            return redirect("console:batch", batch.issuer.slug, pk)
    used = [pair for pair in form.rows if pair[0].field or pair[1].errors]
    unused = [pair for pair in form.rows if not (pair[0].field or pair[1].errors)]
    asks_name = any(question["parameter"] == "mapping" for question in batch.reading.get("questions", []))
    context = {
        "batch": batch,
        "form": form,
        "shown": form.rows if len(unused) <= _SHOWN_UNUSED or asks_name else used,
        "folded": [] if len(unused) <= _SHOWN_UNUSED or asks_name else unused,
        "questions": form.questions,
        "names": FIELD_NAMES,
        "asks_name": asks_name,
        "steps": journey.steps(batch, "columns"),
    }
    return render(request, "console/batches/columns.html", context, status=422 if form.errors else 200)


def _answers(form: MeaningForm) -> dict[str, Any]:
    """What `intake.answer` is told: only what the form asked about."""
    data = form.cleaned_data
    answers: dict[str, Any] = {}
    for name in ("date_order", "sheet", "encoding"):
        if name in form.fields:
            answers[name] = data[name] or None
    if "no_header" in form.fields:
        had_none = form.batch.reading.get("header_line") == 0
        if data["no_header"] != had_none:
            answers["header_line"] = 0 if data["no_header"] else None
    if "course" in form.fields:
        answers["where"] = [["course", data["course"]]] if data["course"] else None
    if form.columns:
        answers["mapping"] = form.mapping
    return answers | {"awarded": data.get("awarded")}
