"""The verify desk: scan, type a code, paste, name an address, or hand over a file of whatever issuer.

Nothing that is handed over is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from csp.constants import WASM_UNSAFE_EVAL
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from laurea.actions import judging, receiving
from laurea.actions.judging import Judged
from laurea.credentials import code as codes
from laurea.credentials.baking import LARGEST_FILE, Kind
from laurea.credentials.baking.limits import file_too_large
from laurea.credentials.errors import CodeError, LaureaError
from laurea.records.models import Credential
from laurea.web.public import answers, finding, signers, telling, verdicts, visitors
from laurea.web.public.answers import public
from laurea.web.wording import worded

_LONGEST_ADDRESS = 2_048
_ACCEPTED = ".pdf,.png,.svg,.json,.jsonld,.jwt,.jws,.jpg,.jpeg,.webp,.gif,application/pdf,image/*,application/json"
_DRAWN = (Kind.PDF, Kind.PNG, Kind.SVG, Kind.PICTURE)
"""What shows words of its own, which anybody can edit, beside those that were signed."""
_CAMERA = "camera=(self)"
_SCANNER = {"script-src": [WASM_UNSAFE_EVAL]}


class FileForm(forms.Form):
    """A file to be judged."""

    file = forms.FileField(label=_("File"), allow_empty_file=True, widget=forms.FileInput(attrs={"accept": _ACCEPTED}))


@dataclass(frozen=True, slots=True)
class _Typed:
    """What somebody typed or pasted: a `code` or the `problem` with it, an `address` of a page, or a `text`."""

    code: str = ""
    problem: CodeError | None = None
    address: str = ""
    text: str = ""


@public
def start(request: HttpRequest) -> HttpResponseBase:
    """The first page: the desk for strangers, the console for whoever is signed in."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return answers.varied(_desk(request), "Cookie")


@csrf_exempt  # it changes nothing and knows nobody; without a cookie there is nothing to forge
def verify(request: HttpRequest) -> HttpResponseBase:
    """GET: the desk, or on to the page of ``?code=``. POST: what was handed over, typed or pasted, judged."""
    return _handed_over(request) if request.method == "POST" else _asked(request)


@public
def independently(request: HttpRequest) -> HttpResponseBase:
    """How to verify a credential of this site without trusting this site."""
    response = render(request, "public/independently.html")
    response["Cache-Control"] = answers.ASK_AGAIN
    return answers.varied(response, "Cookie")


@public
def _asked(request: HttpRequest) -> HttpResponseBase:
    """A code in the address. What would have to be fetched waits for a press of the button, which is a POST."""
    typed = request.GET.get("code", "").strip()
    if not typed:
        return answers.varied(_desk(request), "Cookie")
    meant = _meant(typed)
    if meant.address and not _is_here(meant.code):
        return _unkept(_desk(request, typed=meant.address))
    return _by_code(request, typed, meant)


def _handed_over(request: HttpRequest) -> HttpResponseBase:
    try:
        receiving.bound(request, most_bytes=LARGEST_FILE, too_large=file_too_large)
    except LaureaError as error:
        return _refused(request, error)
    form = FileForm(request.POST, request.FILES)
    typed = (request.POST.get("code") or request.POST.get("text") or "").strip()
    if typed and "file" not in request.FILES:
        return _typed(request, typed)
    if visitors.asks_too_often(request):
        return answers.too_often(request, visitors.SECONDS)
    if not form.is_valid():
        return _desk(request, form, status=422)
    file = form.cleaned_data["file"]
    judged = judging.judge_file(file.read(), now=timezone.now(), name=file.name or "")
    return _result(request, judged, "file")


def _typed(request: HttpRequest, typed: str) -> HttpResponseBase:
    """A code, an address, or the text of a credential, by what it looks like."""
    meant = _meant(typed)
    if not (meant.address or meant.text) or _is_here(meant.code):
        return _by_code(request, typed, meant)
    if visitors.asks_too_often(request):
        return answers.too_often(request, visitors.SECONDS)
    now = timezone.now()
    if meant.address:
        return _result(request, judging.judge_link(meant.address, now=now), "link")
    return _result(request, judging.judge_file(meant.text.encode(), now=now), "text")


def _meant(typed: str) -> _Typed:
    """Addresses of credentials of Laurea have the code in them, ours and others'."""
    if typed[:1] in "{[<" or (typed.startswith("ey") and typed.count(".") == 2):
        return _Typed(text=typed)
    if "/" not in typed or any(character.isspace() for character in typed):
        return _code(typed)
    address = typed if "://" in typed[:12] else f"https://{typed}"
    try:
        path = urlsplit(address[:_LONGEST_ADDRESS]).path
    except ValueError:
        path = ""
    code = _code(path.rpartition("/c/")[2].partition("/")[0]).code if "/c/" in path else ""
    return _Typed(code=code, address=address[:_LONGEST_ADDRESS])


def _code(typed: str) -> _Typed:
    try:
        return _Typed(code=codes.parse_code(typed))
    except CodeError as problem:
        return _Typed(problem=problem)


def _is_here(code: str) -> bool:
    return bool(code) and Credential.objects.filter(code=code, superseded__isnull=True).exists()


def _by_code(request: HttpRequest, typed: str, meant: _Typed) -> HttpResponseBase:
    if visitors.has_missed_too_often(request):
        return answers.too_often(request, visitors.SECONDS)
    if meant.problem is not None:
        return finding.mistyped(request, typed, meant.problem)
    if not _is_here(meant.code):
        return finding.unknown(request, meant.code)
    return HttpResponseRedirect(f"/c/{meant.code}")


def _result(request: HttpRequest, judged: Judged, came_as: str) -> HttpResponse:
    """The verdict. `came_as` says how it was handed over: file, link or text."""
    verified, record = judged.verified, judged.record
    if verified.report is None:
        return _refused(request, verified.problem, judged, came_as)
    report = verified.report
    told = telling.told(report.stated) if report.stated is not None and telling.can_be_shown(report) else None
    replaced = record.superseded.date() if record is not None and judged.replaced and record.superseded else None
    revoked = record.revoked.date() if record is not None and record.revoked else None
    band, confirmed = telling.band(report, told, revoked=revoked, replaced=replaced), report.confirmed
    context = {
        "band": band,
        "advice": verdicts.advice(band.state),
        "status_unknown": verdicts.status_was_not_found_out(report),
        "told": told,
        "confirmed": confirmed,
        "compare": confirmed and told is not None and verified.kind in _DRAWN,
        "photographed": verified.kind is Kind.PICTURE,
        "signer": signers.facts(judged),
        "namesake": signers.namesake(judged),
        "days": telling.days(told, revoked=revoked) if told else {},
        "lines": telling.lines(report),
        "file": verified,
        "came_as": came_as,
        "record": record if judged.in_force is not None else None,
        "replaced": judged.replaced,
    }
    return _unkept(render(request, "public/result.html", context))


def _refused(
    request: HttpRequest, problem: LaureaError | None, judged: Judged | None = None, came_as: str = "file"
) -> HttpResponse:
    """Something that holds no credential, or leads to none that could be got."""
    message, hint = worded(problem) if problem is not None else ("", "")
    context: dict[str, Any] = {
        "message": message,
        "hint": hint,
        "file": judged.verified if judged is not None else None,
        "came_as": came_as,
        "band": telling.unjudged(judged.verified.verdict, "") if judged is not None else None,
    }
    return _unkept(render(request, "public/result.html", context, status=422))


def _desk(request: HttpRequest, form: FileForm | None = None, *, typed: str = "", status: int = 200) -> HttpResponse:
    """The desk: the only page that may use the camera. `typed` is an address that waits to be fetched."""
    context = {"form": form or FileForm(), "typed": typed, "host": urlsplit(typed).netloc if typed else ""}
    response = render(request, "public/desk.html", context, status=status)
    response["Cache-Control"] = answers.ASK_AGAIN
    response["Permissions-Policy"] = _CAMERA
    # What `csp.decorators.csp_update` sets, which is for views alone.
    response._csp_update = _SCANNER  # type: ignore[attr-defined]
    return response


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = answers.NEVER
    response["X-Robots-Tag"] = "noindex"
    return response
