"""The database that an address means."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote

from laurea.config.env import Environment, query, user

SCHEMES = ("sqlite", "postgresql", "postgres")

# Readers never wait for the writer (WAL), a transaction takes its turn to write when it begins (IMMEDIATE) and waits up
# to 20 s for it; a power cut may lose the last moments, never the consistency (synchronous NORMAL).
_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
    "PRAGMA cache_size=-64000;PRAGMA mmap_size=268435456;PRAGMA temp_store=MEMORY;",
}


def database(env: Environment, url: SplitResult, data: Path) -> dict[str, Any]:
    """Django's settings of the database at `url`; without an address, SQLite in the data folder."""
    if url.scheme != "sqlite":
        name, password = user(url)
        if not url.hostname and "host" not in query(url):
            env.refuse("LAUREA_DATABASE_URL names no host: postgresql://user:password@host:5432/name")
        if not url.path.strip("/"):
            env.refuse("LAUREA_DATABASE_URL names no database: postgresql://user:password@host:5432/name")
        options = query(url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.strip("/")),
            "USER": name,
            "PASSWORD": password,
            "HOST": options.pop("host", url.hostname or ""),
            "PORT": str(url.port or ""),
            "OPTIONS": options,
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    path = Path(unquote(url.path)) if url.path.strip("/") else data / "laurea.sqlite3"
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": _SQLITE, "CONN_MAX_AGE": None}
