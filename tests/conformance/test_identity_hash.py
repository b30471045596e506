"""The identity hash of the Open Badges 3.0 specification's own example."""

from __future__ import annotations

import json
from pathlib import Path

from laurea.credentials.vocabulary import identity_hash


def test_the_vectors_are_hashed_alike(conformance: Path) -> None:
    vectors = json.loads((conformance / "vectors" / "identity-hash" / "vectors.json").read_text())
    assert len(vectors) == 1
    for vector in vectors:
        assert identity_hash(vector["identifier"], vector["salt"]) == vector["identityHash"]
