"""`laurea worker`: told at once what is wrong with its settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_settings_that_cannot_be_used_are_told_once(tmp_path: Path) -> None:
    environment = os.environ | {"LAUREA_DATABASE_URL": "mysql://nobody@nowhere/x", "LAUREA_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "laurea", "worker", "--jobs", "2"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stderr.count("LAUREA_DATABASE_URL must begin with one of") == 1
    assert "Traceback" not in done.stderr


def test_workers_without_an_installation_say_what_they_wait_for(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LAUREA")}
    process = subprocess.Popen(
        [sys.executable, "-m", "laurea", "worker", "--jobs", "1"],
        cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    with process:
        assert process.stderr.readline().startswith(f"Warning: there is no installation in {tmp_path / 'laurea-data'}")
        process.terminate()
