"""The way that mail leaves by."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote

from laurea.config.env import Environment, query, user

_PROVIDERS: dict[str, tuple[str, str]] = {
    "postmark": ("postmark", "POSTMARK_SERVER_TOKEN"),
    "mailgun": ("mailgun", "MAILGUN_API_KEY"),
    "sendgrid": ("sendgrid", "SENDGRID_API_KEY"),
    "brevo": ("brevo", "BREVO_API_KEY"),
    "mailjet": ("mailjet", "MAILJET_API_KEY"),
    "ses": ("amazon_ses", "AMAZON_SES_CLIENT_PARAMS"),
}
SCHEMES = ("folder", "smtp", *_PROVIDERS)
TIMEOUT = 20
"""Seconds that a mail server may take to answer."""


def mail(env: Environment, url: SplitResult, data: Path) -> dict[str, Any]:
    """Django's settings for the mail service at `url`; without an address, each mail becomes a file."""
    if url.scheme == "folder":
        folder = Path(unquote(url.path)) if url.path.strip("/") else data / "mail"
        return {"EMAIL_BACKEND": "laurea.actions.mail_folder.MailFolder", "EMAIL_FILE_PATH": folder}
    if url.scheme == "smtp":
        return _smtp(env, url)
    return _provider(env, url)


def _smtp(env: Environment, url: SplitResult) -> dict[str, Any]:
    name, password = user(url)
    tls = query(url).get("tls", "starttls")
    if tls not in ("starttls", "tls", "none"):
        env.refuse("LAUREA_MAIL_URL: tls must be starttls, tls or none")
    if not url.hostname:
        env.refuse("LAUREA_MAIL_URL names no host: smtp://user:password@host:587?tls=starttls")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname or "",
        "EMAIL_PORT": url.port or {"starttls": 587, "tls": 465}.get(tls, 25),
        "EMAIL_HOST_USER": name,
        "EMAIL_HOST_PASSWORD": password,
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "tls",
        "EMAIL_TIMEOUT": TIMEOUT,
    }


def _provider(env: Environment, url: SplitResult) -> dict[str, Any]:
    backend, key = _PROVIDERS[url.scheme]
    name, secret = user(url)
    host = url.hostname or ""
    found: dict[str, Any] = {key: name or host, "REQUESTS_TIMEOUT": TIMEOUT}
    if url.scheme == "mailgun":
        found["MAILGUN_SENDER_DOMAIN"] = host
    elif url.scheme == "mailjet":
        found["MAILJET_SECRET_KEY"] = secret
    elif url.scheme == "ses":
        found[key] = {"region_name": host}
    if not found[key]:
        env.refuse(f"LAUREA_MAIL_URL names no key: {url.scheme}://key")
    return {"EMAIL_BACKEND": f"anymail.backends.{backend}.EmailBackend", "ANYMAIL": found}
