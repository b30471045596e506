"""The same hostile files through the web: each gets a page with one verdict that is not good, and nobody is quoted."""

from __future__ import annotations

import re
from functools import partial

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.conftest import Genuine

from laurea.actions import judging
from laurea.credentials.verification import Verdict

from .files import FILES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BAD = {Verdict.MALFORMED.value, Verdict.ALTERED.value, Verdict.CANNOT_TELL.value, "no credential"}
LONGEST_TEXT = 2_000_000


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is fetched, and nobody has asked before."""
    caches["process"].clear()
    monkeypatch.setattr(judging, "judge_file", partial(judging.judge_file, online=False))


def require_one_bad_verdict(response: HttpResponse) -> None:
    page = response.content.decode()
    assert response.status_code in (200, 422)
    found = re.findall(r'data-verdict="([^"]+)"', page)
    assert len(found) == 1
    assert found[0] in BAD
    assert "ovelace" not in page or "Nothing of it is confirmed." in page
    assert len(page) < 100_000


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file(name: str, client: Client, genuine: Genuine) -> None:
    data = FILES[name](genuine.text)
    require_one_bad_verdict(client.post("/verify", {"file": SimpleUploadedFile(name, data)}))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith((".json", ".jwt", ".svg"))])
def test_a_hostile_text(name: str, client: Client, genuine: Genuine) -> None:
    try:
        text = FILES[name](genuine.text).decode()
    except UnicodeDecodeError:
        return  # no browser pastes it
    response = client.post("/verify", {"text": text})
    if len(text) > LONGEST_TEXT:
        assert response.status_code == 400
        return
    require_one_bad_verdict(response)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "typed",
    [
        "\0",
        "\u202e",
        "A" * 100_000,
        "/" * 2_000,
        "https://" + "a" * 1_900,
        "https://a.example/c/" + "0" * 1_000,
        "://",
        "ey..",
    ],
)
def test_a_hostile_code(typed: str, client: Client) -> None:
    for field in ("code", "text"):
        response = client.post("/verify", {field: typed})
        assert response.status_code in (200, 404, 422)
        assert b'data-verdict="genuine"' not in response.content
    assert client.get("/verify", {"code": typed}).status_code in (200, 404)
