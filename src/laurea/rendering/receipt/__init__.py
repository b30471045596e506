"""The receipt of a verification as a document: PDF/A-3a and PDF/UA-1, tagged, the signed text attached.

What it says is read from the signed receipt and from nowhere else. Names in it were chosen by whoever handed the files
over: they reach Typst as JSON data, never as markup, and characters that no packaged font has are shown as a box.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock

import typst

from laurea.credentials.errors import RenderingError, VocabularyError
from laurea.credentials.moments import parse_moment
from laurea.credentials.receipt import REPLACED, Receipt, Result
from laurea.credentials.verification import Verdict, messages
from laurea.rendering import fonts, qr
from laurea.rendering.badge.lettering import families
from laurea.rendering.texts import texts

ATTACHMENT = "receipt.json"
PAGE = "/verify/receipt"
"""Where an installation checks receipts."""

_HERE = Path(__file__).parent
_STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
_HAN_SERIF = {"sc": "Noto Serif SC", "jp": "Noto Serif JP"}
_BOX = "\u25a1"
_TONES: Mapping[str, str] = {
    Verdict.GENUINE.value: "good",
    Verdict.ISSUER_UNKNOWN.value: "unsure",
    Verdict.CANNOT_TELL.value: "unsure",
    Verdict.NOT_YET_VALID.value: "unsure",
    Verdict.EXPIRED.value: "over",
    REPLACED: "over",
    Verdict.OTHER_HOLDER.value: "bad",
    Verdict.REVOKED.value: "bad",
    Verdict.ALTERED.value: "bad",
    Verdict.MALFORMED.value: "bad",
}
_compiling = Lock()
"""A compiler serves one thread at a time."""


def pdf(receipt: Receipt, *, text: bytes, language: str, where: str, logged: str) -> bytes:
    """The receipt for people, in ``en`` or ``de``, with its signed `text` attached as ``receipt.json``.

    `where` is the address of the installation that checks it; `logged` the name of that installation's log if its key
    signed, else empty. Equal arguments give equal bytes. Raises `RenderingError` (``rendering.receipt-failed``).
    """
    language = language if language in messages.LANGUAGES else messages.DEFAULT_LANGUAGE
    asked = _asked(receipt, language, where, logged)
    inputs = {"asked": json.dumps(asked), "receipt": text.decode("utf-8"), "mark": _mark()}
    try:
        with _compiling:
            made = _compiler().compile(
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=_STANDARDS,
                timestamp=receipt.made.astimezone(UTC).replace(microsecond=0),
            )
    except typst.TypstError as error:
        raise RenderingError("rendering.receipt-failed", f"The receipt could not be drawn: {error.message}") from None
    if not isinstance(made, bytes):
        raise RenderingError("rendering.receipt-failed", "The receipt could not be drawn in one file")
    return made


def _asked(receipt: Receipt, language: str, where: str, logged: str) -> dict[str, object]:
    say, made = _texts(language), receipt.made.astimezone(UTC)
    address = where + PAGE
    values = {
        "day": _day(made, language),
        "time": f"{made:%H:%M}",
        "host": _host(receipt.address),
        "count": str(len(receipt.results)),
        "address": address,
        "key": receipt.key.multikey,
        "log": logged,
        "attachment": ATTACHMENT,
    }

    def filled(name: str) -> str:
        return _printable(say[name].format_map(values))

    checking = ["checking_page", "checking_attachment", "checking_key"] + (["checking_log"] if logged else [])
    return {
        "language": language,
        "say": {name: say[name] for name in _AS_THEY_ARE},
        "lead": filled("lead" if len(receipt.results) > 1 else "lead_one"),
        "host": _printable(_host(receipt.address)),
        "software": _printable(receipt.software),
        "identifier": _printable(receipt.identifier),
        "summary": [
            {"count": str(count), "word": messages.word(state, language), "tone": _TONES[state]}
            for state, count in receipt.counted()
        ],
        "results": [_row(result, number, say, language) for number, result in enumerate(receipt.results, start=1)],
        "meanings": [
            {
                "word": messages.word(state, language),
                "tone": _TONES[state],
                "sentence": messages.verdict(state, language),
            }
            for state, _ in receipt.counted()
        ],
        "checking": [filled(name) for name in checking],
        "moment": say["checking_moment"],
        "qr": qr.svg(qr.matrix(address), quiet_zone=0, paper=None),
        "qr_alt": filled("qr_alt"),
        "attachment": {"name": ATTACHMENT, "description": say["attachment"]},
        "sans": families("Inter", fonts.han_style("", language)),
    }


_AS_THEY_ARE = (
    "title", "summary", "results", "number", "verdict", "handed_over", "stated", "meaning", "checking", "page",
)  # fmt: skip


def _row(result: Result, number: int, say: Mapping[str, str], language: str) -> dict[str, object]:
    claims = result.claims
    holder = _printable(claims.get("holder", ""))
    issuer = claims.get("issuerName") or claims.get("issuer", "")
    if issuer and result.verdict is Verdict.ISSUER_UNKNOWN:
        issuer = f"{issuer} ({say['claimed']})"
    more = [
        _printable(claims.get("achievement") or claims.get("name", "")),
        _printable(issuer),
        _valid(claims, say, language),
        _printable(say["replaced"].format(address=result.current)) if result.current else "",
    ]
    nothing = ""
    if not claims:
        nothing = say["no_credential" if result.problem else "nothing"]
    return {
        "number": str(number),
        "tone": _TONES[result.state],
        "word": messages.word(result.state, language),
        "name": _printable(result.name),
        "digest": [result.file[start : start + 32] for start in (0, 32)] if result.file else [],
        "holder": holder,
        "right_to_left": fonts.right_to_left(holder),
        "serif": _serif(fonts.han_style(holder, language)),
        "more": [line for line in more if line],
        "nothing": nothing,
    }


def _serif(han: str) -> list[str]:
    """Fonts for a name. Of Han characters there are serif shapes in two of the three styles."""
    first, *others = families("Source Serif 4", han)
    return [first, *([_HAN_SERIF[han]] if han in _HAN_SERIF else []), *others]


def _valid(claims: Mapping[str, str], say: Mapping[str, str], language: str) -> str:
    try:
        start = _day(parse_moment(claims.get("validFrom", "")), language)
        if "validUntil" not in claims:
            return say["valid_from"].format(start=start)
        return say["valid"].format(start=start, end=_day(parse_moment(claims["validUntil"]), language))
    except VocabularyError:
        return ""


def _day(moment: datetime, language: str) -> str:
    return texts(language).date(moment.date())


def _host(address: str) -> str:
    return address.partition("://")[2] or address


def _printable(text: str) -> str:
    """`text` with a box for each character that no packaged font can show."""
    missing = {missing.character for missing in fonts.missing_characters(text)}
    return "".join(_BOX if character in missing else character for character in text) if missing else text


@cache
def _texts(language: str) -> Mapping[str, str]:
    tables: dict[str, dict[str, str]] = tomllib.loads((_HERE / "texts.toml").read_text("utf-8"))
    return tables[language]


@cache
def _mark() -> str:
    return (_HERE.parent / "mark.svg").read_text("utf-8")


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        str(_HERE / "receipt.typ"), root=str(_HERE), font_paths=fonts.typst_fonts(), ignore_system_fonts=True
    )
