"""Whatever no proof would cover is refused, with its place; what is taken, is all there in the N-Quads."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from laurea.credentials import canonical, keys, proof
from laurea.credentials.document import Document, parse
from laurea.credentials.errors import CanonicalError

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def document(subject: dict[str, Any], **members: Any) -> Document:
    return {
        "@context": list(CONTEXTS),
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        **members,
        "credentialSubject": {"type": ["AchievementSubject"], **subject},
    }


def refusal(broken: Document) -> str:
    with pytest.raises(CanonicalError) as raised:
        canonical.n_quads(broken)
    return raised.value.code


@pytest.mark.parametrize(
    "address",
    [
        "http://[",
        "http://a:b/",
        "http://example.org/[x]",
        "http://example.org/a#b#c",
        "http://example.org/\ue000",
        "http://example.org/\ufffe",
        "http://exa mple.org/",
        "http://example.org/%zz",
        "relative",
        "",
        "_:b0",
    ],
)
def test_nothing_hides_behind_an_address_that_readers_pass_over(address: str) -> None:
    """A reader of JSON-LD drops the whole object, silently, and a proof over the rest would still hold."""
    assert (
        refusal(document({"image": {"id": address, "type": "Image", "caption": "unsigned"}})) == "canonical.data-loss"
    )
    assert refusal(document({"image": address})) == "canonical.data-loss"
    assert refusal(document({}, evidence=[{"type": [address], "name": "unsigned"}])) == "canonical.data-loss"
    key = keys.SigningKey.from_seed(bytes(32))
    options: Document = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}
    before = proof.hash_data(document({}), options)
    with pytest.raises(CanonicalError):
        proof.hash_data(document({"image": {"id": address, "caption": "unsigned"}}), options)
    assert key.verification_key.verify(key.sign(before), before)


@pytest.mark.parametrize(
    "number",
    [
        0.1 + 0.2,
        671489916324738.25,
        123456789.12345678,
        5e-324,
        1e-7,
        -2e-9,
        -0.0,
        1e20,
        1e21,
        2**53,
        1e400,
        float("nan"),
    ],
)
def test_numbers_that_programs_write_differently(number: float) -> None:
    assert refusal(document({"creditsEarned": number})) == "canonical.data-loss"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "1"),
        (1.0, "1"),
        (-7, "-7"),
        (0, "0"),
        (1.5, "1.5E0"),
        (0.1, "1.0E-1"),
        (1e-6, "1.0E-6"),
        (-1.5e-7, "-1.5E-7"),
        (2**53 - 1, "9007199254740991"),
    ],
)
def test_numbers_as_the_standard_writes_them(number: float, written: str) -> None:
    line = f'"{written}"^^<https://www.w3.org/2001/XMLSchema#float> .'
    assert line in canonical.n_quads(document({"creditsEarned": number}))


@pytest.mark.parametrize(
    "achievement",
    [
        {"evidence ": [{}]},
        {"name": None},
        {"tag": []},
        {"tag": [["nested"]]},
        {"tag": ["a", None]},
        {"criteria": {}},
        {"criteria": {"remark": "undefined"}},
        {"criteria": {"@id": "urn:uuid:2", "narrative": "keyword"}},
        {"name": {"@value": "value object"}},
        {"name": {"@value": "x", "@language": "en"}},
        {"@graph": []},
        {"": "empty name"},
        {"id": ["urn:uuid:2"]},
        {"id": None},
        {"type": []},
        {"type": ["Achievement", 7]},
        {"type": ["Achievement", "NoSuchType"]},
        {"@context": [{"remark": "https://example.org/remark"}], "remark": "defined by itself"},
        {"salt": "a member of another class"},
    ],
)
def test_what_would_be_lost(achievement: dict[str, Any]) -> None:
    broken = document({"achievement": {"id": "urn:uuid:2", "type": ["Achievement"], "name": "x", **achievement}})
    with pytest.raises(Exception, match=r"/|context") as raised:
        canonical.n_quads(broken)
    assert type(raised.value).__name__ in ("CanonicalError", "ContextError")


def test_lists_and_repeated_values_are_all_counted() -> None:
    levels = {"type": ["ResultDescription"], "allowedValue": ["A", "B", "B"], "name": "Grade"}
    achievement = {
        "type": ["Achievement"],
        "tag": ["a", "a", "b"],
        "resultDescription": [levels, copy.deepcopy(levels)],
    }
    canonical.n_quads(document({"achievement": achievement}))


@pytest.mark.parametrize(
    "crowded",
    [
        document({}, evidence=[{"name": "a"}] * 12_001),
        document({}, evidence=[{"type": ["Achievement", "Profile"], "name": "a"}] * 2_000),
        document({}, endorsement=[{"@context": CONTEXTS, "type": ["VerifiableCredential"], "name": "a"}] * 200),
        document(
            {
                "achievement": {
                    "type": ["Achievement"],
                    "resultDescription": [{"type": ["ResultDescription"], "allowedValue": ["a"] * 12_001}],
                }
            }
        ),
    ],
    ids=["objects", "types", "contexts", "list"],
)
def test_crowds_are_refused_before_the_work_begins(crowded: Document) -> None:
    assert refusal(crowded) == "canonical.too-much"


def test_the_corpus(conformance: Path) -> None:
    """What a strict verifier accepts has a canonical form here."""
    folder = conformance / "1edtech-corpus"
    cases = json.loads((folder / "expected.json").read_bytes())["cases"]
    taken = [case["file"] for case in cases if case["strict"] == "accept" and not case["file"].endswith(("png", "svg"))]
    assert len(taken) >= 5
    for file in taken:
        unsigned = parse((folder / file).read_bytes())
        del unsigned["proof"]
        assert canonical.n_quads(unsigned).endswith(" .\n")
