"""The last look before a list becomes credentials."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from laurea.actions import confirming, designing
from laurea.actions import reviewing as rows_of
from laurea.actions.permissions import Verb
from laurea.credentials.errors import LaureaError
from laurea.records.models import Batch, Row
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.batches import journey
from laurea.web.wording import span, worded


class ConfirmForm(forms.Form):
    """Whether the holders are told."""

    send_mail = forms.BooleanField(
        required=False,
        initial=True,
        label=gettext_lazy("Send each holder a message with the certificate"),
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what will happen, and let it happen. Pressed twice, it happens once."""
    batch = journey.batch_of(request, pk)
    if batch.state != Batch.State.REVIEW:
        return redirect("console:batch", batch.issuer.slug, pk)
    now = timezone.now()
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    problem = None
    if request.method == "POST" and form.is_valid():
        try:
            confirming.confirm(batch, send_mail=form.cleaned_data["send_mail"], now=now, actor=request.user)
        except LaureaError as error:
            problem = worded(error)
        else:
            return redirect("console:batch", batch.issuer.slug, pk)
    counts = rows_of.counts(batch)
    rules = rows_of.rules(batch, now)
    first, last = rows_of.dates(batch, now)
    unaddressed = rows_of.without_address(batch)
    context = {
        "batch": batch,
        "form": form,
        "problem": problem,
        "counts": counts,
        "version": designing.latest(batch.achievement.design),
        "first": first,
        "last": last,
        "validity": span(batch.achievement.validity),
        "until_first": rules.validity.after(first) if rules.validity else None,
        "until_last": rules.validity.after(last) if rules.validity else None,
        "mailed": counts.issue - unaddressed,
        "unaddressed": unaddressed,
        "left": _left(batch),
        "renewals": counts.states.get(Row.State.RENEWAL, 0),
        "undecided": rows_of.unsettled(batch).exclude(decision=Row.Decision.LEAVE).count(),
        "stale": rows_of.stale(batch),
        "rivals": rows_of.rivals(batch).defer("reading", "options")[:3],
        "sample": rows_of.to_issue(batch).order_by("line").first(),
        "steps": journey.steps(batch, "confirm"),
    }
    return render(request, "console/batches/confirm.html", context, status=422 if problem else 200)


def _left(batch: Batch) -> list[tuple[str, str, int]]:
    """What is not issued: state, its name, and how many."""
    names = dict(Row.State.choices)
    found = []
    for state, by_decision in batch.reading.get("counts", {}).items():
        issued_undecided = state in (Row.State.READY, Row.State.RENEWAL, Row.State.WARNING)
        number = sum(by_decision.values()) - by_decision.get(Row.Decision.ISSUE, 0)
        number -= by_decision.get("", 0) if issued_undecided else 0
        if number:
            found.append((state, str(names[state]), number))
    return found
