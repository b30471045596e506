"""What a certificate states comes from the document."""

from __future__ import annotations

from datetime import date

import pytest

from laurea.credentials.errors import RenderingError
from laurea.rendering.statement import Statement, statement


def test_reads_the_document(document):
    assert statement(document()) == Statement(
        holder="Anna Lindqvist",
        achievement="Safe Handling of Personal Data",
        kind="Course",
        issuer="Acme GmbH",
        awarded=date(2026, 11, 23),
        expires=date(2028, 11, 23),
        description="Recognises personal data and acts within the hour when something goes wrong.",
        skills=("Data protection", "Incident response"),
    )


def test_tags_stand_in_where_no_skill_is_named(document):
    tagged = document()
    del tagged["credentialSubject"]["achievement"]["alignment"]
    assert statement(tagged).skills == ("GDPR",)


def test_awarded_date_goes_before_valid_from(document):
    assert statement(document() | {"awardedDate": "2026-10-01T00:00:00Z"}).awarded == date(2026, 10, 1)


def test_composes_characters_and_collapses_blanks(document):
    assert statement(document("  Zoe\u0308 \n Müller ")).holder == "Zoë Müller"


def test_long_description_ends_with_a_sentence_or_an_ellipsis(document):
    long = document()
    long["credentialSubject"]["achievement"]["description"] = "A sentence that is long enough to matter here. " * 9
    assert statement(long).description.endswith("here.")
    long["credentialSubject"]["achievement"]["description"] = "word " * 99
    assert statement(long).description.endswith("word …")
    assert len(statement(long).description) <= 242


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ({"credentialSubject": None}, "/credentialSubject"),
        ({"credentialSubject": [1]}, "/credentialSubject"),
        ({"credentialSubject": {"achievement": {"name": "X"}}}, "/credentialSubject/identifier"),
        ({"credentialSubject": {"name": "Al", "achievement": 3}}, "/credentialSubject/achievement"),
        ({"credentialSubject": {"name": "Al", "achievement": {}}}, "/credentialSubject/achievement/name"),
        ({"issuer": "did:web:acme.example"}, "/issuer/name"),
        ({"validFrom": "soon"}, "/validFrom"),
        ({"validFrom": None}, "/validFrom"),
        ({"validUntil": 5}, "/validUntil"),
    ],
)
def test_what_lacks_is_named(damage, named, document):
    with pytest.raises(RenderingError) as raised:
        statement(document() | damage)
    assert raised.value.code == "rendering.not-printable"
    assert named in raised.value.message
