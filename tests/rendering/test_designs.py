"""Designs declare themselves, can be copied, and reach nothing but their own folder."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from laurea.credentials.errors import RenderingError
from laurea.rendering.design import ORIENTATIONS, PAPERS, design_names, load_design


def test_packaged_designs():
    assert design_names() == ("classic", "corporate", "minimal", "modern")


@pytest.mark.parametrize("name", design_names())
def test_packaged_design_offers_every_sheet(name):
    design = load_design(name)
    assert (design.name, design.papers, design.orientations) == (name, PAPERS, ORIENTATIONS)
    assert design.title
    assert design.description.endswith(".")


@pytest.fixture
def copied(tmp_path):
    """A packaged design, copied to change it."""
    return shutil.copytree(load_design("minimal").folder, tmp_path / "ours")


def test_copied_design_prints(copied, document, pdf, pdftotext):
    code = (copied / "design.typ").read_text("utf-8")
    (copied / "design.typ").write_text(code.replace("said.awarded_to", "[Bravo,]"), "utf-8")
    assert "Bravo," in pdftotext(pdf(document(), copied))


def test_design_of_the_documentation_prints(copied, document, pdf, pdftotext):
    guide = (Path(__file__).parents[2] / "docs" / "how-to" / "make-a-design.md").read_text("utf-8")
    (copied / "design.typ").write_text(re.search("```typst\n(.*?)```", guide, re.DOTALL)[1], "utf-8")
    (copied / "design.toml").write_text(re.search("```toml\n(.*?)```", guide, re.DOTALL)[1], "utf-8")
    text = pdftotext(pdf(document("Al", "Go"), copied))
    assert "Al\n" in text
    assert "Go\n" in text


def test_options_reach_the_design(copied, document, pdf, pdftotext):
    code = (copied / "design.typ").read_text("utf-8").replace("said.awarded_to", "look.options.greeting")
    (copied / "design.typ").write_text(code, "utf-8")
    with (copied / "design.toml").open("a") as file:
        file.write('[options]\ngreeting = "Hello"\n')
    assert "Hello" in pdftotext(pdf(document(), copied))
    assert "Salut" in pdftotext(pdf(document(), copied, options={"greeting": "Salut"}))


@pytest.mark.parametrize(
    "code",
    [
        '#import "@preview/cetz:0.3.0": *',
        '#import ("@pre" + "view/cetz:0.3.0"): *',
        '#import  /* x */ "@preview/cetz:0.3.0"',
        '#import\n"@preview/cetz:0.3.0"',
        '#let a = "@preview/cetz:0.3.0"; #import a',
        '#include "@preview/cetz:0.3.0"',
        '#eval("im" + "port \\"@preview/cetz:0.3.0\\"")',
        '#dictionary(std).at("ev" + "al")("1")',
        "#import std: *",
        '#plugin("x.wasm")',
    ],
)
def test_design_that_could_reach_the_network_is_refused(code, copied):
    with (copied / "design.typ").open("a") as file:
        file.write("\n" + code)
    with pytest.raises(RenderingError) as raised:
        load_design(copied)
    assert raised.value.code == "rendering.design-unsafe"
    assert "line" in raised.value.message


@pytest.mark.parametrize("path", ["/etc/passwd", "../secret.txt", "../../secret.txt", "/../secret.txt"])
def test_design_reads_no_files_but_its_own(path, copied, document, pdf):
    (copied.parent / "secret.txt").write_text("secret")
    code = (copied / "design.typ").read_text("utf-8").replace("said.awarded_to", f'read("{path}")')
    (copied / "design.typ").write_text(code, "utf-8")
    with pytest.raises(RenderingError) as raised:
        pdf(document(), copied)
    assert raised.value.code == "rendering.design-failed"


def test_design_with_a_link_out_is_refused(copied):
    (copied / "out.txt").symlink_to("/etc/passwd")
    with pytest.raises(RenderingError) as raised:
        load_design(copied)
    assert raised.value.code == "rendering.design-unsafe"


def test_design_with_links_in_a_circle_is_refused(copied):
    (copied / "one").symlink_to("two")
    (copied / "two").symlink_to("one")
    with pytest.raises(RenderingError) as raised:
        load_design(copied)
    assert raised.value.code == "rendering.design-unsafe"


def test_design_with_a_pipe_that_nobody_fills_is_refused(copied):
    os.mkfifo(copied / "pipe.typ")
    with pytest.raises(RenderingError) as raised:
        load_design(copied)
    assert raised.value.code == "rendering.design-unsafe"


@pytest.mark.parametrize("name", ["design.toml", "design.typ", "more.typ", "picture.png"])
def test_design_with_a_file_beyond_measure_is_refused_unread(name, copied):
    with (copied / name).open("ab") as file:
        file.truncate(3 << 30)  # which takes no room on a disk, but would in memory
    with pytest.raises(RenderingError) as raised:
        load_design(copied)
    assert raised.value.code == "rendering.design-unsafe"


@pytest.mark.parametrize(
    "declared",
    [
        b"a = " + b"[" * 5_000,
        b"a = " + b"{a=" * 5_000,
        b".".join([b"a"] * 30_000) + b" = 1",
        b"a = " + b"9" * 5_000,
        b"\xff",
        b"# " + b"x" * 2_000_000,
    ],
    ids=["lists", "tables", "dots", "digits", "bytes", "long"],
)
def test_hostile_declaration(declared, copied):
    (copied / "design.toml").write_bytes(declared)
    with pytest.raises(RenderingError) as raised:
        load_design(copied)
    assert raised.value.code == "rendering.design-invalid"


def test_mistake_in_a_design_says_where(copied, document, pdf):
    (copied / "design.typ").write_text("#let certificate(said) = [\n#unheard-of\n]", "utf-8")
    with pytest.raises(RenderingError, match=r"unheard-of.*design\.typ:2"):
        pdf(document(), copied)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title = "Minimal"', 'title = ""'),
        ('title = "Minimal"', "title = "),
        ('"us-letter"', '"a5"'),
        ("papers = ", "paper = "),
        ("languages = ", "languages = 3 #"),
        ('"SourceSerif4-Regular"', '"Comic Sans"'),
        ("holder = ", "owner = "),
    ],
)
def test_declaration_that_is_wrong(old, new, copied):
    declared = (copied / "design.toml").read_text("utf-8")
    assert old in declared
    (copied / "design.toml").write_text(declared.replace(old, new), "utf-8")
    with pytest.raises(RenderingError) as raised:
        load_design(copied)
    assert raised.value.code == "rendering.design-invalid"


@pytest.mark.parametrize("name", ["fancy", "", "../designs/minimal/..", "/nowhere"])
def test_unknown_design(name):
    with pytest.raises(RenderingError) as raised:
        load_design(name)
    assert raised.value.code == "rendering.design-unknown"
    assert "corporate" in raised.value.hint
