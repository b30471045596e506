"""Revoking in a folder: set the bits of credentials in their batch's status list, and sign its new edition.

A revoked credential stays as it is, wherever copies of it are. What changes is the list that it points to, once the new
edition is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from laurea.actions import batch_folder, issuing, whole_files
from laurea.actions.batch_folder import Batch
from laurea.credentials.code import format_code, parse_code
from laurea.credentials.document import Document, parse
from laurea.credentials.errors import IssuingError
from laurea.credentials.keys import SigningKey
from laurea.credentials.status_list import StatusList, parse_index, read_list
from laurea.credentials.vocabulary import holder_name

_LONGEST_LIST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Held:
    """A credential of the batch: its code, its holder's name, its bit, and whether it is revoked already."""

    code: str
    name: str
    index: int
    revoked: bool


@dataclass(frozen=True, slots=True)
class Revocation:
    """What is about to be revoked, and where the new list goes."""

    credentials: tuple[Held, ...]
    file: Path
    address: str


def prepare(folder: Path, codes: Sequence[str]) -> Revocation:
    """Find the credentials with these codes, as typed, in a batch's folder. Changes nothing.

    Raises `LaureaError`: a code that is none, a credential that is not there, a batch whose credentials cannot be
    revoked because they were issued without a web address.
    """
    address = _batch(folder).status_list
    if address is None:
        raise IssuingError(
            "revoking.no-list",
            f"The credentials in {folder} cannot be revoked: they were issued without a web address",
            "Only credentials issued with --issuer-did did:web:… have a status list",
        )
    file = batch_folder.status_list_file(folder, address)
    bits = _bits(file)
    unique = dict.fromkeys(parse_code(typed) for typed in codes)
    return Revocation(tuple(_held(folder, code, address, bits) for code in unique), file, address)


def revoke(folder: Path, codes: Sequence[str], key: SigningKey, now: datetime) -> Revocation:
    """Set the bits, sign the list again with `key`, and replace its file. `now` has a time zone.

    Raises `LaureaError` as `prepare` does, and when `key` is not the one that the batch was issued with.
    """
    found = prepare(folder, codes)
    batch = _batch(folder)
    if batch.inputs.get("key") != key.verification_key.multikey:
        raise IssuingError(
            "revoking.key", f"The credentials in {folder} were issued with another key", "Name that key with --key"
        )
    bits = _bits(found.file).set([held.index for held in found.credentials])
    moment = now.astimezone(UTC).replace(microsecond=0)
    whole_files.write(found.file, issuing.status_list(bits, batch.issuer, key, found.address, moment), durable=True)
    return found


def _batch(folder: Path) -> Batch:
    batch = batch_folder.find(folder)
    if batch is None:
        raise IssuingError("revoking.no-batch", f"{folder} holds no batch", "Name the folder that `laurea issue` made")
    return batch


def _bits(file: Path) -> StatusList:
    if not file.exists():
        raise IssuingError("revoking.no-file", f"The status list {file} is gone", "Fetch it from where it is published")
    return read_list(parse(file.read_bytes(), max_bytes=_LONGEST_LIST), "revocation")


def _held(folder: Path, code: str, address: str, bits: StatusList) -> Held:
    path = folder / f"{code}.json"
    if not path.exists():
        raise IssuingError(
            "revoking.unknown", f"There is no credential {format_code(code)} in {folder}", "See its manifest.csv"
        )
    document = parse(path.read_bytes())
    index = _index(document, address)
    if index is None:
        raise IssuingError("revoking.status", f"{path} does not point to the batch's status list", "It was changed")
    return Held(code, holder_name(document) or "", index, bits.get(index))


def _index(document: Document, address: str) -> int | None:
    status = document.get("credentialStatus")
    if not isinstance(status, dict) or status.get("statusListCredential") != address:
        return None
    return parse_index(status.get("statusListIndex"))
