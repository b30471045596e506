"""The programs in "Verify a credential without Laurea" do what the page says, on credentials from `laurea issue`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT, Issued
from .flips import flips

pytestmark = pytest.mark.interop

PAGE = ROOT / "docs" / "how-to" / "verify-with-other-software.md"
PROGRAMS = ["check.mjs", "check.py", "bazaar.mjs", "openbadges.py"]


def program(name: str, folder: Path) -> list[str]:
    """Write the page's program of that name into a folder of its own; give the command that runs it."""
    blocks = re.findall(r"^```(?:js|python)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (source,) = [block for block in blocks if re.match(rf"(//|#) {re.escape(name)}: ", block)]
    (folder / name).write_text(source, encoding="utf-8")
    if not (ROOT / "node_modules" / "@digitalbazaar" / "vc").is_dir():
        pytest.fail("the npm verifiers are not installed: run `make assets` (it runs `npm ci`)")
    if name == "bazaar.mjs":  # the others must do without
        (folder / "node_modules").symlink_to(ROOT / "node_modules", target_is_directory=True)
    return ["node", name] if name.endswith(".mjs") else [sys.executable, name]


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(name: str, issued: Issued, tmp_path: Path) -> None:
    command = program(name, tmp_path)
    (tmp_path / "did.json").write_text(json.dumps(issued.did_document))
    status_lists = issued.status_lists if name == "bazaar.mjs" else ()

    def verdict(credential: bytes, did: str = "did.json") -> tuple[int, bool]:
        (tmp_path / "credential.json").write_bytes(credential)
        done = subprocess.run(
            [*command, "credential.json", did, *status_lists], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return done.returncode, "genuine" in done.stdout

    genuine = issued.credentials[1].read_bytes()
    assert verdict(genuine) == (0, True)

    somebody_else = json.loads(json.dumps(issued.did_document).replace("academy.example", "elsewhere.example"))
    (tmp_path / "else.json").write_text(json.dumps(somebody_else))
    assert verdict(genuine, "else.json") == (1, False)

    name_of_holder = json.loads(genuine)["credentialSubject"]["identifier"][0]["identityHash"]
    renamed = genuine.replace(json.dumps(name_of_holder, ensure_ascii=False).encode(), b'"Mallory"')
    assert renamed != genuine
    assert verdict(renamed) == (1, False)


def test_no_flipped_byte_survives_the_twenty_lines(issued: Issued, tmp_path: Path) -> None:
    """The page's Python in this process, so that every position can be tried."""
    command = program("check.py", tmp_path)
    source = (tmp_path / command[1]).read_text().split("\ntry:\n")[0]
    defined: dict[str, object] = {}
    exec(source, defined)  # noqa: S102  our own page
    genuine = defined["genuine"]
    assert callable(genuine)

    def accepted(text: bytes) -> bool:
        try:
            return bool(genuine(json.loads(text), issued.did_document))
        except (ArithmeticError, LookupError, StopIteration, TypeError, ValueError, defined["InvalidSignature"]):  # type: ignore[misc]
            return False

    text = issued.credentials[0].read_bytes()
    assert accepted(text)
    outside = _first_proof(text)
    assert [position for position, changed in flips(text) if accepted(changed) and position not in outside] == []


def _first_proof(text: bytes) -> range:
    """Where the eddsa-rdfc-2022 proof stands, which these lines do not read."""
    start = text.index(b'"proof"')
    second = text.index(b'"eddsa-jcs-2022"')
    return range(text.index(b"{", start), text.rindex(b"{", start, second))
