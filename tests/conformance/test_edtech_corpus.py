"""The credentials that 1EdTech's public validator is tested with, each judged by the rules of its own standard.

Open Badges 3.0 on Verifiable Credentials 2.0 agree with the strict verdict; on 1.1, and Open Badges 2.0, with what
1EdTech's validator says. Most issuers of version 3.0 in it are plain addresses whose keys stand in the fragment of the
verification method. Laurea never takes a key from there, so the test does what a person would who got the key from the
issuer: it hands over a document that lists it.
"""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from laurea.credentials import assertions, baking, base64url, jwt
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
    """Documents with the keys that proofs and tokens name, each under the identifier that a person would ask."""
    if jwt.looks_like_token(text):
        header, payload = (json.loads(base64url.decode(part.decode()) or b"{}") for part in text.split(b".")[:2])
        owner = payload.get("iss", "")
        method = {"id": f"{owner}#token", "type": "JsonWebKey", "controller": owner, "publicKeyJwk": header.get("jwk")}
        return {owner: {"id": owner, "assertionMethod": [method]}}
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
        documents=revoked(text),
    )
    return verify(text, materials, now=NOW)


def revoked(text: bytes) -> dict[str, Document]:
    """What 1EdTech's server says of the one credential in the corpus with a list there: it was revoked."""
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    entry = {"id": document.get("id"), "revoked": True}
    issuer = document.get("issuer")
    issuer = issuer.get("id") if isinstance(issuer, dict) else issuer
    return {name: {"id": name, "issuer": issuer, "revokedCredential": [entry]} for name in needs(text).documents}


def served(corpus: Path, text: bytes) -> Materials:
    """What example.org answers about an Open Badge 2.0: the corpus' assets, and the assertion itself."""
    documents: dict[str, Document] = {}
    for path in (corpus / "ob20" / "assets").glob("*.json"):
        with contextlib.suppress(ValueError):
            documents[f"https://example.org/{path.name}"] = json.loads(path.read_bytes())
    if not jwt.looks_like_token(text):
        assertion = json.loads(text)
        documents[assertions.address_of(assertion.get("id")) or ""] = assertion
    return Materials(documents=documents)


def accepted(report: Report) -> bool:
    no_failure = all(check.outcome is not Outcome.FAILED for check in report.checks)
    proofs = [check.outcome for check in report.checks if check.id.startswith("proof.")]
    return no_failure and bool(proofs) and set(proofs) == {Outcome.PASSED}


def expectation(case: dict[str, Any]) -> str:
    """For Verifiable Credentials 1.1 1EdTech's own outcome, in which a warning is no refusal; else the strict one."""
    if "VCDM 1.1" not in case.get("note", ""):
        return str(case["strict"])
    return "reject" if case["edtech"]["outcome"] == "invalid" else "accept"


def test_every_judged_case_agrees(corpus: Path, cases: list[dict[str, Any]]) -> None:
    expected = {case["file"]: expectation(case) for case in cases if case["strict"] is not None}
    older = [case["file"] for case in cases if "VCDM 1.1" in case.get("note", "")]
    reports = {name: judged(corpus, name) for name in expected}
    assert (len(expected), len(older)) == (43, 7)
    assert {name: "accept" if accepted(report) else "reject" for name, report in reports.items()} == expected
    genuine = {name for name, report in reports.items() if report.verdict is Verdict.GENUINE}
    assert genuine == {name for name, expected in expected.items() if expected == "accept"}


NO_ASSERTIONS = ("ob20/assets/", "ob20/rdf-validation/", "ob20/issuer-compact-iri-validation.json")
"""Badge classes and issuers alone: nobody holds one, so there is nothing to judge."""


def test_open_badges_2_agree_with_1edtech(corpus: Path, cases: list[dict[str, Any]]) -> None:
    outcomes = {case["file"]: case["edtech"]["outcome"] for case in cases if case["file"].startswith("ob20/")}
    judged_here = {name for name in outcomes if not name.startswith(NO_ASSERTIONS)}
    assert len(judged_here) == 24
    texts = {name: text_of(corpus / name) for name in judged_here}
    reports = {name: verify(text, served(corpus, text), now=NOW) for name, text in texts.items()}
    genuine = {name for name, report in reports.items() if report.verdict is Verdict.GENUINE}
    assert genuine == {name for name in judged_here if outcomes[name] != "invalid"}


@pytest.mark.parametrize(
    ("name", "check", "message"),
    [
        ("complete_v1.json", "period", "period.expired"),
        ("credential-status-revoked.json", "status", "status.revoked"),
        ("velocity.jwt", "terms", "terms.contexts"),
        ("simple-did-key-method.json", "issuer-key", "issuer-key.foreign"),
        ("simple-did-web-method.json", "structure", "structure.failed"),
        ("simple-multiple-proofs.json", "terms", "terms.failed"),
        ("simple-jwt.png", "format", "format.failed"),
        ("simple-noproof.json", "structure", "structure.unsigned"),
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


@pytest.mark.parametrize(
    ("name", "check", "message"),
    [
        ("basic-assertion-invalid-context.json", "structure", "terms.contexts"),
        ("basic-assertion-invalid-type.json", "structure", "structure.assertion-failed"),
        ("assertion-with-data-image.json", "structure", "structure.assertion-failed"),
        ("basic-assertion-with-allowed-origins-invalid-starts-with.json", "origin", "origin.failed"),
        ("basic-assertion-expired.json", "period", "period.expired"),
        ("basic-assertion-in-future.json", "period", "period.early"),
        ("simple-revoked.jwt", "status", "status.revoked"),
    ],
)
def test_an_open_badge_2_is_rejected_for_its_own_reason(corpus: Path, name: str, check: str, message: str) -> None:
    text = text_of(corpus / "ob20" / name)
    report = verify(text, served(corpus, text), now=NOW)
    assert {found.id: found.message for found in report.checks}[check] == message


def test_the_whole_corpus_gives_reports(corpus: Path) -> None:
    """Learner records, badge classes, pictures of robots: whatever it is, it is judged; with nothing at hand, it is
    never genuine."""
    for path in sorted(corpus.rglob("*")):
        if path.is_file() and path.relative_to(corpus).parts[0] in ("ob20", "clr20"):
            assert verify(path.read_bytes(), Materials(), now=NOW).verdict is not Verdict.GENUINE
