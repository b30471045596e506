"""The verify desk: whatever is handed over gets an answer in plain words, and nothing of it is kept."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.conftest import Genuine

from laurea.actions import handing_out, judging, receiving, resolving, restating, showing, storing
from laurea.credentials.code import format_code
from laurea.credentials.verification import Materials, Needs
from laurea.records.models import Account, Artifact, Credential
from laurea.web.public import desk, visitors

from .conftest import Issue


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the network; what would have been asked is declined."""

    def gather(wanted: Iterable[Needs], known: Materials, **_options: object) -> Materials:
        return resolving.decline(wanted, known, "there is no network in tests")

    def fetch(address: str, **_options: object) -> None:
        raise AssertionError(f"{address} was asked")

    monkeypatch.setattr(resolving, "gather", gather)
    monkeypatch.setattr(resolving, "fetch", fetch)


def hand_over(client: Client, data: bytes, name: str = "file.pdf", **headers: str) -> HttpResponse:
    return client.post("/verify", {"file": SimpleUploadedFile(name, data)}, headers=headers)  # type: ignore[return-value]


def verdict(response: HttpResponse) -> str:
    return str(re.findall(r'data-verdict="([^"]+)"', response.content.decode())[0])


def test_strangers_find_the_desk_and_members_their_console(client: Client, alice: Account) -> None:
    for path in ("/", "/verify"):
        response = client.get(path)
        assert response.status_code == 200
        assert b'enctype="multipart/form-data"' in response.content
        assert b'name="code"' in response.content
    client.force_login(alice)
    assert client.get("/").status_code == 302
    assert client.get("/verify").status_code == 200


def test_a_code(client: Client, credential: Credential) -> None:
    for typed in (
        credential.code,
        format_code(credential.code).lower(),
        f"https://badges.example.com/c/{credential.code}",
    ):
        response = client.get("/verify", {"code": typed})
        assert (response.status_code, response["Location"]) == (302, f"/c/{credential.code}")
    wrong = client.get("/verify", {"code": "0000-0000-0000-0000"})
    assert wrong.status_code == 404
    assert b"No credential has this code" in wrong.content
    assert client.get("/verify", {"code": "<script>alert(1)</script>"}).status_code == 404
    assert b"<script>alert" not in client.get("/verify", {"code": "<script>alert(1)</script>"}).content


def files_of(credential: Credential) -> dict[str, bytes]:
    token = restating.as_token(credential, judging.judge(credential, now=timezone.now()))
    stored = {
        kind: storing.get(credential.artifacts.get(kind=kind).name) for kind in (Artifact.Kind.PDF, Artifact.Kind.PNG)
    }
    photo = io.BytesIO()
    Image.open(io.BytesIO(showing.certificate(credential))).convert("RGB").save(photo, "JPEG", quality=70)
    return {
        "json": credential.text.encode(),
        "jwt": token.encode(),
        "pdf": stored[Artifact.Kind.PDF],
        "png": stored[Artifact.Kind.PNG],
        "svg": handing_out.badge_svg(credential),
        "jpg": photo.getvalue(),
    }


def test_every_kind_of_file_leads_to_its_page(client: Client, credential: Credential) -> None:
    credential = Credential.objects.select_related("issuer", "achievement__issuer", "design_version").get()
    for kind, data in files_of(credential).items():
        response = hand_over(client, data, f"x.{kind}")
        assert (kind, response.status_code, verdict(response)) == (kind, 200, "genuine")
        assert f'href="/c/{credential.code}"'.encode() in response.content
        assert response["Cache-Control"] == "private, no-store"


def test_an_altered_file_and_the_genuine_record(client: Client, credential: Credential) -> None:
    forged = credential.text.replace("Ada Lovelace", "Eve Lovelace").encode()
    response = hand_over(client, forged, "x.json")
    assert verdict(response) == "altered"
    assert b"Lovelace" not in response.content
    assert b"This file is not the one that was issued" in response.content
    assert f'href="/c/{credential.code}"'.encode() in response.content
    assert verdict(client.get(f"/c/{credential.code}")) == "genuine"  # type: ignore[arg-type]
    # An added member has no meaning: malformed, and the record is named as well.
    document = json.loads(credential.text)
    document["grade"] = "excellent"
    response = hand_over(client, json.dumps(document).encode(), "x.json")
    assert verdict(response) == "malformed"
    assert f'href="/c/{credential.code}"'.encode() in response.content


def test_a_replaced_file(client: Client, credential: Credential, issue: Issue) -> None:
    old = credential.text.encode()
    issue(person=credential.person, renews=True, name="Ada King")
    response = hand_over(client, old, "x.json")
    assert verdict(response) == "replaced"
    assert b"There is a newer edition" in response.content
    assert b"Open the newer edition" in response.content
    assert b"really issued" not in response.content  # it is no forgery
    assert f'href="/c/{credential.code}"'.encode() in response.content


def test_a_revoked_file(client: Client, credential: Credential) -> None:
    Credential.objects.update(revoked=timezone.now())
    assert verdict(hand_over(client, credential.text.encode(), "x.json")) == "revoked"


def test_an_issuer_elsewhere(client: Client, genuine: Genuine, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    assert verdict(hand_over(client, genuine.text, "x.json")) == "cannot tell"

    def gather(wanted: Iterable[Needs], known: Materials, **_options: object) -> Materials:
        return replace(
            known,
            did_documents={**known.did_documents, str(genuine.did_document["id"]): genuine.did_document},
            status_lists={**known.status_lists, str(genuine.status_list["id"]): genuine.status_list},
        )

    monkeypatch.setattr(resolving, "gather", gather)
    response = hand_over(client, genuine.text, "x.json")
    assert verdict(response) == "genuine"
    assert "Ada Łovelace" in response.content.decode()
    assert b"Open its page" not in response.content


def test_while_somebody_else_is_looked_into(client: Client, genuine: Genuine, credential: Credential) -> None:
    """What is ours needs no asking; what is others' is asked one after the other."""
    assert judging._fetching.acquire(blocking=False)
    try:
        assert verdict(hand_over(client, credential.text.encode())) == "genuine"
        response = hand_over(client, genuine.text)
        assert verdict(response) == "cannot tell"
        assert b"try again in a few seconds" in response.content
    finally:
        judging._fetching.release()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", b"The file is empty"),
        (b"hello", b"no file that a credential comes in"),
        (b"PK\x03\x04", b"ZIP archive"),
        (b"<!doctype html>", b"This is a web page"),
        (b"%PDF-1.7", b"PDF"),
        (b"\xff\xd8\xff", b"picture"),
    ],
)
def test_what_holds_no_credential(client: Client, db: None, data: bytes, said: bytes) -> None:
    response = hand_over(client, data)
    assert response.status_code == 422
    assert said in response.content
    assert b"does not make it a forgery" in response.content


def test_no_file_at_all(client: Client, db: None) -> None:
    response = client.post("/verify", {})
    assert response.status_code == 422
    assert b"required" in response.content


def test_a_file_too_large_is_not_read_to_its_end(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "LARGEST_FILE", 100_000)
    response = hand_over(client, b"x" * 200_000)
    assert response.status_code == 422
    assert b"larger than" in response.content
    several = {f"file{number}": SimpleUploadedFile("x", b"x" * 30_000) for number in range(4)}
    assert client.post("/verify", several).status_code == 422
    monkeypatch.setattr(receiving, "_FORM", 0)
    monkeypatch.setattr(receiving, "Receiver", None)  # what says itself that it is too large is not even begun
    assert hand_over(client, b"x" * 200_000).status_code == 422


def test_bodies_that_are_no_form(client: Client, db: None) -> None:
    assert client.post("/verify", b"x", content_type="multipart/form-data; boundary=x").status_code in (400, 422)
    assert client.post("/verify", b"{}", content_type="application/json").status_code == 422


def test_nothing_is_kept(client: Client, credential: Credential, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_file(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a file was written")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", no_file)
    monkeypatch.setattr(storing, "put", no_file)
    data = credential.text.encode() + b" " * (5 * 1024 * 1024)
    assert hand_over(client, data).status_code == 422  # as large as no credential is
    assert verdict(hand_over(client, credential.text.encode())) == "genuine"


def test_names_of_files_are_text(client: Client, credential: Credential) -> None:
    response = hand_over(client, credential.text.encode(), "<b>x</b>.json")
    assert b"<b>x</b>" not in response.content


def test_too_many_files(client: Client, db: None) -> None:
    for _ in range(visitors.MOST_FILES):
        assert hand_over(client, b"x").status_code == 422
    assert hand_over(client, b"x").status_code == 429


def test_german(client: Client, credential: Credential) -> None:
    response = hand_over(client, credential.text.encode(), "x.json", accept_language="de")
    assert b"Die Signatur stimmt" in response.content


def test_how_to_do_without_us(client: Client, db: None, root: Any) -> None:
    html = client.get("/verify/independently").content.decode()
    documented = re.findall(
        r"```js\n(// check\.mjs.*?)\n```", (root / "docs/how-to/verify-with-other-software.md").read_text(), re.DOTALL
    )[0]
    shown = re.findall(r"<code>(// check\.mjs.*?)</code></pre>", html, re.DOTALL)[0]
    escaped = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&#x27;", "'")
    assert escaped.replace("&amp;", "&").strip() == documented.strip()
