"""Many at once: files, archives and codes get one table and one receipt, within bounds, and nothing of them is kept."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from laurea.actions import receipts, resolving, storing, verifying_many
from laurea.credentials import code as codes
from laurea.credentials import receipt
from laurea.credentials.baking import pdf
from laurea.credentials.keys import SigningKey
from laurea.credentials.verification import Materials, Needs, Verdict
from laurea.records.models import Account, Artifact, Credential
from laurea.web.public import visitors

from .conftest import Issue


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the network; what would have been asked is declined."""

    def gather(wanted: Iterable[Needs], known: Materials, **_options: object) -> Materials:
        return resolving.decline(wanted, known, "there is no network in tests")

    monkeypatch.setattr(resolving, "gather", gather)


def hand_over(client: Client, *files: tuple[str, bytes], typed: str = "", **headers: str) -> HttpResponse:
    sent: dict[str, Any] = {"file": [SimpleUploadedFile(name, data) for name, data in files], "codes": typed}
    return client.post("/verify/many", sent, headers=headers)  # type: ignore[return-value]


def zipped(*files: tuple[str, bytes]) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return place.getvalue()


def carried(response: HttpResponse) -> str:
    [value] = re.findall(r'name="receipt" value="([^"]+)"', response.content.decode())
    return html.unescape(value)


def results(response: HttpResponse) -> dict[str, str]:
    """Name -> verdict, as the receipt that travels in the page has them; its signature was found right."""
    signed = receipt.read(receipts.unpacked(carried(response)))
    return {result.name: result.verdict.value for result in signed.results}


def files_of(credential: Credential) -> dict[str, bytes]:
    stored = {
        kind: storing.get(credential.artifacts.get(kind=kind).name) for kind in (Artifact.Kind.PDF, Artifact.Kind.PNG)
    }
    return {
        "a.pdf": stored[Artifact.Kind.PDF],
        "b.png": stored[Artifact.Kind.PNG],
        "c.json": credential.text.encode(),
    }


def test_the_page(client: Client, alice: Account) -> None:
    page = client.get("/verify/many")
    assert page.status_code == 200
    assert b'type="file" name="file"' in page.content
    assert b"multiple" in page.content
    assert b'name="codes"' in page.content


def test_files_an_archive_and_codes_in_one_table(client: Client, credential: Credential) -> None:
    forged = credential.text.replace("Ada Lovelace", "Eve Lovelace").encode()
    inner = zipped(("team/c.json", credential.text.encode()), ("team/readme.txt", b"x"), ("__MACOSX/._c.json", b"x"))
    response = hand_over(
        client,
        ("a.pdf", files_of(credential)["a.pdf"]),
        ("forged.json", forged),
        ("team.zip", inner),
        typed=f"{codes.format_code(credential.code).lower()}\nhttps://badges.example.com/c/{credential.code}, nonsense",
    )
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert results(response) == {
        "a.pdf": "genuine",
        "forged.json": "altered",
        "team/c.json": "genuine",
        codes.format_code(credential.code): "genuine",
        "nonsense": "malformed",
    }
    page = response.content.decode()
    assert "4 of 6 are genuine" in page
    assert "Eve Lovelace" not in page
    assert "1 file in the archive was not judged" in page
    assert page.index("nonsense") < page.index("forged.json") < page.index("a.pdf")


def test_all_are_genuine(client: Client, credential: Credential) -> None:
    response = hand_over(client, *files_of(credential).items())
    assert set(results(response).values()) == {"genuine"}
    assert "All 3 are genuine" in response.content.decode()


def test_an_older_edition_leads_to_the_newer(client: Client, credential: Credential, issue: Issue) -> None:
    old = credential.text.encode()
    issue(person=credential.person, renews=True, name="Ada King")
    response = hand_over(client, ("old.json", old))
    signed = receipt.read(receipts.unpacked(carried(response)))
    assert signed.results[0].current == f"https://badges.example.com/c/{credential.code}"
    assert "Replaced" in response.content.decode()
    table = client.post("/verify/receipt", {"receipt": carried(response), "as": "csv"})
    assert ",Replaced," in b"".join(table.streaming_content).decode()  # type: ignore[attr-defined]
    text = receipts.unpacked(carried(response)).encode()
    page = client.post("/verify/receipt", {"file": SimpleUploadedFile("receipt.json", text)}).content.decode()
    assert "Replaced" in page
    assert "Genuine" not in page


def test_the_receipt_as_files(client: Client, credential: Credential) -> None:
    response = hand_over(client, ("a.pdf", files_of(credential)["a.pdf"]), ("=2+2.json", b"{}"))
    value = carried(response)
    got = {form: client.post("/verify/receipt", {"receipt": value, "as": form}) for form in ("pdf", "csv", "json")}
    assert {form: answer["Content-Type"] for form, answer in got.items()} == {
        "pdf": "application/pdf",
        "csv": "text/csv; charset=utf-8",
        "json": "application/json",
    }
    text = got["json"].content
    assert pdf.attachment(got["pdf"].content, "receipt.json", receipt.LARGEST) == text
    lines = list(csv.reader(io.StringIO(b"".join(got["csv"].streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert [line[:2] for line in lines[1:]] == [["a.pdf", "Genuine"], ["'=2+2.json", "Malformed"]]
    document = json.loads(text)
    assert document["results"][0]["credential"]["holder"] == "Ada Lovelace"
    assert document["results"][0]["checks"]["status"] == "passed"
    # And each of the two is recognised when it comes back.
    for form, name in (("pdf", "receipt.pdf"), ("json", "receipt.json")):
        shown = client.post("/verify/receipt", {"file": SimpleUploadedFile(name, got[form].content)})
        assert (shown.status_code, b'data-verdict="receipt"' in shown.content) == (200, True)
        assert re.findall(r"<span>(\w+)</span></span> <strong>(\d+)", shown.content.decode()) == [
            ("Malformed", "1"),
            ("Genuine", "1"),
        ]


def test_receipts_that_are_not_what_they_claim(client: Client, credential: Credential, alice: Account) -> None:
    text = receipts.unpacked(carried(hand_over(client, ("x.json", b"{}"))))
    foreign = receipt.sign(
        [receipt.Result("x", Verdict.GENUINE, timezone.now())],
        SigningKey.from_seed(bytes(32)),
        identifier="urn:uuid:1",
        address="https://badges.example.com",
        software="Laurea",
        made=timezone.now(),
    )
    for data, said, status in (
        (text.replace('"malformed"', '"genuine"').encode(), "altered receipt", 422),
        (json.dumps(foreign).encode(), "foreign receipt", 200),
        (credential.text.encode(), "no receipt", 422),
        (files_of(credential)["a.pdf"], "no receipt", 422),
        (b"", "no receipt", 422),
    ):
        answer = client.post("/verify/receipt", {"file": SimpleUploadedFile("x", data or b" ")})
        assert (answer.status_code, f'data-verdict="{said}"' in answer.content.decode()) == (status, True), said
    for value in ("", "x", receipts.packed(text.replace('"malformed"', '"genuine"')), receipts.packed("a" * 2_000_000)):
        answer = client.post("/verify/receipt", {"receipt": value, "as": "pdf"})
        assert (answer.status_code, answer["Content-Type"]) == (422, "text/html; charset=utf-8")


def test_too_many_and_too_large(client: Client, alice: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    small = [(f"{number}.json", b"{}") for number in range(201)]
    answers = {
        "201 files and codes were handed over": hand_over(client, *small),
        "The archive holds 201 files": hand_over(client, ("a.zip", zipped(*small))),
        "250 files and codes were handed over": hand_over(client, typed="\n".join(f"x{n}" for n in range(250))),
        "Nothing was handed over": hand_over(client),
    }
    monkeypatch.setattr("laurea.web.public.many.MOST_BYTES", 1_000)
    answers["The files together are larger"] = hand_over(client, ("a.json", b" " * 1_001))
    for said, answer in answers.items():
        assert (answer.status_code, said in answer.content.decode()) == (422, True), said
        assert b'name="codes"' in answer.content
    assert b"x249" in answers["250 files and codes were handed over"].content


def test_a_body_that_is_too_large_is_not_read(client: Client, alice: Account) -> None:
    class Unreadable(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("it was read")

    answer = client.generic(
        "POST",
        "/verify/many",
        b"",
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(10**9), "wsgi.input": Unreadable()},  # type: ignore[arg-type]
    )
    assert answer.status_code == 422


def test_while_others_are_judged(client: Client, alice: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying_many, "PATIENCE", 0.0)
    with verifying_many.place():
        answer = hand_over(client, ("a.json", b"{}"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert hand_over(client, ("a.json", b"{}")).status_code == 200


def test_guessing_codes_does_not_pay(client: Client, credential: Credential) -> None:
    wrong = [codes.format_code(codes.new_code(bytes([number] * 9) + b"\0")) for number in range(1, 60)]
    response = hand_over(client, typed="\n".join([*wrong, credential.code]))
    said = results(response)
    assert said[codes.format_code(credential.code)] == "cannot tell"  # not looked up any more
    assert "too many codes before it led nowhere" in response.content.decode()
    assert visitors.MOST_MISSES == 30
    assert client.get("/verify", {"code": wrong[0]}).status_code == 429


def test_nothing_is_kept_but_the_log_and_its_key(client: Client, credential: Credential) -> None:
    hand_over(client, ("x.json", b"{}"))
    with CaptureQueriesContext(connection) as queries:
        hand_over(client, *files_of(credential).items(), typed=credential.code)
    writing = [query["sql"] for query in queries if not query["sql"].lstrip().upper().startswith("SELECT")]
    assert writing == []


def test_in_german(client: Client, credential: Credential) -> None:
    value = carried(hand_over(client, ("a.json", credential.text.encode())))
    client.cookies["django_language"] = "de"
    answer = client.post("/verify/receipt", {"receipt": value, "as": "csv"})
    assert b"Echt" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_too_often(client: Client, alice: Account) -> None:
    answers = [hand_over(client, ("x.json", b"{}")).status_code for _ in range(visitors.MOST_FILES + 1)]
    assert answers == [*[200] * visitors.MOST_FILES, 429]
