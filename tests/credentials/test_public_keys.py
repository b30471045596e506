"""Keys of other issuers, in every way to write them, and tokens signed with them, whoever the issuer is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from laurea.credentials import base64url, keys, public_keys
from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.keys import SigningKey, base58_encode
from laurea.credentials.public_keys import P256Key, RsaKey
from laurea.credentials.verification import Materials, Needs, Report, Verdict, needs, verify

from .foreign_tokens import (
    CREDENTIAL,
    ED,
    HTTPS,
    JWKS,
    OTHER_P256,
    P256,
    RSA,
    WEB,
    did_document,
    jwk,
    multikey,
    number,
    pem,
    token,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def judge(text: str, materials: Materials) -> Report:
    return verify(text, materials, now=NOW)


def messages_of(report: Report) -> dict[str, str]:
    return {check.id: check.message for check in report.checks}


KEYS = [ED, RSA, P256]
KINDS = ["EdDSA", "RS256", "ES256"]


# Ways to write a key


@pytest.mark.parametrize("key", KEYS, ids=KINDS)
def test_a_key_is_the_same_however_it_is_written(key: Any) -> None:
    found = {public_keys.from_jwk(jwk(key)), public_keys.from_multikey(multikey(key))}
    if not isinstance(key, SigningKey):
        found.add(public_keys.from_pem(pem(key)))
    assert len(found) == 1


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"kty": "oct", "k": "AAAA"},
        jwk(ED, d="AAAA"),
        jwk(RSA, d="AAAA"),
        jwk(P256, d="AAAA"),
        jwk(ED, use="enc"),
        jwk(ED, key_ops=["sign"]),
        jwk(ED, x="AAAA"),
        jwk(P256, x=number(1, 32)),
        jwk(P256, y=None),
        jwk(P256, crv="P-384"),
        jwk(P256, crv="secp256k1"),
        jwk(RSA, e="AQ"),
        jwk(RSA, e="Ag"),
        jwk(RSA, n="AQAB"),
        jwk(RSA, n=base64url.encode(b"\xff" * 2_000)),
        jwk(RSA, e=base64url.encode(b"\xff" * 200)),
        jwk(RSA, n=jwk(RSA)["n"] + "="),
        jwk(RSA, crv="P-256"),
        {"kty": ["RSA"]},
    ],
    ids=range(20),
)
def test_what_is_no_key(written: Any) -> None:
    with pytest.raises(KeyMaterialError):
        public_keys.from_jwk(written)


@pytest.mark.parametrize(
    "text",
    ["", "z", "zDn", "x" * 10, "z" * 5_000, "z" + base58_encode(b"\x80\x24" + bytes(33)),
     "z" + base58_encode(b"\x85\x24" + b"0"), "z" + base58_encode(b"\x85\x24" + bytes.fromhex("3003020100"))],
    ids=range(8),
)  # fmt: skip
def test_what_is_no_multikey(text: str) -> None:
    with pytest.raises(KeyMaterialError):
        public_keys.from_multikey(text)


@pytest.mark.parametrize(
    "text", ["", "x", "-----BEGIN PRIVATE KEY-----", "é", "A" * 5_000, pem(RSA)[:100]], ids=range(6)
)
def test_what_is_no_pem(text: str) -> None:
    with pytest.raises(KeyMaterialError):
        public_keys.from_pem(text)


def test_short_keys_are_refused() -> None:
    short = rsa.generate_private_key(65537, 1024)  # noqa: S505
    for make in (lambda: RsaKey(short.public_key()), lambda: public_keys.from_pem(pem(short))):
        with pytest.raises(KeyMaterialError) as caught:
            make()
        assert caught.value.code == "key.weak"


def test_other_curves_are_refused() -> None:
    other = ec.generate_private_key(ec.SECP384R1())
    for make in (lambda: P256Key(other.public_key()), lambda: public_keys.from_pem(pem(other))):
        with pytest.raises(KeyMaterialError):
            make()


# did:web, did:key, https


@pytest.mark.parametrize("key", KEYS, ids=KINDS)
def test_did_web(key: Any) -> None:
    text = token(key, kid=f"{WEB}#k")
    for document in (
        did_document(key),
        did_document(key, type="Multikey", publicKeyMultibase=multikey(key), publicKeyJwk=None),
    ):
        report = judge(text, Materials(did_documents={WEB: document}))
        assert (report.verdict, messages_of(report)["issuer"]) == (Verdict.GENUINE, "issuer.domain")
    other = judge(text, Materials(did_documents={WEB: did_document(OTHER_P256)}))
    assert other.verdict is Verdict.ALTERED
    assert judge(text, Materials()).verdict is Verdict.CANNOT_TELL


@pytest.mark.parametrize("key", KEYS, ids=KINDS)
def test_did_key(key: Any) -> None:
    did = f"did:key:{multikey(key)}"
    report = judge(token(key, did, kid=f"{did}#{multikey(key)}"), Materials())
    assert (report.verdict, messages_of(report)["issuer-key"]) == (Verdict.ISSUER_UNKNOWN, "issuer-key.self")
    assert report.issuer == {"id": did, "key": multikey(key)[:200], "claimedName": "Example Academy"} or len(did) > 200
    vouched = judge(token(key, did, kid=f"{did}#{multikey(key)}"), Materials(trusted={did}))
    assert vouched.verdict is Verdict.GENUINE
    foreign = judge(token(OTHER_P256, did, kid=f"{did}#{multikey(OTHER_P256)}"), Materials())
    assert foreign.verdict is Verdict.ALTERED


def test_a_key_that_a_token_brings_along_counts_when_the_issuer_has_published_it() -> None:
    text = token(P256, jwk=jwk(P256))
    assert judge(text, Materials(did_documents={WEB: did_document(P256)})).verdict is Verdict.GENUINE
    stranger = judge(text, Materials(did_documents={WEB: did_document(OTHER_P256)}))
    assert messages_of(stranger)["issuer-key"] == "issuer-key.not-listed"
    assert stranger.verdict is Verdict.ALTERED
    assert judge(text, Materials()).verdict is Verdict.CANNOT_TELL
    both = token(P256, kid=f"{WEB}#k", jwk=jwk(P256))
    assert judge(both, Materials(did_documents={WEB: did_document(P256)})).verdict is Verdict.GENUINE
    two = judge(both, Materials(did_documents={WEB: did_document(OTHER_P256)}))
    assert messages_of(two)["issuer-key"] == "issuer-key.foreign"
    revoked = did_document(P256, revoked="2026-01-01T00:00:00Z")
    assert messages_of(judge(text, Materials(did_documents={WEB: revoked})))["issuer-key"] == "issuer-key.withdrawn"


PUBLISHED: list[tuple[str, dict[str, Any]]] = [
    (f"{HTTPS}#k", {HTTPS: did_document(P256, did=HTTPS)}),
    (f"{HTTPS}/jwks.json#k", {f"{HTTPS}/jwks.json": {"keys": [jwk(P256, kid="k"), jwk(RSA, kid="r")]}}),
    (f"{JWKS}#k", {JWKS: {"keys": [jwk(P256, kid="k")]}}),
    (JWKS, {JWKS: {"keys": [jwk(P256, kid=JWKS)]}}),
    (f"{HTTPS}/keys/1", {f"{HTTPS}/keys/1": jwk(P256)}),
    (f"{HTTPS}/keys/1", {f"{HTTPS}/keys/1": {"controller": HTTPS, "publicKeyJwk": jwk(P256)}}),
    (
        "https://badges.example.org/k",
        {
            HTTPS: {"id": HTTPS, "assertionMethod": ["https://badges.example.org/k"]},
            "https://badges.example.org/k": {"controller": HTTPS, "publicKeyMultibase": multikey(P256)},
        },
    ),
    (
        "https://badges.example.org/j#k",
        {
            HTTPS: {"id": HTTPS, "type": "Profile", "jwks_uri": "https://badges.example.org/j"},
            "https://badges.example.org/j": {"keys": [jwk(P256, kid="k")]},
        },
    ),
]


@pytest.mark.parametrize(("kid", "documents"), PUBLISHED, ids=range(len(PUBLISHED)))
def test_an_issuer_at_an_https_address(kid: str, documents: dict[str, Any]) -> None:
    text = token(P256, HTTPS, kid=kid)
    report = judge(text, Materials(documents=documents))
    assert (report.verdict, messages_of(report)["issuer"]) == (Verdict.GENUINE, "issuer.domain")
    assert report.issuer["domain"] == "badges.example.org"
    assert set(documents) <= set(needs(text).documents)
    assert judge(token(OTHER_P256, HTTPS, kid=kid), Materials(documents=documents)).verdict is Verdict.ALTERED
    assert judge(text, Materials(failures=dict.fromkeys(documents, "500"))).verdict is Verdict.CANNOT_TELL


@pytest.mark.parametrize(
    ("kid", "documents", "message"),
    [
        # the key of another issuer on the same host, and of another host
        ("https://badges.example.org/issuers/8/jwks#k",
         {"https://badges.example.org/issuers/8/jwks": {"keys": [jwk(P256, kid="k")]}}, "issuer-key.unavailable"),
        ("https://badges.example.org/issuers/77#k",
         {"https://badges.example.org/issuers/77": did_document(P256, did=HTTPS)}, "issuer-key.unavailable"),
        ("https://attacker.example/jwks#k", {"https://attacker.example/jwks": {"keys": [jwk(P256, kid="k")]}},
         "issuer-key.foreign"),
        ("did:web:attacker.example#k", {}, "issuer-key.foreign"),
        ("k", {}, "issuer-key.foreign"),
        (f"{HTTPS}#k", {HTTPS: did_document(P256, did="https://badges.example.org/issuers/8")},
         "issuer-key.unusable"),
        (f"{HTTPS}#k", {HTTPS: {"id": HTTPS, "type": "Profile", "name": "Example Academy"}}, "issuer-key.unusable"),
        (f"{JWKS}#x", {JWKS: {"keys": [jwk(P256, kid="k")]}}, "issuer-key.not-listed"),
        (f"{JWKS}#k", {JWKS: {"keys": [jwk(P256, kid="k"), jwk(RSA, kid="k")]}}, "issuer-key.not-listed"),
        (f"{JWKS}#k", {JWKS: {"keys": [{"kty": "oct", "k": "AAAA", "kid": "k"}]}}, "issuer-key.unusable"),
        (f"{HTTPS}/keys/1", {f"{HTTPS}/keys/1": {"controller": "x", "publicKeyJwk": jwk(P256)}},
         "issuer-key.unavailable"),
    ],
    ids=range(11),
)  # fmt: skip
def test_keys_that_are_not_the_issuers(kid: str, documents: dict[str, Any], message: str) -> None:
    report = judge(token(P256, HTTPS, kid=kid), Materials(documents=documents))
    assert messages_of(report)["issuer-key"] == message
    assert report.verdict in (Verdict.ALTERED, Verdict.CANNOT_TELL)


def test_a_token_of_an_https_issuer_that_brings_its_key() -> None:
    text = token(RSA, HTTPS, jwk=jwk(RSA))
    assert needs(text) == Needs(documents=(HTTPS,))
    profile = {"id": HTTPS, "type": "Profile", "jwks": {"keys": [jwk(P256), jwk(RSA)]}}
    assert judge(text, Materials(documents={HTTPS: profile})).verdict is Verdict.GENUINE
    assert judge(text, Materials(documents={HTTPS: profile | {"jwks": {"keys": []}}})).verdict is Verdict.ALTERED
    silent = {"id": HTTPS, "type": "Profile"}
    assert judge(text, Materials(documents={HTTPS: silent})).verdict is Verdict.CANNOT_TELL


def test_a_proof_inside_is_not_verified_with_a_key_of_another_kind() -> None:
    did = WEB
    method = f"{did}#k"
    proof = {
        "type": "DataIntegrityProof",
        "created": "2026-05-31T09:30:00Z",
        "verificationMethod": method,
        "cryptosuite": "eddsa-jcs-2022",
        "proofPurpose": "assertionMethod",
        "@context": CREDENTIAL["@context"],
        "proofValue": "z" + base58_encode(bytes(range(64))),
    }
    report = judge(json.dumps(CREDENTIAL | {"proof": [proof]}), Materials(did_documents={did: did_document(P256)}))
    assert messages_of(report)["proof.1"] == "proof.failed"
    known = replace(Materials(), did_documents={did: keys.did_web_document(did, [ED.verification_key])})
    assert judge(json.dumps(CREDENTIAL | {"proof": [proof]}), known).verdict is Verdict.ALTERED


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PUBLISHED_BY_HTTPS = [(kid, documents, address, name) for kid, documents in PUBLISHED for address in documents
                      for name in documents[address]]  # fmt: skip


@given(st.sampled_from(PUBLISHED_BY_HTTPS), values)
@settings(max_examples=200)
def test_whatever_an_issuer_publishes_gives_a_report(published: Any, value: Any) -> None:
    kid, documents, address, name = published
    changed = documents | {address: documents[address] | {name: value}}
    for text in (token(P256, HTTPS, kid=kid), token(P256, HTTPS, jwk=jwk(P256))):
        assert json.dumps(judge(text, Materials(documents=changed)).to_json())


@given(st.dictionaries(st.sampled_from(["kty", "crv", "x", "y", "n", "e", "use", "key_ops", "d"]), values), values)
@settings(max_examples=200)
def test_whatever_a_header_brings_gives_a_report(key: Any, value: Any) -> None:
    for brought in (key, jwk(P256) | key, jwk(RSA) | key, value):
        assert judge(token(P256, jwk=brought), Materials()).verdict is not Verdict.GENUINE
