"""Signed notes and checkpoints, as C2SP defines them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).

A checkpoint says how many entries a log has and what its root is; the log's key, and those of witnesses, sign it:

    badges.example.com/log
    1342
    q0Wy...=

    — badges.example.com/log jT3n...=
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from laurea.credentials.keys import Signer, VerificationKey
from laurea.credentials.transparency.merkle import HASH_BYTES, LogError

_ED25519 = b"\x01"
_SIGNATURE = re.compile(r"— (\S+) ([A-Za-z0-9+/=]+)")
_LONGEST = 64 * 1024
_MOST_SIGNATURES = 100


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log commits to. `origin` is its name, the same in all of its checkpoints."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """The text that is signed, with its last line break."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A key by its name, as others write it down: ``name+hash+key``."""

    name: str
    key: VerificationKey

    @property
    def key_hash(self) -> bytes:
        """Four bytes by which a signature says whose it is."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key.to_bytes()).digest()[:4]

    def encode(self) -> str:
        """The verifier key, to be handed to witnesses and auditors."""
        return f"{self.name}+{self.key_hash.hex()}+{base64.b64encode(_ED25519 + self.key.to_bytes()).decode()}"

    @classmethod
    def decode(cls, text: str) -> Verifier:
        """Read a verifier key. Raises `LogError` (``log.verifier``)."""
        name, _, rest = text.strip().partition("+")
        written_hash, _, encoded = rest.partition("+")
        try:
            data = base64.b64decode(encoded, validate=True)
            found = cls(name, VerificationKey.from_bytes(data[1:]))
        except (binascii.Error, LogError, ValueError):
            raise _no_verifier() from None
        if not _is_name(name) or data[:1] != _ED25519 or found.key_hash.hex() != written_hash:
            raise _no_verifier()
        return found


def sign(checkpoint: Checkpoint, key: Signer) -> str:
    """The note: the checkpoint with the signature of the log, whose name is the checkpoint's origin."""
    if not _is_name(checkpoint.origin):
        raise LogError("log.origin", f"“{checkpoint.origin}” cannot be the name of a log", "No blanks and no plus sign")
    return f"{checkpoint.body()}\n{_line(checkpoint.body(), checkpoint.origin, key)}"


def cosign(note: str, name: str, key: Signer) -> str:
    """The note with one more signature, by whoever bears that name."""
    body, _ = _parted(note)
    return note + _line(body, name, key)


def open_note(note: str, verifier: Verifier) -> Checkpoint:
    """The checkpoint in a note that `verifier` signed.

    Raises `LogError`: ``log.note`` (no note), ``log.signature`` (not signed with that key, or not rightly).
    """
    body, signatures = _parted(note)
    ours = [value for name, value in signatures if name == verifier.name and value[:4] == verifier.key_hash]
    if not ours or not all(verifier.key.verify(value[4:], body.encode()) for value in ours):
        raise LogError(
            "log.signature", f"The checkpoint is not signed by {verifier.name} with the key that was given",
            "Compare the verifier key with the one that the log's owner published",
        )  # fmt: skip
    return read(body)


def signers(note: str) -> list[str]:
    """The names of those who signed, whether rightly or not."""
    return [name for name, _ in _parted(note)[1]]


def read(body: str) -> Checkpoint:
    """The checkpoint that a note's text holds, lines of extensions passed over. Raises `LogError` (``log.note``)."""
    lines = body.split("\n")
    if len(lines) < 4 or lines[-1] or not lines[0]:
        raise _no_note()
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
        raise _no_note()
    try:
        root = base64.b64decode(lines[2], validate=True)
    except (binascii.Error, ValueError):
        raise _no_note() from None
    if len(root) != HASH_BYTES:
        raise _no_note()
    return Checkpoint(lines[0], int(lines[1]), root)


def _line(body: str, name: str, key: Signer) -> str:
    verifier = Verifier(name, key.verification_key)
    signature = verifier.key_hash + key.sign(body.encode())
    return f"— {name} {base64.b64encode(signature).decode()}\n"


def _parted(note: str) -> tuple[str, Sequence[tuple[str, bytes]]]:
    """The signed text, and the signatures by name."""
    if len(note) > _LONGEST or "\n\n" not in note or not note.endswith("\n"):
        raise _no_note()
    body, _, block = note.rpartition("\n\n")
    signatures: list[tuple[str, bytes]] = []
    for line in block.splitlines():
        found = _SIGNATURE.fullmatch(line)
        if found is None or len(signatures) == _MOST_SIGNATURES:
            raise _no_note()
        try:
            signatures.append((found[1], base64.b64decode(found[2], validate=True)))
        except (binascii.Error, ValueError):
            raise _no_note() from None
    if not signatures:
        raise _no_note()
    return body + "\n", signatures


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(character.isspace() for character in name)


def _no_note() -> LogError:
    return LogError("log.note", "This is no signed checkpoint", "It has a name, a number, a hash, and signatures")


def _no_verifier() -> LogError:
    return LogError("log.verifier", "This is no verifier key", "It has the form name+hash+key")
