"""Receiving files from a stranger's request: into memory, never onto a disk, and no more than will be looked into."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from laurea.actions.verifying_many import File
from laurea.credentials.errors import LaureaError

_FORM = 2 * 1024 * 1024
"""Bytes that the rest of a form may have."""


class Receiver(FileUploadHandler):
    """Takes the files of one request, so many and so many bytes together."""

    def __init__(self, request: HttpRequest, most_files: int, most_bytes: int) -> None:
        super().__init__(request)
        self.too_many = False
        self.too_large = False
        self._files, self._bytes = most_files, most_bytes
        self._content = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._files -= 1
        if self._files < 0:
            self.too_many = True
            raise StopUpload(connection_reset=False)
        self._content = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece."""
        self._bytes -= len(raw_data)
        if self._bytes < 0:
            self.too_large = True
            raise StopUpload(connection_reset=False)
        self._content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The whole file."""
        self._content.seek(0)
        return InMemoryUploadedFile(
            self._content, self.field_name, self.file_name or "", self.content_type or "", file_size, self.charset
        )


def bound(
    request: HttpRequest,
    *,
    most_bytes: int,
    too_large: Callable[[], LaureaError],
    most_files: int = sys.maxsize,
    too_many: Callable[[int], LaureaError] | None = None,
) -> None:
    """Take in a form with its files. Nothing of the request may have been read before; `request.FILES` has them then.

    Raises what `too_many` and `too_large` give. What Django refuses (a broken form, more than a hundred files), it
    refuses as ever.
    """
    length = str(request.META.get("CONTENT_LENGTH") or "")
    if length.isdecimal() and int(length) > most_bytes + _FORM:
        raise too_large()  # and not read: that would be a favour too many
    receiver = Receiver(request, most_files, most_bytes)
    request.upload_handlers = [receiver]
    _ = request.FILES  # reads them
    if receiver.too_many and too_many is not None:
        raise too_many(most_files + 1)
    if receiver.too_large:
        raise too_large()


def files(
    request: HttpRequest,
    *,
    most_files: int,
    most_bytes: int,
    too_many: Callable[[int], LaureaError],
    too_large: Callable[[], LaureaError],
) -> list[File]:
    """The files of a form, of whatever fields, in their order. As `bound`."""
    bound(request, most_bytes=most_bytes, too_large=too_large, most_files=most_files, too_many=too_many)
    received = [file for _, together in request.FILES.lists() for file in together]
    return [File(file.name or "", file.read()) for file in received]
