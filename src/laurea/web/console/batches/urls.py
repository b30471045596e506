"""The addresses of the batches pages; names in the namespace ``console``."""

from __future__ import annotations

from django.urls import URLPattern, path

from laurea.web.console.batches import confirming, following, listing, mapping, reviewing, uploading

urlpatterns: list[URLPattern] = [
    path("", listing.batches, name="batches"),
    path("new/", uploading.new, name="batch-new"),
    path("sample/<int:achievement>.csv", uploading.sample, name="batch-sample"),
    path("<int:pk>/", listing.batch, name="batch"),
    path("<int:pk>/again/", uploading.again, name="batch-again"),
    path("<int:pk>/delete/", uploading.delete, name="batch-delete"),
    path("<int:pk>/columns/", mapping.columns, name="batch-columns"),
    path("<int:pk>/review/", reviewing.review, name="batch-review"),
    path("<int:pk>/review/decide/", reviewing.decide, name="batch-decide"),
    path("<int:pk>/review/rows.csv", reviewing.rows_csv, name="batch-rows-csv"),
    path("<int:pk>/review/anew/", reviewing.anew, name="batch-anew"),
    path("<int:pk>/rows/<int:line>/", reviewing.row, name="batch-row"),
    path("<int:pk>/rows/<int:line>/preview/", reviewing.preview, name="batch-preview"),
    path("<int:pk>/rows/<int:line>/certificate.png", reviewing.picture, name="batch-picture"),
    path("<int:pk>/confirm/", confirming.confirm, name="batch-confirm"),
    path("<int:pk>/stop/", following.stop, name="batch-stop"),
    path("<int:pk>/resume/", following.resume, name="batch-resume"),
    path("<int:pk>/certificates.zip", following.files, name="batch-files"),
    path("<int:pk>/list.csv", following.credentials_csv, name="batch-csv"),
]
