"""What a verification says: checks with their outcomes, and the verdict that follows from them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NoReturn
from urllib.parse import urlsplit

from laurea.credentials import assertions, keys
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.moments import format_moment
from laurea.credentials.verification import messages
from laurea.credentials.vocabulary import holder_name, older


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
    `claimed` is what it says, in the form of Open Badges 3.0, where that does not stand in it alone (version 2.0).
    """

    checks: tuple[Check, ...]
    now: datetime
    document: Document | None = None
    language: str = messages.DEFAULT_LANGUAGE
    claimed: Document | None = None

    @property
    def verdict(self) -> Verdict:
        """The first verdict, in the order of `Verdict`, that a check leads to.

        Genuine only when none does and a signature was found right, or the host of a hosted badge said the same:
        nothing is genuine for want of questions.
        """
        found = [check.leads_to for check in self.checks if check.leads_to is not None]
        if not any(_is_evidence(check) and check.outcome is Outcome.PASSED for check in self.checks):
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
    def stated(self) -> Document | None:
        """What the document says, in the form of Open Badges 3.0, whether to be relied on or not; see `verdict`."""
        return self.claimed or self.document

    @property
    def confirmed(self) -> bool:
        """Whether a signature was found right, or the host of a hosted badge says the same; else all is a claim."""
        return any(_is_evidence(check) and check.outcome is Outcome.PASSED for check in self.checks)

    @property
    def claims(self) -> dict[str, str]:
        """What the document says, as far as its signatures cover it: nothing when it is malformed or altered.

        Keys, each only when the document has it: id, name, holder, achievement, issuer, issuerName, validFrom,
        validUntil.
        """
        if self.document is None or self.verdict in (Verdict.MALFORMED, Verdict.ALTERED):
            return {}
        found = _claims(self.claimed or self.document)
        return {name: printable(value) for name, value in found.items() if isinstance(value, str)}

    @property
    def issuer(self) -> dict[str, str]:
        """What is known of the issuer, under the same condition as `claims`.

        Keys, each only when there is such: id, domain (the host behind the identifier), key (an identifier that is a
        key and nothing else), claimedName (what it calls itself), name and since (when the installation trusts it).
        """
        claims = self.claims
        identifier = claims.get("issuer")
        if not identifier:
            return {}
        found = {"id": identifier, "domain": domain_of(identifier), "claimedName": claims.get("issuerName", "")}
        if identifier.startswith("did:key:"):
            found["key"] = identifier.removeprefix("did:key:")
        for check in self.checks:
            if check.message == "issuer.listed":
                found |= {"name": check.parameters["issuer"], "since": check.parameters["since_moment"][:10]}
        return {name: value for name, value in found.items() if value}

    def to_json(self) -> Document:
        """The report for programs; the names are documented in docs/reference/verification.md."""
        checks: list[JSON] = [check.to_json() for check in self.checks]
        claims: Document = dict(self.claims)
        issuer: Document = dict(self.issuer)
        return {
            "verdict": self.verdict.value,
            "sentence": self.sentence,
            "judgedAt": format_moment(self.now),
            "credential": claims,
            "issuer": issuer,
            "checks": checks,
        }


def domain_of(issuer: str) -> str:
    """The domain, with its port, that stands behind an issuer's identifier; empty when there is none."""
    if issuer.startswith("https://"):
        return assertions.host_of(issuer)
    try:
        return urlsplit(keys.did_web_url(issuer)).netloc if issuer.startswith("did:web:") else ""
    except KeyMaterialError:
        return ""


def _is_evidence(check: Check) -> bool:
    return check.id.startswith("proof.") or check.id == "hosted"


def printable(value: str, longest: int = _LONGEST_PARAMETER) -> str:
    """`value` in one line, without control or reordering characters and not longer than `longest`."""
    if len(value) <= longest and value.isascii() and value.isprintable():
        return value
    line = "".join(
        " " if character in "\n\r\t" else character
        for character in value[: longest + 1]
        if character in "\n\r\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    return line if len(line) <= longest else f"{line[:longest]}…"


def _claims(document: Document) -> dict[str, JSON]:
    issuer = document.get("issuer")
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    return {
        "id": document.get("id"),
        "name": document.get("name"),
        "holder": holder_name(document),
        "achievement": achievement.get("name") if isinstance(achievement, dict) else None,
        "issuer": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "issuerName": issuer.get("name") if isinstance(issuer, dict) else None,
        "validFrom": older.beginning(document),
        "validUntil": older.end(document),
    }
