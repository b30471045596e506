"""The platform's batches: 500 rows from the press of the button to the last file, and whether 50,000 keep the pace."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from bench.measuring import ROOT, Line, Section

ROWS = 500
LINE = f"{ROWS} rows, from the button to the last file"
MANY = 50_000
TENTHS = tuple(f"{MANY:,} rows, the {name} tenth" for name in ("first", "last"))
_DO = (
    "import django, importlib, json, sys\n"
    "django.setup()\n"
    "program = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])\n"
    "print(json.dumps(program(*json.loads(sys.argv[3]))))"
)


def measure(rounds: int) -> Section:
    """Rounds after one that warms the workers up, as they are on an installation that is in use."""
    with installation() as do:
        seconds = [do("issue", ROWS)["seconds"] for _ in range(rounds + 1)][1:]
        stored = do("stored")
    return Section(
        "platform",
        f"{ROWS} rows on the platform: one worker for each of {_cores()} cores, SQLite, files in a local folder",
        "s, wall clock",
        [Line(LINE, tuple(seconds))],
        limits={LINE: 6.0},
        notes=[
            "From before the confirmation, with its pick-up by idle workers, until the batch is done: credentials and",
            f"people on record, PDF and PNG in the storage. The files of a credential have {stored / 1000:.0f} kB.",
        ],
    )


def measure_many(_rounds: int) -> Section:
    """One batch: what counts is the pace at its end beside that at its beginning."""
    with installation() as do:
        do("issue", ROWS)
        paces = do("issue", MANY)["paces"]
    return Section(
        "endurance",
        f"{MANY:,} rows in one batch, {_cores()} workers, SQLite",
        "rows a second",
        [Line(name, (pace,)) for name, pace in zip(TENTHS, (paces[0], paces[-1]), strict=True)],
        notes=[
            f"The last tenth runs at {paces[-1] / paces[0]:.2f} times the pace of the first (promised: at least 0.85).",
            "All tenths: " + ", ".join(f"{pace:.0f}" for pace in paces),
        ],
    )


@contextmanager
def installation() -> Iterator[Any]:
    """An installation with workers in a temporary folder, and a way to have something done in it."""
    with tempfile.TemporaryDirectory(prefix="laurea-bench-") as folder:
        env = {name: value for name, value in os.environ.items() if not name.startswith("LAUREA_")}
        env |= {
            "DJANGO_SETTINGS_MODULE": "laurea.config.settings",
            "LAUREA_DATA": folder,
            "LAUREA_PUBLIC_URL": "https://badges.example.com",
            "LAUREA_SECRET_KEY": secrets.token_urlsafe(50),
            "LAUREA_KEY_ENCRYPTION_KEY": Fernet.generate_key().decode(),
            "PYTHONPATH": str(ROOT),
        }

        def do(program: str, *arguments: object, module: str = "bench.platform_programs") -> Any:
            command = [sys.executable, "-c", _DO, module, program, json.dumps(arguments)]
            done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(done.stderr)
            return json.loads(done.stdout)

        do("found")
        with (Path(folder) / "workers.log").open("wb") as log:
            command = [sys.executable, "-m", "laurea", "worker", "--jobs", str(_cores())]
            process = subprocess.Popen(command, env=env, stderr=log)
            try:
                yield do
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
