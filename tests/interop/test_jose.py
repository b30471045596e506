"""VC-JWT with `jose` from npm, both ways."""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from laurea.credentials import jwt, keys, public_keys
from laurea.credentials.errors import LaureaError
from laurea.credentials.verification import Materials, Verdict, verify

from .conftest import DID, NOW, RICH, SEED, Peers

pytestmark = pytest.mark.interop


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


PUBLIC = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()
CLAIMS = {
    "iss": DID,
    "jti": RICH["id"],
    "nbf": int(datetime.fromisoformat(RICH["validFrom"]).timestamp()),
    "exp": int(datetime.fromisoformat(RICH["validUntil"]).timestamp()),
    "sub": RICH["credentialSubject"]["id"],
}
JWK = {"kty": "OKP", "crv": "Ed25519", "x": base64url(PUBLIC)}


def changed(token: str) -> Iterator[str]:
    """A few hundred changed tokens. The last character stays: half of its bits mean nothing to a lenient reader."""
    for position in range(0, len(token) - 1, len(token) // 300):
        if token[position] != ".":
            yield token[:position] + ("A" if token[position] != "A" else "B") + token[position + 1 :]


@pytest.fixture(scope="module")
def token(key: keys.SigningKey) -> str:
    return jwt.sign(copy.deepcopy(RICH), key, verification_method=keys.verification_method(DID, key.verification_key))


def read_by_jose(peers: Peers, text: str) -> dict[str, Any]:
    return peers.ask("verifyJwt", jwt=text, jwk=JWK, now=NOW, options={"issuer": DID, "subject": "did:example:holder"})


def test_jose_reads_ours(peers: Peers, key: keys.SigningKey, token: str) -> None:
    answer = read_by_jose(peers, token)
    assert answer["header"] == {
        "alg": "EdDSA",
        "typ": "JWT",
        "kid": keys.verification_method(DID, key.verification_key),
    }
    assert {name: answer["payload"][name] for name in RICH} == RICH
    assert {name: answer["payload"][name] for name in answer["payload"] if name not in RICH} == CLAIMS


def test_a_changed_token_is_refused_by_both(peers: Peers, key: keys.SigningKey, token: str) -> None:
    def ours(text: str) -> bool:
        try:
            jwt.verify(jwt.read(text), key.verification_key)
        except LaureaError:
            return False
        return True

    assert ours(token)
    assert [text for text in changed(token) if ours(text) or "payload" in read_by_jose(peers, text)] == []


def test_ours_reads_joses(peers: Peers, key: keys.SigningKey) -> None:
    header = {"alg": "EdDSA", "typ": "JWT", "kid": keys.verification_method(DID, key.verification_key)}
    theirs = peers.ask("signJwt", payload={**RICH, **CLAIMS}, header=header, jwk={**JWK, "d": base64url(SEED)})["jwt"]
    read = jwt.read(theirs)
    jwt.verify(read, key.verification_key)
    assert read.credential() == RICH


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA", "Ed25519"])
def test_ours_reads_joses_of_every_kind(peers: Peers, algorithm: str) -> None:
    pair = peers.ask("generateKey", alg=algorithm)
    header = {"alg": algorithm, "typ": "JWT", "kid": f"{DID}#k"}
    theirs = peers.ask("signJwt", payload={**RICH, **CLAIMS}, header=header, jwk=pair["privateJwk"])["jwt"]
    public = {name: value for name, value in pair["publicJwk"].items() if name != "alg"}
    key = public_keys.from_jwk(public)
    jwt.verify(jwt.read(theirs), key)
    method = {"id": f"{DID}#k", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": public}
    materials = Materials(did_documents={DID: {"id": DID, "assertionMethod": [method]}})
    assert verify(theirs, materials, now=datetime.fromisoformat(NOW)).verdict is Verdict.GENUINE
    for text in changed(theirs):
        assert verify(text, materials, now=datetime.fromisoformat(NOW)).verdict is not Verdict.GENUINE
