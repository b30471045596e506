"""Tokens and DID documents as other issuers make them, with RSA, P-256 and Ed25519. Laurea itself only reads them."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from laurea.credentials import base64url
from laurea.credentials.keys import SigningKey, base58_encode

ED = SigningKey.from_seed(bytes(range(32)))
RSA = rsa.generate_private_key(65537, 2048)
P256 = ec.generate_private_key(ec.SECP256R1())
OTHER_P256 = ec.generate_private_key(ec.SECP256R1())
WEB = "did:web:badges.example.org"
HTTPS = "https://badges.example.org/issuers/7"
JWKS = "https://badges.example.org/.well-known/jwks.json"

CREDENTIAL: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:0f6b3f5e-6c1b-4a8e-9d57-0f1d5f6f2c11",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": WEB, "type": ["Profile"], "name": "Example Academy"},
    "validFrom": "2026-05-31T09:30:00Z",
    "credentialSubject": {
        "id": "did:example:ada",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "urn:uuid:5a2f1a57-3b1c-4d7b-8a55-1f5d0d9a8b22",
            "type": ["Achievement"],
            "name": "First Aid",
            "description": "Can help in the first minutes",
            "criteria": {"narrative": "Attended both days"},
        },
    },
}


def number(value: int, size: int | None = None) -> str:
    return base64url.encode(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def jwk(key: SigningKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, **more: Any) -> dict[str, Any]:
    if isinstance(key, SigningKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(key.verification_key.to_bytes()), **more}
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        return {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e), **more}
    point = key.public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": number(point.x, 32), "y": number(point.y, 32), **more}


def multikey(key: SigningKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    if isinstance(key, SigningKey):
        return key.verification_key.multikey
    if isinstance(key, rsa.RSAPrivateKey):
        der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
        return "z" + base58_encode(b"\x85\x24" + der)
    compressed = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
    return "z" + base58_encode(b"\x80\x24" + compressed)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    public = key.public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def token(key: Any, issuer: str = WEB, *, kid: str | None = None, name: str = "Example Academy", **header: Any) -> str:
    algorithm = {SigningKey: "EdDSA"}.get(type(key)) or ("RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256")
    head = {"alg": algorithm, "typ": "JWT", **({} if kid is None else {"kid": kid}), **header}
    credential = CREDENTIAL | {"issuer": CREDENTIAL["issuer"] | {"id": issuer, "name": name}}
    claims = {"iss": issuer, "sub": "did:example:ada", "jti": CREDENTIAL["id"], "nbf": 1_780_219_800}
    signed = ".".join(base64url.encode(json.dumps(part).encode()) for part in (head, credential | claims))
    if isinstance(key, SigningKey):
        signature = key.sign(signed.encode())
    elif isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    else:
        r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"{signed}.{base64url.encode(signature)}"


def did_document(key: Any, name: str = "k", did: str = WEB, **method: Any) -> dict[str, Any]:
    described = {"id": f"{did}#{name}", "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk(key), **method}
    return {"id": did, "verificationMethod": [described], "assertionMethod": [f"{did}#{name}"]}
