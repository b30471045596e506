"""Whatever an achievement file and a row can say, what is issued follows 1EdTech's published JSON schema."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jsonschema import Draft201909Validator, FormatChecker

from laurea.actions import achievements, issuing
from laurea.actions.issuing import Order, Terms
from laurea.credentials import keys, proof
from laurea.credentials.document import Document, parse
from laurea.credentials.keys import SigningKey
from laurea.credentials.vocabulary import check

FULL = """\
[achievement]
id = "https://academy.example/achievements/law"
name = "Öffentliches „Recht“ & <b>"
description = "Knows \\"it\\"\\nby heart."
criteria = "Passed the *examination*."
criteria-url = "https://academy.example/law?a=1&b=ü#criteria"
type = "ext:own.type_1"
language = "de-AT"
tags = ["law", "law", "رأي"]
credits = 2.5
version = "2026-1"
field = "Law"
image-url = "https://academy.example/law.png"
validity = "24 months"
include = ["result", "hours", "evidence"]

[[skill]]
name = "advise on legal decisions"
url = "http://data.europa.eu/esco/skill/33a0e1dc-8f5e-4e7d-a8b2-37f7ad3d2a7d"
framework = "ESCO"
code = "33a0e1dc-8f5e-4e7d-a8b2-37f7ad3d2a7d"
description = "Advise judges."
type = "ext:esco"

[[skill]]
name = "advise on legal decisions"
url = "https://academy.example/skills/1"
type = "CFItem"

[issuer]
name = "Akademie"
url = "https://academy.example"
email = "badges@academy.example"
phone = "+43 1 23"
description = "Teaches law."
image-url = "https://academy.example/logo.png"
did = "did:web:academy.example%3A8443:badges"
base-url = "https://academy.example"
logo = "logo.svg"
logo-alt = "A tree"
"""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
KEY = SigningKey.from_seed(bytes(range(32)))
MOMENT = datetime(2026, 5, 31, 9, 30, tzinfo=UTC)
LEAST = Order(
    line=2,
    code="0000000000000000",
    identifier="urn:uuid:0b9e1e6e-6c3f-4b0e-8f67-0a4b9d6f2a11",
    salt="000102030405060708090a0b0c0d0e0f",
    name="Zoë “Z” 李小龍",
    awarded=date(2026, 5, 30),
)
MOST = replace(
    LEAST, email="Zoe@Example.org", employee_number="007", expires=date(2028, 5, 30), status_index=131_071,
    credits=0.1, result="97 %", evidence="https://academy.example/work/ü#7",
)  # fmt: skip


@pytest.fixture(scope="module")
def schema(conformance: Path) -> Draft201909Validator:
    text = (conformance / "schemas" / "ob_v3p0_achievementcredential_schema.json").read_text()
    return Draft201909Validator(json.loads(text), format_checker=FormatChecker())


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An achievement file with every key that becomes part of the signed document."""
    folder = tmp_path_factory.mktemp("full")
    (folder / "logo.svg").write_text(LOGO)
    (folder / "full.toml").write_text(FULL, encoding="utf-8")
    return folder / "full.toml"


def issued(path: Path, order: Order) -> Document:
    file = achievements.read(path)
    did = file.issuer.did or keys.did_key(KEY.verification_key)
    base_url = file.issuer.base_url
    terms = Terms(
        issuer=issuing.profile(file.issuer, did),
        achievement=issuing.achievement(file, file.identifier(did, base_url)),
        valid_from=MOMENT,
        status_list=f"{base_url}/status/1" if base_url else None,
        base_url=base_url,
    )
    document = issuing.credential(terms, order).to_document()
    return proof.sign(
        document, KEY, verification_method=keys.verification_method(did, KEY.verification_key), created=MOMENT
    )


def test_the_full_file_says_all_that_can_be_said() -> None:
    for table in ("achievement", "skill", "issuer"):
        lines = FULL.partition(f"{table}]")[2].partition("\n[")[0].splitlines()
        assert {line.partition(" =")[0] for line in lines if line} >= {*achievements.KEYS[table]}


@pytest.mark.parametrize("order", [LEAST, MOST], ids=["least", "most"])
def test_everything_that_can_be_said_follows_the_schema(
    schema: Draft201909Validator, full: Path, examples: Path, order: Order
) -> None:
    for path in (full, *sorted(examples.glob("*.toml"))):
        document = issued(path, order)
        assert [error.message for error in schema.iter_errors(document)] == []
        assert check(document) == []


def test_what_was_said_is_there(full: Path) -> None:
    text = json.dumps(issued(full, MOST), ensure_ascii=False)
    said = [line.partition(" = ")[2] for line in FULL.splitlines() if line.endswith('"')]
    unsigned = ('"24 months"', '"https://academy.example"', '"logo.svg"', '"A tree"')
    assert [value for value in said if value not in text and value not in unsigned] == []
    assert parse(text)["validUntil"] == "2028-05-30T23:59:59Z"
