"""One's own account, and the switches of language and appearance."""

from __future__ import annotations

import pytest
from django.test import Client

from laurea.records.models import Account

PARTS = ("/accounts/", "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/")


@pytest.mark.parametrize("page", [*PARTS, "/accounts/2fa/webauthn/"])
def test_every_part_is_for_whoever_is_signed_in(client: Client, dora: Account, page: str) -> None:
    assert client.get(page).headers["Location"].startswith("/accounts/login/?next=")
    client.force_login(dora)
    html = client.get(page).content.decode()
    assert html.count("<h1") == 1
    assert html.count('aria-current="page"') == 1
    assert all(f'href="{part}"' in html for part in PARTS)


def test_name_and_language_are_changed(client: Client, dora: Account) -> None:
    client.force_login(dora)
    client.post("/accounts/", {"name": " Dora   Maar ", "language": "de"})
    dora.refresh_from_db()
    assert (dora.name, dora.language) == ("Dora Maar", "de")
    assert '<html lang="de"' in client.get("/accounts/").content.decode()
    client.post("/accounts/", {"name": "Dora", "language": ""})
    assert '<html lang="en"' in client.get("/accounts/").content.decode()
    assert client.post("/accounts/", {"name": "", "language": "xx"}).status_code == 422


def test_somebody_without_an_organisation_is_told_so(client: Client, db: None) -> None:
    client.force_login(Account.objects.create_user("eve@example.com", "x", name="Eve"))
    assert "You are a member of none yet" in client.get("/accounts/").content.decode()
    page = client.get("/console/")
    assert page.status_code == 200
    assert "No organisation yet" in page.content.decode()


def test_the_start_of_the_console(client: Client, alice: Account, charlie: Account) -> None:
    assert client.get("/console/").headers["Location"] == "/accounts/login/?next=/console/"
    client.force_login(alice)
    assert client.get("/console/").headers["Location"] == "/console/acme/"


def test_a_stranger_chooses_the_language(client: Client, db: None) -> None:
    answer = client.post("/language", {"language": "de", "next": "/accounts/login/?next=/console/"})
    assert answer.headers["Location"] == "/accounts/login/?next=/console/"
    cookie = client.cookies["django_language"]
    assert (cookie.value, cookie["secure"], cookie["httponly"], cookie["samesite"]) == ("de", True, True, "Lax")
    assert '<html lang="de"' in client.get("/accounts/login/").content.decode()


def test_a_stranger_chooses_light_or_dark(client: Client, db: None) -> None:
    client.post("/scheme", {"scheme": "dark", "next": "/"})
    assert 'data-bs-theme="dark"' in client.get("/accounts/login/").content.decode()
    client.post("/scheme", {"scheme": "", "next": "/"})
    assert "data-bs-theme" not in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("switch", ["/language", "/scheme"])
def test_switches_take_nonsense_calmly(client: Client, switch: str) -> None:
    assert client.get(switch).status_code == 405
    for wanted in ("https://evil.example/", "//evil.example", "javascript:alert(1)", ""):
        answer = client.post(switch, {"language": "xx", "scheme": "pink", "next": wanted})
        assert answer.headers["Location"] == "/"
    assert not client.cookies.get("django_language")
