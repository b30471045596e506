"""How this door answers: what may be kept by whom, who may read it from elsewhere, which form somebody asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers

SHORT = "public, max-age=60"
"""For what may change and is asked for by programs: keys, lists, documents."""
LONG = "public, max-age=86400"
FOR_EVER = "public, max-age=31536000, immutable"
"""For what has another address when it changes."""
ASK_AGAIN = "private, no-cache"
"""For pages: a browser may keep them, and asks each time whether they still hold."""
NEVER = "private, no-store"

JSON_TYPES = ("application/vc+ld+json", "application/vc", "application/ld+json", "application/json")
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"

View = Callable[..., HttpResponseBase]
AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)


def public(view: View) -> View:
    """GET and HEAD only; ``?language=de`` is remembered in a cookie, as the switch on the pages asks."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return not_allowed(request, ("GET", "HEAD"))
        chosen = request.GET.get("language", "")
        if chosen in dict(settings.LANGUAGES):
            return _in_language(request, chosen)
        return view(request, *args, **kwargs)

    return answered


def open_to_all(view: View) -> View:
    """GET and HEAD, and readable by pages of every other site (CORS): verifiers in browsers need it."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
            response["Access-Control-Max-Age"] = "86400"
        elif request.method in ("GET", "HEAD"):
            response = view(request, *args, **kwargs)
        else:
            return not_allowed(request, ("GET", "HEAD", "OPTIONS"))
        return shared(response)

    return answered


def shared(response: HttpResponseBase) -> HttpResponseBase:
    """`response`, readable from every other site."""
    response["Access-Control-Allow-Origin"] = "*"
    return response


def not_allowed(request: HttpRequest, methods: Sequence[str]) -> HttpResponse:
    """405, with what is allowed."""
    response = render(request, "405.html", status=405)
    response["Allow"] = ", ".join(methods)
    return response


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """429: a plain page, and when to come again."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = NEVER
    return response


def content(request: HttpRequest, data: bytes, media_type: str, *, keep: str, name: str = "") -> HttpResponseBase:
    """`data` as it is, or 304 for somebody who has it already. `name` makes it a download."""
    response = HttpResponse(data, content_type=media_type)
    response["Cache-Control"] = keep
    if name:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    if media_type == "image/svg+xml":
        response["Content-Security-Policy"] = PICTURE_POLICY
    return conditional(request, response, hashlib.sha256(data).hexdigest())


def conditional(request: HttpRequest, response: HttpResponse, tag: str, *, weak: bool = False) -> HttpResponseBase:
    """`response` with an ETag, or 304 for somebody who has what `tag` stands for."""
    etag = f'W/"{tag[:32]}"' if weak else f'"{tag[:32]}"'
    response["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    return answer if answer is not None else response


def wants_json(request: HttpRequest) -> str | None:
    """The JSON type that the request prefers to a page; None for browsers, for ``*/*`` and for what we do not have."""
    preferred = request.get_preferred_type(["text/html", *JSON_TYPES])
    return preferred if preferred in JSON_TYPES else None


def unkept(response: AnyResponse) -> AnyResponse:
    """`response` about what somebody handed over: nobody keeps it, and no search engine lists it."""
    response["Cache-Control"] = NEVER
    response["X-Robots-Tag"] = "noindex"
    return response


def varied(response: HttpResponseBase, *headers: str) -> HttpResponseBase:
    """`response`, which other values of these headers would have changed."""
    patch_vary_headers(response, headers)
    return response


def _in_language(request: HttpRequest, language: str) -> HttpResponse:
    """Back to the same page, in the language chosen; the address stays clean, so that it can be shared."""
    rest = request.GET.copy()
    del rest["language"]
    response = HttpResponseRedirect(request.path + (f"?{urlencode(rest, doseq=True)}" if rest else ""))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86400,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    response["Cache-Control"] = NEVER
    return response
