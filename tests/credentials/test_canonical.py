"""Canonical forms: contexts by the list only, one text for one meaning, and an end to every comparison."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laurea.credentials import canonical, contexts
from laurea.credentials.document import Document
from laurea.credentials.errors import CanonicalError, ContextError
from laurea.credentials.rdfc import Quad, canonicalise

CREDENTIALS, BADGES, EXTENSIONS = contexts.CREDENTIALS_V2, contexts.OPEN_BADGES, contexts.EXTENSIONS
VERSION_1 = "https://www.w3.org/2018/credentials/v1"


def document(context: Any = (CREDENTIALS, BADGES), **members: Any) -> Document:
    return {
        "@context": list(context) if isinstance(context, tuple) else context,
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential"],
        **members,
    }


def test_every_pinned_context_is_whole() -> None:
    for address in contexts.ALLOWED:
        assert list(contexts.load(address)) == ["@context"]
    with pytest.raises(ContextError) as raised:
        contexts.load("https://www.w3.org/ns/credentials/v3")
    assert raised.value.code == "context.unknown"


@pytest.mark.parametrize("sequence", sorted(contexts.SEQUENCES - contexts.SEQUENCES_V1))
def test_contexts_on_the_list(sequence: tuple[str, ...]) -> None:
    assert '<https://schema.org/name> "x" .' in canonical.n_quads(document(sequence, name="x"))


@pytest.mark.parametrize("sequence", sorted(contexts.SEQUENCES_V1), ids=" ".join)
def test_older_contexts_on_the_list(sequence: tuple[str, ...]) -> None:
    """Each of them is one that JSON-LD takes: none gives a protected term of another a second meaning."""
    older = document(sequence, issuanceDate="2026-05-31T09:30:00Z")
    assert '"2026-05-31T09:30:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .' in canonical.n_quads(older)


@pytest.mark.parametrize(
    "context",
    [
        None,
        [],
        {},
        7,
        [None],
        [CREDENTIALS, VERSION_1],
        [VERSION_1, CREDENTIALS],
        [VERSION_1, EXTENSIONS],
        [VERSION_1, "https://w3id.org/security/suites/ed25519-2018/v1"],
        [BADGES, CREDENTIALS],
        [BADGES],
        [CREDENTIALS, EXTENSIONS],
        [CREDENTIALS, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"],
        [CREDENTIALS, BADGES, BADGES],
        [CREDENTIALS, BADGES, {}],
        [CREDENTIALS, BADGES, {"name": "https://example.org/name"}],
        [[CREDENTIALS, BADGES]],
        [CREDENTIALS, BADGES, "https://example.org/"],
        [CREDENTIALS, "https://purl.imsglobal.org/spec/ob/v3p0/context.json"],
        [CREDENTIALS + "#", BADGES],
    ],
)
def test_other_contexts(context: Any) -> None:
    for broken in (document(context), document(endorsement=[document(context)])):
        with pytest.raises(ContextError):
            canonical.n_quads(broken)


def test_no_context_at_all() -> None:
    with pytest.raises(ContextError):
        canonical.n_quads({"id": "urn:uuid:1"})


@settings(deadline=None, max_examples=100)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")))
def test_each_text_comes_back(text: str) -> None:
    line = next(line for line in canonical.n_quads(document(name=text)).split("\n") if "schema.org/name" in line)
    (quad,) = canonical.read_n_quads(line)
    assert quad.object == canonical.literal(text)
    assert line == f"<urn:uuid:1> <https://schema.org/name> {canonical.literal(text)} ."


def test_characters_with_a_name_of_their_own() -> None:
    assert canonical.literal('\b\t\n\f\r"\\') == r'"\b\t\n\f\r\"\\"'
    assert canonical.literal("\x00\x0b\x1f\x7f\x80\x85\u2028é") == '"\\u0000\\u000B\\u001F\\u007F\x80\x85\u2028é"'


def test_lone_surrogates() -> None:
    for text in ("\ud800", "a\udc00"):
        with pytest.raises(CanonicalError):
            canonical.n_quads(document(name=text))
        with pytest.raises(CanonicalError):
            canonical.jcs({"name": text})


def test_order_of_members_does_not_matter() -> None:
    members = {"name": "x", "validFrom": "2026-01-01T00:00:00Z", "evidence": [{"name": "a"}, {"name": "b"}]}
    forms = {canonical.n_quads(document(**dict(order))) for order in itertools.permutations(members.items())}
    assert len(forms) == 1


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 2**53 + 1])
def test_numbers_that_rfc_8785_does_not_write(number: float) -> None:
    with pytest.raises(CanonicalError) as raised:
        canonical.jcs({"a": number})
    assert raised.value.code == "canonical.json"


def clique(size: int) -> list[Quad]:
    nodes = [f"_:b{number}" for number in range(size)]
    return [Quad(one, "<urn:p>", other) for one in nodes for other in nodes if one != other]


@pytest.mark.parametrize("quads", [clique(8), clique(40)], ids=["small", "large"])
def test_poison_has_an_end(quads: list[Quad]) -> None:
    with pytest.raises(CanonicalError) as raised:
        canonicalise(quads)
    assert raised.value.code == "canonical.poison"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(*[st.integers(0, 4)] * 2, st.sampled_from("pq")), max_size=8), st.permutations(range(5)))
def test_names_of_blank_nodes_do_not_matter(edges: list[tuple[int, int, str]], renamed: list[int]) -> None:
    one = [Quad(f"_:n{a}", f"<urn:{p}>", f"_:n{b}") for a, b, p in edges]
    other = [Quad(f"_:x{renamed[a]}", f"<urn:{p}>", f"_:x{renamed[b]}") for a, b, p in reversed(edges)]
    assert canonicalise(one).n_quads == canonicalise(other).n_quads
