"""The addresses of the home pages; names in the namespace ``console``."""

from __future__ import annotations

from django.urls import URLPattern, path

from laurea.web.console.home import views

urlpatterns: list[URLPattern] = [
    path("<slug:issuer>/", views.home, name="home"),
]
