"""A real PostgreSQL server that is thrown away: started in a temporary folder, gone when the tests are over."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_PORT = "5432"  # no port of the machine: part of the name of the socket
_SECONDS = "60"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, to be stopped."""

    folder: Path
    user: str

    def url(self, name: str) -> str:
        """The address of one of its databases, as LAUREA_DATABASE_URL has it."""
        return f"postgresql://{self.user}@/{name}?host={quote(str(self.folder), safe='')}"

    def stop(self) -> None:
        """Stop it at once and delete it."""
        _run("pg_ctl", "--pgdata", str(self.folder / "data"), "--mode", "immediate", "--wait", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def start() -> Server:
    """Start a server that listens on a socket in a new folder only, and trusts whoever may enter that folder."""
    folder = Path(tempfile.mkdtemp(prefix="laurea-pg-"))
    user = "laurea"
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, _UNPRIVILEGED)
    _run(
        *("initdb", "--pgdata", str(folder / "data"), "--username", user, "--auth", "trust"),
        *("--encoding", "UTF8", "--locale", "C", "--no-sync"),
    )
    # Nothing of it has to survive a power cut.
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c full_page_writes=off"
    _run(
        *("pg_ctl", "--pgdata", str(folder / "data"), "--wait", "--timeout", _SECONDS, "--log", str(folder / "log")),
        *("--options", f"{options} -c max_connections=60 -p {_PORT}", "start"),
    )
    return Server(folder, user)


_UNPRIVILEGED = "nobody"


def _run(program: str, *arguments: str) -> None:
    command = [_find(program), *arguments]
    if os.geteuid() == 0:
        command = ["setpriv", f"--reuid={_UNPRIVILEGED}", "--clear-groups", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", stdin=subprocess.DEVNULL)
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")


def _find(program: str) -> str:
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -float(folder.parent.name))
    found = shutil.which(program) or next(
        (str(folder / program) for folder in newest_first if (folder / program).exists()), None
    )
    if found is None:
        raise RuntimeError(
            f"{program} was not found: install PostgreSQL (Debian and Ubuntu: apt-get install postgresql)"
        )
    return found
