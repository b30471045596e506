"""Open Badges 2.0: hosted, where the host is believed and nobody else, and signed."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from laurea.credentials import assertions, base64url
from laurea.credentials.verification import Materials, Needs, Outcome, Report, Verdict, needs, verify

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOST = "https://badges.example.org"
EVIL = "https://attacker.example"
ASSERTION: dict[str, Any] = {
    "@context": "https://w3id.org/openbadges/v2",
    "type": "Assertion",
    "id": f"{HOST}/assertions/1.json",
    "recipient": {
        "type": "email",
        "hashed": True,
        "salt": "Kosher",
        "identity": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
    },
    "badge": f"{HOST}/badges/1.json",
    "issuedOn": "2019-05-31T09:30:00Z",
    "image": f"{HOST}/pictures/1.png",
    "verification": {"type": "hosted"},
}
BADGE: dict[str, Any] = {
    "@context": "https://w3id.org/openbadges/v2",
    "type": "BadgeClass",
    "id": f"{HOST}/badges/1.json",
    "name": "First Aid",
    "description": "Can help in the first minutes",
    "image": f"{HOST}/pictures/badge.png",
    "criteria": f"{HOST}/criteria",
    "issuer": f"{HOST}/issuer.json",
}
ISSUER: dict[str, Any] = {
    "@context": "https://w3id.org/openbadges/v2",
    "type": "Issuer",
    "id": f"{HOST}/issuer.json",
    "name": "Example Academy",
    "url": HOST,
    "publicKey": f"{HOST}/key.json",
    "revocationList": f"{HOST}/revoked.json",
}
PRIVATE = rsa.generate_private_key(65537, 2048)
SHORT = rsa.generate_private_key(65537, 1024)  # noqa: S505 - to be refused
OTHER_PRIVATE = rsa.generate_private_key(65537, 2048)


def pem(key: rsa.RSAPrivateKey = PRIVATE) -> str:
    public = key.public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


KEY: dict[str, Any] = {
    "@context": "https://w3id.org/openbadges/v2",
    "type": "CryptographicKey",
    "id": f"{HOST}/key.json",
    "owner": f"{HOST}/issuer.json",
    "publicKeyPem": pem(),
}
REVOKED: dict[str, Any] = {"id": f"{HOST}/revoked.json", "type": "RevocationList", "revokedAssertions": []}
DOCUMENTS = {document["id"]: document for document in (ASSERTION, BADGE, ISSUER, KEY, REVOKED)}
SIGNED = ASSERTION | {"id": "urn:uuid:7c9", "verification": {"type": "signed", "creator": f"{HOST}/key.json"}}


def served(changes: Mapping[str, Any] | None = None, **more: Any) -> Materials:
    """What is at each address; None for what is not there."""
    found = {**DOCUMENTS, **(changes or {})}
    return Materials(documents={address: item for address, item in found.items() if item is not None}, **more)


def token(payload: Any = SIGNED, key: rsa.RSAPrivateKey = PRIVATE, header: Any = None) -> str:
    parts = [{"alg": "RS256", "typ": "JWT"} if header is None else header, payload]
    signed = ".".join(base64url.encode(json.dumps(part).encode()) for part in parts)
    return f"{signed}.{base64url.encode(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def judge(credential: Any = ASSERTION, materials: Materials | None = None, **options: Any) -> Report:
    return verify(credential, served() if materials is None else materials, now=NOW, **options)


def forced(report: Report) -> dict[str, str]:
    return {check.id: check.message for check in report.checks if check.leads_to is not None}


# Hosted


def test_a_hosted_badge_is_what_its_host_says() -> None:
    report = judge()
    assert (report.verdict, forced(report)) == (Verdict.GENUINE, {})
    assert [(check.id, check.outcome) for check in report.checks] == [
        ("format", Outcome.PASSED),
        ("structure", Outcome.PASSED),
        ("hosted", Outcome.PASSED),
        ("origin", Outcome.PASSED),
        ("badge", Outcome.PASSED),
        ("issuer", Outcome.PASSED),
        ("status", Outcome.PASSED),
        ("period", Outcome.PASSED),
        ("recipient", Outcome.NOT_APPLICABLE),
    ]
    assert report.checks[2].sentence == (
        "badges.example.org shows the same badge at this moment. "
        "It carries no signature: you trust whoever may write there."
    )
    assert report.claims == {
        "id": ASSERTION["id"],
        "name": "First Aid",
        "achievement": "First Aid",
        "issuer": ISSUER["id"],
        "issuerName": "Example Academy",
        "validFrom": ASSERTION["issuedOn"],
    }
    assert report.issuer == {"id": ISSUER["id"], "domain": "badges.example.org", "claimedName": "Example Academy"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("recipient", {**ASSERTION["recipient"], "identity": "ada@example.org", "hashed": False}),
        ("badge", f"{HOST}/badges/2.json"),
        ("badge", {**BADGE, "name": "Surgery"}),
        ("issuedOn", "2010-05-31T09:30:00Z"),
        ("expires", "2030-05-31T09:30:00Z"),
        ("narrative", "With honours"),
        ("evidence", "https://attacker.example/work"),
    ],
)
def test_a_file_that_says_something_else_was_altered(name: str, value: Any) -> None:
    report = judge(ASSERTION | {name: value})
    assert forced(report)["hosted"] == "hosted.differs"
    assert report.verdict is Verdict.ALTERED
    assert report.claims == {}


def test_a_file_may_be_written_otherwise() -> None:
    """Inside instead of by address, one value instead of a list of one, a picture that has moved."""
    for change in ({"badge": BADGE}, {"type": ["Assertion"]}, {"image": f"{HOST}/other.png"}, {"badge": {**BADGE}}):
        assert judge(ASSERTION | change).verdict is Verdict.GENUINE
    at_host = served({ASSERTION["id"]: ASSERTION | {"badge": BADGE, "narrative": "More"}})
    assert judge(ASSERTION, at_host).verdict is Verdict.GENUINE


def test_addresses_with_http_are_asked_over_https() -> None:
    plain = json.loads(json.dumps([ASSERTION, BADGE, ISSUER]).replace("https://badges", "http://badges"))
    materials = served(dict(zip(DOCUMENTS, plain, strict=False)))
    assert judge(plain[0], materials).verdict is Verdict.GENUINE
    assert needs(plain[0], materials).documents == tuple(DOCUMENTS)[:3]


@pytest.mark.parametrize(
    ("changes", "check", "message", "verdict"),
    [
        ({ASSERTION["id"]: None}, "hosted", "hosted.unavailable", Verdict.CANNOT_TELL),
        ({ASSERTION["id"]: {"a": "page"}}, "hosted", "hosted.unusable", Verdict.CANNOT_TELL),
        ({ASSERTION["id"]: BADGE}, "hosted", "hosted.unusable", Verdict.CANNOT_TELL),
        ({ASSERTION["id"]: ASSERTION | {"id": f"{HOST}/2"}}, "hosted", "hosted.unusable", Verdict.CANNOT_TELL),
        ({ASSERTION["id"]: ASSERTION | {"revoked": True}}, "status", "status.revoked", Verdict.REVOKED),
        ({ASSERTION["id"]: ASSERTION | {"revoked": "no"}}, "status", "status.revoked", Verdict.REVOKED),
        ({ASSERTION["id"]: {"id": ASSERTION["id"], "revoked": True}}, "status", "status.revoked", Verdict.REVOKED),
        ({ASSERTION["id"]: ASSERTION | {"expires": "2020-01-01T00:00:00Z"}}, "period", "period.expired",
         Verdict.EXPIRED),
        ({BADGE["id"]: None}, "badge", "badge.unavailable", Verdict.CANNOT_TELL),
        ({BADGE["id"]: {**BADGE, "type": "Issuer"}}, "badge", "badge.unusable", Verdict.CANNOT_TELL),
        ({ISSUER["id"]: None}, "origin", "origin.unavailable", Verdict.CANNOT_TELL),
        ({ISSUER["id"]: {**ISSUER, "name": 7}}, "badge", "badge.unusable", Verdict.CANNOT_TELL),
        ({ISSUER["id"]: {**ISSUER, "verification": {"startsWith": f"{HOST}/other/"}}}, "origin", "origin.failed",
         Verdict.ALTERED),
        ({ISSUER["id"]: {**ISSUER, "verification": {"allowedOrigins": "example.org"}}}, "origin", "origin.failed",
         Verdict.ALTERED),
    ],
)  # fmt: skip
def test_what_each_check_refuses(changes: dict[str, Any], check: str, message: str, verdict: Verdict) -> None:
    report = judge(ASSERTION, served(changes))
    assert {found.id: found.message for found in report.checks}[check] == message
    assert report.verdict is verdict


def test_a_stranger_cannot_speak_for_an_issuer() -> None:
    """An assertion at the attacker's host, with the real badge class of the real issuer."""
    forged = ASSERTION | {"id": f"{EVIL}/a.json"}
    report = judge(forged, served({f"{EVIL}/a.json": forged}))
    assert forced(report) == {"origin": "origin.failed"}
    assert report.verdict is Verdict.ALTERED


def test_a_profile_inside_is_not_believed() -> None:
    """Else a badge class anywhere could bring a profile that lets assertions lie anywhere."""
    profile = {**ISSUER, "verification": {"allowedOrigins": ["attacker.example"]}}
    forged = ASSERTION | {"id": f"{EVIL}/a.json", "badge": {**BADGE, "issuer": profile}}
    assert judge(forged, served({f"{EVIL}/a.json": forged})).verdict is Verdict.ALTERED


def test_a_stranger_that_takes_a_name_shows_its_own_domain() -> None:
    moved = json.loads(json.dumps(DOCUMENTS).replace(HOST, EVIL))
    report = judge(moved[f"{EVIL}/assertions/1.json"], Materials(documents=moved))
    assert {check.id: check.parameters for check in report.checks}["issuer"] == {"domain": "attacker.example"}
    assert report.issuer["domain"] == "attacker.example"


@pytest.mark.parametrize(
    ("policy", "address", "within"),
    [
        ({}, f"{HOST}/a", True),
        ({}, "https://BADGES.example.org/a", True),
        ({}, "https://badges.example.org:8443/a", False),
        ({}, "https://badges.example.org.attacker.example/a", False),
        ({"allowedOrigins": ["a.example", "https://b.example"]}, "https://b.example/x", True),
        ({"allowedOrigins": "a.example"}, "https://b.a.example/x", False),
        ({"startsWith": "https://a.example/x/"}, "https://a.example/x/1", True),
        ({"startsWith": "https://a.example"}, "https://a.example.attacker.example/x", False),
        ({"startsWith": "https://a.ex"}, "https://a.example/x", False),
        ({"startsWith": ["https://b.example", 7]}, "https://a.example/x", False),
        ({"startsWith": "https://a.example", "allowedOrigins": "b.example"}, "https://a.example/x", False),
        (7, f"{HOST}/a", True),
    ],
)
def test_where_assertions_may_lie(policy: Any, address: str, within: bool) -> None:
    assert assertions.is_within(address, {"verification": policy}, ISSUER["id"]) is within


@pytest.mark.parametrize(
    ("person", "outcome"),
    [("a@example.com", "recipient.passed"), (" A@Example.com ", "recipient.passed"), ("b@x.org", "recipient.failed")],
)
def test_the_recipient(person: str, outcome: str) -> None:
    report = judge(recipient=person)
    assert {check.id: check.message for check in report.checks}["recipient"] == outcome
    md5 = ASSERTION | {"recipient": {**ASSERTION["recipient"], "identity": "md5$" + "0" * 32}}
    unclear = judge(md5, served({ASSERTION["id"]: md5}), recipient=person)
    assert {check.id: check.message for check in unclear.checks}["recipient"] == "recipient.unknown"
    assert unclear.verdict is Verdict.CANNOT_TELL


# Malformed


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"@context": "https://w3id.org/openbadges/v1"}, "structure.older-assertion"),
        ({"@context": ["https://w3id.org/openbadges/v2", "https://example.org/"]}, "terms.contexts"),
        ({"@context": {"badge": "https://example.org/"}}, "terms.contexts"),
        ({"type": "Badge"}, "structure.assertion-failed"),
        ({"recipient": "a@example.com"}, "structure.assertion-failed"),
        ({"issuedOn": 7}, "structure.assertion-failed"),
        ({"issuedOn": "2019-05-31"}, "structure.assertion-failed"),
        ({"badge": "file:///etc/passwd"}, "structure.assertion-failed"),
        ({"id": "urn:uuid:1"}, "structure.assertion-failed"),
        ({"verification": {"type": "trusted"}}, "structure.assertion-failed"),
        ({"verification": {"type": ["hosted", "signed"]}}, "structure.assertion-failed"),
        ({"verification": {"type": "signed"}}, "structure.unsigned"),
    ],
)
def test_what_is_no_proper_assertion(change: dict[str, Any], message: str) -> None:
    report = judge(ASSERTION | change)
    assert forced(report)["structure"] == message
    assert report.verdict is Verdict.MALFORMED


def test_a_hosted_assertion_in_a_token_is_malformed() -> None:
    assert judge(token(ASSERTION)).verdict is Verdict.MALFORMED


# Signed


def test_a_signed_badge() -> None:
    report = judge(token())
    assert (report.verdict, forced(report)) == (Verdict.GENUINE, {})
    assert report.claims["issuerName"] == "Example Academy"
    without_creator = SIGNED | {"verification": {"type": "SignedBadge"}}
    assert judge(token(without_creator)).verdict is Verdict.GENUINE
    inside = served({ISSUER["id"]: {**ISSUER, "publicKey": [KEY]}, KEY["id"]: None})
    assert judge(token(), inside).verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    ("text", "changes", "check", "message"),
    [
        (token(key=OTHER_PRIVATE), {}, "proof.1", "proof.failed"),
        (token(header={"alg": "ES256"}), {}, "proof.1", "proof.unsupported"),
        (token(header={"alg": "PS256"}), {}, "proof.1", "proof.unsupported"),
        (token(header={"alg": "none"}), {}, "format", "format.failed"),
        (token(header={"alg": "HS256"}), {}, "format", "format.failed"),
        (token(header={"alg": "RS256", "jku": f"{EVIL}/keys"}), {}, "format", "format.failed"),
        (token(header={"alg": "RS256", "x5u": f"{EVIL}/keys"}), {}, "format", "format.failed"),
        (token(header={"alg": "RS256", "crit": ["b64"], "b64": False}), {}, "format", "format.failed"),
        (token(), {KEY["id"]: None}, "issuer-key", "issuer-key.unavailable"),
        (token(), {ISSUER["id"]: None}, "issuer-key", "issuer-key.unavailable"),
        (token(), {ISSUER["id"]: {**ISSUER, "publicKey": f"{HOST}/other"}}, "issuer-key", "issuer-key.not-listed"),
        (token(), {KEY["id"]: {**KEY, "owner": f"{EVIL}/issuer.json"}}, "issuer-key", "issuer-key.foreign"),
        (token(), {KEY["id"]: {**KEY, "publicKeyPem": "x"}}, "issuer-key", "issuer-key.unusable"),
        (token(), {KEY["id"]: {**KEY, "publicKeyPem": pem(SHORT)}},
         "issuer-key", "issuer-key.unusable"),
        (token(SIGNED | {"verification": {"type": "signed", "creator": f"{EVIL}/key.json"}}, OTHER_PRIVATE),
         {f"{EVIL}/key.json": {**KEY, "id": f"{EVIL}/key.json", "publicKeyPem": pem(OTHER_PRIVATE)}},
         "issuer-key", "issuer-key.not-listed"),
        (token(), {REVOKED["id"]: None}, "status", "status.unavailable"),
        (token(), {REVOKED["id"]: {**REVOKED, "revokedAssertions": "none"}}, "status", "status.unreadable"),
        (token(), {REVOKED["id"]: {**REVOKED, "issuer": f"{EVIL}/i"}}, "status", "status.unreadable"),
        (token(), {REVOKED["id"]: {**REVOKED, "revokedAssertions": [SIGNED["id"]]}}, "status", "status.revoked"),
        (token(), {REVOKED["id"]: {**REVOKED, "revokedAssertions": [{"id": SIGNED["id"]}]}}, "status",
         "status.revoked"),
        (token(SIGNED | {"uid": "u1"}), {REVOKED["id"]: {**REVOKED, "revokedAssertions": [{"uid": "u1"}]}},
         "status", "status.revoked"),
        (token(SIGNED | {"expires": "2020-01-01T00:00:00Z"}), {}, "period", "period.expired"),
    ],
    ids=range(22),
)  # fmt: skip
def test_what_each_check_of_a_signed_badge_refuses(text: str, changes: Any, check: str, message: str) -> None:
    report = judge(text, served(changes))
    assert forced(report)[check] == message
    assert report.verdict is not Verdict.GENUINE


def test_a_changed_token_is_altered() -> None:
    head, payload, signature = token().split(".")
    other = base64url.encode(json.dumps(SIGNED | {"issuedOn": "2010-01-01T00:00:00Z"}).encode())
    assert judge(f"{head}.{other}.{signature}").verdict is Verdict.ALTERED
    assert payload != other


# What must be known


def test_documents_are_asked_for_as_they_become_known() -> None:
    known: dict[str, Any] = {}
    asked = []
    for _ in range(4):
        wanted = needs(token(), Materials(documents=known))
        assert wanted.grows
        asked.append(wanted.documents)
        known |= {address: DOCUMENTS[address] for address in wanted.documents}
    assert asked[0] == (BADGE["id"], KEY["id"])
    assert set(asked[-1]) == {BADGE["id"], ISSUER["id"], KEY["id"], REVOKED["id"]}


def test_nothing_but_https_is_ever_asked_for() -> None:
    odd = ASSERTION | {"id": "ftp://a/b", "badge": {"id": "file:///etc/passwd", "issuer": "https://user@a.example/"}}
    assert needs(odd) == Needs(grows=True)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for name, child in children for place in ((*path, name), *places(child, (*path, name)))]


@given(st.sampled_from(places(DOCUMENTS)), values, st.booleans())
@settings(max_examples=300, deadline=None)
def test_whatever_the_hosts_say_gives_a_report(place: tuple[Any, ...], value: Any, signed: bool) -> None:
    documents = copy.deepcopy(DOCUMENTS)
    holder: Any = documents
    for name in place[:-1]:
        holder = holder[name]
    holder[place[-1]] = value
    report = judge(token() if signed else ASSERTION, Materials(documents={
        address: item for address, item in documents.items() if isinstance(item, dict)
    }), recipient="a@example.com")  # fmt: skip
    assert json.dumps(report.in_language("de").to_json())


@given(st.sampled_from(places(ASSERTION)), values)
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_a_file_is_no_more_than_its_host_says(place: tuple[Any, ...], value: Any) -> None:
    document = copy.deepcopy(ASSERTION)
    holder: Any = document
    for name in place[:-1]:
        holder = holder[name]
    holder[place[-1]] = value
    report = judge(document)
    assert json.dumps(report.to_json())
    if report.verdict is Verdict.GENUINE:
        assert report.claims == judge().claims
