"""The switches of language and of light and dark: cookies, so that they also work for strangers."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from laurea.web.context import SCHEME_COOKIE, SCHEMES

_YEAR = 365 * 24 * 3600


# Neither needs a token against forged requests: a stranger's page could at most make ours dark, or German, and with a
# token the pages for strangers would have to set a cookie before anybody wants one.
@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language, and go back."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        remember_language(response, chosen)
    return response


@csrf_exempt
@require_POST
def scheme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark, or forget it for the system's, and go back."""
    response = _back(request)
    chosen = request.POST.get("scheme", "")
    if chosen in SCHEMES:
        response.set_cookie(SCHEME_COOKIE, chosen, max_age=_YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    else:
        response.delete_cookie(SCHEME_COOKIE, samesite="Lax")
    return response


def remember_language(response: HttpResponse, code: str) -> None:
    """Set the cookie by which pages come in that language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=_YEAR,
        path=settings.LANGUAGE_COOKIE_PATH,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def forget_language(response: HttpResponse) -> None:
    """Follow the browser again."""
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, path=settings.LANGUAGE_COOKIE_PATH, samesite="Lax")


def _back(request: HttpRequest) -> HttpResponse:
    """To the page that the switch stands on, if it is one of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if ours and wanted else "/")
