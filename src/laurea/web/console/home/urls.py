"""The addresses of the home pages; names in the namespace ``console``."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
