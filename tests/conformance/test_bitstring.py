"""The example of the Bitstring Status List recommendation, and bits at its edges."""

from __future__ import annotations

import json
from pathlib import Path

from laurea.credentials.status_list import StatusList


def test_the_vectors_are_read(conformance: Path) -> None:
    vectors = json.loads((conformance / "vectors" / "bitstring" / "vectors.json").read_text())
    assert len(vectors) == 2
    for vector in vectors:
        found = StatusList.decode(vector["encodedList"])
        assert len(found.bits) == vector["bytes"]
        assert found == StatusList.empty(vector["bytes"] * 8).set(vector["setBits"])
        assert StatusList.decode(found.encode()) == found
