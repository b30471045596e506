"""What happens around every request: the language, what a page may use, where acts come from, errors explained."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request

from laurea.actions import auditing
from laurea.credentials.errors import LaureaError
from laurea.web.wording import worded

Answer = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """The language chosen with the switch (a cookie), else the browser's, else the installation's."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response


class PlaceMiddleware:
    """Entries of the log say from which page an act came: the name of its address, never the address itself."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with auditing.from_where("web"):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Called by Django once it has found the view."""
        if request.resolver_match is not None and request.resolver_match.view_name:
            auditing.now_at(request.resolver_match.view_name)


class PermissionsMiddleware:
    """No page may use the camera, the microphone or the place where somebody is, but one that says so itself."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class ErrorMiddleware:
    """An error that an action explains becomes a page that says so. Views that show it beside a form catch it first."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a `LaureaError`; everything else is Django's."""
        if not isinstance(error, LaureaError) or settings.DEBUG_PROPAGATE_EXCEPTIONS:
            return None
        message, hint = worded(error)
        return render(request, "error.html", {"message": message, "hint": hint}, status=422)
