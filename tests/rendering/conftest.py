"""A document to print, and what to print it with."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from laurea.rendering.certificate import Appearance, CertificateRenderer, Signatory
from laurea.rendering.design import load_design
from laurea.rendering.palette import Colours
from laurea.rendering.picture import Picture

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><path fill="#17324d" d="M0 0h40v10H0z"/></svg>'
BADGE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="5" fill="#246"/></svg>'
CODE = "7K3M9Q2X41TD8WVN"
ADDRESS = f"https://learn.acme.example/c/{CODE}"
MADE = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def address() -> str:
    """Where the QR code of every printed certificate leads."""
    return ADDRESS


@pytest.fixture(scope="session")
def document() -> Callable[..., dict[str, object]]:
    """A credential's document, as far as a certificate reads it."""

    def make(holder: str = "Anna Lindqvist", achievement: str = "Safe Handling of Personal Data") -> dict[str, object]:
        return {
            "issuer": {"id": "did:web:acme.example", "name": "Acme GmbH"},
            "validFrom": "2026-11-23T09:00:00+01:00",
            "validUntil": "2028-11-23T09:00:00+01:00",
            "credentialSubject": {
                "identifier": [
                    {"identityType": "emailAddress", "hashed": True, "identityHash": "sha256$ab"},
                    {"identityType": "name", "hashed": False, "identityHash": holder},
                ],
                "achievement": {
                    "name": achievement,
                    "achievementType": "Course",
                    "description": "Recognises personal data and acts within the hour when something goes wrong.",
                    "alignment": [{"targetName": "Data protection"}, {"targetName": "Incident response"}],
                    "tag": ["GDPR"],
                },
            },
        }

    return make


@pytest.fixture(scope="session")
def renderer() -> Callable[..., CertificateRenderer]:
    """A renderer for a design, with logo, badge, colours and two signatories unless chosen otherwise."""

    def make(design: str | Path = "corporate", **choices: object) -> CertificateRenderer:
        whole: dict[str, object] = {
            "logo": Picture(LOGO),
            "badge": Picture(BADGE),
            "colours": Colours("#17324d", "#d9b45b"),
            "signatories": (
                Signatory("Dr. Johanna Weber", "Chief Learning Officer", Picture(LOGO)),
                Signatory("Martin Okafor", "Head of Data Protection"),
            ),
        }
        return CertificateRenderer(load_design(design), Appearance(**(whole | choices)))

    return make


@pytest.fixture(scope="session")
def pdf(
    renderer: Callable[..., CertificateRenderer],
) -> Callable[..., bytes]:
    """A printed certificate."""

    def make(
        document: dict[str, object],
        design: str | Path = "corporate",
        *,
        text: bytes = b"{}",
        address: str | None = ADDRESS,
        **choices: object,
    ) -> bytes:
        made_with = renderer(design, **choices)
        return made_with.pdf(document, credential_text=text, code=CODE, address=address, made=MADE)

    return make


@pytest.fixture(scope="session")
def pdftotext() -> Callable[..., str]:
    """What poppler reads from a PDF, without the marks it adds about direction."""

    def read(content: bytes, *options: str) -> str:
        done = subprocess.run(["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True)
        return done.stdout.decode().translate(dict.fromkeys(map(ord, "\u202a\u202b\u202c\u200e\u200f")))

    return read
