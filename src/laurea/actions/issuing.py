"""Issuing: the one way to make a credential, whichever door asks for it.

What a batch has in common are its `Terms`, what is fixed for one holder an `Order`. A credential follows from both and
the key, byte for byte: no clock and no randomness here, so that a batch that was stopped can be continued.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from laurea.actions.achievements import AchievementFile, IssuerDetails
from laurea.credentials import keys, proof
from laurea.credentials.document import serialise
from laurea.credentials.keys import Signer
from laurea.credentials.status_list import StatusList, status_list_credential
from laurea.credentials.vocabulary import (
    Achievement,
    AchievementCredential,
    AchievementSubject,
    Alignment,
    BitstringStatusListEntry,
    Criteria,
    Evidence,
    Image,
    Profile,
    Result,
    email_identity,
    name_identity,
)

LAST_SECOND = time(23, 59, 59)
"""Until when, UTC, a credential is valid on the day that it expires."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What all credentials of a batch have in common.

    `valid_from` is the moment of issue, in UTC and whole seconds; `status_list` the address of the list that says
    what was revoked; `base_url` the https address whose page ``/c/CODE`` shows a credential. Both may be absent.
    """

    issuer: Profile
    achievement: Achievement
    valid_from: datetime
    status_list: str | None = None
    base_url: str | None = None

    def address(self, code: str) -> str | None:
        """The public page of a credential, which its QR code leads to."""
        return f"{self.base_url}/c/{code}" if self.base_url else None


@dataclass(frozen=True, slots=True)
class Order:
    """One credential to be made, everything about it decided.

    `awarded` and `expires` are calendar days; a credential is valid until the last second, UTC, of the day it expires.
    `status_index` is its bit in the status list of the terms. `evidence` is an address.
    """

    line: int
    code: str
    identifier: str
    salt: str
    name: str
    awarded: date
    email: str | None = None
    employee_number: str | None = None
    expires: date | None = None
    status_index: int | None = None
    credits: float | None = None
    result: str | None = None
    evidence: str | None = None


def profile(issuer: IssuerDetails, did: str) -> Profile:
    """The issuer as its credentials name it."""
    return Profile(
        id=did,
        name=issuer.name,
        url=issuer.url,
        email=issuer.email,
        phone=issuer.phone,
        description=issuer.description,
        image=Image(id=issuer.image_url) if issuer.image_url else None,
    )


def achievement(file: AchievementFile, identifier: str) -> Achievement:
    """The achievement as its credentials name it, under its lasting `identifier`."""
    return Achievement(
        id=identifier,
        name=file.name,
        description=file.description,
        criteria=Criteria(id=file.criteria_url, narrative=file.criteria),
        achievement_type=file.type,
        alignment=tuple(
            Alignment(
                target_name=skill.name,
                target_url=skill.url,
                target_code=skill.code,
                target_description=skill.description,
                target_framework=skill.framework,
                target_type=skill.type,
            )
            for skill in file.skills
        ),
        credits_available=file.credits,
        field_of_study=file.field_of_study,
        image=Image(id=file.image_url) if file.image_url else None,
        in_language=file.language,
        tag=file.tags,
        version=file.version,
    )


def credential(terms: Terms, order: Order) -> AchievementCredential:
    """The unsigned credential. Raises `VocabularyError` for what Open Badges 3.0 does not allow."""
    identities = [name_identity(order.name)]
    if order.email:
        identities.append(email_identity(order.email, order.salt))
    return AchievementCredential(
        id=order.identifier,
        issuer=terms.issuer,
        valid_from=terms.valid_from,
        credential_subject=AchievementSubject(
            achievement=terms.achievement,
            identifier=tuple(identities),
            credits_earned=order.credits,
            result=(Result(value=order.result),) if order.result else (),
        ),
        name=terms.achievement.name,
        awarded_date=datetime.combine(order.awarded, time(), UTC),
        valid_until=datetime.combine(order.expires, LAST_SECOND, UTC) if order.expires else None,
        evidence=(Evidence(id=order.evidence),) if order.evidence else (),
        credential_status=None
        if terms.status_list is None or order.status_index is None
        else BitstringStatusListEntry(terms.status_list, str(order.status_index)),
    )


def status_list(bits: StatusList, issuer: str, key: Signer, address: str, moment: datetime) -> bytes:
    """The signed status list to publish at `address`: its edition of `moment`."""
    document = status_list_credential(bits, url=address, issuer=issuer, valid_from=moment)
    method = keys.verification_method(issuer, key.verification_key)
    return serialise(proof.sign(document, key, verification_method=method, created=moment)).encode()
