"""Pictures that are taken in: only what draws is kept, read back from the storage."""

from __future__ import annotations

import base64
import io
import random

import pytest
from PIL import Image

from laurea.actions import appearances, picturing, storing
from laurea.actions.picturing import PictureError
from laurea.records.models import Picture
from laurea.rendering.picture import MAX_SIDE
from laurea.rendering.picture import Picture as Drawn

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 20">{}<path fill="#246" d="M0 0h80v20H0z"/></svg>'


def png(size=(40, 20), mode="RGBA", colour=(10, 20, 30, 128)):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, "PNG")
    return out.getvalue()


def jpeg(size=(300, 200)):
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Spy Camera"
    exif.get_ifd(GPS)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", size, "#886644").save(out, "JPEG", exif=exif, comment=b"secret comment")
    return out.getvalue()


def kept(picture):
    return storing.get(picture.name)


def test_photograph_loses_its_metadata_and_stands_upright(acme, now):
    assert b"Spy Camera" in jpeg()
    picture = picturing.take_in(acme, jpeg(), "Our house", now=now)
    content = kept(picture)
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size, dict(image.getexif()), image.info) == ("PNG", (200, 300), {}, {})
    assert b"Spy" not in content
    assert (picture.width, picture.height, picture.size, picture.alt) == (200, 300, len(content), "Our house")


def test_large_photograph_stays_small(acme, now):
    noise = Image.frombytes("RGB", (1800, 1200), random.Random(1).randbytes(1800 * 1200 * 3))
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=70)
    picture = picturing.take_in(acme, out.getvalue(), now=now)
    assert (picture.media_type, picture.width) == ("image/jpeg", MAX_SIDE)
    assert len(kept(picture)) < picturing.MAX_BYTES


def test_transparency_stays(acme, now):
    with Image.open(io.BytesIO(kept(picturing.take_in(acme, png(), now=now)))) as image:
        assert image.getpixel((0, 0)) == (10, 20, 30, 128)


def test_drawing_keeps_its_proportions_and_prints(acme, now):
    picture = picturing.take_in(acme, SVG.format("").encode(), now=now)
    assert (picture.media_type, picture.width, picture.height) == ("image/svg+xml", 80, 20)
    assert Drawn(kept(picture)).size() == (80, 20)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<a href="https://evil.example"><path d="M0 0"/></a>',
        '<image href="https://evil.example/x.png"/>',
        '<use href="https://evil.example/x.svg#a"/>',
        "<style>@import 'https://evil.example/x.css'</style>",
        "<foreignObject><b/></foreignObject>",
    ],
)
def test_drawing_that_does_more_than_draw_is_refused(hostile, acme, now):
    with pytest.raises(PictureError) as raised:
        picturing.take_in(acme, SVG.format(hostile).encode(), now=now)
    assert raised.value.code == "picture.invalid"
    assert raised.value.hint
    assert not Picture.objects.exists()


def test_what_acts_on_an_element_is_left_out(acme, now):
    data = SVG.format('<metadata>me</metadata><g onclick="alert(1)"><path d="M0 0h1"/></g>').encode()
    text = kept(picturing.take_in(acme, data, now=now)).decode()
    assert "onclick" not in text
    assert "metadata" not in text
    assert '<path d="M0 0h1">' in text


def test_picture_inside_a_drawing_is_drawn_anew(acme, now):
    inside = base64.b64encode(jpeg()).decode()
    text = kept(
        picturing.take_in(acme, SVG.format(f'<image href="data:image/jpeg;base64,{inside}"/>').encode(), now=now)
    ).decode()
    assert inside not in text
    assert "data:image/png;base64," in text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "picture.empty"),
        (b"name,email\nAda,ada@example.org\n", "picture.invalid"),
        (b"<html><body>no picture</body></html>", "picture.invalid"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture.invalid"),
        (png() + bytes(picturing.MAX_BYTES), "picture.size"),
        (png((5000, 5000), "L", 0), "picture.invalid"),
    ],
)
def test_what_is_no_picture_is_refused(data, code, acme, now):
    with pytest.raises(PictureError) as raised:
        picturing.take_in(acme, data, now=now)
    assert raised.value.code == code


def test_the_same_picture_is_kept_once_an_issuer(acme, other, now):
    first = picturing.take_in(acme, png(), "A", now=now)
    assert picturing.take_in(acme, png(), "A", now=now) == first
    assert picturing.take_in(acme, png(), "B", now=now) != first
    theirs = picturing.take_in(other, png(), "A", now=now)
    assert theirs.name != first.name


def test_link_leads_to_the_picture_alone(acme, now):
    picture = picturing.take_in(acme, png(), now=now)
    handout = storing.opened(picturing.link(picture).removeprefix(storing.FILES))
    assert (handout.name, handout.media_type, handout.inline) == (picture.name, "image/png", True)


def test_picture_becomes_a_badge(acme, achievement, now):
    achievement.badge_picture = picturing.take_in(acme, png((90, 60)), "Ours", now=now)
    badge = appearances.badge(achievement)
    with Image.open(io.BytesIO(badge.png)) as image:
        assert image.size == (600, 600)
    assert badge.alt == "Ours"
