"""The addresses of the designs pages; names in the namespace ``console``."""

from __future__ import annotations

from django.urls import URLPattern, path

from laurea.web.console.designs import editing, pictures, views

urlpatterns: list[URLPattern] = [
    path("", views.designs, name="designs"),
    path("new/", editing.new, name="design-new"),
    path("preview/", editing.preview, name="design-preview"),
    path("sample.pdf", editing.sample, name="design-sample"),
    path("pictures/", pictures.upload, name="picture-upload"),
    path("packaged/<slug:base>.png", views.packaged, name="design-packaged"),
    path("<int:pk>/", views.design, name="design"),
    path("<int:pk>/edit/", editing.edit, name="design-edit"),
    path("<int:pk>/archive/", views.archive, name="design-archive"),
    path("<int:pk>/restore/", views.restore, name="design-restore"),
    path("<int:pk>/versions/<int:number>/", views.version, name="design-version"),
    path("<int:pk>/versions/<int:number>/back/", views.go_back, name="design-go-back"),
    path("<int:pk>/versions/<int:number>/picture.png", views.thumbnail, name="design-thumbnail"),
    path("<int:pk>/versions/<int:number>/certificate.svg", views.drawing, name="design-drawing"),
    path("<int:pk>/versions/<int:number>/sample.pdf", views.pdf, name="design-pdf"),
]
