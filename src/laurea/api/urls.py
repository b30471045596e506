"""The addresses of this door. What stands under a version stays as it is; a change makes a new version."""

from __future__ import annotations

from django.urls import path

from laurea.api import verifying
from laurea.api.version_1 import api

api.add_router("", verifying.router)

urlpatterns = [path("v1/", api.urls)]
