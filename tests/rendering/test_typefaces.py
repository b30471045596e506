"""Typefaces: which there are, that designs take them, and that widths are foretold from the one that is set."""

from __future__ import annotations

import shutil
from io import BytesIO

import pytest
from pypdf import PdfReader

from laurea.credentials.errors import RenderingError
from laurea.rendering import fonts
from laurea.rendering.design import design_names, load_design
from laurea.rendering.typefaces import PLACES, TYPEFACES, face


def test_every_file_of_a_typeface_is_packaged():
    assert {file for typeface in TYPEFACES.values() for file in typeface.files.values()} <= set(fonts.faces())


@pytest.mark.parametrize(
    ("family", "instead_of", "chosen"),
    [
        ("Inter", "HankenGrotesk-ExtraBold", "Inter-Bold"),
        ("Inter", "SourceSerif4-Light", "Inter-Regular"),
        ("EB Garamond", "HankenGrotesk-ExtraBold", "EBGaramond-SemiBold"),
        ("Source Serif 4", "EBGaramond-Medium", "SourceSerif4-Regular"),
        ("Hanken Grotesk", "NotoSansThai-SemiBold", "HankenGrotesk-Regular"),
    ],
)
def test_the_nearest_weight_stands_in(family, instead_of, chosen):
    assert face(family, instead_of) == chosen


def embedded(content: bytes) -> set[str]:
    """The font files in a PDF, without the tags of their subsets."""
    named: set[str] = set()
    PdfReader(BytesIO(content)).pages[0].extract_text(
        visitor_text=lambda text, *rest: named.add(str(rest[2]["/BaseFont"]).rpartition("+")[2]) if rest[2] else None
    )
    return named


@pytest.mark.parametrize("name", design_names())
def test_packaged_design_is_set_in_what_was_chosen(name, document, pdf):
    assert tuple(load_design(name).typefaces) == PLACES
    typefaces = {"headline": "EB Garamond", "text": "Hanken Grotesk"}
    used = embedded(pdf(document(), name, typefaces=typefaces))
    assert used
    assert {font.partition("-")[0].replace(" ", "") for font in used} == {"EBGaramond", "HankenGrotesk"}


def test_widths_are_those_of_the_typeface_that_is_set(document, pdf):
    """A long name in a wide typeface is set smaller or broken earlier: it stays on the sheet."""
    long = document("Maria del Carmen Fernández-Villaverde y Rodríguez de la Torre")
    for family in TYPEFACES:
        page = PdfReader(BytesIO(pdf(long, "modern", typefaces={"headline": family, "text": family}))).pages[0]
        places: list[tuple[float, float]] = []
        page.extract_text(
            visitor_text=lambda text, _, at, *rest, to=places: to.append((at[4], at[5])) if text else None
        )
        assert all(0 <= x <= page.mediabox.width for x, _ in places)


@pytest.mark.parametrize("typefaces", [{"headline": "Comic Sans"}, {"footer": "Inter"}])
def test_what_is_no_typeface_or_no_place_is_refused(typefaces, renderer):
    with pytest.raises(RenderingError) as raised:
        renderer("corporate", typefaces=typefaces)
    assert raised.value.code == "rendering.appearance-invalid"


def test_a_design_may_offer_no_choice(tmp_path, document, pdf, renderer):
    ours = shutil.copytree(load_design("minimal").folder, tmp_path / "ours")
    toml = (ours / "design.toml").read_text("utf-8")
    (ours / "design.toml").write_text(toml[: toml.index("# What issuers may replace")], "utf-8")
    code = (ours / "design.typ").read_text("utf-8")
    for place in PLACES:
        code = code.replace(f'typeface("{place}", ', 'fonts("Source Serif 4", ')
    (ours / "design.typ").write_text(code, "utf-8")
    assert pdf(document(), ours)
    with pytest.raises(RenderingError):
        renderer(ours, typefaces={"headline": "Inter"})


@pytest.mark.parametrize("wrong", ['"Source Serif 4"\ntext', "headline"])
def test_a_declaration_that_is_wrong(wrong, tmp_path):
    ours = shutil.copytree(load_design("minimal").folder, tmp_path / "ours")
    toml = (ours / "design.toml").read_text("utf-8")
    assert wrong in toml
    (ours / "design.toml").write_text(
        toml.replace(wrong, wrong.replace("Source Serif 4", "Comic Sans").replace("headline", "foot")), "utf-8"
    )
    with pytest.raises(RenderingError) as raised:
        load_design(ours)
    assert raised.value.code == "rendering.design-invalid"
