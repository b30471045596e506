"""Callers: where a request that needs no account comes from, and how often one may ask.

Counted by each process for itself, in memory: a limit that costs nothing, for what would cost others something.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

MOST_MISSES = 30
SECONDS = 60
"""So many codes that lead nowhere are looked up for one address in this time: guessing must not pay."""


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


def counted(what: str, request: HttpRequest) -> int:
    """How often the caller did `what` in the time that runs."""
    return int(caches["process"].get(_key(what, request), 0))


def count(what: str, request: HttpRequest, *, seconds: int, more: int = 1) -> int:
    """Count it, `more` times; how often it was, in `seconds` from the first time."""
    counters, key = caches["process"], _key(what, request)
    counters.add(key, 0, seconds)
    try:
        return int(counters.incr(key, more))
    except ValueError:  # it ran out between the two
        counters.set(key, more, seconds)
        return more


def _key(what: str, request: HttpRequest) -> str:
    return f"{what}:{address(request)}"
