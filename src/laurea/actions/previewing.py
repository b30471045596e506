"""Previews with sample data, unsigned, so that nobody can take one for the real thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from laurea.actions import achievements, confining, issuing, planning, whole_files
from laurea.actions.achievements import AchievementFile, IssuerDetails, Period
from laurea.actions.badges import Badge, art_of, badge_of
from laurea.actions.issuing import Order, Terms
from laurea.credentials.code import RANDOM_BYTES, new_code
from laurea.credentials.document import Document, serialise
from laurea.credentials.errors import RenderingError
from laurea.rendering import social
from laurea.rendering.certificate import Appearance
from laurea.rendering.design import load_design

SAMPLE = AchievementFile(
    name="Sample Achievement",
    description="Shows what a certificate of this design looks like.",
    criteria="None: this is a sample.",
    criteria_url=None,
    issuer=IssuerDetails(name="Your Organisation", url="https://organisation.example"),
    validity=Period(24, "month"),
)
SAMPLE_CODE = new_code(bytes(RANDOM_BYTES))
_NOBODY = "did:web:sample.invalid"
_WIDTH = 1600
_WORDS = {"certificate": "certificate", "badge": "badge", "social": "social picture"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What to draw: the achievement (a sample without one), what to change about it, and a name to print."""

    achievement: Path | None = None
    name: str = "Alexandra Winterfeld"
    design: str | None = None
    paper: str | None = None
    orientation: str | None = None
    language: str | None = None


def preview(wish: Wish, files: Mapping[str, Path], now: datetime) -> None:
    """Write previews: `files` has the path for ``certificate``, ``badge`` and ``social``, whichever is wanted.

    The ending decides: PDF or PNG for a certificate, SVG or PNG for a badge, PNG for a social picture. Raises
    `LaureaError` before anything is written.
    """
    achievement = _achievement(wish)
    badge = badge_of(achievement)
    drawers: dict[tuple[str, str], Callable[[], bytes]] = {
        ("certificate", ".pdf"): lambda: _certificate(wish, achievement, badge, now, picture=False),
        ("certificate", ".png"): lambda: _certificate(wish, achievement, badge, now, picture=True),
        ("badge", ".svg"): lambda: badge.svg,
        ("badge", ".png"): lambda: badge.png,
        ("social", ".png"): lambda: _social(achievement),
    }
    drawn = {}
    for what, path in files.items():
        if (what, path.suffix.lower()) not in drawers:
            possible = " or ".join(ending for of, ending in drawers if of == what)
            raise RenderingError(
                "preview.ending", f"A {_WORDS[what]} cannot be written as {path.name}", f"End it in {possible}"
            )
        drawn[path] = drawers[what, path.suffix.lower()]()
    for path, content in drawn.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        whole_files.write(path, content)


def _achievement(wish: Wish) -> AchievementFile:
    read = achievements.read(wish.achievement) if wish.achievement else SAMPLE
    if wish.language:
        read = achievements.with_language(read, wish.language)
    appearance: Appearance = replace(
        read.appearance,
        paper=wish.paper or read.appearance.paper,
        orientation=wish.orientation or read.appearance.orientation,
    )
    return replace(read, appearance=appearance)


def _social(achievement: AchievementFile) -> bytes:
    german = achievement.language.partition("-")[0] == "de"
    return social.picture(
        art_of(achievement),
        achievement=achievement.name,
        issuer=achievement.issuer.name,
        colours=achievement.appearance.colours,
        language=achievement.language,
        verified="Vorschau" if german else "Preview",
    )


def _certificate(wish: Wish, achievement: AchievementFile, badge: Badge, now: datetime, *, picture: bool) -> bytes:
    design = load_design(planning.design_of(achievement, wish.achievement, wish.design))
    renderer = confining.renderer(design, replace(achievement.appearance, badge=badge.picture()))
    document = _document(wish, achievement, now)
    if picture:
        return renderer.picture(document, code=SAMPLE_CODE, address=None, width=_WIDTH)
    made = now.astimezone(UTC).replace(microsecond=0)
    return renderer.pdf(
        document, credential_text=serialise(document).encode(), code=SAMPLE_CODE, address=None, made=made
    )


def _document(wish: Wish, achievement: AchievementFile, now: datetime) -> Document:
    """The credential that the certificate would be made from, without a proof."""
    moment = now.astimezone(UTC).replace(microsecond=0)
    terms = Terms(
        issuer=issuing.profile(achievement.issuer, _NOBODY),
        achievement=issuing.achievement(achievement, achievement.identifier(_NOBODY, None)),
        valid_from=moment,
    )
    awarded = now.date()
    order = Order(
        line=1,
        code=SAMPLE_CODE,
        identifier="urn:uuid:00000000-0000-4000-8000-000000000000",
        salt="0" * 32,
        name=wish.name,
        awarded=awarded,
        expires=achievement.validity.after(awarded) if achievement.validity else None,
    )
    return issuing.credential(terms, order).to_document()
