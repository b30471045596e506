"""openbadgeslib, a careful Python implementation of Open Badges 3.0, judges ours, and we judge theirs."""

from __future__ import annotations

import copy
import json
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

import pytest
from openbadgeslib import baking
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError, add_data_integrity_proof

from laurea.credentials import keys, proof
from laurea.credentials.baking import embed, extract
from laurea.credentials.status_list import StatusList

from .conftest import DID, RICH, Issued
from .flips import compact, flips

pytestmark = pytest.mark.interop

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def accepted(credential: bytes | dict[str, Any], did_document: dict[str, Any]) -> bool:
    """Does openbadgeslib accept it, resolving the issuer to this document?"""
    try:
        OB3LdpVerifier().verify(credential, download=lambda _: json.dumps(did_document).encode())
    except OB3VerificationError:
        return False
    return True


def test_every_issued_credential_verifies(issued: Issued, issued_without_address: Issued) -> None:
    assert issued.did_document is not None
    paths = issued.credentials + issued_without_address.credentials
    assert [accepted(path.read_bytes(), issued.did_document) for path in paths] == [True] * 12


def test_the_status_list_is_found_and_read(issued: Issued) -> None:
    """It believes signatures of lists only as JWT; ours carries its proofs inside, so they are left aside here."""
    served = {json.loads(path.read_bytes())["id"]: path.read_bytes() for path in issued.status_lists}
    served["https://academy.example/badges/did.json"] = json.dumps(issued.did_document).encode()

    def judged() -> None:
        OB3LdpVerifier().verify(
            issued.credentials[0].read_bytes(),
            check_status=True,
            verify_status_list=False,
            download=served.__getitem__,
        )

    judged()
    (address,) = (url for url in served if "/status/" in url)
    revoked = json.loads(served[address])
    index = int(json.loads(issued.credentials[0].read_bytes())["credentialStatus"]["statusListIndex"])
    bits = StatusList.decode(revoked["credentialSubject"]["encodedList"]).set([index])
    revoked["credentialSubject"]["encodedList"] = bits.encode()
    served[address] = json.dumps(revoked).encode()
    with pytest.raises(OB3VerificationError, match="is set at index"):
        judged()


def test_the_rich_document_verifies(did_document: dict[str, Any], rich: dict[str, Any]) -> None:
    assert accepted(rich, did_document)


def test_no_flipped_byte_survives(did_document: dict[str, Any], rich: dict[str, Any]) -> None:
    """It reads the eddsa-rdfc-2022 proof alone, so that is the one it gets."""
    alone = compact({**rich, "proof": rich["proof"][0]})
    assert accepted(alone, did_document)
    assert [
        position for position, changed in flips(alone, step=len(alone) // 250) if accepted(changed, did_document)
    ] == []


def test_their_signature_verifies_in_ours(key: keys.SigningKey) -> None:
    signed = add_data_integrity_proof(
        copy.deepcopy(RICH), key.to_pem(), keys.verification_method(DID, key.verification_key)
    )
    proof.verify_proof(signed, signed["proof"], key.verification_key)


def test_same_key_same_moment_same_signature(key: keys.SigningKey, rich: dict[str, Any]) -> None:
    theirs = add_data_integrity_proof(
        copy.deepcopy(RICH),
        key.to_pem(),
        keys.verification_method(DID, key.verification_key),
        created=datetime(2026, 2, 1, 8, 0, tzinfo=UTC),
    )
    assert theirs["proof"]["proofValue"] == rich["proof"][0]["proofValue"]


def test_they_find_the_credential_in_an_issued_picture(issued: Issued) -> None:
    for path in issued.credentials:
        baked = path.with_suffix(".png").read_bytes()
        assert baking.extract_png(baked, keyword=baking.ITXT_KEYWORD_OB3).encode() == path.read_bytes()


def test_pictures_baked_by_each_are_read_by_the_other(issued: Issued) -> None:
    text = issued.credentials[0].read_bytes()
    png, svg = (
        b64decode(PIXEL),
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>',
    )

    ours = embed(svg, text)
    assert baking.extract_svg(ours, element=baking.SVG_ELEMENT_OB3, text_fallback=True) == text.decode().strip()
    assert baking.extract_png(embed(png, text), keyword=baking.ITXT_KEYWORD_OB3) == text.decode()

    theirs = baking.bake_svg(
        svg, text.decode(), element=baking.SVG_ELEMENT_OB3, namespace=baking.SVG_NS_OB3, as_text=True
    )
    assert extract(theirs).text == text
    assert extract(baking.bake_png(png, text.decode(), keyword=baking.ITXT_KEYWORD_OB3)).text == text
