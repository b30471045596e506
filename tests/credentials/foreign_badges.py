"""Credentials of Verifiable Credentials 1.1 as their issuers signed them. Laurea itself only reads them."""

from __future__ import annotations

import hashlib
from typing import Any

from laurea.credentials import base64url, canonical, contexts, keys
from laurea.credentials.keys import SigningKey, base58_encode
from laurea.credentials.verification import Materials

KEY = SigningKey.from_seed(bytes(range(32)))
OTHER_KEY = SigningKey.from_seed(bytes(range(32, 64)))
DID = "did:web:badges.example.org"
LIST = "https://badges.example.org/revocations"
OB_3_0 = "https://purl.imsglobal.org/spec/ob/v3p0/context.json"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v1"

BADGE: dict[str, Any] = {
    "@context": [contexts.CREDENTIALS_V1, OB_3_0, contexts.ED25519_2020],
    "id": "urn:uuid:0f6b3f5e-6c1b-4a8e-9d57-0f1d5f6f2c11",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": DID, "type": ["Profile"], "name": "Example Academy"},
    "issuanceDate": "2024-05-31T09:30:00Z",
    "expirationDate": "2027-05-31T09:30:00Z",
    "name": "First Aid",
    "credentialSubject": {
        "id": "did:example:ada",
        "type": "AchievementSubject",
        "achievement": {
            "id": "urn:uuid:5a2f1a57-3b1c-4d7b-8a55-1f5d0d9a8b22",
            "type": ["Achievement"],
            "name": "First Aid",
            "description": "Can help in the first minutes",
            "criteria": {"narrative": "Attended both days"},
        },
    },
}
MATERIALS = Materials(did_documents={DID: keys.did_web_document(DID, [KEY.verification_key])})


def options_of(kind: str) -> dict[str, Any]:
    suite = {"type": "DataIntegrityProof", "cryptosuite": kind} if kind == "eddsa-2022" else {"type": kind}
    return {
        **suite,
        "created": "2024-05-31T09:30:00Z",
        "proofPurpose": "assertionMethod",
        "verificationMethod": keys.verification_method(DID, KEY.verification_key),
    }


def signed(
    document: dict[str, Any], kind: str = "Ed25519Signature2020", key: SigningKey = KEY, *, urdna2015: bool = False
) -> dict[str, Any]:
    """`document` as an issuer of its time signed it; written out here, because Laurea only reads these."""
    options = options_of(kind)
    parts = ({"@context": document["@context"], **options}, document)
    digests = b"".join(hashlib.sha256(canonical.n_quads(part, urdna2015=urdna2015).encode()).digest() for part in parts)
    if kind == "Ed25519Signature2018":
        header = base64url.encode(b'{"alg":"EdDSA","b64":false,"crit":["b64"]}')
        signature = key.sign(header.encode() + b"." + digests)
        return {**document, "proof": {**options, "jws": f"{header}..{base64url.encode(signature)}"}}
    return {**document, "proof": [{**options, "proofValue": f"z{base58_encode(key.sign(digests))}"}]}
