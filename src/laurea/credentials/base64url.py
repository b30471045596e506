"""Base 64 for URLs, without padding, in the one strict reading (RFC 4648, sections 3.5 and 5).

Python's decoder skips characters it does not know and ignores bits that are left over, so that different texts give the
same bytes. For anything signed that would mean text that can be changed without notice.
"""

from __future__ import annotations

import base64
import re

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)


def encode(data: bytes) -> str:
    """The text of `data`, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes | None:
    """The bytes of `text`, or None when no encoder would have written that text."""
    if not _ALPHABET.fullmatch(text) or len(text) % 4 == 1:
        return None
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return data if not text or encode(data[-(len(data) % 3 or 3) :])[-1] == text[-1] else None
