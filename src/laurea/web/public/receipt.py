"""Receipts: where one is checked, and where the one that travels in a page is made into a file. Nothing is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from laurea.actions import receipts, receiving, verifying_many
from laurea.credentials.errors import LaureaError
from laurea.credentials.receipt import Receipt
from laurea.credentials.verification import messages
from laurea.web.public import answers, telling, visitors
from laurea.web.public.answers import public
from laurea.web.wording import worded

_LONGEST_PDF = 8 * 1024 * 1024
_FORMS = ("pdf", "csv", "json")


class ReceiptForm(forms.Form):
    """A receipt to be checked."""

    file = forms.FileField(
        label=_("Receipt"), widget=forms.FileInput(attrs={"accept": ".pdf,.json,application/pdf,application/json"})
    )


@csrf_exempt  # it changes nothing and knows nobody; without a cookie there is nothing to forge
def receipt(request: HttpRequest) -> HttpResponseBase:
    """GET: where a receipt is checked. POST: one that is checked (`file`), or wanted as a file (`receipt`, `as`)."""
    return _handed_over(request) if request.method == "POST" else _form(request)


@public
def _form(request: HttpRequest) -> HttpResponseBase:
    response = render(request, "public/receipt.html", {"form": ReceiptForm()})
    response["Cache-Control"] = answers.ASK_AGAIN
    return answers.varied(response, "Cookie")


def _handed_over(request: HttpRequest) -> HttpResponseBase:
    if visitors.asks_too_often(request):
        return answers.too_often(request, visitors.SECONDS)
    try:
        files = receiving.files(
            request,
            most_files=1,
            most_bytes=_LONGEST_PDF,
            too_many=verifying_many.too_many,
            too_large=verifying_many.too_large,
        )
        if request.POST.get("receipt") and request.POST.get("as") in _FORMS:
            text = receipts.unpacked(request.POST["receipt"])
            signed, text = receipts.opened(text.encode())
            return _download(request, signed, text, request.POST["as"])
        if not files:
            return _checked(request, None, status=422)
        signed, text = receipts.opened(files[0].data)
    except LaureaError as problem:
        return _checked(request, problem, status=422)
    return _checked(request, None, signed=signed, text=text)


def _download(request: HttpRequest, signed: Receipt, text: str, form: str) -> HttpResponseBase:
    name = f"{signed.made:%Y-%m-%d-%H%M}"
    language = telling.language()
    response: HttpResponseBase
    if form == "pdf":
        response = HttpResponse(receipts.as_pdf(signed, text, language=language), content_type="application/pdf")
    elif form == "csv":
        response = StreamingHttpResponse(
            receipts.as_csv(signed, language=language), content_type="text/csv; charset=utf-8"
        )
    else:
        response = HttpResponse(text.encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="receipt-{name}.{form}"'
    return answers.unkept(response)


def _checked(
    request: HttpRequest,
    problem: LaureaError | None,
    *,
    signed: Receipt | None = None,
    text: str = "",
    status: int = 200,
) -> HttpResponse:
    message, hint = worded(problem) if problem is not None else ("", "")
    language, counted = telling.language(), signed.counted() if signed else []
    context: dict[str, Any] = {
        "form": ReceiptForm(),
        "message": message,
        "hint": hint,
        "altered": problem is not None and problem.code == "receipt.altered",
        "signed": signed,
        "ours": signed is not None and receipts.is_ours(signed),
        "receipt": receipts.packed(text) if text else "",
        "counts": [(state, messages.word(state, language), count) for state, count in counted],
    }
    return answers.unkept(render(request, "public/receipt.html", context, status=status))
