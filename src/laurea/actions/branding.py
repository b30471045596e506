"""Branding: what an issuer says about itself and looks like, from now on. What was issued stays as it was signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from laurea.actions import auditing, designing, differing, picturing
from laurea.actions.auditing import Act
from laurea.credentials.document import JSON
from laurea.records.models import Account, Issuer

FIELDS = (
    "name",
    "url",
    "email",
    "description",
    "language",
    "time_zone",
    "primary_colour",
    "secondary_colour",
    "linkedin_organization",
)


@dataclass(frozen=True, slots=True)
class Brand:
    """An issuer's profile as it shall be. `logo`: a picture file to take in, "" to have none, None to keep it."""

    name: str
    url: str
    email: str
    description: str
    language: str
    time_zone: str
    primary_colour: str
    secondary_colour: str
    linkedin_organization: str
    logo: bytes | str | None = None


def change(issuer: Issuer, brand: Brand, *, now: datetime, actor: Account | None) -> None:
    """Change the profile; designs that use the issuer's colours and logo follow. Raises what the logo raises."""
    with transaction.atomic():
        held = Issuer.objects.select_for_update(no_key=True).get(pk=issuer.pk)
        before = _said(held)
        for field in FIELDS:
            setattr(held, field, getattr(brand, field))
        if isinstance(brand.logo, bytes):
            held.logo = picturing.take_in(held, brand.logo, held.name, now=now)
        elif brand.logo is not None:
            held.logo = None
        held.save(update_fields=[*FIELDS, "logo"])
        changes = differing.between(before, _said(held))
        if changes:
            act = Act("issuer.changed", "issuer", str(held.pk), {"changes": changes})
            auditing.note(act, issuer=held, now=now, actor=actor)
        designing.follow(held, now=now, actor=actor)
    issuer.refresh_from_db()


def _said(issuer: Issuer) -> dict[str, JSON]:
    """The profile as entries of the log tell it: of a logo, which file it is."""
    return {field: getattr(issuer, field) for field in FIELDS} | {"logo": issuer.logo.sha256 if issuer.logo else ""}
