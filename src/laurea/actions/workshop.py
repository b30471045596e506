"""The workshop: what making credentials needs and is slow to get ready, kept warm in each process.

What a batch says was fixed when it was confirmed; the key that signs is looked up for each chunk, so that nothing is
ever signed with one that was retired. Only the signer and the renderer, which such values go into, are kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Generic, TypeVar

from laurea.actions import addresses, appearances, issuer_keys, ordering
from laurea.actions.badges import Badge
from laurea.actions.issuing import Terms
from laurea.actions.status_lists import Entries, Entry
from laurea.actions.vetting import Rules
from laurea.credentials import baking, keys
from laurea.credentials.compiled import BatchSigner
from laurea.credentials.document import Document
from laurea.credentials.errors import IssuingError
from laurea.records.models import Achievement, Batch, DesignVersion, Key
from laurea.rendering.certificate import Appearance, CertificateRenderer
from laurea.rendering.design import Design

_KEPT = 4

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Press:
    """Draws the artifacts of credentials that look alike."""

    renderer: CertificateRenderer
    badge: Badge

    def draw(self, document: Document, text: bytes, code: str, made: datetime) -> tuple[bytes, bytes]:
        """The certificate as PDF and the badge as PNG, both with the signed `text` inside. Raises `LaureaError`."""
        address = addresses.credential(code) if addresses.lasting() else None
        pdf = self.renderer.pdf(document, credential_text=text, code=code, address=address, made=made)
        return pdf, baking.png.embed(self.badge.png, text)


@dataclass(frozen=True, slots=True)
class Tools:
    """All that it takes to make the credentials of a batch."""

    key: Key
    signer: BatchSigner
    press: Press
    terms: Terms
    rules: Rules
    entries: Entries

    def terms_with(self, entry: Entry | None) -> Terms:
        """The terms of one credential: they name the status list that its entry is in."""
        if entry is None:
            return self.terms
        return replace(self.terms, status_list=addresses.status_list(entry.status_list))


class _Shelf(Generic[Kept]):
    """The last few of a kind, by what they were made from; compared, since looks cannot be hashed.

    One thread at a time: the web server has several, and none must get what another asked for.
    """

    def __init__(self) -> None:
        self._things: list[tuple[object, Kept]] = []
        self._lock = Lock()

    def get(self, made_from: object, make: Callable[[], Kept]) -> Kept:
        with self._lock:
            found = next((each for each in self._things if each[0] == made_from), None)
            if found is not None:
                self._things.remove(found)
            self._things.append(found or (made_from, make()))
            del self._things[:-_KEPT]
            return self._things[-1][1]

    def clear(self) -> None:
        self._things.clear()


_renderers: _Shelf[CertificateRenderer] = _Shelf()
_signers: OrderedDict[Hashable, BatchSigner] = OrderedDict()


def tools(batch: Batch) -> Tools:
    """The tools for a confirmed batch, whose issuer, achievement and design version are loaded.

    Raises `LaureaError` when there is no key, or the design cannot be drawn any more.
    """
    rules = ordering.rules(batch, batch.achievement)
    key = issuer_keys.active(batch.issuer)
    terms = Terms(
        issuer=appearances.profile(batch.issuer),
        achievement=appearances.definition(batch.achievement),
        valid_from=rules.moment,
        base_url=addresses.base() if addresses.lasting() else None,
    )
    if terms.issuer.id != addresses.did(batch.issuer, key):
        raise IssuingError("issuing.key-changed", "The signing key has just changed", "It is tried again")
    if batch.design_version is None:
        raise IssuingError("batch.not-confirmed", "This batch was not confirmed yet", "Confirm it first")
    return Tools(
        key=key,
        signer=_signer(key, terms),
        press=press(batch.achievement, batch.design_version),
        terms=terms,
        rules=rules,
        entries=Entries(batch.status_spans),
    )


def press(achievement: Achievement, version: DesignVersion) -> Press:
    """What draws the achievement's artifacts in a version of a design. Raises `LaureaError`."""
    design, look = appearances.design_and_appearance(achievement, version)
    return Press(_renderer(design, look), appearances.badge(achievement))


def warm() -> None:
    """Load fonts and get the compiler going, before there is work."""
    _renderer(appearances.packaged("corporate"), Appearance())


def forget() -> None:
    """Throw all tools away: one of them is not to be trusted any more."""
    _renderers.clear()
    _signers.clear()


def _renderer(design: Design, look: Appearance) -> CertificateRenderer:
    return _renderers.get((design, look), lambda: CertificateRenderer(design, look))


def _signer(key: Key, terms: Terms) -> BatchSigner:
    made_from = (key.multikey, terms.issuer.id, terms.valid_from)
    if made_from not in _signers:
        signing_key = issuer_keys.unsealed(key)
        method = keys.verification_method(terms.issuer.id, signing_key.verification_key)
        _signers[made_from] = BatchSigner(signing_key, verification_method=method, created=terms.valid_from)
        while len(_signers) > _KEPT:
            _signers.popitem(last=False)
    _signers.move_to_end(made_from)
    return _signers[made_from]
