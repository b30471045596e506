"""The compiled form of a repeated shape: signs many credentials that differ in a few texts, at a fraction of the cost.

    signer = BatchSigner(key, verification_method=method, created=moment)
    texts = [signer.sign(document) for document in documents]

`BatchSigner.sign` takes a whole unsigned document and gives the very bytes that `proof.sign` and `document.serialise`
give, only sooner. It finds out by itself which documents are of one shape: the same members in the same order, the
same types, contexts and values other than texts. Of a shape it signs the first document the general way. With the
second it knows which texts differ, puts a placeholder in the place of each, has the general code canonicalise that, and
keeps the results as templates. After that a document costs filling in its texts, naming its blank nodes anew by the
rule of RDFC-1.0 (section 4.4.3, for nodes whose first-degree hashes differ), two hashes and two signatures.

Wherever it cannot be sure, it takes the general path: two blank nodes with one hash, identifiers of uncommon form,
lone surrogates, shapes whose compiled result is not, byte for byte, what the general path gives for the document that
they were compiled from.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring
from operator import itemgetter

from laurea.credentials import canonical, proof
from laurea.credentials.document import JSON, Document, serialise
from laurea.credentials.keys import Signer, base58_encode
from laurea.credentials.rdfc import Quad

_MOST_SHAPES = 64
_MOST_COMPILATIONS = 32

_OPEN_OBJECT, _CLOSE_OBJECT, _OPEN_LIST, _CLOSE_LIST, _TEXT = range(5)
_BY_NAME = frozenset({"@context", "type"})
"""Members whose texts are words of the vocabulary: another one makes another shape."""

_MARK = "urn:laurea:slot:"
_IDENTIFIER = re.compile(rf"<{_MARK}(\d+):>")
_STRING = re.compile(rf'"{_MARK}(\d+):"')
_SLOT = re.compile(rf"{_IDENTIFIER.pattern}|{_STRING.pattern}")
_RDF_JSON = "^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>"

# Texts that JSON and N-Quads write alike, as they are.
_PLAIN = re.compile('[^"\\\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]*').fullmatch
# Texts that the general path refuses.
_REFUSED = re.compile("[\ud800-\udfff\ufffe\uffff]").search
# Identifiers of the forms that nobody reads differently. What is not among them takes the general path.
_PLAIN_IRI = re.compile(
    r"(?:urn:uuid:|did:[a-z0-9]+:|mailto:|https?://[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*(?:/(?!\.)|(?=\Z|#)))"
    r"[A-Za-z0-9_~=&+,;!$*@:-][A-Za-z0-9_~=&+,;!$*@:.-]*(?:/[A-Za-z0-9_~=&+,;!$*@:-][A-Za-z0-9_~=&+,;!$*@:.-]*)*"
    r"(?:#[A-Za-z0-9_~.-]*)?"
).fullmatch

_Pick = Callable[[Sequence[str]], tuple[str, ...]]
_Shape = tuple[str | int, ...]


class BatchSigner:
    """Signs documents with one key, at one moment, with the same suites. Not for several threads at once."""

    def __init__(
        self,
        key: Signer,
        *,
        verification_method: str,
        created: datetime,
        suites: Sequence[str] = proof.SUITES,
    ) -> None:
        self._key = key
        self._verification_method = verification_method
        self._created = created
        self._suites = tuple(suites)
        self._shapes: dict[_Shape, _Known] = {}

    def sign(self, document: Document) -> bytes:
        """The signed credential as it is stored: UTF-8, equal to ``serialise(proof.sign(document, ...)).encode()``.

        `document` is not changed. Raises what `proof.sign` raises.
        """
        steps: list[str | int] = []
        texts: list[str] = []
        if "proof" in document or not _describe(document, steps, texts, 0):
            return self._general(document)
        shape = tuple(steps)
        known = self._shapes.get(shape)
        if known is None:
            signed = self._general(document)
            if len(self._shapes) == _MOST_SHAPES:
                del self._shapes[next(iter(self._shapes))]
            self._shapes[shape] = _Known(texts)
            return signed
        form = known.form
        if form is None or form.fixed(texts) != form.fixed_texts:
            form = self._compile(document, texts, known)
        if form is not None:
            compiled = form.sign(texts, self._key)
            if compiled is not None:
                return compiled
        return self._general(document)

    def _general(self, document: Document) -> bytes:
        return serialise(self._signed(document)).encode("utf-8")

    def _signed(self, document: Document) -> Document:
        return proof.sign(
            document,
            self._key,
            verification_method=self._verification_method,
            created=self._created,
            suites=self._suites,
        )

    def _compile(self, document: Document, texts: list[str], known: _Known) -> _Form | None:
        """A form in which every text varies that was ever seen to differ from the first document of the shape."""
        if known.compilations == _MOST_COMPILATIONS or any(_MARK in text for text in texts):
            return None
        known.compilations += 1
        known.varying |= {place for place, text in enumerate(texts) if text != known.texts[place]}
        varying = sorted(known.varying)
        slots = {place: f"{_MARK}{number}:" for number, place in enumerate(varying)}
        template, _ = _replace(document, slots, 0)
        if not isinstance(template, dict):
            return None
        general = self._general(document)  # raises for what cannot be signed at all
        form = _compile(self._signed(template), template, varying, texts)
        compiled = form.sign(texts, self._key) if form is not None else None
        if compiled is None:
            known.form = None  # perhaps the next document of this shape is plainer
        elif compiled == general:
            known.form = form
        else:  # belt and braces: a form that does not give what the general path gives is no form
            known.form, known.compilations = None, _MOST_COMPILATIONS
        return known.form


class _Known:
    """What is known of a shape: the texts of its first document, and the places where others differed."""

    __slots__ = ("compilations", "form", "texts", "varying")

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.varying: set[int] = set()
        self.form: _Form | None = None
        self.compilations = 0


@dataclass(frozen=True, slots=True)
class _Template:
    """A text with slots for strings out of a pool."""

    text: str
    pick: _Pick

    def fill(self, pool: Sequence[str]) -> str:
        return self.text % self.pick(pool)


@dataclass(frozen=True, slots=True)
class _Node:
    """A blank node: its first-degree hash where that is always the same, and the quads that it is the hash of.

    Quads with no other blank node in them may come to be equal, and then count once. Those beside differ in the other
    node, which the hash does not see: each counts.
    """

    hash: str
    own: _Template
    beside: tuple[str, ...]

    def hash_with(self, pool: Sequence[str]) -> str:
        return _hash_of_lines([*set(self.own.fill(pool).split("\n")), *self.beside])


@dataclass(frozen=True, slots=True)
class _Form:
    """Templates of one shape. Their pool holds, one after the other: terms, JSON texts, blank nodes, proof values."""

    fixed: _Pick
    fixed_texts: tuple[str, ...]
    varying: _Pick
    identifiers: tuple[bool, ...]
    nodes: tuple[_Node, ...]
    n_quads: _Template
    jcs: _Template
    text: _Template
    configurations: tuple[tuple[str, bytes], ...]

    def sign(self, texts: Sequence[str], key: Signer) -> bytes | None:
        """The signed text of the document with these `texts`, or None when only the general path can tell."""
        terms: list[str] = []
        strings: list[str] = []
        for text, is_identifier in zip(self.varying(texts), self.identifiers, strict=True):
            if is_identifier:
                if not _PLAIN_IRI(text):
                    return None
                terms.append(f"<{text}>")
                strings.append(f'"{text}"')
            elif _PLAIN(text):
                quoted = f'"{text}"'
                terms.append(quoted)
                strings.append(quoted)
            elif _REFUSED(text):
                return None
            else:
                terms.append(canonical.literal(text))
                strings.append(encode_basestring(text))
        pool = terms + strings
        if not self._name_nodes(pool):
            return None
        hashes: list[bytes] = []
        for suite, configuration in self.configurations:
            data = self._n_quads(pool) if suite == proof.RDFC else self.jcs.fill(pool)
            hashes.append(configuration + hashlib.sha256(data.encode()).digest())
        pool += [f'"z{base58_encode(key.sign(data))}"' for data in hashes]
        return self.text.fill(pool).encode()

    def _n_quads(self, pool: Sequence[str]) -> str:
        """Quads in canonical order, each once. Texts hold no line feed: N-Quads writes it as an escape."""
        return "\n".join(sorted(set(self.n_quads.fill(pool).split("\n")))) + "\n"

    def _name_nodes(self, pool: list[str]) -> bool:
        """Add the canonical names of the blank nodes (RDFC-1.0, section 4.4.3, steps 3 and 4), if they are clear."""
        hashes = [node.hash or node.hash_with(pool) for node in self.nodes]
        rank = {digest: f"_:c14n{number}" for number, digest in enumerate(sorted(hashes))}
        pool += [rank[digest] for digest in hashes]
        return len(rank) == len(hashes)


def _describe(value: Document, steps: list[str | int], texts: list[str], depth: int) -> bool:
    """Split a document into its shape and its texts; False for what is no plain JSON."""
    if depth > 32:
        return False
    for name, member in value.items():
        steps.append(name)
        if name in _BY_NAME:
            steps.append(repr(member))
        elif type(member) is str:
            steps.append(_TEXT)
            texts.append(member)
        elif not _describe_other(member, steps, texts, depth + 1):
            return False
    return True


def _describe_other(value: JSON, steps: list[str | int], texts: list[str], depth: int) -> bool:
    if type(value) is dict:
        steps.append(_OPEN_OBJECT)
        whole = _describe(value, steps, texts, depth)
        steps.append(_CLOSE_OBJECT)
        return whole
    if type(value) is list:
        steps.append(_OPEN_LIST)
        for item in value:
            if type(item) is str:
                steps.append(_TEXT)
                texts.append(item)
            elif depth > 32 or not _describe_other(item, steps, texts, depth + 1):
                return False
        steps.append(_CLOSE_LIST)
        return True
    if value is None or type(value) in (bool, int, float):
        steps.append(repr(value))  # tells 1, 1.0, -0.0 and true apart, which compare equal
        return True
    return False


def _replace(value: JSON, slots: dict[int, str], place: int) -> tuple[JSON, int]:
    """A copy with `slots` in the places of texts, counted as `_describe` does; and the next place."""
    if isinstance(value, str):
        return slots.get(place, value), place + 1
    if isinstance(value, list):
        items: list[JSON] = []
        for item in value:
            replaced, place = _replace(item, slots, place)
            items.append(replaced)
        return items, place
    if isinstance(value, dict):
        members: Document = {}
        for name, member in value.items():
            if name in _BY_NAME:
                members[name] = member
            else:
                members[name], place = _replace(member, slots, place)
        return members, place
    return value, place


def _compile(signed: Document, template: Document, varying: list[int], texts: list[str]) -> _Form | None:
    """The form of a shape from the signed document that has placeholders in the `varying` places."""
    count = len(varying)
    quads = canonical.read_n_quads(canonical.n_quads(template))
    nodes = list(dict.fromkeys(term for quad in quads for term in quad if term.startswith("_:")))
    labels = {node: f"<{_MARK}{2 * count + number}:>" for number, node in enumerate(nodes)}
    n_quads = "\n".join(_line(quad, labels) for quad in quads)
    identifiers = {int(number) for number in _IDENTIFIER.findall(n_quads) if int(number) < count}
    literals = {int(number) for number in _STRING.findall(n_quads)}
    if _RDF_JSON in n_quads or identifiers & literals or identifiers | literals != set(range(count)):
        return None
    described = [known for node in nodes if (known := _node(node, quads, labels)) is not None]
    if len(described) != len(nodes):
        return None
    configurations = []
    proofs = signed["proof"]
    for number, item in enumerate(proofs if isinstance(proofs, list) else []):
        if not isinstance(item, dict):
            return None
        options = {name: value for name, value in item.items() if name != "proofValue"}
        configurations.append((str(options["cryptosuite"]), proof.configuration_hash(template, options)))
        item["proofValue"] = f"{_MARK}{count + len(nodes) + number}:"
    fixed = _picker([place for place in range(len(texts)) if place not in set(varying)])
    return _Form(
        fixed=fixed,
        fixed_texts=fixed(texts),
        varying=_picker(varying),
        identifiers=tuple(number in identifiers for number in range(count)),
        nodes=tuple(described),
        n_quads=_template(n_quads),
        jcs=_template(canonical.jcs(template).decode(), count),
        text=_template(serialise(signed), count),
        configurations=tuple(configurations),
    )


def _node(node: str, quads: Sequence[Quad], labels: dict[str, str]) -> _Node | None:
    """The quads of a blank node as its first-degree hash has them (RDFC-1.0, section 4.6.3)."""
    shown = dict.fromkeys(labels, "_:z") | {node: "_:a"}
    own: list[str] = []
    beside: list[str] = []
    for quad in quads:
        if node in quad:
            is_own = all(term == node or term not in labels for term in quad)
            (own if is_own else beside).append(_line(quad, shown))
    if any(_MARK in line for line in beside):
        return None
    node_hash = "" if any(_MARK in line for line in own) else _hash_of_lines([*own, *beside])
    return _Node(node_hash, _template("\n".join(own)), tuple(beside))


def _hash_of_lines(lines: list[str]) -> str:
    lines.sort()
    lines.append("")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _line(quad: Quad, labels: dict[str, str]) -> str:
    return Quad(*(labels.get(term, term) for term in quad)).line().removesuffix("\n")


def _template(text: str, offset: int = 0) -> _Template:
    """`text` with its placeholders as slots; `offset` is added to their numbers to find the place in the pool."""
    places: list[int] = []

    def slot(match: re.Match[str]) -> str:
        places.append(int(match[1] or match[2]) + offset)
        return "%s"

    return _Template(_SLOT.sub(slot, text.replace("%", "%%")), _picker(places))


def _picker(places: Sequence[int]) -> _Pick:
    """A function that gives the items at `places` as a tuple, however few."""
    if len(places) > 1:
        return itemgetter(*places)
    if places:
        only = places[0]
        return lambda items: (items[only],)
    return lambda items: ()
