"""The addresses of the achievements pages; names in the namespace ``console``."""

from __future__ import annotations

from django.urls import URLPattern, path

from laurea.web.console.achievements import editing, views

urlpatterns: list[URLPattern] = [
    path("", views.achievements, name="achievements"),
    path("new/", editing.new, name="achievement-new"),
    path("preview/", editing.preview, name="achievement-preview"),
    path("<int:pk>/", views.achievement, name="achievement"),
    path("<int:pk>/edit/", editing.edit, name="achievement-edit"),
    path("<int:pk>/archive/", views.archive, name="achievement-archive"),
    path("<int:pk>/restore/", views.restore, name="achievement-restore"),
    path("<int:pk>/badge.svg", views.badge, name="achievement-badge"),
    path("<int:pk>/certificate.svg", views.certificate, name="achievement-certificate"),
]
