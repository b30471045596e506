"""What is taken along is what was signed, and private files leave by good links only."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone
from PIL import Image

from laurea.actions import handing_out, judging, own_records, restating, stolen_keys, storing
from laurea.actions.storing import Handout
from laurea.credentials import baking, jwt
from laurea.credentials.baking import Kind
from laurea.credentials.errors import IssuingError
from laurea.credentials.verification import Verdict, verify
from laurea.records.models import Artifact, Credential
from laurea.rendering.qr_reading import read_qr


def body(response: HttpResponseBase) -> bytes:
    assert response.status_code == 200
    return b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined, call-overload]


def test_json_is_the_record(client: Client, credential: Credential) -> None:
    response = client.get(f"/c/{credential.code}/credential.json")
    assert body(response) == credential.text.encode()
    assert response["Content-Type"] == "application/vc+ld+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Content-Disposition"] == f'attachment; filename="{credential.code}.json"'
    again = client.get(f"/c/{credential.code}/credential.json", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    asked_before = client.options(f"/c/{credential.code}/credential.json")
    assert asked_before.status_code == 204
    assert "GET" in asked_before["Access-Control-Allow-Methods"]


def test_pdf(client: Client, credential: Credential) -> None:
    redirect = client.get(f"/c/{credential.code}/certificate.pdf")
    assert redirect.status_code == 302
    assert redirect["Location"].startswith("/files/")
    assert redirect["Cache-Control"] == "private, no-store"
    response = client.get(redirect["Location"])
    found = baking.extract(body(response))
    assert (found.kind, found.text) == (Kind.PDF, credential.text.encode())
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="Ada Lovelace - {credential.code}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert int(response["Content-Length"]) == credential.artifacts.get(kind="pdf").size


def test_badges(client: Client, credential: Credential) -> None:
    png = body(client.get(f"/c/{credential.code}/badge.png", follow=True))
    assert baking.extract(png).text == credential.text.encode()
    svg = client.get(f"/c/{credential.code}/badge.svg")
    assert baking.extract(body(svg)).text == credential.text.encode()
    assert "sandbox" in svg["Content-Security-Policy"]


def test_token(client: Client, credential: Credential) -> None:
    response = client.get(f"/c/{credential.code}/credential.jwt")
    token = jwt.read(body(response))
    issuer = credential.issuer
    lists = [credential.status_list] if credential.status_list else []
    known = own_records.materials(issuer, stolen_keys.keys_of(issuer), lists)
    assert verify(response.content, known, now=timezone.now()).verdict is Verdict.GENUINE
    assert token.payload["sub"] == f"{credential.identifier}#holder"
    assert token.payload["jti"] == credential.identifier
    assert response["Content-Type"].startswith("text/plain")
    assert client.get(f"/c/{credential.code}/credential.jwt").content == response.content


def test_an_altered_record_is_never_signed_anew(client: Client, credential: Credential) -> None:
    credential.text = credential.text.replace("Ada Lovelace", "Eve Lovelace")
    credential.save()
    response = client.get(f"/c/{credential.code}/credential.jwt")
    assert response.status_code == 410
    assert b"ey" not in response.content[:2]
    with pytest.raises(IssuingError, match="not what was signed"):
        restating.as_token(credential, judging.judge(credential, now=timezone.now()))


def test_what_was_withdrawn_is_not_handed_out(client: Client, credential: Credential) -> None:
    Credential.objects.update(revoked=timezone.now())
    for name in ("certificate.pdf", "certificate.png", "badge.png", "badge.svg", "social.png"):
        response = client.get(f"/c/{credential.code}/{name}")
        assert response.status_code == 410
        assert b"no longer handed out" in response.content
    for name in ("credential.json", "credential.jwt"):
        assert client.get(f"/c/{credential.code}/{name}").status_code == 200


def test_what_expired_is_handed_out_without_celebration(client: Client, expired: Credential) -> None:
    assert client.get(f"/c/{expired.code}/certificate.pdf").status_code == 302
    assert client.get(f"/c/{expired.code}/social.png").status_code == 410


def test_what_the_storage_lost_is_made_again(client: Client, credential: Credential) -> None:
    artifact = credential.artifacts.get(kind="pdf")
    before = storing.get(artifact.name)
    storing.remove(artifact.name)
    assert body(client.get(f"/c/{credential.code}/certificate.pdf", follow=True)) == before
    storing.put(artifact.name, before[:1000])
    assert body(client.get(f"/c/{credential.code}/certificate.pdf", follow=True)) == before
    credential.artifacts.all().delete()
    assert body(client.get(f"/c/{credential.code}/badge.png", follow=True))
    assert credential.artifacts.count() == 2


def test_certificate_as_a_picture(client: Client, credential: Credential) -> None:
    response = client.get(f"/c/{credential.code}/certificate.png")
    picture = Image.open(io.BytesIO(body(response)))
    assert picture.size == (1400, 990)
    assert read_qr(response.content) == (f"https://badges.example.com/c/{credential.code}",)
    assert response["Content-Type"] == "image/png"
    assert client.get(f"/c/{credential.code}/certificate.png").content == response.content


def test_social_picture(client: Client, credential: Credential) -> None:
    response = client.get(f"/c/{credential.code}/social.png")
    assert Image.open(io.BytesIO(body(response))).size == (1200, 627)
    assert len(response.content) < 5 * 1024 * 1024


def test_a_storage_in_trouble_is_told(client: Client, credential: Credential, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> bool:
        raise storing.StoringError("storing.unreachable", "The storage does not answer as it should", "Wait")

    monkeypatch.setattr(storing, "size", broken)
    response = client.get(f"/c/{credential.code}/certificate.pdf")
    assert response.status_code == 503
    assert b"The storage does not answer" in response.content


# --- Links ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def link(credential: Credential) -> str:
    return handing_out.link(credential, Artifact.Kind.PDF, now=timezone.now())


def test_an_expired_link(client: Client, link: str, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    assert body(client.get(link))
    later = timezone.now() + timedelta(seconds=settings.LAUREA_LINK_SECONDS + 1)
    monkeypatch.setattr(signing.time, "time", later.timestamp)
    response = client.get(link)
    assert response.status_code == 404
    assert b"This link has expired" in response.content


def test_tampered_links(client: Client, link: str) -> None:
    token = link.removeprefix("/files/")
    for wrong in (token[:-1], token + "x", token.upper(), token.replace(":", ""), "x", "..", "a:b:c", "%00", "é"):
        assert client.get(f"/files/{wrong}").status_code == 404
    assert client.get("/files/").status_code == 404
    assert client.get("/files/../../etc/passwd").status_code == 404


def test_a_link_opens_its_own_file_only(client: Client, link: str) -> None:
    """A value signed for another purpose, and the payload of one link with the signature of another, open nothing."""
    foreign = signing.dumps(["artifacts/x", "x", "text/plain", False, 600], salt="another purpose", compress=True)
    assert client.get(f"/files/{foreign}").status_code == 404
    other = storing.link(Handout("artifacts/other.pdf", "other.pdf", "application/pdf")).removeprefix("/files/")
    payload, _, _ = other.rpartition(":")
    _, _, signature = link.rpartition(":")
    assert client.get(f"/files/{payload}:{signature}").status_code == 404


@pytest.mark.parametrize("name", ["../secrets/secret-key", "/etc/passwd", "a/../../secrets/secret-key", "no/such/file"])
def test_even_a_signed_path_stays_inside(client: Client, db: None, name: str) -> None:
    link = storing.link(Handout(name, "x", "text/plain"))
    assert client.get(link).status_code in (400, 404, 422)


def test_what_a_link_says_is_what_comes(client: Client, db: None) -> None:
    storing.put("test/odd", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    handout = Handout("test/odd", 'Zeugnis "Ünïcode".svg', "image/svg+xml", inline=True)
    response = client.get(storing.link(handout))
    assert body(response).startswith(b"<svg")
    assert response["Content-Disposition"] == handout.disposition
    assert response["Content-Type"] == "image/svg+xml"
    assert "sandbox" in response["Content-Security-Policy"]
    head = client.head(storing.link(handout))
    assert (head.status_code, head["Content-Length"]) == (200, str(len(b"<svg xmlns='http://www.w3.org/2000/svg'/>")))
    head.close()
    assert client.post(storing.link(handout)).status_code == 405


def test_nothing_private_in_static_folders(root: Path) -> None:
    """Files leave by links, never by a folder that a web server hands out."""
    urls = (root / "src/laurea/config/urls.py").read_text()
    assert "static(" not in urls
    assert "MEDIA" not in (root / "src/laurea/config/settings.py").read_text()
