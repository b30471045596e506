"""The addresses of the audit trail, in the namespace ``console``."""

from __future__ import annotations

from django.urls import path

from laurea.web.console.audit import views

urlpatterns = [
    path("", views.trail, name="audit"),
    path("trail.csv", views.export, name="audit-export"),
    path("<int:pk>/", views.entry, name="audit-entry"),
]
