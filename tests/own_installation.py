"""An installation with a database and processes of its own, for tests that kill some of them.

Programs that run in it are functions of `installation_programs`, so that they are checked like all other code.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

_DO = (
    "import django, importlib, json, sys\n"
    "django.setup()\n"
    "program = getattr(importlib.import_module('installation_programs'), sys.argv[1])\n"
    "print(json.dumps(program(**json.loads(sys.argv[2]))))"
)


@dataclass(frozen=True, slots=True)
class Own:
    """The environment that everything of this installation runs in."""

    folder: Path
    environment: Mapping[str, str]

    def do(self, program: str, **arguments: Any) -> Any:
        """Run a function of `installation_programs` in a process; give what it returns (JSON both ways)."""
        command = [sys.executable, "-c", _DO, program, json.dumps(arguments)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=600)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start(self, program: str, **arguments: Any) -> subprocess.Popen[str]:
        """The same, without waiting for its end."""
        command = [sys.executable, "-c", _DO, program, json.dumps(arguments)]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)

    @contextmanager
    def workers(self, jobs: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
        """`laurea worker`, in a process group of its own, ended politely."""
        with (self.folder / "workers.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "laurea", "worker", "--jobs", str(jobs)],
                env={**self.environment, **environment},
                stderr=log,
                start_new_session=True,
            )
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                    process.wait(60)

    def log(self) -> str:
        """What the workers have said."""
        return (self.folder / "workers.log").read_text()


@pytest.fixture
def own(tmp_path: Path) -> Own:
    """An installation of its own with issuer, design and achievement, on the kind of database that the tests run on."""
    return founded(tmp_path)


def founded(folder: Path) -> Own:
    """The same in `folder`, for several tests to share."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment |= {"LAUREA_DATA": str(folder), "PYTHONPATH": str(Path(__file__).parent)}
    if server := environment.get("LAUREA_DATABASE_URL"):
        name = f"own_{secrets.token_hex(6)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        environment["LAUREA_DATABASE_URL"] = server.replace("/postgres?", f"/{name}?")
    made = Own(folder, environment)
    made.do("found")
    return made
