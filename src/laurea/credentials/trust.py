"""The issuers that an installation trusts: identifiers, each with a name and since when.

As JSON, strictly read (docs/reference/formats.md):
``{"laurea": "trust list", "version": 1, "issuers": [{"id": "did:web:…", "name": "…", "since": "2026-05-31"}]}``
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from laurea.credentials.document import JSON, Document, parse, serialise
from laurea.credentials.errors import TrustListError, VocabularyError
from laurea.credentials.moments import parse_day
from laurea.credentials.vocabulary import terms

KIND = "trust list"
VERSION = 1
MOST_ISSUERS = 10_000
LONGEST_NAME = 200

_LONGEST_IDENTIFIER = 1_000
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer, by the identifier that stands in its credentials, the name it is known by here, and since when."""

    identifier: str
    name: str
    since: date


@dataclass(frozen=True, slots=True)
class TrustList:
    """Trusted issuers, each identifier once."""

    issuers: tuple[TrustedIssuer, ...] = ()
    _by_identifier: dict[str, TrustedIssuer] = field(init=False, repr=False, compare=False)
    _by_name: dict[str, TrustedIssuer] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_identifier", {issuer.identifier: issuer for issuer in self.issuers})
        object.__setattr__(self, "_by_name", {_alike(issuer.name): issuer for issuer in self.issuers})

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._by_identifier

    def __iter__(self) -> Iterator[TrustedIssuer]:
        return iter(self.issuers)

    def __len__(self) -> int:
        return len(self.issuers)

    def find(self, identifier: str) -> TrustedIssuer | None:
        """The entry of an identifier."""
        return self._by_identifier.get(identifier)

    def namesake(self, name: str, identifier: str) -> TrustedIssuer | None:
        """A trusted issuer whose name is `name`, or looks like it, though `identifier` is not one of its own."""
        if not self.issuers or identifier in self or not (sought := _alike(name[:LONGEST_NAME])):
            return None
        return self._by_name.get(sought)

    @classmethod
    def read(cls, text: str | bytes) -> TrustList:
        """The list in a JSON text.

        Raises `DocumentError` for what is no JSON, `TrustListError`: ``trust.kind`` (no trust list, or of another
        version), ``trust.member`` (one missing, unknown or not as it must be), ``trust.twice``, ``trust.too-many``.
        """
        document = parse(text, max_bytes=4 * 1024 * 1024)
        if document.get("laurea") != KIND or document.get("version") != VERSION:
            raise TrustListError(
                "trust.kind", "The file is no trust list of version 1", f"It begins with “laurea”: “{KIND}”"
            )
        entries = document.get("issuers")
        if set(document) != {"laurea", "version", "issuers"} or not isinstance(entries, list):
            raise _member("The trust list", "has other members than “laurea”, “version” and the list “issuers”")
        if len(entries) > MOST_ISSUERS:
            raise TrustListError("trust.too-many", f"The trust list has more than {MOST_ISSUERS:,} issuers")
        issuers = tuple(_entry(entry, number) for number, entry in enumerate(entries, start=1))
        seen: set[str] = set()
        for issuer in issuers:
            if issuer.identifier in seen:
                raise TrustListError("trust.twice", f"The trust list has {issuer.identifier[:200]} twice")
            seen.add(issuer.identifier)
        return cls(issuers)

    def to_text(self) -> str:
        """The list as `read` takes it, sorted by name."""
        issuers: list[JSON] = [
            {"id": issuer.identifier, "name": issuer.name, "since": issuer.since.isoformat()}
            for issuer in sorted(self.issuers, key=lambda issuer: (issuer.name, issuer.identifier))
        ]
        document: Document = {"laurea": KIND, "version": VERSION, "issuers": issuers}
        return serialise(document) + "\n"


def checked(identifier: str, name: str, since: date) -> TrustedIssuer:
    """An entry from what somebody typed. Raises `TrustListError`: ``trust.identifier``, ``trust.name``."""
    if not _is_identifier(identifier):
        raise TrustListError(
            "trust.identifier",
            "This is no identifier of an issuer",
            "It begins with did:web:, did:key: or https://; the page that verifies one of its credentials shows it",
        )
    if not _is_name(name):
        raise TrustListError("trust.name", f"The name must be one line of at most {LONGEST_NAME} characters")
    return TrustedIssuer(identifier, name.strip(), since)


def _is_identifier(value: JSON) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_IDENTIFIER and terms.URI.fullmatch(value) is not None


def _is_name(value: JSON) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_NAME and value.isprintable()


def _entry(entry: JSON, number: int) -> TrustedIssuer:
    where = f"Issuer {number} of the trust list"
    if not isinstance(entry, dict) or set(entry) != {"id", "name", "since"}:
        raise _member(where, "has other members than “id”, “name” and “since”")
    identifier, name, since = entry["id"], entry["name"], entry["since"]
    if not isinstance(identifier, str) or not _is_identifier(identifier):
        raise _member(where, "has no identifier as “id”, such as did:web:badges.example.org or an https address")
    if not isinstance(name, str) or not _is_name(name):
        raise _member(where, f"has no “name” of one line and at most {LONGEST_NAME} characters")
    try:
        return TrustedIssuer(identifier, name.strip(), parse_day(since if isinstance(since, str) else ""))
    except VocabularyError:
        raise _member(where, "has no day as “since”, such as 2026-05-31") from None


def _alike(name: str) -> str:
    """A name as somebody who glances at it sees it: without case, accents, spaces and signs."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _NO_LETTER.sub("", plain)


def _member(where: str, what: str) -> TrustListError:
    return TrustListError("trust.member", f"{where} {what}", "See the format in docs/reference/formats.md")
