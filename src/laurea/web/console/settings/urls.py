"""The addresses of the settings pages; names in the namespace ``console``."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
