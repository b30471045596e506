"""Correcting: a credential that says something wrong is replaced by one that is right, under the same code.

The new document says of the achievement what the old one said, in the same design: nothing changes but what is put
right. Its address and its QR code stay, so that what was printed or shared leads to it. A revocation that was a mistake
is repaired in the same way, by issuing anew: what was revoked stays revoked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from laurea.actions import confirming, people
from laurea.actions.people import Details
from laurea.credentials.errors import IssuingError
from laurea.records.models import Account, Batch, Credential, Email, Person


@dataclass(frozen=True, slots=True)
class Said:
    """What a credential says about its holder, beside the achievement. Texts are empty, days None, where it does not.

    `expires` None is as long as the achievement said.
    """

    name: str
    awarded: date
    email: str = ""
    expires: date | None = None
    result: str = ""
    hours: float | None = None
    evidence: str = ""


def said_by(credential: Credential) -> Said:
    """What `credential`, whose row is loaded, says about its holder."""
    values = credential.row.values
    return Said(
        name=credential.name,
        awarded=credential.awarded,
        email=credential.email,
        expires=credential.valid_until.date() if credential.valid_until else None,
        result=str(values.get("result") or ""),
        hours=float(values["hours"]) if values.get("hours") else None,
        evidence=str(values.get("evidence") or ""),
    )


def correct(
    credential: Credential,
    said: Said,
    *,
    rename: bool = False,
    send_mail: bool = True,
    now: datetime,
    actor: Account | None,
) -> Batch:
    """Replace `credential` by one that says what is right; a worker does it within the second.

    With `rename` the person on record gets the corrected name as well. Raises `IssuingError`: ``correcting.nothing``,
    ``correcting.revoked``, ``correcting.replaced``, ``correcting.address``; and what `confirming.confirm` raises.
    """
    if credential.revoked is not None:
        raise IssuingError(
            "correcting.revoked",
            "A revoked credential cannot be corrected",
            "If the revocation was a mistake, issue it anew",
        )
    if said == said_by(credential):
        raise IssuingError("correcting.nothing", "Nothing was changed", "Change what is wrong")
    return _replace(credential, said, Credential.Because.CORRECTION, rename, send_mail, now, actor)


def issue_anew(
    credential: Credential, said: Said, *, send_mail: bool = True, now: datetime, actor: Account | None
) -> Batch:
    """Issue a revoked credential again, under its code; a worker does it within the second.

    Raises `IssuingError`: ``correcting.not-revoked``, ``correcting.replaced``, ``correcting.address``; and what
    `confirming.confirm` raises.
    """
    if credential.revoked is None:
        raise IssuingError("correcting.not-revoked", "This credential is not revoked", "Correct or renew it instead")
    return _replace(credential, said, Credential.Because.AGAIN, False, send_mail, now, actor)


def _replace(
    credential: Credential,
    said: Said,
    because: str,
    rename: bool,
    send_mail: bool,
    now: datetime,
    actor: Account | None,
) -> Batch:
    if credential.superseded is not None:
        raise IssuingError(
            "correcting.replaced", "A newer edition has taken the place of this credential", "Open the newer one"
        )
    person = credential.person
    others = Email.objects.filter(issuer=credential.issuer_id, address=said.email).exclude(person=person)
    if said.email and person is not None and (other := others.select_related("person").first()):
        raise IssuingError(
            "correcting.address",
            f"The address {said.email} is {other.person.name}'s",
            "Give another one, or merge the two people first",
        )
    values: dict[str, Any] = credential.row.values
    with transaction.atomic():
        batch = confirming.issue_one(
            credential.issuer,
            credential.achievement,
            name=said.name,
            email=said.email,
            awarded=said.awarded,
            expires=said.expires,
            result=said.result,
            hours=said.hours,
            evidence=said.evidence,
            language=str(values.get("language") or ""),
            person=person,
            replaces=credential,
            because=because,
            send_mail=send_mail,
            now=now,
            actor=actor,
        )
        if rename and person is not None and person.name != said.name:
            people.edit(person, _renamed(person, said.name), now=now, actor=actor)
    return batch


def _renamed(person: Person, name: str) -> Details:
    return Details(
        name=name,
        emails=list(person.emails.order_by("-primary", "pk").values_list("address", flat=True)),
        employee_number=person.employee_number,
        department=person.department,
        job_role=person.job_role,
        language=person.language,
        active=person.active,
    )
