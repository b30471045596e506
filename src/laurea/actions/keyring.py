"""Keys on disk: made once, readable by their owner alone, never overwritten.

A key file is PKCS#8 PEM, encrypted when there is a passphrase. Whoever has it can issue in the issuer's name, so a file
that others may read is told as a warning on every use.
"""

from __future__ import annotations

import os
import secrets
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from laurea.credentials import keys
from laurea.credentials.document import serialise
from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.keys import SigningKey

DID_DOCUMENT = "did.json"
DEFAULT_PATH = Path("laurea-key.pem")
PASSPHRASE = "LAUREA_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable
PASSPHRASE_FILE = "LAUREA_KEY_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable

_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key, the file it came from, and what its owner should know about that file."""

    key: SigningKey
    path: Path
    warnings: tuple[str, ...] = ()


def create(path: Path, *, passphrase: bytes | None = None) -> StoredKey:
    """Make a key and write it to a new file that its owner alone may read (mode 0600).

    An existing file is never touched: `KeyMaterialError` with code
    ``key.exists``. The file is on the disk when this returns.
    """
    key = new_key()
    store(key, path, passphrase=passphrase)
    return StoredKey(key, path)


def new_key() -> SigningKey:
    """A key from 256 fresh random bits, nowhere but in memory."""
    return SigningKey.from_seed(secrets.token_bytes(32))


def store(key: SigningKey, path: Path, *, passphrase: bytes | None = None) -> None:
    """Write `key` to a new file as `create` does."""
    write_new(path, key.to_pem(passphrase), mode=0o600)


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """A new key with the identifier that it gives its issuer.

    For did:web, `did_document` is the file to publish at the address `publish_at`.
    """

    path: Path
    did: str
    verification_method: str
    did_document: Path | None = None
    publish_at: str | None = None


def make(path: Path, *, host: str | None = None, passphrase: bytes | None = None) -> NewIdentity:
    """Make a key, and for did:web (`host` is a host, perhaps with a path) the DID document that vouches for it.

    Writes `path`, and ``did.json`` beside it, in a folder that is made if need be, for its owner alone. Raises
    `KeyMaterialError` before anything is written when either exists.
    """
    did = did_web(host) if host is not None else None
    document = path.parent / DID_DOCUMENT
    if did and document.exists():
        raise KeyMaterialError(
            "key.exists",
            f"{document} exists already and is not overwritten",
            "It may be published: put the new key into another folder with --out, or move this file away yourself",
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    stored = create(path, passphrase=passphrase)
    if did is None:
        own = keys.did_key(stored.key.verification_key)
        return NewIdentity(path, own, keys.verification_method(own, stored.key.verification_key))
    write_new(document, did_document(did, stored.key))
    method = keys.verification_method(did, stored.key.verification_key)
    return NewIdentity(path, did, method, document, keys.did_web_url(did))


def did_document(did: str, key: SigningKey) -> bytes:
    """The document that says that `key` signs for `did`: for a did:web the file to publish."""
    if did.startswith("did:key:"):
        return serialise(keys.did_key_document(did)).encode() + b"\n"
    return serialise(keys.did_web_document(did, [key.verification_key])).encode() + b"\n"


def did_web(typed: str) -> str:
    """The did:web that somebody means by a host with or without a path, an address, or the DID itself."""
    if typed.startswith("did:web:"):
        keys.did_web_url(typed)
        return typed
    host, _, path = typed.removeprefix("https://").strip("/").partition("/")
    try:
        return keys.did_web(host, path)
    except KeyMaterialError as problem:
        raise KeyMaterialError(
            problem.code,
            f"“{typed[:120]}” is no web address that can vouch for a key",
            "Give a host name, or one with a path, such as academy.example or academy.example/badges; "
            "a name with letters like ü in the form that begins with xn--",
        ) from None


def write_new(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file that must not exist yet, and bring it to the disk before returning; whole, or not at all."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise _exists(path) from None
    except FileNotFoundError:
        raise KeyMaterialError("key.folder", f"The folder of {path} does not exist", "Make the folder first") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
    except OSError as error:
        path.unlink()  # else the next try would find a file that it must not overwrite, and nothing in it
        raise OSError(error.errno, error.strerror, str(path)) from None


def _exists(path: Path) -> KeyMaterialError:
    return KeyMaterialError(
        "key.exists",
        f"{path} exists already and is not overwritten",
        "Credentials may rely on it: name another file with --out, or move this one away yourself",
    )


def load(path: Path, *, passphrase: bytes | None = None) -> StoredKey:
    """Read a key file. `KeyMaterialError` says what is wrong with it: absent, no key, wrong passphrase."""
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
            mode = os.fstat(file.fileno()).st_mode
    except FileNotFoundError:
        raise KeyMaterialError(
            "key.absent", f"There is no key file at {path}", "Make one with `laurea keygen`, or name yours with --key"
        ) from None
    except IsADirectoryError:
        raise KeyMaterialError("key.folder", f"{path} is a folder", "Name the key file itself") from None
    except PermissionError:
        raise KeyMaterialError("key.permission", f"You may not read {path}", "Ask its owner") from None
    if len(content) > _MAX_BYTES:
        raise KeyMaterialError("key.size", f"{path} is too large for a key", "Name a PEM file made by `laurea keygen`")
    return StoredKey(SigningKey.from_pem(content, passphrase), path, _warnings(path, mode))


def _warnings(path: Path, mode: int) -> tuple[str, ...]:
    if sys.platform == "win32" or not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return ()
    return (f"Other users of this machine can read the key {path}. Close it with: chmod 600 {path}",)


def passphrase_from(file: Path | None, environ: Mapping[str, str]) -> bytes | None:
    """The passphrase: the named file's first line, else what the environment says, else none.

    The environment speaks through ``LAUREA_KEY_PASSPHRASE`` or ``LAUREA_KEY_PASSPHRASE_FILE``; there is no option that
    takes a passphrase itself, since a command line is seen by every process of the machine.
    """
    if file is None and (named := environ.get(PASSPHRASE_FILE)):
        file = Path(named)
    if file is None:
        spoken = environ.get(PASSPHRASE, "")
        return spoken.encode("utf-8", "surrogateescape") or None
    try:
        with file.open("rb") as stream:
            first = stream.readline(_MAX_BYTES).rstrip(b"\r\n")
    except OSError as error:
        raise KeyMaterialError(
            "key.passphrase-file", f"The passphrase file {file} cannot be read: {error.strerror}", "Check its path"
        ) from None
    if not first:
        raise KeyMaterialError(
            "key.passphrase-file",
            f"The first line of the passphrase file {file} is empty",
            "Write the passphrase there",
        )
    return first
