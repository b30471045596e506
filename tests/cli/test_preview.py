"""`laurea preview`: pictures of what would be issued, and nothing that could pass for it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from PIL import Image

from laurea.credentials import baking
from laurea.credentials.document import parse
from laurea.rendering.design import design_names

from .conftest import Laurea


def text_of(path: Path) -> str:
    return " ".join(pypdf.PdfReader(path).pages[0].extract_text().split())


@pytest.mark.parametrize("design", design_names())
def test_every_design_has_a_preview(laurea: Laurea, design: str) -> None:
    assert laurea("preview", "--design", design, "--out", "preview.pdf").code == 0
    assert "Alexandra Winterfeld" in text_of(Path("preview.pdf"))


def test_what_is_asked_for_goes_before_the_achievement(laurea: Laurea, examples: Path) -> None:
    ran = laurea(
        "preview", "--achievement", examples / "arbeitssicherheit.toml", "--name", "Zoë Łąkowska", "--lang", "en",
        "--paper", "us-letter", "--orientation", "portrait", "--design", "minimal", "--out", "preview.pdf",
    )  # fmt: skip
    assert (ran.code, ran.out) == (0, "Drew preview.pdf\n")
    page = pypdf.PdfReader("preview.pdf").pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (612, 792)
    text = text_of(Path("preview.pdf"))
    assert "Zoë Łąkowska" in text
    assert "Arbeitssicherheit in der Fertigung" in text
    assert "Verliehen" not in text


def test_a_preview_is_no_credential(laurea: Laurea) -> None:
    laurea("preview", "--out", "preview.pdf")
    assert "proof" not in parse(baking.extract(Path("preview.pdf").read_bytes()).text)
    ran = laurea("verify", "preview.pdf", "--offline", "--json")
    assert ran.code == 1
    assert ran.json["reports"][0]["verdict"] == "malformed"


def test_pictures(laurea: Laurea, examples: Path) -> None:
    ran = laurea(
        "preview", "--achievement", examples / "python-basics.toml", "--out", "a/preview.png", "--badge", "badge.svg"
    )
    assert ran.code == 0
    with Image.open(BytesIO(Path("a/preview.png").read_bytes())) as picture:
        assert (picture.format, picture.width) == ("PNG", 1600)
    assert Path("badge.svg").read_text("utf-8").startswith("<svg")
    assert laurea("preview", "--badge", "badge.png", "--json").json == {"badge": "badge.png"}


@pytest.mark.parametrize(("option", "name"), [("--out", "preview.svg"), ("--out", "preview"), ("--badge", "badge.pdf")])
def test_an_ending_that_says_nothing(laurea: Laurea, option: str, name: str) -> None:
    ran = laurea("preview", option, name, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "preview.ending")
    assert list(Path().iterdir()) == []


def test_a_name_that_no_font_can_show(laurea: Laurea) -> None:
    ran = laurea("preview", "--name", "Ada 🎓", "--out", "preview.pdf", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "rendering.missing-character")
    assert list(Path().iterdir()) == []


def test_social_picture_says_that_it_is_a_preview(laurea: Laurea, examples: Path) -> None:
    achievement = examples / "data-protection.toml"
    assert laurea("preview", "--achievement", achievement, "--social", "social.png").code == 0
    with Image.open("social.png") as image:
        assert (image.format, image.size) == ("PNG", (1200, 627))
    refused = laurea("preview", "--social", "social.jpg")
    assert refused.code == 2
    assert "A social picture cannot be written as social.jpg" in refused.err


def test_nobody_has_no_certificate(laurea: Laurea) -> None:
    ran = laurea("preview", "--name", " ", "--out", "preview.pdf")
    assert (ran.code, list(Path().iterdir())) == (2, [])
    assert "--name: it is empty" in ran.err
