"""RDF Dataset Canonicalization (RDFC-1.0): one text for all datasets that differ in blank node names only.

Source: W3C Recommendation "RDF Dataset Canonicalization", sections 4.4 to 4.8. A dataset is a sequence of quads of
terms in canonical N-Quads syntax. Most blank nodes of a credential are told apart by their own quads (first degree);
for those that are not, the algorithm compares all orders of their neighbours, which a hostile dataset can make take for
ever. So the work is counted, and given up at a bound.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import permutations
from typing import NamedTuple

from laurea.credentials.errors import CanonicalError

MAX_WORK = 100_000
"""Quads and neighbours that are looked at before a dataset is given up as made to be slow: less than a second.

The hardest dataset of the official suite that must succeed takes 6,200.
"""

Hash = Callable[[bytes], str]


class Quad(NamedTuple):
    """Four terms as N-Quads writes them; `graph` is empty for the default graph."""

    subject: str
    predicate: str
    object: str
    graph: str = ""

    def line(self) -> str:
        """The quad as a line of canonical N-Quads."""
        graph = f"{self.graph} " if self.graph else ""
        return f"{self.subject} {self.predicate} {self.object} {graph}.\n"


@dataclass(frozen=True, slots=True)
class Canonical:
    """The canonical N-Quads of a dataset, and the name that each of its blank nodes got (without ``_:``)."""

    n_quads: str
    names: dict[str, str]


class _Issuer:
    """Hands out blank node names in order (section 4.5)."""

    __slots__ = ("names", "prefix")

    def __init__(self, prefix: str, names: dict[str, str] | None = None) -> None:
        self.prefix = prefix
        self.names = dict(names or {})

    def issue(self, node: str) -> str:
        name = self.names.get(node)
        if name is None:
            name = self.names[node] = f"_:{self.prefix}{len(self.names)}"
        return name

    def copy(self) -> _Issuer:
        return _Issuer(self.prefix, self.names)


def sha256(data: bytes) -> str:
    """The hash that RDFC-1.0 uses unless another is asked for, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sha384(data: bytes) -> str:
    """The other hash that the recommendation names, in hexadecimal."""
    return hashlib.sha384(data).hexdigest()


def canonicalise(quads: Iterable[Quad], *, hashing: Hash = sha256, max_work: int = MAX_WORK) -> Canonical:
    """The canonical form of a dataset (section 4.4.3).

    Raises `CanonicalError` (``canonical.poison``) when telling its blank nodes apart takes more than `max_work` steps.
    """
    dataset = tuple(dict.fromkeys(quads))
    return _Canonicalisation(dataset, hashing, max_work).run()


class _Canonicalisation:
    """The state of one run (section 4.3)."""

    def __init__(self, dataset: tuple[Quad, ...], hashing: Hash, max_work: int) -> None:
        self.dataset = dataset
        self.hash = hashing
        self.work = max_work
        self.quads_of: dict[str, list[Quad]] = {}
        self.canonical = _Issuer("c14n")
        for quad in dataset:
            for node in dict.fromkeys((quad.subject, quad.object, quad.graph)):
                if node.startswith("_:"):
                    self.quads_of.setdefault(node, []).append(quad)
        self.first_degree = {node: self._hash_first_degree(node) for node in self.quads_of}

    def run(self) -> Canonical:
        groups: dict[str, list[str]] = {}
        for node, digest in self.first_degree.items():
            groups.setdefault(digest, []).append(node)
        shared = []
        for digest in sorted(groups):
            if len(groups[digest]) == 1:
                self.canonical.issue(groups[digest][0])
            else:
                shared.append(groups[digest])
        for nodes in shared:
            self._name_alike(nodes)
        names = self.canonical.names
        lines = sorted(
            Quad(names.get(s, s), predicate, names.get(o, o), names.get(g, g)).line()
            for s, predicate, o, g in self.dataset
        )
        return Canonical("".join(lines), {node[2:]: name[2:] for node, name in names.items()})

    def _name_alike(self, nodes: list[str]) -> None:
        """Name nodes whose first-degree hashes are equal (step 5 of section 4.4.3)."""
        results = []
        for node in nodes:
            if node not in self.canonical.names:
                issuer = _Issuer("b")
                issuer.issue(node)
                results.append(self._hash_n_degree(node, issuer))
        for _, issuer in sorted(results, key=lambda result: result[0]):
            for node in issuer.names:
                self.canonical.issue(node)

    def _hash_first_degree(self, node: str) -> str:
        """Section 4.6.3."""

        def shown(term: str) -> str:
            return ("_:a" if term == node else "_:z") if term.startswith("_:") else term

        lines = sorted(Quad(shown(s), p, shown(o), shown(g)).line() for s, p, o, g in self.quads_of[node])
        return self.hash("".join(lines).encode())

    def _hash_related(self, related: str, quad: Quad, issuer: _Issuer, position: str) -> str:
        """Section 4.7.3."""
        predicate = quad.predicate if position != "g" else ""
        name = self.canonical.names.get(related) or issuer.names.get(related) or self.first_degree[related]
        return self.hash(f"{position}{predicate}{name}".encode())

    def _related(self, node: str, issuer: _Issuer) -> dict[str, list[str]]:
        """The blank nodes beside `node`, by their hash (step 3 of section 4.8.3)."""
        found: dict[str, list[str]] = {}
        for quad in self.quads_of[node]:
            for position, term in (("s", quad.subject), ("o", quad.object), ("g", quad.graph)):
                if term.startswith("_:") and term != node:
                    found.setdefault(self._hash_related(term, quad, issuer, position), []).append(term)
        return found

    def _hash_n_degree(self, node: str, issuer: _Issuer, depth: int = 0) -> tuple[str, _Issuer]:
        """Section 4.8.3."""
        self._spend(len(self.quads_of[node]))
        if depth > 200:
            raise _poison()
        data = []
        related = self._related(node, issuer)
        for digest in sorted(related):
            path, issuer = self._shortest_path(related[digest], issuer, depth)
            data += [digest, path]
        return self.hash("".join(data).encode()), issuer

    def _spend(self, steps: int) -> None:
        self.work -= steps
        if self.work < 0:
            raise _poison()

    def _shortest_path(self, nodes: list[str], issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
        """The least path over all orders of `nodes`, and the issuer that it leaves (step 5 of section 4.8.3)."""
        chosen: tuple[str, _Issuer] | None = None
        for order in permutations(nodes):
            self._spend(len(order))
            found = self._path(order, issuer.copy(), chosen[0] if chosen else None, depth)
            if found is not None and (chosen is None or found[0] < chosen[0]):
                chosen = found
        assert chosen is not None  # noqa: S101 - the first order always gives a path
        return chosen

    def _path(
        self, order: tuple[str, ...], issuer: _Issuer, best: str | None, depth: int
    ) -> tuple[str, _Issuer] | None:
        """The path of one order, or None as soon as it is longer or greater than the best (steps 5.4.4 and 5.4.5)."""

        def hopeless(path: str) -> bool:
            return best is not None and len(path) >= len(best) and path > best

        path = ""
        recursion = []
        for node in order:
            if (name := self.canonical.names.get(node)) is not None:
                path += name
            else:
                if node not in issuer.names:
                    recursion.append(node)
                path += issuer.issue(node)
            if hopeless(path):
                return None
        for node in recursion:
            digest, deeper = self._hash_n_degree(node, issuer, depth + 1)
            path += f"{issuer.issue(node)}<{digest}>"
            issuer = deeper
            if hopeless(path):
                return None
        return path, issuer


def _poison() -> CanonicalError:
    return CanonicalError(
        "canonical.poison",
        "The document has so many alike unnamed parts that comparing them would take for ever",
        "No honest credential has; give its parts ids, or details that tell them apart",
    )
