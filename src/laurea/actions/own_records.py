"""What the records of this installation say about documents that somebody hands over, before they are judged.

Two hundred files at once are about few issuers: each thing is asked of the database once for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from laurea.actions import addresses, stolen_keys, trusting
from laurea.actions.stolen_keys import Known
from laurea.actions.verifying import Found
from laurea.credentials import keys as dids
from laurea.credentials.document import Document, parse
from laurea.credentials.errors import LaureaError
from laurea.credentials.keys import VerificationKey
from laurea.credentials.trust import TrustedIssuer, TrustList
from laurea.credentials.verification import Materials, Needs, needs
from laurea.credentials.verification.materials import issuer_of
from laurea.credentials.verification.presented import LARGEST_LIST, read
from laurea.records.models import Credential, Issuer, StatusList

NOT_HERE = "this installation knows of no such thing, although the address is its own"

_LONGEST_IDENTIFIER = 60
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class About:
    """A text that was found, what it needs to be judged (`wanted`), and what records know of that (`known`).

    `issuer` is the one of this installation that the document names, with its `keys`; `record` has the document's
    identifier.
    """

    found: Found
    wanted: Needs
    known: Materials
    issuer: Issuer | None = None
    record: Credential | None = None
    keys: Sequence[Known] = ()


class OwnRecords:
    """The records, for documents that are judged together: what was asked once is not asked again."""

    def __init__(self) -> None:
        self._issuers: dict[str, Issuer | None] = {}
        self._keys: dict[int, list[Known]] = {}
        self._lists: dict[tuple[int, str], StatusList | None] = {}
        self._names: TrustList | None = None

    def about(self, together: Iterable[Found]) -> list[About]:
        """What is known about each."""
        documents = [(found, _document(found)) for found in together]
        identifiers = {_identifier(document) for _, document in documents} - {""}
        records = {
            record.identifier: record
            for record in Credential.objects.filter(identifier__in=identifiers).select_related("issuer", "achievement")
        }
        return [self._about(found, document, records.get(_identifier(document))) for found, document in documents]

    def _about(self, found: Found, document: Document, record: Credential | None) -> About:
        if not document:
            return About(found, Needs(), Materials())
        wanted = needs(found.text)
        issuer = self._issuer(issuer_of(document) or "", record)
        keys = stolen_keys.for_judging(self._keys_of(issuer), found.text) if issuer is not None else ()
        return About(found, wanted, self._known(wanted, issuer, keys), issuer, record, keys)

    def _issuer(self, did: str, record: Credential | None) -> Issuer | None:
        """The issuer of this installation with an identifier."""
        if did not in self._issuers:
            slug = did.removeprefix(own_web()) if is_own(did) else None
            if slug is not None and record is not None and record.issuer.slug == slug:
                self._issuers[did] = record.issuer
            elif did.startswith("did:key:"):
                self._issuers[did] = Issuer.objects.filter(keys__multikey=did.removeprefix("did:key:")).first()
            else:
                self._issuers[did] = Issuer.objects.filter(slug=slug).first() if slug is not None else None
        return self._issuers[did]

    def _keys_of(self, issuer: Issuer) -> list[Known]:
        if issuer.pk not in self._keys:
            self._keys[issuer.pk] = stolen_keys.keys_of(issuer)
        return self._keys[issuer.pk]

    def _known(self, wanted: Needs, issuer: Issuer | None, keys: Sequence[Known]) -> Materials:
        """What records tell about `wanted`. What we would have to ask ourselves for, and is not there, is a failure."""
        own_lists = f"{addresses.base()}/issuers/"
        lists = [address for address in wanted.status_lists if address.startswith(own_lists)]
        if issuer is None:
            known = Materials(trust_list=self._names_known())
        else:
            found = [self._list(issuer, address.rpartition("/")[2]) for address in lists]
            known = materials(issuer, keys, [listed for listed in found if listed is not None])
        ours = [did for did in wanted.dids if is_own(did)] + lists
        absent = [name for name in ours if name not in known.did_documents and name not in known.status_lists]
        return replace(known, failures=dict.fromkeys(absent, NOT_HERE)) if absent else known

    def _list(self, issuer: Issuer, name: str) -> StatusList | None:
        key = (issuer.pk, name)
        if key not in self._lists:
            self._lists[key] = issuer.status_lists.filter(name=name).first()
        return self._lists[key]

    def _names_known(self) -> TrustList:
        """The issuers trusted here, and those of this installation, so that nobody else passes for one by its name.

        Those of this installation stand in it by the address of their page, which is the identifier of nobody.
        """
        if self._names is None:
            own = f"{addresses.base()}/issuers/"
            found = Issuer.objects.values_list("slug", "name", "created")
            here = (TrustedIssuer(own + slug, name, created.date()) for slug, name, created in found)
            self._names = TrustList((*trusting.trust_list(), *here))
        return self._names


def materials(issuer: Issuer, keys: Sequence[Known], lists: Iterable[StatusList] = ()) -> Materials:
    """What this installation knows about its own `issuer` with these keys, as `verify` takes it.

    The same for the same: what was found out about a list with it is remembered there.
    """
    texts = tuple((addresses.status_list_of(issuer, listed), listed.text) for listed in lists)
    return _materials(addresses.base(), issuer.slug, tuple(keys), texts)


@lru_cache(maxsize=_REMEMBERED)
def _materials(_base: str, slug: str, keys: tuple[Known, ...], lists: tuple[tuple[str, str], ...]) -> Materials:
    good = [key.did for key in keys if key.revoked is None]
    documents = {did: dids.did_key_document(did) for did in good}
    if addresses.lasting():
        did = own_web() + slug
        published = {VerificationKey.from_multikey(key.multikey): key.revoked for key in keys}
        revoked = {key: moment for key, moment in published.items() if moment is not None}
        documents[did] = dids.did_web_document(did, list(published), revoked)
    return Materials(
        did_documents=documents,
        trusted=frozenset(good),
        status_lists={address: _read_list(text) for address, text in lists},
    )


def own_web() -> str:
    """What the did:web of every issuer of this installation begins with."""
    return dids.did_web(addresses.base().partition("://")[2], "issuers") + ":"


def is_own(did: str) -> bool:
    """Whether an identifier is a did:web of this installation, whether there is such an issuer or not."""
    return addresses.lasting() and did.startswith(own_web())


def _document(found: Found) -> Document:
    """What was found, empty for what cannot be read."""
    if found.problem is not None:
        return {}
    try:
        return read(found.text).document
    except LaureaError:
        return {}


def _identifier(document: Document) -> str:
    identifier = document.get("id")
    return identifier if isinstance(identifier, str) and len(identifier) <= _LONGEST_IDENTIFIER else ""


def _read_list(text: str) -> Document | str:
    try:
        return parse(text, max_bytes=LARGEST_LIST)
    except LaureaError:
        return text  # verification says what is wrong with it
