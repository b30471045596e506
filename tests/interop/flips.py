"""Credentials with one byte changed, for verifiers to refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator


def flips(text: bytes, *, first: int = 0, step: int = 1) -> Iterator[tuple[int, bytes]]:
    """Every `step`-th byte of a credential from `first` on, changed by one bit, where that changes what the JSON says.

    The bit goes round with the position, so letters become other letters, capitals, quotes, control characters and
    broken UTF-8. A change that no reader of JSON can see (a space for a tab, one escape for another) is left out.
    """
    meaning = json.loads(text)
    for position in range(first, len(text), step):
        changed = bytearray(text)
        changed[position] ^= 1 << (position // step) % 8
        try:
            if json.loads(changed.decode()) == meaning:
                continue
        except ValueError:
            pass  # no JSON any more: to be refused all the more
        yield position, bytes(changed)


def compact(document: object) -> bytes:
    """The text in which every byte says something."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
