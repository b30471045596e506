"""How the installation is set up, as far as its members should know, and how its audit log does.

Never a secret, never a password; of a witness only its host, since its address may hold one.
"""

from __future__ import annotations

import platform
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from laurea import __version__
from laurea.actions import addresses, log_key, mail_folder, publishing, witnessing
from laurea.actions.permissions import Verb
from laurea.web.console.access import StaffRequest, staff
from laurea.web.console.settings.parts import tabs


@staff(Verb.MANAGE)
@require_safe
def installation(request: StaffRequest) -> HttpResponse:
    """Address, mail, storage, database: which kind each of them is."""
    context = {
        "tabs": tabs(request, "settings-installation"),
        "facts": [
            (_("Version"), f"Laurea {__version__}, Python {platform.python_version()}"),
            (_("Address"), addresses.base()),
            (_("Database"), {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor)),
            (_("Private files"), _storage()),
            (_("Mail"), _mail()),
            (_("Sender of mail"), settings.DEFAULT_FROM_EMAIL),
            (_("Time zone"), settings.TIME_ZONE),
        ],
        "log": log_key.existing(),
        "log_key": _log_key(),
        "checkpoint": publishing.newest(),
        "witnesses": [(_witness(each.address), each) for each in witnessing.witnesses()],
        "to_folder": mail_folder.in_use(),
        "lasting": addresses.lasting(),
    }
    return render(request, "console/settings/installation.html", context)


def _log_key() -> str:
    """What auditors and witnesses are given."""
    log = log_key.existing()
    return log_key.verifier(log).encode() if log is not None else ""


def _witness(address: str) -> str:
    return address.removeprefix("mailto:") if address.startswith("mailto:") else str(urlsplit(address).hostname)


def _storage() -> str:
    """The kind of storage, and its bucket; not where its keys are."""
    kept = settings.STORAGES["default"]
    if kept["BACKEND"].endswith(".S3Files"):
        return _("S3 storage, bucket %(bucket)s") % {"bucket": kept["OPTIONS"]["bucket_name"]}
    return _("A folder on this server")


def _mail() -> str:
    """The kind of service, and the host of a server; not who signs in to it."""
    if mail_folder.in_use():
        return _("A folder on this server: nobody gets any")
    backend = str(settings.EMAIL_BACKEND)
    if backend.startswith("anymail."):
        return backend.split(".")[2].replace("_", " ").title()
    if backend.endswith("smtp.EmailBackend"):
        return _("Mail server %(host)s") % {"host": settings.EMAIL_HOST}
    return backend.rpartition(".")[2]
