"""The real command in a process of its own: the system ends it when it works longer than 5 seconds, and tells how much
memory it had."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

MOST_SECONDS = 5
MOST_MEMORY = 300 * 1024
"""Kibibytes."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a process left behind."""

    code: int
    out: str
    err: str
    memory: int


# Peak memory counts from the fork on, when a process is still a copy of its parent. So a small process stands
# between, lest the memory of the tests before this one is taken for the command's.
BETWEEN = """
import os, resource, subprocess, sys
seconds, report, *command = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
process = subprocess.Popen(command)
_, status, usage = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
with open(report, "w") as file:
    file.write(f"{process.returncode} {usage.ru_maxrss}")
"""


def run(*arguments: str | Path, stdin: Path | None = None) -> Ran:
    """Run `laurea` with these arguments."""
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        (stdin or Path(os.devnull)).open() as given,
    ):
        report = Path(folder) / "report"
        command = [sys.executable, "-m", "laurea", *arguments]
        subprocess.run(
            [sys.executable, "-c", BETWEEN, str(MOST_SECONDS), report, *command],
            stdin=given,
            stdout=out,
            stderr=err,
            env={**os.environ, "COLUMNS": "200", "PYTHONUTF8": "1"},
            check=True,
        )
        code, memory = report.read_text().split()
        out.seek(0)
        err.seek(0)
        return Ran(int(code), out.read().decode(), err.read().decode(), int(memory))
