"""The addresses of the people pages; names in the namespace ``console``."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
