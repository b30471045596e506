"""The credentials that 1EdTech's public validator is tested with: every judged case agrees with the strict verdict.

Most of their issuers are plain addresses whose keys stand in the fragment of the verification method. Laurea never
takes a key from there, so the test does what a person would who got the key from the issuer: it hands over a document
that lists it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from laurea.credentials import baking
from laurea.credentials.document import Document
from laurea.credentials.verification import Materials, Outcome, Report, Verdict, needs, verify

NOW = datetime(2026, 6, 1, tzinfo=UTC)
"""After all that is valid began, before it ends (2030)."""

STATUS_LIST = "ob30/bit-string-list/testlist"


@pytest.fixture(scope="module")
def corpus(conformance: Path) -> Path:
    return conformance / "1edtech-corpus"


@pytest.fixture(scope="module")
def cases(corpus: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((corpus / "expected.json").read_text())["cases"]
    return found


def text_of(path: Path) -> bytes:
    data = path.read_bytes()
    return baking.extract(data).text if path.suffix in (".png", ".svg") else data


def handed_over(text: bytes) -> dict[str, Document]:
    """Documents with the keys that the proofs name, each under the identifier before the fragment."""
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    proofs = document.get("proof", [])
    methods = [item.get("verificationMethod", "") for item in (proofs if isinstance(proofs, list) else [proofs])]
    documents: dict[str, Document] = {}
    for method in methods:
        owner, _, key = method.partition("#")
        entry: Document = {"id": method, "type": "Multikey", "controller": owner, "publicKeyMultibase": key}
        documents[owner] = {"id": owner, "assertionMethod": [entry]}
    return documents


def judged(corpus: Path, name: str) -> Report:
    text = text_of(corpus / name)
    status_list = text_of(corpus / STATUS_LIST)
    materials = Materials(
        did_documents=handed_over(status_list) | handed_over(text),
        status_lists={address: status_list.decode() for address in needs(text).status_lists},
    )
    return verify(text, materials, now=NOW)


def accepted(report: Report) -> bool:
    no_failure = all(check.outcome is not Outcome.FAILED for check in report.checks)
    proofs = [check.outcome for check in report.checks if check.id.startswith("proof.")]
    return no_failure and bool(proofs) and set(proofs) == {Outcome.PASSED}


def test_every_judged_case_agrees(corpus: Path, cases: list[dict[str, Any]]) -> None:
    strict = {case["file"]: case["strict"] for case in cases if case["strict"] is not None}
    reports = {name: judged(corpus, name) for name in strict}
    assert len(strict) == 43
    assert {name: "accept" if accepted(report) else "reject" for name, report in reports.items()} == strict
    genuine = {name for name, report in reports.items() if report.verdict is Verdict.GENUINE}
    assert genuine == {name for name, expected in strict.items() if expected == "accept"}


@pytest.mark.parametrize(
    ("name", "check", "message"),
    [
        ("simple_v1.json", "structure", "structure.older"),
        ("simple-did-key-method.json", "issuer-key", "issuer-key.foreign"),
        ("simple-did-web-method.json", "structure", "structure.failed"),
        ("simple-multiple-proofs.json", "terms", "terms.failed"),
        ("simple-jwt.png", "format", "format.failed"),
        ("simple-noproof.json", "structure", "structure.older"),
        ("simple-err-type.json", "structure", "structure.other-class"),
        ("simple-err-proof-method-unknown-did-method.json", "issuer-key", "issuer-key.foreign"),
        ("simple-err-proof-value.json", "proof.1", "proof.failed"),
        ("simple-err-expired.json", "period", "period.expired"),
        ("simple-err-context.json", "terms", "terms.contexts"),
        ("simple-err-issued.json", "period", "period.early"),
        ("sd/derivedcredential.json", "proof.1", "proof.unsupported"),
    ],
)
def test_a_case_is_rejected_for_its_own_reason(corpus: Path, name: str, check: str, message: str) -> None:
    assert {found.id: found.message for found in judged(corpus, f"ob30/{name}").checks}[check] == message


def test_the_whole_corpus_gives_reports(corpus: Path) -> None:
    """Open Badges 2.0, learner records, pictures of robots: whatever it is, it is judged and never genuine here."""
    for path in sorted(corpus.rglob("*")):
        if path.is_file() and path.relative_to(corpus).parts[0] in ("ob20", "clr20"):
            assert verify(path.read_bytes(), Materials(), now=NOW).verdict is Verdict.MALFORMED
