"""`laurea bake`: the new file verifies, and what cannot be baked is told before anything is written."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from PIL import Image
from tests.conftest import Genuine

from laurea.credentials.baking import extract

from .conftest import Laurea


def pictures(folder: Path) -> dict[str, Path]:
    out = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(out)
    Image.new("RGB", (20, 20), "green").save(folder / "own.png")
    (folder / "own.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (folder / "own.pdf").write_bytes(out.getvalue())
    return {kind: folder / f"own.{kind}" for kind in ("png", "svg", "pdf")}


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_new_file_verifies(laurea: Laurea, tmp_path: Path, genuine: Genuine, kind: str) -> None:
    Path("credential.json").write_bytes(genuine.text)
    ran = laurea("bake", "credential.json", pictures(tmp_path)[kind], "--out", f"new.{kind}")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"Put the credential into new.{kind}. Check it with: laurea verify new.{kind}\n"
    again = laurea("bake", f"new.{kind}", f"new.{kind}", "--out", "again", "--json")
    judged = laurea("verify", "again", f"new.{kind}", "--offline", "--now", genuine.now, "--json").json["reports"]
    assert {report["sha256"] for report in judged} == {again.json["sha256"]}
    assert [report["verdict"] for report in judged] == ["cannot tell", "cannot tell"]  # offline, without the keys
    assert all(report["credential"]["holder"] == "Ada Łovelace" for report in judged)


def test_a_pdf_notes_the_moment(laurea: Laurea, tmp_path: Path, genuine: Genuine) -> None:
    Path("credential.json").write_bytes(genuine.text)
    laurea("bake", "credential.json", pictures(tmp_path)["pdf"], "--out", "new.pdf")
    (attached,) = pypdf.PdfReader("new.pdf").attachment_list
    assert (attached.content, attached.modification_date is None) == (genuine.text, False)


def test_what_cannot_be_baked_is_told(laurea: Laurea, tmp_path: Path, genuine: Genuine) -> None:
    Path("credential.json").write_bytes(genuine.text)
    Image.new("RGB", (20, 20)).save("own.jpg")
    picture = pictures(tmp_path)["png"]
    for arguments, words in (
        (("credential.json", "own.jpg"), "PNG, SVG and PDF files only"),
        ((picture, picture), "own.png: The PNG holds no credential"),
        (("credential.json", "credential.json"), "credential.json: "),
        (("credential.json", "absent.png"), "absent.png cannot be read"),
    ):
        ran = laurea("bake", *arguments, "--out", "new")
        assert (ran.code, ran.out) == (2, "")
        assert words in ran.err
        assert not Path("new").exists()
    assert "cannot be written" in laurea("bake", "credential.json", picture, "--out", "absent/new.png").err
    assert extract(Path("credential.json").read_bytes()).text == genuine.text


def test_the_new_file_is_named_as_what_it_is_and_replaces_nothing(
    laurea: Laurea, tmp_path: Path, genuine: Genuine
) -> None:
    Path("credential.json").write_bytes(genuine.text)
    picture = pictures(tmp_path)["png"]
    before = picture.read_bytes()
    ran = laurea("bake", "credential.json", picture, "--out", "new.pdf")
    assert (ran.code, Path("new.pdf").exists()) == (2, False)
    assert "End its name in .png" in ran.err
    ran = laurea("bake", "credential.json", picture, "--out", "own.png")
    assert (ran.code, picture.read_bytes() == before) == (2, True)
    assert "is what the new file is made from" in ran.err
