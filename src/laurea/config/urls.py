"""Every address, by door."""

from __future__ import annotations

from django.urls import include, path

from laurea.web.accounts import switches

urlpatterns = [
    path("", include("laurea.web.public.urls")),
    path("", include("laurea.web.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("language", switches.language, name="set_language"),
    path("scheme", switches.scheme, name="set_scheme"),
    path("api/", include("laurea.api.urls")),
    path("console/", include("laurea.web.console.urls")),
]

handler400 = "laurea.web.errors.bad_request"
handler403 = "laurea.web.errors.forbidden"
handler404 = "laurea.web.errors.not_found"
handler500 = "laurea.web.errors.server_error"
