"""The addresses of the credentials pages; names in the namespace ``console``."""

from __future__ import annotations

from django.urls import URLPattern, path

from laurea.web.console.credentials import issuing, views

urlpatterns: list[URLPattern] = [
    path("", views.credentials, name="credentials"),
    path("download/", views.download, name="credentials-download"),
    path("issue/", issuing.issue, name="issue-one"),
    path("issue/people/", issuing.people, name="issue-one-people"),
    path("issue/preview/", issuing.preview, name="issue-one-preview"),
    path("issued/<int:batch>/", issuing.issued, name="issued"),
    path("<int:pk>/", views.credential, name="credential"),
    path("<int:pk>/certificate.png", views.picture, name="credential-picture"),
    path("<int:pk>/mail/", views.mail, name="credential-mail"),
    path("<int:pk>/<slug:kind>/", views.file, name="credential-file"),
]
