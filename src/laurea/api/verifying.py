"""``POST /api/v1/verify``: the report that `laurea verify --json` gives, judged by this installation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema

from laurea.actions import callers, receiving, reporting, verifying_many
from laurea.actions.verifying_many import MOST_BYTES, MOST_THINGS, File, Misses
from laurea.api.version_1 import MOST_REQUESTS, SECONDS, Problem, answer
from laurea.credentials.document import JSON, Document, parse, serialise
from laurea.credentials.errors import LaureaError, VocabularyError
from laurea.credentials.moments import parse_moment
from laurea.credentials.verification import LANGUAGES

router = Router()

FORM, OBJECT = "multipart/form-data", "application/json"
MEMBERS = ("credential", "codes", "recipient", "now", "language")
INLINE = "credential"
"""How a credential that stands in the request itself is called in its report."""

_LARGEST_OBJECT = 2 * 1024 * 1024


class Check(Schema):
    """One question and its answer."""

    id: str
    outcome: str
    title: str
    sentence: str
    detail: str
    message: str
    parameters: dict[str, str]


class Error(Schema):
    """Why nothing could be judged."""

    code: str
    message: str
    hint: str


class Report(Schema):
    """What came of one file or code. `error` is there when nothing could be judged, `issuer` when something was."""

    input: str
    kind: str | None
    sha256: str | None
    verdict: str
    sentence: str
    judgedAt: str  # noqa: N815 - the report's own name
    credential: dict[str, str]
    checks: list[Check]
    issuer: dict[str, str] | None = None
    error: Error | None = None


class Skipped(Schema):
    """A file in an archive that was not judged."""

    input: str
    why: str


class Summary(Schema):
    """How many were judged, and how many have each verdict."""

    judged: int
    genuine: int
    verdicts: dict[str, int]
    skipped: list[Skipped]


class Reports(Schema):
    """The answer: a report for each thing, in the order in which they were handed over."""

    reports: list[Report]
    summary: Summary


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for."""

    files: Sequence[File]
    codes: Sequence[str] = ()
    recipient: str | None = None
    now: datetime | None = None
    language: str = LANGUAGES[0]


_OPTIONS: dict[str, Any] = {
    "recipient": {"type": "string", "description": "The e-mail address of the person it should belong to."},
    "now": {"type": "string", "format": "date-time", "description": "Judge for this moment, not the present one."},
    "language": {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
}
_BODY = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "description": "PDF, PNG, SVG, JSON, JWT, photographs of QR codes, or ZIP archives of such.",
                    },
                    "code": {"type": "array", "items": {"type": "string"}},
                    **_OPTIONS,
                },
            }
        },
        OBJECT: {
            "schema": {
                "type": "object",
                "properties": {
                    "credential": {
                        "oneOf": [{"type": "object"}, {"type": "string"}],
                        "description": "A credential as JSON, or as a compact JWS.",
                    },
                    "codes": {"type": "array", "items": {"type": "string"}},
                    **_OPTIONS,
                },
                "additionalProperties": False,
            }
        },
    },
}


@router.post(
    "/verify",
    operation_id="verify",
    summary="Judge credentials",
    description=(
        f"Up to {MOST_THINGS} files and codes, {MOST_BYTES >> 20} MiB together. The status is 200, whatever the "
        "verdicts. Codes are looked up on this installation."
    ),
    response={200: Reports, (400, 413, 415, 429, 503): Problem},
    openapi_extra={"requestBody": _BODY},
)
def verify(request: HttpRequest) -> HttpResponse:
    """Judge what the request holds."""
    if callers.count("api", request, seconds=SECONDS) > MOST_REQUESTS:
        raise LaureaError("api.too-often", "You ask too often", f"{MOST_REQUESTS} requests a minute are answered")
    with verifying_many.place():
        asked = _asked(request)
        misses = Misses(max(0, callers.MOST_MISSES - callers.counted("misses", request)))
        given = verifying_many.handed(asked.files, asked.codes, misses=misses)
        now = asked.now or timezone.now()
        found = verifying_many.judge(given, now=now, recipient=asked.recipient)
    if misses.count:
        callers.count("misses", request, seconds=callers.SECONDS, more=misses.count)
    answers = [each.judged.verified.in_language(asked.language) for each in found]
    return answer(reporting.as_json(answers, given.skipped, now=now))


def _asked(request: HttpRequest) -> Asked:
    kind = request.content_type or "none"
    if kind == FORM:
        return _of_form(request)
    if kind == OBJECT:
        return _of_object(parse(request.body, max_bytes=_LARGEST_OBJECT))
    raise LaureaError("api.type", f"A request of the type “{kind[:60]}” is not read", f"Send {FORM} or {OBJECT}")


def _of_form(request: HttpRequest) -> Asked:
    files = receiving.files(
        request,
        most_files=MOST_THINGS,
        most_bytes=MOST_BYTES,
        too_many=verifying_many.too_many,
        too_large=verifying_many.too_large,
    )
    fields = request.POST
    other = sorted(set(fields) - {"code", "recipient", "now", "language"})
    if other:
        raise _unknown(other[0])
    return Asked(
        files,
        fields.getlist("code"),
        fields.get("recipient"),
        _moment(fields.get("now")),
        _language(fields.get("language")),
    )


def _of_object(body: Document) -> Asked:
    other = sorted(set(body) - set(MEMBERS))
    if other:
        raise _unknown(other[0])
    credential, codes = body.get("credential"), body.get("codes", [])
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise _wrong("codes", "a list of texts")
    if credential is not None and not isinstance(credential, dict | str):
        raise _wrong("credential", "an object, or a text that holds a token")
    text = serialise(credential) if isinstance(credential, dict) else credential
    return Asked(
        [File(INLINE, text.encode())] if text is not None else [],
        [code for code in codes if isinstance(code, str)],
        _text(body, "recipient"),
        _moment(_text(body, "now")),
        _language(_text(body, "language")),
    )


def _text(body: Document, name: str) -> str | None:
    value: JSON = body.get(name)
    if value is not None and not isinstance(value, str):
        raise _wrong(name, "a text")
    return value


def _moment(text: str | None) -> datetime | None:
    try:
        return parse_moment(text) if text else None
    except VocabularyError:
        raise _wrong("now", "a date and time with a time zone, as 2026-05-31T12:00:00Z") from None


def _language(text: str | None) -> str:
    if text and text not in LANGUAGES:
        raise _wrong("language", " or ".join(LANGUAGES))
    return text or LANGUAGES[0]


def _unknown(name: str) -> LaureaError:
    return LaureaError("api.unknown", f"Nothing is called “{name[:60]}” in such a request", "See docs/reference/api.md")


def _wrong(name: str, should: str) -> LaureaError:
    return LaureaError("api.value", f"“{name}” must be {should}")
