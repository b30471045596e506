"""What self-hosting easily gets wrong, as Django system checks: told at every start, each with what to do.

An error keeps Laurea from starting, a warning does not.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 - Django's name for it
from django.core.exceptions import ImproperlyConfigured

_LOCAL = ("localhost", "127.0.0.1", "::1")
_BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""No installation of this version runs before it was written."""


def secret_key(**_: Any) -> list[CheckMessage]:
    """Without it no session can be signed."""
    with contextlib.suppress(ImproperlyConfigured):  # what Django says of an empty one
        if settings.SECRET_KEY:
            return []
    return [
        Error(
            "LAUREA_SECRET_KEY is not set.",
            hint="Start with `laurea run` or `laurea prepare`, which make one in the data folder, or set your own.",
            id="laurea.E001",
        )
    ]


def encryption_key(**_: Any) -> list[CheckMessage]:
    """Without it no signing key can be kept or used."""
    try:
        if [Fernet(value) for value in settings.LAUREA_KEY_ENCRYPTION_KEYS]:
            return []
        problem = "LAUREA_KEY_ENCRYPTION_KEY is not set."
    except ValueError:
        problem = "LAUREA_KEY_ENCRYPTION_KEY is no encryption key: it must be 32 random bytes in base 64."
    return [
        Error(
            problem,
            hint="Start with `laurea run` or `laurea prepare`, which make one; or restore the one that was there: "
            "without it the issuers' keys are lost.",
            id="laurea.E002",
        )
    ]


def debugging(**_: Any) -> list[CheckMessage]:
    """Pages with settings and code in them are for developers."""
    if not settings.DEBUG or not _public():
        return []
    return [
        Warning(
            "LAUREA_DEBUG is on, though others reach this server.",
            hint="Errors show code and settings to strangers: unset LAUREA_DEBUG.",
            id="laurea.W001",
        )
    ]


def plain_http(**_: Any) -> list[CheckMessage]:
    """Passwords and sessions in the clear; credentials that cannot name a lasting address."""
    if not _public() or _https():
        return []
    return [
        Warning(
            "LAUREA_PUBLIC_URL is an http address that others reach.",
            hint="Passwords travel in the clear, and issuers cannot be did:web: put a proxy with https in front "
            "(docs/how-to/self-host.md).",
            id="laurea.W002",
        )
    ]


def no_proxy(**_: Any) -> list[CheckMessage]:
    """Laurea itself speaks http: an https address means that a proxy stands in front."""
    if not _https() or settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return []
    return [
        Warning(
            "LAUREA_PUBLIC_URL is https, but LAUREA_TRUSTED_PROXIES is 0.",
            hint="Every page would be redirected to itself, and all visitors would share one address: set it to 1 "
            "for one reverse proxy.",
            id="laurea.W003",
        )
    ]


def open_secrets(**_: Any) -> list[CheckMessage]:
    """Secrets that other users of the machine can read are none."""
    folder = Path(settings.LAUREA_DATA) / "secrets"
    opened = [path for path in (folder, *sorted(folder.glob("*"))) if _others_may(path)]
    if not opened:
        return []
    return [
        Warning(
            f"Other users of this machine can read {', '.join(str(path) for path in opened)}.",
            hint=f"chmod -R go= {folder}",
            id="laurea.W004",
        )
    ]


def mail_to_folder(**_: Any) -> list[CheckMessage]:
    """Nobody gets a certificate by mail."""
    if not _public() or not str(settings.EMAIL_BACKEND).endswith(".MailFolder"):
        return []
    return [
        Warning(
            "Mail is written to a folder and reaches nobody.",
            hint="Set LAUREA_MAIL_URL to a mail server or provider.",
            id="laurea.W005",
        )
    ]


def mail_from(**_: Any) -> list[CheckMessage]:
    """Servers throw such mail away."""
    if str(settings.EMAIL_BACKEND).endswith(".MailFolder") or "@localhost" not in settings.DEFAULT_FROM_EMAIL:
        return []
    return [
        Warning(
            "Mail is sent from an address at localhost, which most servers refuse.",
            hint="Set LAUREA_MAIL_FROM to an address of your own domain.",
            id="laurea.W006",
        )
    ]


def public_files(**_: Any) -> list[CheckMessage]:
    """Private files must not lie where files are handed out to everybody."""
    location = settings.STORAGES["default"]["OPTIONS"].get("location")
    if not location or settings.STORAGES["default"]["BACKEND"] != "laurea.actions.storing.LocalFiles":
        return []
    files, static = Path(location).absolute(), Path(settings.STATIC_ROOT).absolute()
    if static not in (files, *files.parents) and files not in static.parents:
        return []
    return [
        Error(
            f"Private files ({files}) and the public files of the pages ({static}) lie in one another.",
            hint="Give LAUREA_STORAGE_URL another folder.",
            id="laurea.E003",
        )
    ]


def clock(**_: Any) -> list[CheckMessage]:
    """Signatures carry the time: a clock that is wrong makes credentials that are not valid yet, or never were."""
    now = datetime.now(UTC)
    if now >= _BUILT:
        return []
    return [
        Warning(
            f"The clock of this machine says {now:%d %B %Y}, which has been.",
            hint="Set it, best by NTP: signatures carry the time.",
            id="laurea.W007",
        )
    ]


def database_for_others(**_: Any) -> list[CheckMessage]:
    """SQLite creates its files with the rights of the process; a data folder of old may be open."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.sqlite3":
        return []
    path = Path(str(database["NAME"]))
    if not _others_may(path) or not _others_may(path.parent, stat.S_IXGRP | stat.S_IXOTH):
        return []
    return [
        Warning(
            f"Other users of this machine can read the database, {path}.",
            hint=f"chmod go= {path.parent}",
            id="laurea.W008",
        )
    ]


def hardware_module(**_: Any) -> list[CheckMessage]:
    """Keys in a module that cannot be reached sign nothing."""
    library = settings.LAUREA_PKCS11_MODULE
    if not library:
        return []
    if find_spec("pkcs11") is None:
        problem, hint = "LAUREA_PKCS11_MODULE is set, but python-pkcs11 is missing.", "pip install 'laurea[hsm]'"
    elif not Path(library).is_file():
        problem = f"There is no hardware module's library at {library}."
        hint = "Set LAUREA_PKCS11_MODULE to the PKCS#11 library that came with the module."
    else:
        return []
    return [Warning(problem, hint=f"{hint} Until then keys in it sign nothing.", id="laurea.W009")]


ALL: Sequence[Callable[..., list[CheckMessage]]] = (
    secret_key,
    encryption_key,
    debugging,
    plain_http,
    no_proxy,
    open_secrets,
    mail_to_folder,
    mail_from,
    public_files,
    clock,
    database_for_others,
    hardware_module,
)


def _https() -> bool:
    return str(settings.LAUREA_PUBLIC_URL).startswith("https://")


def _public() -> bool:
    """Whether others are meant to reach this server."""
    return urlsplit(settings.LAUREA_PUBLIC_URL).hostname not in _LOCAL


def _others_may(path: Path, rights: int = stat.S_IRGRP | stat.S_IROTH) -> bool:
    if os.name == "nt":
        return False
    try:
        return bool(path.stat().st_mode & rights)
    except OSError:
        return False
