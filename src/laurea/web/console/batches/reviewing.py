"""The review of a list: its rows by state, corrected in place, decided about, seen as certificates."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from laurea.actions import drafting, exporting, file_names, intake, releasing
from laurea.actions import reviewing as rows_of
from laurea.actions.permissions import Verb, may
from laurea.credentials.errors import IssuingError
from laurea.records.models import Batch, Row
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.batches import journey
from laurea.web.console.batches.lines import lines, places
from laurea.web.console.batches.uploading import csv_download
from laurea.web.wording import in_words, told

PAGE = 50
_DECIDABLE = {Row.State.READY, Row.State.DUPLICATE, Row.State.ISSUED, Row.State.RENEWAL, Row.State.WARNING}
_MOST_OTHERS = 50
_ACTS = ("issue", "leave", "record", "list")
_ALL_NAMES = "names"


class _Pages(Paginator):  # type: ignore[type-arg]  # not subscriptable at run time
    """Pages of rows, found in an index first: the last page of 50,000 rows costs no more than the first."""

    def __init__(self, rows: QuerySet[Row], known: int | None) -> None:
        super().__init__(rows, PAGE)
        self._rows, self._known = rows, known

    @cached_property
    def count(self) -> int:
        """As counted when the rows changed last; counted now where something is searched for."""
        return self._rows.count() if self._known is None else self._known

    def page(self, number: Any) -> Page[Row]:
        """The rows of one page, whole."""
        number = self.validate_number(number)
        first = (number - 1) * PAGE
        wanted = list(self._rows.values_list("pk", flat=True)[first : first + PAGE])
        found = Row.objects.filter(pk__in=wanted).select_related("person").order_by("line")
        return Page(list(found), number, self)


@staff(Verb.LOOK)
@require_GET
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """The rows of a list: what is ready, and what somebody should look at."""
    batch = journey.batch_of(request, pk)
    if batch.state != Batch.State.REVIEW:
        return redirect("console:batch", batch.issuer.slug, pk)
    counts = rows_of.counts(batch)
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    state = state if state in Row.State.values else ""
    known = None if words else counts.states.get(state, 0) if state else counts.total
    page = _Pages(rows_of.wanted(batch, state=state, text=words), known).get_page(request.GET.get("page"))
    may_issue = may(request.member, Verb.ISSUE)
    context = {
        "batch": batch,
        "page": page,
        "lines": lines(batch, page.object_list, may_issue=may_issue),
        "places": places(batch),
        "counts": counts,
        "chips": chips(batch, state, words),
        "state": state,
        "state_name": dict(Row.State.choices).get(state, ""),
        "decidable": state in _DECIDABLE,
        "q": words,
        "keep": [("state", state)] if state else [],
        "decide": reverse("console:batch-decide", args=[batch.issuer.slug, batch.pk]),
        "unsettled": batch.reading.get("asked", 0) if may_issue else 0,
        "twins": rows_of.twins(batch).defer("reading", "options")[:3],
        "stale": rows_of.stale(batch),
        "steps": journey.steps(batch, "review"),
        "may_issue": may_issue,
    }
    return render(request, "console/batches/review.html", context)


@staff(Verb.ISSUE)
@require_http_methods(["GET", "POST"])
def row(request: StaffRequest, pk: int, line: int) -> HttpResponse:
    """One line: looked at, and its cells corrected; as a page, or in its place in the list."""
    batch = journey.batch_of(request, pk)
    found = _row(batch, line)
    if request.method == "GET":
        fix = [int(number) for number in request.GET.get("fix", "").split(",") if number.isdecimal()]
        focus = request.GET.get("focus", "")
        return _line(request, batch, found, fix=fix, focus=int(focus) if focus.isdecimal() else 0)
    cells = {
        int(name.removeprefix("cell-")): str(text)
        for name, text in request.POST.items()
        if name.startswith("cell-") and name.removeprefix("cell-").isdecimal()
    }
    try:
        found, others = rows_of.correct(batch, line, cells, now=timezone.now(), actor=request.user)
    except IssuingError as error:
        found.cells = [cells.get(position, cell) for position, cell in enumerate(found.cells, 1)]
        return _line(request, batch, found, fix=list(cells), problem=told(error), status=422)
    said = _said(found, others)
    if not request.htmx:
        messages.success(request, said)
        return redirect("console:batch-row", batch.issuer.slug, pk, line)
    return _line(request, batch, found, others=others[:_MOST_OTHERS], said=said, focus=min(cells, default=0))


@staff(Verb.ISSUE)
@require_POST
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Issue or leave out a line, or all lines of a state; or say which name is right."""
    batch = journey.batch_of(request, pk)
    said = {act: value for act in _ACTS if (value := request.POST.get(act))}
    if len(said) != 1:
        raise Http404
    ((act, about),) = said.items()
    if about.isdecimal():
        chosen = batch.rows.filter(line=int(about))
    elif about in Row.State.values:
        chosen = batch.rows.filter(state=about)
    elif about == _ALL_NAMES and act in ("record", "list"):
        chosen = rows_of.unsettled(batch)
    else:
        raise Http404
    now, actor = timezone.now(), request.user
    if act in ("record", "list"):
        number = rows_of.settle(batch, chosen, keep=act == "record", now=now, actor=actor)
    else:
        number = rows_of.decide(batch, chosen, act, now=now, actor=actor)
    if about.isdecimal() and request.htmx:
        return _line(request, batch, _row(batch, int(about)), said=_("Decided."), focus=-1)
    if about.isdecimal() and request.POST.get("alone"):
        return redirect("console:batch-row", batch.issuer.slug, pk, int(about))
    if not about.isdecimal():
        text = ngettext("%(number)s line decided.", "%(number)s lines decided.", number) % {"number": number}
        messages.success(request, text)
    back = {key: value for key in ("state", "q", "page") if (value := request.POST.get(f"back-{key}"))}
    response = redirect("console:batch-review", batch.issuer.slug, pk)
    response["Location"] += f"?{urlencode(back)}" if back else ""
    return response


@staff(Verb.ISSUE)
@require_POST
def anew(request: StaffRequest, pk: int) -> HttpResponse:
    """Compare the list with what is on record now."""
    batch = journey.batch_of(request, pk)
    intake.read_anew(batch, now=timezone.now(), actor=request.user)
    return redirect("console:batch", batch.issuer.slug, pk)


@staff(Verb.LOOK)
@require_GET
def rows_csv(request: StaffRequest, pk: int) -> StreamingHttpResponse:
    """The rows of one state (by default those in error) as a file that can be corrected and uploaded again."""
    batch = journey.batch_of(request, pk)
    state = request.GET.get("state", Row.State.ERROR)
    if state not in Row.State.values:
        raise Http404
    # The file is written while it is sent, when the language of this request no longer holds.
    say = partial(in_words, language=get_language())
    headers, found = releasing.refused_rows(batch, state, say=say, now=timezone.now(), actor=request.user)
    headings = [*headers, _("Line in the list"), _("Problem"), _("What to do")]
    stem = batch.file_name.rpartition(".")[0] or batch.file_name
    name = f"{file_names.plain(stem)} - {dict(Row.State.choices)[state]}.csv"
    return csv_download(StreamingHttpResponse(exporting.lines_of(headings, found)), name)


@staff(Verb.LOOK)
@require_GET
def preview(request: StaffRequest, pk: int, line: int) -> HttpResponse:
    """The certificate that a line becomes: within the review as a part of its dialog, else as a page."""
    batch = journey.batch_of(request, pk)
    context = {
        "batch": batch,
        "line": lines(batch, [_row(batch, line)], may_issue=may(request.member, Verb.ISSUE))[0],
        "steps": journey.steps(batch, "review"),
    }
    partial = "console/batches/preview_part.html" if request.htmx else "console/batches/preview.html"
    return render(request, partial, context)


@staff(Verb.LOOK)
@require_GET
def picture(request: StaffRequest, pk: int, line: int) -> HttpResponse:
    """The picture of that certificate."""
    batch = journey.batch_of(request, pk)
    png = drafting.picture(batch, _row(batch, line), now=timezone.now())
    return HttpResponse(png, content_type="image/png", headers={"Cache-Control": "private, no-store"})


def chips(batch: Batch, chosen: str, words: str) -> list[dict[str, Any]]:
    """The states of the rows with their counts, as filters."""
    counts = rows_of.counts(batch)
    kept = {"q": words} if words else {}
    address = f"{_review(batch)}?"
    everything = {"label": _("All"), "url": address + urlencode(kept), "count": counts.total, "active": not chosen}
    return [everything] + [
        {
            "label": label,
            "url": address + urlencode(kept | {"state": value}),
            "count": counts.states.get(value, 0),
            "active": value == chosen,
            "state": value,
        }
        for value, label in Row.State.choices
        if counts.states.get(value) or value == chosen
    ]


def _review(batch: Batch) -> str:
    return reverse("console:batch-review", args=[batch.issuer.slug, batch.pk])


def _row(batch: Batch, line: int) -> Row:
    found = get_object_or_404(batch.rows.select_related("person"), line=line)
    found.batch = batch
    return found


def _said(row: Row, others: list[Row]) -> str:
    said = _("Line %(line)s: %(state)s.") % {"line": row.line, "state": row.get_state_display()}
    if not others:
        return said
    more = ngettext("%(number)s other line changed.", "%(number)s other lines changed.", len(others))
    return f"{said} {more % {'number': len(others)}}"


def _line(
    request: StaffRequest,
    batch: Batch,
    row: Row,
    *,
    fix: list[int] | None = None,
    others: list[Row] | None = None,
    said: str = "",
    problem: str = "",
    focus: int = 0,
    status: int = 200,
) -> HttpResponse:
    """The answer about one line: its row of the table for htmx, with whatever changed elsewhere; else its page."""
    (line,) = lines(batch, [row], may_issue=True, fix=fix, problem=problem, focus=focus)
    context = {
        "batch": batch,
        "line": line,
        "lines": [line],
        "unsettled": batch.reading.get("asked", 0),
        "decide": reverse("console:batch-decide", args=[batch.issuer.slug, batch.pk]),
        "others": lines(batch, others or [], may_issue=True),
        "places": places(batch),
        "counts": rows_of.counts(batch),
        "chips": chips(batch, request.POST.get("back-state", ""), request.POST.get("back-q", "")),
        "said": said,
        "may_issue": True,
        "steps": journey.steps(batch, "review"),
        "state": request.POST.get("back-state", "") or request.GET.get("state", ""),
    }
    partial = "console/batches/line_answer.html" if request.htmx else "console/batches/line_page.html"
    return render(request, partial, context, status=status)
