"""The files of a credential: the same bytes from the same order, each carrying the signed text."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from laurea.actions import achievements, artifacts, issuing
from laurea.actions.artifacts import Outcome, Setup, Studio
from laurea.actions.badges import badge_of
from laurea.actions.issuing import Order, Terms
from laurea.credentials import baking, keys, proof
from laurea.credentials.document import serialise
from laurea.credentials.errors import LaureaError
from laurea.credentials.keys import SigningKey
from laurea.rendering.design import load_design

KEY = SigningKey.from_seed(bytes(range(32)))
DID = keys.did_key(KEY.verification_key)
MOMENT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
ORDERS = [
    Order(
        line=line,
        code=f"000000000000000{line}",
        identifier=f"urn:uuid:0b9e1e6e-6c3f-4b0e-8f67-0a4b9d6f2a1{line}",
        salt=f"{line:032x}",
        name=name,
        email=f"person{line}@example.org",
        awarded=date(2026, 11, 20),
    )
    for line, name in enumerate(("Ada Lovelace", 'Zoë "Zo" O\'Neil', "李小龍", "محمد الخوارزمي"), 2)
]


@pytest.fixture(scope="module")
def terms() -> Terms:
    file = achievements.read(Path(__file__).parents[2] / "examples" / "minimal.toml")
    return Terms(
        issuer=issuing.profile(file.issuer, DID),
        achievement=issuing.achievement(file, "urn:example:1"),
        valid_from=MOMENT,
    )


@pytest.fixture
def setup(terms: Terms, examples: Path, tmp_path: Path) -> Setup:
    file = achievements.read(examples / "minimal.toml")
    badge = badge_of(file)
    return Setup(
        terms=terms,
        appearance=replace(file.appearance, badge=badge.picture()),
        badge=badge,
        design=load_design("minimal"),
        folder=tmp_path,
        key_pem=KEY.to_pem(),
        svg=True,
    )


def test_each_file_carries_the_signed_text(setup: Setup, terms: Terms) -> None:
    studio = Studio(setup)
    for order in ORDERS:
        files = studio.make(order)
        document = issuing.credential(terms, order).to_document()
        method = keys.verification_method(DID, KEY.verification_key)
        signed = proof.sign(document, KEY, verification_method=method, created=MOMENT)
        assert files["json"] == serialise(signed).encode()
        for ending in ("pdf", "png", "svg"):
            assert baking.extract(files[ending]).text == files["json"]


def test_the_same_order_gives_the_same_bytes_in_any_studio_and_any_sequence(setup: Setup) -> None:
    first, second = Studio(setup), Studio(setup)
    forwards = {order.code: first.make(order) for order in ORDERS}
    backwards = {order.code: second.make(order) for order in reversed(ORDERS)}
    assert forwards == backwards


def test_what_is_whole_is_kept_and_what_is_not_is_made_again(setup: Setup, tmp_path: Path) -> None:
    studio = Studio(setup)
    made = artifacts.issue(studio, ORDERS)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert len(before) == 4 * len(ORDERS)
    assert made == [
        Outcome(sha256=hashlib.sha256((tmp_path / f"{order.code}.json").read_bytes()).hexdigest()) for order in ORDERS
    ]
    (tmp_path / f"{ORDERS[1].code}.pdf").write_bytes(b"%PDF-1.7 half")
    again = artifacts.issue(studio, ORDERS)
    assert [outcome.kept for outcome in again] == [True, False, True, True]
    assert [outcome.sha256 for outcome in again] == [outcome.sha256 for outcome in made]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_order_that_fails_does_not_stop_the_others(setup: Setup, tmp_path: Path) -> None:
    bad = replace(ORDERS[1], name="Ada 🎓")
    outcomes = artifacts.issue(Studio(setup), [ORDERS[0], bad, ORDERS[2]])
    assert [outcome.error.code if outcome.error else None for outcome in outcomes] == [
        None,
        "rendering.missing-character",
        None,
    ]
    assert not list(tmp_path.glob(f"{bad.code}.*"))


def test_trying_out_writes_nothing(setup: Setup, tmp_path: Path) -> None:
    studio = Studio(setup)
    assert artifacts.try_out(studio, ORDERS) == []
    with pytest.raises(LaureaError):
        artifacts.try_out(studio, [replace(ORDERS[0], name="Ada 🎓")])
    assert list(tmp_path.iterdir()) == []
