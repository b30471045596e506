"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def conformance() -> Path:
    """The official vectors and corpora, which are read where they lie and never copied."""
    folder = Path(os.environ.get("LAUREA_CONFORMANCE", ROOT.parent / "shared" / "conformance"))
    if not folder.is_dir():
        pytest.skip(f"no official conformance data at {folder}; set LAUREA_CONFORMANCE to the folder that holds it")
    return folder


@pytest.fixture(scope="session")
def examples() -> Path:
    """The people files and achievements that README, documentation and tests share."""
    return ROOT / "examples"
