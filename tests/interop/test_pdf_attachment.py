"""The credential inside an issued PDF, taken out by poppler's pdfdetach."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import Issued

pytestmark = pytest.mark.interop


def test_poppler_finds_the_signed_text_byte_for_byte(issued: Issued, tmp_path: Path) -> None:
    if shutil.which("pdfdetach") is None:
        pytest.fail("pdfdetach is missing: install poppler-utils (`make test` does)")
    for path in issued.credentials:
        pdf = path.with_suffix(".pdf")
        listed = subprocess.run(["pdfdetach", "-list", pdf], capture_output=True, text=True, check=True).stdout
        assert re.findall(r"^\d+: (.+)$", listed, re.MULTILINE) == ["credential.json"]
        taken = tmp_path / pdf.stem
        subprocess.run(["pdfdetach", "-save", "1", "-o", taken, pdf], check=True)
        assert taken.read_bytes() == path.read_bytes()
