"""Verifying in the browser, alone: the page, its program, and both in one file that works without any network."""

from __future__ import annotations

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from laurea.web.public import answers, single_file
from laurea.web.public.answers import public

FILE_NAME = "laurea-verify.html"


@public
@csp_update({"connect-src": ["https:"]})
def alone(request: HttpRequest) -> HttpResponseBase:
    """Hand over a certificate: the visitor's own browser judges it, and asks nobody but the issuer."""
    response = render(request, "public/alone.html", {"version": single_file.version(), "file": FILE_NAME})
    response["Cache-Control"] = answers.ASK_AGAIN
    return answers.varied(response, "Cookie")


@public
def program(request: HttpRequest) -> HttpResponseBase:
    """The program of the page, the very one that is in the file."""
    keep = answers.FOR_EVER if request.GET.get("v") == single_file.version() else answers.SHORT
    return answers.content(request, single_file.program().encode(), "text/javascript; charset=utf-8", keep=keep)


@public
def single(request: HttpRequest) -> HttpResponseBase:
    """Everything in one file, to keep."""
    response = answers.content(
        request, single_file.page(), "text/html; charset=utf-8", keep=answers.SHORT, name=FILE_NAME
    )
    response["Content-Security-Policy"] = single_file.policy()
    return response
