"""From records to what the pure floors take: the look of certificates, the badge, what credentials name.

Everything here reads; nothing is stored. Pictures come from the storage once a process: their names stand for their
content, so that what is remembered never grows stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from laurea.actions import addresses, badges, issuer_keys, storing
from laurea.actions.achievements import slug
from laurea.actions.badges import Badge
from laurea.credentials.errors import LaureaError
from laurea.credentials.vocabulary import Achievement as AchievementPart
from laurea.credentials.vocabulary import Alignment, Criteria, Image, Profile
from laurea.records.models import Achievement, DesignVersion, Issuer
from laurea.records.models import Picture as PictureRecord
from laurea.rendering.badge import BadgeArt, OwnArt, own_art
from laurea.rendering.certificate import Appearance, Signatory
from laurea.rendering.design import ELEMENTS, ORIENTATIONS, PAPERS, Design, load_design
from laurea.rendering.palette import Colours
from laurea.rendering.picture import Picture

_PICTURES = 64
_BADGES = 128
_LOOKS = 32


def design_and_appearance(
    achievement: Achievement, version: DesignVersion, *, language: str = ""
) -> tuple[Design, Appearance]:
    """The design and the look of the achievement's certificates in a version, in `language` or the achievement's own.

    Raises `LaureaError` for choices that cannot be drawn, a picture that is gone, a design that is no longer packaged.
    """
    look = appearance(
        achievement.issuer,
        version.adjustments,
        language=language or achievement.language,
        badge=badge(achievement).picture(),
    )
    return packaged(version.base), look


def appearance(
    issuer: Issuer, adjustments: Mapping[str, Any], *, language: str, badge: Picture | None = None
) -> Appearance:
    """The look that `adjustments` (see `DesignVersion`) make of a design, stored or not. Raises `LaureaError`."""
    signatories = adjustments.get("signatories") or []
    worn = adjustments.get("brand") or brand(issuer)
    logo = adjustments.get("logo") or worn["logo"]
    wanted = [logo, *(who.get("picture") for who in signatories)]
    pictures = _pictures(issuer, (number for number in wanted if number))
    texts = adjustments.get("texts") or {}
    return Appearance(
        logo=_picture(pictures[logo]) if logo else None,
        colours=_colours(adjustments, worn),
        signatories=tuple(
            Signatory(
                name=who["name"],
                role=who.get("role", ""),
                signature=_picture(pictures[who["picture"]]) if who.get("picture") else None,
            )
            for who in signatories
        ),
        badge=badge,
        paper=adjustments.get("paper") or PAPERS[0],
        orientation=adjustments.get("orientation") or ORIENTATIONS[0],
        language=language,
        messages=_said(texts.get(language) or texts.get(language.partition("-")[0])),
        show=frozenset(adjustments["show"]) if "show" in adjustments else frozenset(ELEMENTS),
        options=_said(adjustments.get("options")),
        typefaces=_said(adjustments.get("typefaces")),
    )


def brand(issuer: Issuer) -> dict[str, Any]:
    """What designs take from the issuer where they choose nothing of their own. Versions keep it as it was."""
    return {"primary": issuer.primary_colour, "secondary": issuer.secondary_colour, "logo": issuer.logo_id}


def badge(achievement: Achievement) -> Badge:
    """The badge as PNG and SVG, with words for it. Raises `LaureaError`."""
    return drawn(badge_art(achievement))


def badge_art(achievement: Achievement) -> BadgeArt | OwnArt:
    """What the badge is drawn from: the issuer's own picture, or choices. Raises `LaureaError`."""
    if achievement.badge_picture:
        return own_picture(achievement.badge_picture)
    return art(achievement.badge, achievement.issuer, level=achievement.level, language=achievement.language)


def art(choices: Mapping[str, Any], issuer: Issuer, *, level: int, language: str) -> BadgeArt:
    """The badge that Laurea draws from `choices` (see `Achievement.badge`), stored or not. Raises `LaureaError`."""
    return BadgeArt(
        shape=choices.get("shape") or "hexagon",
        level=level,
        icon=choices.get("icon") or None,
        monogram=choices.get("monogram") or None,
        colours=_colours(choices, brand(issuer)),
        title=choices.get("title") or "",
        issuer=choices.get("issuer") or "",
        language=language,
    )


def own_picture(picture: PictureRecord) -> OwnArt:
    """A stored picture as a badge."""
    return _own_art(picture.name, picture.alt)


@lru_cache(_BADGES)
def drawn(art: BadgeArt | OwnArt) -> Badge:
    """The badge that `art` describes. Remembered: the same art gives the same bytes."""
    return badges.drawn(art)


def definition(achievement: Achievement) -> AchievementPart:
    """The achievement as its credentials name it, under its lasting address."""
    identifier = addresses.achievement(achievement)
    picture = f"{identifier}/badge.png" if addresses.lasting() else None
    return AchievementPart(
        id=identifier,
        name=achievement.name,
        description=achievement.description,
        criteria=Criteria(id=achievement.criteria_url or None, narrative=achievement.criteria or None),
        achievement_type=achievement.kind,
        alignment=tuple(_alignment(skill, addresses.achievement_page(achievement)) for skill in achievement.skills),
        credits_available=achievement.credits,
        field_of_study=achievement.field_of_study or None,
        image=Image(id=picture) if picture else None,
        in_language=achievement.language,
        tag=tuple(achievement.tags),
        version=achievement.version or None,
    )


def profile(issuer: Issuer) -> Profile:
    """The issuer as the credentials that it signs now name it. `KeyMaterialError` when it has no key."""
    return Profile(
        id=issuer_keys.did(issuer),
        name=issuer.name,
        url=issuer.url or None,
        email=issuer.email or None,
        description=issuer.description or None,
    )


@lru_cache(_LOOKS)
def packaged(name: str) -> Design:
    """A packaged design. Its folder is read and checked once a process."""
    return load_design(name)


def _alignment(skill: Mapping[str, str], page: str) -> Alignment:
    """A skill as a node of its framework; one of no framework is at home on the page of the achievement."""
    return Alignment(
        target_name=skill["name"],
        target_url=skill.get("url") or f"{page}#{slug(skill['name']) or 'skill'}",
        target_code=skill.get("code") or None,
        target_description=skill.get("description") or None,
        target_framework=skill.get("framework") or None,
        target_type=skill.get("type") or None,
    )


def _colours(choices: Mapping[str, Any], brand: Mapping[str, Any]) -> Colours:
    """The colours chosen, else the issuer's; the second of the issuer's goes with its first only."""
    if choices.get("primary"):
        return Colours(choices["primary"], choices.get("secondary") or None)
    return Colours(brand["primary"], choices.get("secondary") or brand["secondary"] or None)


def _said(choices: Mapping[str, str] | None) -> dict[str, str]:
    """Choices without those that are left open."""
    return {key: value for key, value in (choices or {}).items() if value}


def _pictures(issuer: Issuer, wanted: Iterable[int]) -> dict[int, PictureRecord]:
    numbers = set(wanted)
    found = issuer.pictures.in_bulk(numbers) if numbers else {}
    if numbers - set(found):
        raise LaureaError(
            "appearance.picture-absent", "A picture that the design names is not there", "Choose another picture"
        )
    return found


def _picture(record: PictureRecord) -> Picture:
    return _loaded(record.name, record.alt)


@lru_cache(_PICTURES)
def _loaded(name: str, alt: str) -> Picture:
    return Picture(storing.get(name), alt)


@lru_cache(_PICTURES)
def _own_art(name: str, alt: str) -> OwnArt:
    return own_art(storing.get(name), alt)
