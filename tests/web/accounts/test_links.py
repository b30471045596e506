"""The pages behind links: setting up, joining, founding a further organisation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from laurea.actions import inviting
from laurea.records.models import Account, Invitation, Issuer, Member, Role

PASSWORD = "a quiet long sentence"
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10" fill="#1f5c46"/></svg>'
)


def organisation(**changed: Any) -> dict[str, Any]:
    said = {"name": "Acme GmbH", "slug": "acme", "language": "de", "time_zone": "Europe/Berlin"}
    return {**said, "primary_colour": "#8A1F2D"} | changed


def first(**changed: Any) -> dict[str, Any]:
    return organisation(owner_name="Ada", owner_email="ada@example.com", password=PASSWORD) | changed


@pytest.fixture
def link(db: None) -> str:
    made = inviting.set_up_link(now=timezone.now())
    assert made is not None
    return made.removeprefix("https://badges.example.com")


# --- Setting up -------------------------------------------------------------------------------------------------------


def test_the_set_up_link_leads_to_the_console_signed_in(client: Client, link: str) -> None:
    page = client.get(link)
    assert "Set up Laurea" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    answer = client.post(link, first(logo=SimpleUploadedFile("logo.svg", LOGO)))
    assert answer.headers["Location"] == "/console/acme/"
    assert client.get("/console/acme/").status_code == 200
    issuer = Issuer.objects.get()
    assert (issuer.name, issuer.primary_colour, issuer.time_zone) == ("Acme GmbH", "#8a1f2d", "Europe/Berlin")
    assert issuer.logo is not None
    assert issuer.designs.count() == 4
    assert Member.objects.get().role == Role.OWNER


def test_the_link_used_twice_makes_nothing(client: Client, link: str) -> None:
    client.post(link, first())
    for method in (client.get, client.post):
        answer = method(link, first(owner_email="eve@example.com", slug="evil"))
        assert answer.status_code == 410
        assert "Dieser Link wurde schon benutzt" in answer.content.decode()
    assert (Account.objects.count(), Issuer.objects.count()) == (1, 1)


def test_the_link_expired_makes_nothing(client: Client, link: str) -> None:
    Invitation.objects.update(expires=timezone.now() - timedelta(seconds=1))
    answer = client.post(link, first())
    assert answer.status_code == 410
    assert "expired" in answer.content.decode()
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_a_link_that_never_was(client: Client) -> None:
    for path in ("/set-up/nonsense", "/invitations/nonsense"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"password": "short"}, "password", "too short"),
        ({"password": "password123456"}, "password", "too common"),
        ({"password": "abcabcabcabcabc"}, "password", "too simple"),
        ({"password": "ada@example.com"}, "password", "too similar"),
        ({"slug": "Not A Slug"}, "slug", "Use a to z"),
        ({"primary_colour": "red"}, "primary_colour", "#rrggbb"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Mars/Olympus"),
        ({"name": ""}, "name", "required"),
        ({"logo": SimpleUploadedFile("logo.png", b"no picture")}, "logo", ""),
    ],
)
def test_mistakes_are_said_at_their_field_and_the_link_still_works(
    client: Client, link: str, changed: dict[str, Any], field: str, said: str
) -> None:
    answer = client.post(link, first(**changed))
    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors[field])
    assert not Account.objects.exists()
    assert client.post(link, first()).status_code == 302


# --- Invitations ------------------------------------------------------------------------------------------------------


@pytest.fixture
def invited(acme: Issuer, alice: Account) -> str:
    sent = inviting.invite(acme, "eve@example.com", Role.ISSUER, now=timezone.now(), actor=alice)
    return sent.link.removeprefix("https://badges.example.com")


def test_somebody_new_chooses_a_name_and_a_password(client: Client, invited: str) -> None:
    page = client.get(invited).content.decode()
    assert "Join Acme GmbH" in page
    assert "Alice has invited you" in page
    assert client.post(invited, {"name": "Eve", "password": "short"}).status_code == 422
    assert client.post(invited, {"name": "Eve", "password": PASSWORD}).headers["Location"] == "/console/acme/"
    assert client.get("/console/acme/").status_code == 200
    assert Member.objects.get(account__email="eve@example.com").role == Role.ISSUER
    assert client.get(invited).status_code == 410


def test_somebody_with_an_account_signs_in_and_accepts(client: Client, invited: str, charlie: Account) -> None:
    Account.objects.filter(pk=charlie.pk).update(email="eve@example.com")
    page = client.get(invited).content.decode()
    assert f"/accounts/login/?next={invited}" in page
    assert 'name="password"' not in page
    client.force_login(charlie)
    assert "You are signed in as Charlie" in client.get(invited).content.decode()
    assert client.post(invited).headers["Location"] == "/console/acme/"
    assert client.get("/console/").status_code == 200  # now there are two to choose from
    assert charlie.memberships.count() == 2


def test_looking_at_an_invitation_accepts_nothing(client: Client, invited: str, charlie: Account) -> None:
    client.force_login(charlie)
    client.get(invited)
    assert not Member.objects.filter(account=charlie, issuer__slug="acme").exists()


# --- Founding ---------------------------------------------------------------------------------------------------------


def test_whoever_set_up_founds_a_further_organisation(client: Client, link: str) -> None:
    client.post(link, first())
    assert 'href="/accounts/found"' in client.get("/accounts/").content.decode()
    assert client.post("/accounts/found", organisation(name="Again")).status_code == 422  # the short name is taken
    answer = client.post("/accounts/found", organisation(name="Lindenhof", slug="lindenhof"))
    assert answer.headers["Location"] == "/console/lindenhof/"
    assert client.get("/console/").content.decode().count('class="card" href="/console/') == 2


def test_others_found_nothing(client: Client, alice: Account) -> None:
    assert client.get("/accounts/found").headers["Location"].startswith("/accounts/login/")
    client.force_login(alice)
    assert "/accounts/found" not in client.get("/accounts/").content.decode()
    assert client.get("/accounts/found").status_code == 404
    assert client.post("/accounts/found", organisation(slug="evil")).status_code == 404
    assert not Issuer.objects.filter(slug="evil").exists()
