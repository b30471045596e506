"""What is typed, pasted and linked at the verify desk, and what the desk may do in a browser that no other page may."""

from __future__ import annotations

import json
import re
from functools import partial

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.actions.conftest import Served, answer
from tests.conftest import Genuine

from bare_key import signed_by_a_bare_key
from laurea.actions import judging, resolving, restating
from laurea.credentials.code import format_code
from laurea.records.models import Account, Credential
from laurea.web.public import visitors

from .test_desk import verdict

CODE = "000G40R40M30E200"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the network, but for those that have a server of their own."""

    def fetch(address: str, **_options: object) -> None:
        raise AssertionError(f"{address} was asked")

    monkeypatch.setattr(resolving, "fetch", fetch)


@pytest.fixture
def linked(server: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """A server elsewhere that the desk can reach, until it is asked to."""
    monkeypatch.undo()
    server.asked.clear()
    judge_link, judge_file = judging.judge_link, judging.judge_file
    monkeypatch.setattr(judging, "judge_link", partial(judge_link, ways=server.ways))
    monkeypatch.setattr(judging, "judge_file", lambda *a, **options: judge_file(*a, **{**options, "ways": server.ways}))
    return server


def post(client: Client, **fields: str) -> HttpResponse:
    return client.post("/verify", fields)  # type: ignore[return-value]


def said(response: HttpResponse) -> str:
    return re.sub(r"<[^>]+>", " ", response.content.decode()).replace("&#x27;", "'")


# --- Codes, addresses, texts ------------------------------------------------------------------------------------------


def test_every_way_to_write_a_code(client: Client, credential: Credential) -> None:
    code = credential.code
    for typed in (
        code,
        f"  {format_code(code).lower()} ",
        f"https://badges.example.com/c/{code}",
        f"http://badges.example.com/c/{format_code(code)}/",
        f"badges.example.com/c/{code}",
        f"https://badges.example.com/c/{code}/certificate.pdf?x=1",
        f"https://old-name.example.com/c/{code}",
    ):
        for field in ("code", "text"):
            response = post(client, **{field: typed})
            assert (typed, response.status_code, response["Location"]) == (typed, 302, f"/c/{code}")


def test_a_code_that_is_not_right(client: Client) -> None:
    response = post(client, code="0000-0000-0000-0001")
    assert response.status_code == 404
    assert b"This code is not right" in response.content
    assert b"No credential has this code" in post(client, code=CODE).content


def test_texts(client: Client, credential: Credential, genuine: Genuine) -> None:
    token = restating.as_token(credential, judging.judge(credential, now=credential.created))
    for text in (credential.text, f"\n\n  {credential.text}\n", token):
        assert verdict(post(client, text=text)) == "genuine"
    assert verdict(post(client, text=credential.text.replace("Ada Lovelace", "Eve"))) == "altered"
    assert verdict(post(client, text="{}")) == "malformed"
    assert "This text cannot be judged" in said(post(client, text="<svg xmlns='http://www.w3.org/2000/svg'/>"))


def test_a_text_is_never_said_to_be_a_file(client: Client, credential: Credential) -> None:
    response = post(client, text=credential.text)
    assert "asked of the text that you handed over" in said(response)
    assert "asked of the file" not in said(response)


@pytest.mark.parametrize("fields", [{}, {"code": ""}, {"text": "   "}])
def test_nothing_at_all(client: Client, fields: dict[str, str]) -> None:
    response = post(client, **fields)
    assert response.status_code == 422
    assert b"required" in response.content


# --- Links ------------------------------------------------------------------------------------------------------------


def test_a_link_in_an_address_is_fetched_only_when_somebody_presses_the_button(client: Client) -> None:
    """Else any page could have this site ask any other, by a picture."""
    response = client.get("/verify", {"code": f"https://badges.example.org/c/{CODE}"})
    assert response.status_code == 200
    assert "This link leads to badges.example.org" in said(response)
    assert f'value="https://badges.example.org/c/{CODE}"' in response.content.decode()


def test_what_lies_at_a_link_is_judged(client: Client, linked: Served) -> None:
    linked.answers["/c/it"] = answer(signed_by_a_bare_key("Example Academy"))
    response = post(client, code=linked.url("/c/it"))
    assert verdict(response) == "issuer unknown"
    assert "Ada Lovelace" in said(response)
    assert f"asked of what lies at {linked.url('/c/it')}" in said(response)
    [(path, headers)] = linked.asked
    assert path == "/c/it"
    assert headers["Accept"].startswith("application/vc")


def test_the_page_of_another_installation(client: Client, linked: Served, credential: Credential) -> None:
    """Its code is nobody's here, so the site that is named is asked."""
    linked.answers[f"/c/{CODE}"] = answer(credential.text.encode())
    assert verdict(post(client, code=linked.url(f"/c/{CODE}"))) == "genuine"


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"<!DOCTYPE html><title>A badge</title>", 200, "There is a web page at this address, not a credential"),
        (b"nothing", 200, "no file that a credential comes in"),
        (b"", 404, "404"),
        (b"a" * (resolving.MOST_BYTES + 1), 200, "more than"),
    ],
)
def test_links_that_lead_to_none(client: Client, linked: Served, body: bytes, status: int, words: str) -> None:
    linked.answers["/odd"] = answer(body, status)
    response = post(client, code=linked.url("/odd"))
    assert response.status_code == 422
    assert "This link leads to no credential" in said(response)
    assert words in said(response)


@pytest.mark.parametrize("address", ["http://a.example/x", "ftp://a.example/x", "https://localhost/x", "https://[::1"])
def test_addresses_that_are_not_asked(client: Client, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    response = post(client, code=address)
    assert response.status_code == 422
    assert "This link leads to no credential" in said(response)


def test_this_site_never_asks_itself(client: Client) -> None:
    response = post(client, code="https://badges.example.com/issuers/acme")
    assert response.status_code == 422
    assert "on this very site" in said(response)


def test_whoever_asks_too_much_waits(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "MOST_FILES", 1)
    assert post(client, text="{}").status_code == 200
    assert post(client, text="{}").status_code == 429
    assert post(client, code="https://badges.example.org/x").status_code == 429
    assert post(client, code="0").status_code == 404  # codes are counted by themselves


# --- What the desk may do in a browser --------------------------------------------------------------------------------


def test_the_desk_alone_has_the_camera(client: Client, credential: Credential, alice: Account) -> None:
    for path in ("/", "/verify"):
        response = client.get(path)
        assert response["Permissions-Policy"] == "camera=(self)"
        assert "script-src 'self' 'wasm-unsafe-eval';" in response["Content-Security-Policy"]
    for path in (f"/c/{credential.code}", "/verify/independently", "/accounts/login/", "/no-such-page"):
        response = client.get(path)
        assert response["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"
        assert "wasm" not in response["Content-Security-Policy"]
    client.force_login(alice)
    assert "camera=()" in client.get("/console/acme/")["Permissions-Policy"]
    assert "camera=()" in post(client, text="{}")["Permissions-Policy"]


def test_without_programs_every_way_but_the_camera_is_a_plain_form(client: Client) -> None:
    page = client.get("/verify").content.decode()
    forms = re.findall(r'<form[^>]*action="/verify"[^>]*>.*?</form>', page, re.DOTALL)
    fields = [sorted(set(re.findall(r'name="(\w+)"', form))) for form in forms]
    assert fields == [["file"], ["text"], ["code"], ["text"]]
    shown = [form for form in forms if "hidden>" not in form.partition("\n")[0]]
    assert all("<button" in form for form in shown)
    assert re.search(r"<button[^>]*data-scan-start hidden>", page)


def test_the_desk_in_json(client: Client, credential: Credential) -> None:
    """Programs ask the API; the desk answers everybody with a page."""
    response = client.post("/verify", json.dumps({"code": credential.code}), content_type="application/json")
    assert response.status_code == 422
    assert response["Content-Type"].startswith("text/html")
