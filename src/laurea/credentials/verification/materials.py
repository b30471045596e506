"""What must be known to judge a document, and what could be found out.

`needs` says what to get; whoever may use the network or files gets it and hands it over as `Materials`. The judging
itself asks nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from laurea.credentials import assertions, keys
from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import KeyMaterialError, LaureaError
from laurea.credentials.trust import TrustList
from laurea.credentials.verification import assertion_parts
from laurea.credentials.verification.judged_list import JudgedList
from laurea.credentials.verification.presented import Presented, read

MOST_NEEDS = 16
"""Documents that are asked for, of each kind; a document that names more is judged without the rest."""

REVOCATION_LIST = "1EdTechRevocationList"

MOST_ENDORSEMENTS = 8
"""Endorsements that are looked at."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What to get, without repeats: documents of did:web identifiers, status lists by their https address, and other
    documents by theirs (keys, revocation lists of 1EdTech, all that an Open Badge 2.0 consists of).

    `grows`: what is got may name more.
    """

    dids: tuple[str, ...] = ()
    status_lists: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Materials:
    """What was found out.

    `did_documents`: identifier of an issuer -> its DID document (or, for an issuer that is no DID, the controller
    document that somebody handed over). An issuer with a document here is known: did:web documents come from its own
    domain, all others from the person who asks. `trusted`: identifiers that the person who asks vouches for besides.
    `status_lists`: address -> list credential, as JSON or as compact JWS. `documents`: https address -> the JSON that
    its host gave for it, without having led to another host; for an address that the host said is gone for good
    (HTTP 410), ``{"id": address, "revoked": true}``. `failures`: identifier or address -> why it could not be got.
    `trust_list`: the issuers that the installation trusts. `judged_lists` is a memory that judging fills: status lists
    that were found right before, by address and issuer. Materials made from these by `replace` share it.
    """

    did_documents: Mapping[str, Document] = field(default_factory=dict)
    trusted: Collection[str] = frozenset()
    status_lists: Mapping[str, Document | str] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    trust_list: TrustList = field(default_factory=TrustList)
    judged_lists: dict[tuple[str, str], JudgedList] = field(default_factory=dict, compare=False, repr=False)

    def has(self, name: str) -> bool:
        """Whether there is something for an identifier or address."""
        return name in self.did_documents or name in self.status_lists or name in self.documents


def needs(credential: Document | str | bytes, known: Materials | None = None) -> Needs:
    """What must be known to judge `credential`; nothing when it cannot even be read. Never raises.

    Only did:web identifiers of issuers (a did:key explains itself), and only https addresses. Documents of an Open
    Badge 2.0 name each other, so the answer grows with what is `known` already.
    """
    try:
        presented = read(credential)
    except LaureaError:
        return Needs()
    documents_known = known.documents if known is not None else {}
    if assertions.is_assertion(presented.document):
        addresses = assertion_parts.wanted(presented.document, documents_known)
        return Needs(documents=tuple(filter(is_https, addresses))[:MOST_NEEDS], grows=True)
    documents = [presented.document, *endorsements_of(presented.document)[:MOST_ENDORSEMENTS]]
    dids = (issuer_of(document) for document in documents)
    lists = (address for document in documents for address in _list_addresses(document))
    return Needs(
        dids=tuple(dict.fromkeys(did for did in dids if did is not None and _is_did_web(did)))[:MOST_NEEDS],
        status_lists=tuple(dict.fromkeys(address for address in lists if is_https(address)))[:MOST_NEEDS],
        documents=tuple(dict.fromkeys(address for address in _addresses(presented, documents) if is_https(address)))[
            :MOST_NEEDS
        ],
    )


def _addresses(presented: Presented, documents: list[Document]) -> Iterator[str]:
    """Where issuers that are an https address publish their keys, and 1EdTech's revocation lists."""
    token = presented.token
    for document in documents:
        issuer = issuer_of(document)
        if issuer is not None and issuer.startswith("https://"):
            proofs = Presented(document).proofs[:MOST_NEEDS]
            methods = [item.get("verificationMethod") if isinstance(item, dict) else None for item in proofs]
            if token is not None and document is presented.document:
                methods.append(token.key_id)
            named = [method for method in methods if isinstance(method, str) and is_of_same_host(method, issuer)]
            if named or (token is not None and token.own_key is not None):
                yield issuer.partition("#")[0]
            for method in named:
                yield method.partition("#")[0]
        for entry in status_entries(document):
            if isinstance(entry, dict) and entry.get("type") in (REVOCATION_LIST, [REVOCATION_LIST]):
                address = entry.get("id")
                if isinstance(address, str):
                    yield address.partition("#")[0]


def is_of_same_host(address: str, issuer: str) -> bool:
    """Whether `address` lies on the host of an issuer that is an https address itself."""
    host = assertions.host_of(issuer)
    return address.startswith("https://") and bool(host) and assertions.host_of(address) == host


def issuer_of(document: Document) -> str | None:
    """The identifier of a document's issuer, whichever of the two forms it has."""
    issuer = document.get("issuer")
    identifier = issuer.get("id") if isinstance(issuer, dict) else issuer
    return identifier if isinstance(identifier, str) else None


def status_entries(document: Document) -> list[JSON]:
    """The values of `credentialStatus`, one or several."""
    status = document.get("credentialStatus")
    if status is None:
        return []
    return status if isinstance(status, list) else [status]


def endorsements_of(document: Document) -> list[Document]:
    """All endorsements inside `document`, at whatever level, in document order; not those inside endorsements."""
    return list(_endorsements(document))


def _endorsements(document: Document) -> Iterator[Document]:
    waiting: list[JSON] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            embedded = value.get("endorsement")
            for item in embedded if isinstance(embedded, list) else [embedded]:
                if isinstance(item, dict):
                    yield item
            waiting.extend(reversed([item for name, item in value.items() if name != "endorsement"]))


def is_https(address: str) -> bool:
    """Whether `address` is a plain https address: a host, no user, and short enough to be one."""
    if len(address) > 2_048 or not address.isascii() or any(character <= " " for character in address):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        return False


def _is_did_web(identifier: str) -> bool:
    try:
        keys.did_web_url(identifier)  # refuses other identifiers too
    except KeyMaterialError:
        return False
    return True


def _list_addresses(document: Document) -> Iterator[str]:
    for entry in status_entries(document):
        address = entry.get("statusListCredential") if isinstance(entry, dict) else None
        if isinstance(address, str):
            yield address
