"""The addresses of the people pages; names in the namespace ``console``."""

from __future__ import annotations

from django.urls import URLPattern, path

from laurea.web.console.people import importing, merging, views

urlpatterns: list[URLPattern] = [
    path("", views.people, name="people"),
    path("list.csv", views.export, name="people-export"),
    path("add/", views.add, name="person-add"),
    path("import/", importing.upload, name="people-import"),
    path("import/review/", importing.review, name="people-import-review"),
    path("import/cancel/", importing.cancel, name="people-import-cancel"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/edit/", views.edit, name="person-edit"),
    path("<int:pk>/active/", views.set_active, name="person-active"),
    path("<int:pk>/remove/", views.remove, name="person-remove"),
    path("<int:pk>/merge/", merging.merge, name="person-merge"),
]
