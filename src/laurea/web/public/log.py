"""The audit log as everybody may read it: the checkpoint, the tiles (c2sp.org/tlog-tiles), and proofs of inclusion."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from laurea.actions import log_key, proving, publishing
from laurea.actions.storing import StoringError
from laurea.credentials.errors import LaureaError
from laurea.credentials.transparency.tiles import Tile
from laurea.records.models import Credential
from laurea.web.public import answers
from laurea.web.public.answers import open_to_all
from laurea.web.public.finding import of_credential

_TEXT = "text/plain; charset=utf-8"
_JUST_NOW = "public, max-age=5"
_COME_AGAIN = 5
"""Seconds: an entry is published within a second or two, where a worker runs."""


@open_to_all
def checkpoint(request: HttpRequest) -> HttpResponseBase:
    """What the log commits to now, signed."""
    newest = publishing.newest()
    if newest is None:
        raise Http404
    return answers.content(request, newest.note.encode(), _TEXT, keep=_JUST_NOW)


@open_to_all
def key(request: HttpRequest) -> HttpResponseBase:
    """The key that checkpoints are signed with, as witnesses and auditors write it down."""
    log = log_key.existing()
    if log is None:
        raise Http404
    return answers.content(request, f"{log_key.verifier(log).encode()}\n".encode(), _TEXT, keep=answers.SHORT)


@open_to_all
def tile(request: HttpRequest, path: str) -> HttpResponseBase:
    """256 hashes or entries, or as many as there were at an earlier checkpoint: never changed again."""
    named, newest = Tile.named(f"tile/{path}"), publishing.newest()
    if named is None or newest is None:
        raise Http404
    try:
        data = publishing.content(named, newest.size)
    except StoringError as problem:
        if problem.code == "storing.absent":
            raise Http404 from None
        return _later(problem)
    return answers.content(request, data, "application/octet-stream", keep=answers.FOR_EVER)


@open_to_all
@of_credential
def inclusion(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    """The entry of a credential, and the proof that it is in the log."""
    try:
        proof = json.dumps(proving.inclusion(credential), indent=2, ensure_ascii=False)
    except LaureaError as problem:
        return _later(problem, status=404 if problem.code == "log.no-entry" else 503)
    response = answers.content(request, f"{proof}\n".encode(), "application/json", keep=answers.SHORT)
    if not credential.published:
        response["X-Robots-Tag"] = "noindex"
    return response


def _later(problem: LaureaError, *, status: int = 503) -> HttpResponse:
    """Why there is nothing, for a program; and, where it is worth it, when to ask again."""
    response = HttpResponse(f"{problem}.\n", content_type=_TEXT, status=status)
    response["Cache-Control"] = answers.NEVER
    if status == 503:
        response["Retry-After"] = str(_COME_AGAIN)
    return response
