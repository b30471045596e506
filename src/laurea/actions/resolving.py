"""Resolving: getting what must be known to judge a credential. The only place from which Laurea fetches anything.

Addresses come out of documents that anybody may have written, so a fetch must not become a way into the network that
Laurea runs in, nor a way to keep it busy: `outbound` sees to that, and here the number of fetches is bounded.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from laurea.actions.outbound import (
    DEFAULT_WAYS,
    DID_TYPES,
    JSON_TYPES,
    MOST_BYTES,
    MOST_REDIRECTS,
    MOST_SECONDS,
    Address,
    Fetched,
    Ways,
    addresses_of,
    fetch,
    is_public,
)
from laurea.credentials import keys
from laurea.credentials.document import Document, parse
from laurea.credentials.errors import LaureaError, ResolvingError
from laurea.credentials.verification import Materials, Needs, needs

__all__ = [
    "DEFAULT_WAYS",
    "DID_TYPES",
    "JSON_TYPES",
    "MOST_BYTES",
    "MOST_REDIRECTS",
    "MOST_ROUNDS",
    "MOST_SECONDS",
    "Address",
    "Fetched",
    "Ways",
    "addresses_of",
    "decline",
    "fetch",
    "gather",
    "gather_for",
    "is_public",
]

MOST_ROUNDS = 5
"""How often what was fetched may name something else to be fetched."""

_AT_ONCE = 8
_NO_TIME = "there was no time left to ask for it"

Got = TypeVar("Got")


def gather_for(
    credentials: Iterable[Document | str | bytes],
    known: Materials,
    *,
    ways: Ways = DEFAULT_WAYS,
    never: Callable[[str], str | None] = lambda name: None,
) -> Materials:
    """`known`, and what is needed to judge `credentials` besides, as far as it can be fetched. Never raises.

    An Open Badge 2.0 consists of documents that name each other, so this asks in rounds, 5 at most. For each credential
    they take no longer than two answers may take, however much it names. `never` gives the reason why an identifier or
    address must not be asked for.
    """
    texts = list(credentials)
    ends = time.monotonic() + 2 * ways.seconds * max(1, len(texts))
    for _ in range(MOST_ROUNDS):
        wanted = [(text, needs(text, known)) for text in texts]
        known = _refusing([need for _, need in wanted], known, never)
        if time.monotonic() > ends:
            return decline([need for _, need in wanted], known, _NO_TIME)
        found = gather([need for _, need in wanted], known, ways=ways, ends=ends)
        if found is known:
            break
        known = found
        texts = [text for text, need in wanted if need.grows]
    return known


def _refusing(needed: list[Needs], known: Materials, never: Callable[[str], str | None]) -> Materials:
    names = [name for part in _missing(needed, known) for name in part]
    refused = {name: why for name in names if (why := never(name)) is not None}
    return replace(known, failures={**known.failures, **refused}) if refused else known


def gather(
    needs: Iterable[Needs], known: Materials, *, ways: Ways = DEFAULT_WAYS, ends: float | None = None
) -> Materials:
    """`known`, and what `needs` ask for besides, as far as it can be fetched.

    What is known already, or failed before, is not fetched again. Nothing takes longer than until `ends` (of the
    monotonic clock), when it is given. Never raises: what cannot be got is in `failures` of the result, in words.
    """
    dids, lists, addresses = _missing(needs, known)
    if not dids and not lists and not addresses:
        return known

    def fetched(get: Callable[[str, Ways], Got], names: list[str]) -> Iterator[Got | LaureaError]:
        return pool.map(lambda name: _try(get, name, ways, ends), names)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        # All are handed out before anything is waited for: all fetches run side by side.
        got = fetched(_did_document, dids), fetched(_status_list, lists), fetched(_document, addresses)
        documents = dict(zip(dids, got[0], strict=True))
        status = dict(zip(lists, got[1], strict=True))
        others = dict(zip(addresses, got[2], strict=True))
    failures = {name: why for name, why in (documents | status | others).items() if isinstance(why, LaureaError)}
    return replace(
        known,
        did_documents={**known.did_documents, **{k: v for k, v in documents.items() if isinstance(v, dict)}},
        status_lists={**known.status_lists, **{k: v for k, v in status.items() if not isinstance(v, LaureaError)}},
        documents={**known.documents, **{k: v for k, v in others.items() if isinstance(v, dict)}},
        failures={**known.failures, **{name: why.message for name, why in failures.items()}},
    )


def decline(needs: Iterable[Needs], known: Materials, why: str) -> Materials:
    """`known`, and for everything else that `needs` ask for the failure `why`: nothing is fetched."""
    dids, lists, addresses = _missing(needs, known)
    return replace(known, failures={**known.failures, **dict.fromkeys((*dids, *lists, *addresses), why)})


def _missing(needs: Iterable[Needs], known: Materials) -> tuple[list[str], list[str], list[str]]:
    dids: dict[str, None] = {}
    lists: dict[str, None] = {}
    addresses: dict[str, None] = {}
    for need in needs:
        dids |= dict.fromkeys(need.dids)
        lists |= dict.fromkeys(need.status_lists)
        addresses |= dict.fromkeys(need.documents)
    return (
        [did for did in dids if did not in known.did_documents and did not in known.failures],
        [address for address in lists if address not in known.status_lists and address not in known.failures],
        [
            address
            for address in addresses
            if address not in known.documents and address not in known.did_documents and address not in known.failures
        ],
    )


def _try(get: Callable[[str, Ways], Got], name: str, ways: Ways, ends: float | None) -> Got | LaureaError:
    if ends is not None:
        ways = replace(ways, seconds=round(min(ways.seconds, ends - time.monotonic()), 1))
    if ways.seconds <= 0:
        return ResolvingError("resolving.timeout", _NO_TIME)
    try:
        return get(name, ways)
    except LaureaError as problem:
        return problem


def _did_document(did: str, ways: Ways) -> Document:
    return parse(fetch(keys.did_web_url(did), accept=DID_TYPES, ways=ways).body)


def _status_list(address: str, ways: Ways) -> Document | str:
    body = fetch(address, accept=f"{JSON_TYPES}, application/vc+jwt;q=0.7", ways=ways).body
    if body.lstrip()[:2] == b"ey":
        return body.decode("ascii", "replace").strip()
    return parse(body)


def _document(address: str, ways: Ways) -> Document:
    """The JSON at an address whose host is believed: it may lead on, but not to another host.

    Else anybody could speak for a host that forwards to wherever its visitors say.
    """
    try:
        return parse(fetch(address, accept=JSON_TYPES, ways=ways, same_host=True).body)
    except ResolvingError as problem:
        if problem.code == "resolving.gone":
            return {"id": address, "revoked": True}
        raise
