"""The social picture is looked at as its viewers do: its size, its bytes, its middle."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops

from laurea.credentials.errors import RenderingError
from laurea.rendering import social
from laurea.rendering.badge import BadgeArt, own_art
from laurea.rendering.palette import Colours, contrast

ART = BadgeArt("shield", 2, icon="lock", colours=Colours("#1d3f72"))
LONG = "Grundlagen der Informationssicherheit und des Datenschutzes für Führungskräfte I"


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB")


def differing(one: bytes, other: bytes) -> tuple[int, int, int, int] | None:
    """The box in which two pictures differ."""
    return ImageChops.difference(opened(one), opened(other)).convert("L").point([0] * 24 + [255] * 232).getbbox()


@pytest.mark.parametrize("holder", ["", "Al", "Maria del Carmen Fernández-Villaverde y Rodríguez de la Torre"])
@pytest.mark.parametrize("achievement", ["AI", LONG, "أساسيات السلامة المهنية", "情報セキュリティの基礎"])
def test_size_and_weight(achievement: str, holder: str) -> None:
    data = social.picture(ART, achievement=achievement, issuer="Acme", holder=holder)
    assert opened(data).size == (1200, 627)
    assert len(data) <= 300_000


def test_what_matters_stands_where_small_previews_do_not_crop() -> None:
    said, other = (social.picture(ART, achievement=name, issuer=name[:50]) for name in (LONG, "I" * 30))
    box = differing(said, other)
    assert box is not None
    left, top, right, bottom = box
    assert (left >= 270, right <= 930, top >= 310, bottom <= 570) == (True, True, True, True)


def test_a_title_without_blanks_is_not_broken_within_a_word() -> None:
    said, other = (
        social.picture(ART, achievement=name, issuer="B", language="ja")
        for name in ("個人データの安全な取り扱い", "一人データの安全な取り扱い")
    )
    # The titles differ in their first character alone: on one line, it stands at the left of a line 600 pixels wide.
    box = differing(said, other)
    assert box is not None
    assert box[0] < 320
    assert box[2] < 400


def test_the_name_is_shown_only_when_handed_over() -> None:
    without, other = (social.picture(ART, achievement="First aid", issuer=issuer) for issuer in ("Acme", "Umbrella"))
    below_the_title = differing(without, other)
    assert below_the_title is not None
    assert below_the_title[1] > 440
    assert (
        differing(without, social.picture(ART, achievement="First aid", issuer="Acme", holder="Ada Byron")) is not None
    )


def test_it_is_in_the_language_asked_for() -> None:
    english, german = (social.picture(ART, achievement="A", issuer="B", language=tag) for tag in ("en", "de-AT"))
    box = differing(english, german)
    assert box is not None
    assert box[1] > 560
    own = social.picture(ART, achievement="A", issuer="B", language="de-AT", verified="Verified credential")
    assert differing(english, own) is None


@pytest.mark.parametrize("primary", ["#ffffff", "#f2b705", "#000000", "#1d3f72", "#ff00ff"])
def test_text_reads_on_any_issuer_s_colour(primary: str) -> None:
    image = opened(social.picture(BadgeArt(colours=Colours(primary)), achievement="A", issuer="B"))
    darkest = min(
        contrast("#ffffff", "#{:02x}{:02x}{:02x}".format(*image.getpixel(point)))  # type: ignore[misc]
        for point in ((20, 20), (250, 400), (950, 400), (600, 615), (20, 600))
    )
    assert darkest >= 4.5


def test_an_own_picture_takes_the_issuer_s_colours() -> None:
    out = io.BytesIO()
    Image.new("RGB", (200, 200), "#c02020").save(out, "PNG")
    image = opened(social.picture(own_art(out.getvalue()), achievement="A", issuer="B", colours=Colours("#1d3f72")))
    red, _, _ = image.getpixel((600, 180))  # type: ignore[misc]
    ground = image.getpixel((60, 400))
    assert red > 150
    assert ground[2] > 2 * ground[0]  # type: ignore[index, operator]


def test_equal_words_give_equal_bytes() -> None:
    one, other = (social.picture(ART, achievement=LONG, issuer="Acme", holder="Ada") for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"achievement": "x" * 121, "issuer": "B"}, "rendering.social-text"),
        ({"achievement": "A", "issuer": "😀"}, "rendering.missing-character"),
        ({"achievement": "A", "issuer": "B", "holder": "a\u202eb"}, "rendering.missing-character"),
    ],
)
def test_words_without_room_or_font_are_refused(words: dict[str, str], code: str) -> None:
    with pytest.raises(RenderingError) as caught:
        social.picture(ART, **words)
    assert caught.value.code == code
