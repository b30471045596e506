"""What a certificate states, read from the signed document and from nowhere else (Open Badges 3.0, appendix B)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from laurea.credentials.errors import RenderingError

_MAX_DESCRIPTION = 240
_MAX_SKILLS = 8


@dataclass(frozen=True, slots=True)
class Statement:
    """Who earned what from whom and when; texts in Unicode's composed form (NFC), blanks collapsed.

    `kind` is the achievementType; the dates are those of the document's own time zone; `description` is cut at a word
    so that it fits a certificate; `skills` are the names of alignments, or else tags.
    """

    holder: str
    achievement: str
    kind: str
    issuer: str
    awarded: date
    expires: date | None
    description: str
    skills: tuple[str, ...]


def statement(document: Mapping[str, object]) -> Statement:
    """Read a credential's document. Raises RenderingError ``rendering.not-printable`` naming the member that lacks."""
    subject = _object(document, "credentialSubject")
    achievement = _object(subject, "achievement", "/credentialSubject")
    issuer = document.get("issuer")
    issuer_name = _text(issuer, "name") if isinstance(issuer, dict) else ""
    expires = document.get("validUntil")
    holder = _holder(subject)
    title = _text(achievement, "name")
    for value, pointer in (
        (holder, "/credentialSubject/identifier (a name in clear text)"),
        (title, "/credentialSubject/achievement/name"),
        (issuer_name, "/issuer/name"),
    ):
        if not value:
            raise _lacks(pointer)
    return Statement(
        holder=holder,
        achievement=title,
        kind=_text(achievement, "achievementType") or "Achievement",
        issuer=issuer_name,
        awarded=_day(document.get("awardedDate", document.get("validFrom")), "/validFrom"),
        expires=None if expires is None else _day(expires, "/validUntil"),
        description=_shorten(_text(achievement, "description")),
        skills=tuple(dict.fromkeys(_skills(achievement)))[:_MAX_SKILLS],
    )


def _holder(subject: Mapping[str, object]) -> str:
    """The name as an IdentityObject in clear text, else the subject's own `name`."""
    identifiers = subject.get("identifier")
    for identity in identifiers if isinstance(identifiers, list) else [identifiers]:
        if isinstance(identity, dict) and identity.get("identityType") == "name" and identity.get("hashed") is False:
            return _text(identity, "identityHash")
    return _text(subject, "name")


def _skills(achievement: Mapping[str, object]) -> Iterator[str]:
    alignments = achievement.get("alignment")
    named = [
        _text(item, "targetName")
        for item in (alignments if isinstance(alignments, list) else [])
        if isinstance(item, dict)
    ]
    yield from filter(None, named)
    tags = achievement.get("tag")
    if not any(named) and isinstance(tags, list):
        yield from (
            unicodedata.normalize("NFC", " ".join(tag.split())) for tag in tags if isinstance(tag, str) and tag.strip()
        )


def _object(parent: Mapping[str, object], key: str, pointer: str = "") -> Mapping[str, object]:
    value = parent.get(key)
    if not isinstance(value, dict):
        raise _lacks(f"{pointer}/{key}")
    return value


def _text(parent: Mapping[str, object], key: str) -> str:
    value = parent.get(key)
    return unicodedata.normalize("NFC", " ".join(value.split())) if isinstance(value, str) else ""


def _day(value: object, pointer: str) -> date:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else date.fromisoformat("")
    except ValueError:
        raise _lacks(f"{pointer} (a date)") from None


def _shorten(text: str) -> str:
    if len(text) <= _MAX_DESCRIPTION:
        return text
    head = text[:_MAX_DESCRIPTION]
    sentence = max(head.rfind(mark) for mark in (". ", "! ", "? ", "。"))
    if sentence > _MAX_DESCRIPTION // 2:
        return head[: sentence + 1]
    return head[: head.rfind(" ") if " " in head else None].rstrip(" ,;:–-") + " …"


def _lacks(pointer: str) -> RenderingError:
    return RenderingError(
        "rendering.not-printable",
        f"The document lacks {pointer}",
        "A certificate shows what was signed, and this was not",
    )
