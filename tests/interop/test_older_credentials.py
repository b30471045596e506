"""Credentials of older standards, made by the software that made them: we judge theirs."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from openbadgeslib.ob2.models import Assertion, IdentityObject, Verification
from openbadgeslib.ob2.signer import OB2Signer
from tests.credentials import foreign_badges

from laurea.credentials import baking, contexts
from laurea.credentials.verification import Materials, Verdict, verify

from .conftest import Peers
from .test_openbadgeslib import PIXEL

pytestmark = pytest.mark.interop

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
STATUS = "https://badges.example.org/status/1"
HOST = "https://badges.example.org"


def signed(peers: Peers, credential: dict[str, Any]) -> dict[str, Any]:
    answer = peers.ask("signOlder", credential=credential, seed=bytes(range(32)).hex(), controller=foreign_badges.DID)
    assert "credential" in answer, answer
    return dict(answer["credential"])


def genuine(credential: Any, **materials: Any) -> bool:
    known = Materials(did_documents=foreign_badges.MATERIALS.did_documents, **materials)
    return verify(credential, known, now=NOW).verdict is Verdict.GENUINE


@pytest.mark.parametrize("description", ["Plain", "one\ttwo\u007f three\r\nfour \\ \u0001", 'Łódź 🎓 "quoted"'])
@pytest.mark.parametrize("badges", ["context", "context-3.0.1", "context-3.0.2", "context-3.0.3"])
def test_the_consortiums_signatures_of_2020(peers: Peers, badges: str, description: str) -> None:
    address = f"https://purl.imsglobal.org/spec/ob/v3p0/{badges}.json"
    badge = foreign_badges.BADGE | {
        "@context": [contexts.CREDENTIALS_V1, address, contexts.ED25519_2020],
        "description": description,
    }
    theirs = signed(peers, badge)
    assert genuine(theirs)
    assert not genuine(theirs | {"description": f"{description}!"})


def test_their_status_list_of_2021(peers: Peers) -> None:
    bits = bytearray(16 * 1024)
    bits[0] = 0b0000_0010
    listed = signed(
        peers,
        {
            "@context": [contexts.CREDENTIALS_V1, contexts.STATUS_LIST_2021, contexts.ED25519_2020],
            "id": STATUS,
            "type": ["VerifiableCredential", "StatusList2021Credential"],
            "issuer": foreign_badges.DID,
            "issuanceDate": "2024-05-31T09:30:00Z",
            "credentialSubject": {
                "id": f"{STATUS}#list",
                "type": "StatusList2021",
                "statusPurpose": "revocation",
                "encodedList": base64.urlsafe_b64encode(gzip.compress(bytes(bits))).decode().rstrip("="),
            },
        },
    )
    for index, expected in (("5", True), ("6", False)):
        badge = foreign_badges.BADGE | {
            "@context": [
                contexts.CREDENTIALS_V1, foreign_badges.OB_3_0, contexts.STATUS_LIST_2021, contexts.ED25519_2020,
            ],
            "credentialStatus": {
                "id": f"{STATUS}#{index}",
                "type": "StatusList2021Entry",
                "statusPurpose": "revocation",
                "statusListIndex": index,
                "statusListCredential": STATUS,
            },
        }  # fmt: skip
        assert genuine(signed(peers, badge), status_lists={STATUS: listed}) is expected


def test_openbadgeslibs_signed_badges() -> None:
    key = rsa.generate_private_key(65537, 2048)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    issuer = {"id": f"{HOST}/issuer", "type": "Issuer", "name": "Academy", "publicKey": f"{HOST}/key"}
    badge = {"id": f"{HOST}/badge", "type": "BadgeClass", "name": "First Aid", "issuer": issuer["id"]}
    described = {
        "id": f"{HOST}/key",
        "type": "CryptographicKey",
        "owner": issuer["id"],
        "publicKeyPem": public.decode(),
    }
    documents = {document["id"]: document for document in (issuer, badge, described)}
    assertion = Assertion(
        id="urn:uuid:0f6b3f5e-6c1b-4a8e-9d57-0f1d5f6f2c11",
        recipient=IdentityObject.create("ada@example.org", "salt"),
        badge=badge["id"],
        issued_on=datetime(2020, 1, 1, tzinfo=UTC),
        verification=Verification(type="SignedBadge", creator=described["id"]),
    )
    signer = OB2Signer(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
    texts = [
        signer.sign(assertion).encode(),
        baking.extract(signer.sign_into_png(assertion, base64.b64decode(PIXEL))).text,
        baking.extract(signer.sign_into_svg(assertion, drawing)).text,
    ]
    for text in texts:
        report = verify(text, Materials(documents=documents), now=NOW, recipient="ada@example.org")
        assert report.verdict is Verdict.GENUINE, json.dumps(report.to_json(), indent=1)
