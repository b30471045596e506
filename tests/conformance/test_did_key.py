"""did:key of the Credentials Community Group: seeds, keys and identifiers."""

from __future__ import annotations

import json
from pathlib import Path

from laurea.credentials import keys


def test_identifiers_and_keys(conformance: Path) -> None:
    vectors = json.loads((conformance / "vectors" / "did-key" / "ed25519-x25519.json").read_bytes())
    assert vectors
    for did, vector in vectors.items():
        key = keys.SigningKey.from_seed(bytes.fromhex(vector["seed"])).verification_key
        pair = vector["verificationKeyPair"]
        assert keys.did_key(key) == did
        assert f"{did}#{pair['id'].partition('#')[2]}" == keys.verification_method(did, key)
        if "publicKeyBase58" in pair:
            assert keys.base58_encode(key.to_bytes()) == pair["publicKeyBase58"]
        document, expected = keys.did_key_document(did), vector["didDocument"]
        assert document["id"] == expected["id"]
        assert document["assertionMethod"] == [did + name.removeprefix(did) for name in expected["assertionMethod"]]
