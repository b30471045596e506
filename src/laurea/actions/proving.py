"""Proving that a credential was entered into the log: what takes a stranger from its entry to a signed checkpoint."""

from __future__ import annotations

import base64
from functools import cache

from laurea.actions import catching_up, log_key, publishing
from laurea.credentials.document import JSON, Document
from laurea.credentials.transparency import merkle, tiles
from laurea.credentials.transparency.merkle import LogError
from laurea.credentials.transparency.tiles import Tile
from laurea.records.models import Credential, Entry

FIRST = ("credential.issued", catching_up.RECORDED)
"""The entry of a credential's beginning; the second for one that is older than the log."""


def inclusion(credential: Credential) -> Document:
    """The entry that `credential` was issued with, and the proof that it is in the log; as JSON.

    docs/reference/audit-log.md describes it. Only this entry is told to strangers: later ones, about a revocation, may
    say more than its reason.

    Raises `LogError`: ``log.no-entry`` when the log knows nothing of it, ``log.not-yet`` until its entry is published;
    `StoringError` when the storage is away.
    """
    entry = (
        Entry.objects.filter(kind="credential", identifier=credential.identifier, act__in=FIRST).order_by("pk").first()
    )
    if entry is None or not entry.content:
        raise LogError("log.no-entry", "The log holds no entry that could prove this credential")
    log, checkpoint = log_key.existing(), publishing.newest()
    if log is None or checkpoint is None or entry.number is None or entry.number >= checkpoint.size:
        raise LogError("log.not-yet", "The entry of this credential is not published yet", "Ask again in a few seconds")
    size = checkpoint.size

    @cache
    def hashes(tile: Tile) -> list[bytes]:
        return publishing.hashes_of(tile, size)

    proof = merkle.inclusion_proof(entry.number, size, tiles.nodes_in(size, hashes))
    encoded: list[JSON] = [_text(part) for part in proof]
    return {
        "log": log.origin,
        "key": log_key.verifier(log).encode(),
        "content": entry.content,
        "salt": _text(bytes(entry.salt)),
        "index": entry.number,
        "hashes": encoded,
        "checkpoint": checkpoint.note,
    }


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
