"""Certificates are read back: text, tags, attachment, identification, QR code, and where every word stands."""

from __future__ import annotations

import html
import io
import json
import re
import unicodedata
from itertools import combinations

import pypdf
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from laurea.credentials.errors import RenderingError
from laurea.rendering import certificate
from laurea.rendering.certificate import Appearance, Signatory
from laurea.rendering.design import design_names
from laurea.rendering.palette import Colours

DESIGNS = design_names()
CODE = "7K3M9Q2X41TD8WVN"
ADDRESS = f"https://learn.acme.example/c/{CODE}"
LONG_NAME = "Maria del Carmen Fernández-Villaverde y Rodríguez de la Torre"
LONG_TITLE = "Advanced Supply Chain Risk Assessment and Business Continuity for Plant Managers"
SCRIPTS = {
    "latin": LONG_NAME,
    "vietnamese": "Nguyễn Thị Ánh Tuyết",
    "greek": "Αλέξανδρος Παπαδόπουλος",
    "cyrillic": "Екатерина Щербакова",
    "arabic": "محمد عبد الرحمن الشريف",
    "persian": "علی‌رضا گلزاری پور",
    "hebrew": "יעל כהן־לוי",
    "devanagari": "नरेन्द्र कुमार श्रीवास्तव",
    "thai": "สมชาย ใจดี",
    "chinese": "王小明",
    "japanese": "高橋 さくら",
    "korean": "김철수",
}
HOSTILE = [
    "#panic()",
    "\\u{202E}",
    "$x$",
    "@ref",
    "*b*",
    "]",
    '"); #panic("',
    "= Title",
    "<x>",
    "// no",
    "#(1+1)",
    "\\",
]


def squeezed(text: str) -> str:
    """Without blanks and compatibility forms: readers put blanks where glyphs stand apart."""
    kept = unicodedata.normalize("NFKC", text).replace("\u200c", "")
    return "".join(kept.split())


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("script", SCRIPTS)
def test_name_reads_back_in_every_script(design, script, document, pdf, pdftotext):
    read = pdftotext(pdf(document(SCRIPTS[script]), design))
    assert squeezed(SCRIPTS[script]) in squeezed(read)


@pytest.mark.parametrize("name", HOSTILE)
def test_name_is_never_code(name, document, pdf, pdftotext):
    assert squeezed(name) in squeezed(pdftotext(pdf(document(name, name))))


def test_whole_text_in_reading_order(document, pdf, pdftotext):
    words = " ".join(pdftotext(pdf(document()), "-raw").split())
    order = [
        "Certificate of Completion",
        "Awarded to",
        "Anna Lindqvist",
        "for completing",
        "Safe Handling of Personal Data",
        "Recognises personal data",
        "Data protection · Incident response",
        "Issued by Acme GmbH on 23 November 2026",
        "Valid until 23 November 2028",
        "Dr. Johanna Weber",
        "7K3M 9Q2X 41TD 8WVN",
        "Verify at learn.acme.example/c",
    ]
    assert sorted(order, key=words.index) == order


def test_german(document, pdf, pdftotext):
    words = " ".join(pdftotext(pdf(document(), language="de"), "-raw").split())
    for said in ("Abschlusszertifikat", "Verliehen an", "Ausgestellt von Acme GmbH am 23. November 2026", "Gültig bis"):
        assert said in words


def test_texts_can_be_replaced(document, pdf, pdftotext):
    words = pdftotext(pdf(document(), messages={"kind": "Diploma of {issuer}", "awarded_to": "We honour"}), "-raw")
    assert "Diploma of Acme GmbH" in words
    assert "We honour" in words


@pytest.mark.parametrize("design", DESIGNS)
def test_tags_language_title_and_identification(design, document, pdf):
    reader = pypdf.PdfReader(io.BytesIO(pdf(document(), design)))
    root = reader.trailer["/Root"]
    assert len(reader.pages) == 1
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Certificate of Completion: Safe Handling of Personal Data, Anna Lindqvist"
    metadata = root["/Metadata"].get_data().decode()
    for identification in ("pdfaid:part>3<", "pdfaid:conformance>A<", "pdfuaid:part>1<"):
        assert identification in metadata
    tags, alternatives = structure(root["/StructTreeRoot"])
    assert [tag for tag in tags if tag.startswith("/H")] == ["/H1", "/H2", "/H2"]
    for alternative in (
        "Logo of Acme GmbH",
        *(["Badge: Safe Handling of Personal Data"] if design != "minimal" else []),  # it is type alone
        "Signature of Dr. Johanna Weber",
        "QR code that leads to the verification of this certificate: https://learn.acme.example/c/7K3M9Q2X41TD8WVN",
    ):
        assert alternative in alternatives


def structure(node, tags=None, alternatives=None):
    tags, alternatives = ([] if tags is None else tags), ([] if alternatives is None else alternatives)
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            structure(child, tags, alternatives)
    elif isinstance(node, dict):
        tags.append(node.get("/S", ""))
        alternatives.append(node.get("/Alt", ""))
        if "/K" in node:
            structure(node["/K"], tags, alternatives)
    return tags, alternatives


def test_credential_is_attached_as_source(document, pdf):
    text = json.dumps({"name": 'Zoë \\ " \n #panic() 王'}, ensure_ascii=False).encode()
    reader = pypdf.PdfReader(io.BytesIO(pdf(document(), text=text)))
    assert {name: list(contents) for name, contents in reader.attachments.items()} == {"credential.json": [text]}
    (file,) = reader.trailer["/Root"]["/AF"]
    assert file["/AFRelationship"] == "/Source"
    assert file["/EF"]["/F"]["/Subtype"] == "/application/vc+ld+json"
    assert file["/Desc"].startswith("The signed credential")


@settings(max_examples=25, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_attachment_is_kept_byte_for_byte(text, document, pdf):
    reader = pypdf.PdfReader(io.BytesIO(pdf(document(), text=text.encode())))
    assert reader.attachments["credential.json"] == [text.encode()]


def test_equal_arguments_give_equal_bytes(document, pdf):
    assert pdf(document()) == pdf(document())


INCHES = {
    ("a4", "landscape"): 11.69,
    ("a4", "portrait"): 8.27,
    ("us-letter", "landscape"): 11,
    ("us-letter", "portrait"): 8.5,
}


@pytest.mark.slow
@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize(("paper", "orientation"), INCHES)
@pytest.mark.parametrize("host", ["a.example", "learn.acme.example", "nachweise.kammer-muenchen.example/oeffentlich"])
def test_qr_code_decodes_at_100_dpi(design, paper, orientation, host, document, renderer):
    address = f"https://{host}/c/{CODE}"
    made_with = renderer(design, paper=paper, orientation=orientation)
    width = round(INCHES[paper, orientation] * 100)
    picture = made_with.picture(document(), code=CODE, address=address, width=width)
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert [code.text for code in found] == [address]


def test_qr_code_holds_the_code_without_an_address(document, renderer):
    picture = renderer().picture(document(), code="7K3M9Q2X41TD8WVN", address=None, width=1169)
    assert zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))[0].text == "7K3M9Q2X41TD8WVN"


def test_picture_has_the_width_asked_for(document, renderer):
    picture = renderer(paper="us-letter").picture(document(), code="7K3M9Q2X41TD8WVN", address=None, width=1100)
    assert Image.open(io.BytesIO(picture)).size == (1100, 850)


CROWDED = {
    "long": {"holder": LONG_NAME, "achievement": LONG_TITLE},
    "short": {"holder": "Al", "achievement": "Go"},
    "one word": {"holder": "X" * 80, "achievement": "Y" * 80},
    "chinese": {"holder": "王小明" * 20, "achievement": "个人数据的安全处理" * 9},
}


@pytest.mark.slow
@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("orientation", ["landscape", "portrait"])
@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize("crowd", CROWDED)
def test_words_keep_to_the_sheet_and_apart(design, orientation, paper, crowd, document, pdf, pdftotext):
    signatories = (
        Signatory("Dr. Johanna Weber-Reichenbach", "Chief Learning Officer"),
        Signatory("Prof. Martin Okafor", "Head of Data Protection and Privacy"),
        Signatory("Li Na", "Managing Director"),
    )
    printed = pdf(
        document(**CROWDED[crowd]),
        design,
        orientation=orientation,
        paper=paper,
        signatories=signatories,
        address="https://nachweise.handwerkskammer-muenchen.example/oeffentlich/c/7K3M9Q2X41TD8WVN",
    )
    width, height, words = boxes(pdftotext(printed, "-bbox"))
    assert len(words) > 20
    for left, top, right, bottom, word in words:
        assert left >= 14, word
        assert top >= 14, word
        assert right <= width - 14, word
        assert bottom <= height - 14, word
    for one, other in combinations(words, 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        down = min(one[3], other[3]) - max(one[1], other[1])
        # Boxes are as high as a font's tallest marks, so lines of text may share a third of them.
        assert across < 1 or down < 0.45 * min(one[3] - one[1], other[3] - other[1]), (one, other)


@pytest.mark.slow
@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("orientation", ["landscape", "portrait"])
@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize("signing", [1, 2, 3])
def test_long_roles_keep_clear_of_the_qr_code_and_the_edge(
    design, orientation, paper, signing, document, pdf, pdftotext, renderer
):
    vice_president = Signatory(
        "Maria del Carmen Fernández y Rodríguez", "Vice President People, Culture and Continuous Learning"
    )
    look = {"orientation": orientation, "paper": paper, "signatories": (vice_president,) * signing}
    width, height, words = boxes(pdftotext(pdf(document(LONG_NAME, LONG_TITLE), design, **look), "-bbox"))
    # The classic design has a frame, whose inner rule runs 18.4 mm from the edge.
    margin = 21 * 72 / 25.4 if design == "classic" else 0.05 * min(width, height)
    picture = renderer(design, **look).picture(document(), code=CODE, address=ADDRESS, width=round(width))
    place = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).resize((2 * round(width), 2 * round(height))))[0]
    corners = [(point.x / 2, point.y / 2) for point in (place.position.top_left, place.position.bottom_right)]
    (qr_left, qr_top), (qr_right, qr_bottom) = corners
    for left, top, right, bottom, word in words:
        assert bottom <= height - margin, word
        beside = right < qr_left or left > qr_right
        # A word's box is as high as its font's tallest marks: its middle two thirds count.
        sixth = (bottom - top) / 6
        assert beside or bottom - sixth < qr_top or top + sixth > qr_bottom, word


@pytest.mark.parametrize("width", [320, 640, 641, 1000])
def test_no_seam_where_tiles_of_one_colour_meet(width, document, renderer):
    look = renderer("modern", colours=Colours("#e30613", "#0047bb"), badge=None)
    shown = Image.open(io.BytesIO(look.picture(document(), code=CODE, address=None, width=width))).convert("RGB")
    tile = shown.height / 5
    down = {shown.getpixel((round(0.9 * tile), y)) for y in range(round(0.6 * tile), round(1.4 * tile))}
    across = {shown.getpixel((x, round(0.9 * tile))) for x in range(round(0.6 * tile), round(1.4 * tile))}
    assert down == across == {(0xE3, 0x06, 0x13)}


def test_guilloche_is_few_curves(document, pdf):
    page = pypdf.PdfReader(io.BytesIO(pdf(document(), "classic", logo=None, badge=None))).pages[0]
    content = page.get_contents().get_data()
    # Each PDF is packed anew: the frame's 1,200 curves take a millisecond, twice as many would take two.
    assert 800 < content.count(b" c ") + content.count(b" c\n") < 1300


def boxes(page: str) -> tuple[float, float, list[tuple[float, float, float, float, str]]]:
    width, height = map(float, re.search(r'<page width="([\d.]+)" height="([\d.]+)"', page).groups())
    found = re.findall(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)</word>', page)
    return width, height, [(*map(float, sides), html.unescape(word)) for *sides, word in found]


@pytest.mark.parametrize("hidden", ["logo", "badge", "description", "skills", "signatories", "expiry", "qr"])
def test_elements_can_be_left_out(hidden, document, pdf, pdftotext):
    shown = frozenset(Appearance().show) - {hidden}
    printed = pdf(document(), show=shown)
    tags = structure(pypdf.PdfReader(io.BytesIO(printed)).trailer["/Root"]["/StructTreeRoot"])[1]
    words = " ".join(pdftotext(printed, "-raw").split()) + " ".join(tags)
    said = {
        "logo": "Logo of",
        "badge": "Badge:",
        "description": "Recognises",
        "skills": "Skills",
        "signatories": "Dr. Johanna Weber",
        "expiry": "Valid until",
        "qr": "QR code that",
    }
    assert {element for element, text in said.items() if text in words} == set(shown)


@pytest.mark.parametrize("design", DESIGNS)
def test_bare_certificate(design, document, pdf, pdftotext):
    bare = document("Al")
    del bare["validUntil"]
    del bare["credentialSubject"]["achievement"]["description"]
    printed = pdf(bare, design, address=None, logo=None, badge=None, signatories=())
    words = " ".join(pdftotext(printed, "-raw").split())
    assert "Al" in words
    assert "Issued by Acme GmbH" in words
    assert "digitally signed" in words


@pytest.mark.parametrize(
    ("holder", "named"),
    [("Zoë 😀", "U+1F600 GRINNING FACE"), ("Al\u202eice", "U+202E"), ("Al\x07", "U+0007"), ("\ue000", "U+E000")],
)
def test_character_without_glyph_is_an_error_with_its_number(holder, named, document, renderer):
    with pytest.raises(RenderingError) as raised:
        renderer().check(document(holder))
    assert raised.value.code == "rendering.missing-character"
    assert named in raised.value.message
    assert raised.value.message.startswith("Name")


def test_every_brand_colour_prints(document, pdf):
    for colour in ("#ffcc00", "#ffffff", "#000000", "#f00"):
        assert pdf(document(), "modern", colours=Colours(colour)).startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ({"paper": "a5"}, "rendering.appearance-invalid"),
        ({"orientation": "square"}, "rendering.appearance-invalid"),
        ({"show": frozenset({"fireworks"})}, "rendering.appearance-invalid"),
        ({"signatories": (Signatory("A"),) * 4}, "rendering.appearance-invalid"),
        ({"options": {"confetti": "much"}}, "rendering.appearance-invalid"),
        ({"language": "xx"}, "rendering.language-unknown"),
        ({"messages": {"greeting": "Hi"}}, "rendering.text-unknown"),
    ],
)
def test_impossible_appearance(choices, code, renderer):
    with pytest.raises(RenderingError) as raised:
        renderer(**choices)
    assert raised.value.code == code


def test_signatory_that_cannot_be_printed_is_refused_at_once(renderer):
    with pytest.raises(RenderingError) as raised:
        renderer(signatories=(Signatory("Li 😀"),))
    assert raised.value.code == "rendering.missing-character"


@pytest.mark.parametrize("width", [0, 199, 6001, 10**9])
def test_picture_size_is_bounded(width, document, renderer):
    with pytest.raises(RenderingError) as raised:
        renderer().picture(document(), code="7K3M9Q2X41TD8WVN", address=None, width=width)
    assert raised.value.code == "rendering.picture-size"


def test_literal_holds_any_json():
    for text in ('"', "\\", '\\"', '#panic("")', "\n", "\u2028", "é"):
        literal = certificate._literal(json.dumps({"x": text}))
        assert literal.isascii()
        assert re.fullmatch(rb'(?:[^"\\]|\\["\\])*', literal)
