"""Designs made to harm whoever draws with them: one clear error each, in bounded time and memory."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from laurea.actions import designs

from .files import chunk, png
from .measured import MOST_MEMORY, run

SLOW, LARGE, BROKEN = "longer than 3 seconds", "more than 128 MiB", "broke the program"

CODES = {
    "loops in loops": ("for a in range(9000) { for b in range(9000) { let c = a } }", SLOW),
    "a doubled text": ('let a = "x"\nfor i in range(40) { a = a + a }', LARGE),
    "a doubled list": ("let a = (1,)\nfor i in range(40) { a = a + a }", LARGE),
    "a wide table": ("grid(columns: 1000, ..range(100000).map(i => [#i]))", LARGE),
    "a list that lies about its length": ("cbor(bytes((0x9b,) + (0xff,) * 8))", BROKEN),
    "a picture that unpacks": ('image("bomb.png", alt: "x")', LARGE),
    "a profile that unpacks": ('image("profile.png", alt: "x")', LARGE),
}
OPENING = "#let certificate(said) = [\n"


def own(folder: Path, code: str) -> Path:
    """A design of somebody's own that does `code`, and then is like a packaged one."""
    design = designs.copy("minimal", folder)
    text = (design / "design.typ").read_text("utf-8")
    assert OPENING in text
    (design / "design.typ").write_text(text.replace(OPENING, f"{OPENING}#{{\n{code}\n}}\n"), "utf-8")
    (design / "bomb.png").write_bytes(png(12_000, 12_000, chunk(b"IDAT", zlib.compress(bytes(12_000 * 48_001), 9))))
    profile = chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(1 << 28), 9))
    (design / "profile.png").write_bytes(png(1, 1, profile, chunk(b"IDAT", zlib.compress(bytes(5)))))
    return design


@pytest.mark.parametrize("name", CODES)
def test_a_design_made_to_be_endless_is_ended(name: str, tmp_path: Path) -> None:
    code, said = CODES[name]
    ran = run("preview", "--design", own(tmp_path / "ours", code), "--out", tmp_path / "out.pdf")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Error: The design “ours” ")
    assert said in ran.err
    assert len(ran.err.splitlines()) == 2
    assert ran.memory < MOST_MEMORY
    assert not (tmp_path / "out.pdf").exists()


def test_a_design_that_is_endless_for_one_name_keeps_nobody_else_waiting(tmp_path: Path, examples: Path) -> None:
    code = 'if said.holder == "Eve" { for a in range(9000) { for b in range(9000) { let c = a } } }'
    (tmp_path / "people.csv").write_text("Name\nAda\nEve\nGrace\n", "utf-8")
    design, out = own(tmp_path / "ours", code), tmp_path / "out"
    assert run("keygen", "--out", tmp_path / "key.pem").code == 0
    ran = run(
        "issue", tmp_path / "people.csv", "--achievement", examples / "minimal.toml", "--design", design,
        "--key", tmp_path / "key.pem", "--out", out,
    )  # fmt: skip
    assert ran.code == 1
    assert len(list(out.glob("*.pdf"))) == 2
    assert "Eve" in ran.err
    assert SLOW in ran.err
