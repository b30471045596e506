"""A report in plain words: what a page says of a credential, read from the signed document and from nowhere else.

Documents of other issuers are shown as well, so nothing is taken for granted: what a member holds is read if it is what
it should be, cleaned of what would reorder or hide text, and left out otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import VocabularyError
from laurea.credentials.moments import parse_moment
from laurea.credentials.receipt import REPLACED
from laurea.credentials.verification import Check, Outcome, Report, Verdict, messages
from laurea.credentials.verification.report import printable
from laurea.credentials.vocabulary import holder_name, older
from laurea.rendering.texts import texts
from laurea.web.public import verdicts

_LONGEST_TEXT = 10_000
_MOST_ITEMS = 40
_SAYS_NOTHING = ("recipient.not-asked",)
_SYMBOLS = {
    Verdict.GENUINE: ("good", "shield-check"),
    Verdict.ISSUER_UNKNOWN: ("unsure", "shield-question"),
    Verdict.CANNOT_TELL: ("unsure", "help-circle"),
    Verdict.NOT_YET_VALID: ("unsure", "calendar-time"),
    Verdict.EXPIRED: ("over", "calendar-off"),
    Verdict.OTHER_HOLDER: ("bad", "user-x"),
    Verdict.REVOKED: ("bad", "ban"),
    Verdict.ALTERED: ("bad", "alert-octagon"),
    Verdict.MALFORMED: ("bad", "shield-x"),
}
_OUTCOMES = {
    Outcome.PASSED: ("good", "check"),
    Outcome.FAILED: ("bad", "x"),
    Outcome.UNKNOWN: ("unsure", "help-circle"),
    Outcome.NOT_APPLICABLE: ("aside", "minus"),
}


@dataclass(frozen=True, slots=True)
class Band:
    """The verdict: how it looks (`tone` good, unsure, over, bad; `symbol`), in one word, in one sentence."""

    state: str
    tone: str
    symbol: str
    word: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Line:
    """One check: what it found in a line, and what opens below it."""

    tone: str
    symbol: str
    outcome: str
    said: str
    more: str
    detail: str
    check: str


@dataclass(frozen=True, slots=True)
class Link:
    """A name with an address, which is empty where there is none that leads to a web page, and more about it."""

    name: str
    url: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a document states. Texts are empty, days None, where it does not."""

    holder: str
    achievement: str
    achievement_id: str
    kind: str
    issuer: str
    issuer_id: str
    issuer_url: str
    awarded: date | None
    signed: date | None
    expires: date | None
    description: str
    criteria: str
    criteria_url: str
    skills: tuple[Link, ...]
    tags: tuple[str, ...]
    evidence: tuple[Link, ...]
    result: str
    credits: str
    field_of_study: str
    identifier: str


def language() -> str:
    """The language of the page as reports know it."""
    return (get_language() or messages.DEFAULT_LANGUAGE).partition("-")[0]


def day(value: date | None) -> str:
    """A day written out: ``23 November 2026``, ``23. November 2026``."""
    return date_format(value, "j. F Y" if language() == "de" else "j F Y") if value is not None else ""


def days(told: Told, *, revoked: date | None = None) -> dict[str, str]:
    """The days of a credential written out, by name: awarded, signed, expires, revoked."""
    found = {"awarded": told.awarded, "signed": told.signed, "expires": told.expires, "revoked": revoked}
    return {name: day(value) for name, value in found.items()}


def can_be_shown(report: Report) -> bool:
    """Whether anything that the document states is covered by a signature that was found right."""
    return report.document is not None and report.verdict not in (Verdict.MALFORMED, Verdict.ALTERED)


def band(report: Report, told: Told | None, *, revoked: date | None = None, replaced: date | None = None) -> Band:
    """The verdict of `report` about `told`, what the document states; None where that must not be shown."""
    verdict = report.verdict
    if replaced is not None and revoked is None and told is not None:  # its bit may be set: see `superseding`
        said = gettext("Signed by %(issuer)s, and replaced by a newer edition on %(day)s.")
        return Band(
            REPLACED,
            "over",
            "history",
            gettext("Replaced"),
            said % {"issuer": told.issuer, "day": day(replaced)},
        )
    tone, symbol = _SYMBOLS[verdict]
    if verdicts.state(report) == verdicts.STATUS_UNKNOWN:
        word = gettext("Could not check the status")
        return Band(verdicts.STATUS_UNKNOWN, tone, symbol, word, _status_unknown(told))
    sentence = _sentence(verdict, told, revoked) or messages.verdict(verdict.value, language())
    return Band(verdict.value, tone, symbol, messages.word(verdict.value, language()), sentence)


def unjudged(verdict: Verdict, sentence: str) -> Band:
    """The band over something that could not be judged at all."""
    tone, symbol = _SYMBOLS[verdict]
    return Band(verdict.value, tone, symbol, messages.word(verdict.value, language()), sentence)


def lines(report: Report) -> list[Line]:
    """The checks, in their order. What passed is said by its title, what did not by its sentence."""
    names = {
        Outcome.PASSED: gettext("Passed"),
        Outcome.FAILED: gettext("Failed"),
        Outcome.UNKNOWN: gettext("Could not be found out"),
        Outcome.NOT_APPLICABLE: gettext("Does not apply"),
    }
    told: list[Line] = []
    for check in report.in_language(language()).checks:
        if check.message in _SAYS_NOTHING:
            continue
        tone, symbol = _OUTCOMES[check.outcome]
        passed = check.outcome is Outcome.PASSED
        said, more = (_passed(check), check.sentence) if passed else (check.sentence, _question(check))
        told.append(Line(tone, symbol, names[check.outcome], said, more, check.detail, check.id))
    return told


def told(document: Document) -> Told:
    """What `document` states, in the language of the page where words are Laurea's own."""
    subject = _object(document.get("credentialSubject"))
    achievement = _object(subject.get("achievement"))
    issuer = document.get("issuer")
    profile = _object(issuer)
    criteria = _object(achievement.get("criteria"))
    issuer_id = issuer if isinstance(issuer, str) else _line(profile.get("id"))
    return Told(
        holder=printable(holder_name(document) or _line(subject.get("name")), 300),
        achievement=_line(achievement.get("name")) or _line(document.get("name")),
        achievement_id=_line(achievement.get("id")),
        kind=_kind(_line(achievement.get("achievementType"))),
        issuer=_line(profile.get("name")) or issuer_id,
        issuer_id=issuer_id,
        issuer_url=_web(profile.get("url")),
        awarded=_day(document.get("awardedDate")) or _day(older.beginning(document)),
        signed=_day(older.beginning(document)),
        expires=_day(older.end(document)),
        description=_text(achievement.get("description")),
        criteria=_text(criteria.get("narrative")),
        criteria_url=_web(criteria.get("id")),
        skills=tuple(_skills(achievement)),
        tags=tuple(filter(None, map(_line, _list(achievement.get("tag"))))),
        evidence=tuple(_evidence(document)),
        result=next(filter(None, (_line(_object(item).get("value")) for item in _list(subject.get("result")))), ""),
        credits=_number(subject.get("creditsEarned", achievement.get("creditsAvailable"))),
        field_of_study=_line(achievement.get("fieldOfStudy")),
        identifier=_line(document.get("id")),
    )


def _sentence(verdict: Verdict, told: Told | None, revoked: date | None) -> str:
    """The verdict with names and days, where the document may be quoted."""
    if told is None or not told.issuer or told.signed is None:
        return ""
    values = {"issuer": told.issuer, "signed": day(told.signed), "until": day(told.expires)}
    if verdict is Verdict.GENUINE:
        return gettext("Signed by %(issuer)s on %(signed)s, not changed since, not revoked.") % values
    if verdict is Verdict.EXPIRED:
        return gettext("Signed by %(issuer)s on %(signed)s. It was valid until %(until)s, and no longer is.") % values
    if verdict is Verdict.NOT_YET_VALID:
        return gettext("Signed by %(issuer)s. It becomes valid on %(signed)s.") % values
    if verdict is Verdict.REVOKED and revoked is not None:
        said = gettext("%(issuer)s signed it on %(signed)s and withdrew it on %(revoked)s. It is no longer valid.")
        return said % {**values, "revoked": day(revoked)}
    if verdict is Verdict.REVOKED:
        return gettext("%(issuer)s signed it on %(signed)s and has withdrawn it since. It is no longer valid.") % values
    return ""


def _status_unknown(told: Told | None) -> str:
    if told is None or not told.issuer or told.signed is None:
        return gettext("It is signed and was not changed. Whether it was withdrawn could not be found out.")
    said = gettext(
        "Signed by %(issuer)s on %(signed)s, and not changed since. Whether it was withdrawn could not be found out."
    )
    return said % {"issuer": told.issuer, "signed": day(told.signed)}


def _passed(check: Check) -> str:
    """The title of what passed; that of a signature only names it."""
    return gettext("%(title)s is right") % {"title": check.title} if check.id.startswith("proof.") else check.title


def _question(check: Check) -> str:
    """What was asked, where the answer stands above it."""
    return gettext("The question was: %(question)s.") % {"question": check.title}


def _kind(achievement_type: str) -> str:
    return texts(language()).kind(achievement_type or "Achievement")


def _skills(achievement: Mapping[str, JSON]) -> Iterator[Link]:
    for item in _list(achievement.get("alignment")):
        skill = _object(item)
        name = _line(skill.get("targetName"))
        if name:
            more = " · ".join(filter(None, (_line(skill.get("targetFramework")), _line(skill.get("targetCode")))))
            yield Link(name, _web(skill.get("targetUrl")), more)


def _evidence(document: Mapping[str, JSON]) -> Iterator[Link]:
    for item in _list(document.get("evidence")):
        piece = _object(item)
        url = _web(piece.get("id"))
        name = _line(piece.get("name")) or (urlsplit(url).hostname or "" if url else "")
        more = _text(piece.get("narrative")) or _text(piece.get("description"))
        if name or more:
            yield Link(name, url, more)


def _object(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, dict) else {}


def _list(value: JSON) -> list[JSON]:
    items: list[JSON] = value if isinstance(value, list) else [value]
    return [item for item in items[:_MOST_ITEMS] if item is not None]


def _line(value: JSON) -> str:
    return printable(value, 300).strip() if isinstance(value, str) else ""


def _text(value: JSON) -> str:
    """A text of several lines."""
    if not isinstance(value, str):
        return ""
    return "\n".join(printable(line, _LONGEST_TEXT) for line in value[:_LONGEST_TEXT].splitlines()).strip()


def _web(value: JSON) -> str:
    """An address that a browser may be led to."""
    if not isinstance(value, str) or len(value) > 2_048:
        return ""
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.username is None
    except ValueError:
        return ""
    return value if is_web else ""


def _day(value: JSON) -> date | None:
    """The day of a moment, in the moment's own time zone: what the issuer wrote."""
    if not isinstance(value, str):
        return None
    try:
        return parse_moment(value).date()
    except VocabularyError:
        return None


def _number(value: JSON) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return f"{value:g}"
