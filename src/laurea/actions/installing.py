"""The data folder of an installation with its secrets: made once, read by nobody else, never replaced."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from laurea.actions import sealing
from laurea.credentials.errors import LaureaError

DATA = "laurea-data"
"""The data folder where ``LAUREA_DATA`` names none."""

SECRET_KEY = "secret-key"  # noqa: S105 - the name of a file
KEY_ENCRYPTION_KEY = "key-encryption-key"


class InstallingError(LaureaError):
    """The installation cannot be made ready."""


def data_folder(environment: Mapping[str, str]) -> Path:
    """The data folder that the environment means."""
    return Path(environment.get("LAUREA_DATA", "").strip() or DATA).absolute()


def make_folder(folder: Path) -> None:
    """Make the data folder, for its owner alone. One that is there keeps its rights. Raises `InstallingError`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "secrets").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise InstallingError(
            "installing.folder",
            f"The data folder {folder} cannot be made: {error.strerror}",
            "Name another one with --data or LAUREA_DATA",
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InstallingError(
            "installing.folder", f"The data folder {folder} cannot be written", "Give it to the user who runs Laurea"
        )


def make_secrets(folder: Path, environment: Mapping[str, str]) -> list[Path]:
    """Make the secrets that neither the environment nor the folder has; give the files that were made."""
    wanted: dict[str, tuple[str, Callable[[], str]]] = {
        SECRET_KEY: ("LAUREA_SECRET_KEY", lambda: secrets.token_urlsafe(50)),
        KEY_ENCRYPTION_KEY: ("LAUREA_KEY_ENCRYPTION_KEY", sealing.new_key),
    }
    made = []
    for name, (variable, fresh) in wanted.items():
        if environment.get(variable) or environment.get(f"{variable}_FILE"):
            continue
        path = folder / "secrets" / name
        try:
            write_secret(path, fresh())
        except FileExistsError:
            continue
        made.append(path)
    return made


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner reads. Raises `FileExistsError`: what is there is never replaced."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(descriptor)
        # Whole or not there, and of two that begin at once, one: a link fails where a rename would replace.
        os.link(part, path)
    finally:
        part.unlink(missing_ok=True)
