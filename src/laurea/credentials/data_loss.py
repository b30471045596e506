"""Data-loss detection: refuses a document of which JSON-LD would silently drop or turn around a part.

JSON-LD ignores a member that no context defines, an identifier that is no absolute IRI, a null. What is ignored is not
signed, and text added there after signing would still "verify". So before a document becomes RDF, each member is looked
up in the contexts that hold at its place (JSON-LD 1.1 API, section 5.1, with type-scoped and property-scoped contexts),
and what would be lost is named with its place. Legal but exotic JSON-LD (value objects, @graph, @reverse, language
maps) is refused as well: credentials have no use for it, and attackers do.

Source: Verifiable Credential Data Integrity 1.0, section 4.6 ("DATA_LOSS_DETECTION_ERROR").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

import pyoxigraph

from laurea.credentials.document import JSON, Document, pointer
from laurea.credentials.errors import CanonicalError

# RFC 3987 in short: a scheme, then none of the characters that an IRI must not hold.
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f-\x9f]+")
# What the contexts define as a prefix: JSON-LD would rewrite such an address.
_PREFIXES = ("xsd:", "cred:", "sec:", "_:")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")

_SIXTEEN_DIGITS = (Context(prec=16, rounding=ROUND_HALF_EVEN), Context(prec=16, rounding=ROUND_HALF_UP))

_NONCHARACTERS = re.compile("[\ufffe\uffff]")

MAX_WORK = 12_000
"""Parts that a document may have, weighed by the time they take: about two seconds."""
_TYPE_WORK = 3
_CONTEXT_WORK = 80

VOCABULARY = "@vocab"
"""Where a context gives a meaning to every name (no pinned one does), the term that stands for all."""

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Term:
    """What a context says about one name."""

    iri: str
    kind: str = ""
    """Type coercion: empty, ``@id``, ``@vocab``, ``@json`` or the IRI of a datatype."""
    container: str = ""
    scope: Mapping[str, Term] | None = None
    """Terms of the context that holds inside, if there is one."""
    source: Mapping[str, JSON] | None = None
    """That context as it is written."""


Terms = Mapping[str, Term]
Reader = Callable[[JSON], Terms]


def read_context(context: JSON, outer: Terms | None = None) -> Terms:
    """The terms of a context (or of a list of contexts), on top of `outer`."""
    terms: dict[str, Term] = dict(outer or {})
    for part in context if isinstance(context, list) else [context]:
        if not isinstance(part, dict):
            continue  # null, in a scope that credentials do not reach
        for name, definition in part.items():
            if not name.startswith("@") or name == VOCABULARY:
                terms[name] = _term(definition)
    return terms


def _term(definition: JSON) -> Term:
    if isinstance(definition, str):
        return Term(definition)
    assert isinstance(definition, dict)  # noqa: S101 - the pinned contexts hold nothing else
    scope = definition.get("@context")
    return Term(
        str(definition.get("@id", "")),
        str(definition.get("@type", "")),
        str(definition.get("@container", "")),
        None if scope is None else read_context(scope),
        scope if isinstance(scope, dict) else None,
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """What one needs to know of a document that loses nothing.

    `several` are the places of objects that have several types with a context each, and those contexts in the order in
    which they apply; `quads` is how many quads the document means, counting equal ones as often as they are said.
    """

    several: Mapping[Path, Sequence[Mapping[str, JSON]]]
    quads: int


def refuse_loss(document: Document, read: Reader) -> Reading:
    """Raise `CanonicalError` (``canonical.data-loss``) for the first part of `document` that no proof would cover.

    `read` gives the terms of a ``@context`` (the document's, and those of credentials embedded in it), or raises.
    Code ``canonical.too-much`` for a document that would keep a reader busy for long.
    """
    walk = _Walk(read)
    walk.node(document, {}, ())
    return Reading(walk.several, walk.quads)


class _Walk:
    """One way through a document."""

    def __init__(self, read: Reader) -> None:
        self.read = read
        self.several: dict[Path, Sequence[Mapping[str, JSON]]] = {}
        self.quads = 0
        self.work = 0

    def node(self, node: Mapping[str, JSON], terms: Terms, path: Path) -> None:
        """An object, where `terms` hold before its own context and types have a say."""
        if "@context" in node:
            terms = {**terms, **self.read(node["@context"])}
        holding = terms
        types = _types(node, terms, path)
        self.quads += len(types)
        scoped = [terms[name] for name in sorted(set(types)) if name in terms and terms[name].scope]
        self.spend(1 + _TYPE_WORK * len(scoped) + _CONTEXT_WORK * ("@context" in node))
        for term in scoped:
            holding = {**holding, **(term.scope or {})}
        if len(scoped) > 1:
            self.several[path] = [term.source or {} for term in scoped]
        for name, value in node.items():
            if name != "@context":
                self.named(name, value, terms, holding, (*path, name))

    def spend(self, work: int) -> None:
        """Count the work that an object makes for whoever turns it into RDF."""
        self.work += work
        if self.work > MAX_WORK:
            raise CanonicalError(
                "canonical.too-much",
                "The document has more parts than a credential ever needs",
                "Put evidence and endorsements beside it and give their addresses",
            )

    def named(self, name: str, value: JSON, terms: Terms, holding: Terms, path: Path) -> None:
        """A member, whose name is looked up in `holding`."""
        term = holding.get(name) or (None if name.startswith("@") else holding.get(VOCABULARY))
        if term is None or not term.iri:
            raise _undefined(name, path)
        if term.iri == "@type":
            return
        if term.iri == "@id":
            _identifier(value, path)
        else:
            # A type-scoped context does not reach into the objects inside; a property-scoped one does.
            self.member(value, term, terms if term.scope is None else {**terms, **term.scope}, path)

    def member(self, value: JSON, term: Term, terms: Terms, path: Path) -> None:
        """The value of a member, or its values."""
        if term.kind == "@json":
            self.quads += 1
            return
        if term.container not in ("", "@set", "@list", "@graph"):
            raise _lost(path, f"a container of kind {term.container}", "Such members are not supported")
        if term.container == "@list":  # one quad leads to the list, one from each item to the next
            length = len(value) if isinstance(value, list) else 1
            self.quads += 1 + length
            self.spend(length)
        if not isinstance(value, list):
            self.value(value, term, terms, path)
            return
        if not value:
            raise _lost(path, "an empty list", "Leave the member out")
        for index, item in enumerate(value):
            if isinstance(item, list):
                raise _lost((*path, index), "a list inside a list", "JSON-LD would flatten it")
            self.value(item, term, terms, (*path, index))

    def value(self, value: JSON, term: Term, terms: Terms, path: Path) -> None:
        """One value."""
        self.quads += 1
        if value is None:
            raise _lost(path, "a null", "Leave the member out")
        if isinstance(value, dict):
            if not value:
                raise _lost(path, "an empty object", "Leave the member out")
            self.node(value, terms, path)
        elif isinstance(value, int | float) and not isinstance(value, bool) and not _is_written_alike(value):
            raise _lost(path, "a number that programs write differently", "Round it, or write it as text")
        elif isinstance(value, str) and _NONCHARACTERS.search(value):
            raise _lost(path, "a character that does not exist (U+FFFE or U+FFFF)", "Leave it out")
        elif term.kind == "@id":
            _identifier(value, path)
        elif term.kind == "@vocab":
            known = isinstance(value, str) and value in terms and not terms[value].iri.startswith("@")
            if not known:
                _identifier(value, path)


def _types(node: Mapping[str, JSON], terms: Terms, path: Path) -> Sequence[str]:
    value = node.get("type")
    names = value if isinstance(value, list) else [] if value is None else [value]
    where = (*path, "type")
    if "type" in node and not names:
        raise _lost(where, "an empty list", "Leave the member out")
    found = []
    for name in names:
        if not isinstance(name, str):
            raise _lost(where, "a type that is no text", "Types are names")
        term = terms.get(name)
        undefined = term is None or term.iri.startswith("@") or not term.iri
        if undefined and VOCABULARY not in terms and not is_absolute_iri(name):
            raise _lost(where, f"the type “{name[:80]}”, which no context defines", "Use a type of Open Badges 3.0")
        found.append(name)
    return found


def _identifier(value: JSON, path: Path) -> None:
    if not isinstance(value, str) or not is_absolute_iri(value):
        shown = f"“{value[:80]}”" if isinstance(value, str) else "a value that is no text"
        raise _lost(path, f"{shown} where an absolute address (IRI) belongs", "Like https://… or urn:uuid:…")


def is_absolute_iri(text: str) -> bool:
    """Whether JSON-LD takes `text` as an address as it stands."""
    if not _ABSOLUTE.fullmatch(text) or _BROKEN_ESCAPE.search(text) or text.startswith(_PREFIXES):
        return False
    try:
        pyoxigraph.NamedNode(text)
    except ValueError:
        return False  # its reader of JSON-LD would pass over whatever is said of it, without a word
    return True


def _is_written_alike(number: float) -> bool:
    """Whether a number has one form in RDF: JSON-LD rounds to 16 digits (JSON-LD 1.1 API, section 8.6), many do not.

    JavaScript writes 0.0000001 as 1e-7, without the dot by which much software tells a fraction: it makes that a 0.
    """
    if not abs(number) < 1 << 53 or str(number) == "-0.0":
        return False
    if 0 < abs(number) < 1e-6 and "." not in str(number):
        return False
    # Exactly in the middle of two such numbers, JavaScript takes the larger and Python the even one.
    shortest = Decimal(str(number))
    return number == int(number) or all(shortest == Decimal(number).normalize(digits) for digits in _SIXTEEN_DIGITS)


def _undefined(name: str, path: Path) -> CanonicalError:
    if name.startswith("@"):
        return _lost(path, f"the keyword {name[:40]}", "Credentials are written without it")
    return _lost(path, f"the member “{name[:80]}”, which no context defines", "Leave it out, or use a defined member")


def _lost(path: Path, what: str, hint: str) -> CanonicalError:
    return CanonicalError("canonical.data-loss", f"No signature would cover {what} (at {pointer(*path)})", hint)
