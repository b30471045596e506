"""Drafting: the certificate that a row would become, as a picture, unsigned and with a code that leads nowhere."""

from __future__ import annotations

from datetime import UTC, date, datetime

from laurea.actions import addresses, appearances, designing, issuing, ordering, reviewing, vetting
from laurea.actions.issuing import Order, Terms
from laurea.actions.previewing import SAMPLE_CODE
from laurea.credentials.errors import IssuingError
from laurea.records.models import Batch, DesignVersion, Row
from laurea.rendering.certificate import CertificateRenderer

WIDTH = 1400


def picture(
    batch: Batch, row: Row, *, now: datetime, width: int = WIDTH, version: DesignVersion | None = None
) -> bytes:
    """A PNG of the certificate that `row` would become now, in the design's latest version or the one that is given.

    Raises `IssuingError` (``batch.row-in-error``, ``row.*``) for a row that cannot become one, `LaureaError` for a
    design that cannot be drawn.
    """
    if row.state == Row.State.ERROR:
        raise IssuingError("batch.row-in-error", "This line cannot become a certificate yet", "Correct it first")
    achievement, rules = batch.achievement, reviewing.rules(batch, now)
    if wrong := vetting.problem(ordering.read(row), (), rules):
        raise IssuingError(wrong.code, wrong.reason, wrong.hint)
    said = row.values
    awarded = date.fromisoformat(said["awarded"]) if said.get("awarded") else rules.awarded
    own = date.fromisoformat(said["expires"]) if said.get("expires") else None
    terms = Terms(
        issuer=appearances.profile(batch.issuer),
        achievement=appearances.definition(achievement),
        valid_from=now.astimezone(UTC).replace(microsecond=0),
    )
    order = Order(
        line=row.line,
        code=SAMPLE_CODE,
        identifier="urn:uuid:00000000-0000-4000-8000-000000000000",
        salt="0" * 32,
        name=printed_name(row),
        awarded=awarded,
        expires=own or (rules.validity.after(awarded) if rules.validity else None),
        credits=said.get("hours") if "hours" in rules.include and said.get("hours") else achievement.credits,
        result=said.get("result") if "result" in rules.include else None,
    )
    design, look = appearances.design_and_appearance(
        achievement, version or designing.latest(achievement.design), language=said.get("language", "")
    )
    return CertificateRenderer(design, look).picture(
        issuing.credential(terms, order).to_document(),
        code=SAMPLE_CODE,
        address=addresses.credential(SAMPLE_CODE),
        width=width,
    )


def printed_name(row: Row) -> str:
    """The name that stands on the certificate: the list's, or the one on record where that was decided."""
    return row.person.name if row.keep_name and row.person else row.name
