"""The addresses of this door."""

from __future__ import annotations

from django.urls import path

from laurea.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("accounts/", views.home, name="home"),
    path("accounts/found", views.found, name="found"),
    path("accounts/sessions/<int:pk>/end", views.end_session, name="end-session"),
    path("set-up/<str:token>", views.set_up, name="set-up"),
    path("invitations/<str:token>", views.invitation, name="invitation"),
]
