"""Reports for programs: the one shape in which every door tells what was found out (docs/reference/verification.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from laurea.actions.verifying import Skipped, Verified
from laurea.credentials.document import JSON, Document
from laurea.credentials.moments import format_moment
from laurea.credentials.verification import Verdict


def as_json(answers: Sequence[Verified], skipped: Sequence[Skipped], *, now: datetime) -> Document:
    """All `answers`, in their order, and a summary; `now` is the moment that they were judged for."""
    reports: list[JSON] = [one_as_json(answer, now=now) for answer in answers]
    verdicts: Document = dict(counted(answers))
    left_out: list[JSON] = [{"input": one.name, "why": one.why} for one in skipped]
    return {
        "reports": reports,
        "summary": {
            "judged": len(answers),
            "genuine": verdicts.get(Verdict.GENUINE.value, 0),
            "verdicts": verdicts,
            "skipped": left_out,
        },
    }


def counted(answers: Sequence[Verified]) -> dict[str, int]:
    """How many answers have each verdict, in the order of `Verdict`, without those that none has."""
    found = Counter(answer.verdict for answer in answers)
    return {verdict.value: found[verdict] for verdict in Verdict if verdict in found}


def one_as_json(answer: Verified, *, now: datetime) -> Document:
    """What came of one source: its report, or the problem that kept anything from being judged."""
    about: Document = {
        "input": answer.name,
        "kind": answer.kind.value if answer.kind else None,
        "sha256": answer.sha256,
    }
    if answer.report is not None:
        return about | answer.report.to_json()
    problem = answer.problem
    return about | {
        "verdict": answer.verdict.value,
        "sentence": answer.sentence,
        "judgedAt": format_moment(now),
        "credential": {},
        "checks": [],
        "error": {"code": problem.code, "message": problem.message, "hint": problem.hint} if problem else None,
    }
