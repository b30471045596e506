"""A status list that was judged before: one list answers for thousands of credentials, and is judged once."""

from __future__ import annotations

from dataclasses import dataclass, field

from laurea.credentials import status_list
from laurea.credentials.document import Document
from laurea.credentials.status_list import StatusList
from laurea.credentials.verification.spans import Span


@dataclass(frozen=True, slots=True)
class JudgedList:
    """A list that is its issuer's own, properly signed and of today, as long as `span` holds.

    `found` and `keys` are the very objects that it was judged by: what was handed over as the list, and the issuer's
    document. `document` is the list as it was read, `bits` what was unpacked of it, by purpose and kind.
    """

    found: Document
    keys: Document
    document: Document
    span: Span
    bits: dict[tuple[str, bool], StatusList] = field(default_factory=dict)

    def read(self, purpose: str, *, older: bool) -> StatusList:
        """Its bits. Raises what `status_list.read_list` raises."""
        key = (purpose, older)
        if key not in self.bits:
            self.bits[key] = status_list.read_list(self.document, purpose, older=older)
        return self.bits[key]
