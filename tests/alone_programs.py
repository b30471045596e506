"""The modules of the page that verifies alone, run by Node: what they say beside what Laurea itself says."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest


class Alone:
    """A running Node process: one question a line, one answer."""

    def __init__(self) -> None:
        node = shutil.which("node")
        if node is None:
            pytest.fail("Node.js is missing, which a source checkout needs (version 20 or newer)")
        self._complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed with the process
        self._process = subprocess.Popen(
            [node, "--no-warnings", str(Path(__file__).with_name("alone.mjs"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            encoding="utf-8",
        )

    def ask(self, operation: str, data: bytes | None = None, **request: Any) -> Any:
        """The answer of an operation of alone.mjs; `Refused` where it was refused. Nothing may crash."""
        if data is not None:
            request["data"] = base64.b64encode(data).decode()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"operation": operation, **request}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            self._complaints.seek(0)
            pytest.fail(f"the Node process ended: {self._complaints.read()}")
        answer = json.loads(line)
        assert "crashed" not in answer, answer["crashed"]
        return Refused(answer["refused"]) if "refused" in answer else answer["answer"]

    def text_in(self, data: bytes) -> bytes | Refused:
        """The text of the credential in a file."""
        found = self.ask("take", data)
        return found if isinstance(found, Refused) else base64.b64decode(found["text"])

    def verdicts(self, texts: Sequence[bytes], **known: Any) -> list[str]:
        """The verdict on each text."""
        found: list[str] = self.ask("verdicts", texts=[base64.b64encode(text).decode() for text in texts], **known)
        return found

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
        self._complaints.close()


class Refused(str):
    """The code with which something was refused."""

    __slots__ = ()


@pytest.fixture(scope="session")
def alone() -> Iterator[Alone]:
    """The modules, running."""
    running = Alone()
    yield running
    running.close()
