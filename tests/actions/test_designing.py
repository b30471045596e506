"""Designs in versions: what was issued keeps its look, whatever becomes of the design or of the issuer's colours."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from laurea.actions import appearances, designing, picturing, sampling
from laurea.actions.designing import DesignError
from laurea.actions.issuing import Terms
from laurea.credentials.errors import LaureaError
from laurea.records.models import Design, DesignVersion
from laurea.rendering.certificate import CertificateRenderer
from laurea.rendering.design import design_names

RED = {"primary": "#aa1122"}


def logo(colour="#123456"):
    path = f'<path fill="{colour}" d="M0 0h4v1H0z"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1">{path}</svg>'.encode()


def certificate(achievement, version, now):
    """The bytes of a certificate's PDF."""
    return sampling.of_achievement(achievement, version, now=now).pdf(now)


@pytest.mark.parametrize("base", design_names())
def test_every_packaged_design_can_be_taken(base, acme, alice, now):
    design = designing.create(acme, " Ours ", base, {}, now=now, actor=alice)
    version = designing.latest(design)
    assert (design.name, version.number, version.base, version.created_by, version.created) == (
        "Ours",
        1,
        base,
        alice,
        now,
    )
    assert version.adjustments == {"brand": {"primary": "#1f5c46", "secondary": "", "logo": None}}


def test_saving_makes_a_version_and_leaves_the_older_one(acme, achievement, alice, now):
    design = designing.create(acme, "Ours", "corporate", RED, now=now, actor=alice)
    first = designing.latest(design)
    before = certificate(achievement, first, now)
    second = designing.save(design, "Ours", "modern", {"primary": "#0000aa"}, now=now, actor=alice)
    assert [version.number for version in design.versions.order_by("number")] == [1, 2]
    assert designing.latest(design) == second
    assert certificate(achievement, DesignVersion.objects.get(pk=first.pk), now) == before
    assert certificate(achievement, second, now) != before


def test_saving_what_is_the_same_makes_no_version(acme, alice, now):
    design = designing.create(acme, "Ours", "corporate", {}, now=now, actor=alice)
    everything = {
        "paper": "a4",
        "orientation": "landscape",
        "primary": "",
        "texts": {"en": {"for": ""}, "de": {}},
        "typefaces": {"headline": ""},
        "signatories": [],
        "logo": None,
        "show": ["qr", "logo", "badge", "description", "skills", "signatories", "expiry"],
    }
    same = designing.save(design, "Renamed", "corporate", everything, now=now, actor=alice)
    assert (same.number, Design.objects.get(pk=design.pk).name) == (1, "Renamed")
    assert designing.save(design, "Renamed", "corporate", {"show": []}, now=now, actor=alice).adjustments["show"] == []


def test_a_new_brand_reaches_old_certificates_never_and_new_ones_by_a_new_version(acme, achievement, alice, now):
    design = designing.create(acme, "Ours", "corporate", {}, now=now, actor=alice)
    own = designing.create(acme, "Own colours", "corporate", RED | {"secondary": "#333333"}, now=now, actor=alice)
    first = designing.latest(design)
    before = certificate(achievement, first, now)
    acme.primary_colour, acme.logo = "#550055", picturing.take_in(acme, logo(), now=now)
    acme.save()
    achievement.refresh_from_db()
    achievement.badge |= {"primary": "#1f5c46"}
    assert certificate(achievement, DesignVersion.objects.get(pk=first.pk), now) == before
    made = designing.follow(acme, now=now, actor=alice)
    assert {version.design.name for version in made} >= {"Ours", "Own colours"}  # the logo is on both
    assert certificate(achievement, designing.latest(design), now) != before
    assert designing.follow(acme, now=now, actor=alice) == []
    assert designing.latest(own).number == 2


def test_going_back_makes_a_new_version(acme, alice, bob, now):
    design = designing.create(acme, "Ours", "classic", RED, now=now, actor=alice)
    designing.save(design, "Ours", "minimal", {}, now=now, actor=alice)
    back = designing.go_back(design.versions.get(number=1), now=now, actor=bob)
    assert (back.number, back.base, back.adjustments["primary"], back.created_by) == (3, "classic", "#aa1122", bob)


def test_archive_only_what_nothing_is_issued_in(acme, achievement, alice, now):
    with pytest.raises(LaureaError) as raised:
        designing.archive(achievement.design, now=now, actor=alice)
    assert raised.value.code == "design.used"
    achievement.archived = now
    achievement.save()
    designing.archive(achievement.design, now=now, actor=alice)
    assert Design.objects.get().archived == now
    designing.restore(achievement.design, now=now, actor=alice)
    assert Design.objects.get().archived is None


@pytest.mark.parametrize(
    ("name", "adjustments", "field"),
    [
        ("", {}, "name"),
        ("x" * 121, {}, "name"),
        ("Ours", {"primary": "red"}, "primary"),
        ("Ours", {"secondary": "#12"}, "secondary"),
        ("Ours", {"texts": {"en": {"for": "for {course}"}}}, "texts.en.for"),
        ("Ours", {"texts": {"de": {"issued": "am {awarded"}}}, "texts.de.issued"),
        ("Ours", {"texts": {"de": {"date": "{holder}"}}}, "texts.de.date"),
        ("Ours", {"texts": {"en": {"shout": "hey"}}}, "texts.en.shout"),
        ("Ours", {"texts": {"fr": {"for": "pour"}}}, "texts"),
        ("Ours", {"texts": {"en": {"for": "🎉"}}}, "texts.en.for"),
        ("Ours", {"texts": {"en": {"for": "x" * 201}}}, "texts.en.for"),
        ("Ours", {"signatories": [{"name": "A"}, {"name": " ", "role": "Boss"}]}, "signatories.1.name"),
        ("Ours", {"signatories": [{"name": "A", "role": "☃︎\U0001f600"}]}, "signatories.0.role"),
        ("Ours", {"signatories": [{"name": "A"}] * 4}, "signatories"),
    ],
)
def test_mistakes_say_where_they_are(name, adjustments, field, acme, now):
    with pytest.raises(DesignError) as raised:
        designing.create(acme, name, "corporate", adjustments, now=now, actor=None)
    assert raised.value.field == field
    assert not Design.objects.exists()


@pytest.mark.parametrize(
    ("base", "adjustments"),
    [
        ("corporate", {"paper": "a5"}),
        ("corporate", {"typefaces": {"headline": "Comic Sans"}}),
        ("corporate", {"options": {"motto": "x"}}),
        ("fancy", {}),
        ("corporate", {"logo": 999}),
    ],
)
def test_what_no_form_would_offer_is_refused_too(base, adjustments, acme, now):
    with pytest.raises(LaureaError):
        designing.create(acme, "Ours", base, adjustments, now=now, actor=None)


def test_a_picture_of_somebody_else_is_refused(acme, other, now):
    theirs = picturing.take_in(other, logo(), now=now)
    with pytest.raises(LaureaError) as raised:
        designing.create(acme, "Ours", "corporate", {"logo": theirs.pk}, now=now, actor=None)
    assert raised.value.code == "appearance.picture-absent"


def colours_of(png):
    with Image.open(io.BytesIO(png)) as image:
        return {colour for _, colour in image.convert("RGB").getcolors(1 << 24)}


def test_choices_show_in_the_picture(acme, now):
    def drawn(**adjustments):
        return sampling.of_design(acme, "corporate", adjustments, now=now).picture(800)

    plain = drawn()
    picture = picturing.take_in(acme, logo("#fe01dc"), now=now)
    assert (0xFE, 0x01, 0xDC) not in colours_of(plain)
    assert (0xFE, 0x01, 0xDC) in colours_of(drawn(logo=picture.pk))
    assert (0xAA, 0x11, 0x22) in colours_of(drawn(primary="#aa1122"))
    others = [
        drawn(show=[]),
        drawn(texts={"en": {"awarded_to": "presented to"}}),
        drawn(typefaces={"headline": "Inter"}),
        drawn(signatories=[{"name": "Johanna Weber", "role": "CEO", "picture": picture.pk}]),
        drawn(paper="us-letter"),
        drawn(orientation="portrait"),
    ]
    assert len({plain, *others}) == 1 + len(others)


@pytest.mark.parametrize("holder", sampling.HOLDERS)
def test_samples_of_every_length_and_script(holder, acme, now):
    for base in design_names():
        sample = sampling.of_design(acme, base, {}, holder=sampling.HOLDERS[holder], language="de", now=now)
        assert sample.drawing().startswith(b"<svg")


def test_texts_are_kept_by_language(acme, achievement, now):
    design = designing.create(acme, "Ours", "corporate", {"texts": {"de": {"for": "als"}}}, now=now, actor=None)
    version = designing.latest(design)
    assert appearances.design_and_appearance(achievement, version)[1].messages == {}
    assert appearances.design_and_appearance(achievement, version, language="de-AT")[1].messages == {"for": "als"}


def test_thumbnails_are_remembered_until_something_changes(acme, now):
    first = sampling.thumbnail(acme, "minimal", {}, language="en", now=now)
    assert sampling.thumbnail(acme, "minimal", {}, language="en", now=now) is not None
    key = sampling.thumbnail_key(acme, "minimal", {}, "en")
    acme.primary_colour = "#aa1122"
    assert sampling.thumbnail_key(acme, "minimal", {}, "en") != key
    assert first.startswith(b"\x89PNG")


def test_definition_profile_and_terms_fit_together(acme, achievement, now):
    made = Terms(issuer=appearances.profile(acme), achievement=appearances.definition(achievement), valid_from=now)
    document = made.achievement.to_document()
    assert document["id"] == f"https://badges.example.com/achievements/{achievement.uid}"
    assert document["image"] == {"id": f"{document['id']}/badge.png", "type": "Image"}
    assert made.issuer.id == "did:web:badges.example.com:issuers:acme"
    achievement.skills = [{"name": "Kaffee kochen", "url": ""}, {"name": "学ぶ"}]
    urls = [skill["targetUrl"] for skill in appearances.definition(achievement).to_document()["alignment"]]
    assert urls == [f"{document['id']}#kaffee-kochen", f"{document['id']}#skill"]


def test_looks_load_each_picture_once(acme, achievement, now, monkeypatch):
    picture = picturing.take_in(acme, logo("#00ff01"), now=now)
    design = designing.create(acme, "Ours", "corporate", {"logo": picture.pk}, now=now, actor=None)
    version = designing.latest(design)

    def gone(name):
        raise AssertionError(name)

    monkeypatch.setattr("laurea.actions.storing.get", gone)
    packaged, look = appearances.design_and_appearance(achievement, version)
    assert CertificateRenderer(packaged, look)
