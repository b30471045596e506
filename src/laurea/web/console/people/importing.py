"""Taking in a list of people: the file, what it would change, and the yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from laurea.actions import people_lists
from laurea.actions.batches import Reading
from laurea.actions.batches.tables import MAX_BYTES
from laurea.actions.people import PeopleError
from laurea.actions.people_lists import Answers, Plan
from laurea.actions.permissions import Verb
from laurea.actions.storing import StoringError
from laurea.credentials.errors import TableError
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.people.forms import ListForm, QuestionsForm
from laurea.web.wording import in_words, told

_SHOWN = 50
_PENDING = "people_list"

FIELDS = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "employee_number": gettext_lazy("Employee number"),
    "department": gettext_lazy("Department"),
    "job_role": gettext_lazy("Job role"),
    "language": gettext_lazy("Language"),
    "active": gettext_lazy("Active"),
}


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    """Hand in a list."""
    issuer = request.member.issuer
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > MAX_BYTES:
                raise TableError(
                    "table.too-large",
                    f"The file has {file.size / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read",
                    "Divide it into several files",
                )
            content = file.read()
            people_lists.read(content, file.name, Answers(), today=_today(request))
            digest = people_lists.keep(issuer, content, actor=request.user)
        except (TableError, StoringError) as error:
            form.add_error("file", told(error))
        else:
            request.session[_PENDING] = {"issuer": issuer.pk, "digest": digest, "name": (file.name or "")[:255]}
            return redirect("console:people-import-review", issuer.slug)
    return render(request, "console/people/import.html", {"form": form}, status=422 if form.errors else 200)


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def review(request: StaffRequest) -> HttpResponse:
    """What the list would change; with a yes, it is done."""
    issuer = request.member.issuer
    pending: Mapping[str, Any] = request.session.get(_PENDING) or {}
    content = None
    if pending.get("issuer") == issuer.pk:
        content = people_lists.kept(issuer, pending["digest"], actor=request.user)
    if content is None:
        messages.info(request, _("There is no list to look through. Choose one here."))
        return redirect("console:people-import", issuer.slug)
    answers = Answers(pending.get("sheet"), pending.get("mapping") or {})
    reading = people_lists.read(content, pending["name"], answers, today=_today(request))
    if reading.questions:
        return _ask(request, reading, answers, pending)
    if request.method == "POST":
        return _apply(request, reading, pending)
    return _show(request, reading, people_lists.plan(issuer, reading))


@staff(Verb.ISSUE)
@require_POST
def cancel(request: StaffRequest) -> HttpResponse:
    """Forget the list."""
    _forget(request)
    return redirect("console:people", request.member.issuer.slug)


def _ask(request: StaffRequest, reading: Reading, answers: Answers, pending: Mapping[str, Any]) -> HttpResponse:
    form = QuestionsForm(reading.questions, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.answers(answers)
        request.session[_PENDING] = dict(pending) | {"sheet": said.sheet, "mapping": dict(said.mapping)}
        return redirect("console:people-import-review", request.member.issuer.slug)
    context = {"form": form, "name": reading.filename}
    return render(request, "console/people/questions.html", context, status=422 if form.errors else 200)


def _apply(request: StaffRequest, reading: Reading, pending: Mapping[str, Any]) -> HttpResponse:
    issuer = request.member.issuer
    try:
        done = people_lists.apply(issuer, reading, request.POST.get("plan", ""), now=timezone.now(), actor=request.user)
    except PeopleError as error:
        messages.error(request, told(error) + ".")
        return redirect("console:people-import-review", issuer.slug)
    _forget(request)
    added = ngettext("%(count)s person added", "%(count)s people added", len(done.newcomers))
    changed = ngettext("%(count)s changed", "%(count)s changed", len(done.changes))
    said = f"{added % {'count': len(done.newcomers)}}, {changed % {'count': len(done.changes)}}."
    messages.success(request, said)
    return redirect("console:people", issuer.slug)


def _show(request: StaffRequest, reading: Reading, plan: Plan) -> HttpResponse:
    active = people_lists.active_column(reading)
    context = {
        "plan": plan,
        "name": reading.filename,
        "columns": [
            {"header": in_words(column.label), "field": FIELDS["active" if column == active else column.field or ""]}
            for column in reading.columns
            if column.field in FIELDS or column == active
        ],
        "unused": [
            in_words(column.label) for column in reading.columns if column.field not in FIELDS and column != active
        ],
        "writes": len(plan.newcomers) + len(plan.changes),
        "notes": reading.notes,
        "errors": plan.errors[:_SHOWN],
        "doubtful": [change for change in plan.changes if change.doubtful][:_SHOWN],
        "changes": [change for change in plan.changes if not change.doubtful][:_SHOWN],
        "sure": sum(not change.doubtful for change in plan.changes),
        "doubts": sum(change.doubtful for change in plan.changes),
        "newcomers": plan.newcomers[:_SHOWN],
        "twice": plan.twice[:_SHOWN],
        "fields": FIELDS,
        "shown": _SHOWN,
    }
    return render(request, "console/people/review.html", context)


def _forget(request: StaffRequest) -> None:
    request.session.pop(_PENDING, None)
    people_lists.forget(request.member.issuer, actor=request.user)


def _today(request: StaffRequest) -> Any:
    return timezone.now().astimezone(ZoneInfo(request.member.issuer.time_zone)).date()
