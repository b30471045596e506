"""Artifacts: the files of a credential, written so that each is whole or absent.

`CODE.json` is the signed text itself; `CODE.pdf`, `CODE.png` and on request `CODE.svg` are drawn from it and carry it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from laurea.actions import confining, whole_files
from laurea.actions.badges import Badge
from laurea.actions.issuing import Order, Terms, credential
from laurea.credentials import baking, keys
from laurea.credentials.compiled import BatchSigner
from laurea.credentials.errors import LaureaError
from laurea.credentials.keys import SigningKey
from laurea.rendering.certificate import Appearance
from laurea.rendering.design import Design


@dataclass(frozen=True, slots=True)
class Setup:
    """What a studio is made from. `key_pem` is the signing key, not locked: it only goes from process to process."""

    terms: Terms
    appearance: Appearance
    badge: Badge
    design: Design
    folder: Path
    key_pem: bytes = field(repr=False)
    svg: bool = False

    @property
    def endings(self) -> tuple[str, ...]:
        """The files of each credential; the signed text comes last, when its artifacts are there."""
        return ("pdf", "png", "svg", "json") if self.svg else ("pdf", "png", "json")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one order: the SHA-256 of its signed text, or why there is none. `kept` if it was there before."""

    sha256: str = ""
    kept: bool = False
    error: LaureaError | None = None


class Studio:
    """Makes credentials with all their files. One a process: signer, renderer and badge stay warm."""

    def __init__(self, setup: Setup) -> None:
        """Raises `LaureaError` when the key or the design cannot be used."""
        key = SigningKey.from_pem(setup.key_pem)
        issuer = setup.terms.issuer.id
        self._setup = setup
        self._signer = BatchSigner(
            key,
            verification_method=keys.verification_method(issuer, key.verification_key),
            created=setup.terms.valid_from,
        )
        self._certificate = confining.renderer(setup.design, setup.appearance)

    def make(self, order: Order) -> Mapping[str, bytes]:
        """The files of one credential by ending, in memory. Raises `LaureaError` for what cannot be signed or drawn."""
        terms = self._setup.terms
        document = credential(terms, order).to_document()
        text = self._signer.sign(document)
        files = {
            "pdf": self._certificate.pdf(
                document,
                credential_text=text,
                code=order.code,
                address=terms.address(order.code),
                made=terms.valid_from,
            ),
            "png": baking.png.embed(self._setup.badge.png, text),
        }
        if self._setup.svg:
            files["svg"] = baking.svg.embed(self._setup.badge.svg, text)
        return files | {"json": text}

    def write(self, order: Order, files: Mapping[str, bytes]) -> str:
        """Write what `make` made; give the SHA-256 of the signed text in hexadecimal."""
        for ending in self._setup.endings:
            whole_files.write(self._path(order, ending), files[ending])
        return hashlib.sha256(files["json"]).hexdigest()

    def kept(self, order: Order) -> str | None:
        """The SHA-256 of the signed text if all files of the credential are there already, else None."""
        if not all(whole_files.looks_whole(self._path(order, ending)) for ending in reversed(self._setup.endings)):
            return None
        return hashlib.sha256(self._path(order, "json").read_bytes()).hexdigest()

    def _path(self, order: Order, ending: str) -> Path:
        return self._setup.folder / f"{order.code}.{ending}"


def issue(studio: Studio, orders: Sequence[Order]) -> list[Outcome]:
    """Make and write what is not there yet; an order that fails does not stop the others."""
    return [_issue_one(studio, order) for order in orders]


def try_out(studio: Studio, orders: Sequence[Order]) -> list[Outcome]:
    """Make credentials in memory only. Raises `LaureaError` for the first that fails."""
    for order in orders:
        studio.make(order)
    return []


def _issue_one(studio: Studio, order: Order) -> Outcome:
    if kept := studio.kept(order):
        return Outcome(sha256=kept, kept=True)
    try:
        return Outcome(sha256=studio.write(order, studio.make(order)))
    except LaureaError as error:
        return Outcome(error=error)
