"""The packaged fonts show what they say they show."""

from __future__ import annotations

import tomllib

import pytest
import typst

from laurea.credentials.errors import RenderingError
from laurea.rendering import fonts
from laurea.rendering.fonts import Missing, han_style, missing_characters, require_characters, right_to_left, widths


def test_index_lists_just_the_fonts_that_are_there():
    index = tomllib.loads((fonts.FOLDER / "index.toml").read_text("utf-8"))
    listed = {file["to"] for package in index["package"] for file in package["files"]}
    assert listed == {file.name for file in fonts.FOLDER.glob("*.ttf")}


@pytest.mark.parametrize(
    "text",
    [
        "Łukasz Żółć",
        "Nguyễn Ánh",
        "Ærøskøbing ĳ ſ",
        "Ελληνικά",
        "Ђорђе",
        "محمد علی‌رضا",
        "שלום",
        "कृष्णा‍",
        "สมชาย",
        "王",
        "さくら",
        "김",
        "Stra\u00dfe – “x” … ·",
    ],
)
def test_scripts_of_the_world_are_covered(text):
    assert missing_characters(text) == []


def test_missing_characters_in_order_each_once():
    assert missing_characters("a😀b🦄c😀\t") == [Missing("😀", 1), Missing("🦄", 3), Missing("\t", 6)]
    assert str(Missing("😀", 1)) == "“😀” (U+1F600 GRINNING FACE)"
    assert str(Missing("\u202e", 0)) == "U+202E RIGHT-TO-LEFT OVERRIDE"


def test_required_characters_say_where():
    with pytest.raises(RenderingError, match=r"Name: no packaged font can show “😀” .* at character 3"):
        require_characters("Al😀", "Name")


def test_what_counts_as_covered_is_set_without_complaint():
    # Under PDF/A Typst refuses text that no font can show: a sample from every 20th character must pass.
    shown = sorted(character for character in fonts.coverage() if character.isalpha())[::20]
    families = ", ".join(f'"{family}"' for family in sorted(fonts.typst_fonts().families()))
    source = f"#set text(font: ({families}), fallback: false)\n#sys.inputs.text"
    compiler = typst.Compiler(source.encode(), font_paths=fonts.typst_fonts(), ignore_system_fonts=True)
    made = compiler.compile(format="pdf", pdf_standards=["a-3u"], timestamp=0, sys_inputs={"text": " ".join(shown)})
    assert made.startswith(b"%PDF")


def test_widths_are_those_of_the_face():
    assert widths("Al Al", "Inter-Regular") == (pytest.approx(0.948, abs=0.02),) * 2
    assert widths("MM", "HankenGrotesk-ExtraBold")[0] > widths("MM", "HankenGrotesk-Regular")[0]
    assert widths("王小明", "SourceSerif4-Regular") == (3.0,)


@pytest.mark.parametrize(
    ("text", "language", "style"),
    [
        ("王", "en", "sc"),
        ("王", "ja", "jp"),
        ("王", "ko-KR", "kr"),
        ("高橋 さくら", "en", "jp"),
        ("金 철수", "en", "kr"),
    ],
)
def test_han_takes_the_shapes_of_its_neighbours(text, language, style):
    assert han_style(text, language) == style


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Al", False),
        ("محمد", False),
        ("नरेन्द्र", True),
        ("ใจดี", True),
        ("王小明", True),
        ("さくら", True),
        ("김철수", True),
    ],
)
def test_letters_higher_than_capitals_are_tall(text, expected):
    assert fonts.tall(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("Al", False), ("محمد", True), ("3 יעל", True), ("Al محمد", False), ("", False)]
)
def test_direction_is_that_of_the_first_letter(text, expected):
    assert right_to_left(text) is expected
