"""From what stands behind /c/ to the credential, or to a page that helps whoever mistyped it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from laurea.credentials import code as codes
from laurea.credentials.errors import CodeError
from laurea.records.models import Credential
from laurea.web.public import answers, visitors
from laurea.web.wording import worded

P = ParamSpec("P")
_LOADED = ("issuer__logo", "achievement", "status_list")
"""What every answer needs, in one query: each further table costs more time than a page has."""


def of_credential(
    view: Callable[Concatenate[HttpRequest, Credential, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """The credential in force with the code in the address part `typed`, however it is typed.

    Another way of writing it leads on to the right one; a wrong or unknown code is told to whoever typed it (404), and
    after too many of them there is a pause (429).
    """

    @wraps(view)
    def found(request: HttpRequest, typed: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if visitors.has_missed_too_often(request):
            return answers.too_often(request, visitors.SECONDS)
        try:
            code = codes.parse_code(typed)
        except CodeError as problem:
            return mistyped(request, typed, problem)
        match = request.resolver_match
        address = reverse(f"public:{(match and match.url_name) or 'credential'}", args=[code])
        if request.path != address:
            return HttpResponsePermanentRedirect(address)
        in_force = Credential.objects.select_related(*_LOADED).filter(code=code, superseded__isnull=True)
        credential = next(iter(in_force), None)
        if credential is None:
            return unknown(request, code)
        credential.achievement.issuer = credential.issuer
        return view(request, credential, *args, **kwargs)

    return found


def mistyped(request: HttpRequest, typed: str, problem: CodeError) -> HttpResponse:
    """404: no code at all, and where to look."""
    message, hint = worded(problem)
    if problem.code == "code.check":
        group = _group_to_compare(typed)
        if group is not None:
            hint = gettext("Compare the %(group)s group of four with the certificate: that is where it differs.") % {
                "group": _ordinal(group)
            }
    return _apology(request, typed, gettext("This code is not right"), message, hint)


def unknown(request: HttpRequest, code: str) -> HttpResponse:
    """404: a right code that nobody has."""
    return _apology(
        request,
        codes.format_code(code),
        gettext("No credential has this code"),
        gettext("The code is written properly, but nothing was issued under it here"),
        gettext("Check the address that is printed beside the code: it may belong to another site"),
    )


def _apology(request: HttpRequest, typed: str, title: str, message: str, hint: str) -> HttpResponse:
    visitors.missed(request)
    context = {"title": title, "message": message, "hint": hint, "typed": _regrouped(typed)}
    response = render(request, "public/no_credential.html", context, status=404)
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = answers.NEVER
    return response


def _group_to_compare(typed: str) -> int | None:
    """The one group in which `typed` differs from a code that exists. The code itself is not told."""
    near = codes.near(typed)
    known = Credential.objects.filter(code__in=near, superseded__isnull=True).values_list("code", flat=True)
    groups = {near[code] for code in known}
    return groups.pop() if len(groups) == 1 else None


def _regrouped(typed: str) -> str:
    """What was typed, as a code is written where it may be one, to be compared and put right."""
    plain = "".join(character for character in typed[:60] if character.isalnum()).upper()
    return codes.format_code(plain) if len(plain) == codes.LENGTH else typed[:60]


def _ordinal(group: int) -> str:
    return (gettext("first"), gettext("second"), gettext("third"), gettext("fourth"))[group]
