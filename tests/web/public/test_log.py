"""The log as strangers read it, and the proof that a credential is in it: checked here from the text alone."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

import logged
from laurea.actions import storing
from laurea.credentials.code import format_code
from laurea.credentials.transparency import merkle, note
from laurea.records.models import Credential, Entry, Issuer

from .conftest import EMAIL, NAME, NUMBER


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    """A storage of each test's own."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }


def test_before_anything_was_logged_there_is_nothing(client: Client, acme: Issuer) -> None:
    for path in ("/log/checkpoint", "/log/key", "/log/tile/0/000.p/1"):
        assert client.get(path).status_code == 404


def test_the_log_is_handed_out_as_it_was_published(
    client: Client, credential: Credential, acme: Issuer, now: datetime
) -> None:
    logged.act(300, acme, now)
    logged.take_in(now)
    key, checkpoint = client.get("/log/key"), client.get("/log/checkpoint")
    opened = note.open_note(checkpoint.content.decode(), note.Verifier.decode(key.content.decode()))
    assert (opened.origin, opened.size) == ("badges.example.com/log", Entry.objects.count())
    assert checkpoint["Content-Type"] == key["Content-Type"] == "text/plain; charset=utf-8"
    assert checkpoint["Cache-Control"] == "public, max-age=5"
    tile = client.get("/log/tile/entries/000")
    assert tile["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (tile["Content-Type"], tile["Access-Control-Allow-Origin"]) == ("application/octet-stream", "*")
    assert len(tile.content) == 256 * 34
    assert client.get("/log/tile/entries/000", headers={"If-None-Match": tile["ETag"]}).status_code == 304
    assert client.get("/log/tile/0/000.p/9").content == client.get("/log/tile/0/000").content[: 9 * 32]


@pytest.mark.parametrize(
    "path", ["0/001", "0/002.p/1", "7/000", "x/000", "0/0", "../key", "0/..%2f..%2fkey", "0/000.p/256", "entries/000/"]
)
def test_no_other_tile_is_there(client: Client, acme: Issuer, now: datetime, path: str) -> None:
    logged.act(260, acme, now)
    logged.take_in(now)
    assert client.get(f"/log/tile/{path}").status_code == 404


def test_a_storage_that_is_away_is_no_missing_tile(
    client: Client, acme: Issuer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged.act(1, acme, now)
    logged.take_in(now)

    def away(_name: str) -> bytes:
        raise storing.StoringError("storing.unreachable", "The storage does not answer")

    monkeypatch.setattr(storing, "get", away)
    response = client.get("/log/tile/0/000.p/1")
    assert (response.status_code, response["Retry-After"]) == (503, "5")


# --- The proof of a credential ----------------------------------------------------------------------------------------


def test_the_proof_leads_from_the_document_to_the_checkpoint(
    client: Client, credential: Credential, acme: Issuer, now: datetime
) -> None:
    logged.act(600, acme, now)
    logged.take_in(now)
    response = client.get(f"/c/{credential.code}/inclusion.json")
    proof = response.json()
    # The entry is about this very document ...
    said = json.loads(proof["content"])
    document = client.get(f"/c/{credential.code}/credential.json").content
    assert said["facts"]["sha256"] == hashlib.sha256(document).hexdigest()
    assert (said["act"], said["object"]["id"]) == ("credential.issued", json.loads(document)["id"])
    # ... and stands in the log that was signed.
    checkpoint = note.open_note(proof["checkpoint"], note.Verifier.decode(client.get("/log/key").content.decode()))
    leaf = hashlib.sha256(base64.b64decode(proof["salt"]) + proof["content"].encode()).digest()
    path = [base64.b64decode(part) for part in proof["hashes"]]
    merkle.verify_inclusion(merkle.leaf_hash(leaf), proof["index"], checkpoint.size, path, checkpoint.root)
    assert checkpoint.size == Entry.objects.count() > 600
    assert (proof["log"], proof["key"]) == (checkpoint.origin, client.get("/log/key").content.decode().strip())
    assert (response["Content-Type"], response["Access-Control-Allow-Origin"]) == ("application/json", "*")
    assert response["X-Robots-Tag"] == "noindex"


def test_the_proof_names_nobody(client: Client, credential: Credential, now: datetime) -> None:
    logged.take_in(now)
    text = client.get(f"/c/{credential.code}/inclusion.json").content.decode()
    for personal in (NAME, EMAIL, NUMBER):
        assert personal not in text


def test_until_it_is_published_the_proof_is_not_there_yet(client: Client, credential: Credential) -> None:
    response: Any = client.get(f"/c/{credential.code}/inclusion.json")
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "5", "private, no-store")


def test_what_the_log_does_not_know_has_no_proof(client: Client, credential: Credential, now: datetime) -> None:
    Entry.objects.all().delete()
    assert client.get(f"/c/{credential.code}/inclusion.json").status_code == 404
    assert client.get("/c/0000-0000-0000-0000/inclusion.json").status_code in (301, 404)


def test_the_page_offers_the_proof_and_says_what_it_shows(client: Client, credential: Credential) -> None:
    html = client.get(f"/c/{credential.code}").content.decode()
    assert format_code(credential.code) in html
    assert f'href="/c/{credential.code}/inclusion.json"' in html
    assert "nobody, not even whoever runs this site, can change or remove one" in html
