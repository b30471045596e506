"""One question after the other, in a fixed order, until the report is whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from laurea.credentials import assertions, status_list, vocabulary
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import LaureaError
from laurea.credentials.moments import format_moment
from laurea.credentials.verification import assertion_judging
from laurea.credentials.verification.materials import MOST_ENDORSEMENTS, Materials, endorsements_of, issuer_of
from laurea.credentials.verification.presented import Presented, read
from laurea.credentials.verification.report import Check, Outcome, Report, Verdict
from laurea.credentials.verification.signatures import examine
from laurea.credentials.verification.standing import not_looked_up, period, status
from laurea.credentials.vocabulary import older


def verify(
    credential: Document | str | bytes, materials: Materials, *, now: datetime, recipient: str | None = None
) -> Report:
    """Judge `credential`: a parsed document, JSON text, or a compact JWS.

    Open Badges 3.0 on Verifiable Credentials 2.0 or 1.1, or Open Badges 2.0: each by the rules of its own standard.
    `materials` is what could be found out (see `needs`), `now` the moment to judge for, with a time zone. `recipient`
    is the e-mail address, or other identifier, of the person it should belong to. Whatever `credential` holds, there is
    a report and no exception; only a `now` without time zone raises `VocabularyError`.
    """
    format_moment(now)
    try:
        presented = read(credential)
    except LaureaError as problem:
        detail = f"{problem.message} ({problem.code})"
        check = Check("format", Outcome.FAILED, "format.failed", {}, detail, Verdict.MALFORMED)
        return Report((check,), now)
    if assertions.is_assertion(presented.document):
        return assertion_judging.judge(presented, materials, now, recipient)
    report = _judge(presented, materials, now)
    checks = [_recipient(presented.document, recipient)]
    if report.verdict is not Verdict.MALFORMED:
        checks.extend(_endorsements(presented.document, materials, now))
    if "refreshService" in presented.document:
        checks.append(Check("refresh", Outcome.NOT_APPLICABLE, "refresh.not-followed"))
    return replace(report, checks=(*report.checks, *checks))


def _judge(presented: Presented, materials: Materials, now: datetime) -> Report:
    """What a credential and an endorsement inside it are asked alike."""
    document = presented.document
    checks = [Check("format", Outcome.PASSED, "format.passed"), *examine(presented, materials, now)]
    # What is no credential has no status either; and whoever wrote it shall not choose what we unpack.
    proper = all(check.leads_to is not Verdict.MALFORMED for check in checks)
    checks.extend(status(document, materials, now) if proper else [not_looked_up()])
    checks.append(period(document, now))
    if vocabulary.class_of(document) == vocabulary.STATUS_LIST_CREDENTIAL:
        checks.append(_list(document))
    return Report(tuple(checks), now, document)


def _list(document: Document) -> Check:
    """A status list that is judged for its own sake must be readable."""
    subject = document.get("credentialSubject")
    encoded = subject.get("encodedList") if isinstance(subject, dict) else None
    try:
        decode = status_list.StatusList.decode_2021 if older.is_older(document) else status_list.StatusList.decode
        bits = decode(encoded if isinstance(encoded, str) else "")
    except LaureaError as problem:
        return Check("list", Outcome.FAILED, "list.failed", {}, problem.message, Verdict.MALFORMED)
    return Check("list", Outcome.PASSED, "list.passed", {"count": str(len(bits))})


def _recipient(document: Document, recipient: str | None) -> Check:
    """Open Badges 3.0, verification step 5: by identifier, plain or hashed, or by the subject's id."""
    if recipient is None:
        return Check("recipient", Outcome.NOT_APPLICABLE, "recipient.not-asked")
    parameters = {"recipient": recipient.strip()}
    subject = document.get("credentialSubject")
    holder = subject.get("id") if isinstance(subject, dict) else None
    answers = [vocabulary.names_email(identity, recipient) for identity in vocabulary.identities(document)]
    if isinstance(holder, str):
        is_comparable = holder.startswith("mailto:") or "@" not in recipient
        answers.append(_names_holder(holder, recipient.strip()) if is_comparable else None)
    if True in answers:
        return Check("recipient", Outcome.PASSED, "recipient.passed", parameters)
    if False in answers:
        return Check("recipient", Outcome.FAILED, "recipient.failed", parameters, leads_to=Verdict.OTHER_HOLDER)
    return Check("recipient", Outcome.UNKNOWN, "recipient.unknown", parameters, leads_to=Verdict.CANNOT_TELL)


def _names_holder(holder: str, recipient: str) -> bool:
    address = holder.removeprefix("mailto:")
    return holder == recipient or (address != holder and address.lower() == recipient.lower())


def _endorsements(document: Document, materials: Materials, now: datetime) -> list[Check]:
    """Open Badges 3.0, verification step 6. Each is judged by itself; none changes the verdict on the credential."""
    endorsements = endorsements_of(document)
    about = _endorsable(document)
    checks = [
        _endorsement(endorsement, number, about, materials, now)
        for number, endorsement in enumerate(endorsements[:MOST_ENDORSEMENTS], start=1)
    ]
    if len(endorsements) > MOST_ENDORSEMENTS:
        parameters = {"count": str(len(endorsements)), "limit": str(MOST_ENDORSEMENTS)}
        checks.append(Check("endorsements", Outcome.UNKNOWN, "endorsements.too-many", parameters))
    return checks


def _endorsement(endorsement: Document, number: int, about: set[str], materials: Materials, now: datetime) -> Check:
    name = f"endorsement.{number}"
    issuer = endorsement.get("issuer")
    by = issuer.get("name") if isinstance(issuer, dict) else None
    parameters = {"number": str(number), "issuer": by if isinstance(by, str) else issuer_of(endorsement) or "?"}
    report = _judge(Presented(endorsement), materials, now)
    detail = f"{endorsement.get('id')}: {report.verdict}" + "".join(
        f"; {check.title}: {check.sentence} {check.detail}" for check in report.checks if check.leads_to is not None
    )
    subject = endorsement.get("credentialSubject")
    if (subject.get("id") if isinstance(subject, dict) else None) not in about:
        return Check(name, Outcome.FAILED, "endorsement.elsewhere", parameters, detail)
    if report.verdict is Verdict.GENUINE:
        return Check(name, Outcome.PASSED, "endorsement.passed", parameters, detail)
    if report.verdict in (Verdict.CANNOT_TELL, Verdict.ISSUER_UNKNOWN):
        return Check(name, Outcome.UNKNOWN, "endorsement.unknown", parameters, detail)
    return Check(name, Outcome.FAILED, "endorsement.failed", parameters, detail)


def _endorsable(document: Document) -> set[str]:
    """What an endorsement inside `document` may be about: the credential, its issuer, its achievement and creator."""
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    creator = achievement.get("creator") if isinstance(achievement, dict) else None
    things: list[JSON] = [document, achievement, creator]
    identifiers = [thing.get("id") for thing in things if isinstance(thing, dict)]
    return {identifier for identifier in (*identifiers, issuer_of(document)) if isinstance(identifier, str)}
