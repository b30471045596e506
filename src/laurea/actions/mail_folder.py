"""Mail that goes nowhere: each message becomes a file, for trying Laurea out without a mail server."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from laurea.actions import whole_files

_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


class MailFolder(BaseEmailBackend):
    """Writes ``MESSAGE-ID.eml`` into the folder ``EMAIL_FILE_PATH``; every mail program opens these."""

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently)

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Write the messages; give how many. Raises `OSError` when the disk does not take them."""
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in messages:
            whole = message.message()
            whole_files.write(folder / file_name(str(whole["Message-ID"])), whole.as_bytes(), mode=0o600)
        return len(messages)


def find(message_id: str) -> bytes | None:
    """The message with that identifier as it would have been sent, if mail goes to a folder and it is still there."""
    if not in_use():
        return None
    try:
        return (_folder() / file_name(message_id)).read_bytes()
    except FileNotFoundError:
        return None


def in_use() -> bool:
    """Whether mail goes to a folder, and so to nobody."""
    return str(settings.EMAIL_BACKEND).startswith(__name__)


def file_name(message_id: str) -> str:
    """The name of a message's file."""
    return _UNSAFE.sub("-", message_id.strip("<>"))[:150] + ".eml"


def _folder() -> Path:
    return Path(getattr(settings, "EMAIL_FILE_PATH", None) or "mail")
