"""Memory of the whole command over 50,000 rows: the peak of all its processes together."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import samples
from bench.measuring import Line, Section

ROWS = (500, 5_000, 50_000)
LIMIT_MB = 400.0


def measure(_rounds: int) -> Section:
    """One run for each size: the figure is a peak, no average."""
    lines = []
    for rows in ROWS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            peak = _peak(samples.command(samples.write_people(folder / "people.csv", rows), folder), folder)
        lines.append(Line(f"laurea issue, {rows:,} rows", (peak,)))
    return Section(
        "memory",
        "Peak memory of the whole command, all processes together",
        "MB, proportional set size: memory that processes share counts once",
        lines,
        limits={line.name: LIMIT_MB for line in lines},
    )


def _peak(command: list[str], folder: Path) -> float:
    """Run a command in a session of its own and sum its processes ten times a second; in MB."""
    peak = 0
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        while process.poll() is None:
            peak = max(peak, sum(_kilobytes(pid) for pid in _session(process.pid)))
            time.sleep(0.1)
    if process.returncode:
        sys.exit(f"laurea issue failed with exit code {process.returncode}")
    return peak / 1024


def _session(leader: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getsid(int(entry.name)) == leader:
                    found.append(int(entry.name))
            except ProcessLookupError:
                continue  # it has just ended
    return found


def _kilobytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it has just ended
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
