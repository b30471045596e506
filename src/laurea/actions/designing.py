"""Designs of an issuer: made from a packaged one, changed in versions that stay as they are, put away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from laurea.actions import appearances, auditing, differing
from laurea.actions.auditing import Act
from laurea.credentials.document import JSON
from laurea.credentials.errors import LaureaError
from laurea.records.models import Account, Design, DesignVersion, Issuer
from laurea.rendering import fonts
from laurea.rendering.certificate import MAX_SIGNATORIES, CertificateRenderer
from laurea.rendering.design import ELEMENTS, ORIENTATIONS, PAPERS
from laurea.rendering.palette import Colours
from laurea.rendering.texts import texts

LANGUAGES = ("en", "de")
"""The languages that a design's texts can be changed in: those that certificates are packaged with."""

_FACTS = ("holder", "achievement", "issuer", "awarded", "expires", "code", "kind")
PLACEHOLDERS: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(fact for fact in _FACTS if fact != "kind"),
    "awarded_to": _FACTS,
    "for": _FACTS,
    "for_completing": _FACTS,
    "issued": _FACTS,
    "expires": _FACTS,
    "skills": _FACTS,
    "check": (*_FACTS, "address"),
    "check_offline": _FACTS,
    "date": ("day", "month", "year"),
}
"""The texts that an issuer can change, and what each may name in braces."""

LONGEST_NAME = 120
LONGEST_TEXT = 200
_LONGEST_SIGNATORY = 60

_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")


class DesignError(LaureaError):
    """A design cannot be as somebody wants it; `field` says where the mistake is, such as ``texts.en.for``."""

    def __init__(self, field: str, code: str, message: str, hint: str = "") -> None:
        super().__init__(code, message, hint)
        self.field = field


def create(
    issuer: Issuer, name: str, base: str, adjustments: Mapping[str, Any], *, now: datetime, actor: Account | None
) -> Design:
    """A new design with its first version. Raises `LaureaError` for choices that cannot be drawn."""
    kept = _checked(issuer, name, base, adjustments)
    with transaction.atomic():
        design = Design.objects.create(issuer=issuer, name=name.strip(), created=now)
        DesignVersion.objects.create(
            design=design, number=1, base=base, adjustments=kept, created=now, created_by=actor
        )
        _note("design.made", design, {"base": base}, now, actor)
    return design


def save(
    design: Design,
    name: str,
    base: str,
    adjustments: Mapping[str, Any],
    *,
    now: datetime,
    actor: Account | None,
) -> DesignVersion:
    """The design as it is called and looks from now on: a new version, or the newest one where the look is the same.

    Certificates that were issued keep theirs. Raises `LaureaError`.
    """
    kept = _checked(design.issuer, name, base, adjustments)
    with transaction.atomic():
        held = Design.objects.select_for_update().get(pk=design.pk)
        before: dict[str, JSON] = {"name": held.name}
        if held.name != name.strip():
            design.name = held.name = name.strip()
            held.save(update_fields=["name"])
        newest = latest(design)
        changes = differing.between(before | {"base": newest.base}, {"name": held.name, "base": base})
        if (newest.base, newest.adjustments) == (base, kept):
            if changes:
                _note("design.changed", design, {"changes": changes}, now, actor)
            return newest
        version = DesignVersion.objects.create(
            design=design, number=newest.number + 1, base=base, adjustments=kept, created=now, created_by=actor
        )
        # What exactly looks different is told by the versions themselves, which stay.
        parts = sorted(differing.between(newest.adjustments, kept).keys() | (newest.adjustments.keys() - kept.keys()))
        facts: dict[str, JSON] = {"changes": changes, "parts": [*parts], "version": version.number}
        _note("design.changed", design, facts, now, actor)
        return version


def go_back(version: DesignVersion, *, now: datetime, actor: Account | None) -> DesignVersion:
    """Look as in an older version again, by a new one, in the issuer's colours of now: no history is lost."""
    design = version.design
    return save(design, design.name, version.base, version.adjustments, now=now, actor=actor)


def follow(issuer: Issuer, *, now: datetime, actor: Account | None) -> list[DesignVersion]:
    """Bring designs up to the issuer's colours and logo of now, by a new version of each that would look different.

    To be called when the issuer's profile has changed: versions keep the colours and the logo that they were made with.
    """
    made = []
    for design in issuer.designs.filter(archived=None):
        newest = latest(design)
        version = save(design, design.name, newest.base, newest.adjustments, now=now, actor=actor)
        if version.pk != newest.pk:
            made.append(version)
    return made


def latest(design: Design) -> DesignVersion:
    """The version that certificates are issued in from now on."""
    return design.versions.order_by("-number")[0]


def archive(design: Design, *, now: datetime, actor: Account | None) -> None:
    """Offer it no longer. Certificates keep it; `LaureaError` while achievements would be issued in it."""
    used = design.achievements.filter(archived=None).count()
    if used:
        raise LaureaError(
            "design.used",
            f"{used} achievements are issued in this design" if used > 1 else "An achievement is issued in this design",
            "Give them another design first",
        )
    if design.archived is None:
        with transaction.atomic():
            design.archived = now
            design.save(update_fields=["archived"])
            _note("design.archived", design, {}, now, actor)


def restore(design: Design, *, now: datetime, actor: Account | None) -> None:
    """Offer it again."""
    if design.archived is not None:
        with transaction.atomic():
            design.archived = None
            design.save(update_fields=["archived"])
            _note("design.restored", design, {}, now, actor)


def _note(name: str, design: Design, facts: Mapping[str, JSON], now: datetime, actor: Account | None) -> None:
    act = Act(name, "design", str(design.pk), {"name": design.name, **facts})
    auditing.note(act, issuer=design.issuer, now=now, actor=actor)


def problems(name: str, base: str, adjustments: Mapping[str, Any]) -> Iterator[DesignError]:
    """What is wrong with a design as somebody wants it, but for its pictures: at most one for each field."""
    if not name.strip():
        yield DesignError("name", "design.name", "A design needs a name", "Such as House style")
    elif len(name.strip()) > LONGEST_NAME:
        yield DesignError("name", "design.name", f"The name has {len(name)} characters; give at most {LONGEST_NAME}")
    for field in ("primary", "secondary"):
        try:
            Colours(adjustments.get(field) or "#000000")
        except LaureaError as error:
            yield DesignError(field, error.code, error.message, error.hint)
    for language, said in (adjustments.get("texts") or {}).items():
        yield from _texts(language, said)
    yield from _signatories(adjustments.get("signatories") or [])


def _texts(language: str, said: Mapping[str, str]) -> Iterator[DesignError]:
    if language not in LANGUAGES:
        yield DesignError(
            "texts", "design.language", f"No texts can be kept in “{language}”", f"Possible: {', '.join(LANGUAGES)}"
        )
        return
    for key, text in said.items():
        field = f"texts.{language}.{key}"
        if key not in PLACEHOLDERS:
            yield DesignError(field, "rendering.text-unknown", f"No certificate says a text called “{key}”")
            continue
        known = PLACEHOLDERS[key]
        wrong = next((found for found in _BRACES.finditer(text) if found[1] not in known), None)
        if wrong:
            yield DesignError(
                field,
                "design.placeholder",
                f"“{wrong[0]}” stands for nothing here",
                "Possible: " + ", ".join(f"{{{fact}}}" for fact in known),
            )
        elif len(text) > LONGEST_TEXT:
            yield DesignError(
                field, "design.text", f"{len(text)} characters do not fit on a certificate", f"At most {LONGEST_TEXT}"
            )
        else:
            yield from _printable(field, text)


def _signatories(people: list[Mapping[str, Any]]) -> Iterator[DesignError]:
    if len(people) > MAX_SIGNATORIES:
        yield DesignError("signatories", "design.signatories", f"At most {MAX_SIGNATORIES} people can sign")
    for number, who in enumerate(people):
        if not who.get("name", "").strip():
            yield DesignError(f"signatories.{number}.name", "design.signatory", "Say who signs")
        for key in ("name", "role"):
            field, text = f"signatories.{number}.{key}", who.get(key, "")
            if len(text) > _LONGEST_SIGNATORY:
                yield DesignError(
                    field,
                    "design.signatory",
                    f"{len(text)} characters do not fit under a signature",
                    f"At most {_LONGEST_SIGNATORY}",
                )
            else:
                yield from _printable(field, text)


def _printable(field: str, text: str) -> Iterator[DesignError]:
    if missing := fonts.missing_characters(text):
        yield DesignError(
            field,
            "rendering.missing-character",
            f"No packaged font can show {', '.join(map(str, missing[:3]))}",
            "Write it with other characters (emoji and control characters cannot be printed)",
        )


def defaults(language: str) -> Mapping[str, str]:
    """What certificates say in `language` where an issuer says nothing else, for the keys of PLACEHOLDERS.

    `kind` depends on what was achieved: the word for an achievement of no special kind.
    """
    packaged = texts(language)
    return {key: packaged.kind("Achievement") if key == "kind" else packaged.messages[key] for key in PLACEHOLDERS}


def _tidy(adjustments: Mapping[str, Any]) -> dict[str, Any]:
    """`adjustments` without what says nothing, so that equal looks are kept as equal records."""
    kept = {key: value for key, value in adjustments.items() if key != "brand"}
    for key in ("texts", "typefaces", "options"):
        kept[key] = {name: value for name, value in (kept.get(key) or {}).items() if value}
    kept["texts"] = {
        language: {key: text for key, text in said.items() if text} for language, said in kept["texts"].items()
    }
    kept["texts"] = {language: said for language, said in kept["texts"].items() if said}
    show = kept.get("show", ELEMENTS)
    kept["show"] = [element for element in ELEMENTS if element in show]
    plain = {"paper": PAPERS[0], "orientation": ORIENTATIONS[0], "show": list(ELEMENTS)}
    return {
        key: value
        for key, value in kept.items()
        if value != plain.get(key) and (value or (key == "show" and value is not None))
    }


def _checked(issuer: Issuer, name: str, base: str, adjustments: Mapping[str, Any]) -> dict[str, Any]:
    """`adjustments` as they are kept, with the issuer's brand of now, once they were seen to work."""
    kept = _tidy(adjustments) | {"brand": appearances.brand(issuer)}
    for problem in problems(name, base, kept):
        raise problem
    for language in LANGUAGES:
        CertificateRenderer(appearances.packaged(base), appearances.appearance(issuer, kept, language=language))
    return kept
