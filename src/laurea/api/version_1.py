"""Version 1 of the interface: its description, and how it says what went wrong."""

from __future__ import annotations

import json

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Schema

from laurea.credentials.document import Document
from laurea.credentials.errors import LaureaError

PROBLEM_TYPE = "application/problem+json"
MOST_REQUESTS = 60
SECONDS = 60
"""So many requests are answered for one address in this time, counted by each process."""

_STATUS = {"many.busy": 503, "many.too-large": 413, "many.too-many": 413, "api.too-often": 429, "api.type": 415}
_COME_AGAIN = {503: "5", 429: str(SECONDS)}

api = NinjaAPI(
    title="Laurea",
    version="1",
    description="Verifies digital credentials. Nothing that is handed over is kept.",
    urls_namespace="api-v1",
    docs_url=None,  # such a page would load its programs from elsewhere
)


class Problem(Schema):
    """What went wrong (RFC 9457): `code` is stable, `detail` says what is wrong, `hint` what to do."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    hint: str


def answer(document: Document) -> HttpResponse:
    """`document`, for whoever asked and nobody else."""
    response = HttpResponse(json.dumps(document, ensure_ascii=False), content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    return response


@api.exception_handler(LaureaError)
def explained(request: HttpRequest, error: LaureaError) -> HttpResponse:
    """An error that an action explains."""
    status = _STATUS.get(error.code, 400)
    problem: Document = {
        "type": "about:blank",
        "title": error.message,
        "status": status,
        "code": error.code,
        "detail": error.message,
        "hint": error.hint,
    }
    response = HttpResponse(json.dumps(problem, ensure_ascii=False), content_type=PROBLEM_TYPE, status=status)
    response["Cache-Control"] = "private, no-store"
    if status in _COME_AGAIN:
        response["Retry-After"] = _COME_AGAIN[status]
    return response


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(MultiPartParserError)
def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """A request that cannot be read."""
    return explained(
        request,
        LaureaError("api.broken", "The request cannot be read", "Send a form with files, or JSON of 2 MB at most"),
    )
