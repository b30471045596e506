"""The parts of the settings, as tabs."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from laurea.web.console.access import StaffRequest


def tabs(request: StaffRequest, active: str) -> list[dict[str, object]]:
    """Each with its address; `active` is the name of the one that is shown."""
    slug = request.member.issuer.slug
    parts = (
        ("settings", _("Profile"), "building"),
        ("settings-members", _("Members"), "users-group"),
        ("settings-keys", _("Keys and address"), "key"),
        ("settings-trust", _("Trusted issuers"), "rosette-discount-check"),
        ("settings-installation", _("Installation"), "server"),
    )
    return [
        {"label": label, "url": reverse(f"console:{name}", args=[slug]), "symbol": symbol, "active": name == active}
        for name, label, symbol in parts
    ]
