"""Digital Bazaar's npm libraries judge ours, and we judge theirs. JSON-LD safe mode is on, as they ship it."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from laurea.credentials import keys, proof
from laurea.credentials.status_list import StatusList

from .conftest import DID, NOW, RICH, SEED, SUITES, Issued, Peers
from .flips import compact, flips

pytestmark = pytest.mark.interop


def test_every_issued_credential_verifies(informed: Peers, issued: Issued) -> None:
    assert len(issued.credentials) == 6
    assert [informed.content(path.read_bytes(), status=True) for path in issued.credentials] == [True] * 6


def test_every_issued_credential_without_an_address_verifies(peers: Peers, issued_without_address: Issued) -> None:
    assert [peers.content(path.read_bytes()) for path in issued_without_address.credentials] == [True] * 6


@pytest.mark.parametrize("suite", SUITES)
def test_each_proof_verifies_alone(peers: Peers, rich: dict[str, Any], suite: str) -> None:
    alone = {**rich, "proof": next(each for each in rich["proof"] if each["cryptosuite"] == suite)}
    answer = peers.ask("verify", credential=alone, suites=[suite], now=NOW)
    assert answer["proofs"] == {suite: True}


def test_the_rich_document_verifies(peers: Peers, rich: dict[str, Any]) -> None:
    assert peers.content(rich)


def test_no_flipped_byte_of_an_issued_credential_survives(informed: Peers, issued: Issued) -> None:
    text = issued.credentials[0].read_bytes()
    assert [position for position, changed in flips(text, step=len(text) // 250) if informed.content(changed)] == []


def test_no_flipped_byte_of_the_rich_document_survives(peers: Peers, rich: dict[str, Any]) -> None:
    text = compact(rich)
    assert [position for position, changed in flips(text, step=len(text) // 250) if peers.content(changed)] == []


def test_the_status_list_reads_the_same(informed: Peers, issued: Issued) -> None:
    (path,) = issued.status_lists
    status_list = json.loads(path.read_bytes())
    assert informed.content(status_list)
    ours = StatusList.decode(status_list["credentialSubject"]["encodedList"]).set([5, 131071])
    theirs = informed.ask("statusList", encodedList=ours.encode(), indexes=[0, 4, 5, 6, 131070, 131071])
    assert theirs == {"length": len(ours), "set": [5, 131071]}


def test_a_revoked_credential_is_seen_as_revoked(informed: Peers, issued: Issued, tmp_path: Path) -> None:
    folder = shutil.copytree(issued.folder, tmp_path / "out")
    gone, stays = (json.loads(path.read_bytes()) for path in issued.credentials[:2])
    command = [sys.executable, "-m", "laurea", "revoke", str(folder), issued.credentials[0].stem, "--yes"]
    key_file = issued.folder.parent / "key.pem"
    subprocess.run([*command, "--key", str(key_file)], cwd=tmp_path, check=True, capture_output=True)
    before, after = (json.loads((each / issued.status_lists[0].name).read_bytes()) for each in (issued.folder, folder))

    def revoked(credential: dict[str, Any]) -> list[bool]:
        status = informed.ask("verify", credential=credential, now=NOW, status=True)["status"]
        assert isinstance(status, list)
        return status

    assert revoked(gone) == [False]
    informed.ask("know", documents={after["id"]: after})
    try:
        assert (revoked(gone), revoked(stays)) == ([True], [False])
    finally:
        informed.ask("know", documents={before["id"]: before})


def test_their_status_list_reads_the_same(peers: Peers) -> None:
    encoded = peers.ask("statusList", length=131072, indexes=[0, 7, 8, 131071])["encodedList"]
    ours = StatusList.decode(encoded)
    assert [index for index in range(131072) if ours.get(index)] == [0, 7, 8, 131071]


@pytest.mark.parametrize("suites", [[SUITES[0]], [SUITES[1]], SUITES])
def test_their_signatures_verify_in_ours(peers: Peers, key: keys.SigningKey, suites: list[str]) -> None:
    signed = peers.ask("sign", credential=copy.deepcopy(RICH), seed=SEED.hex(), controller=DID, suites=suites)[
        "credential"
    ]
    proofs = signed["proof"] if isinstance(signed["proof"], list) else [signed["proof"]]
    assert [each["cryptosuite"] for each in proofs] == suites
    for each in proofs:
        proof.verify_proof(signed, each, key.verification_key)


AWKWARD = [
    "plain",
    'quotes " and \\ and / and <b>',
    "tab\tnewline\nreturn\rform\fbackspace\b",
    "".join(map(chr, range(1, 32))) + "\u007f\u0080\u009f",
    "אב \u202eعربي\u202c \u200f",
    "e\u0301 \u00e9 \u2028 \u2029 \ufeff \ufffd \U0001f393 \U0010fffd",
    "long " * 4000,
]


@pytest.mark.parametrize("text", AWKWARD)
def test_same_key_same_moment_same_signature(peers: Peers, key: keys.SigningKey, text: str) -> None:
    """Ed25519 is deterministic: the same canonical bytes give the same proof, character for character."""
    document = copy.deepcopy(RICH)
    document["description"] = document["credentialSubject"]["identifier"][0]["identityHash"] = text
    created = datetime(2026, 2, 1, 8, tzinfo=UTC)
    ours = proof.sign(
        document, key, verification_method=keys.verification_method(DID, key.verification_key), created=created
    )
    theirs = peers.ask(
        "sign",
        credential=document,
        seed=SEED.hex(),
        controller=DID,
        suites=SUITES,
        created="2026-02-01T08:00:00Z",
    )["credential"]
    assert [each["proofValue"] for each in theirs["proof"]] == [each["proofValue"] for each in ours["proof"]]


def test_numbers_that_are_signed_are_the_same_to_them(peers: Peers, key: keys.SigningKey) -> None:
    """Small ones, fractions of sixteen digits, the largest: whatever is not refused before it is signed."""
    method = keys.verification_method(DID, key.verification_key)
    for number in (1, 1.0, -7, 0.1, 123456.789, 1e-6, 1.5e-7, 99999999999.5, 671489916324738.1, 1e15, 2**53 - 1):
        document = copy.deepcopy(RICH)
        document["credentialSubject"]["creditsEarned"] = number
        created = datetime(2026, 2, 1, 8, tzinfo=UTC)
        assert peers.content(proof.sign(document, key, verification_method=method, created=created)), number


def test_rare_characters_are_in_another_order_for_them(peers: Peers, key: keys.SigningKey) -> None:
    """RDFC-1.0 sorts by code point, JavaScript by UTF-16. docs/how-to/verify-with-other-software.md says so."""
    document = copy.deepcopy(RICH)
    document["credentialSubject"]["achievement"]["tag"] = ["\U0001f393", "\uff01"]
    method = keys.verification_method(DID, key.verification_key)
    signed = proof.sign(document, key, verification_method=method, created=datetime(2026, 2, 1, 8, tzinfo=UTC))
    proofs = peers.ask("verify", credential=signed, now=NOW)["proofs"]
    assert proofs == {"eddsa-rdfc-2022": False, "eddsa-jcs-2022": True}
