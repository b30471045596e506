"""The badge of an achievement: drawn from the choices in its file, or the issuer's own picture."""

from __future__ import annotations

from dataclasses import dataclass

from laurea.actions.achievements import AchievementFile
from laurea.rendering import badge
from laurea.rendering.badge import BadgeArt, alternative_text, level_of
from laurea.rendering.picture import Picture


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge as every holder gets it, before a credential is baked into it; `alt` is empty for an own picture."""

    png: bytes
    svg: bytes
    alt: str = ""

    def picture(self) -> Picture:
        """The badge as a certificate shows it."""
        return Picture(self.svg, self.alt)


def badge_of(achievement: AchievementFile) -> Badge:
    """The badge. Raises `RenderingError` for choices that cannot be drawn."""
    details = achievement.badge
    if details.image is not None:
        return Badge(badge.png(details.image), badge.svg(details.image), details.image.alt)
    art = BadgeArt(
        shape=details.shape or "hexagon",
        level=level_of(details.level or 1),
        icon=details.icon,
        monogram=details.monogram,
        colours=details.colours,
        title=details.title or "",
        language=achievement.language,
    )
    return Badge(badge.png(art), badge.svg(art), alternative_text(art))
