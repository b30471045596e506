"""Open Badges 3.0 values: what they write, what they refuse and how they say so; and the check of documents."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurea.credentials import keys, proof
from laurea.credentials.data_loss import is_absolute_iri
from laurea.credentials.document import Document
from laurea.credentials.errors import VocabularyError
from laurea.credentials.keys import SigningKey
from laurea.credentials.moments import format_moment, parse_day, parse_moment
from laurea.credentials.vocabulary import (
    ACHIEVEMENT_TYPES,
    Achievement,
    AchievementCredential,
    AchievementSubject,
    Address,
    Alignment,
    BitstringStatusListEntry,
    Criteria,
    EndorsementCredential,
    EndorsementSubject,
    Evidence,
    GeoCoordinates,
    IdentifierEntry,
    IdentityObject,
    Image,
    Profile,
    Related,
    Result,
    ResultDescription,
    RubricCriterionLevel,
    check,
    class_of,
    email_identity,
    holder_name,
    identity_hash,
    name_identity,
    names_email,
    terms,
)

BERLIN = timezone(timedelta(hours=2))
ISSUED = datetime(2026, 5, 31, 11, 30, tzinfo=BERLIN)
SALT = "c2FsdHNhbHRzYWx0c2FsdA"
KEY = SigningKey.from_seed(bytes(range(32)))
DID = "did:web:badges.example.org"


def achievement(**changes: Any) -> Achievement:
    members: dict[str, Any] = {
        "id": "urn:uuid:5a2f1a57-3b1c-4d7b-8a55-1f5d0d9a8b22",
        "name": "First Aid",
        "description": "Can help in the first minutes",
        "criteria": Criteria(narrative="Attended both days"),
    }
    return Achievement(**members | changes)


def credential(**changes: Any) -> AchievementCredential:
    members: dict[str, Any] = {
        "id": "urn:uuid:0f6b3f5e-6c1b-4a8e-9d57-0f1d5f6f2c11",
        "issuer": Profile(id=DID, name="Example Academy"),
        "valid_from": ISSUED,
        "credential_subject": AchievementSubject(achievement=achievement(), identifier=(name_identity("Ada"),)),
    }
    return AchievementCredential(**members | changes)


def rich_credential() -> AchievementCredential:
    """Every value, and every member of most."""
    image = Image(id="https://badges.example.org/first-aid.png", caption="A white cross")
    alignment = Alignment(
        target_name="give first aid",
        target_url="http://data.europa.eu/esco/skill/1f1d2ff8",
        target_code="1f1d2ff8",
        target_description="Administer first aid",
        target_framework="ESCO",
        target_type="ext:esco.skill",
    )
    issuer = Profile(
        id=DID,
        name="Example Academy",
        url="https://example.org/",
        email="badges@example.org",
        image=image,
        address=Address(
            address_country="Germany", address_country_code="DE", geo=GeoCoordinates(latitude=48.1, longitude=11)
        ),
        other_identifier=(IdentifierEntry(identifier="42", identifier_type="sourcedId"),),
        parent_org=Profile(id="https://example.org/group", name="Group"),
        date_of_birth=date(1990, 1, 31),
    )
    level = RubricCriterionLevel(id="urn:uuid:1", name="Good", level="2", points="5", alignment=(alignment,))
    result_description = ResultDescription(
        id="urn:uuid:2",
        name="Grade",
        result_type="LetterGrade",
        allowed_value=("C", "B", "A"),
        required_value="B",
        rubric_criterion_level=(level,),
        value_max="A",
    )
    earned = achievement(
        achievement_type="Course",
        alignment=(alignment,),
        creator=Profile(id="https://example.net/creator"),
        credits_available=2.5,
        image=image,
        in_language="de-DE",
        related=(Related(id="urn:uuid:3", in_language="en", version="2"),),
        result_description=(result_description,),
        tag=("health", "rescue"),
    )
    subject = AchievementSubject(
        achievement=earned,
        id="did:example:ada",
        identifier=(name_identity("Ada Łovelace"), email_identity("ada@example.org", SALT)),
        activity_start_date=ISSUED - timedelta(2),
        activity_end_date=ISSUED,
        credits_earned=2,
        result=(Result(value="A", result_description="urn:uuid:2", status="Completed"),),
        role="Learner",
    )
    return credential(
        issuer=issuer,
        credential_subject=subject,
        name="First Aid",
        image=image,
        awarded_date=ISSUED,
        valid_until=ISSUED.replace(year=2028),
        evidence=(Evidence(id="https://example.org/photo", narrative="A photo", genre="Photo"),),
        credential_status=BitstringStatusListEntry("https://badges.example.org/status/1", "94567"),
    )


def refused(make: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(VocabularyError) as caught:
        make()
    return caught.value.code, caught.value.message


# Values


def test_a_small_credential_is_written_without_what_is_absent() -> None:
    assert credential().to_document() == {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:0f6b3f5e-6c1b-4a8e-9d57-0f1d5f6f2c11",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": DID, "type": ["Profile"], "name": "Example Academy"},
        "validFrom": "2026-05-31T11:30:00+02:00",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "urn:uuid:5a2f1a57-3b1c-4d7b-8a55-1f5d0d9a8b22",
                "type": ["Achievement"],
                "name": "First Aid",
                "description": "Can help in the first minutes",
                "criteria": {"narrative": "Attended both days"},
            },
            "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": "Ada", "identityType": "name"}],
        },
    }


def test_a_rich_credential_is_well_formed_and_can_be_signed() -> None:
    document = rich_credential().to_document()
    assert check(document) == []
    signed = proof.sign(
        document, KEY, verification_method=keys.verification_method(DID, KEY.verification_key), created=ISSUED
    )
    assert check(signed) == []
    assert document["credentialStatus"] == {
        "id": "https://badges.example.org/status/1#94567",
        "type": "BitstringStatusListEntry",
        "statusListCredential": "https://badges.example.org/status/1",
        "statusListIndex": "94567",
        "statusPurpose": "revocation",
    }


def test_an_endorsement_is_well_formed_and_carried_as_it_was_signed() -> None:
    value = EndorsementCredential(
        id="urn:uuid:4",
        name="In good standing",
        issuer=Profile(id="did:web:accreditor.example.net"),
        valid_from=ISSUED,
        credential_subject=EndorsementSubject(id=DID, endorsement_comment="Audited"),
    )
    assert check(value.to_document()) == []
    method = keys.verification_method("did:web:accreditor.example.net", KEY.verification_key)
    signed = proof.sign(value.to_document(), KEY, verification_method=method, created=ISSUED)
    for holder in (credential(endorsement=(signed,)), achievement(endorsement=(signed,))):
        assert holder.to_document()["endorsement"] == [signed]
    unsigned = value.to_document()
    for wrong in (unsigned, {**signed, "type": ["VerifiableCredential"]}, {**signed, "name": 7}, {}):
        assert refused(lambda wrong=wrong: credential(endorsement=(wrong,)))[0] == "vocabulary.endorsement"


def test_values_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        credential().name = "Other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("make", "code", "message"),
    [
        (lambda: achievement(name=""), "vocabulary.missing", "Achievement.name is empty"),
        (lambda: achievement(name=" \n"), "vocabulary.missing", "Achievement.name is blank"),
        (lambda: achievement(name="\ud800"), "vocabulary.value", "Achievement.name has half of a character"),
        (lambda: achievement(name=7), "vocabulary.value", "Achievement.name must be text, not 7"),
        (lambda: achievement(id="first-aid"), "vocabulary.uri", "Achievement.id is not an absolute identifier"),
        (
            lambda: achievement(achievement_type="Seminar"),
            "vocabulary.value",
            "Achievement.achievementType must be one",
        ),
        (lambda: achievement(achievement_type="ext:a b"), "vocabulary.value", "Achievement.achievementType “ext:a b”"),
        (lambda: achievement(in_language="German"), "vocabulary.value", "Achievement.inLanguage must be a language"),
        (lambda: achievement(in_language="de-de"), "vocabulary.value", "Achievement.inLanguage must be a language"),
        (
            lambda: achievement(credits_available="3"),
            "vocabulary.value",
            "Achievement.creditsAvailable must be a number",
        ),
        (
            lambda: achievement(credits_available=True),
            "vocabulary.value",
            "Achievement.creditsAvailable must be a number",
        ),
        (lambda: achievement(tag=("a", "")), "vocabulary.missing", "Achievement.tag is blank"),
        (lambda: achievement(tag=(object(),)), "vocabulary.value", "Achievement.tag cannot be a object"),
        (Criteria, "vocabulary.rule", "Criteria: must have “id” or “narrative”"),
        (
            lambda: AchievementSubject(achievement=achievement()),
            "vocabulary.rule",
            "AchievementSubject: must have “id”",
        ),
        (
            lambda: Profile(id=DID, url="example.org"),
            "vocabulary.url",
            "Profile.url is not a web address: “example.org”",
        ),
        (lambda: Profile(id=DID, url="javascript:alert(1)"), "vocabulary.url", "Profile.url is not a web address"),
        (lambda: Profile(id=DID, url="https://a@b.example/"), "vocabulary.url", "Profile.url is not a web address"),
        (lambda: Profile(id=DID, email="nobody"), "vocabulary.email", "Profile.email is not an e-mail address"),
        (
            lambda: Alignment(target_name="n", target_url="urn:x:y"),
            "vocabulary.url",
            "Alignment.targetUrl is not a web address",
        ),
        (lambda: Result(status="Done"), "vocabulary.value", "Result.status must be one of Completed"),
        (
            lambda: BitstringStatusListEntry("https://example.org/s", "007"),
            "vocabulary.value",
            "BitstringStatusListEntry.statusListIndex must be a whole number",
        ),
        (
            lambda: credential(valid_from=datetime(2026, 5, 31)),  # noqa: DTZ001
            "vocabulary.moment",
            "“2026-05-31T00:00:00” has no time zone",
        ),
        (lambda: credential(valid_until=ISSUED), "vocabulary.period", "validUntil (2026-05-31T11:30:00+02:00) is not"),
        (lambda: email_identity("ada", SALT), "vocabulary.email", "“ada” is not an e-mail address"),
        (lambda: email_identity("a@b@c", SALT), "vocabulary.email", "“a@b@c” is not an e-mail address"),
        (lambda: email_identity("ada@example.org", "short"), "vocabulary.salt", "The salt is too short"),
        (lambda: name_identity(""), "vocabulary.missing", "IdentityObject.identityHash is empty"),
        (
            lambda: IdentityObject(True, "x", "shoeSize"),
            "vocabulary.value",
            "IdentityObject.identityType must be one of",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(make: Callable[[], object], code: str, message: str) -> None:
    found = refused(make)
    assert (found[0], found[1][: len(message)]) == (code, message)


def test_every_type_of_the_standard_is_accepted() -> None:
    assert len(ACHIEVEMENT_TYPES) == 31
    for name in (*ACHIEVEMENT_TYPES, "ext:WorkshopSeries", "ext:a.b_1"):
        assert check(credential_with(achievementType=name)) == []
        assert achievement(achievement_type=name).achievement_type == name


def credential_with(**members: Any) -> Document:
    document: Any = credential().to_document()
    document["credentialSubject"]["achievement"].update(members)
    return document


# Identity


def test_the_address_is_hashed_lower_cased_with_its_salt() -> None:
    identity = email_identity("  Ada@Example.ORG ", SALT)
    assert identity.identity_hash == identity_hash("ada@example.org", SALT)
    assert (identity.identity_type, identity.hashed, identity.salt) == ("emailAddress", True, SALT)
    assert "ada" not in str(identity.to_document()).lower().replace("emailaddress", "")


@given(st.emails())
def test_an_address_is_recognised_in_any_case(email: str) -> None:
    try:
        identity = email_identity(email, SALT).to_document()
    except VocabularyError:  # quoted or otherwise exotic
        return
    assert names_email(identity, email) is True
    assert names_email(identity, email.upper()) is (email.upper().lower() == email.lower())
    assert names_email(identity, "x" + email) is False


@pytest.mark.parametrize(
    "subject",
    [None, 7, [], {}, {"identifier": None}, {"identifier": [7]}, {"identifier": [{"identityType": "name"}]}],
    ids=str,
)
def test_a_nameless_credential_has_no_name(subject: Any) -> None:
    assert holder_name({"credentialSubject": subject}) is None


def test_the_holders_name_is_read_back() -> None:
    assert holder_name(rich_credential().to_document()) == "Ada Łovelace"
    hashed: Any = credential().to_document()
    hashed["credentialSubject"]["identifier"][0]["hashed"] = True
    assert holder_name(hashed) is None


# The check


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("name",), 7, "/name: must be text, not 7"),
        (("validFrom",), "2026-05-31", "/validFrom: “2026-05-31” is not a date and time with a time zone"),
        (("validUntil",), "2025-01-01T00:00:00Z", "/validUntil: must not be before validFrom"),
        (("type",), "OpenBadgeCredential", "/type: must be a list with “VerifiableCredential”"),
        (("proof",), {"type": "x"}, "/proof: must be a list, not an object"),
        (("credentialSubject",), [], "/credentialSubject: must be an object, not a list"),
        (
            ("credentialSubject", "identifier", 0, "hashed"),
            "no",
            "/credentialSubject/identifier/0/hashed: must be true",
        ),
        (("credentialSubject", "identifier", 0, "a/b~c"), 1, "/credentialSubject/identifier/0/a~1b~0c: has no meaning"),
        (
            ("credentialSubject", "achievement", "criteria"),
            {},
            "/credentialSubject/achievement/criteria: must have “id”",
        ),
        (("credentialSubject", "achievement", "id"), None, "/credentialSubject/achievement/id: must be text, not null"),
        (("issuer", "parentOrg"), {"type": ["Profile"]}, "/issuer/parentOrg: must have “id”"),
    ],
)
def test_the_check_names_place_and_remedy(path: tuple[str | int, ...], value: Any, problem: str) -> None:
    document: Any = copy.deepcopy(credential().to_document())
    holder = document
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = value
    [found] = [str(each) for each in check(document)]
    assert found[: len(problem)] == problem


def test_a_class_is_read_from_the_type() -> None:
    assert class_of({"type": ["VerifiableCredential", "AchievementCredential"]}) == "AchievementCredential"
    assert class_of({"type": ["VerifiableCredential", "OpenBadgeCredential"]}) == "AchievementCredential"
    assert class_of({"type": "EndorsementCredential"}) == "EndorsementCredential"
    assert [class_of({"type": value}) for value in (None, 7, [], [[]], {}, ["VerifiableCredential"])] == [None] * 6


def test_the_check_never_raises_and_is_bounded() -> None:
    organisation: Document = {}
    for _ in range(10_000):
        organisation = {"id": "urn:x:y", "type": ["Profile"], "parentOrg": organisation}
    assert "nested too deeply" in str(check({**credential().to_document(), "issuer": organisation})[-1])
    crowd = {**credential().to_document(), "evidence": [7] * 100_000}
    assert len(check(crowd)) == 50


# Moments


@given(
    st.datetimes(timezones=st.just(UTC) | st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))))
)
def test_a_moment_is_read_as_it_was_written(moment: datetime) -> None:
    assert parse_moment(format_moment(moment)) == moment
    assert parse_moment(format_moment(moment)).utcoffset() == moment.utcoffset()


def test_a_moment_keeps_its_time_zone_so_that_its_day_stays() -> None:
    assert format_moment(datetime(2026, 5, 31, 0, 30, tzinfo=BERLIN)) == "2026-05-31T00:30:00+02:00"
    assert format_moment(datetime(2026, 5, 31, tzinfo=UTC)) == "2026-05-31T00:00:00Z"
    assert parse_moment("2026-05-31T00:00:00.1234567Z").microsecond == 123_456


def test_a_zone_that_cannot_be_written_is_refused() -> None:
    for offset in (timedelta(hours=15), timedelta(minutes=53, seconds=28)):
        moment = datetime(2026, 5, 31, tzinfo=timezone(offset))
        assert refused(lambda moment=moment: format_moment(moment))[0] == "vocabulary.moment"


@pytest.mark.parametrize("text", ["2026-02-29", "2026-5-1", "31.05.2026", "", "2026-05-31T00:00:00Z", "٢٠٢٦-05-31"])
def test_what_is_no_day_is_refused(text: str) -> None:
    assert refused(lambda: parse_day(text))[0] == "vocabulary.day"
    assert parse_day("2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://example.org", True),
        ("HTTPS://Example.org:8443/ü/%20?a=1&b=/?#c", True),
        ("https://example.org#a", True),
        ("https://example.org/?tx_news[id]=5", False),
        ("https://example.org/100%", False),
        ("https://example.org/%zz", False),
        ("https://example.org/a#b#c", False),
        ("https://example.org/a b", False),
        ("https://", False),
    ],
)
def test_addresses_are_those_that_a_signature_covers(address: str, is_one: bool) -> None:
    """Browsers open more; of those it is said how to write them, before anything is issued."""
    assert bool(terms.HTTP_URL.fullmatch(address)) is is_one
    assert is_absolute_iri(address) is (is_one or address == "https://")
    assert ("%5B" in terms.how_to_write(address)) is ("[" in address or address.endswith(("%", "%zz")))
