"""Designs of an issuer: made from a packaged one, changed in versions that stay as they are, put away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from laurea.actions import appearances
from laurea.credentials.errors import LaureaError
from laurea.records.models import Account, Design, DesignVersion, Issuer
from laurea.rendering.certificate import CertificateRenderer

LANGUAGES = ("en", "de")
"""The languages that a design's texts can be changed in: those that certificates are packaged with."""


def create(
    issuer: Issuer, name: str, base: str, adjustments: Mapping[str, Any], *, now: datetime, actor: Account | None
) -> Design:
    """A new design with its first version. Raises `LaureaError` for choices that cannot be drawn."""
    kept = _checked(issuer, base, adjustments)
    with transaction.atomic():
        design = Design.objects.create(issuer=issuer, name=name.strip(), created=now)
        DesignVersion.objects.create(
            design=design, number=1, base=base, adjustments=kept, created=now, created_by=actor
        )
    return design


def save(
    design: Design, base: str, adjustments: Mapping[str, Any], *, now: datetime, actor: Account | None
) -> DesignVersion:
    """The design as it looks from now on: a new version, or the newest one where nothing changed.

    Certificates that were issued keep theirs. Raises `LaureaError`.
    """
    kept = _checked(design.issuer, base, adjustments)
    with transaction.atomic():
        Design.objects.select_for_update().get(pk=design.pk)
        newest = latest(design)
        if (newest.base, newest.adjustments) == (base, kept):
            return newest
        return DesignVersion.objects.create(
            design=design, number=newest.number + 1, base=base, adjustments=kept, created=now, created_by=actor
        )


def follow(issuer: Issuer, *, now: datetime, actor: Account | None) -> list[DesignVersion]:
    """Bring designs up to the issuer's colours and logo of now, by a new version of each that would look different.

    To be called when the issuer's profile has changed: versions keep the colours and the logo that they were made with.
    """
    made = []
    for design in issuer.designs.filter(archived=None):
        newest = latest(design)
        version = save(design, newest.base, newest.adjustments, now=now, actor=actor)
        if version.pk != newest.pk:
            made.append(version)
    return made


def latest(design: Design) -> DesignVersion:
    """The version that certificates are issued in from now on."""
    return design.versions.order_by("-number")[0]


def _checked(issuer: Issuer, base: str, adjustments: Mapping[str, Any]) -> dict[str, Any]:
    """`adjustments` as they are kept, with the issuer's brand of now, once they were seen to work."""
    kept = {key: value for key, value in adjustments.items() if key != "brand"} | {"brand": appearances.brand(issuer)}
    texts = kept.get("texts") or {}
    if set(texts) - set(LANGUAGES):
        raise LaureaError(
            "design.language", "Texts are changed by language", f"Possible languages: {', '.join(LANGUAGES)}"
        )
    for language in LANGUAGES:
        CertificateRenderer(appearances.packaged(base), appearances.appearance(issuer, kept, language=language))
    return kept
