"""The addresses of the mail pages; names in the namespace ``console``."""

from __future__ import annotations

from django.urls import URLPattern, path

from laurea.web.console.mail import views

urlpatterns: list[URLPattern] = [
    path("", views.outbox, name="mail"),
    path("<int:pk>/", views.message, name="mail-message"),
    path("<int:pk>/message.eml", views.source, name="mail-source"),
    path("<int:pk>/again/", views.again, name="mail-again"),
]
