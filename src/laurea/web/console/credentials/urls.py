"""The addresses of the credentials pages; names in the namespace ``console``."""

from __future__ import annotations

from django.urls import URLPattern, path

from laurea.web.console.credentials import correcting, issuing, renewing, revoking, views

urlpatterns: list[URLPattern] = [
    path("", views.credentials, name="credentials"),
    path("download/", views.download, name="credentials-download"),
    path("issue/", issuing.issue, name="issue-one"),
    path("issue/people/", issuing.people, name="issue-one-people"),
    path("issue/preview/", issuing.preview, name="issue-one-preview"),
    path("issued/<int:batch>/", issuing.issued, name="issued"),
    path("renewals/", renewing.renewals, name="renewals"),
    path("revoke/", revoking.many, name="credentials-revoke"),
    path("<int:pk>/", views.credential, name="credential"),
    path("<int:pk>/certificate.png", views.picture, name="credential-picture"),
    path("<int:pk>/mail/", views.mail, name="credential-mail"),
    path("<int:pk>/revoke/", revoking.one, name="credential-revoke"),
    path("<int:pk>/keep/", revoking.keep, name="credential-keep"),
    path("<int:pk>/correct/", correcting.correct, name="credential-correct"),
    path("<int:pk>/correct/preview/", correcting.preview, name="credential-correct-preview"),
    path("<int:pk>/anew/", correcting.anew, name="credential-anew"),
    path("<int:pk>/<slug:kind>/", views.file, name="credential-file"),
]
