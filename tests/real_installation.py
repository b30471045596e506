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

_ROOT = Path(__file__).resolve().parent.parent
_PATIENCE = 180.0
_ACCOUNT = re.compile(r"^  (\S.*?)\s{2,}(\S+@\S+)\s+(\S+)$", re.MULTILINE)
_DO = (
    "import django, importlib, json, sys\ndjango.setup()\n"
    "program = getattr(importlib.import_module('browser_programs'), sys.argv[1])\n"
    "print(json.dumps(program(**json.loads(sys.argv[2]))))"
)


@dataclass(frozen=True, slots=True)
class Installation:
    """A running Laurea. `said` is what it printed; `places` hold what belongs in the addresses of its pages (see
    `every_address`)."""

    address: str
    data: Path
    said: str = ""
    places: dict[str, list[Any]] = field(default_factory=dict)

    def account(self, part: str) -> tuple[str, str]:
        """Address and password of one of the demo's accounts, as whoever starts it reads them."""
        found = {name: (email, password) for name, email, password in _ACCOUNT.findall(self.said)}
        return found[part]

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
def running(data: Path) -> Iterator[Installation]:
    """`laurea run`, until the end of the block."""
    pid, installation = start(data, sys.executable, "-m", "laurea", "run", *_options(data))
    try:
        yield installation
    finally:
        stop(pid, installation.address)


def make_demo(data: Path) -> tuple[int, Installation]:
    """`make demo`, as whoever comes new to a checkout types it."""
    return start(data, "make", "--no-print-directory", "-C", str(_ROOT), "demo", f"ARGS={' '.join(_options(data))}")


def _options(data: Path) -> list[str]:
    return ["--no-browser", "--data", str(data), "--port", str(free_port())]


def start(data: Path, *command: str) -> tuple[int, Installation]:
    """Start it, return once it says that it is ready. It is nobody's child: any process may stop it."""
    data.mkdir(parents=True, exist_ok=True)
    log = data / "test.log"
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
