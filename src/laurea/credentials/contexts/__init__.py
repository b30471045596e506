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

from laurea.credentials.document import Document
from laurea.credentials.errors import ContextError

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_OPEN_BADGES = tuple(f"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.{patch}.json" for patch in (3, 2))

SEQUENCES: frozenset[tuple[str, ...]] = frozenset(
    {
        (CREDENTIALS_V2,),
        *((CREDENTIALS_V2, badges) for badges in _OPEN_BADGES),
        *((CREDENTIALS_V2, badges, EXTENSIONS) for badges in _OPEN_BADGES),
    }
)
"""Every `@context` that is accepted, whole and in order.

Version 3.0.1 is not among them: it gives protected terms of the W3C's context (`description`) another meaning, which
JSON-LD forbids.
"""

ALLOWED: tuple[str, ...] = (CREDENTIALS_V2, *_OPEN_BADGES, EXTENSIONS)
"""Every context URL that is known."""


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
