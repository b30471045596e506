"""The JSON-LD contexts that Laurea knows, pinned by digest, and the lists of them that a credential may name.

Nothing is ever fetched. Whoever may choose the contexts of a document may choose what its members mean, so the lists
are exact, order included.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from functools import cache
from importlib.resources import files

from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import ContextError

CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_OPEN_BADGES = tuple(f"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.{patch}.json" for patch in (3, 2))

ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"
STATUS_LIST_2021 = "https://w3id.org/vc/status-list/2021/v1"
_DATA_INTEGRITY = ("https://w3id.org/security/data-integrity/v1", "https://w3id.org/security/data-integrity/v2")
_OPEN_BADGES_V1 = (
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
    *_OPEN_BADGES,
)
# After the contexts of the credential itself: those of its kind of signature and of its kind of status list. That of
# 2018 needs none: the first context defines it, and protects the definition.
_SUITES = ((ED25519_2020,), *((address,) for address in _DATA_INTEGRITY))
_ENDINGS_V1 = (
    (),
    (STATUS_LIST_2021,),
    *_SUITES,
    *((STATUS_LIST_2021, *suite) for suite in _SUITES),
    *((*suite, STATUS_LIST_2021) for suite in _SUITES),
)

SEQUENCES_V1: frozenset[tuple[str, ...]] = frozenset(
    (CREDENTIALS_V1, *badges, *extensions, *ending)
    for badges in ((), *((address,) for address in _OPEN_BADGES_V1))
    for extensions in ((), (EXTENSIONS,))
    for ending in _ENDINGS_V1
    if badges or not extensions
)
"""What other issuers' older credentials may name, and their lists: Verifiable Credentials 1.1, whole and in order."""

SEQUENCES: frozenset[tuple[str, ...]] = SEQUENCES_V1 | {
    (CREDENTIALS_V2,),
    *((CREDENTIALS_V2, badges) for badges in _OPEN_BADGES),
    *((CREDENTIALS_V2, badges, EXTENSIONS) for badges in _OPEN_BADGES),
}
"""Every `@context` that is accepted, whole and in order.

Beside Verifiable Credentials 2.0, version 3.0.1 is not among them: it gives protected terms of the W3C's context
(`description`) another meaning, which JSON-LD forbids.
"""

ALLOWED: tuple[str, ...] = tuple(dict.fromkeys(address for sequence in sorted(SEQUENCES) for address in sequence))
"""Every context URL that is known."""


def is_older(context: JSON) -> bool:
    """Whether the value of a `@context` is one of Verifiable Credentials 1.1."""
    return isinstance(context, list) and context[:1] == [CREDENTIALS_V1]


@cache
def load(url: str) -> Document:
    """The pinned context document of `url`, an object with the one member ``@context``. Treat it as read-only.

    Raises `ContextError`: ``context.unknown`` for any URL but those of `ALLOWED`, ``context.missing`` and
    ``context.altered`` when this installation lacks the file or holds another.
    """
    entry = _index().get(url)
    if entry is None:
        raise ContextError("context.unknown", f"The context {url[:200]} is not one that Laurea knows")
    path = files(__name__).joinpath(entry["file"])
    if not path.is_file():
        raise ContextError("context.missing", f"The context {url} is not installed", "Run `make assets`")
    found: Document = json.loads(path.read_text(encoding="utf-8"))
    # RFC 8785 for what contexts are made of: strings, booleans and null under ASCII names.
    canonical = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    if hashlib.sha256(canonical).hexdigest() != entry["sha256"]:
        raise ContextError("context.altered", f"The installed context {url} is not the pinned one", "Run `make assets`")
    return found


@cache
def _index() -> dict[str, dict[str, str]]:
    entries: list[dict[str, str]] = tomllib.loads(files(__name__).joinpath("index.toml").read_text("utf-8"))["context"]
    return {entry["url"]: entry for entry in entries}
