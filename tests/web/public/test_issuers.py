"""What an issuer shows to everybody, to people and to software."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from laurea.actions import appearances, issuer_keys, picturing, showing
from laurea.credentials import vocabulary
from laurea.records.models import Account, Achievement, Credential, Issuer, Person, StatusList
from laurea.rendering.palette import ENOUGH, contrast

from .conftest import EMAIL, NUMBER


def test_the_page(client: Client, credential: Credential, alice: Account, other: Issuer) -> None:
    html = client.get("/issuers/acme").content.decode()
    assert "Acme GmbH" in html
    assert "Safe Handling of Personal Data" in html
    assert "1 credential<" in html
    assert "did:web:badges.example.com:issuers:acme" in html
    assert "badges.example.com/c/" in html
    for secret in (EMAIL, NUMBER, "Ada", alice.email, "Alice"):
        assert secret not in html
    assert client.get("/issuers/nobody").status_code == 404
    assert client.post("/issuers/acme").status_code == 405


def test_archived_achievements_are_not_offered(client: Client, achievement: Achievement) -> None:
    Achievement.objects.update(archived=timezone.now())
    assert b"Safe Handling" not in client.get("/issuers/acme").content
    assert b"no longer issued" in client.get(f"/achievements/{achievement.uid}").content


def test_many_achievements_cost_no_more_queries(
    client: Client, achievement: Achievement, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        Achievement.objects.create(
            issuer=achievement.issuer, design=achievement.design, name=f"No. {number}", description="x"
        )
    with django_assert_max_num_queries(4):
        assert client.get("/issuers/acme").status_code == 200


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("application/did+json", "application/did+json"),
        ("application/json", "application/json"),
        ("*/*", "application/did+json"),
        ("text/html", "application/did+json"),
    ],
)
def test_keys(client: Client, acme: Issuer, accept: str, answered: str) -> None:
    issuer_keys.create(acme, now=timezone.now(), actor=None)
    response = client.get("/issuers/acme/did.json", headers={"accept": accept})
    assert json.loads(response.content) == issuer_keys.did_document(acme)
    assert len(json.loads(response.content)["assertionMethod"]) == 2
    assert response["Content-Type"] == answered
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, max-age=60"
    again = client.get("/issuers/acme/did.json", headers={"accept": accept, "if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_status_lists(client: Client, credential: Credential, other: Issuer) -> None:
    listed = StatusList.objects.get()
    address = json.loads(credential.text)["credentialStatus"]["statusListCredential"]
    path = address.removeprefix("https://badges.example.com")
    response = client.get(path)
    assert response.content == listed.text.encode()
    assert response["Content-Type"] == "application/vc+ld+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["ETag"]
    assert client.get(path.replace("acme", "other")).status_code == 404
    assert client.get("/issuers/acme/status/none").status_code == 404


def test_colours(client: Client, acme: Issuer) -> None:
    version = showing.brand_version(acme)
    response = client.get(f"/issuers/acme/brand.css?v={version}")
    assert response["Content-Type"].startswith("text/css")
    assert "immutable" in response["Cache-Control"]
    assert "immutable" not in client.get("/issuers/acme/brand.css")["Cache-Control"]
    assert "--brand:#1f5c46" in response.content.decode()


@pytest.mark.parametrize(
    "primary", ["#1f5c46", "#ffee00", "#ffffff", "#000000", "#808080", "#e3000f", "#00a3e0", "#7a3ff2", "#fc0"]
)
def test_every_colour_reads_in_light_and_in_dark(primary: str) -> None:
    pairs = dict(
        re.findall(
            r"(--[a-z-]+):light-dark\((#[0-9a-f]{6},#[0-9a-f]{6})\)", showing.brand_css(primary).replace(", ", ",")
        )
    )
    shades = {name: pair.split(",") for name, pair in pairs.items()}
    for scheme, grounds in enumerate((("#ffffff", "#eef2ef"), ("#16211c", "#2c3832"))):
        for ground in grounds:
            assert contrast(shades["--laurel"][scheme], ground) >= ENOUGH
        assert contrast(shades["--laurel-fg"][scheme], shades["--laurel"][scheme]) >= ENOUGH
        assert contrast(shades["--laurel-fg"][scheme], shades["--laurel-strong"][scheme]) >= ENOUGH
        assert contrast(shades["--laurel-strong"][scheme], shades["--laurel-tint"][scheme]) >= ENOUGH


def test_logo(client: Client, acme: Issuer) -> None:
    assert client.get("/issuers/acme/logo").status_code == 404
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>'
    acme.logo = picturing.take_in(acme, svg, "Acme", now=timezone.now())
    acme.save()
    response = client.get("/issuers/acme/logo")
    assert response["Content-Type"] == "image/svg+xml"
    assert "sandbox" in response["Content-Security-Policy"]
    assert f"/issuers/acme/logo?v={acme.logo.sha256[:12]}" in client.get("/issuers/acme").content.decode()


def test_an_achievement(client: Client, achievement: Achievement, ada: Person) -> None:
    path = f"/achievements/{achievement.uid}"
    page = client.get(path, headers={"accept": "text/html"})
    assert b"Safe Handling of Personal Data" in page.content
    assert b"Shield-shaped badge" in page.content
    document = client.get(path, headers={"accept": "application/ld+json"})
    assert document["Content-Type"] == "application/ld+json"
    assert document["Access-Control-Allow-Origin"] == "*"
    stated = json.loads(document.content)
    assert stated.pop("@context") == list(vocabulary.CONTEXTS)
    assert stated == appearances.definition(achievement).to_document()
    assert stated["id"] == f"https://badges.example.com{path}"
    assert json.loads(client.get(f"{path}/achievement.json").content)["name"] == achievement.name
    assert client.get("/achievements/00000000-0000-4000-8000-000000000000").status_code == 404


def test_badges(client: Client, achievement: Achievement) -> None:
    png = client.get(f"/achievements/{achievement.uid}/badge.png")
    assert png.content.startswith(b"\x89PNG")
    svg = client.get(f"/achievements/{achievement.uid}/badge.svg?v={showing.badge_version(achievement)}")
    assert svg.content.startswith(b"<svg")
    assert "immutable" in svg["Cache-Control"]
    assert client.get(f"/achievements/{achievement.uid}/badge.gif").status_code == 404


def test_robots(client: Client) -> None:
    said = client.get("/robots.txt").content.decode()
    assert "Disallow: /console/" in said
    assert "Disallow: /c/" not in said
