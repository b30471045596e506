"""What every template knows."""

from __future__ import annotations

from django.http import HttpRequest

SCHEMES = ("light", "dark")
SCHEME_COOKIE = "laurea_scheme"


def look(request: HttpRequest) -> dict[str, object]:
    """`scheme` (light, dark, or "" for the system's), and in the console `issuer`, `member` and `memberships`."""
    scheme = request.COOKIES.get(SCHEME_COOKIE, "")
    member = getattr(request, "member", None)
    known: dict[str, object] = {"scheme": scheme if scheme in SCHEMES else ""}
    if member is not None:
        known |= {"issuer": member.issuer, "member": member, "memberships": getattr(request, "memberships", [])}
    return known
