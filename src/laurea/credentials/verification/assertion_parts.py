"""The documents that an Open Badge 2.0 consists of: assertion, badge class, issuer, key, list of what was withdrawn.

Each lies at an address of its own and names the next. What counts is what its host gave for the address by which it was
named, never what it says about itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from laurea.credentials import assertions
from laurea.credentials.document import JSON, Document

Documents = Mapping[str, Document]

MOST_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Part:
    """A document and the address by which it was named; None for what is not at hand, or has no address."""

    document: Document | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What an assertion refers to, as far as it is at hand."""

    badge: Part
    issuer: Part
    key: Part
    key_name: str | None
    revocation_list: Part


def parts_of(assertion: Document, documents: Documents) -> Parts:
    """The parts of `assertion`, which is the one in force."""
    badge = _part(assertion.get("badge"), documents, may_be_inside=True)
    named = badge.document.get("issuer") if badge.document is not None else None
    # The issuer's profile always comes from its own address: a copy inside would name any keys it likes.
    issuer = _part(named, documents)
    profile = issuer.document or {}
    key_name = _key_name(assertion, profile)
    key = Part(address=_plain(key_name))
    if key_name is not None:
        inside = [item for item in assertions.values(profile.get("publicKey")) if isinstance(item, dict)]
        described = [item for item in inside if item.get("id") == key_name and "publicKeyPem" in item]
        key = Part(described[0], _plain(key_name)) if described else _part(key_name, documents)
    return Parts(badge, issuer, key, key_name, _part(profile.get("revocationList"), documents))


def wanted(document: Document, known: Documents) -> list[str]:
    """The addresses of all documents that are needed to judge the assertion `document`, as far as they are known."""
    found: dict[str, None] = {}
    way = assertions.way_of(document)
    assertion = document
    own = assertions.address_of(document.get("id"))
    if way == "hosted" and own is not None:
        found[own] = None
        assertion = known.get(own, document)
    parts = parts_of(assertion, known)
    of_signed = (parts.key.address, parts.revocation_list.address) if way == "signed" else ()
    for address in (parts.badge.address, parts.issuer.address, *of_signed):
        if address is not None:
            found[address] = None
    return list(found)


def difference(given: JSON, in_force: JSON, documents: Documents) -> str | None:
    """The first place at which a copy of an assertion says something else than the one in force; None if nowhere.

    A copy may leave out what its host says today, and may name a document where the other has it inside, or the other
    way round. Pictures move, and mean nothing.
    """
    return next(_differences(given, in_force, documents, "", 0), None)


_MEANINGLESS = frozenset(("@context", "image"))


def _differences(given: JSON, in_force: JSON, documents: Documents, pointer: str, depth: int) -> Iterator[str]:
    if depth > MOST_DEPTH:
        yield pointer or "/"
    elif isinstance(given, list) or isinstance(in_force, list):
        ours, theirs = assertions.values(given), assertions.values(in_force)
        if len(ours) != len(theirs):
            yield pointer
        else:
            for one, other in zip(ours, theirs, strict=True):
                yield from _differences(one, other, documents, pointer, depth + 1)
    elif isinstance(given, dict) and isinstance(in_force, str):
        hosted = documents.get(assertions.address_of(in_force) or "")
        if hosted is None or assertions.address_of(given) != assertions.address_of(in_force):
            yield pointer
        else:
            yield from _differences(given, hosted, documents, pointer, depth + 1)
    elif isinstance(given, str) and isinstance(in_force, dict):
        if given != in_force.get("id"):
            yield pointer
    elif isinstance(given, dict) and isinstance(in_force, dict):
        for name, value in given.items():
            if name not in _MEANINGLESS:
                yield from _differences(value, in_force.get(name), documents, f"{pointer}/{name}", depth + 1)
    elif type(given) is not type(in_force) or given != in_force:
        yield pointer


def _part(named: JSON, documents: Documents, *, may_be_inside: bool = False) -> Part:
    address = assertions.address_of(named)
    if may_be_inside and isinstance(named, dict) and "type" in named:
        return Part(named, address)
    return Part(documents.get(address) if address is not None else None, address)


def _key_name(assertion: Document, profile: Document) -> str | None:
    """The key that an assertion says it was signed with; else the one that its issuer has, if it has one."""
    verification = assertion.get("verification")
    creator = verification.get("creator") if isinstance(verification, dict) else None
    if creator is None:
        listed = assertions.values(profile.get("publicKey"))
        creator = listed[0] if len(listed) == 1 else None
    named = creator.get("id") if isinstance(creator, dict) else creator
    return named if isinstance(named, str) else None


def _plain(name: str | None) -> str | None:
    return assertions.address_of(name)
