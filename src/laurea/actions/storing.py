"""Private files: put, fetched, and handed out by links that expire. Nothing is served from a public folder.

Where they lie (a local folder, S3) is a matter of settings; callers name files by deterministic places such as
``artifacts/…/certificate.pdf`` and never see a path or a bucket. Permission is checked before a link is made: whoever
has a link may fetch that one file until it expires.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, cast
from urllib.parse import quote

from django.conf import settings
from django.core import signing
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage

from laurea.actions import whole_files
from laurea.credentials.errors import LaureaError

FILES = "/files/"
"""The path of local links, which the web door answers by `opened`."""

_SALT = "laurea.file"


class StoringError(LaureaError):
    """A private file cannot be stored or fetched."""


@dataclass(frozen=True, slots=True)
class Handout:
    """A file that is handed out: its place, the name and media type the browser is told, and whether it is shown."""

    name: str
    download_name: str
    media_type: str
    inline: bool = False

    @property
    def disposition(self) -> str:
        """The Content-Disposition header, with the name in ASCII and, where it needs more, in UTF-8 (RFC 6266)."""
        kind = "inline" if self.inline else "attachment"
        plain = self.download_name.encode("ascii", "replace").decode().translate({34: 95, 92: 95, 63: 95})
        if plain == self.download_name:
            return f'{kind}; filename="{plain}"'
        return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(self.download_name, safe='')}"


class _Files(Protocol):
    """What both kinds of storage offer."""

    def handout_url(self, handout: Handout, seconds: int) -> str: ...


class LocalFiles(FileSystemStorage):
    """A folder that nobody but Laurea reads. Files are whole or absent; links are signed by this installation."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, file_permissions_mode=0o600, directory_permissions_mode=0o700, allow_overwrite=True)

    def _save(self, name: str, content: File[bytes]) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        content.seek(0)
        whole_files.write(path, content.read(), mode=0o600)
        return name

    def handout_url(self, handout: Handout, seconds: int) -> str:
        """A path on this installation, bound to the file, its name and its disposition."""
        said = [handout.name, handout.download_name, handout.media_type, handout.inline, seconds]
        return FILES + signing.dumps(said, salt=_SALT, compress=True)


def put(name: str, content: bytes) -> None:
    """Store `content` under `name`, in place of what was there. Raises `StoringError` (``storing.*``)."""
    try:
        default_storage.save(name, ContentFile(content))
    except Exception as error:
        raise _explained(error) from None


def get(name: str) -> bytes:
    """The file's bytes. Raises `StoringError`: ``storing.absent`` when it is not there."""
    try:
        with default_storage.open(name) as file:
            return cast("bytes", file.read())
    except Exception as error:
        raise _explained(error) from None


def stream(name: str) -> IO[bytes]:
    """The file, to be read piece by piece and closed by the caller. Raises `StoringError`."""
    try:
        return cast("IO[bytes]", default_storage.open(name))
    except Exception as error:
        raise _explained(error) from None


def exists(name: str) -> bool:
    """Whether the file is there. Raises `StoringError`."""
    try:
        return bool(default_storage.exists(name))
    except Exception as error:
        raise _explained(error) from None


def size(name: str) -> int | None:
    """How many bytes the file has; None when it is not there. Raises `StoringError`."""
    try:
        return int(default_storage.size(name))
    except Exception as error:
        explained = _explained(error)
        if explained.code == "storing.absent" or not exists(name):
            return None
        raise explained from None


def remove(name: str) -> None:
    """Delete the file; one that is not there is no error. Raises `StoringError`."""
    try:
        default_storage.delete(name)
    except FileNotFoundError:
        return
    except Exception as error:
        raise _explained(error) from None


def link(handout: Handout, *, seconds: int | None = None) -> str:
    """An address that leads to the file for a while. The caller has checked that the asker may have it."""
    files = cast("_Files", default_storage)
    return files.handout_url(handout, seconds or settings.LAUREA_LINK_SECONDS)


def opened(token: str) -> Handout | None:
    """What a local link leads to; None for one that was tampered with or has expired."""
    try:
        name, download_name, media_type, inline, seconds = signing.loads(token, salt=_SALT)
        signing.loads(token, salt=_SALT, max_age=seconds)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Handout(name, download_name, media_type, inline)


def _explained(error: Exception) -> StoringError:
    if isinstance(error, FileNotFoundError):
        return StoringError("storing.absent", "The file is not in the storage", "Make it anew, or restore the storage")
    if isinstance(error, OSError) and error.errno is not None:
        return StoringError(
            "storing.disk",
            f"The storage cannot be used: {error.strerror}",
            "Make room or repair the folder of private files; waiting work goes on by itself",
        )
    return StoringError(
        "storing.unreachable",
        f"The storage does not answer as it should ({type(error).__name__})",
        "Check LAUREA_STORAGE_URL and the storage service; waiting work goes on by itself",
    )
