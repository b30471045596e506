"""Settings from the environment: ``LAUREA_*``, each documented in docs/reference/settings.md, wrong ones refused.

A secret may also stand in a file, named by the variable with ``_FILE`` behind it. What is wrong is collected, so that
the person who sets Laurea up reads all of it at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from laurea.credentials.errors import LaureaError


class SettingsError(LaureaError):
    """An environment variable cannot be used. The message lists every one."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A setting: its name, whether it is a secret, what it is when not given, and what it is for."""

    name: str
    meaning: str
    default: str = ""
    secret: bool = False


VARIABLES: tuple[Variable, ...] = (
    Variable("LAUREA_DATA", "The folder of the database, secrets and files of the embedded default.", "laurea-data"),
    Variable(
        "LAUREA_PUBLIC_URL",
        "The address under which people reach this installation. An https address makes issuers did:web.",
        "http://localhost:8000",
    ),
    Variable("LAUREA_ALLOWED_HOSTS", "Further host names that are answered, separated by commas."),
    Variable(
        "LAUREA_DATABASE_URL",
        "postgresql://user:password@host:5432/name, or sqlite:///path.",
        "laurea.sqlite3 in the data folder",
        secret=True,
    ),
    Variable(
        "LAUREA_STORAGE_URL",
        "file:///path, or s3://bucket/prefix?endpoint=https://…&region=… for private files.",
        "files in the data folder",
    ),
    Variable("LAUREA_S3_ACCESS_KEY", "The access key of the S3 storage.", secret=True),
    Variable("LAUREA_S3_SECRET_KEY", "The secret key of the S3 storage.", secret=True),
    Variable(
        "LAUREA_MAIL_URL",
        "smtp://user:password@host:587?tls=starttls (or tls=tls, tls=none), folder:///path, or a provider as "
        "postmark://token, mailgun://key@domain, sendgrid://key, ses://region, brevo://key, mailjet://key:secret.",
        "mail in the data folder",
        secret=True,
    ),
    Variable("LAUREA_MAIL_FROM", "The sender of all mail, such as Academy <badges@example.com>.", "laurea@localhost"),
    Variable(
        "LAUREA_SECRET_KEY", "Signs sessions and links to files.", "secrets/secret-key in the data folder", secret=True
    ),
    Variable(
        "LAUREA_KEY_ENCRYPTION_KEY",
        "Encrypts the issuers' signing keys in the database. Several, separated by commas: the first one encrypts.",
        "secrets/key-encryption-key in the data folder",
        secret=True,
    ),
    Variable(
        "LAUREA_PKCS11_MODULE",
        "The PKCS#11 library of a hardware module (HSM) for signing keys, such as /usr/lib/softhsm/libsofthsm2.so.",
    ),
    Variable("LAUREA_PKCS11_TOKEN", "The name (label) of the token in the module.", "laurea"),
    Variable("LAUREA_PKCS11_PIN", "The PIN of the token's user.", secret=True),
    Variable(
        "LAUREA_LOG_WITNESSES",
        "Who is told the checkpoint of the audit log and keeps it: mailto:somebody@elsewhere.example or https://…, "
        "separated by commas.",
    ),
    Variable("LAUREA_LOG_WITNESS_HOURS", "How many hours lie between two checkpoints that witnesses are told.", "24"),
    Variable("LAUREA_TRUSTED_PROXIES", "How many reverse proxies stand in front and set X-Forwarded-For.", "0"),
    Variable("LAUREA_LANGUAGE", "The language where a person has chosen none: en or de.", "en"),
    Variable("LAUREA_TIME_ZONE", "The time zone of dates without one, such as Europe/Berlin.", "UTC"),
    Variable("LAUREA_LOG_LEVEL", "debug, info, warning or error.", "info"),
    Variable("LAUREA_DEBUG", "yes shows errors in the browser: never on a server that others reach.", "no"),
)

_BY_NAME = {variable.name: variable for variable in VARIABLES}


class Environment:
    """The variables as given; `problems` collects what is wrong with them."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self.problems: list[str] = []
        for name in given:
            plain = name.removesuffix("_FILE")
            if name.startswith("LAUREA_") and plain not in _BY_NAME and plain not in _OF_THE_COMMAND_LINE:
                self.problems.append(f"{name} is no setting of Laurea; see docs/reference/settings.md")

    def text(self, name: str) -> str:
        """The value, from the variable or, for a secret, from the file that ``NAME_FILE`` names; else ``""``."""
        variable = _BY_NAME[name]
        value = self._given.get(name, "").strip()
        file = self._given.get(f"{name}_FILE", "").strip()
        if not file:
            return value
        if not variable.secret:
            self.problems.append(f"{name}_FILE is given, but {name} is no secret: set {name} itself")
            return value
        if value:
            self.problems.append(f"{name} and {name}_FILE are both given: set one of them")
            return value
        return self.file(Path(file), f"{name}_FILE")

    def file(self, path: Path, name: str) -> str:
        """The stripped text of a file that `name` points to."""
        try:
            return path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
            self.problems.append(f"{name}: {path} cannot be read: {reason}")
            return ""

    def flag(self, name: str) -> bool:
        """yes or no."""
        value = self.choice(name, ("no", "yes"))
        return value == "yes"

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """One of `allowed`; the variable's default where nothing is given."""
        value = self.text(name).lower() or _BY_NAME[name].default
        if value not in allowed:
            self.problems.append(f"{name} is “{value}”; it must be one of: {', '.join(allowed)}")
            return allowed[0]
        return value

    def number(self, name: str, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        value = self.text(name) or _BY_NAME[name].default
        if not value.isdecimal() or not least <= int(value) <= most:
            self.problems.append(f"{name} is “{value}”; it must be a whole number from {least} to {most}")
            return least
        return int(value)

    def names(self, name: str) -> list[str]:
        """Values separated by commas."""
        return [value.strip() for value in self.text(name).split(",") if value.strip()]

    def url(self, name: str, schemes: tuple[str, ...], default: str) -> SplitResult:
        """An address with one of `schemes`. A value is never repeated in a message: it may hold a password."""
        value = self.text(name) or default
        try:
            parts = urlsplit(value)
            _ = parts.port
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in schemes:
            listed = ", ".join(f"{scheme}://" for scheme in schemes)
            self.problems.append(f"{name} must begin with one of: {listed}")
            return urlsplit(default)
        return parts

    def refuse(self, problem: str) -> None:
        """Note what is wrong beyond a single value."""
        self.problems.append(problem)

    def finish(self) -> None:
        """Raise `SettingsError` (``settings.wrong``) when anything was wrong."""
        if self.problems:
            raise SettingsError(
                "settings.wrong",
                "The environment holds settings that cannot be used:\n  - " + "\n  - ".join(self.problems),
                "Each setting is described in docs/reference/settings.md",
            )


_OF_THE_COMMAND_LINE = ("LAUREA_KEY", "LAUREA_KEY_PASSPHRASE")


def query(parts: SplitResult) -> dict[str, str]:
    """The options behind the question mark of an address."""
    return dict(parse_qsl(parts.query))


def user(parts: SplitResult) -> tuple[str, str]:
    """User and password of an address, decoded."""
    return unquote(parts.username or ""), unquote(parts.password or "")
