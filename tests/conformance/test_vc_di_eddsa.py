"""Data Integrity EdDSA Cryptosuites: every intermediate step of its appendix, byte for byte."""

from __future__ import annotations

import copy
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from laurea.credentials import canonical, keys, proof
from laurea.credentials.errors import ProofError

CONTEXTS = {
    "https://www.w3.org/ns/credentials/examples/v2": "examples_v2.json",
    "https://w3id.org/citizenship/v4rc1": "citizenship_v4rc1.json",
    "https://w3id.org/security/suites/ed25519-2020/v1": "w3id.org_security_suites_ed25519_2020_v1.json",
}
ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"


@pytest.fixture(scope="module")
def vectors(conformance: Path) -> Path:
    return conformance / "vectors" / "vc-di-eddsa"


@pytest.fixture(scope="module")
def more(conformance: Path) -> dict[str, Any]:
    """Contexts that the vectors use and credentials must not."""
    return {url: read(conformance / "contexts" / name) for url, name in CONTEXTS.items()}


def read(path: Path) -> Any:
    return json.loads(path.read_bytes())


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def signing_key(pair: dict[str, str]) -> keys.SigningKey:
    """A private Multikey: two bytes of prefix, then the seed."""
    return keys.SigningKey.from_seed(keys.base58_decode(pair["privateKeyMultibase"][1:])[2:])


def key_of(signed_proof: dict[str, str]) -> keys.VerificationKey:
    return keys.VerificationKey.from_multikey(signed_proof["verificationMethod"].partition("#")[2])


@pytest.mark.parametrize(
    ("folder", "suffix", "source"),
    [
        ("eddsa-rdfc-2022", "DataInt", "unsigned.json"),
        ("eddsa-rdfc-2022/employ", "DataInt", "employmentAuth.json"),
        ("eddsa-jcs-2022", "JCS", "unsigned.json"),
    ],
)
def test_every_step(vectors: Path, more: dict[str, Any], folder: str, suffix: str, source: str) -> None:
    place = vectors / folder
    document, options = read(vectors / source), read(place / f"proofConfig{suffix}.json")
    is_jcs = suffix == "JCS"

    def canon(value: Any) -> str:
        return canonical.jcs(value).decode() if is_jcs else canonical.n_quads(value, more_contexts=more)

    assert canon(document) == text(place / f"canonDoc{suffix}.txt")
    assert canon(options) == text(place / f"proofCanon{suffix}.txt")
    data = proof.hash_data(document, options, more_contexts=more)
    assert data[:32].hex() == text(place / f"proofHash{suffix}.txt")
    assert data[32:].hex() == text(place / f"docHash{suffix}.txt")
    assert data.hex() == text(place / f"combinedHash{suffix}.txt")

    signed = read(place / f"signed{suffix}.json")
    verification_key = key_of(signed["proof"])
    value = "z" + keys.base58_encode(bytes.fromhex(text(place / f"sigHex{suffix}.txt")))
    assert value == text(place / f"sigBTC58{suffix}.txt") == signed["proof"]["proofValue"]
    pair = read(vectors / "keyPair.json")
    if verification_key.multikey == pair["publicKeyMultibase"]:
        assert "z" + keys.base58_encode(signing_key(pair).sign(data)) == value
    proof.verify_proof(signed, signed["proof"], verification_key, more_contexts=more)


def test_the_older_signature_has_the_same_canonical_forms(vectors: Path, more: dict[str, Any]) -> None:
    """Ed25519Signature2020 is not verified here, but its documents and hashes are made by the same means."""
    place = vectors / "Ed25519Signature2020"
    signed, options = read(place / "signedEdSig.json"), read(place / "proofConfigEdSig.json")
    document = {name: value for name, value in signed.items() if name != "proof"}
    forms = [canonical.n_quads(value, more_contexts=more) for value in (options, document)]
    assert forms == [text(place / "proofCanonEdSig.txt"), text(place / "canonDocEdSig.txt")]
    hashes = [sha256(form.encode()).hexdigest() for form in forms]
    assert hashes == [text(place / "proofHashEdSig.txt"), text(place / "docHashEdSig.txt")]
    assert "".join(hashes) == text(place / "combinedHashEdSig.txt")
    signature = bytes.fromhex(text(place / "sigHexEdSig.txt"))
    assert key_of(signed["proof"]).verify(signature, bytes.fromhex("".join(hashes)))
    with pytest.raises(ProofError) as raised:
        proof.verify_proof(signed, signed["proof"], key_of(signed["proof"]), more_contexts=more)
    assert raised.value.code == "proof.unsupported"


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("signedProofSet1.json", 1),
        ("signedProofSet2.json", 2),
        ("signedProofChain1.json", 3),
        ("signedProofChain2.json", 4),
    ],
)
def test_proof_sets_and_chains(vectors: Path, more: dict[str, Any], name: str, count: int) -> None:
    signed = read(vectors / "proof-set-chain" / name)
    proofs = signed["proof"] if isinstance(signed["proof"], list) else [signed["proof"]]
    assert len(proofs) == count
    for item in proofs:
        proof.verify_proof(signed, item, key_of(item), more_contexts=more)


def test_a_chain_breaks_when_a_proof_before_it_changes(vectors: Path, more: dict[str, Any]) -> None:
    signed = read(vectors / "proof-set-chain" / "signedProofChain2.json")
    first, _, third, fourth = signed["proof"]
    changed = copy.deepcopy(signed)
    changed["proof"][0]["created"] = "2023-02-24T23:36:39Z"
    with pytest.raises(ProofError) as altered:
        proof.verify_proof(changed, third, key_of(third), more_contexts=more)
    assert altered.value.code == "proof.signature"
    proof.verify_proof(changed, fourth, key_of(fourth), more_contexts=more)
    del changed["proof"][0]
    with pytest.raises(ProofError) as missing:
        proof.verify_proof(changed, third, key_of(third), more_contexts=more)
    assert missing.value.code == "proof.malformed"
    proof.verify_proof(signed, first, key_of(first), more_contexts=more)
