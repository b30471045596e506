"""Receipts: what was signed comes back, and nothing else passes for it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from laurea.credentials import keys, receipt
from laurea.credentials.document import serialise
from laurea.credentials.keys import SigningKey
from laurea.credentials.receipt import ReceiptError, Result
from laurea.credentials.verification import Materials, Verdict, verify

KEY, NOW = SigningKey.from_seed(bytes(range(32))), datetime(2026, 11, 25, 10, 3, tzinfo=UTC)
RESULTS = (
    Result(
        "a.pdf",
        Verdict.GENUINE,
        NOW,
        kind="pdf",
        file="ab" * 32,
        credential="cd" * 32,
        claims={"holder": "Ada Łovelace", "issuer": "did:web:badges.example.org"},
        checks={"format": "passed", "status": "unknown"},
        current="https://badges.example.org/c/7K3M9QXR2V5T8WHF",
    ),
    Result("7K3M-9QXR-2V5T-8WHF", Verdict.CANNOT_TELL, NOW, problem="code.not-found"),
    Result("b.png", Verdict.GENUINE, NOW),
)


def document(results: tuple[Result, ...] = RESULTS) -> dict[str, Any]:
    return receipt.sign(
        results, KEY, identifier="urn:uuid:1", address="https://badges.example.org", software="Laurea 1", made=NOW
    )


def refusal(text: bytes | str) -> str:
    with pytest.raises(ReceiptError) as caught:
        receipt.read(text)
    return caught.value.code


def test_it_comes_back_as_it_was_signed() -> None:
    found = receipt.read(serialise(document()))
    assert found.results == RESULTS
    assert (found.identifier, found.address, found.software) == ("urn:uuid:1", "https://badges.example.org", "Laurea 1")
    assert (found.made, found.key) == (NOW, KEY.verification_key)
    assert found.counted() == [("cannot tell", 1), ("replaced", 1), ("genuine", 1)]
    assert document()["summary"] == {"judged": 3, "verdicts": {"cannot tell": 1, "genuine": 2}}


def _at(*path: str | int) -> Callable[[dict[str, Any], Any], None]:
    def put(made: dict[str, Any], value: Any) -> None:
        place: Any = made
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return put


@pytest.mark.parametrize(
    ("change", "value"),
    [
        (_at("results", 1, "verdict"), "genuine"),
        (_at("results", 0, "input"), "b.pdf"),
        (_at("results", 0, "credential", "holder"), "Eve"),
        (_at("results", 0, "more"), "x"),
        (_at("madeAt"), "2027-11-25T10:03:00Z"),
        (_at("madeBy", "address"), "https://elsewhere.example"),
        (_at("summary", "judged"), 4),
        (_at("proof", "created"), "2027-11-25T10:03:00Z"),
        (_at("proof", "proofValue"), "z" + "1" * 64),
        (_at("proof", "verificationMethod"), f"did:key:{KEY.verification_key.multikey}#x"),
        (_at("proof", "cryptosuite"), "eddsa-rdfc-2022"),
        (_at("proof"), None),
        (_at("proof"), []),
    ],
)
def test_whatever_is_changed_afterwards(change: Callable[[dict[str, Any], Any], None], value: Any) -> None:
    made = json.loads(serialise(document()))
    change(made, value)
    assert refusal(json.dumps(made)) == "receipt.altered"


def test_another_key_is_told_by_the_receipt() -> None:
    made = json.loads(serialise(document()))
    other = SigningKey.from_seed(bytes(32)).verification_key
    made["proof"]["verificationMethod"] = keys.verification_method(keys.did_key(other), other)
    assert refusal(json.dumps(made)) == "receipt.altered"


@pytest.mark.parametrize("text", ["", "{}", "[]", "x", '{"laurea": "trust list", "version": 1, "issuers": []}'])
def test_what_is_no_receipt(text: str) -> None:
    assert refusal(text) == "receipt.none"


def test_one_of_a_later_kind() -> None:
    assert refusal(serialise({**document(), "version": 2})) == "receipt.none"


def test_it_is_no_credential() -> None:
    report = verify(serialise(document()), Materials(), now=NOW)
    assert report.verdict is Verdict.MALFORMED


def test_the_program_in_the_documentation(root: Path, tmp_path: Path) -> None:
    page = (root / "docs" / "reference" / "receipts.md").read_text("utf-8")
    [program] = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "check.py").write_text(program, "utf-8")
    for text, code in ((serialise(document()), 0), (serialise(document()).replace("a.pdf", "b.pdf"), 1)):
        (tmp_path / "receipt.json").write_text(text, "utf-8")
        done = subprocess.run(
            [sys.executable, "check.py", "receipt.json"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert (done.returncode, "signed by" in done.stdout) == (code, code == 0)
