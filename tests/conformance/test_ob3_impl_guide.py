"""The signed example of 1EdTech's implementation guide, step by step."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from laurea.credentials import canonical, keys, proof


def test_every_step(conformance: Path) -> None:
    folder = conformance / "vectors" / "ob3-impl-guide"
    vector = json.loads((folder / "vector.json").read_bytes())
    document, expected = vector["credential"], vector["proof"]
    options = {name: value for name, value in expected.items() if name != "proofValue"}
    key = keys.SigningKey.from_seed(bytes.fromhex(vector["privateKeyHex"])[:32])
    assert key.verification_key.to_bytes().hex() == vector["publicKeyHex"]
    assert key.verification_key.multikey == vector["publicKeyMultibase"]

    assert canonical.n_quads(document) == (folder / "document-canon.txt").read_text(encoding="utf-8")
    configuration = canonical.n_quads({"@context": document["@context"], **options})
    assert configuration == (folder / "proof-canon.txt").read_text(encoding="utf-8")
    assert sha256(configuration.encode()).hexdigest() == vector["proofHash"]

    data = proof.hash_data(document, options)
    assert data.hex() == vector["proofHash"] + vector["documentHash"]
    signature = key.sign(data)
    assert signature.hex() == vector["signatureHex"]
    assert "z" + keys.base58_encode(signature) == expected["proofValue"]
    proof.verify_proof({**document, "proof": [expected]}, expected, key.verification_key)
