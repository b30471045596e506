"""The whole manifest of the RDFC-1.0 test suite: canonical forms, issued names, SHA-384, and poison."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from laurea.credentials.canonical import read_n_quads
from laurea.credentials.errors import CanonicalError
from laurea.credentials.rdfc import Canonical, canonicalise, sha256, sha384

HASHES: dict[str, Callable[[bytes], str]] = {"SHA256": sha256, "SHA384": sha384}


def run(folder: Path, entry: dict[str, str]) -> Canonical:
    """Canonicalise the input of an entry as it asks for."""
    text = (folder / entry["action"]).read_text(encoding="utf-8")
    return canonicalise(read_n_quads(text), hashing=HASHES[entry.get("hashAlgorithm", "SHA256")])


def entries(conformance: Path, kind: str) -> tuple[Path, list[dict[str, str]]]:
    """The entries of one type."""
    folder = conformance / "vectors" / "rdf-canon"
    manifest = json.loads((folder / "manifest.jsonld").read_text(encoding="utf-8"))["entries"]
    return folder, [entry for entry in manifest if entry["type"] == f"rdfc:{kind}"]


def test_the_manifest_is_covered(conformance: Path) -> None:
    kinds = ("RDFC10EvalTest", "RDFC10MapTest", "RDFC10NegativeEvalTest")
    counts = [len(entries(conformance, kind)[1]) for kind in kinds]
    folder = conformance / "vectors" / "rdf-canon"
    manifest = json.loads((folder / "manifest.jsonld").read_text(encoding="utf-8"))["entries"]
    assert all(counts)
    assert sum(counts) == len(manifest)


def test_canonical_forms(conformance: Path) -> None:
    folder, cases = entries(conformance, "RDFC10EvalTest")
    wrong = [
        entry["id"]
        for entry in cases
        if run(folder, entry).n_quads != (folder / entry["result"]).read_text(encoding="utf-8")
    ]
    assert wrong == []


def test_issued_names(conformance: Path) -> None:
    folder, cases = entries(conformance, "RDFC10MapTest")
    for entry in cases:
        expected = json.loads((folder / entry["result"]).read_text(encoding="utf-8"))
        assert run(folder, entry).names == expected, entry["id"]


def test_poison_is_given_up(conformance: Path) -> None:
    folder, cases = entries(conformance, "RDFC10NegativeEvalTest")
    for entry in cases:
        with pytest.raises(CanonicalError) as raised:
            run(folder, entry)
        assert raised.value.code == "canonical.poison"
