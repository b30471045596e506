"""The forgeries of `test_mutations`, handed to the page that verifies alone: it lets none through either."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from tests.hostile.test_mutations import Original, forged, issued, list_of, meaning, same

from alone_programs import Alone, Refused

pytestmark = [pytest.mark.slow, pytest.mark.interop]

FORGERIES = 600

__all__ = ["issued"]


def judged(alone: Alone, file: Original) -> str:
    """The verdict; “refused” for a file in which nothing was found."""
    text = alone.text_in(file.data)
    if isinstance(text, Refused):
        return "refused"
    known = {"documents": dict(file.materials.did_documents), "lists": dict(file.materials.status_lists)}
    [verdict] = alone.verdicts([text], now=datetime.now(UTC).isoformat(), **known)
    return verdict


def test_no_forgery_is_genuine_alone(alone: Alone, issued: list[Original]) -> None:
    originals = [original for original in issued if original.name != "svg"]  # Node has no parser of XML
    assert {judged(alone, original) for original in originals} == {"genuine"}
    changed, let_through = 0, []
    for seed in range(FORGERIES):
        way, original, forgery = forged(seed, originals)
        verdict = judged(alone, forgery)
        if way in ("keys", "status"):
            is_same = way == "status" and same(list_of(forgery), list_of(original))
        else:
            is_same = verdict == "genuine" and same(meaning(forgery.data), meaning(original.data))
        changed += not is_same
        if verdict == "genuine" and not is_same:
            let_through.append((seed, way, original.name, json.dumps(meaning(forgery.data))[:500]))
    assert let_through == []
    assert changed > FORGERIES * 0.6
