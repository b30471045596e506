"""ACHIEVEMENT.toml: what it says is read, and every mistake is named with its place and its remedy."""

from __future__ import annotations

import io
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from laurea.actions import achievements
from laurea.actions.achievements import Period, Skill, slug
from laurea.credentials.errors import IssuingError

MINIMAL = """\
[achievement]
name = "First Aid at Work"
description = "Can give first aid until help arrives."
criteria = "Took part in the course."

[issuer]
name = "Harbour Safety Training"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "achievement.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> IssuingError:
    with pytest.raises(IssuingError) as caught:
        achievements.read(written(folder, text))
    return caught.value


def test_every_example_is_read(examples: Path) -> None:
    names = {path.name: achievements.read(path).name for path in examples.glob("*.toml")}
    assert names == {
        "arbeitssicherheit.toml": "Arbeitssicherheit in der Fertigung",
        "data-protection.toml": "Data Protection Essentials",
        "minimal.toml": "First Aid at Work",
        "python-basics.toml": "Python for Analysts",
    }


def test_the_complete_example(examples: Path) -> None:
    read = achievements.read(examples / "data-protection.toml")
    assert read.validity == Period(24, "month")
    assert read.tags == ("data protection", "GDPR", "compliance")
    assert read.skills[0] == Skill(
        name="Protecting personal data and privacy",
        url="https://joint-research-centre.ec.europa.eu/digcomp_en",
        framework="DigComp 2.2",
        code="4.2",
    )
    assert read.issuer.email == "academy@northlight.example"
    assert read.appearance.logo is not None
    assert read.appearance.logo.size() == (200, 200)
    assert read.appearance.logo.data.count(b"<path") == 4
    assert [signatory.name for signatory in read.appearance.signatories] == ["Adaeze Okafor", "Jonas Lindqvist"]
    assert read.appearance.colours.primary == "#12506b"
    assert read.badge.shape == "shield"
    assert read.badge.colours == read.appearance.colours


def test_the_language_of_the_achievement_is_that_of_its_certificate(examples: Path) -> None:
    read = achievements.read(examples / "arbeitssicherheit.toml")
    assert (read.language, read.appearance.language) == ("de", "de")
    assert achievements.with_language(read, "en").appearance.language == "en"


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    read = achievements.read(written(tmp_path, MINIMAL))
    assert (read.design, read.language, read.validity, read.skills) == ("corporate", "en", None, ())
    assert (read.appearance.paper, read.appearance.orientation) == ("a4", "landscape")


@pytest.mark.parametrize(
    ("before", "after", "code", "message", "hint"),
    [
        ("name =", "nmae =", "achievement.unknown-key", "nmae in [achievement] is unknown", "Perhaps you mean name"),
        ("[issuer]", "[isuer]", "achievement.unknown-key", "[isuer] is unknown", "Perhaps you mean issuer"),
        ('name = "First Aid at Work"', "", "achievement.missing", "name in [achievement] is missing", None),
        ('name = "Harbour Safety Training"', "", "achievement.missing", "name in [issuer] is missing", None),
        ("criteria =", "#", "achievement.missing", "criteria in [achievement] is missing", None),
        ('"First Aid at Work"', "7", "achievement.value", "name in [achievement] must be a text", None),
        ('"First Aid at Work"', '"  "', "achievement.value", "name in [achievement] is empty", None),
        ('"First Aid at Work"', '"a\\u0007b"', "achievement.value", "control character U+0007", None),
        ('"First Aid at Work"', f'"{"x" * 301}"', "achievement.value", "has 301 characters; 300 at most", None),
        ('"First Aid at Work"', "[", "achievement.syntax", "is not proper TOML", None),
        ("[issuer]", 'type = "Certifcate"\n[issuer]', "achievement.value", "cannot be 'Certifcate'", "Certificate"),
        ("[issuer]", 'validity = "soon"\n[issuer]', "achievement.value", "is no span of time: 'soon'", "24 months"),
        ("[issuer]", 'validity = "9999 years"\n[issuer]', "achievement.value", "is no span of time", None),
        ("[issuer]", 'language = "german"\n[issuer]', "achievement.value", "is no language tag", "de"),
        ("[issuer]", 'id = "first-aid"\n[issuer]', "achievement.value", "is no absolute identifier", "urn:uuid:"),
        ("[issuer]", 'id = "urn:a:[b]"\n[issuer]', "achievement.value", "is no absolute identifier", "urn:"),
        ("[issuer]", "credits = true\n[issuer]", "achievement.value", "must be a number above 0", None),
        ("[issuer]", 'tags = "aid"\n[issuer]', "achievement.value", "must be a list", None),
        ("[issuer]", 'include = ["salary"]\n[issuer]', "achievement.value", "names 'salary'", "result"),
        ("[issuer]", '[issuer]\nurl = "harbour.example"', "achievement.value", "is no address", "https://"),
        ("[issuer]", '[issuer]\nurl = "https://a b"', "achievement.value", "is no address", "https://"),
        ("[issuer]", '[issuer]\nurl = "https://a.example/?b[c]=1"', "achievement.value", "is no address", "%5B"),
        ("[issuer]", '[issuer]\nemail = "harbour"', "achievement.value", "is no e-mail address", None),
        ("[issuer]", '[issuer]\nlogo = "absent.svg"', "achievement.value", "cannot be read", None),
        ("[issuer]", '[issuer]\nlogo = "achievement.toml"', "achievement.value", "names 'achievement.toml'", "SVG"),
        ("[issuer]", '[design]\npaper = "a5"\n[issuer]', "achievement.value", "cannot be 'a5'", "a4"),
        ("[issuer]", '[design]\nshow = ["fireworks"]\n[issuer]', "achievement.value", "'fireworks'", "logo"),
        ("[issuer]", '[design]\ncolours = { primary = "green" }\n[issuer]', "achievement.value", "green", "#rrggbb"),
        ("[issuer]", '[[skill]]\nname = "Aid"\n[issuer]', "achievement.missing", "url in [skill] is missing", None),
        ("[issuer]", '[badge]\nicon = "a"\nmonogram = "B"\n[issuer]', "achievement.value", "beside icon", None),
        ("[issuer]", "achievement = 1\n[issuer]", "achievement.unknown-key", "achievement in [achievement]", None),
    ],
)
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, before: str, after: str, code: str, message: str, hint: str | None
) -> None:
    error = refusal(tmp_path, MINIMAL.replace(before, after, 1))
    assert error.code == code
    assert message in error.message
    assert str(tmp_path / "achievement.toml") in error.message
    assert hint is None or hint in error.hint


@pytest.mark.parametrize("path", ["../secret.svg", "/etc/hostname", "a/../../secret.svg", "link.svg", "C:\\secret.svg"])
def test_no_file_outside_the_folder_is_read(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    folder = tmp_path / "achievement"
    (folder / "a").mkdir(parents=True)
    (folder / "link.svg").symlink_to(tmp_path / "secret.svg")
    error = refusal(folder, MINIMAL + f"logo = '{path}'\n")
    assert "leads out of the achievement's folder" in error.message


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">%s</svg>'


def multiplied(element: str, inner: str, levels: int) -> str:
    """Elements that each refer to the one below four times."""
    return "".join(
        f'<{element} id="a{level}" width="1" height="1">{inner.format(level - 1) * 4}</{element}>'
        for level in range(1, levels)
    )


@pytest.mark.parametrize("key", ["logo", "signature"])
@pytest.mark.parametrize(
    "inside",
    [
        multiplied("g", '<use href="#a{}"/>', 12) + '<g id="a0"/><use href="#a11"/>',
        multiplied("pattern", '<path fill="url(#a{})" d="M0 0h9v9"/>', 12) + '<path fill="url(#a11)" d="M0 0h9v9"/>',
        '<pattern id="a"><path fill="url(#a)" d="M0 0h9v9"/></pattern><path fill="url(#a)" d="M0 0h9v9"/>',
        '<filter id="a"><feTurbulence numOctaves="99999999"/></filter><path filter="url(#a)" d="M0 0h9v9"/>',
        "<g>" * 9_000 + "</g>" * 9_000,
        "<path d='M0 0'/>" * 9_000,
        "<path " + " ".join(f"a{number}=''" for number in range(50_000)) + "/>",
        '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
    ],
    ids=["uses", "patterns", "itself", "filter", "deep", "many", "attributes", "drawing inside"],
)
def test_a_drawing_made_to_be_endless_is_refused(tmp_path: Path, key: str, inside: str) -> None:
    (tmp_path / "drawing.svg").write_text(DRAWING % inside)
    table = "[[signatory]]\nname = 'Ada'\n" if key == "signature" else ""
    error = refusal(tmp_path, f"{MINIMAL}{table}{key} = 'drawing.svg'\n")
    assert "names 'drawing.svg': The picture is " in error.message
    assert error.hint


def test_a_logo_comes_as_the_printing_house_or_a_telephone_saves_it(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6  # to be turned by a quarter
    Image.new("CMYK", (300, 100), (0, 255, 255, 0)).save(tmp_path / "logo.jpg", exif=exif)
    logo = achievements.read(written(tmp_path, MINIMAL + "logo = 'logo.jpg'\n")).appearance.logo
    assert logo is not None
    with Image.open(io.BytesIO(logo.data)) as image:
        assert (image.mode, image.size, dict(image.getexif())) == ("RGB", (100, 300), {})
        assert image.getpixel((50, 150)) == (255, 0, 0) or image.getpixel((50, 150)) == (254, 0, 0)


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 30_000,
        "a = " + "{a=" * 20_000,
        ".".join(["a"] * 30_000) + " = 1",
        "\n".join(f"[{'.'.join(['a'] * 50)}.b{number}]" for number in range(500)),
        'a = "' + "x" * 65_536 + '"',
        "a = 1\na = 2",
        "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace") + " = 1",
        "a = 9" + "9" * 5000,
    ],
)
def test_a_hostile_file_is_one_clear_error(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path, text).code in {"achievement.syntax", "achievement.size", "achievement.unknown-key"}


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "achievement.toml"
    path.write_bytes(MINIMAL.encode("utf-16"))
    with pytest.raises(IssuingError, match="is not UTF-8 at byte 0"):
        achievements.read(path)


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "achievement.toml"
    path.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert achievements.read(path).name == "First Aid at Work"


def test_the_digest_stands_for_the_file_and_its_pictures(tmp_path: Path, examples: Path) -> None:
    shutil.copytree(examples, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "data-protection.toml"
    first = achievements.read(path).digest
    assert achievements.read(path).digest == first
    logo = tmp_path / "assets" / "northlight-logo.svg"
    logo.write_text(logo.read_text().replace("#e0a526", "#e0a527"))
    assert achievements.read(path).digest != first


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        (Period(24, "month"), date(2026, 11, 24), date(2028, 11, 24)),
        (Period(1, "month"), date(2027, 1, 31), date(2027, 2, 28)),
        (Period(12, "month"), date(2028, 2, 29), date(2029, 2, 28)),
        (Period(1, "year"), date(2026, 12, 31), date(2027, 12, 31)),
        (Period(90, "day"), date(2026, 11, 24), date(2027, 2, 22)),
        (Period(2, "week"), date(2026, 12, 24), date(2027, 1, 7)),
    ],
)
def test_a_period_ends_on_a_day_that_exists(period: Period, start: date, end: date) -> None:
    assert period.after(start) == end


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Data Protection Essentials", "data-protection-essentials"),
        ("Führung & Größe", "fuehrung-groesse"),
        ("Café à la carte!", "cafe-a-la-carte"),
        ("Основы безопасности", ""),
        ("数据保护 A", ""),
    ],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_the_identifier_is_the_same_in_every_batch_and_another_for_everyone_else(tmp_path: Path) -> None:
    read = achievements.read(written(tmp_path, MINIMAL))
    ours = read.identifier("did:key:z6MkA", None)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", ours)
    assert ours == achievements.read(written(tmp_path, MINIMAL.replace("Can give", "Gives"))).identifier(
        "did:key:z6MkA", None
    )
    assert ours != read.identifier("did:key:z6MkB", None)
    assert read.identifier("did:key:z6MkA", "https://a.example") == "https://a.example/achievements/first-aid-at-work"
    given = achievements.read(written(tmp_path, MINIMAL.replace("[issuer]", 'id = "urn:example:1"\n[issuer]')))
    assert given.identifier("did:key:z6MkA", "https://a.example") == "urn:example:1"


def test_every_key_is_described(root: Path) -> None:
    page = (root / "docs" / "reference" / "achievement-toml.md").read_text("utf-8")
    sections = dict(re.findall(r"^## `\[+(\w+)\]+`\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    assert set(sections) == set(achievements.KEYS)
    for table, keys in achievements.KEYS.items():
        described = {
            key
            for row in re.findall(r"^\| (`.*?) \|", sections[table], re.MULTILINE)
            for key in re.findall("`(.*?)`", row)
        }
        if table == "signatory":
            described = set(re.findall("`(.*?)`", sections[table]))
        assert described == set(keys), table


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("24 months", "24 months"),
        ("1 Jahr", "1 year"),
        ("2 Jahre", "2 years"),
        ("90 Tage", "90 days"),
        ("6 Wochen", "6 weeks"),
    ],
)
def test_spans_are_read_in_both_languages_and_stored_in_one(text: str, stored: str) -> None:
    assert str(Period.read(text)) == stored


@pytest.mark.parametrize("text", ["", "soon", "0 days", "24 moons", "2000 years", "1.5 years"])
def test_what_is_no_span(text: str) -> None:
    assert Period.read(text) is None
