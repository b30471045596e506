"""Canonical forms: one byte string for all ways to write the same document.

Two of them, for the two proofs of a credential: RDFC-1.0 over the RDF that the document means (eddsa-rdfc-2022), and
RFC 8785 over its JSON (eddsa-jcs-2022).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache

import pyoxigraph
import rfc8785

from laurea.credentials import context_parts, contexts
from laurea.credentials.data_loss import Path, Terms, read_context, refuse_loss
from laurea.credentials.document import JSON, Document, pointer
from laurea.credentials.errors import CanonicalError, ContextError
from laurea.credentials.rdfc import Quad, canonicalise

Contexts = Mapping[str, Mapping[str, JSON]]
"""Context documents by address, to be known beside the pinned ones."""

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"

# Canonical N-Quads, section 2 of RDF 1.2 N-Quads: control characters by name or number, all others as they are.
_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)}
_ESCAPES |= {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 0x22: '\\"', 0x5C: "\\\\"}
# URDNA2015 wrote N-Quads as RDF 1.1 has them: all but these as they are.
_URDNA_ESCAPES = {code: _ESCAPES[code] for code in (10, 13, 0x22, 0x5C)}


def n_quads(document: Document, *, more_contexts: Contexts | None = None, urdna2015: bool = False) -> str:
    """`document` as canonical N-Quads (RDFC-1.0), or as its forerunner `urdna2015` wrote control characters.

    Contexts are the pinned ones, in one of the orders of `contexts.SEQUENCES`; with `more_contexts` any order of
    those and the pinned ones. Raises `ContextError` for others, and `CanonicalError`: ``canonical.data-loss``,
    ``canonical.poison``, ``canonical.json-ld``.
    """
    known = _Contexts(more_contexts)
    known.addresses(document.get("@context"))
    reading = refuse_loss(document, known.terms)
    try:
        inlined = known.inlined(document, reading.several, context_parts.names_in(document))
        text = json.dumps(inlined, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise CanonicalError("canonical.json", "The document holds half of a character (a lone surrogate)") from None
    try:
        quads = _quads(text, pyoxigraph.RdfFormat.JSON_LD, _URDNA_ESCAPES if urdna2015 else _ESCAPES)
    except (SyntaxError, ValueError) as error:
        raise CanonicalError("canonical.json-ld", f"The document is no JSON-LD: {error}") from None
    if len(quads) != reading.quads:  # belt and braces: each part of the document is there
        raise CanonicalError(
            "canonical.data-loss",
            f"The document says {reading.quads} things, of which {len(quads)} would be signed",
            "Please report this: it should have been refused with its place named",
        )
    return canonicalise(quads).n_quads


def require_meaning(document: Document) -> None:
    """Raise what `n_quads` raises for contexts and for data loss; without its work, and with proofs looked at too."""
    known = _Contexts(None)
    known.addresses(document.get("@context"))
    refuse_loss(document, known.terms)


def read_n_quads(text: str) -> list[Quad]:
    """The quads of a text in N-Quads, with their terms in canonical syntax."""
    return _quads(text, pyoxigraph.RdfFormat.N_QUADS)


def jcs(value: JSON) -> bytes:
    """`value` in the JSON Canonicalization Scheme (RFC 8785), UTF-8.

    Raises `CanonicalError` (``canonical.json``) for numbers and texts that RFC 8785 does not write.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, ValueError, RecursionError) as error:
        raise CanonicalError("canonical.json", f"The document has no canonical JSON form: {error}") from None


def literal(text: str, escapes: Mapping[int, str] = _ESCAPES) -> str:
    """`text` between quotation marks, as canonical N-Quads writes it."""
    return f'"{text.translate(escapes)}"'


def _quads(text: str | bytes, syntax: pyoxigraph.RdfFormat, escapes: Mapping[int, str] = _ESCAPES) -> list[Quad]:
    parsed = pyoxigraph.parse(text, format=syntax)
    return [
        Quad(_term(q.subject, escapes), _term(q.predicate, escapes), _term(q.object, escapes), _term(q.graph_name, {}))
        for q in parsed
    ]


def _term(term: object, escapes: Mapping[int, str]) -> str:
    if isinstance(term, pyoxigraph.NamedNode):
        return f"<{term.value}>"
    if isinstance(term, pyoxigraph.BlankNode):
        return f"_:{term.value}"
    if isinstance(term, pyoxigraph.Literal):
        if term.language:
            return f"{literal(term.value, escapes)}@{term.language}"
        datatype = term.datatype.value
        return literal(term.value, escapes) + ("" if datatype == _XSD_STRING else f"^^<{datatype}>")
    return ""


class _Contexts:
    """What may stand in ``@context``: the pinned contexts in their orders, and those that a caller brings."""

    def __init__(self, more: Contexts | None) -> None:
        self.more = more

    def terms(self, value: JSON) -> Terms:
        """The terms that the value of a ``@context`` defines."""
        addresses = self.addresses(value)
        return _pinned_terms(addresses) if self.more is None else read_context(self.content(addresses))

    def addresses(self, value: JSON) -> tuple[str, ...]:
        """The addresses that the value of a ``@context`` names, all of them allowed in this order."""
        named = value if isinstance(value, list) else [] if value is None else [value]
        addresses = tuple(address for address in named if isinstance(address, str))
        if len(addresses) != len(named):
            raise ContextError(
                "context.inline",
                "The document brings a context of its own, which could give its members another meaning",
                "Only the published contexts of the W3C and of 1EdTech are accepted, by address",
            )
        if self.more is None and addresses not in contexts.SEQUENCES:
            raise _not_in_order(addresses)
        return addresses

    def content(self, addresses: tuple[str, ...]) -> list[JSON]:
        """What the contexts hold."""
        more = self.more or {}
        return [(more.get(address) or contexts.load(address))["@context"] for address in addresses]

    def inlined(
        self,
        value: JSON,
        several: Mapping[Path, Sequence[Mapping[str, JSON]]],
        names: frozenset[str],
        path: Path = (),
    ) -> JSON:
        """`value` with the content of each context in place of its address, so that nobody looks it up.

        Of pinned contexts only what a document with these `names` makes use of: reading them takes most of the time.

        pyoxigraph lets only the last of an object's types bring its context. Where there are several (`several`), their
        sum is written into the object, as one that reaches no further, which means the same.
        """
        if isinstance(value, list):
            return [self.inlined(item, several, names, (*path, index)) for index, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        found: Document = {}
        merged: Document = {}
        for scope in several.get(path, ()):
            merged |= scope
        if merged:
            found["@context"] = {"@propagate": False, **merged}
        for name, member in value.items():
            if name == "@context":
                addresses = self.addresses(member)
                content = context_parts.content(addresses, names) if self.more is None else self.content(addresses)
                found[name] = [*content, _beside(merged, self.content(addresses), path)] if merged else content
            else:
                found[name] = self.inlined(member, several, names, (*path, name))
        return found


def _beside(merged: Document, content: Sequence[JSON], path: Path) -> JSON:
    """The sum of an object's type contexts, to be written behind contexts of its own, where it reaches further in.

    There it may give no name another meaning: names that only it defines are refused inside by `data_loss`.
    """
    outer: Document = {}
    for context in content:
        outer |= context if isinstance(context, dict) else {}
    for name, definition in merged.items():
        if not name.startswith("@") and name in outer and _whole(definition, merged) != _whole(outer[name], outer):
            raise CanonicalError(
                "canonical.several-types",
                f"Several types at {pointer(*path)} bring a context each, beside one of its own",
                "Leave it with one of them",
            )
    return merged


def _whole(definition: JSON, context: Document) -> JSON:
    """A term's definition with its address written out."""
    if isinstance(definition, dict):
        return {name: _whole(item, context) if name == "@id" else item for name, item in definition.items()}
    prefix, colon, rest = definition.partition(":") if isinstance(definition, str) else ("", "", "")
    known = context.get(prefix)
    return f"{known}{rest}" if colon and isinstance(known, str) else definition


@cache
def _pinned_terms(addresses: tuple[str, ...]) -> Terms:
    return read_context([contexts.load(address)["@context"] for address in addresses])


def _not_in_order(addresses: tuple[str, ...]) -> ContextError:
    unknown = [address for address in addresses if address not in contexts.ALLOWED]
    if unknown:
        return ContextError(
            "context.unknown",
            f"The document names a context that Laurea does not know: {unknown[0][:200]}",
            "An Open Badges 3.0 credential names the contexts of the W3C and of 1EdTech, nothing else",
        )
    return ContextError(
        "context.order",
        "The document does not name its contexts as Open Badges 3.0 asks for" if addresses else "It names no context",
        f"First {contexts.CREDENTIALS_V2}, then {contexts.OPEN_BADGES}",
    )
