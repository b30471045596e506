"""Where a stranger comes from, and how often one may be wrong: guessing codes must not pay."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

MOST_MISSES = 30
MOST_FILES = 20
SECONDS = 60
"""So many wrong codes, and so many files, are taken from one address in this time, counted by each process."""


def address(request: HttpRequest) -> str:
    """The client's address: the one that the outermost trusted proxy saw. Of an IPv6 address, the network (/64)."""
    seen = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if proxies:
        forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        seen = forwarded[-proxies] if len(forwarded) >= proxies else seen
    try:
        found = ip_address(seen)
    except ValueError:
        return seen[:60]
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
    return str(found)


def missed(request: HttpRequest) -> None:
    """Count a code that leads nowhere."""
    _count("misses", request)


def has_missed_too_often(request: HttpRequest) -> bool:
    """Whether no further code is taken from this address for the moment."""
    return int(caches["process"].get(_key("misses", request), 0)) >= MOST_MISSES


def asks_too_often(request: HttpRequest) -> bool:
    """Count a file that is handed over; whether it is one too many."""
    return _count("files", request) > MOST_FILES


def _count(what: str, request: HttpRequest) -> int:
    counters, key = caches["process"], _key(what, request)
    counters.add(key, 0, SECONDS)
    try:
        return int(counters.incr(key))
    except ValueError:  # it ran out between the two
        counters.set(key, 1, SECONDS)
        return 1


def _key(what: str, request: HttpRequest) -> str:
    return f"{what}:{address(request)}"
