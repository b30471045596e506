"""Receipts: what was found about files and codes, signed by this installation, as JSON, PDF and CSV.

Nothing of it is kept. The signed JSON travels in the page that shows it, and comes back when somebody wants it as a
file; the PDF and the CSV are made from it then, and hold no more than it does.
"""

from __future__ import annotations

import base64
import binascii
import uuid
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext

from laurea import __version__
from laurea.actions import addresses, exporting, log_key, unpacking
from laurea.actions.verifying_many import Answer
from laurea.credentials import baking, receipt
from laurea.credentials.baking import Kind, pdf
from laurea.credentials.document import serialise
from laurea.credentials.errors import LaureaError
from laurea.credentials.keys import VerificationKey
from laurea.credentials.receipt import LARGEST, Receipt, ReceiptError, Result
from laurea.credentials.verification import messages
from laurea.rendering import receipt as drawing

ATTACHMENT = drawing.ATTACHMENT


def make(answers: Sequence[Answer], *, now: datetime) -> str:
    """The signed receipt about `answers`, as the text to keep.

    Raises `KeyMaterialError` when this installation cannot sign.
    """
    log = log_key.log(now=now)
    document = receipt.sign(
        [_result(answer, now) for answer in answers],
        log_key.signing_key(log),
        identifier=f"urn:uuid:{uuid.uuid4()}",
        address=addresses.base(),
        software=f"Laurea {__version__}",
        made=now,
    )
    return serialise(document)


def opened(data: bytes) -> tuple[Receipt, str]:
    """The receipt in the JSON or PDF `data`, with its text; its signature was found right, whosever it is.

    Raises `ReceiptError`, and `BakingError` for a PDF that cannot be read.
    """
    text: bytes | None = data
    if _is_pdf(data):
        text = pdf.attachment(data, ATTACHMENT, LARGEST)
    if text is None:
        raise ReceiptError(
            "receipt.none", "This PDF has no receipt attached", "Hand over the PDF as it was downloaded, or the JSON"
        )
    return receipt.read(text), text.decode("utf-8")


def is_ours(signed: Receipt) -> bool:
    """Whether the key of this installation signed it."""
    log = log_key.existing()
    return log is not None and VerificationKey.from_multikey(log.multikey) == signed.key


def packed(text: str) -> str:
    """The text of a receipt, small, for a field of a form."""
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def unpacked(value: str) -> str:
    """The text that `packed` was given. Raises `ReceiptError` for anything else."""
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(base64.b64decode(value.encode("ascii"), b"-_", validate=True), LARGEST + 1)
        if len(text) <= LARGEST:
            return text.decode("utf-8")
    except (binascii.Error, zlib.error, ValueError):
        pass
    raise ReceiptError("receipt.none", "This is no receipt of a verification", "Judge the files again")


def as_pdf(signed: Receipt, text: str, *, language: str) -> bytes:
    """The receipt for people, in ``en`` or ``de``, its signed `text` attached. Raises `RenderingError`."""
    return drawing.pdf(signed, text=text.encode(), language=language, where=addresses.base(), logged=_origin(signed))


def as_csv(signed: Receipt, *, language: str) -> Iterator[bytes]:
    """A line for each result, with headings in the language of the page."""
    headings = (
        gettext("File or code"), gettext("Verdict"), gettext("What it means"), gettext("Awarded to"),
        gettext("Achievement"), gettext("Issuer"), gettext("Identifier of the issuer"), gettext("Valid from"),
        gettext("Valid until"), gettext("Identifier of the credential"), gettext("Newer edition"),
        gettext("Judged at"), gettext("SHA-256 of the file"), gettext("SHA-256 of the credential"),
        gettext("Problem"),
    )  # fmt: skip
    return exporting.lines_of(headings, [_cells(result, language) for result in signed.results])


def _result(answer: Answer, now: datetime) -> Result:
    verified, record = answer.judged.verified, answer.judged.in_force
    report, problem = verified.report, verified.problem
    checks: dict[str, str] = {}
    if report is not None:
        checks = {check.id: check.outcome.value for check in report.checks}
    current = addresses.credential(record.code) if answer.judged.replaced and record is not None else ""
    return Result(
        name=unpacking.shortened(verified.name),
        verdict=verified.verdict,
        judged=now,
        kind=verified.kind.value if verified.kind else "",
        file=answer.file_sha256,
        credential=verified.sha256 or "",
        claims=dict(report.claims) if report is not None else {},
        checks=checks,
        current=current,
        problem=problem.code if problem is not None else "",
    )


def _cells(result: Result, language: str) -> Sequence[str]:
    claims = result.claims
    return (
        result.name,
        messages.word(result.state, language),
        messages.verdict(result.state, language),
        claims.get("holder", ""),
        claims.get("achievement") or claims.get("name", ""),
        claims.get("issuerName", ""),
        claims.get("issuer", ""),
        claims.get("validFrom", ""),
        claims.get("validUntil", ""),
        claims.get("id", ""),
        result.current,
        result.judged.isoformat(timespec="seconds"),
        result.file,
        result.credential,
        result.problem,
    )


def _origin(signed: Receipt) -> str:
    """The name of the log whose key signed it, where that is this installation's."""
    log = log_key.existing()
    return log.origin if log is not None and is_ours(signed) else ""


def _is_pdf(data: bytes) -> bool:
    try:
        return baking.kind_of(data) is Kind.PDF
    except LaureaError:
        return False
