"""A hardware module in software (SoftHSM), with a token of its own for each test."""

from __future__ import annotations

import subprocess
from pathlib import Path
from shutil import which

import pytest
from pytest_django import Settings

LIBRARY = "/usr/lib/softhsm/libsofthsm2.so"
TOKEN, PIN = "laurea", "laurel 2026"
_LIBRARIES = (LIBRARY, "/opt/homebrew/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so")


def library() -> str:
    """Where SoftHSM's library lies."""
    found = next((path for path in _LIBRARIES if Path(path).exists()), None)
    if found is None or which("softhsm2-util") is None:
        pytest.fail("SoftHSM is not installed: run scripts/system-packages")
    return found


def make(folder: Path) -> dict[str, str]:
    """Make a token; give the environment of whoever is to use it."""
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    environment = {"SOFTHSM2_CONF": str(configuration)}
    command = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--so-pin", "12345678", "--pin", PIN]
    path = {"PATH": "/usr/bin:/bin:/usr/local/bin:/opt/homebrew/bin"}
    subprocess.run(command, env=environment | path, check=True, capture_output=True)
    return environment | {
        "LAUREA_PKCS11_MODULE": library(),
        "LAUREA_PKCS11_TOKEN": TOKEN,
        "LAUREA_PKCS11_PIN": PIN,
    }


def install(folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a token, and have the installation of the tests use it."""
    for name, value in make(folder).items():
        if name.startswith("LAUREA_"):
            setattr(settings, name, value)
        else:
            monkeypatch.setenv(name, value)
