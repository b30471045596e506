"""The folder that a batch is issued into: what it holds, and how a batch that was stopped is found again.

`batch.json` is written, and brought to the disk, before the first credential is made. It holds the secret seed from
which every code, identifier, salt and status index follows, the moment of issue, and a digest of everything the batch
is made from; a batch continues only from the same. docs/reference/output-folder.md describes each file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from laurea import __version__
from laurea.actions import whole_files
from laurea.credentials.document import parse
from laurea.credentials.errors import IssuingError, LaureaError
from laurea.credentials.moments import format_moment, parse_day, parse_moment

STATE = "batch.json"
MANIFEST = "manifest.csv"
ERRORS = "errors.csv"
DID_DOCUMENT = "did.json"

_FORMAT = 1
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Batch:
    """What is fixed for a whole batch before its first credential.

    `seed` is secret; `moment` becomes `validFrom` of every credential; `awarded` is the day for rows that name none;
    `status_list` the address of the batch's status list, if it has one; `inputs` a digest by what it stands for.
    """

    seed: bytes = field(repr=False)
    moment: datetime
    awarded: date
    issuer: str
    status_list: str | None
    inputs: Mapping[str, str]


def begin(folder: Path, batch: Batch) -> None:
    """Make `folder` (which must be absent or empty) and fix the batch in it, on the disk, before anything is issued."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        "format": _FORMAT,
        "laurea": __version__,
        "seed": batch.seed.hex(),
        "moment": format_moment(batch.moment),
        "awarded": batch.awarded.isoformat(),
        "issuer": batch.issuer,
        "statusList": batch.status_list,
        "inputs": dict(batch.inputs),
    }
    text = json.dumps(state, indent=2) + "\n"
    whole_files.write(folder / STATE, text.encode(), durable=True, mode=0o600)


def find(folder: Path) -> Batch | None:
    """The batch that was begun in `folder`; None where the folder is absent or empty."""
    state = folder / STATE
    if not state.exists():
        if is_free(folder):
            return None
        raise IssuingError(
            "folder.foreign", f"{folder} holds other files, and no {STATE}", "Name a new or empty folder with --out"
        )
    try:
        return _read(state.read_bytes())
    except (LaureaError, OSError, KeyError, TypeError, ValueError):
        raise IssuingError(
            "folder.state", f"{state} cannot be read", "The batch cannot be continued: issue into another folder"
        ) from None


def is_free(folder: Path) -> bool:
    """Whether `folder` is absent, or holds nothing but a list of errors and what an interrupted write left."""
    if not folder.exists():
        return True
    if not folder.is_dir():
        raise IssuingError("folder.file", f"{folder} is a file", "Name a folder with --out")
    return all(entry.name == ERRORS or entry.name.endswith(whole_files.PART) for entry in folder.iterdir())


def status_list_file(folder: Path, address: str) -> Path:
    """Where the status list with that address lies in the folder, to be published from there."""
    return folder / f"status-{address.rpartition('/')[2]}.json"


def require_same(begun: Batch, inputs: Mapping[str, str]) -> None:
    """Refuse to continue a batch with something else than it was begun with, and name what differs."""
    differing = [name for name in sorted({*begun.inputs, *inputs}) if begun.inputs.get(name) != inputs.get(name)]
    if differing:
        raise IssuingError(
            "folder.changed",
            f"The batch was begun with a different {' and '.join(differing)}",
            "Continue it with what it was begun with, or issue into another folder",
        )


def _read(content: bytes) -> Batch:
    state = parse(content)
    text = {key: value for key, value in state.items() if isinstance(value, str)}
    inputs, status_list = state["inputs"], state["statusList"]
    if state["format"] != _FORMAT or not isinstance(inputs, dict) or not _HEX.fullmatch(text["seed"]):
        raise ValueError

    return Batch(
        seed=bytes.fromhex(text["seed"]),
        moment=parse_moment(text["moment"]),
        awarded=parse_day(text["awarded"]),
        issuer=text["issuer"],
        status_list=status_list if isinstance(status_list, str) else None,
        inputs={name: str(value) for name, value in inputs.items()},
    )
