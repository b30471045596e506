"""Credentials as they lie in the records after a batch, made by hand: for tests of what is done with them."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from installation import NOW
from laurea.actions import freezing, storing
from laurea.credentials import code
from laurea.records.models import Achievement, Artifact, Batch, Credential, Person, Row

PDF, PNG = b"%PDF-1.7 certificate of ", b"\x89PNG badge of "


def batch_of(achievement: Achievement, name: str = "list.csv", state: Batch.State = Batch.State.DONE) -> Batch:
    """A batch without rows."""
    version = achievement.design.versions.latest("number")
    batch = Batch(
        issuer_id=achievement.issuer_id,
        achievement=achievement,
        design_version=version,
        state=state,
        file_name=name,
        created=NOW,
        moment=NOW,
    )
    batch.frozen = freezing.freeze(batch)
    batch.save()
    return batch


def credential_of(
    achievement: Achievement,
    name: str = "Ada Lovelace",
    *,
    email: str = "",
    person: Person | None = None,
    batch: Batch | None = None,
    issued: datetime = NOW,
    until: datetime | None = None,
    files: bool = False,
) -> Credential:
    """A credential of `achievement` for `name`. Its text is no signed document; `files` puts two into the storage."""
    batch = batch or achievement.batches.first() or batch_of(achievement)
    row = Row.objects.create(batch=batch, line=batch.rows.count() + 2, state=Row.State.READY, name=name)
    identifier = uuid.uuid4()
    text = f'{{"id": "urn:uuid:{identifier}"}}'
    made = Credential.objects.create(
        issuer_id=achievement.issuer_id,
        code=code.new_code(hashlib.sha256(identifier.bytes).digest()[: code.RANDOM_BYTES]),
        identifier=f"urn:uuid:{identifier}",
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        achievement=achievement,
        person=person,
        design_version=batch.design_version,
        key=achievement.issuer.keys.get(state="active"),
        batch=batch,
        row=row,
        name=name,
        email=email,
        awarded=issued.date(),
        valid_from=issued,
        valid_until=until,
        created=issued,
    )
    if files:
        put_files(made)
    return made


def put_files(credential: Credential) -> None:
    """A stand-in for the PDF and the PNG of `credential`."""
    for kind, start in ((Artifact.Kind.PDF, PDF), (Artifact.Kind.PNG, PNG)):
        content = start + credential.code.encode()
        place = f"artifacts/{credential.code}/{kind.value}"
        storing.put(place, content)
        Artifact.objects.create(
            credential=credential,
            kind=kind,
            name=place,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            created=timezone.now(),
        )


def days(count: int) -> timedelta:
    """A number of days."""
    return timedelta(days=count)
