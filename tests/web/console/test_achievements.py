"""The achievements pages: who may do what, what they keep, what they refuse; badges and certificates are read back."""

from __future__ import annotations

import base64
import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from laurea.actions import appearances, defining, picturing, storing
from laurea.records.models import Achievement, Picture

HOME = "/console/acme/achievements/"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="#fe01dc" d="M0 0h9v9H0z"/></svg>'
SKILLS = {"skill-TOTAL_FORMS": "2", "skill-INITIAL_FORMS": "0"}


@pytest.fixture
def said(design):
    """What the editor posts."""
    return {
        "name": "First Aid at Work",
        "description": "Can help until the ambulance comes.",
        "criteria": "Attended both days.",
        "level": "1",
        "kind": "Course",
        "language": "en",
        "design": str(design.pk),
        "badge_source": "drawn",
        "badge_shape": "circle",
        "badge_symbol": "icon",
        "badge_icon": "first-aid",
        **SKILLS,
    }


def preview(client, said):
    """The badge that the editor gets, and the errors."""
    answer = client.post(f"{HOME}preview/", said)
    assert answer.status_code == 200
    if answer.headers["Content-Type"] == "image/svg+xml":
        return answer.content, {}
    told = json.loads(answer.content)
    return base64.b64decode(told["picture"].partition(",")[2]), told["errors"]


LOOKING = ("", "{pk}/", "{pk}/badge.svg", "{pk}/certificate.svg")
CHANGING = ("new/", "{pk}/edit/")
POSTING = ("preview/", "{pk}/archive/", "{pk}/restore/")


@pytest.mark.parametrize("path", LOOKING)
def test_who_may_look(path, client, achievement, alice, bob, vera, charlie):
    address = HOME + path.format(pk=achievement.pk)
    assert client.get(address).status_code == 302
    for account, status in ((alice, 200), (bob, 200), (vera, 200), (charlie, 404)):
        client.force_login(account)
        assert client.get(address).status_code == status, account


@pytest.mark.parametrize("path", CHANGING)
def test_who_may_change(path, client, achievement, said, alice, bob, vera, charlie):
    address = HOME + path.format(pk=achievement.pk)
    assert client.get(address).status_code == 302
    for account, status in ((alice, 200), (bob, 200), (vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.get(address).status_code == status, account
    for account, status in ((vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.post(address, said).status_code == status
    assert Achievement.objects.get().name == achievement.name


@pytest.mark.parametrize("path", POSTING)
def test_who_may_act(path, client, achievement, said, bob, vera, charlie):
    address = HOME + path.format(pk=achievement.pk)
    assert client.post(address, said).status_code == 302
    for account, status in ((vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.post(address, said).status_code == status
    assert Achievement.objects.get().archived is None
    client.force_login(bob)
    assert client.get(address).status_code == 405
    assert client.post(address, said).status_code in (200, 302)


def test_a_stranger_reaches_nothing_through_their_own_issuer(client, achievement, said, charlie):
    client.force_login(charlie)
    for path in (*LOOKING[1:], CHANGING[1]):
        assert client.get(f"/console/other/achievements/{path.format(pk=achievement.pk)}").status_code == 404
    for path in (CHANGING[1], *POSTING[1:]):
        assert client.post(f"/console/other/achievements/{path.format(pk=achievement.pk)}", said).status_code == 404
    answer = client.post("/console/other/achievements/new/", said)
    assert answer.status_code == 422  # the design is not theirs
    assert Achievement.objects.count() == 1


def test_viewers_see_no_buttons_that_fail(client, achievement, vera):
    client.force_login(vera)
    for path in ("", f"{achievement.pk}/"):
        page = client.get(HOME + path).content.decode()
        assert "/edit/" not in page
        assert "achievements/new/" not in page
        assert "batches/new/" not in page
        assert "/archive/" not in page


def test_an_empty_list_teaches(client, acme, alice, vera):
    client.force_login(alice)
    assert "Make the first achievement" in client.get(HOME).content.decode()
    client.force_login(vera)
    assert "Make the first achievement" not in client.get(HOME).content.decode()


def test_list_searches_and_filters(client, acme, achievement, said, design, alice, now):
    whole = {key: value for key, value in said.items() if key in defining.FIELDS} | {"design": design, "level": 3}
    defining.define(acme, whole | {"name": "Übersicht behalten", "tags": ["Führung"]}, now=now, actor=alice)
    defining.archive(defining.define(acme, whole | {"name": "Old"}, now=now, actor=alice), now=now, actor=alice)
    client.force_login(alice)

    def names(query=""):
        return re.findall(r'<span class="name">([^<]+)</span>', client.get(HOME + query).content.decode())

    assert names() == ["Safe Handling of Personal Data", "Übersicht behalten"]
    assert names("?q=uebersicht") == ["Übersicht behalten"]
    assert names("?q=fuhrung") == ["Übersicht behalten"]
    assert names("?q=nothing") == []
    assert names("?show=archived") == ["Old"]
    assert "3 · Expert" in client.get(HOME).content.decode()


def test_a_new_achievement(client, acme, said, alice, design):
    client.force_login(alice)
    answer = client.post(
        f"{HOME}new/",
        said
        | {
            "level": "3",
            "validity": "2 years",
            "tags": "GDPR, privacy ,",
            "include": ["hours"],
            "credits": "1.5",
            "badge_title": "First aid",
            "badge_primary": "#aa1122",
            "badge_monogram": "left over",
            "skill-0-name": "Giving first aid",
            "skill-0-framework": "ESCO",
            "skill-0-url": "http://data.europa.eu/esco/skill/1",
            "skill-1-name": "",
        },
    )
    made = Achievement.objects.get()
    assert answer.headers["Location"] == f"{HOME}{made.pk}/"
    assert (made.issuer, made.level, made.kind, made.validity, made.credits) == (acme, 3, "Course", "2 years", 1.5)
    assert (made.tags, made.include, made.design) == (["GDPR", "privacy"], ["hours"], design)
    assert made.badge == {"shape": "circle", "icon": "first-aid", "title": "First aid", "primary": "#aa1122"}
    assert made.skills == [
        {"name": "Giving first aid", "framework": "ESCO", "url": "http://data.europa.eu/esco/skill/1"}
    ]
    page = client.get(f"{HOME}{made.pk}/").content.decode()
    assert f"/console/acme/batches/new/?achievement={made.pk}" in page
    for shown in ("Can help until", "Attended both days", "Giving first aid", "2 years", "Hours"):
        assert shown in page


def test_changing_keeps_what_the_form_does_not_ask(client, achievement, said, alice):
    achievement.skills = [{"name": "Data protection", "url": "http://x.example/1", "code": "K1"}]
    achievement.save()
    client.force_login(alice)
    page = client.get(f"{HOME}{achievement.pk}/edit/").content.decode()
    assert "Data protection" in page
    changed = said | {"name": "New name", "skill-0-name": "Privacy", "skill-0-url": "http://x.example/1"}
    changed |= {"skill-INITIAL_FORMS": "1"}
    assert client.post(f"{HOME}{achievement.pk}/edit/", changed).status_code == 302
    kept = Achievement.objects.get()
    assert (kept.name, kept.uid) == ("New name", achievement.uid)
    assert kept.skills == [{"code": "K1", "name": "Privacy", "url": "http://x.example/1"}]


def test_archive_and_restore(client, achievement, alice):
    client.force_login(alice)
    page = client.get(f"{HOME}{achievement.pk}/").content.decode()
    assert "stay valid" in page
    client.post(f"{HOME}{achievement.pk}/archive/")
    assert Achievement.objects.get().archived
    page = client.get(f"{HOME}{achievement.pk}/").content.decode()
    assert "batches/new/" not in page
    assert "Use again" in page
    client.post(f"{HOME}{achievement.pk}/restore/")
    assert Achievement.objects.get().archived is None


@pytest.mark.parametrize(
    "change",
    [
        {"level": "2"},
        {"badge_shape": "rosette"},
        {"badge_icon": "flame"},
        {"badge_symbol": "monogram", "badge_monogram": "Py"},
        {"badge_primary": "#fe01dc"},
        {"badge_title": "First aid"},
        {"badge_title": "First aid", "badge_issuer": "Acme"},
    ],
)
def test_every_choice_shows_in_the_badge(change, client, said, alice):
    client.force_login(alice)
    plain, errors = preview(client, said)
    changed, errors_then = preview(client, said | change)
    assert errors == errors_then == {}
    assert plain.startswith(b"<svg")
    assert changed != plain
    assert not Achievement.objects.exists()


def test_half_a_form_already_shows_its_badge(client, acme, alice):
    client.force_login(alice)
    drawn, errors = preview(client, {"badge_source": "drawn", "badge_shape": "shield", **SKILLS})
    assert drawn.startswith(b"<svg")
    assert {"name", "description", "criteria"} <= set(errors)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"name": ""}, "name", "required"),
        ({"name": "x" * 201}, "name", "200"),
        ({"name": "Party 🎉"}, "name", "U+1F389"),
        ({"criteria": ""}, "criteria", "Say what must be done"),
        ({"criteria_url": "example"}, "criteria_url", "no address"),
        ({"validity": "soon"}, "validity", "24 months"),
        ({"credits": "many"}, "credits", "number"),
        ({"badge_primary": "none"}, "badge_primary", "“none” is no colour"),
        ({"badge_secondary": "#12"}, "badge_secondary", "“#12” is no colour"),
        ({"badge_symbol": "monogram", "badge_monogram": "Python"}, "badge_monogram", "Give 1 to 3"),
        ({"badge_title": "x" * 41}, "badge_title", "at most 40"),
        ({"badge_title": "🎉"}, "badge_title", "no packaged font"),
        ({"skill-1-url": "http://x.example"}, "skill-1-name", "skill is called"),
        ({"skill-0-name": "A", "skill-0-url": "esco"}, "skill-0-url", "no address"),
        ({"badge_source": "own"}, "badge_picture-file", "Choose a picture"),
        ({"design": "999"}, "design", "valid choice"),
    ],
)
def test_mistakes_are_told_beside_the_field(change, field, words, client, said, alice):
    client.force_login(alice)
    _, errors = preview(client, said | change)
    assert list(errors) == [field]
    assert words in " ".join(errors[field])
    answer = client.post(f"{HOME}new/", said | change)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count('class="field-errors"') == 2  # one of them waits in a template
    for value in change.values():
        if len(value) > 3 and field != "badge_picture-file":
            assert value in page
    assert not Achievement.objects.exists()


def test_an_own_picture_as_badge(client, said, alice):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Spy Camera"
    Image.new("RGB", (90, 60), "#886644").save(out, "JPEG", exif=exif)
    client.force_login(alice)
    client.post(
        f"{HOME}new/",
        said
        | {
            "badge_source": "own",
            "badge_alt": "A brown field",
            "badge_picture-file": SimpleUploadedFile("b.jpg", out.getvalue()),
        },
    )
    made = Achievement.objects.get()
    assert (made.badge, made.badge_picture.alt) == ({}, "A brown field")
    assert b"Spy" not in storing.get(made.badge_picture.name)
    assert b"<image" in client.get(f"{HOME}{made.pk}/badge.svg").content
    edited = said | {"badge_source": "own", "badge_alt": "Brown", "badge_picture": str(made.badge_picture_id)}
    client.post(f"{HOME}{made.pk}/edit/", edited)
    changed = Achievement.objects.get()
    assert (changed.badge_picture.alt, changed.badge_picture.sha256) == ("Brown", made.badge_picture.sha256)
    client.post(f"{HOME}{made.pk}/edit/", edited | {"badge_source": "drawn"})
    assert Achievement.objects.get().badge_picture is None


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("evil.svg", SVG.replace(b"<path", b"<script/><path"), "script"),
        ("list.png", b"name,email\n", "no SVG, PNG or JPEG"),
        ("big.png", bytes(picturing.MAX_BYTES + 1), "a picture may have 4"),
    ],
)
def test_what_is_no_picture_is_told_beside_the_field(name, data, words, client, said, alice):
    client.force_login(alice)
    posted = said | {"badge_source": "own", "badge_picture-file": SimpleUploadedFile(name, data)}
    answer = client.post(f"{HOME}new/", posted)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'value="First Aid at Work"' in page
    assert not Picture.objects.exists()


def test_without_programs_the_button_shows_the_badge(client, said, alice):
    client.force_login(alice)
    answer = client.post(f"{HOME}new/", said | {"show-preview": "1", "badge_primary": "#fe01dc"})
    assert answer.status_code == 200
    shown = re.search(r'data-preview-picture src="data:image/svg\+xml;base64,([^"]+)"', answer.content.decode())
    assert base64.b64decode(shown[1]) == preview(client, said | {"badge_primary": "#fe01dc"})[0]
    assert not Achievement.objects.exists()


def test_badge_and_certificate_are_drawn(client, achievement, alice):
    client.force_login(alice)
    drawn = client.get(f"{HOME}{achievement.pk}/badge.svg")
    assert drawn.content == appearances.badge(achievement).svg
    certificate = client.get(f"{HOME}{achievement.pk}/certificate.svg").content
    assert certificate.startswith(b"<svg")
    achievement.name = "Another name"
    achievement.save()
    assert client.get(f"{HOME}{achievement.pk}/certificate.svg").content != certificate


def test_editing_says_that_what_was_issued_stays(client, achievement, alice, acme, monkeypatch):
    client.force_login(alice)
    assert "stay as they were signed" not in client.get(f"{HOME}{achievement.pk}/edit/").content.decode()


def test_archived_designs_are_offered_to_who_has_one(client, achievement, alice):
    design = achievement.design
    design.archived = timezone.now()
    design.save()
    client.force_login(alice)
    assert "There is no design yet" in client.get(f"{HOME}new/").content.decode()
    assert f'<option value="{design.pk}"' in client.get(f"{HOME}{achievement.pk}/edit/").content.decode()


def test_few_queries_for_a_list(client, acme, said, design, alice, now, django_assert_max_num_queries):
    whole = {key: value for key, value in said.items() if key in defining.FIELDS} | {"design": design, "level": 1}
    for number in range(30):
        defining.define(acme, whole | {"name": f"Number {number}"}, now=now, actor=alice)
    client.force_login(alice)
    with django_assert_max_num_queries(12):
        assert client.get(HOME).status_code == 200
