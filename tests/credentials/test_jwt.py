"""Tokens: what they must say, what may not stand in them, and who signed them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from laurea.credentials import base64url, jwt
from laurea.credentials.errors import ProofError
from laurea.credentials.keys import SigningKey
from laurea.credentials.public_keys import P256Key, RsaKey

KEY = SigningKey.from_seed(bytes(range(32)))
OTHER_KEY = SigningKey.from_seed(bytes(range(1, 33)))
METHOD = f"did:web:badges.example.org#{KEY.verification_key.multikey}"
CREDENTIAL: dict[str, Any] = {
    "id": "urn:uuid:0f6b3f5e-6c1b-4a8e-9d57-0f1d5f6f2c11",
    "issuer": {"id": "did:web:badges.example.org", "name": "Example Academy"},
    "validFrom": "2026-05-31T11:30:00+02:00",
    "validUntil": "2027-05-31T09:30:00.5Z",
    "credentialSubject": {"id": "did:example:ada"},
}
CLAIMS = {
    "iss": "did:web:badges.example.org",
    "jti": CREDENTIAL["id"],
    "nbf": 1_780_219_800,
    "sub": "did:example:ada",
    "exp": 1_811_755_800,
}
HEADER = {"alg": "EdDSA", "typ": "JWT", "kid": METHOD}


def made(payload: Any = None, header: Any = None, key: SigningKey = KEY) -> str:
    """A token with any header and payload, rightly signed; both may be raw bytes."""
    parts = [HEADER if header is None else header, {**CREDENTIAL, **CLAIMS} if payload is None else payload]
    texts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in parts]
    signed = ".".join(base64url.encode(text) for text in texts)
    return f"{signed}.{base64url.encode(key.sign(signed.encode()))}"


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(ProofError) as caught:
        action()
    assert caught.value.message
    return caught.value.code


def without(claim: str) -> dict[str, Any]:
    return {name: value for name, value in {**CREDENTIAL, **CLAIMS}.items() if name != claim}


def test_a_token_says_what_the_credential_says() -> None:
    text = jwt.sign(CREDENTIAL, KEY, verification_method=METHOD)
    header, payload, _ = (base64url.decode(part) for part in text.split("."))
    assert json.loads(header or b"") == HEADER
    assert json.loads(payload or b"") == {**CREDENTIAL, **CLAIMS}
    token = jwt.read(text)
    jwt.verify(token, KEY.verification_key)
    assert token.credential() == CREDENTIAL
    assert token.key_id == METHOD


def test_the_same_credential_gives_the_same_token() -> None:
    backwards = dict(reversed(CREDENTIAL.items()))
    assert jwt.sign(CREDENTIAL, KEY, verification_method=METHOD) == jwt.sign(backwards, KEY, verification_method=METHOD)


def test_a_credential_without_end_has_no_exp() -> None:
    endless = {name: value for name, value in CREDENTIAL.items() if name != "validUntil"}
    assert "exp" not in jwt.read(jwt.sign(endless, KEY, verification_method=METHOD)).payload
    assert code_of(lambda: jwt.read(made({**endless, **CLAIMS}))) == "jwt.claims"


def test_another_key_did_not_sign() -> None:
    token = jwt.read(made(key=OTHER_KEY))
    assert code_of(lambda: jwt.verify(token, KEY.verification_key)) == "jwt.signature"


@pytest.mark.parametrize(
    ("credential", "code"),
    [
        ({**CREDENTIAL, "credentialSubject": {"identifier": [{"identityHash": "a@example.org"}]}}, "jwt.no-subject"),
        ({**CREDENTIAL, "credentialSubject": [{"id": "did:example:ada"}]}, "jwt.no-subject"),
        ({**CREDENTIAL, "proof": []}, "jwt.already-signed"),
        ({**CREDENTIAL, "validFrom": "yesterday"}, "jwt.claims"),
        ({**CREDENTIAL, "validUntil": 7}, "jwt.claims"),
        ({**CREDENTIAL, "id": None}, "jwt.claims"),
        ({**CREDENTIAL, "issuer": {}}, "jwt.claims"),
    ],
)
def test_what_a_token_cannot_say_is_refused(credential: dict[str, Any], code: str) -> None:
    assert code_of(lambda: jwt.sign(credential, KEY, verification_method=METHOD)) == code


def test_who_is_known_by_an_address_alone_is_told_what_to_do() -> None:
    with pytest.raises(ProofError) as caught:
        jwt.sign({**CREDENTIAL, "credentialSubject": {}}, KEY, verification_method=METHOD)
    assert caught.value.hint.startswith("Use the signature inside the document")


@pytest.mark.parametrize(
    "header",
    [
        {**HEADER, "alg": "none"},
        {**HEADER, "alg": "HS256"},
        {**HEADER, "alg": "eddsa"},
        {**HEADER, "alg": ["EdDSA"]},
        {**HEADER, "alg": None},
        {"typ": "JWT", "kid": METHOD},
        {"alg": "EdDSA", "typ": "JWT"},
        {**HEADER, "kid": ""},
        {**HEADER, "kid": 7},
        {**HEADER, "typ": "at+jwt"},
        {**HEADER, "typ": 7},
        {**HEADER, "jwk": {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(bytes(32))}},
        {**HEADER, "crit": ["b64"], "b64": False},
        {**HEADER, "x5c": []},
        {**HEADER, "cty": "vc"},
        {**HEADER, "jku": "https://attacker.example"},
    ],
    ids=str,
)
def test_other_headers_are_refused(header: dict[str, Any]) -> None:
    assert code_of(lambda: jwt.read(made(header=header))) == "jwt.header"


def test_a_key_in_the_header_must_be_a_public_one_of_a_good_kind() -> None:
    private = {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(KEY.verification_key.to_bytes()), "d": "AAAA"}
    short = {"kty": "RSA", "n": base64url.encode(b"\xff" * 128), "e": "AQAB"}
    for jwk, why in ((private, "private"), (short, "1024 bits"), ({}, "kind"), ("x", "kind"), (None, "kind")):
        with pytest.raises(ProofError, match=why):
            jwt.read(made(header={**HEADER, "jwk": jwk}))


def test_a_key_in_the_header_is_brought_along_and_nothing_else() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(KEY.verification_key.to_bytes())}
    token = jwt.read(made(header={"alg": "EdDSA", "jwk": jwk}))
    assert (token.key_id, token.own_key) == (None, KEY.verification_key)


def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def p256_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def signed_with(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, algorithm: str) -> str:
    parts = [{**HEADER, "alg": algorithm}, {**CREDENTIAL, **CLAIMS}]
    signed = ".".join(base64url.encode(json.dumps(part).encode()) for part in parts)
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    else:
        r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"{signed}.{base64url.encode(signature)}"


def test_tokens_of_rsa_and_p256() -> None:
    one, other = rsa_key(), p256_key()
    keys = {"RS256": RsaKey(one.public_key()), "ES256": P256Key(other.public_key())}
    tokens = {"RS256": jwt.read(signed_with(one, "RS256")), "ES256": jwt.read(signed_with(other, "ES256"))}
    for algorithm, token in tokens.items():
        jwt.verify(token, keys[algorithm])
        changed = replace(token, signed=token.signed.replace(b"e", b"f", 1))
        assert code_of(lambda changed=changed, algorithm=algorithm: jwt.verify(changed, keys[algorithm])) == (
            "jwt.signature"
        )
    stranger = RsaKey(rsa_key().public_key())
    assert code_of(lambda: jwt.verify(tokens["RS256"], stranger)) == "jwt.signature"


def test_a_token_cannot_choose_how_a_key_is_read() -> None:
    one, other = rsa_key(), p256_key()
    all_keys = {"RS256": RsaKey(one.public_key()), "ES256": P256Key(other.public_key()), "EdDSA": KEY.verification_key}
    for algorithm in ("RS256", "ES256", "EdDSA", "Ed25519"):
        for meant, key in all_keys.items():
            if algorithm not in (meant, "Ed25519" if meant == "EdDSA" else meant):
                token = jwt.read(signed_with(one if meant == "RS256" else other, algorithm))
                assert code_of(lambda token=token, key=key: jwt.verify(token, key)) == "jwt.algorithm"


def test_a_signature_of_another_length_is_none() -> None:
    token = jwt.read(signed_with(p256_key(), "ES256"))
    key = P256Key(p256_key().public_key())
    for signature in (b"", token.signature + b"\0", token.signature[1:], b"\0" * 64, b"\xff" * 64):
        assert code_of(lambda signature=signature: jwt.verify(replace(token, signature=signature), key)) == (
            "jwt.signature"
        )


@pytest.mark.parametrize("algorithm", ["RS512", "ES384", "PS512"])
def test_other_honest_algorithms_are_read_but_not_judged(algorithm: str) -> None:
    token = jwt.read(made(header={**HEADER, "alg": algorithm}))
    assert not jwt.is_supported(token)
    assert code_of(lambda: jwt.verify(token, KEY.verification_key)) == "jwt.unsupported"


@pytest.mark.parametrize(
    "header", [{**HEADER, "alg": "Ed25519"}, {**HEADER, "typ": "vc+jwt"}, {"alg": "EdDSA", "kid": "k"}]
)
def test_what_others_write_is_read(header: dict[str, Any]) -> None:
    jwt.verify(jwt.read(made(header=header)), KEY.verification_key)


@pytest.mark.parametrize("claim", ["iss", "jti", "nbf", "sub", "exp"])
def test_every_claim_must_be_there_and_match(claim: str) -> None:
    assert code_of(lambda: jwt.read(made(without(claim)))) == "jwt.claims"
    for value in (None, "x", 7, True, [], {}, str(CLAIMS[claim]) + "0"):
        assert code_of(lambda value=value: jwt.read(made({**CREDENTIAL, **CLAIMS, claim: value}))) == "jwt.claims"


def test_a_moment_may_have_a_fraction_and_no_more() -> None:
    assert jwt.read(made({**CREDENTIAL, **CLAIMS, "exp": CLAIMS["exp"] + 0.5})).credential() == CREDENTIAL
    for exp in (CLAIMS["exp"] + 1, CLAIMS["exp"] - 0.5, 1e300):
        assert code_of(lambda exp=exp: jwt.read(made({**CREDENTIAL, **CLAIMS, "exp": exp}))) == "jwt.claims"


OLDER = {
    "@context": ["https://www.w3.org/2018/credentials/v1"],
    "id": CREDENTIAL["id"],
    "issuer": CREDENTIAL["issuer"],
    "issuanceDate": CREDENTIAL["validFrom"],
    "expirationDate": CREDENTIAL["validUntil"],
    "credentialSubject": CREDENTIAL["credentialSubject"],
}


def test_the_older_form_has_its_credential_in_a_claim() -> None:
    assert jwt.read(made({"vc": OLDER, **CLAIMS, "aud": "x", "iat": 1})).credential() == OLDER
    without_sub = {name: value for name, value in CLAIMS.items() if name != "sub"}
    assert jwt.read(made({"vc": OLDER, **without_sub})).credential() == OLDER


def test_claims_complete_the_older_form() -> None:
    bare = {"@context": OLDER["@context"], "credentialSubject": {"name": "x"}}
    assert jwt.read(made({"vc": bare, **CLAIMS})).credential() == {
        **bare,
        "id": CLAIMS["jti"],
        "issuer": CLAIMS["iss"],
        "issuanceDate": "2026-05-31T09:30:00Z",
        "expirationDate": "2027-05-31T09:30:00Z",
        "credentialSubject": {"id": "did:example:ada", "name": "x"},
    }


@pytest.mark.parametrize(
    "payload",
    [
        {"vc": CREDENTIAL, **CLAIMS},
        {"vc": [OLDER], **CLAIMS},
        {"vc": {**OLDER, "credentialSubject": [OLDER["credentialSubject"]]}, **CLAIMS},
        {"vc": OLDER, **CLAIMS, "name": "Somebody else"},
        {"vc": {**OLDER, "issuer": "did:web:other.example"}, **CLAIMS},
        {"vc": {name: value for name, value in OLDER.items() if name != "expirationDate"}, **CLAIMS, "exp": "x"},
        {"vc": OLDER, **{name: value for name, value in CLAIMS.items() if name != "iss"}},
        {"vc": OLDER, **{name: value for name, value in CLAIMS.items() if name != "exp"}},
    ],
    ids=range(8),
)
def test_the_older_form_must_agree_with_its_claims(payload: Any) -> None:
    assert code_of(lambda: jwt.read(made(payload))) == "jwt.claims"


@pytest.mark.parametrize("claim", ["iss", "jti", "nbf", "sub", "exp"])
def test_no_claim_beside_the_older_form_may_say_something_else(claim: str) -> None:
    for value in (None, "x", 7, True, [], {}, str(CLAIMS[claim]) + "0"):
        assert code_of(lambda value=value: jwt.read(made({"vc": OLDER, **CLAIMS, claim: value}))) == "jwt.claims"


def test_a_holder_without_identifier_is_refused() -> None:
    payload = {**CREDENTIAL, **CLAIMS, "credentialSubject": {}}
    assert code_of(lambda: jwt.read(made(payload))) == "jwt.no-subject"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "e",
        "a.b",
        "a.b.c.d",
        "..",
        made() + ".",
        made() + "=",
        made().replace(".", "=.", 1),
        made().replace(".", "\n.", 1),
        made(payload=b"{}x"),
        made(payload=b"[]"),
        made(payload=b'{"a":1,"a":2}'),
        made(payload=b"\xff"),
        made(payload=b'{"a":' * 200 + b"1" + b"}" * 200),
        made(header=b'{"alg":"EdDSA","alg":"none"}'),
        made(header=b"{" + b" " * 20_000 + b"}"),
        made(header=b"7"),
        "ё.ё.ё",
        "e" * 3_000_000,
    ],
    ids=range(19),
)
def test_a_broken_token_is_an_error(text: str) -> None:
    assert code_of(lambda: jwt.read(text)) == "jwt.malformed"
    assert code_of(lambda: jwt.read(text.encode())) == "jwt.malformed"


def test_leftover_bits_are_refused() -> None:
    """The last character of a signature has four bits that mean nothing: only one of the sixteen is right."""
    text = made()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    alike = [
        text[:-1] + character
        for character in alphabet
        if alphabet.index(character) // 16 == alphabet.index(text[-1]) // 16
    ]
    assert len(alike) == 16
    readable = []
    for variant in alike:
        try:
            jwt.read(variant)
        except ProofError:
            continue
        readable.append(variant)
    assert readable == [text]


@given(st.text(max_size=80) | st.binary(max_size=80))
def test_any_text_is_a_token_or_explained(text: str | bytes) -> None:
    assert code_of(lambda: jwt.read(text)).startswith("jwt.")


def test_a_token_is_told_from_json() -> None:
    assert jwt.looks_like_token(f"  {made()}")
    assert jwt.looks_like_token(made().encode())
    assert not any(jwt.looks_like_token(text) for text in ("{}", " {", "", b"", b"[", b"\xff", "null", "true"))
