"""Every address, by door."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("laurea.web.public.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("laurea.web.accounts.urls")),
    path("language", set_language, name="set_language"),
    path("console/", include("laurea.web.console.urls")),
]

handler400 = "laurea.web.errors.bad_request"
handler403 = "laurea.web.errors.forbidden"
handler404 = "laurea.web.errors.not_found"
handler500 = "laurea.web.errors.server_error"
