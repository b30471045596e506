"""Two proofs over the whole document, and nothing accepted that they do not cover."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laurea.credentials import keys, proof
from laurea.credentials.document import JSON, Document, parse, serialise
from laurea.credentials.errors import CanonicalError, ContextError, LaureaError, ProofError, VocabularyError

KEY = keys.SigningKey.from_seed(bytes(range(32)))
OTHER = keys.SigningKey.from_seed(bytes(32)).verification_key
METHOD = keys.verification_method("did:web:academy.example", KEY.verification_key)
CREATED = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
DOCUMENT: Document = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:0b9e1e6e-6c3f-4b0e-8f67-0a4b9d6f2a11",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "did:web:academy.example", "type": ["Profile"], "name": "Academy"},
    "validFrom": "2026-01-31T09:30:00Z",
    "credentialSubject": {
        "id": "did:example:holder",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "urn:uuid:0b9e1e6e-6c3f-4b0e-8f67-0a4b9d6f2a12",
            "type": ["Achievement"],
            "name": "Privacy",
            "description": "What to keep.",
            "criteria": {"narrative": "Passed."},
        },
    },
}


def signed(*suites: str) -> Document:
    return proof.sign(
        copy.deepcopy(DOCUMENT), KEY, verification_method=METHOD, created=CREATED, suites=suites or proof.SUITES
    )


def proofs_of(document: Document) -> list[Document]:
    """The proofs, each surely an object."""
    found = document["proof"]
    assert isinstance(found, list)
    return [item for item in found if isinstance(item, dict)]


def refusal(document: Document, item: JSON) -> str:
    """The code with which a proof is refused."""
    with pytest.raises(LaureaError) as raised:
        proof.verify_proof(document, item, KEY.verification_key)
    return raised.value.code


def test_the_proof_set() -> None:
    document = signed()
    rdfc, jcs = proofs_of(document)
    members = ["type", "created", "verificationMethod", "cryptosuite", "proofPurpose"]
    assert list(rdfc) == [*members, "proofValue"]
    assert list(jcs) == [*members, "@context", "proofValue"]
    assert [item["cryptosuite"] for item in (rdfc, jcs)] == ["eddsa-rdfc-2022", "eddsa-jcs-2022"]
    assert rdfc["created"] == "2026-01-31T09:30:00Z"
    assert {name: value for name, value in document.items() if name != "proof"} == DOCUMENT
    for item in (rdfc, jcs):
        proof.verify_proof(document, item, KEY.verification_key)
        proof.verify_proof({**DOCUMENT, "proof": item}, item, KEY.verification_key)


def test_each_proof_is_over_the_document_without_the_others() -> None:
    assert proofs_of(signed("eddsa-jcs-2022")) == proofs_of(signed())[1:]
    assert proofs_of(signed("eddsa-rdfc-2022")) == proofs_of(signed())[:1]


def test_another_key_is_refused() -> None:
    document = signed()
    for item in proofs_of(document):
        with pytest.raises(ProofError) as raised:
            proof.verify_proof(document, item, OTHER)
        assert raised.value.code == "proof.signature"


@pytest.mark.slow
@pytest.mark.parametrize("suite", proof.SUITES)
def test_no_changed_character_survives(suite: str) -> None:
    """Each letter and digit of the text, one by one, another one in its place."""
    text = serialise(signed(suite))
    unsigned = serialise({name: value for name, value in signed(suite).items() if name != "proof"})
    accepted = []
    for position, character in enumerate(text):
        if not character.isalnum():
            continue
        changed = text[:position] + ("b" if character == "a" else "a") + text[position + 1 :]
        try:
            document = parse(changed)
            item = proofs_of(document)[0]
            proof.verify_proof(document, item, KEY.verification_key)
        except (LaureaError, KeyError, AssertionError):
            continue
        accepted.append(changed[max(0, position - 30) : position + 10])
    assert accepted == []
    assert len(unsigned) < len(text)


@pytest.mark.parametrize("suite", proof.SUITES)
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"proofValue": None}, "proof.malformed"),
        ({"proofValue": ""}, "proof.malformed"),
        ({"proofValue": "z"}, "proof.malformed"),
        ({"proofValue": "z0OIl"}, "proof.malformed"),
        ({"proofValue": "z" + "1" * 63}, "proof.malformed"),
        ({"proofValue": "z" + "2" * 5_000_000}, "proof.malformed"),
        ({"proofValue": "u" + "A" * 86}, "proof.malformed"),
        ({"proofValue": "z" + "1" * 64}, "proof.signature"),
        ({"type": "Ed25519Signature2020"}, "proof.unsupported"),
        ({"type": ["DataIntegrityProof"]}, "proof.unsupported"),
        ({"cryptosuite": "ecdsa-rdfc-2019"}, "proof.unsupported"),
        ({"cryptosuite": None}, "proof.unsupported"),
        ({"cryptosuite": ["eddsa-jcs-2022"]}, "proof.unsupported"),
        ({"proofPurpose": "authentication"}, "proof.malformed"),
        ({"proofPurpose": ["assertionMethod"]}, "proof.malformed"),
        ({"verificationMethod": {"id": METHOD}}, "proof.malformed"),
        ({"created": "2026-01-31T09:30:00"}, "proof.malformed"),
        ({"created": 1}, "proof.malformed"),
        ({"created": "2026-01-31T09:30:01Z"}, "proof.signature"),
        ({"created": "2026-01-31T10:30:00+01:00"}, "proof.signature"),
        ({"expires": "tomorrow"}, "proof.malformed"),
        ({"expires": "2027-01-31T09:30:00Z"}, "proof.signature"),
        ({"domain": "example.org"}, "proof.malformed"),
        ({"challenge": "1"}, "proof.malformed"),
        ({"remark": "anything"}, "proof.malformed"),
        ({"previousProof": "urn:uuid:1"}, "proof.malformed"),
        ({"previousProof": []}, "proof.malformed"),
        ({"previousProof": {}}, "proof.malformed"),
        ({"@context": ["https://www.w3.org/ns/credentials/v2"]}, "proof.signature"),
    ],
)
def test_wrong_members(suite: str, change: Document, code: str) -> None:
    document = signed(suite)
    assert refusal(document, {**proofs_of(document)[0], **change}) == code


@pytest.mark.parametrize("name", ["type", "cryptosuite", "proofPurpose", "verificationMethod", "proofValue"])
def test_missing_members(name: str) -> None:
    document = signed()
    item = {key: value for key, value in proofs_of(document)[0].items() if key != name}
    assert refusal(document, item) in ("proof.malformed", "proof.unsupported")


@pytest.mark.parametrize("item", [None, True, 7, "proof", [], [{}], {}])
def test_no_proof_at_all(item: JSON) -> None:
    assert refusal(signed(), item) in ("proof.malformed", "proof.unsupported")


def test_a_context_added_after_signing_is_noticed() -> None:
    """The jcs suite allows it, the other may not even see it; nobody signed it."""
    document = signed()
    contexts = DOCUMENT["@context"]
    assert isinstance(contexts, list)
    longer = {**document, "@context": [*contexts, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]}
    _, jcs = proofs_of(longer)
    assert refusal(longer, jcs) == "proof.signature"


@pytest.mark.parametrize("suites", [["eddsa-rdfc-2022"], ["eddsa-jcs-2022"], list(proof.SUITES)])
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"remark": "no context knows this"}, CanonicalError),
        ({"name": None}, CanonicalError),
        ({"id": "3527"}, CanonicalError),
        ({"@context": ["https://www.w3.org/2018/credentials/v1"]}, ContextError),
        ({"@context": [{"name": "https://example.org/name"}]}, ContextError),
        ({"proof": []}, ProofError),
    ],
)
def test_what_no_proof_would_cover_is_not_signed(suites: list[str], change: Document, error: type[LaureaError]) -> None:
    with pytest.raises(error):
        proof.sign({**DOCUMENT, **change}, KEY, verification_method=METHOD, created=CREATED, suites=suites)


def test_other_suites_are_not_signed_with() -> None:
    with pytest.raises(ProofError) as raised:
        proof.sign(DOCUMENT, KEY, verification_method=METHOD, created=CREATED, suites=["ecdsa-rdfc-2019"])
    assert raised.value.code == "proof.unsupported"


def test_the_moment_has_a_time_zone() -> None:
    with pytest.raises(VocabularyError):
        proof.sign(DOCUMENT, KEY, verification_method=METHOD, created=CREATED.replace(tzinfo=None))
    moment = CREATED.astimezone(timezone(timedelta(hours=1)))
    document = proof.sign(DOCUMENT, KEY, verification_method=METHOD, created=moment)
    assert [item["created"] for item in proofs_of(document)] == ["2026-01-31T10:30:00+01:00"] * 2


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(), max_size=9)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=9), inner, max_size=3)),
    max_leaves=6,
)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from([*proofs_of(signed())[1], "expires", "id", "previousProof", "nonce", "x"]), anything)
def test_whatever_a_proof_holds_there_is_one_clear_error(name: str, value: JSON) -> None:
    document = signed()
    for item in proofs_of(document):
        if item.get(name) == value and name in item:
            continue
        with pytest.raises(LaureaError):
            proof.verify_proof(document, {**item, name: value}, KEY.verification_key)
