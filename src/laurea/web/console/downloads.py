"""Files that are made while they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.http import StreamingHttpResponse

from laurea.actions.storing import Handout
from laurea.records.models import Issuer

CSV, ZIP = "text/csv; charset=utf-8", "application/zip"
_ENDINGS = {CSV: "csv", ZIP: "zip"}


def streamed(
    content: Iterator[bytes], what: str, issuer: Issuer, media_type: str, now: datetime
) -> StreamingHttpResponse:
    """`content` as a download called ``what-issuer-day.ending``. No cache keeps it."""
    name = f"{what}-{issuer.slug}-{now:%Y-%m-%d}.{_ENDINGS[media_type]}"
    headers = {
        "Content-Disposition": Handout("", name, media_type).disposition,
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingHttpResponse(content, content_type=media_type, headers=headers)
