"""RFC 8785: the inputs and outputs of its author."""

from __future__ import annotations

import json
from pathlib import Path

from laurea.credentials.canonical import jcs


def test_outputs(conformance: Path) -> None:
    folder = conformance / "vectors" / "jcs"
    names = sorted(path.name for path in (folder / "input").iterdir())
    assert len(names) == 6
    for name in names:
        value = json.loads((folder / "input" / name).read_bytes())
        assert jcs(value) == (folder / "output" / name).read_bytes(), name


def test_the_same_in_hexadecimal(conformance: Path) -> None:
    folder = conformance / "vectors" / "jcs"
    for path in sorted((folder / "outhex").iterdir()):
        value = json.loads((folder / "input" / path.with_suffix(".json").name).read_bytes())
        assert jcs(value) == bytes.fromhex(path.read_text(encoding="ascii")), path.name
