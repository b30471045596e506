"""Samples: what a certificate will look like before anybody has earned it. Unsigned, and never stored.

Only pictures that need nobody's choices to be typed anew (the packaged designs, versions of a design) are remembered,
in memory and for this process alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.core.cache import caches

from laurea import __version__
from laurea.actions import addresses, appearances, issuing
from laurea.actions.achievements import Period
from laurea.actions.issuing import Order, Terms
from laurea.credentials.code import RANDOM_BYTES, new_code
from laurea.credentials.document import Document, serialise
from laurea.credentials.vocabulary import Achievement as AchievementPart
from laurea.credentials.vocabulary import Alignment, Criteria, Profile
from laurea.records.models import Achievement, DesignVersion, Issuer
from laurea.rendering import badge
from laurea.rendering.badge import BadgeArt
from laurea.rendering.certificate import Appearance, CertificateRenderer
from laurea.rendering.design import Design
from laurea.rendering.picture import Picture

CODE = new_code(bytes(RANDOM_BYTES))
HOLDERS: Mapping[str, str] = {
    "usual": "Alexandra Winterfeld",
    "short": "Al",
    "long": "Maria del Carmen Fernández-Villaverde y Rodríguez de la Torre",
    "arabic": "محمد عبد الرحمن الشريف",
    "chinese": "王小明",
    "hindi": "अनन्या भट्टाचार्य",
}
"""Names to try a design with: whoever gets its certificates has one of these lengths or scripts."""

_NOBODY = "did:web:sample.invalid"
_WIDTH = 720
_WEEK = 7 * 24 * 3600
_EARNED = {
    "en": (
        "Safe Handling of Personal Data",
        "Recognises personal data and acts within the hour when something goes wrong.",
        ("Data protection", "Incident response"),
        "Data protection",
    ),
    "de": (
        "Sicherer Umgang mit personenbezogenen Daten",
        "Erkennt personenbezogene Daten und handelt binnen einer Stunde, wenn etwas schiefgeht.",
        ("Datenschutz", "Umgang mit Vorfällen"),
        "Datenschutz",
    ),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A certificate to draw: a design in a look, and the unsigned document of somebody's credential."""

    design: Design
    look: Appearance
    document: Document

    def drawing(self) -> bytes:
        """As SVG."""
        return self._renderer().drawing(self.document, code=CODE, address=_address())

    def picture(self, width: int) -> bytes:
        """As PNG, `width` pixels wide."""
        return self._renderer().picture(self.document, code=CODE, address=_address(), width=width)

    def pdf(self, now: datetime) -> bytes:
        """As PDF, with the unsigned document attached, which nobody can take for a credential."""
        return self._renderer().pdf(
            self.document,
            credential_text=serialise(self.document).encode(),
            code=CODE,
            address=_address(),
            made=now.astimezone(UTC).replace(microsecond=0),
        )

    def _renderer(self) -> CertificateRenderer:
        return CertificateRenderer(self.design, self.look)


def of_design(
    issuer: Issuer,
    base: str,
    adjustments: Mapping[str, Any],
    *,
    holder: str = HOLDERS["usual"],
    language: str = "en",
    now: datetime,
) -> Sample:
    """A certificate in a design that may not be stored yet, for something that could be earned anywhere.

    Raises `LaureaError` for what cannot be drawn.
    """
    look = appearances.appearance(issuer, adjustments, language=language)
    name, description, skills, title = _EARNED[language]
    art = BadgeArt(shape="shield", level=2, icon="lock", title=title, colours=look.colours, language=language)
    definition = AchievementPart(
        id="urn:uuid:00000000-0000-4000-8000-000000000000",
        name=name,
        description=description,
        criteria=Criteria(narrative=description),
        achievement_type="Course",
        alignment=tuple(Alignment(target_name=skill, target_url="https://sample.invalid/") for skill in skills),
        in_language=language,
    )
    look = replace(look, badge=_badge(art))
    return Sample(appearances.packaged(base), look, _document(issuer, definition, holder, Period(24, "month"), now))


def of_achievement(
    achievement: Achievement, version: DesignVersion, *, holder: str = HOLDERS["usual"], now: datetime
) -> Sample:
    """A certificate of an achievement, stored or not. Raises `LaureaError` for what cannot be drawn."""
    design, look = appearances.design_and_appearance(achievement, version)
    definition = appearances.definition(achievement)
    return Sample(
        design, look, _document(achievement.issuer, definition, holder, Period.read(achievement.validity), now)
    )


def thumbnail(issuer: Issuer, base: str, adjustments: Mapping[str, Any], *, language: str, now: datetime) -> bytes:
    """A design in small, as PNG. Remembered for a week in this process."""
    key = thumbnail_key(issuer, base, adjustments, language)
    known: bytes | None = caches["process"].get(key)
    if known is not None:
        return known
    drawn = of_design(issuer, base, adjustments, language=language, now=now).picture(_WIDTH)
    caches["process"].set(key, drawn, _WEEK)
    return drawn


def thumbnail_key(issuer: Issuer, base: str, adjustments: Mapping[str, Any], language: str) -> str:
    """What stands for all that decides how a thumbnail looks, except the day that is printed on it."""
    said = [__version__, issuer.pk, issuer.name, base, adjustments, language]
    if "brand" not in adjustments:
        said.append(appearances.brand(issuer))
    return "thumbnail-" + hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def _address() -> str | None:
    """Where the QR code of a certificate would lead."""
    return addresses.credential(CODE) if addresses.lasting() else None


@lru_cache(32)
def _badge(art: BadgeArt) -> Picture:
    return Picture(badge.svg(art), badge.alternative_text(art))


def _document(
    issuer: Issuer, definition: AchievementPart, holder: str, validity: Period | None, now: datetime
) -> Document:
    moment = now.astimezone(UTC).replace(microsecond=0)
    terms = Terms(issuer=Profile(id=_NOBODY, name=issuer.name), achievement=definition, valid_from=moment)
    order = Order(
        line=1,
        code=CODE,
        identifier="urn:uuid:00000000-0000-4000-8000-000000000000",
        salt="0" * 32,
        name=holder,
        awarded=moment.date(),
        expires=validity.after(moment.date()) if validity else None,
    )
    return issuing.credential(terms, order).to_document()
