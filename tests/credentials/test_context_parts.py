"""The parts of contexts: left out is only what means nothing for a document."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.conftest import Genuine

from laurea.credentials import canonical, context_parts, contexts
from laurea.credentials.rdfc import canonicalise

SEQUENCES = sorted(contexts.SEQUENCES)


def whole(addresses: tuple[str, ...]) -> list[Any]:
    return [contexts.load(address)["@context"] for address in addresses]


def parts(addresses: tuple[str, ...], document: Any) -> list[Any]:
    return context_parts.content(addresses, context_parts.names_in(document))


def meaning(document: Any, context: list[Any]) -> str:
    text = json.dumps({"@context": context, **document})
    return canonicalise(canonical._quads(text, pyoxigraph.RdfFormat.JSON_LD)).n_quads


def named(context: Any) -> set[str]:
    """All names that a context defines, at whatever depth."""
    found: set[str] = set()
    for part in context if isinstance(context, list) else [context]:
        for name, definition in part.items() if isinstance(part, dict) else ():
            if not name.startswith("@"):
                found.add(name)
                found |= named(definition.get("@context")) if isinstance(definition, dict) else set()
    return found


NAMES = sorted(set[str]().union(*(named(whole(addresses)) for addresses in SEQUENCES)))
VALUES = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(NAMES).map(lambda name: f"{name}:part"),
    st.sampled_from(["https://example.org/a", "urn:uuid:1", "2026-01-01T00:00:00Z", "a text", "relative"]),
)
DOCUMENTS = st.recursive(
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4),
    lambda inner: st.dictionaries(
        st.sampled_from(NAMES), st.one_of(VALUES, inner, st.lists(st.one_of(VALUES, inner), max_size=3)), max_size=5
    ),
    max_leaves=12,
)


@pytest.mark.slow
@settings(max_examples=400)
@given(addresses=st.sampled_from(SEQUENCES), document=DOCUMENTS)
def test_any_document_means_the_same_with_parts(addresses: tuple[str, ...], document: Any) -> None:
    """Also such as no credential would be: any name anywhere, as a member, as a type, before a colon."""
    try:
        expected = meaning(document, whole(addresses))
    except (SyntaxError, ValueError):
        assume(False)
    assert meaning(document, parts(addresses, document)) == expected


@pytest.mark.parametrize("addresses", SEQUENCES, ids=" ".join)
def test_a_document_with_every_name_gets_every_definition(addresses: tuple[str, ...]) -> None:
    assert parts(addresses, NAMES) == whole(addresses)


def test_a_credential_means_the_same_and_needs_few_definitions(genuine: Genuine) -> None:
    document = json.loads(genuine.text)
    for each in (document, genuine.status_list):
        body = {name: value for name, value in each.items() if name not in ("@context", "proof")}
        addresses = tuple(each["@context"])
        assert meaning(body, parts(addresses, body)) == meaning(body, whole(addresses))
        assert len(named(parts(addresses, body))) < len(named(whole(addresses))) / 2


def test_what_a_definition_mentions_stays() -> None:
    """A name whose definition is given by a prefix, and one that is found in a context inside another."""
    addresses = (contexts.CREDENTIALS_V1,)
    kept = json.dumps(parts(addresses, {"type": "Ed25519Signature2018", "jws": "x"}))
    assert '"jws": "sec:jws"' in kept
    assert '"sec": "https://w3id.org/security#"' in kept
    assert '"challenge"' not in kept
