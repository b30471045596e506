"""Designs that the package does not bring draw in a process of their own, the same as they would here."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from laurea.actions import designs
from laurea.actions.confining import Renderer, renderer
from laurea.credentials.errors import RenderingError
from laurea.rendering.certificate import Appearance, CertificateRenderer
from laurea.rendering.design import load_design

CODE = "7K3M9Q2X41TD8WVN"
MADE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def document(holder: str = "Anna Lindqvist") -> dict[str, object]:
    return {
        "issuer": {"id": "did:web:acme.example", "name": "Acme GmbH"},
        "validFrom": "2026-11-23T09:00:00+01:00",
        "credentialSubject": {
            "identifier": [{"identityType": "name", "hashed": False, "identityHash": holder}],
            "achievement": {"name": "Welding", "achievementType": "Course", "description": "Welds."},
        },
    }


def pdf(drawing: Renderer, holder: str = "Anna Lindqvist") -> bytes:
    return drawing.pdf(document(holder), credential_text=b"{}", code=CODE, address=None, made=MADE)


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A packaged design, copied to change it."""
    return designs.copy("minimal", tmp_path / "ours")


def test_a_copied_design_draws_what_the_packaged_one_does(ours: Path) -> None:
    here, confined = renderer(load_design("minimal"), Appearance()), renderer(load_design(ours), Appearance())
    assert isinstance(here, CertificateRenderer)
    assert not isinstance(confined, CertificateRenderer)
    assert pdf(confined) == pdf(here)
    pictures = [each.picture(document(), code=CODE, address=None, width=300) for each in (here, confined)]
    assert pictures[0] == pictures[1]


def test_errors_are_those_of_the_renderer(ours: Path) -> None:
    with pytest.raises(RenderingError) as raised:
        renderer(load_design(ours), Appearance(options={"motto": "x"}))
    assert raised.value.code == "rendering.appearance-invalid"
    confined = renderer(load_design(ours), Appearance())
    with pytest.raises(RenderingError) as raised:
        pdf(confined, "\U000f0000")
    assert raised.value.code == "rendering.missing-character"
    assert pdf(confined).startswith(b"%PDF")


def test_after_a_certificate_that_broke_it_the_next_is_drawn(ours: Path) -> None:
    opening = "#let certificate(said) = [\n"
    text = (ours / "design.typ").read_text("utf-8")
    assert opening in text
    breaking = '#if said.holder == "Eve" { cbor(bytes((0x9b,) + (0xff,) * 8)) }\n'
    (ours / "design.typ").write_text(text.replace(opening, opening + breaking), "utf-8")
    confined = renderer(load_design(ours), Appearance())
    with pytest.raises(RenderingError) as raised:
        pdf(confined, "Eve")
    assert raised.value.code == "rendering.design-broken"
    assert pdf(confined).startswith(b"%PDF")
