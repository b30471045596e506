"""The receipt as a document: tagged, archivable, with the signed text inside, whatever names files have."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from laurea.credentials import receipt
from laurea.credentials.document import serialise
from laurea.credentials.keys import SigningKey
from laurea.credentials.receipt import Receipt, Result
from laurea.credentials.verification import LANGUAGES, Verdict, messages
from laurea.rendering import receipt as drawing

KEY, NOW = SigningKey.from_seed(bytes(range(32))), datetime(2026, 11, 25, 10, 3, 5, 999, tzinfo=UTC)
CLAIMS = {
    "holder": "María del Carmen Fernández-Villaverde y Rodríguez de la Torre",
    "achievement": "Safe Handling of Personal Data",
    "issuer": "did:web:badges.example.org",
    "issuerName": "Acme GmbH",
    "validFrom": "2026-05-31T09:30:00Z",
    "validUntil": "2028-05-31T09:30:00+02:00",
}


def made(*results: Result) -> tuple[Receipt, bytes]:
    text = serialise(
        receipt.sign(
            results, KEY, identifier="urn:uuid:1", address="https://badges.example.org", software="Laurea 1", made=NOW
        )
    )
    return receipt.read(text), text.encode()


def drawn(*results: Result, language: str = "en", logged: str = "badges.example.org/log") -> PdfReader:
    signed, text = made(*results)
    data = drawing.pdf(signed, text=text, language=language, where="https://badges.example.org", logged=logged)
    assert data == drawing.pdf(signed, text=text, language=language, where="https://badges.example.org", logged=logged)
    reader = PdfReader(io.BytesIO(data))
    assert reader.attachments["receipt.json"] == [text]
    return reader


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).replace("\u200b", "").split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_is_said(language: str) -> None:
    results = [
        Result(
            f"{verdict.value}.pdf",
            verdict,
            NOW,
            file="0123abcd" * 8,
            claims=CLAIMS if verdict.value != "altered" else {},
        )
        for verdict in Verdict
    ]
    reader = drawn(*results, language=language)
    text = words(reader)
    for verdict in Verdict:
        assert f"{verdict.value}.pdf" in text
        assert messages.word(verdict.value, language) in text
        assert messages.verdict(verdict.value, language).rstrip(".") in text
    assert ("0123abcd" * 4) in text
    assert "María del Carmen" in text
    assert "https://badges.example.org/verify/receipt" in text
    assert KEY.verification_key.multikey in text.replace(" ", "")
    assert {"en": "Verification receipt", "de": "Prüfbeleg"}[language] in text
    assert {"en": "as it claims", "de": "nach eigener Angabe"}[language] in text
    assert ("31. Mai 2026" if language == "de" else "31 May 2026") in text


def test_it_is_archivable_and_tagged() -> None:
    reader = drawn(Result("a.pdf", Verdict.GENUINE, NOW, claims=CLAIMS))
    metadata = reader.xmp_metadata
    assert metadata is not None
    raw = metadata.stream.get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in raw
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in raw
    assert "<pdfuaid:part>1</pdfuaid:part>" in raw
    catalog = reader.root_object
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert str(reader.metadata.title if reader.metadata else "").startswith("Verification receipt")
    kinds = roles(catalog["/StructTreeRoot"])
    assert kinds >= {"/H1", "/H2", "/Table", "/THead", "/TH", "/TR", "/TD", "/Figure"}
    assert len(reader.pages) == 1


def roles(node: object) -> set[str]:
    """Every kind of element in the structure tree."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        item = waiting.pop()
        item = item.get_object() if hasattr(item, "get_object") else item
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            if "/S" in item:
                found.add(str(item["/S"]))
            waiting.append(item.get("/K"))
    return found


@pytest.mark.slow
def test_two_hundred_have_room() -> None:
    results = [Result(f"{number}.pdf", Verdict.GENUINE, NOW, file="ab" * 32, claims=CLAIMS) for number in range(200)]
    reader = drawn(*results)
    text = words(reader)
    assert "199.pdf" in text
    assert f"Page {len(reader.pages)} of {len(reader.pages)}" in text
    assert "judged 200 files and codes" in text


@pytest.mark.parametrize(
    "name",
    [
        '#import "x"; $x$ *bold* _it_ \\ @ref <label> // no',
        "badge 😀 \ue000.png",
        "x" * 150,
        "報告書_最終.pdf",
        "תעודה.pdf",
        "شهادة.pdf",
        "a\u200bb.pdf",
        "{page} {pages} {address}",
    ],
)
def test_names_are_text_and_nothing_else(name: str) -> None:
    result = Result(
        name, Verdict.GENUINE, NOW, claims={**CLAIMS, "holder": name, "achievement": name, "issuerName": name}
    )
    reader = drawn(result, replace(result, verdict=Verdict.ISSUER_UNKNOWN))
    assert len(reader.pages) >= 1
    if name.isascii() and "x" * 20 not in name:
        assert "".join(name.split()) in words(reader).replace(" ", "")


def test_one_that_somebody_else_signed_does_not_speak_of_the_log() -> None:
    ours, other = (words(drawn(Result("a.pdf", Verdict.GENUINE, NOW), logged=name)) for name in ("x.example/log", ""))
    assert "audit log x.example/log" in ours
    assert "audit log" not in other
    assert "judged what is listed below" in ours


def test_where_nothing_was_judged() -> None:
    text = words(drawn(Result("7K3M-9QXR-2V5T-8WHF", Verdict.CANNOT_TELL, NOW, problem="code.not-found")))
    assert "No credential could be read." in text
    text = words(drawn(Result("a", Verdict.GENUINE, NOW, claims=CLAIMS, current="https://badges.example.org/c/X")))
    assert "Replaced by a newer edition" in text
    assert "no longer the one that counts" in text.lower()
    assert "Genuine:" not in text  # nobody reads past the verdict
