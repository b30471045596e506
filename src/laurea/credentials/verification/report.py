"""What a verification says: checks with their outcomes, and the verdict that follows from them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NoReturn

from laurea.credentials.document import JSON, Document
from laurea.credentials.moments import format_moment
from laurea.credentials.verification import messages
from laurea.credentials.vocabulary import holder_name


class Outcome(StrEnum):
    """The answer to one question. `UNKNOWN` is never taken for `PASSED`."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"


class Verdict(StrEnum):
    """What all checks together come to; the order is the precedence: the first one that a check leads to holds."""

    MALFORMED = "malformed"
    ALTERED = "altered"
    REVOKED = "revoked"
    NOT_YET_VALID = "not yet valid"
    EXPIRED = "expired"
    OTHER_HOLDER = "other holder"
    CANNOT_TELL = "cannot tell"
    ISSUER_UNKNOWN = "issuer unknown"
    GENUINE = "genuine"


_PRECEDENCE = tuple(Verdict)
_LONGEST_PARAMETER = 200


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer.

    `id` is stable (``issuer-key``, ``proof.2``); `message` and `parameters` say the answer in any language, `title` and
    `sentence` in `language`; `detail` is for whoever looks into it, in English. `leads_to` is the verdict that this
    check forces, if any: a failed endorsement, for one, is told and forces none.
    """

    id: str
    outcome: Outcome
    message: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""
    leads_to: Verdict | None = None
    language: str = messages.DEFAULT_LANGUAGE

    def __post_init__(self) -> None:
        # Values come from whoever wrote the document: no control characters in a terminal, no reordered text, no novel.
        cleaned = {name: printable(value) for name, value in self.parameters.items()}
        object.__setattr__(self, "parameters", cleaned)
        object.__setattr__(self, "detail", printable(self.detail, 2_000))

    @property
    def title(self) -> str:
        """The question, short."""
        return messages.title(self.id, self.parameters, self.language)

    @property
    def sentence(self) -> str:
        """The answer, in words for somebody who knows nothing of signatures."""
        return messages.sentence(self.message, self.parameters, self.language)

    def to_json(self) -> Document:
        """All of it, the outcome by its value."""
        parameters: Document = dict(self.parameters)
        return {
            "id": self.id,
            "outcome": self.outcome.value,
            "title": self.title,
            "sentence": self.sentence,
            "detail": self.detail,
            "message": self.message,
            "parameters": parameters,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All answers about one document.

    `document` is what was judged, when it could be read at all; what it claims is worth no more than `verdict` says.
    """

    checks: tuple[Check, ...]
    now: datetime
    document: Document | None = None
    language: str = messages.DEFAULT_LANGUAGE

    @property
    def verdict(self) -> Verdict:
        """The first verdict, in the order of `Verdict`, that a check leads to.

        Genuine only when none does and a signature was found right: nothing is genuine for want of questions.
        """
        found = [check.leads_to for check in self.checks if check.leads_to is not None]
        if not any(check.id.startswith("proof.") and check.outcome is Outcome.PASSED for check in self.checks):
            found.append(Verdict.CANNOT_TELL)
        return min(found, key=_PRECEDENCE.index, default=Verdict.GENUINE)

    @property
    def sentence(self) -> str:
        """The verdict in words, in `language`."""
        return messages.verdict(self.verdict.value, self.language)

    def __bool__(self) -> NoReturn:
        raise TypeError("A report is neither true nor false; read report.verdict")

    def in_language(self, language: str) -> Report:
        """The same report with titles and sentences in ``en`` or ``de``; English for any other language."""
        known = language if language in messages.LANGUAGES else messages.DEFAULT_LANGUAGE
        return replace(self, checks=tuple(replace(check, language=known) for check in self.checks), language=known)

    @property
    def claims(self) -> dict[str, str]:
        """What the document says, as far as its signatures cover it: nothing when it is malformed or altered.

        Keys, each only when the document has it: id, name, holder, achievement, issuer, issuerName, validFrom,
        validUntil.
        """
        if self.document is None or self.verdict in (Verdict.MALFORMED, Verdict.ALTERED):
            return {}
        return _claims(self.document)

    def to_json(self) -> Document:
        """The report for programs; the names are documented in docs/reference/verification.md."""
        checks: list[JSON] = [check.to_json() for check in self.checks]
        claims: Document = dict(self.claims)
        return {
            "verdict": self.verdict.value,
            "sentence": self.sentence,
            "judgedAt": format_moment(self.now),
            "credential": claims,
            "checks": checks,
        }


def printable(value: str, longest: int = _LONGEST_PARAMETER) -> str:
    """`value` in one line, without control or reordering characters and not longer than `longest`."""
    line = "".join(
        " " if character in "\n\r\t" else character
        for character in value[: longest + 1]
        if character in "\n\r\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    return line if len(line) <= longest else f"{line[:longest]}…"


def _claims(document: Document) -> dict[str, str]:
    issuer = document.get("issuer")
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    found: dict[str, JSON] = {
        "id": document.get("id"),
        "name": document.get("name"),
        "holder": holder_name(document),
        "achievement": achievement.get("name") if isinstance(achievement, dict) else None,
        "issuer": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "issuerName": issuer.get("name") if isinstance(issuer, dict) else None,
        "validFrom": document.get("validFrom"),
        "validUntil": document.get("validUntil"),
    }
    return {name: printable(value) for name, value in found.items() if isinstance(value, str)}
