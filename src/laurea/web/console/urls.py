"""The addresses of the console, each below the short name of its issuer."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from laurea.web.console import start

app_name = "console"
_SECTIONS = ("achievements", "designs", "people", "batches", "credentials", "mail", "audit", "settings")
urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.start, name="start"),
    path("", include("laurea.web.console.home.urls")),
    *(path(f"<slug:issuer>/{section}/", include(f"laurea.web.console.{section}.urls")) for section in _SECTIONS),
]
