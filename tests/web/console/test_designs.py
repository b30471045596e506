"""The designs pages: who may do what, what they keep, what they refuse; previews are read back."""

from __future__ import annotations

import gzip
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader

from laurea.actions import designing, picturing, sampling, storing
from laurea.records.models import Design, DesignVersion, Picture
from laurea.rendering.design import ELEMENTS, design_names

HOME = "/console/acme/designs/"
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><path fill="#fe01dc" d="M0 0h4v1H0z"/></svg>'
HOSTILE = LOGO.replace(b"<path", b"<script>alert(1)</script><path")


def said(**changes):
    """What the editor posts."""
    return {
        "name": "Ours",
        "base": "corporate",
        "paper": "a4",
        "orientation": "landscape",
        "show": list(ELEMENTS),
        "holder": "usual",
        "language": "en",
    } | changes


def preview(client, **changes):
    """The SVG that the editor gets, and the errors."""
    answer = client.post(f"{HOME}preview/", said(**changes))
    assert answer.status_code == 200
    if answer.headers["Content-Type"] == "image/svg+xml":
        return answer.content, {}
    told = json.loads(answer.content)
    return told["picture"], told["errors"]


@pytest.fixture
def own(acme, alice, now):
    """A design in two versions."""
    design = designing.create(acme, "Ours", "modern", {"primary": "#aa1122"}, now=now, actor=alice)
    designing.save(design, "Ours", "minimal", {"orientation": "portrait"}, now=now, actor=alice)
    return design


LOOKING = (
    "",
    "packaged/classic.png",
    "{design}/",
    "{design}/versions/1/",
    "{design}/versions/1/picture.png",
    "{design}/versions/1/certificate.svg",
    "{design}/versions/1/sample.pdf",
)
CHANGING = ("new/", "{design}/edit/")
POSTING = ("preview/", "sample.pdf", "pictures/", "{design}/archive/", "{design}/restore/", "{design}/versions/1/back/")


@pytest.mark.parametrize("path", LOOKING)
def test_who_may_look(path, client, own, alice, bob, vera, charlie):
    address = HOME + path.format(design=own.pk)
    assert client.get(address).status_code == 302
    for account, status in ((alice, 200), (bob, 200), (vera, 200), (charlie, 404)):
        client.force_login(account)
        assert client.get(address).status_code == status, account
        assert client.post(address).status_code == (404 if account == charlie else 405)


@pytest.mark.parametrize("path", CHANGING)
def test_who_may_change(path, client, own, alice, bob, vera, charlie):
    address = HOME + path.format(design=own.pk)
    assert client.get(address).status_code == 302
    for account, status in ((alice, 200), (bob, 200), (vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.get(address).status_code == status, account
    for account, status in ((vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.post(address, said(name="Stolen")).status_code == status
    assert not Design.objects.filter(name="Stolen").exists()


@pytest.mark.parametrize("path", POSTING)
def test_who_may_act(path, client, own, vera, charlie, bob):
    address = HOME + path.format(design=own.pk)
    assert client.post(address, said()).status_code == 302
    for account, status in ((vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.post(address, said()).status_code == status
    client.force_login(bob)
    assert client.get(address).status_code == 405
    assert client.post(address, said()).status_code in (200, 302, 422)


def test_a_stranger_reaches_nothing_through_their_own_issuer(client, own, charlie):
    client.force_login(charlie)
    for path in (*LOOKING, *CHANGING):
        if "{design}" in path:
            assert client.get(f"/console/other/designs/{path.format(design=own.pk)}").status_code == 404
    for path in POSTING[3:]:
        assert client.post(f"/console/other/designs/{path.format(design=own.pk)}").status_code == 404


def test_viewers_see_no_buttons_that_fail(client, own, vera):
    client.force_login(vera)
    for path in ("", f"{own.pk}/", f"{own.pk}/versions/1/"):
        page = client.get(HOME + path).content.decode()
        assert "/edit/" not in page
        assert "new/" not in page
        assert 'method="post" action="/console/acme/designs' not in page


def test_gallery_shows_every_packaged_design_in_the_issuers_colours(client, acme, alice):
    client.force_login(alice)
    page = client.get(HOME).content.decode()
    pictures = {}
    for name in design_names():
        assert f"{HOME}packaged/{name}.png" in page
        pictures[name] = client.get(f"{HOME}packaged/{name}.png").content
    acme.primary_colour = "#fe01dc"
    acme.save()
    with Image.open(io.BytesIO(client.get(f"{HOME}packaged/modern.png").content)) as image:
        assert (0xFE, 0x01, 0xDC) in {colour for _, colour in image.convert("RGB").getcolors(1 << 24)}
    assert len(set(pictures.values())) == len(design_names())


def test_a_new_design(client, acme, alice):
    client.force_login(alice)
    answer = client.post(
        f"{HOME}new/",
        said(
            base="classic",
            orientation="portrait",
            primary="#AA1122",
            headline="Inter",
            show=["qr", "badge"],
            **{
                "texts-de-for": "als {achievement}",
                "signatories-1-name": "Johanna Weber",
                "signatories-1-role": "Leitung",
                "signatories-1-picture-file": SimpleUploadedFile("s.svg", LOGO),
                "logo-file": SimpleUploadedFile("l.svg", LOGO),
            },
        ),
    )
    design = Design.objects.get()
    assert answer.headers["Location"] == f"{HOME}{design.pk}/"
    version = designing.latest(design)
    picture = Picture.objects.get()
    assert (version.number, version.base, version.created_by) == (1, "classic", alice)
    assert version.adjustments == {
        "orientation": "portrait",
        "primary": "#AA1122",
        "show": ["badge", "qr"],
        "texts": {"de": {"for": "als {achievement}"}},
        "typefaces": {"headline": "Inter"},
        "signatories": [{"name": "Johanna Weber", "role": "Leitung", "picture": picture.pk}],
        "logo": picture.pk,
        "brand": {"primary": "#1f5c46", "secondary": "", "logo": None},
    }
    page = client.get(f"{HOME}{design.pk}/edit/").content.decode()
    for kept in ("#AA1122", "als {achievement}", "Johanna Weber", f'value="{picture.pk}"'):
        assert kept in page


def test_saving_makes_the_next_version_and_leaves_what_was_issued(client, own, achievement, alice, now):
    client.force_login(alice)
    first = own.versions.get(number=1)
    before = sampling.of_achievement(achievement, first, now=now).pdf(now)
    client.post(f"{HOME}{own.pk}/edit/", said(name="Ours anew", base="classic"))
    assert list(own.versions.order_by("number").values_list("number", "base")) == [
        (1, "modern"),
        (2, "minimal"),
        (3, "classic"),
    ]
    assert Design.objects.get(pk=own.pk).name == "Ours anew"
    assert sampling.of_achievement(achievement, DesignVersion.objects.get(pk=first.pk), now=now).pdf(now) == before
    page = client.get(f"{HOME}{own.pk}/").content.decode()
    assert page.index("Version 3") < page.index("Version 2") < page.index("Version 1")
    assert "Alice" in page


def test_saving_nothing_new_says_so(client, own, alice):
    client.force_login(alice)
    answer = client.post(f"{HOME}{own.pk}/edit/", said(base="minimal", orientation="portrait"), follow=True)
    assert "still version 2" in answer.content.decode()
    assert own.versions.count() == 2


def test_going_back(client, own, bob):
    client.force_login(bob)
    client.post(f"{HOME}{own.pk}/versions/1/back/")
    newest = designing.latest(own)
    assert (newest.number, newest.base, newest.adjustments["primary"], newest.created_by) == (
        3,
        "modern",
        "#aa1122",
        bob,
    )


def test_archive_and_restore(client, own, achievement, alice):
    client.force_login(alice)
    answer = client.post(f"{HOME}{achievement.design_id}/archive/", follow=True)
    assert "An achievement is issued in this design" in answer.content.decode()
    client.post(f"{HOME}{own.pk}/archive/")
    assert Design.objects.get(pk=own.pk).archived
    client.get(HOME)  # says what was done
    assert "Ours" not in client.get(HOME).content.decode()
    assert "Ours" in client.get(f"{HOME}?show=archived").content.decode()
    client.post(f"{HOME}{own.pk}/restore/")
    assert Design.objects.get(pk=own.pk).archived is None


@pytest.mark.parametrize(
    "change",
    [
        {"base": "modern"},
        {"orientation": "portrait"},
        {"paper": "us-letter"},
        {"primary": "#fe01dc"},
        {"secondary": "#fe01dc", "base": "classic"},
        {"headline": "EB Garamond"},
        {"text": "EB Garamond"},
        {"show": ["qr"]},
        {"texts-en-awarded_to": "presented to"},
        {"signatories-0-name": "Johanna Weber"},
        {"holder": "short"},
        {"holder": "arabic"},
        {"language": "de"},
    ],
)
def test_every_change_shows_in_the_preview(change, client, acme, alice):
    client.force_login(alice)
    plain, errors = preview(client, **{"base": change["base"]} if change.get("base") == "classic" else {})
    changed, errors_then = preview(client, **change)
    assert errors == errors_then == {}
    assert plain.startswith(b"<svg")
    assert changed.startswith(b"<svg")
    assert plain != changed
    assert not Design.objects.exists()


def test_preview_shows_an_uploaded_logo_and_takes_it_away(client, acme, alice):
    client.force_login(alice)
    told = client.post(f"{HOME}pictures/", {"file": SimpleUploadedFile("logo.svg", LOGO)}).json()
    assert storing.opened(told["url"].removeprefix(storing.FILES)).name == Picture.objects.get().name
    assert b"#fe01dc" in b"".join(storing.get(picture.name) for picture in Picture.objects.all())
    plain, _ = preview(client)
    with_logo, errors = preview(client, logo=told["picture"])
    assert errors == {}
    assert with_logo != plain
    assert preview(client, logo=told["picture"], **{"logo-remove": "on"})[0] == plain


def test_preview_is_compressed_for_browsers_and_never_kept(client, acme, alice):
    client.force_login(alice)
    plain, _ = preview(client)
    answer = client.post(f"{HOME}preview/", said(), headers={"accept-encoding": "gzip, br"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert gzip.decompress(answer.content) == plain
    assert len(answer.content) < len(plain) / 2


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"primary": "red"}, "primary", "“red” is no colour"),
        ({"texts-de-for": "für {kurs}"}, "texts-de-for", "“{kurs}” stands for nothing here. Possible: {holder}"),
        ({"texts-en-issued": "{"}, "texts-en-issued", "stands for nothing"),
        ({"texts-en-kind": "🎉"}, "texts-en-kind", "U+1F389"),
        ({"signatories-2-role": "CEO"}, "signatories-2-name", "who signs"),
        ({"signatories-1-name": "☃\U0001f600"}, "signatories-1-name", "No packaged font"),
        ({"name": ""}, "name", "required"),
        ({"name": "x" * 200}, "name", "120"),
        ({"paper": "a5"}, "paper", "a5"),
        ({"base": "fancy"}, "base", "fancy"),
        ({"headline": "Comic Sans"}, "headline", "Comic"),
        ({"show": ["clown"]}, "show", "clown"),
        ({"logo": "999"}, "logo", "valid choice"),
    ],
)
def test_mistakes_are_told_beside_the_field_and_the_rest_is_drawn(change, field, words, client, acme, alice):
    client.force_login(alice)
    picture, errors = preview(client, **change)
    assert list(errors) == [field]
    assert words in " ".join(errors[field])
    assert picture.startswith("data:image/svg+xml;base64,")
    answer = client.post(f"{HOME}new/", said(**change))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "field-errors" in page or field == "logo"
    for value in change.values():
        if isinstance(value, str) and value and field not in ("paper", "base", "headline", "logo"):
            assert value in page
    assert not Design.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("evil.svg", HOSTILE, "script"),
        ("list.png", b"name,email\n", "no SVG, PNG or JPEG"),
        ("big.png", bytes(picturing.MAX_BYTES + 1), "a picture may have 4"),
        ("empty.png", b"", "empty"),
    ],
)
def test_what_is_no_picture_is_told_beside_the_field(name, data, words, client, acme, alice):
    client.force_login(alice)
    answer = client.post(f"{HOME}pictures/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    assert words in answer.json()["error"]
    answer = client.post(f"{HOME}new/", said(name="Mine", **{"logo-file": SimpleUploadedFile(name, data)}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'value="Mine"' in page
    assert not Picture.objects.exists()


def test_upload_without_a_file(client, acme, alice):
    client.force_login(alice)
    assert client.post(f"{HOME}pictures/").status_code == 422


def test_a_picture_of_somebody_else_cannot_be_chosen(client, acme, other, alice, now):
    theirs = picturing.take_in(other, LOGO, now=now)
    client.force_login(alice)
    assert list(preview(client, logo=str(theirs.pk))[1]) == ["logo"]


def test_without_programs_the_button_shows_the_preview(client, acme, alice):
    client.force_login(alice)
    answer = client.post(f"{HOME}new/", said(**{"show-preview": "1", "primary": "#fe01dc"}))
    assert answer.status_code == 200
    assert 'src="data:image/svg+xml;base64,' in answer.content.decode()
    assert not Design.objects.exists()


def test_sample_as_pdf_is_what_the_form_says(client, own, alice):
    client.force_login(alice)
    answer = client.post(f"{HOME}sample.pdf", said(holder="long", **{"texts-en-awarded_to": "Presented to"}))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sample.pdf"'
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert "Presented to" in text
    assert "Villaverde" in text
    stored = client.get(f"{HOME}{own.pk}/versions/1/sample.pdf?holder=short&language=de").content
    text = PdfReader(io.BytesIO(stored)).pages[0].extract_text()
    assert "Al" in text.split()
    assert "Ausgestellt" in text


def test_a_few_queries_are_enough_for_a_preview(client, own, alice, django_assert_max_num_queries):
    client.force_login(alice)
    with django_assert_max_num_queries(6):
        preview(client)
    with django_assert_max_num_queries(16):
        client.get(HOME)


def test_what_is_wrong_is_not_folded_away(client, acme, alice):
    client.force_login(alice)
    page = client.post(f"{HOME}new/", said(**{"texts-de-for": "{"})).content.decode()
    assert page.index("<details") < page.index('name="texts-de-for"')
    words = page[page.index("Words") - 120 : page.index('name="texts-de-for"')]
    assert '<details class="fold" open>' in words
    assert words.count('<details class="line" open>') == 2


def test_the_documentation_names_every_text_and_what_it_may_say(root):
    told = (root / "docs/how-to/certificates-in-your-style.md").read_text("utf-8")
    for key, placeholders in designing.PLACEHOLDERS.items():
        assert f"`{key}`" in told
        for placeholder in placeholders:
            assert f"`{{{placeholder}}}`" in told
