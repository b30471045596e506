"""Names of files that people download: readable, unique, and allowed on every system."""

from __future__ import annotations

import re
import unicodedata

from laurea.records.models import Credential

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_LONGEST = 80
_LONGEST_BYTES = 180  # a file name has 255 bytes on most systems; code and ending follow


def of_credential(credential: Credential, ending: str) -> str:
    """``Ada Lovelace - 7K3M9Q2X41TD8WVN.pdf``: the holder's name, and the code that makes it unique."""
    return f"{plain(credential.name)} - {credential.code}.{ending}"


def plain(text: str) -> str:
    """`text` without what a file system forbids or reorders, 80 characters at most and as many as file systems take of
    scripts with long characters; “file” when nothing is left."""
    kept = "".join(
        character
        for character in unicodedata.normalize("NFC", _FORBIDDEN.sub(" ", text))
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    short = " ".join(kept.split())[:_LONGEST].encode()[:_LONGEST_BYTES].decode(errors="ignore")
    return short.strip(" .") or "file"
