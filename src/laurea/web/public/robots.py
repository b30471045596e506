"""What search engines are asked to leave alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from laurea.web.public import answers
from laurea.web.public.answers import public

# Credentials are not listed here: a robot must be able to read that a page asks not to be listed.
_SAID = b"User-agent: *\nDisallow: /console/\nDisallow: /accounts/\nDisallow: /files/\nDisallow: /set-up/\n"


@public
def robots(request: HttpRequest) -> HttpResponseBase:
    """/robots.txt"""
    return answers.content(request, _SAID, "text/plain; charset=utf-8", keep=answers.LONG)
