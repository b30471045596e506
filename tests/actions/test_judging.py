"""Judging what strangers hand over, where this installation's own names are at stake."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from tests.credentials import foreign_tokens

from laurea.actions import judging
from laurea.actions.verifying import Source
from laurea.credentials.document import serialise
from laurea.credentials.verification import Verdict
from laurea.records.models import Issuer

from .conftest import HOST, Served, answer

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", ["{}", " {} ", "{}."])
def test_another_domain_cannot_pass_for_an_issuer_of_this_installation(server: Served, acme: Issuer, name: str) -> None:
    did = f"did:web:{HOST}%3A{server.port}"
    document = foreign_tokens.did_document(foreign_tokens.P256, did=did)
    server.answers["/.well-known/did.json"] = answer(json.dumps(document).encode())
    token = foreign_tokens.token(foreign_tokens.P256, did, kid=f"{did}#k", name=name.format(acme.name.upper()))
    judged = judging.judge_file(token.encode(), now=NOW, ways=server.ways)
    assert judged.verified.verdict is Verdict.ISSUER_UNKNOWN
    report = judged.verified.report
    assert report is not None
    [check] = [check for check in report.checks if check.id == "issuer"]
    assert check.message == "issuer.namesake"
    assert check.parameters == {"domain": f"{HOST}:{server.port}", "issuer": acme.name}
    other = foreign_tokens.token(foreign_tokens.P256, did, kid=f"{did}#k", name="Another Academy")
    assert judging.judge_file(other.encode(), now=NOW, ways=server.ways).verified.verdict is Verdict.GENUINE


def test_an_open_badge_2_is_followed_and_never_to_this_installation(server: Served, acme: Issuer) -> None:
    context = "https://w3id.org/openbadges/v2"
    own = "https://badges.example.com/issuers/x.json"
    assertion = {
        "@context": context,
        "type": "Assertion",
        "id": server.url("/a"),
        "recipient": {"type": "email", "hashed": False, "identity": "ada@example.org"},
        "badge": server.url("/b"),
        "issuedOn": "2020-01-01T00:00:00Z",
        "verification": {"type": "hosted"},
    }
    badge = {"@context": context, "type": "BadgeClass", "name": "First Aid", "issuer": own}
    for path, document in (("/a", assertion), ("/b", badge)):
        server.answers[path] = answer(json.dumps(document).encode())
    judged = judging.judge_file(serialise(dict(assertion)).encode(), now=NOW, ways=server.ways)
    assert judged.verified.verdict is Verdict.CANNOT_TELL
    report = judged.verified.report
    assert report is not None
    assert {check.id: check.detail for check in report.checks}["issuer"] == judging.NOT_HERE


def badge_of(server: Served, path: str) -> Source:
    """A token of an issuer whose keys stand at `path` of the server."""
    did = f"did:web:{HOST}%3A{server.port}:{path}"
    document = foreign_tokens.did_document(foreign_tokens.P256, did=did)
    server.answers[f"/{path}/did.json"] = answer(json.dumps(document).encode())
    token = foreign_tokens.token(foreign_tokens.P256, did, kid=f"{did}#k", name=path)
    return Source(path, token.encode)


def test_many_are_judged_in_their_order_and_each_issuer_is_asked_once(server: Served, acme: Issuer) -> None:
    one, two = badge_of(server, "one"), badge_of(server, "two")
    sources = [one, Source("none", lambda: b"no badge"), two, one]
    server.asked.clear()
    judged = list(judging.judge_all(sources, now=NOW, ways=server.ways))
    assert [each.verified.name for each in judged] == ["one", "none", "two", "one"]
    genuine = Verdict.GENUINE
    assert [each.verified.verdict for each in judged] == [genuine, Verdict.MALFORMED, genuine, genuine]
    assert sorted(path for path, _ in server.asked) == ["/one/did.json", "/two/did.json"]


def test_a_crowd_of_issuers_is_not_asked(server: Served, acme: Issuer) -> None:
    sources = [badge_of(server, f"issuer-{number}") for number in range(5)]
    server.asked.clear()
    judged = list(judging.judge_all(sources, now=NOW, most_asked=3, ways=server.ways))
    assert [each.verified.verdict for each in judged] == [*[Verdict.GENUINE] * 3, *[Verdict.CANNOT_TELL] * 2]
    report = judged[-1].verified.report
    assert report is not None
    assert any(judging.TOO_MANY in check.detail for check in report.checks)
    assert len(server.asked) == 3
