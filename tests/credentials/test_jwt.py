"""Tokens: what they must say, what may not stand in them, and who signed them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurea.credentials import base64url, jwt
from laurea.credentials.errors import ProofError
from laurea.credentials.keys import SigningKey

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


def test_a_token_that_brings_its_key_is_told_why_that_is_nothing() -> None:
    with pytest.raises(ProofError, match=r"names its own key \(jwk\), as anybody could"):
        jwt.read(made(header={**HEADER, "alg": "RS256", "jwk": {}}))


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "PS512"])
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


def test_the_older_form_is_refused() -> None:
    assert code_of(lambda: jwt.read(made({"vc": CREDENTIAL, **CLAIMS}))) == "jwt.claims"


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
