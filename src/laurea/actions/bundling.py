"""Bundling: many certificates and badges in one ZIP, made while it is sent, so that its size costs no memory.

Every entry is stored as it is (PDF and PNG are compressed already) with its length and checksum in front, which is what
the simplest unpackers ask for. A file that is not there is named in a text at the end; a storage that fails breaks the
download off, so that nobody takes half of it for the whole.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext

from laurea.actions import file_names, paging, storing
from laurea.records.models import Artifact, Credential

_KINDS = (Artifact.Kind.PDF, Artifact.Kind.PNG)
_ABSENT = "storing.absent"


def zip_of(credentials: QuerySet[Credential]) -> Iterator[bytes]:
    """The ZIP with a PDF and a PNG for each of `credentials`, piece by piece. The caller has checked permission.

    Files are called ``Name - CODE.pdf``; a replaced credential, which shares its code, has its key added. Raises
    `StoringError` while it is read when the storage cannot be used.
    """
    # What is said is said in the language of whoever asked; the pieces are made when that is long forgotten.
    said = gettext("These files were not ready yet. Download again later, or open the certificate to have it made:")
    return _pieces(credentials, gettext("Missing files"), said)


def _pieces(credentials: QuerySet[Credential], title: str, said: str) -> Iterator[bytes]:
    window = _Window()
    missing: list[str] = []
    wanted = credentials.prefetch_related(Prefetch("artifacts", Artifact.objects.filter(kind__in=_KINDS)))
    with zipfile.ZipFile(window, "w", zipfile.ZIP_STORED) as archive:
        for credential in paging.through(wanted.defer("text")):
            places = {artifact.kind: artifact.name for artifact in credential.artifacts.all()}
            for kind in _KINDS:
                name = _name(credential, kind.value)
                content = _content(places.get(kind))
                if content is None:
                    missing.append(name)
                    continue
                archive.writestr(_entry(name, credential), content)
                yield window.take()
        if missing:
            text = "\r\n".join(["\ufeff" + said, "", *missing, ""])
            archive.writestr(zipfile.ZipInfo(f"{title}.txt"), text.encode())
            yield window.take()
    yield window.take()


def _name(credential: Credential, ending: str) -> str:
    name = file_names.of_credential(credential, ending)
    if credential.superseded is None:
        return name
    return f"{name.removesuffix(f'.{ending}')} - {credential.pk}.{ending}"


def _entry(name: str, credential: Credential) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, credential.valid_from.timetuple()[:6])
    entry.external_attr = 0o100644 << 16
    return entry


def _content(place: str | None) -> bytes | None:
    if place is None:
        return None
    try:
        return storing.get(place)
    except storing.StoringError as error:
        if error.code == _ABSENT:
            return None
        raise


class _Window(io.RawIOBase):
    """A file of which only the end is kept: `take` gives what was written since, and forgets it.

    `zipfile` goes back to the beginning of an entry to fill in its length and checksum; that is still here then.
    """

    def __init__(self) -> None:
        super().__init__()
        self._kept = io.BytesIO()
        self._taken = 0

    def take(self) -> bytes:
        """What was written since the last time."""
        content = self._kept.getvalue()
        self._taken += len(content)
        self._kept = io.BytesIO()
        return content

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._taken + self._kept.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or offset < self._taken:
            raise io.UnsupportedOperation("only what was not taken yet can be changed")
        self._kept.seek(offset - self._taken)
        return offset

    def write(self, content: object) -> int:
        return self._kept.write(content)  # type: ignore[arg-type]  # whatever BytesIO takes
