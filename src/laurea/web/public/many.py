"""Many at once: files, a ZIP or a list of codes in, a table and a signed receipt out. Nothing of it is kept.

The receipt is signed when the page is drawn and travels in it. Whoever wants it as PDF, CSV or JSON hands it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt

from laurea.actions import receipts, receiving, verifying_many
from laurea.actions.verifying_many import MOST_BYTES, MOST_THINGS, Answer, Handed, Misses
from laurea.credentials.errors import KeyMaterialError, LaureaError
from laurea.credentials.verification import Verdict
from laurea.records.models import Credential
from laurea.web.public import answers, telling, visitors
from laurea.web.public.answers import public
from laurea.web.public.telling import Band
from laurea.web.wording import worded

_BUSY_SECONDS = 5
_ACCEPTED = ".pdf,.png,.svg,.json,.jsonld,.jwt,.jws,.jpg,.jpeg,.webp,.gif,.zip,application/pdf,application/zip,image/*"


class ManyFiles(forms.FileInput):
    """A field for several files."""

    allow_multiple_selected = True


class ManyForm(forms.Form):
    """Files and codes to be judged at once."""

    file = forms.FileField(
        label=_("Files"),
        required=False,
        widget=ManyFiles(attrs={"accept": _ACCEPTED, "multiple": True}),
    )
    codes = forms.CharField(
        label=_("Codes"),
        required=False,
        help_text=_("One a line, or with commas between them."),
        widget=forms.Textarea(attrs={"rows": 7, "autocomplete": "off", "spellcheck": "false", "class": "codes-field"}),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    number: int
    name: str
    band: Band
    holder: str
    achievement: str
    issuer: str
    record: Credential | None
    message: str
    hint: str
    file: str
    credential: str


@csrf_exempt  # it changes nothing and knows nobody; without a cookie there is nothing to forge
def many(request: HttpRequest) -> HttpResponseBase:
    """GET: the form. POST: the table about what was handed over."""
    return _handed_over(request) if request.method == "POST" else _form(request)


@public
def _form(request: HttpRequest) -> HttpResponseBase:
    return answers.varied(_page(request, ManyForm()), "Cookie")


def _page(
    request: HttpRequest, form: forms.Form, problem: LaureaError | None = None, *, status: int = 200
) -> HttpResponse:
    message, hint = worded(problem) if problem is not None else ("", "")
    context = {"form": form, "message": message, "hint": hint, "most": MOST_THINGS, "megabytes": MOST_BYTES >> 20}
    response = render(request, "public/many.html", context, status=status)
    response["Cache-Control"] = answers.ASK_AGAIN if status == 200 else answers.NEVER
    return response


def _handed_over(request: HttpRequest) -> HttpResponseBase:
    if visitors.asks_too_often(request):
        return answers.too_often(request, visitors.SECONDS)
    codes = ""
    try:
        with verifying_many.place():
            files = receiving.files(
                request,
                most_files=MOST_THINGS,
                most_bytes=MOST_BYTES,
                too_many=verifying_many.too_many,
                too_large=verifying_many.too_large,
            )
            codes = request.POST.get("codes", "")
            misses = Misses(visitors.misses_left(request))
            given = verifying_many.handed(files, verifying_many.lines(codes), misses=misses)
            now = timezone.now()
            found = verifying_many.judge(given, now=now)
            visitors.missed(request, misses.count)
    except LaureaError as problem:
        busy = problem.code == "many.busy"
        response = _page(request, ManyForm({"codes": codes}), problem, status=503 if busy else 422)
        if busy:
            response["Retry-After"] = str(_BUSY_SECONDS)
        return response
    try:
        signed = receipts.make(found, now=now)
    except KeyMaterialError:
        signed = ""  # the answers are worth something without it
    return _table(request, given, found, signed)


def _table(request: HttpRequest, given: Handed, found: Sequence[Answer], signed: str) -> HttpResponse:
    order = {verdict: place for place, verdict in enumerate(Verdict)}
    ranked = sorted(enumerate(found, start=1), key=lambda pair: order[pair[1].judged.verified.verdict])
    lines = [_line(number, answer) for number, answer in ranked]
    genuine = sum(line.band.state == Verdict.GENUINE.value for line in lines)
    counts: dict[str, tuple[Band, int]] = {}
    for line in lines:
        counts[line.band.state] = (line.band, counts.get(line.band.state, (line.band, 0))[1] + 1)
    context = {
        "lines": lines,
        "title": _title(genuine, len(lines)),
        "all_genuine": genuine == len(lines),
        "counts": list(counts.values()),
        "skipped": given.skipped,
        "receipt": receipts.packed(signed) if signed else "",
    }
    return answers.unkept(render(request, "public/many_result.html", context))


def _line(number: int, answer: Answer) -> Line:
    judged = answer.judged
    verified, record, report = judged.verified, judged.record, judged.verified.report
    message = hint = ""
    claims: dict[str, str] = {}
    if report is None:
        message, hint = worded(verified.problem) if verified.problem is not None else ("", "")
        band = telling.unjudged(verified.verdict, "")
    else:
        claims = report.claims
        shown = report.stated is not None and telling.can_be_shown(report)
        told = telling.told(report.stated) if shown and report.stated is not None else None
        replaced = record.superseded.date() if record is not None and judged.replaced and record.superseded else None
        revoked = record.revoked.date() if record is not None and record.revoked else None
        band = telling.band(report, told, revoked=revoked, replaced=replaced)
    return Line(
        number=number,
        name=verified.name,
        band=band,
        holder=claims.get("holder", ""),
        achievement=claims.get("achievement") or claims.get("name", ""),
        issuer=claims.get("issuerName") or claims.get("issuer", ""),
        record=judged.in_force,
        message=message,
        hint=hint,
        file=answer.file_sha256,
        credential=verified.sha256 or "",
    )


def _title(genuine: int, count: int) -> str:
    if genuine == count:
        return ngettext("It is genuine", "All %(count)s are genuine", count) % {"count": count}
    return ngettext("%(genuine)s of %(count)s is genuine", "%(genuine)s of %(count)s are genuine", genuine) % {
        "genuine": genuine,
        "count": count,
    }
