"""Keys: read strictly, shown by their public half only, and named so that every verifier finds them."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurea.credentials import keys
from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.keys import SigningKey, VerificationKey

SEED = bytes(range(32))
KEY = SigningKey.from_seed(SEED)
# RFC 8032, section 7.1, test 2.
RFC_SEED = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
RFC_KEY = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
RFC_SIGNATURE = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)
SMALL_ORDER = [
    int.from_bytes(bytes.fromhex(point), "little")
    for point in (
        "01" + "00" * 31,
        "ec" + "ff" * 30 + "7f",
        "00" * 32,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    )
]
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493


def test_the_signature_of_the_standard() -> None:
    key = SigningKey.from_seed(bytes.fromhex(RFC_SEED))
    assert key.verification_key.to_bytes().hex() == RFC_KEY
    assert key.sign(b"\x72").hex() == RFC_SIGNATURE
    assert key.verification_key.verify(bytes.fromhex(RFC_SIGNATURE), b"\x72")
    assert not key.verification_key.verify(bytes.fromhex(RFC_SIGNATURE), b"\x73")


def test_a_signature_has_one_form() -> None:
    """S + L would satisfy the same equation (RFC 8032, section 5.1.7)."""
    signature = KEY.sign(b"x")
    other = int.from_bytes(signature[32:], "little") + GROUP_ORDER
    assert not KEY.verification_key.verify(signature[:32] + other.to_bytes(32, "little"), b"x")
    assert not KEY.verification_key.verify(b"", b"x")
    assert not KEY.verification_key.verify(signature + b"\0", b"x")


@pytest.mark.parametrize("passphrase", [None, b"correct horse", "Prüfung 1".encode()])
def test_pem_there_and_back(passphrase: bytes | None) -> None:
    pem = KEY.to_pem(passphrase)
    assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----" if passphrase else b"-----BEGIN PRIVATE KEY-----")
    assert SigningKey.from_pem(pem, passphrase).sign(b"x") == KEY.sign(b"x")


@pytest.mark.parametrize(
    ("data", "passphrase", "code"),
    [
        (KEY.to_pem(b"right"), None, "key.passphrase"),
        (KEY.to_pem(b"right"), b"wrong", "key.passphrase"),
        (b"", None, "key.malformed"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", None, "key.malformed"),
        (bytes(range(256)), b"x", "key.malformed"),
    ],
)
def test_pem_that_cannot_be_read(data: bytes, passphrase: bytes | None, code: str) -> None:
    with pytest.raises(KeyMaterialError) as raised:
        SigningKey.from_pem(data, passphrase)
    assert raised.value.code == code


def test_the_secret_is_never_shown() -> None:
    shown = f"{KEY!r} {KEY}"
    assert KEY.verification_key.multikey in shown
    assert SEED.hex() not in shown
    with pytest.raises(TypeError):
        pickle.dumps(KEY)


def test_multikey_there_and_back() -> None:
    assert KEY.verification_key.multikey.startswith("z6Mk")
    assert VerificationKey.from_multikey(KEY.verification_key.multikey) == KEY.verification_key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        KEY.verification_key.multikey[1:],
        KEY.verification_key.multikey[:-1],
        KEY.verification_key.multikey + "1",
        "z" + keys.base58_encode(b"\xec\x01" + KEY.verification_key.to_bytes()),
        "z" + keys.base58_encode(b"\xed\x01" + KEY.verification_key.to_bytes() + b"\0"),
        "z1" + KEY.verification_key.multikey[1:],
        "z0OIl",
        "z" + "2" * 1_000_000,
    ],
)
def test_multikeys_that_are_none(text: str) -> None:
    with pytest.raises(KeyMaterialError):
        VerificationKey.from_multikey(text)


FIELD = 2**255 - 19
CURVE = -121665 * pow(121666, -1, FIELD) % FIELD


def double(y: int) -> int:
    """The y of twice a point (RFC 8032, section 5.1.4): the curve's equation gives the square of its x."""
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, FIELD) % FIELD
    return (y * y + square) * pow(2 + square - y * y, -1, FIELD) % FIELD


@pytest.mark.parametrize("y", [*SMALL_ORDER, 2**255 - 19, 2**255 - 18, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_keys_that_anybody_could_sign_with(y: int, sign: int) -> None:
    with pytest.raises(KeyMaterialError):
        VerificationKey.from_bytes((y | sign).to_bytes(32, "little"))


def test_these_are_all_the_points_of_small_order() -> None:
    """Doubled three times, each is the neutral point; the eight of them have five values of y."""
    assert [double(double(double(y))) for y in SMALL_ORDER] == [1] * 5
    assert len(set(SMALL_ORDER)) == 5


@given(st.binary(max_size=80))
def test_base58_there_and_back(data: bytes) -> None:
    assert keys.base58_decode(keys.base58_encode(data)) == data


def test_did_web_addresses() -> None:
    addresses = {
        "did:web:example.com": "https://example.com/.well-known/did.json",
        "did:web:example.com:badges:2026": "https://example.com/badges/2026/did.json",
        "did:web:example.com%3A8443": "https://example.com:8443/.well-known/did.json",
        "did:web:example.com%3A8443:badges": "https://example.com:8443/badges/did.json",
    }
    assert {did: keys.did_web_url(did) for did in addresses} == addresses
    assert keys.did_web("Example.com:8443", "/badges/") == "did:web:example.com%3A8443:badges"


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:web:",
        "did:key:z6Mk",
        "web:example.com",
        "did:web:127.0.0.1",
        "did:web:2130706433",
        "did:web:0x7f.1",
        "did:web:[::1]",
        "did:web:user@example.com",
        "did:web:user%40example.com",
        "did:web:example.com%2Fpath",
        "did:web:example.com%3A",
        "did:web:example.com%3A99999",
        "did:web:example.com%3A٤٤٣",
        "did:web:example.com:",
        "did:web:example.com:..",
        "did:web:example.com:a%2F..%2Fb",
        "did:web:example.com:a/b",
        "did:web:example.com?x",
        "did:web:example.com#x",
        "did:web:exa_mple.com",
        "did:web:-example.com",
        "did:web:example..com",
        "did:web:" + "a" * 64 + ".com",
        "did:web:" + "a." * 500_000 + "com",
    ],
)
def test_dids_that_lead_nowhere_or_astray(did: str) -> None:
    with pytest.raises(KeyMaterialError) as raised:
        keys.did_web_url(did)
    assert raised.value.code == "did.malformed"


def test_documents_name_their_keys_absolutely() -> None:
    other = SigningKey.from_seed(bytes(32)).verification_key
    did = "did:web:example.com:badges"
    document = keys.did_web_document(did, [KEY.verification_key, other])
    methods = [f"{did}#{key.multikey}" for key in (KEY.verification_key, other)]
    assert document["id"] == did
    assert document["assertionMethod"] == methods
    assert document["verificationMethod"] == [
        {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": method.partition("#")[2]}
        for method in methods
    ]
    did = keys.did_key(KEY.verification_key)
    assert keys.did_key_document(did)["assertionMethod"] == [keys.verification_method(did, KEY.verification_key)]


def test_documents_say_of_revoked_keys_since_when_and_let_them_sign_nothing() -> None:
    other = SigningKey.from_seed(bytes(32)).verification_key
    did, since = "did:web:example.com:badges", datetime(2026, 11, 20, 7, 15, tzinfo=UTC)
    document: Any = keys.did_web_document(did, [KEY.verification_key, other], {other: since})
    assert document["assertionMethod"] == [keys.verification_method(did, KEY.verification_key)]
    assert [each.get("revoked") for each in document["verificationMethod"]] == [None, "2026-11-20T07:15:00Z"]


@pytest.mark.parametrize("did", ["did:key:", "did:key:z", "did:key:z6Mk", "did:key:x", "did:web:example.com"])
def test_did_keys_that_are_none(did: str) -> None:
    with pytest.raises(KeyMaterialError):
        keys.did_key_document(did)
