"""Answers to a form that is still being filled in: what it would look like, and what is wrong so far."""

from __future__ import annotations

import base64
import gzip

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse

SVG = "image/svg+xml"


def answer(request: HttpRequest, drawing: bytes | None, errors: dict[str, list[str]]) -> HttpResponse:
    """The drawing alone if nothing is wrong; else JSON with the errors by field, and the drawing if there is one."""
    if drawing is not None and not errors:
        response = vector(request, drawing)
    else:
        response = JsonResponse({"errors": errors, "picture": inline(drawing)})
    response.headers["Cache-Control"] = "no-store"
    return response


def vector(request: HttpRequest, drawing: bytes) -> HttpResponse:
    """An SVG. The quickest compression leaves a quarter of it, in less time than the rest takes on most lines."""
    response = HttpResponse(drawing, content_type=SVG)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = gzip.compress(drawing, 1, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def kept(response: HttpResponse) -> HttpResponse:
    """A picture whose address changes when it does: the browser may keep it for a day."""
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


def inline(drawing: bytes | None) -> str:
    """A drawing as an address that holds it, "" for none."""
    return f"data:{SVG};base64,{base64.b64encode(drawing).decode('ascii')}" if drawing is not None else ""


def errors_of(*forms: BaseForm) -> dict[str, list[str]]:
    """The errors of forms by the names that their fields have on the page."""
    return {
        form.add_prefix(field): [str(error) for error in errors]
        for form in forms
        for field, errors in form.errors.items()
    }
