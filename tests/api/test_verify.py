"""``POST /api/v1/verify``: the very report of the command line, errors that programs can read, bounds."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.cli.conftest import Laurea, laurea  # noqa: F401 - the command line, to compare with
from tests.conftest import Genuine
from tests.web.public.conftest import Issue, credential, expired, issue  # noqa: F401 - credentials issued here

from installation import Browser
from laurea.actions import callers, judging, resolving, restating, storing, verifying_many
from laurea.api import verifying as door
from laurea.api import version_1
from laurea.credentials import code as codes
from laurea.credentials import keys
from laurea.credentials.document import Document, parse
from laurea.credentials.moments import format_moment
from laurea.credentials.verification import LANGUAGES, Materials, Needs
from laurea.records.models import Account, Artifact, Credential

OWN = "https://badges.example.com"


@pytest.fixture(autouse=True)
def _nothing_was_counted() -> None:
    caches["process"].clear()


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch, genuine: Genuine) -> None:
    """Both doors get the same answers: from this installation itself and from the issuer of `genuine`, no other."""
    foreign: dict[str, Document] = {str(each["id"]): each for each in (genuine.did_document, genuine.status_list)}

    def got(name: str) -> Document | None:
        address = keys.did_web_url(name) if name.startswith("did:web:") else name
        if not address.startswith(f"{OWN}/"):
            return foreign.get(name)
        response = Browser(headers={"host": "badges.example.com"}).get(address.removeprefix(OWN))
        return parse(response.content) if response.status_code == 200 else None

    def gather(wanted: Iterable[Needs], known: Materials, **_options: object) -> Materials:
        for need in wanted:
            dids = {did: found for did in need.dids if not known.has(did) and (found := got(did))}
            lists = {url: found for url in need.status_lists if not known.has(url) and (found := got(url))}
            known = replace(
                known,
                did_documents={**known.did_documents, **dids},
                status_lists={**known.status_lists, **lists},
                failures={
                    **known.failures,
                    **{
                        name: "nobody is there"
                        for name in (*need.dids, *need.status_lists, *need.documents)
                        if name not in dids and name not in lists and not known.has(name)
                    },
                },
            )
        return known

    monkeypatch.setattr(resolving, "gather", gather)


def ask(client: Client, files: Mapping[str, bytes], **more: Any) -> HttpResponse:
    sent = {"file": [SimpleUploadedFile(name, data) for name, data in files.items()], **more}
    return client.post("/api/v1/verify", sent)  # type: ignore[return-value]


def of_kinds(made: Credential) -> dict[str, bytes]:
    token = restating.as_token(made, judging.judge(made, now=timezone.now()))
    stored = {
        kind.value: storing.get(made.artifacts.get(kind=kind).name) for kind in (Artifact.Kind.PDF, Artifact.Kind.PNG)
    }
    return {
        "certificate.pdf": stored["pdf"],
        "badge.png": stored["png"],
        "credential.json": made.text.encode(),
        "token.jwt": token.encode(),
    }


def good_and_bad(made: Credential, over: Credential, genuine: Genuine) -> dict[str, bytes]:
    document = json.loads(made.text)
    document["grade"] = "excellent"
    kinds = of_kinds(Credential.objects.select_related("issuer", "status_list").get(pk=made.pk))
    return kinds | {
        "altered.json": made.text.replace("Ada Lovelace", "Eve Lovelace").encode(),
        "added-member.json": json.dumps(document).encode(),
        "expired.json": over.text.encode(),
        "foreign.json": genuine.text,
        "foreign-altered.json": genuine.text.replace("Łovelace".encode(), b"Lovelace"),
        "unsigned.json": json.dumps({name: value for name, value in document.items() if name != "proof"}).encode(),
        "cut.pdf": kinds["certificate.pdf"][:2_000],
        "cut.json": made.text[:200].encode(),
        "cut.png": kinds["badge.png"][:500],
        "empty.json": b"",
        "packed.gz.json": gzip.compress(made.text.encode()),
        "page.json": b"<!doctype html><html></html>",
        "text.json": "Grüße".encode("utf-16"),
        "deep.json": b"[" * 5_000,
        "list.json": b"[1, 2]",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_line_and_the_api_give_the_same_report(
    client: Client,
    laurea: Laurea,  # noqa: F811
    credential: Credential,  # noqa: F811
    expired: Credential,  # noqa: F811
    genuine: Genuine,
    language: str,
) -> None:
    files = good_and_bad(credential, expired, genuine)
    now = format_moment(timezone.now())
    for name, data in files.items():
        Path(name).write_bytes(data)
    ran = laurea("verify", *files, "--now", now, "--lang", language, "--json")
    response = ask(client, files, now=now, language=language)
    assert response.status_code == 200
    assert response.json() == ran.json
    found = {report["input"]: report["verdict"] for report in ran.json["reports"]}
    assert found["certificate.pdf"] == found["badge.png"] == found["token.jwt"] == found["foreign.json"] == "genuine"
    assert found["altered.json"] == found["foreign-altered.json"] == "altered"
    assert found["expired.json"] == "expired"
    assert found["deep.json"] == found["cut.pdf"] == "malformed"


def test_the_same_report_for_somebody_else(
    client: Client,
    laurea: Laurea,  # noqa: F811
    credential: Credential,  # noqa: F811
) -> None:
    now = format_moment(timezone.now())
    Path("a.json").write_text(credential.text)
    ran = laurea("verify", "a.json", "--now", now, "--recipient", "eve@example.org", "--json")
    response = ask(client, {"a.json": credential.text.encode()}, now=now, recipient="eve@example.org")
    assert response.json() == ran.json
    assert ran.json["reports"][0]["verdict"] == "other holder"


def test_json_in_and_codes(client: Client, credential: Credential) -> None:  # noqa: F811
    typed = codes.format_code(credential.code)
    for given in (json.loads(credential.text), credential.text):
        response = post_json(client, {"credential": given, "codes": [typed]})
        reports = response.json()["reports"]
        assert [(report["input"], report["verdict"]) for report in reports] == [
            ("credential", "genuine"),
            (typed, "genuine"),
        ]
    assert response["Cache-Control"] == "private, no-store"


def post_json(client: Client, body: Any) -> HttpResponse:
    return client.post("/api/v1/verify", json.dumps(body), content_type="application/json")  # type: ignore[return-value]


def test_an_archive_is_opened(client: Client, credential: Credential) -> None:  # noqa: F811
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("a/b.json", credential.text)
        archive.writestr("a/notes.txt", "x")
    body = ask(client, {"all.zip": place.getvalue()}).json()
    assert [report["input"] for report in body["reports"]] == ["a/b.json"]
    assert body["summary"]["skipped"] == [{"input": "a/notes.txt", "why": "is no kind of file that holds a credential"}]


@pytest.mark.parametrize(
    ("send", "status", "code"),
    [
        (lambda client: post_json(client, {}), 400, "many.nothing"),
        (lambda client: post_json(client, {"codes": "x"}), 400, "api.value"),
        (lambda client: post_json(client, {"credential": 5}), 400, "api.value"),
        (lambda client: post_json(client, {"codes": ["x"], "now": "yesterday"}), 400, "api.value"),
        (lambda client: post_json(client, {"codes": ["x"], "language": "fr"}), 400, "api.value"),
        (lambda client: post_json(client, {"codes": ["x"], "colour": "red"}), 400, "api.unknown"),
        (lambda client: post_json(client, [1]), 400, "document.not-an-object"),
        (lambda client: client.post("/api/v1/verify", "{", content_type="application/json"), 400, "document.syntax"),
        (
            lambda client: client.post("/api/v1/verify", " " * 2_200_000, content_type="application/json"),
            400,
            "api.broken",
        ),
        (lambda client: client.post("/api/v1/verify", "x", content_type="text/plain"), 415, "api.type"),
        (lambda client: client.post("/api/v1/verify", "x", content_type="multipart/form-data"), 400, "api.broken"),
        (lambda client: ask(client, {}, colour="red"), 400, "api.unknown"),
        (lambda client: ask(client, {f"{number}": b"{}" for number in range(201)}), 413, "many.too-many"),
        (lambda client: post_json(client, {"codes": ["x"] * 201}), 413, "many.too-many"),
    ],
)
def test_requests_that_are_wrong(
    send: Callable[[Client], HttpResponse], status: int, code: str, client: Client, alice: Account
) -> None:
    response = send(client)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status


def test_too_often_and_busy(client: Client, alice: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying_many, "PATIENCE", 0.0)
    with verifying_many.place():
        busy = post_json(client, {"codes": ["x"]})
    assert (busy.status_code, busy["Retry-After"], busy.json()["code"]) == (503, "5", "many.busy")
    monkeypatch.setattr(door, "MOST_REQUESTS", 3)
    found = [post_json(client, {"codes": ["x"]}) for _ in range(3)]
    assert [response.status_code for response in found] == [200, 200, 429]
    assert (found[-1]["Retry-After"], found[-1].json()["code"]) == ("60", "api.too-often")
    assert version_1.MOST_REQUESTS == 60


def test_guessing_codes_does_not_pay(client: Client, credential: Credential) -> None:  # noqa: F811
    wrong = [codes.format_code(codes.new_code(bytes([number] * 9) + b"\0")) for number in range(1, 40)]
    body = post_json(client, {"codes": [*wrong, credential.code]}).json()
    assert [report["error"]["code"] for report in body["reports"]].count("code.not-found") == callers.MOST_MISSES
    assert body["reports"][-1]["error"]["code"] == "many.misses"


def test_other_methods_and_what_is_described(client: Client, db: None, root: Path) -> None:
    assert client.get("/api/v1/verify").status_code == 405
    described = client.get("/api/v1/openapi.json").json()
    assert list(described["paths"]) == ["/api/v1/verify"]
    operation = described["paths"]["/api/v1/verify"]["post"]
    assert sorted(operation["responses"]) == ["200", "400", "413", "415", "429", "503"]
    assert set(operation["requestBody"]["content"]) == {door.FORM, door.OBJECT}
    text = (root / "docs" / "reference" / "api.md").read_text()
    for path in described["paths"]:
        assert f"`POST {path}`" in text
    for name in (*door.MEMBERS, "file", "code"):
        assert f"`{name}`" in text
    for status in operation["responses"]:
        assert status in text


def test_every_member_of_the_answer_is_described(client: Client, credential: Credential) -> None:  # noqa: F811
    body = ask(client, {"a.json": credential.text.encode(), "b.json": b""}).json()
    door.Reports.model_validate(body, strict=True)
    known = set(door.Report.model_fields)
    assert set(body["reports"][0]) | set(body["reports"][1]) == known
    assert set(body["reports"][0]["checks"][0]) == set(door.Check.model_fields)
    assert set(body["summary"]) == set(door.Summary.model_fields)


def test_for_another_moment(client: Client, credential: Credential) -> None:  # noqa: F811
    report = ask(client, {"a.json": credential.text.encode()}, now="2020-01-01T00:00:00Z").json()["reports"][0]
    assert report["judgedAt"] == "2020-01-01T00:00:00Z"
    assert datetime.now(UTC).year > 2020
    assert report["verdict"] != "genuine"
