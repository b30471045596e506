"""What a verdict means to whoever has to decide about a person, and what to do now. For every page that tells one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext

from laurea.credentials.receipt import REPLACED
from laurea.credentials.verification import Check, Outcome, Report, Verdict

STATUS_UNKNOWN = "status unknown"
"""Beyond the verdicts, a part of `cannot tell`: all is right but that nobody could be asked about a withdrawal."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What a verdict means, in a sentence or two, and what to do, each a sentence."""

    means: str
    steps: tuple[str, ...]


def state(report: Report) -> str:
    """The verdict of `report` as pages tell it: its value, or `STATUS_UNKNOWN`."""
    if report.verdict is not Verdict.CANNOT_TELL:
        return report.verdict.value
    forced = [check for check in report.checks if check.leads_to is not None]
    only_status = bool(forced) and all(map(_is_status, forced))
    return STATUS_UNKNOWN if only_status and report.confirmed else report.verdict.value


def status_was_not_found_out(report: Report) -> bool:
    """Whether nobody knows if it was withdrawn, though another verdict comes before that."""
    if report.verdict in (Verdict.MALFORMED, Verdict.ALTERED, Verdict.CANNOT_TELL):
        return False
    return any(_is_status(check) and check.outcome is Outcome.UNKNOWN for check in report.checks)


def advice(told_state: str) -> Advice:
    """What the state of a page (`state`, or `REPLACED`) means and asks for."""
    return _ADVICE[told_state]()


def _is_status(check: Check) -> bool:
    return check.id.startswith("status")


def _genuine() -> Advice:
    return Advice(
        gettext(
            "The issuer signed exactly these words. Nothing was changed since, it has not been withdrawn, and it is in "
            "force today."
        ),
        (
            gettext("Go by the name and the title shown here, not by what is printed."),
            gettext("Make sure that the person before you is the one named here: no signature can tell that."),
        ),
    )


def _altered() -> Advice:
    return Advice(
        gettext(
            "Either somebody changed it after it was signed, or the issuer it names never signed it. The one is as bad "
            "as the other."
        ),
        (
            gettext("Do not accept it."),
            gettext("Ask the person for the file as they were given it, or for the code printed on the certificate."),
            gettext("In doubt, ask the issuer, by an address that you find yourself and not in the file."),
        ),
    )


def _malformed() -> Advice:
    return Advice(
        gettext(
            "It looks like a credential and is none: it is unsigned, damaged, or says things that no signature covers."
        ),
        (
            gettext("Do not accept it."),
            gettext("Ask the person for the file as they were given it, or for the code printed on the certificate."),
        ),
    )


def _revoked() -> Advice:
    return Advice(
        gettext("It was genuine once. The issuer has withdrawn it since, and that is final."),
        (
            gettext("Do not accept it."),
            gettext("Ask the person whether there is a newer one: a credential made out wrongly is withdrawn, too."),
        ),
    )


def _expired() -> Advice:
    return Advice(
        gettext("It is genuine, and the time for which it counted is over."),
        (
            gettext("Take it for what was earned then, not for what counts today."),
            gettext("Where a valid one is needed, ask the person for a renewal."),
        ),
    )


def _not_yet() -> Advice:
    return Advice(
        gettext("It is genuine, and the time for which it counts has not begun."),
        (gettext("Come back on the day it begins, or ask the issuer."),),
    )


def _issuer_unknown() -> Advice:
    return Advice(
        gettext(
            "The signature is right, so nothing was changed. But anybody can make a key and write any name beside it: "
            "nothing shows who made this one."
        ),
        (
            gettext("Do not go by the issuer's name: it is only a claim."),
            gettext("Ask the organisation, in a way you know, whether the identifier shown here is theirs."),
            gettext("If it is, whoever runs this site can put it on the list of trusted issuers."),
        ),
    )


def _status_unknown() -> Advice:
    return Advice(
        gettext(
            "The issuer signed it, and it was not changed. Whether it has been withdrawn since could not be found out: "
            "the issuer's list did not answer as it should."
        ),
        (
            gettext("Try again in a few minutes."),
            gettext("If you must decide now, ask the issuer whether it is still valid."),
        ),
    )


def _cannot_tell() -> Advice:
    return Advice(
        gettext(
            "Something that is needed for an answer, such as the issuer's keys, could not be obtained. That says "
            "nothing against it, and nothing for it."
        ),
        (
            gettext("Try again in a few minutes."),
            gettext(
                "If you must decide now, ask the issuer, by an address that you find yourself and not in the file."
            ),
        ),
    )


def _other_holder() -> Advice:
    return Advice(
        gettext("It is in order, and it was issued to somebody else."),
        (gettext("Do not accept it for this person."),),
    )


def _replaced() -> Advice:
    return Advice(
        gettext(
            "It was genuine as it was issued. The issuer has made a newer edition since, and only that one counts."
        ),
        (gettext("Open the newer edition: it has the same code."),),
    )


_ADVICE: dict[str, Callable[[], Advice]] = {
    Verdict.GENUINE.value: _genuine,
    Verdict.ALTERED.value: _altered,
    Verdict.MALFORMED.value: _malformed,
    Verdict.REVOKED.value: _revoked,
    Verdict.EXPIRED.value: _expired,
    Verdict.NOT_YET_VALID.value: _not_yet,
    Verdict.ISSUER_UNKNOWN.value: _issuer_unknown,
    Verdict.CANNOT_TELL.value: _cannot_tell,
    Verdict.OTHER_HOLDER.value: _other_holder,
    STATUS_UNKNOWN: _status_unknown,
    REPLACED: _replaced,
}
