"""What the benchmark of the verify desk has done in its installation: requests through all of Django, in a process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from laurea.actions import judging, storing
from laurea.records.models import Artifact, Credential
from laurea.web.public import stage

HOST = "badges.example.com"
TOGETHER = 200
GENUINE = b'data-verdict="genuine"'
_factory = RequestFactory()


Taken = tuple[float, float]
"""Seconds on the wall, and seconds of the processor."""


def desk(rounds: int) -> dict[str, list[Taken]]:
    """What each question took, a figure a round; each round another credential. The first round only warms up."""
    # Nobody collects static files here; pages name them as they are.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    handler = BaseHandler()
    handler.load_middleware()
    credentials = list(Credential.objects.select_related("issuer", "status_list").order_by("pk")[:TOGETHER])
    assert len(credentials) == TOGETHER
    names = [f"{each.name} - {each.code}.pdf" for each in credentials]
    pdfs = [storing.get(each.artifacts.get(kind=Artifact.Kind.PDF).name) for each in credentials]
    files = list(zip(names, pdfs, strict=True))
    found: dict[str, list[Taken]] = {}
    for number in range(rounds + 1):
        seconds = _round(handler, credentials[number % TOGETHER], files[number % TOGETHER], files)
        for name, taken in seconds.items() if number else ():
            found.setdefault(name, []).append(taken)
    return found


def _round(
    handler: BaseHandler, one: Credential, file: tuple[str, bytes], files: list[tuple[str, bytes]]
) -> dict[str, Taken]:
    def asked(request: HttpRequest, said: bytes) -> Taken:
        return _asked(handler, request, said)

    page = f"/c/{one.code}"
    return {
        "judge": _anew(lambda: _judged(one)),
        "code": _anew(lambda: asked(_post("/api/v1/verify", {"code": one.code}), b'"verdict": "genuine"')),
        "page": _anew(lambda: asked(_get(page), GENUINE)),
        "page again": asked(_get(page), GENUINE),
        "pdf": _anew(lambda: asked(_post("/verify", {"file": _file(*file)}), GENUINE)),
        "many": _anew(
            lambda: asked(_post("/verify/many", {"file": [_file(*each) for each in files]}), b"All 200 are genuine")
        ),
    }


def _anew(measure: Callable[[], Taken]) -> Taken:
    """What is remembered of judgements and of drawn pages is forgotten first, and nobody is told to wait."""
    judging._known_reports.clear()
    stage._drawn.clear()
    caches["process"].clear()
    return measure()


def _judged(credential: Credential) -> Taken:
    report, taken = _timed(lambda: judging.judge(credential, now=timezone.now()))
    assert report.verdict.value == "genuine"
    return taken


def _asked(handler: BaseHandler, request: HttpRequest, said: bytes) -> Taken:
    """From the request, whose body lies in memory, to the whole answer."""
    response, taken = _timed(lambda: handler.get_response(request))
    assert response.status_code == 200, response.status_code
    assert said in response.content
    return taken


def _timed(work: Callable[[], Any]) -> tuple[Any, Taken]:
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    return result, (time.perf_counter() - wall, time.process_time() - processor)


def _get(path: str) -> HttpRequest:
    return _factory.get(path, secure=True, headers={"host": HOST})


def _post(path: str, data: dict[str, Any]) -> HttpRequest:
    return _factory.post(path, data, secure=True, headers={"host": HOST})


def _file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)
