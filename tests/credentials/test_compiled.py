"""The compiled form gives what the general path gives, for whatever texts a document holds."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from laurea.credentials import compiled, keys, proof
from laurea.credentials.compiled import BatchSigner
from laurea.credentials.document import JSON, Document, parse, serialise
from laurea.credentials.errors import CanonicalError, ContextError, LaureaError, ProofError

KEY = keys.SigningKey.from_seed(bytes(range(32)))
METHOD = keys.verification_method("did:web:academy.example", KEY.verification_key)
CREATED = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)

AWKWARD = [
    "",
    " ",
    '"',
    "\\",
    "\\u0041",
    "a\nb\r\tc\b\f",
    "\x00\x01\x1f\x7f\x80\x85",
    "\u2028\u2029",
    "\ufeff\ufffe\uffff",
    "أمل حداد",
    "ab\u202edc\u202c",
    "👩\u200d🎓𝕏",
    "e\u0301 é",
    "%s %(a)s %% {0} $1",
    "_:c14n0",
    "_:a _:z .\n<x> <y> <z> .",
    "https://example.org/",
    "<https://example.org/>",
    "name",
    "Achievement",
    "@id",
    "null",
    "true",
    "1.5E0",
    "urn:laurea:slot:0:",
    '"urn:laurea:slot:1:"',
    "\ud800",
    "x\udc00y",
    "word " * 20_000,
]
IDENTIFIERS = [
    "urn:uuid:0b9e1e6e-6c3f-4b0e-8f67-0a4b9d6f2a11",
    "did:web:academy.example",
    "https://academy.example/list#7",
    "https://academy.example",
    "https://academy.example/a/../b",
    "https://academy.example/./b",
    "https://academy.example:port/",
    "HTTPS://Academy.example/%7e%zz",
    "https://exa mple/",
    "https://example.org/ü",
    "https://[::1]/",
    "mailto:ada@example.org",
    "data:image/png;base64,AAAA",
    "relative",
    "#fragment",
    "_:b0",
    "",
    "xsd:date",
    "urn:laurea:slot:0:",
    "urn:x:\ud800",
]

texts = st.one_of(st.sampled_from(AWKWARD), st.text(st.characters(), max_size=30), st.text(max_size=4))
identifiers = st.one_of(
    st.sampled_from(IDENTIFIERS), st.uuids().map(lambda number: f"urn:uuid:{number}"), st.text(max_size=6)
)


def credential(
    identifier: str = "urn:uuid:0b9e1e6e-6c3f-4b0e-8f67-0a4b9d6f2a11",
    names: tuple[str, str] = ("Ada Lovelace", "Salz"),
    index: str = "4711",
    tags: tuple[str, ...] = ("privacy", "law"),
    status: str = "https://academy.example/status/1",
) -> Document:
    """A credential whose subject, identities, criteria and alignments are blank nodes."""
    alignments: list[JSON] = [
        {"type": ["Alignment"], "targetName": tag, "targetUrl": "https://example.org/skill"} for tag in tags
    ]
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": identifier,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "did:web:academy.example", "type": ["Profile"], "name": "Academy"},
        "validFrom": "2026-01-31T09:30:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "hashed": False, "identityHash": names[0], "identityType": "name"},
                {"type": "IdentityObject", "hashed": True, "identityHash": names[1], "salt": names[1]},
            ],
            "creditsEarned": 1.5,
            "achievement": {
                "id": "urn:uuid:0b9e1e6e-6c3f-4b0e-8f67-0a4b9d6f2a12",
                "type": ["Achievement"],
                "name": "Privacy 100 %",
                "description": "What to keep.",
                "criteria": {"narrative": "Passed."},
                "tag": list(tags),
                "alignment": alignments,
            },
        },
        "credentialStatus": {
            "id": f"{status}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": index,
            "statusListCredential": status,
        },
    }


def general(document: Document) -> bytes:
    """The text that the general path gives."""
    return serialise(proof.sign(document, KEY, verification_method=METHOD, created=CREATED)).encode()


def signer() -> BatchSigner:
    return BatchSigner(KEY, verification_method=METHOD, created=CREATED)


def outcome(sign: Callable[[Document], bytes], document: Document) -> bytes | tuple[type, str]:
    """The text, or which error."""
    try:
        return sign(document)
    except LaureaError as error:
        return type(error), error.code


WARM = signer()
for turn in "1234":
    WARM.sign(credential(f"urn:uuid:{turn}", (f"name {turn}", f"salt {turn}"), turn, (f"t{turn}", "u")))
    WARM.sign(credential(f"urn:uuid:{turn}", ("name", "salt"), "0", (turn, f"{turn}u"), f"urn:list:{turn}"))
    WARM.sign(credential(f"urn:uuid:{turn}", status=f"https://academy.example/status/{turn}"))


@settings(deadline=None, max_examples=150)
@given(identifiers, st.tuples(texts, texts), texts, st.tuples(texts, texts), identifiers)
@example("urn:uuid:1", ("same", "same"), "1", ("same", "same"), "urn:uuid:1")
@example("urn:uuid:1", ("a", "b"), "1", ("tie", "tie"), "https://academy.example/status/1")
def test_same_bytes_or_same_error_as_the_general_path(
    identifier: str, names: tuple[str, str], index: str, tags: tuple[str, str], status: str
) -> None:
    document = credential(identifier, names, index, tags, status)
    assert outcome(WARM.sign, document) == outcome(general, document)


@pytest.mark.parametrize("text", AWKWARD)
def test_each_awkward_text(text: str) -> None:
    document = credential(names=(text, text), tags=(text, "other"))
    assert outcome(WARM.sign, document) == outcome(general, document)


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_each_awkward_identifier(identifier: str) -> None:
    document = credential(identifier)
    assert outcome(WARM.sign, document) == outcome(general, document)


FEW = ["a", "b", '"', "_:c14n0", "urn:laurea:slot:0:", '"urn:laurea:slot:1:"', "\ue000", "\U00010000", "urn:uuid:1"]
few = st.sampled_from(FEW)
few_identifiers = st.sampled_from(["urn:uuid:1", "urn:uuid:2", "https://academy.example/1", "https://academy.example/"])
wholes = st.tuples(few_identifiers, few, st.tuples(few, few), st.lists(few, min_size=3, max_size=3), few_identifiers)


def colliding(identifier: str, name: str, holder: tuple[str, str], tags: list[str], evidence: str) -> Document:
    """A credential in which one text may stand in many places, and unnamed parts may come to be alike.

    Its achievement has no identifier, so that an unnamed part has several texts of one kind.
    """
    document = credential(identifier)
    first, second = ({"type": "IdentityObject", "identityHash": text, "salt": text} for text in holder)
    achievement = {"type": ["Achievement"], "name": name, "tag": [*tags], "criteria": {"narrative": tags[0]}}
    document["credentialSubject"] = {
        "type": ["AchievementSubject"], "identifier": [first, second], "achievement": achievement,
    }  # fmt: skip
    document["evidence"] = [{"id": evidence, "name": name}, {"id": identifier, "name": holder[0]}]
    return document


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(wholes, min_size=3, max_size=6))
@example(
    [("urn:uuid:1", "a", ("a", "b"), [*"abc"], "urn:uuid:2"), ("urn:uuid:2", "b", ("c", "d"), [*"xyz"], "urn:x")] * 2
)
def test_a_batch_in_which_everything_collides(
    documents: list[tuple[str, str, tuple[str, str], list[str], str]],
) -> None:
    """Equal quads count once, equal hashes go the general way, and no text is taken for a slot or a name."""
    warm = signer()
    for whole in [*documents, *documents]:
        document = colliding(*whole)
        assert outcome(warm.sign, document) == outcome(general, document)


def test_equal_quads_count_once() -> None:
    """In the document, and among those that an unnamed part is named by."""
    warm = signer()
    for number in range(4):
        warm.sign(
            colliding(
                f"urn:uuid:{number}", f"n{number}", (f"h{number}", "i"), [f"{number}", "u", f"{number}v"], "urn:e"
            )
        )
    for tags in (["same", "u", "same"], ["u", "u", "u"], ["u", "u", "v"]):
        document = colliding("urn:uuid:9", "n", ("h", "i"), tags, "urn:e")
        assert warm.sign(document) == general(document)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(width=16), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["name", "id", "x"]), inner)),
    max_leaves=4,
)


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(st.sampled_from(["name", "evidence", "creditsEarned", "awardedDate", "type", "unknown"]), json_values)
def test_any_value_in_any_place(name: str, value: JSON) -> None:
    document = {**credential(), name: value}
    warm = signer()
    for _ in range(3):
        assert outcome(warm.sign, copy.deepcopy(document)) == outcome(general, document)


def test_values_that_compare_equal_are_told_apart() -> None:
    warm = signer()
    for number in (1, 1.0, True, 0, 0.0, False, 1.5, 1, True):
        document = credential()
        subject = document["credentialSubject"]
        assert isinstance(subject, dict)
        subject["creditsEarned"] = number
        assert outcome(warm.sign, document) == outcome(general, document)


def test_the_compiled_form_is_what_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    warm = signer()
    for number in range(3):
        warm.sign(credential(f"urn:uuid:{number}", (f"n{number}", f"s{number}")))
    expected = general(credential("urn:uuid:9", ('Zoë "Z"', "\n")))
    awkward = credential(
        "did:web:a.example", ("\x00\u2028", '"\\'), "9", ("x", "𝕏"), "https://academy.example/status/9"
    )
    expected_of_awkward = general(awkward)

    def forbidden(*_: object, **__: object) -> Document:
        raise AssertionError("the general path was taken")

    monkeypatch.setattr(compiled.proof, "sign", forbidden)
    assert warm.sign(credential("urn:uuid:9", ('Zoë "Z"', "\n"))) == expected
    assert WARM.sign(awkward) == expected_of_awkward


def test_each_suite_alone() -> None:
    for suites in (["eddsa-rdfc-2022"], ["eddsa-jcs-2022"], ["eddsa-jcs-2022", "eddsa-rdfc-2022"]):
        warm = BatchSigner(KEY, verification_method=METHOD, created=CREATED, suites=suites)
        for number in range(4):
            document = credential(f"urn:uuid:{number}", (f"n{number}", f"s{number}"))
            signed = proof.sign(document, KEY, verification_method=METHOD, created=CREATED, suites=suites)
            assert warm.sign(document) == serialise(signed).encode()


def test_the_document_is_left_as_it_was_and_the_proofs_verify() -> None:
    document = credential("urn:uuid:5", ("Łukasz", "\x7f"))
    before = copy.deepcopy(document)
    signed = parse(WARM.sign(document))
    assert document == before
    proofs = signed["proof"]
    assert isinstance(proofs, list)
    assert len(proofs) == 2
    for item in proofs:
        proof.verify_proof(signed, item, KEY.verification_key)


@pytest.mark.slow
def test_more_shapes_than_are_kept() -> None:
    warm = signer()
    for _ in range(2):
        for number in range(70):
            document = credential(tags=tuple(f"tag {place}" for place in range(number % 70 + 1)))
            if number % 10 == 0:
                assert warm.sign(document) == general(document)
            else:
                warm.sign(document)


def test_what_the_general_path_refuses_is_refused() -> None:
    warm = signer()
    for number in range(3):
        warm.sign(credential(f"urn:uuid:{number}"))
    with pytest.raises(ProofError) as signed_already:
        warm.sign({**credential(), "proof": []})
    assert signed_already.value.code == "proof.already-signed"
    for _ in range(3):
        with pytest.raises(CanonicalError):
            warm.sign({**credential(), "unknown": "text"})
        with pytest.raises(ContextError):
            warm.sign({**credential(), "@context": ["https://example.org/"]})
