"""The verify desk: type a code, or hand over a file of whatever issuer. Nothing that is handed over is kept."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from laurea.actions import judging
from laurea.actions.judging import Judged
from laurea.credentials import code as codes
from laurea.credentials.baking import LARGEST_FILE
from laurea.credentials.baking.limits import file_too_large
from laurea.credentials.errors import CodeError, LaureaError
from laurea.records.models import Credential
from laurea.web.public import answers, finding, telling, visitors
from laurea.web.public.answers import public
from laurea.web.wording import worded

_LONGEST_BODY = 2 * LARGEST_FILE
_ACCEPTED = ".pdf,.png,.svg,.json,.jsonld,.jwt,.jws,.jpg,.jpeg,.webp,.gif,application/pdf,image/*,application/json"


class FileForm(forms.Form):
    """A file to be judged."""

    file = forms.FileField(label=_("File"), allow_empty_file=True, widget=forms.FileInput(attrs={"accept": _ACCEPTED}))


@public
def start(request: HttpRequest) -> HttpResponseBase:
    """The first page: the desk for strangers, the console for whoever is signed in."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return answers.varied(_desk(request), "Cookie")


@csrf_exempt  # it changes nothing and knows nobody; without a cookie there is nothing to forge
def verify(request: HttpRequest) -> HttpResponseBase:
    """GET: the desk, or on to the page of ``?code=``. POST: what was handed over, judged."""
    return _handed_over(request) if request.method == "POST" else _typed(request)


@public
def independently(request: HttpRequest) -> HttpResponseBase:
    """How to verify a credential of this site without trusting this site."""
    response = render(request, "public/independently.html")
    response["Cache-Control"] = answers.ASK_AGAIN
    return answers.varied(response, "Cookie")


@public
def _typed(request: HttpRequest) -> HttpResponseBase:
    typed = request.GET.get("code", "").strip()
    if not typed:
        return answers.varied(_desk(request), "Cookie")
    if visitors.has_missed_too_often(request):
        return answers.too_often(request, visitors.SECONDS)
    try:
        code = codes.parse_code(typed.rpartition("/c/")[2])  # the whole address is as good
    except CodeError as problem:
        return finding.mistyped(request, typed, problem)
    if not Credential.objects.filter(code=code, superseded__isnull=True).exists():
        return finding.unknown(request, code)
    return HttpResponseRedirect(f"/c/{code}")


def _handed_over(request: HttpRequest) -> HttpResponseBase:
    if visitors.asks_too_often(request):
        return answers.too_often(request, visitors.SECONDS)
    length = str(request.META.get("CONTENT_LENGTH") or "")
    if length.isdecimal() and int(length) > _LONGEST_BODY:
        return _refused(request, file_too_large())  # and not read: that would be a favour too many
    bounded = _InMemory(request)
    request.upload_handlers = [bounded]
    form = FileForm(request.POST, request.FILES)
    if bounded.too_large:
        return _refused(request, file_too_large())
    if not form.is_valid():
        return _desk(request, form, status=422)
    file = form.cleaned_data["file"]
    judged = judging.judge_file(file.read(), now=timezone.now(), name=file.name or "")
    return _result(request, judged)


def _result(request: HttpRequest, judged: Judged) -> HttpResponse:
    verified, record = judged.verified, judged.record
    if verified.report is None:
        return _refused(request, verified.problem, judged)
    report = verified.report
    told = telling.told(report.document) if report.document is not None and telling.can_be_shown(report) else None
    replaced = record.superseded.date() if record is not None and judged.replaced and record.superseded else None
    revoked = record.revoked.date() if record is not None and record.revoked else None
    context = {
        "band": telling.band(report, told, revoked=revoked, replaced=replaced),
        "told": told,
        "days": telling.days(told, revoked=revoked) if told else {},
        "lines": telling.lines(report),
        "file": verified,
        "record": record if judged.in_force is not None else None,
        "replaced": judged.replaced,
        "form": FileForm(),
    }
    return _unkept(render(request, "public/result.html", context))


def _refused(request: HttpRequest, problem: LaureaError | None, judged: Judged | None = None) -> HttpResponse:
    """Something that holds no credential, or leads to none that could be got."""
    message, hint = worded(problem) if problem is not None else ("", "")
    context: dict[str, Any] = {
        "message": message,
        "hint": hint,
        "file": judged.verified if judged is not None else None,
        "band": telling.unjudged(judged.verified.verdict, "") if judged is not None else None,
        "form": FileForm(),
    }
    return _unkept(render(request, "public/result.html", context, status=422))


def _desk(request: HttpRequest, form: FileForm | None = None, *, status: int = 200) -> HttpResponse:
    response = render(request, "public/desk.html", {"form": form or FileForm()}, status=status)
    response["Cache-Control"] = answers.ASK_AGAIN
    return response


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = answers.NEVER
    response["X-Robots-Tag"] = "noindex"
    return response


class _InMemory(FileUploadHandler):
    """Takes a file into memory and never onto a disk, as far as files are looked into at all."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.too_large = False
        self._size = 0
        self._content = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._content = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, up to the limit, which is one for all files together."""
        self._size += len(raw_data)
        if self._size > LARGEST_FILE:
            self.too_large = True
            raise StopUpload(connection_reset=False)
        self._content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The whole file."""
        self._content.seek(0)
        return InMemoryUploadedFile(
            self._content, self.field_name, self.file_name or "", self.content_type or "", file_size, self.charset
        )
