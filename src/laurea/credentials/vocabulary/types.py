"""Open Badges 3.0 as frozen values. `to_document()` gives the unsigned JSON; making one checks it.

Names are the standard's (https://www.imsglobal.org/spec/ob/v3p0, section B) in snake_case. Moments are `datetime` with
a time zone. An endorsement is carried as the signed document it is, because signed text is never rebuilt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from laurea.credentials.document import Document
from laurea.credentials.errors import VocabularyError
from laurea.credentials.vocabulary import terms
from laurea.credentials.vocabulary.check import SHAPES, class_of
from laurea.credentials.vocabulary.part import Part
from laurea.credentials.vocabulary.rules import LEVELS


@dataclass(frozen=True, slots=True)
class Image(Part):
    """A picture by address; `id` may be a ``data:`` address that holds the picture itself."""

    SHAPE: ClassVar[str] = "Image"
    TYPE: ClassVar[str] = "Image"

    id: str
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class IdentifierEntry(Part):
    """A further name of a thing in somebody's system."""

    SHAPE: ClassVar[str] = "IdentifierEntry"
    TYPE: ClassVar[str] = "IdentifierEntry"

    identifier: str
    identifier_type: str


@dataclass(frozen=True, slots=True)
class GeoCoordinates(Part):
    """Degrees, WGS 84."""

    SHAPE: ClassVar[str] = "GeoCoordinates"
    TYPE: ClassVar[str] = "GeoCoordinates"

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Address(Part):
    """A postal address; `address_country_code` in ISO 3166-1 alpha-2."""

    SHAPE: ClassVar[str] = "Address"
    TYPE: ClassVar[tuple[str, ...]] = ("Address",)

    address_country: str | None = None
    address_country_code: str | None = None
    address_region: str | None = None
    address_locality: str | None = None
    street_address: str | None = None
    post_office_box_number: str | None = None
    postal_code: str | None = None
    geo: GeoCoordinates | None = None


@dataclass(frozen=True, slots=True)
class Profile(Part):
    """An organisation or a person; as an issuer, `id` is its DID."""

    SHAPE: ClassVar[str] = "Profile"
    TYPE: ClassVar[tuple[str, ...]] = ("Profile",)

    id: str
    name: str | None = None
    url: str | None = None
    phone: str | None = None
    description: str | None = None
    endorsement: tuple[Document, ...] = ()
    image: Image | None = None
    email: str | None = None
    address: Address | None = None
    other_identifier: tuple[IdentifierEntry, ...] = ()
    official: str | None = None
    parent_org: Profile | None = None
    family_name: str | None = None
    given_name: str | None = None
    additional_name: str | None = None
    patronymic_name: str | None = None
    honorific_prefix: str | None = None
    honorific_suffix: str | None = None
    family_name_prefix: str | None = None
    date_of_birth: date | None = None

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        _require_endorsements(self.endorsement)


@dataclass(frozen=True, slots=True)
class Criteria(Part):
    """What had to be done: a text (Markdown), or the address of one, or both."""

    SHAPE: ClassVar[str] = "Criteria"

    id: str | None = None
    narrative: str | None = None


@dataclass(frozen=True, slots=True)
class Alignment(Part):
    """A node of a framework of skills or courses, such as an ESCO concept."""

    SHAPE: ClassVar[str] = "Alignment"
    TYPE: ClassVar[tuple[str, ...]] = ("Alignment",)

    target_name: str
    target_url: str
    target_code: str | None = None
    target_description: str | None = None
    target_framework: str | None = None
    target_type: str | None = None


@dataclass(frozen=True, slots=True)
class RubricCriterionLevel(Part):
    """One level of a rubric."""

    SHAPE: ClassVar[str] = "RubricCriterionLevel"
    TYPE: ClassVar[tuple[str, ...]] = ("RubricCriterionLevel",)

    id: str
    name: str
    alignment: tuple[Alignment, ...] = ()
    description: str | None = None
    level: str | None = None
    points: str | None = None


@dataclass(frozen=True, slots=True)
class ResultDescription(Part):
    """A result that can be reached; `allowed_value` is ordered from low to high."""

    SHAPE: ClassVar[str] = "ResultDescription"
    TYPE: ClassVar[tuple[str, ...]] = ("ResultDescription",)

    id: str
    name: str
    result_type: str
    alignment: tuple[Alignment, ...] = ()
    allowed_value: tuple[str, ...] = ()
    required_level: str | None = None
    required_value: str | None = None
    rubric_criterion_level: tuple[RubricCriterionLevel, ...] = ()
    value_max: str | None = None
    value_min: str | None = None


@dataclass(frozen=True, slots=True)
class Related(Part):
    """Another edition of an achievement."""

    SHAPE: ClassVar[str] = "Related"
    TYPE: ClassVar[tuple[str, ...]] = ("Related",)

    id: str
    in_language: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Achievement(Part):
    """What can be earned."""

    SHAPE: ClassVar[str] = "Achievement"
    TYPE: ClassVar[tuple[str, ...]] = ("Achievement",)

    id: str
    name: str
    description: str
    criteria: Criteria
    achievement_type: str | None = None
    alignment: tuple[Alignment, ...] = ()
    creator: Profile | None = None
    credits_available: float | None = None
    endorsement: tuple[Document, ...] = ()
    field_of_study: str | None = None
    human_code: str | None = None
    image: Image | None = None
    in_language: str | None = None
    other_identifier: tuple[IdentifierEntry, ...] = ()
    related: tuple[Related, ...] = ()
    result_description: tuple[ResultDescription, ...] = ()
    specialization: str | None = None
    tag: tuple[str, ...] = ()
    version: str | None = None

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        _require_endorsements(self.endorsement)


@dataclass(frozen=True, slots=True)
class Result(Part):
    """A result that was reached."""

    SHAPE: ClassVar[str] = "Result"
    TYPE: ClassVar[tuple[str, ...]] = ("Result",)

    achieved_level: str | None = None
    alignment: tuple[Alignment, ...] = ()
    result_description: str | None = None
    status: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class IdentityObject(Part):
    """Who is meant: plainly (`hashed` false), or as a salted hash that only who knows the identifier can compare."""

    SHAPE: ClassVar[str] = "IdentityObject"
    TYPE: ClassVar[str] = "IdentityObject"

    hashed: bool
    identity_hash: str
    identity_type: str
    salt: str | None = None


@dataclass(frozen=True, slots=True)
class AchievementSubject(Part):
    """The holder, and what the holder achieved. `id`, or at least one `identifier`, must be given."""

    SHAPE: ClassVar[str] = "AchievementSubject"
    TYPE: ClassVar[tuple[str, ...]] = ("AchievementSubject",)

    achievement: Achievement
    id: str | None = None
    identifier: tuple[IdentityObject, ...] = ()
    activity_start_date: datetime | None = None
    activity_end_date: datetime | None = None
    credits_earned: float | None = None
    image: Image | None = None
    license_number: str | None = None
    narrative: str | None = None
    result: tuple[Result, ...] = ()
    role: str | None = None
    source: Profile | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence(Part):
    """What shows the achievement: an address (`id`) or a text."""

    SHAPE: ClassVar[str] = "Evidence"
    TYPE: ClassVar[tuple[str, ...]] = ("Evidence",)

    id: str | None = None
    narrative: str | None = None
    name: str | None = None
    description: str | None = None
    genre: str | None = None
    audience: str | None = None


@dataclass(frozen=True, slots=True)
class BitstringStatusListEntry(Part):
    """Where to see whether the credential was revoked: bit `status_list_index` of the list at that address."""

    SHAPE: ClassVar[str] = "BitstringStatusListEntry"
    TYPE: ClassVar[str] = "BitstringStatusListEntry"

    status_list_credential: str
    status_list_index: str
    status_purpose: str = "revocation"

    def to_document(self) -> Document:
        """`id` is the address of the list with the index as fragment: 1EdTech's schema asks for an `id`."""
        return {"id": f"{self.status_list_credential}#{self.status_list_index}", **Part.to_document(self)}


@dataclass(frozen=True, slots=True)
class AchievementCredential(Part):
    """One document for one holder, unsigned."""

    SHAPE: ClassVar[str] = "AchievementCredential"
    TYPE: ClassVar[tuple[str, ...]] = ("VerifiableCredential", "OpenBadgeCredential")

    id: str
    issuer: Profile
    valid_from: datetime
    credential_subject: AchievementSubject
    name: str | None = None
    description: str | None = None
    image: Image | None = None
    awarded_date: datetime | None = None
    valid_until: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    endorsement: tuple[Document, ...] = ()
    credential_status: BitstringStatusListEntry | None = None

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        _require_endorsements(self.endorsement)
        _require_order(self.valid_from, self.valid_until)

    def to_document(self) -> Document:
        """The document to sign, with its contexts first."""
        return {"@context": list(terms.CONTEXTS), **Part.to_document(self)}


@dataclass(frozen=True, slots=True)
class EndorsementSubject(Part):
    """What is endorsed, by its `id`, and what is said about it."""

    SHAPE: ClassVar[str] = "EndorsementSubject"
    TYPE: ClassVar[tuple[str, ...]] = ("EndorsementSubject",)

    id: str
    endorsement_comment: str | None = None


@dataclass(frozen=True, slots=True)
class EndorsementCredential(Part):
    """What somebody else says about an issuer, an achievement or a credential; unsigned."""

    SHAPE: ClassVar[str] = "EndorsementCredential"
    TYPE: ClassVar[tuple[str, ...]] = ("VerifiableCredential", "EndorsementCredential")

    id: str
    name: str
    issuer: Profile
    valid_from: datetime
    credential_subject: EndorsementSubject
    description: str | None = None
    awarded_date: datetime | None = None
    valid_until: datetime | None = None
    credential_status: BitstringStatusListEntry | None = None

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        _require_order(self.valid_from, self.valid_until)

    def to_document(self) -> Document:
        """The document to sign, with its contexts first."""
        return {"@context": list(terms.CONTEXTS), **Part.to_document(self)}


def _require_endorsements(documents: tuple[Document, ...]) -> None:
    for document in documents:
        if class_of(document) != "EndorsementCredential" or not document.get("proof"):
            raise VocabularyError("vocabulary.endorsement", "An endorsement must be a signed EndorsementCredential")
        for problem in SHAPES["EndorsementCredential"].problems(document, "", LEVELS):
            raise VocabularyError("vocabulary.endorsement", f"An endorsement is not well formed: {problem}")


def _require_order(valid_from: datetime, valid_until: datetime | None) -> None:
    if valid_until is not None and valid_until <= valid_from:
        raise VocabularyError(
            "vocabulary.period",
            f"validUntil ({valid_until.isoformat()}) is not after validFrom ({valid_from.isoformat()})",
            "A credential must be valid for some time; leave validUntil out if it never expires",
        )
