"""A real installation, started as people start it, in a data folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ports import free_port

_PATIENCE = 180.0
_DO = (
    "import django, importlib, json, sys\ndjango.setup()\n"
    "program = getattr(importlib.import_module('browser_programs'), sys.argv[1])\n"
    "print(json.dumps(program(**json.loads(sys.argv[2]))))"
)


@dataclass(frozen=True, slots=True)
class Installation:
    """A running Laurea. `said` is what it printed; of the demo, `accounts` are by what they are for, and `places` hold
    what belongs in the addresses of its pages (see `every_address`)."""

    address: str
    data: Path
    said: str = ""
    accounts: dict[str, dict[str, str]] = field(default_factory=dict)
    places: dict[str, list[Any]] = field(default_factory=dict)

    def do(self, program: str, **arguments: Any) -> Any:
        """Run a function of `browser_programs` in it; give what it returns (JSON both ways)."""
        environment = own_environment(self.data) | {
            "PYTHONPATH": str(Path(__file__).parent),
            "LAUREA_PUBLIC_URL": self.address,
        }
        command = [sys.executable, "-c", _DO, program, json.dumps(arguments)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def own_environment(data: Path) -> dict[str, str]:
    """The environment of an installation in `data`: nothing of the one that the tests run in."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("LAUREA_", "PYTEST", "COV_"))}
    return mine | {"LAUREA_DATA": str(data), "DJANGO_SETTINGS_MODULE": "laurea.config.settings"}


@contextlib.contextmanager
def running(data: Path, *options: str) -> Iterator[Installation]:
    """`laurea run`, until the end of the block."""
    pid, installation = start(data, *options)
    try:
        yield installation
    finally:
        stop(pid, installation.address)


def start(data: Path, *options: str) -> tuple[int, Installation]:
    """Start `laurea run`, return once it says that it is ready. It is nobody's child: any process may stop it."""
    data.mkdir(parents=True, exist_ok=True)
    log = data / "test.log"
    port = str(free_port())
    command = [sys.executable, "-m", "laurea", "run", "--no-browser", "--data", str(data), "--port", port, *options]
    shell = ["sh", "-c", 'log="$1"; shift; "$@" >"$log" 2>&1 </dev/null & echo $!', "sh", str(log), *command]
    said = subprocess.run(
        shell, env=own_environment(data), start_new_session=True, stdout=subprocess.PIPE, text=True, check=True
    )
    pid, deadline = int(said.stdout), time.monotonic() + _PATIENCE
    while not (ready := re.search(r"^ready: (\S+)$", log.read_text() if log.exists() else "", re.MULTILINE)):
        assert "Error" not in log.read_text(), log.read_text()
        assert time.monotonic() < deadline, f"it was not ready in {_PATIENCE} s: {log.read_text()}"
        time.sleep(0.1)
    return pid, Installation(ready[1], data, log.read_text())


def stop(pid: int, address: str) -> None:
    """As `kill` does; return when nothing answers any more."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", urlsplit(address).port or 80)):
                return
        time.sleep(0.1)


def populated(data: Path) -> dict[str, dict[str, str]]:
    """Make the demo, small; give its accounts."""
    environment = own_environment(data)
    for command in (["prepare"], ["populate", "--small"]):
        done = subprocess.run(
            [sys.executable, "-m", "laurea", *command], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return {each["part"]: each for each in json.loads(done.stdout)["accounts"]}
