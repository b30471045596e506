"""The application that the web server calls."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laurea.config.settings")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # imports all views, for which the first visitors would wait most of a second
