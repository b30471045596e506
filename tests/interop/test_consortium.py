"""The Digital Credentials Consortium's verifier-core, which reads the eddsa-rdfc-2022 proof of our set."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Issued, Peers

pytestmark = pytest.mark.interop


def signature(answer: dict[str, Any]) -> dict[str, Any]:
    """The steps it reports, by name."""
    return {step["id"]: step.get("valid") for step in answer.get("log") or []}


def test_issued_credentials_verify_with_their_status(informed: Peers, issued: Issued) -> None:
    for path in issued.credentials:
        steps = signature(informed.ask("consortium", credential=json.loads(path.read_bytes())))
        assert steps["valid_signature"] is True
        assert steps["expiration"] is True
        assert steps["revocation_status"] is True


def test_credentials_of_an_issuer_without_address_verify(peers: Peers, issued_without_address: Issued) -> None:
    for path in issued_without_address.credentials:
        steps = signature(peers.ask("consortium", credential=json.loads(path.read_bytes())))
        assert steps["valid_signature"] is True


def test_a_changed_one_does_not(peers: Peers, issued: Issued) -> None:
    changed = json.loads(issued.credentials[0].read_bytes())
    changed["credentialSubject"]["achievement"]["name"] += "!"
    assert peers.ask("consortium", credential=changed)["errors"] == ["invalid_signature"]


def test_added_text_that_no_proof_covers_is_an_error(peers: Peers, issued: Issued) -> None:
    changed = json.loads(issued.credentials[0].read_bytes())
    changed["remark"] = "with distinction"
    assert peers.ask("consortium", credential=changed)["errors"] == ["jsonld.ValidationError"]
