"""The badge of an achievement: drawn from the choices in its file, or the issuer's own picture."""

from __future__ import annotations

from dataclasses import dataclass

from laurea.actions.achievements import AchievementFile
from laurea.rendering import badge
from laurea.rendering.badge import BadgeArt, OwnArt, alternative_text, level_of
from laurea.rendering.picture import Picture


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge as every holder gets it, before a credential is baked into it; `alt` says in words what it shows."""

    png: bytes
    svg: bytes
    alt: str = ""

    def picture(self) -> Picture:
        """The badge as a certificate shows it."""
        return Picture(self.svg, self.alt)


def badge_of(achievement: AchievementFile) -> Badge:
    """The badge. Raises `RenderingError` for choices that cannot be drawn."""
    return drawn(art_of(achievement))


def drawn(art: BadgeArt | OwnArt) -> Badge:
    """The badge that `art` describes. Raises `RenderingError` for what cannot be drawn."""
    return Badge(badge.png(art), badge.svg(art), alternative_text(art) if isinstance(art, BadgeArt) else art.alt)


def art_of(achievement: AchievementFile) -> BadgeArt | OwnArt:
    """What the badge is drawn from."""
    details = achievement.badge
    if details.image is not None:
        return details.image
    return BadgeArt(
        shape=details.shape or "hexagon",
        level=level_of(details.level or 1),
        icon=details.icon,
        monogram=details.monogram,
        colours=details.colours,
        title=details.title or "",
        issuer=details.issuer or "",
        language=achievement.language,
    )
