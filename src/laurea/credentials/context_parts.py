"""The parts of the pinned contexts that a document makes use of.

A JSON-LD processor works through every definition of a context for each document, and a credential uses a tenth of
them. A definition that a document never names, neither as a member nor as a value, means nothing for it: left out, the
document has the same quads. What such a definition leans on (prefixes, other terms) stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from laurea.credentials import contexts
from laurea.credentials.document import JSON

_GENERIC_DELIMITERS = (":", "/", "?", "#", "[", "]", "@")  # RFC 3986, 2.2
_REMEMBERED = 256


def content(addresses: tuple[str, ...], names: frozenset[str]) -> list[JSON]:
    """What the pinned contexts at `addresses` hold, as far as a document with these `names` may make use of it.

    Treat it as read-only: it is remembered, since credentials of one shape have the same names.
    """
    return _parts(addresses, names & _vocabulary(addresses).names)


def names_in(document: JSON) -> frozenset[str]:
    """Every text in a document that may be a name: members, and values, of which some are read as names."""
    found: set[str] = set()
    waiting: list[JSON] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            found.update(value)
            waiting.extend(value.values())
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """Every name that contexts define, at whatever depth, and which other names the definitions of each mention."""

    names: frozenset[str]
    mentions: Mapping[str, frozenset[str]]


@lru_cache(maxsize=_REMEMBERED)
def _parts(addresses: tuple[str, ...], used: frozenset[str]) -> list[JSON]:
    mentions = _vocabulary(addresses).mentions
    kept, waiting = set(used), list(used)
    while waiting:
        more = mentions[waiting.pop()] - kept
        kept |= more
        waiting.extend(more)
    return [_part(contexts.load(address)["@context"], kept) for address in addresses]


def _part(context: JSON, kept: set[str]) -> JSON:
    if isinstance(context, list):
        return [_part(item, kept) for item in context]
    if not isinstance(context, dict):
        return context
    return {
        name: _definition(definition, kept)
        for name, definition in context.items()
        if name.startswith("@") or name in kept or _is_prefix(definition)
    }


def _definition(definition: JSON, kept: set[str]) -> JSON:
    if not isinstance(definition, dict) or "@context" not in definition:
        return definition
    return {**definition, "@context": _part(definition["@context"], kept)}


def _is_prefix(definition: JSON) -> bool:
    """Whether a term may stand before the colon of a compact address (JSON-LD 1.1 API, 4.2.2, step 14.2.5)."""
    if isinstance(definition, dict):
        return definition.get("@prefix") is True
    return isinstance(definition, str) and definition.endswith(_GENERIC_DELIMITERS)


@cache
def _vocabulary(addresses: tuple[str, ...]) -> _Vocabulary:
    mentioned: dict[str, set[str]] = {}
    for address in addresses:
        _gather(contexts.load(address)["@context"], mentioned)
    names = frozenset(mentioned)
    return _Vocabulary(names, {name: frozenset(said & names) for name, said in mentioned.items()})


def _gather(context: JSON, mentioned: dict[str, set[str]]) -> None:
    if isinstance(context, list):
        for item in context:
            _gather(item, mentioned)
    if not isinstance(context, dict):
        return
    for name, definition in context.items():
        if name.startswith("@"):
            continue
        said = mentioned.setdefault(name, set())
        for text in definition.values() if isinstance(definition, dict) else [definition]:
            if isinstance(text, str):
                said |= {text, text.partition(":")[0]}
        if isinstance(definition, dict):
            _gather(definition.get("@context"), mentioned)
