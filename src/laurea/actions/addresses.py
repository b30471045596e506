"""The public addresses of things: what is signed, printed and shared. None of them may ever change its meaning."""

from __future__ import annotations

from django.conf import settings

from laurea.credentials import keys
from laurea.records.models import Achievement, Issuer, Key, StatusList


def base() -> str:
    """The address of this installation, without a slash at the end."""
    return str(settings.LAUREA_PUBLIC_URL)


def lasting() -> bool:
    """Whether the address is one that signed documents may name: https, reachable by whoever verifies."""
    return base().startswith("https://")


def credential(code: str) -> str:
    """The public page of a credential."""
    return f"{base()}/c/{code}"


def issuer(issuer: Issuer) -> str:
    """The public page of an issuer."""
    return f"{base()}/issuers/{issuer.slug}"


def achievement_page(achievement: Achievement) -> str:
    """The public page of an achievement."""
    return f"{base()}/achievements/{achievement.uid}"


def achievement(achievement: Achievement) -> str:
    """The lasting identifier of an achievement: its address, or on an installation without one its UUID."""
    return achievement_page(achievement) if lasting() else f"urn:uuid:{achievement.uid}"


def status_list(status_list: StatusList) -> str:
    """Where the list's newest edition is published."""
    return status_list_of(status_list.issuer, status_list)


def status_list_of(issuer: Issuer, status_list: StatusList) -> str:
    """`status_list`, for whoever has the issuer at hand already."""
    return f"{base()}/issuers/{issuer.slug}/status/{status_list.name}"


def did(issuer: Issuer, key: Key) -> str:
    """The issuer's identifier: did:web of its address where that lasts, else the did:key of `key`."""
    if not lasting():
        return f"did:key:{key.multikey}"
    return keys.did_web(base().removeprefix("https://"), f"issuers/{issuer.slug}")
