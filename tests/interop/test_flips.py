"""Laurea itself refuses a credential in which any byte was changed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from laurea.credentials.verification import Materials, verify

from .conftest import DID, NOW, Issued
from .flips import compact, flips

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def rich_materials(did_document: dict[str, Any]) -> Materials:
    """What a verifier gets to know about the issuer of the rich document."""
    return Materials(did_documents={DID: did_document})


@pytest.fixture(scope="module")
def materials(issued: Issued) -> Materials:
    """What a verifier gets to know about the issuer."""
    lists = [json.loads(path.read_bytes()) for path in issued.status_lists]
    assert issued.did_document is not None
    return Materials(did_documents={DID: issued.did_document}, status_lists={each["id"]: each for each in lists})


def verdict(text: bytes, materials: Materials) -> str:
    return verify(text, materials, now=datetime.fromisoformat(NOW)).verdict


@pytest.mark.parametrize("part", range(4))
def test_no_flipped_byte_of_an_issued_credential_survives(issued: Issued, materials: Materials, part: int) -> None:
    """Every byte of the file as `laurea issue` wrote it, in four parts."""
    text = issued.credentials[1].read_bytes()
    assert verdict(text, materials) == "genuine"
    assert [
        position for position, changed in flips(text, first=part, step=4) if verdict(changed, materials) == "genuine"
    ] == []


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("proofs", [slice(0, 2), slice(0, 1), slice(1, 2)], ids=["both", "rdfc", "jcs"])
def test_no_flipped_byte_of_a_rich_document_survives(
    rich: dict[str, Any], rich_materials: Materials, proofs: slice, part: int
) -> None:
    """Every byte of a document with most members there are, in its shortest form, with both proofs and with each."""
    text = compact({**rich, "proof": rich["proof"][proofs]})
    assert verdict(text, rich_materials) == "genuine"
    assert [
        position
        for position, changed in flips(text, first=part, step=4)
        if verdict(changed, rich_materials) == "genuine"
    ] == []


def test_every_member_is_covered(rich: dict[str, Any], rich_materials: Materials) -> None:
    """Without any one of its members, at whatever depth, a credential is not genuine; a proof less is no proof set."""
    text = json.dumps(rich)
    survived = []
    for pointer in members(json.loads(text)):
        document = json.loads(text)
        parent = document
        for step in pointer[:-1]:
            parent = parent[step]
        del parent[pointer[-1]]
        if pointer[:1] != ("proof",) and verdict(compact(document), rich_materials) == "genuine":
            survived.append(pointer)
    assert survived == []


def members(value: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Pointers to everything inside a JSON value."""
    steps: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    return [pointer for step, inner in steps for pointer in [(*here, step), *members(inner, (*here, step))]]
