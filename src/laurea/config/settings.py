"""Django's settings, all of them from the environment (see `laurea.config.env`)."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from laurea.config.databases import SCHEMES as DATABASES_KNOWN
from laurea.config.databases import database
from laurea.config.env import Environment
from laurea.config.mail import SCHEMES as MAIL_KNOWN
from laurea.config.mail import mail
from laurea.config.storages import LINK_SECONDS, storage
from laurea.config.storages import SCHEMES as STORAGES_KNOWN
from laurea.config.witnesses import witnesses

_env = Environment(os.environ)
_WEB = Path(__file__).parent.parent / "web"
_ACTIONS = Path(__file__).parent.parent / "actions"


def _secret(name: str, file: Path) -> str:
    """A secret from the environment, or from the data folder, where `laurea run` puts a new one."""
    value = _env.text(name)
    if value or not file.exists():
        return value
    return _env.file(file, name)


def _time_zone() -> str:
    name = _env.text("LAUREA_TIME_ZONE") or "UTC"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        _env.refuse(f"LAUREA_TIME_ZONE is “{name}”, which is no time zone; write it as Europe/Berlin")
        return "UTC"
    return name


# --- Where things are -------------------------------------------------------------------------------------------------

LAUREA_DATA = Path(_env.text("LAUREA_DATA") or "laurea-data").absolute()
_url = _env.url("LAUREA_PUBLIC_URL", ("http", "https"), "http://localhost:8000")
if not _url.hostname or _url.path.strip("/") or _url.query or _url.fragment:
    _env.refuse("LAUREA_PUBLIC_URL must be a scheme and a host, such as https://badges.example.com")
LAUREA_PUBLIC_URL = f"{_url.scheme}://{_url.netloc}"
"""Without a slash at the end."""
_HTTPS = _url.scheme == "https"

DATABASES = {"default": database(_env, _env.url("LAUREA_DATABASE_URL", DATABASES_KNOWN, "sqlite://"), LAUREA_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STORAGES: dict[str, Any] = {
    "default": storage(_env, _env.url("LAUREA_STORAGE_URL", STORAGES_KNOWN, "file://"), LAUREA_DATA),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LAUREA_LINK_SECONDS = LINK_SECONDS

# --- Secrets ----------------------------------------------------------------------------------------------------------

SECRET_KEY = _secret("LAUREA_SECRET_KEY", LAUREA_DATA / "secrets" / "secret-key")
if SECRET_KEY and len(SECRET_KEY) < 40:
    _env.refuse("LAUREA_SECRET_KEY is too short: give at least 40 random characters")
LAUREA_KEY_ENCRYPTION_KEYS = [
    value.strip()
    for value in _secret("LAUREA_KEY_ENCRYPTION_KEY", LAUREA_DATA / "secrets" / "key-encryption-key").split(",")
    if value.strip()
]
"""Fernet keys; the first one encrypts, all of them decrypt."""

LAUREA_PKCS11_MODULE = _env.text("LAUREA_PKCS11_MODULE")
LAUREA_PKCS11_TOKEN = _env.text("LAUREA_PKCS11_TOKEN") or "laurea"
LAUREA_PKCS11_PIN = _env.text("LAUREA_PKCS11_PIN")
if LAUREA_PKCS11_MODULE and not LAUREA_PKCS11_PIN:
    _env.refuse("LAUREA_PKCS11_MODULE is given without LAUREA_PKCS11_PIN, the PIN of the token's user")

# --- The audit log ----------------------------------------------------------------------------------------------------

LAUREA_LOG_WITNESSES = witnesses(_env)
LAUREA_LOG_WITNESS_HOURS = _env.number("LAUREA_LOG_WITNESS_HOURS", 1, 8_760)

# --- The application --------------------------------------------------------------------------------------------------

DEBUG = _env.flag("LAUREA_DEBUG")
ALLOWED_HOSTS = [_url.hostname or "localhost", *_env.names("LAUREA_ALLOWED_HOSTS")]
if not _HTTPS:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [LAUREA_PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    "anymail",
    "laurea.records",
    "laurea.web",
    "laurea.config",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "laurea.web.middleware.LanguageMiddleware",
    "laurea.web.middleware.PlaceMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "laurea.web.middleware.PermissionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "laurea.web.middleware.ErrorMiddleware",
]
ROOT_URLCONF = "laurea.config.urls"
WSGI_APPLICATION = "laurea.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_WEB / "templates", _ACTIONS / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "laurea.web.context.look",
            ],
        },
    },
]
FORM_RENDERER = "laurea.web.forms.Renderer"
STATIC_URL = "/static/"
STATIC_ROOT = LAUREA_DATA / "static"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
# Two hundred are judged at once; one more is taken, so that a page can say that they are too many.
DATA_UPLOAD_MAX_NUMBER_FILES = 201
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# --- People who sign in -----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "records.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "laurea.web.accounts.passwords.VarietyValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "console:start"
ACCOUNT_ADAPTER = "laurea.web.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _url.scheme
# Guessing: ten attempts a minute from one address, five in five minutes for one account; then there is a pause.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = _env.number("LAUREA_TRUSTED_PROXIES", 0, 10)
ACCOUNT_FORMS = {
    "login": "laurea.web.accounts.forms.SignIn",
    "change_password": "laurea.web.accounts.forms.ChangePassword",
    "set_password": "laurea.web.accounts.forms.SetPassword",
    "reset_password": "laurea.web.accounts.forms.ResetPassword",
    "reset_password_from_key": "laurea.web.accounts.forms.ResetPasswordKey",
    "add_email": "laurea.web.accounts.forms.ChangeEmail",
    "reauthenticate": "laurea.web.accounts.forms.Reauthenticate",
    "confirm_email_verification_code": "laurea.web.accounts.forms.ConfirmCode",
}
MFA_ADAPTER = "laurea.web.accounts.adapter.TwoFactorAdapter"
MFA_FORMS = {
    "authenticate": "laurea.web.accounts.forms.SecondFactor",
    "reauthenticate": "laurea.web.accounts.forms.SecondFactorAgain",
    "activate_totp": "laurea.web.accounts.forms.ActivateTotp",
    "add_webauthn": "laurea.web.accounts.forms.AddPasskey",
}
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Laurea"
MFA_TOTP_TOLERANCE = 1
# Browsers themselves allow passkeys on http for localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _HTTPS

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "laurea.web.errors.csrf_failure"

# --- What a browser may do --------------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if _HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
X_FRAME_OPTIONS = "DENY"
_S3 = STORAGES["default"]["OPTIONS"].get("endpoint_url") or ""
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Pictures of the private S3 storage come by signed links from there.
        "img-src": [SELF, "data:", "blob:", *([_S3] if _S3 else [])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# --- Language and time ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = _env.choice("LAUREA_LANGUAGE", ("en", "de"))
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [_WEB / "locale"]
FORMAT_MODULE_PATH = ["laurea.web.formats"]
TIME_ZONE = _time_zone()
USE_I18N = USE_TZ = True

# --- Mail, caches, logs -----------------------------------------------------------------------------------------------

globals().update(mail(_env, _env.url("LAUREA_MAIL_URL", MAIL_KNOWN, "folder://"), LAUREA_DATA))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _env.text("LAUREA_MAIL_FROM") or "Laurea <laurea@localhost>"

CACHES = {
    # Shared by all processes: attempts at signing in are counted here.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "laurea_cache"},
    # Quick and of this process alone: lookups of codes are counted here.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "process",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["stderr"],
        "level": _env.choice("LAUREA_LOG_LEVEL", ("info", "debug", "warning", "error")).upper(),
    },
    # Django's own lines name addresses, and with them codes: only what is wrong with us is told.
    "loggers": {"django.request": {"level": "ERROR"}, "django.security": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []

_env.finish()
