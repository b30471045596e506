"""Answers to a form that is still being filled in: what it would look like, and what is wrong so far."""

from __future__ import annotations

import base64

from django.forms import BaseForm
from django.http import HttpResponse, JsonResponse

SVG = "image/svg+xml"


def answer(drawing: bytes | None, errors: dict[str, list[str]]) -> HttpResponse:
    """The drawing alone if nothing is wrong; else JSON with the errors by field, and the drawing if there is one."""
    if drawing is not None and not errors:
        response = HttpResponse(drawing, content_type=SVG)
    else:
        response = JsonResponse({"errors": errors, "picture": inline(drawing)})
    response.headers["Cache-Control"] = "no-store"
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
