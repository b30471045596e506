"""Handing out: the files of a credential, by links that expire. What the storage has lost is made again on the spot."""

from __future__ import annotations

from datetime import datetime

from laurea.actions import appearances, chunks, file_names, freezing, storing, workshop
from laurea.actions.storing import Handout
from laurea.credentials import baking
from laurea.credentials.document import parse
from laurea.credentials.verification import Report, Verdict
from laurea.records.models import Artifact, Credential

MEDIA_TYPES = {Artifact.Kind.PDF.value: "application/pdf", Artifact.Kind.PNG.value: "image/png"}

_FIT = (Verdict.GENUINE, Verdict.EXPIRED, Verdict.NOT_YET_VALID, Verdict.ISSUER_UNKNOWN, Verdict.CANNOT_TELL)


def is_fit(report: Report) -> bool:
    """Whether certificate and badge of a credential are handed out: not of what was withdrawn or changed."""
    return report.verdict in _FIT


def link(credential: Credential, kind: Artifact.Kind, *, now: datetime) -> str:
    """An address that leads to the artifact for a while. Whoever calls has found that the asker may have it.

    Needs achievement, its issuer and the design version loaded. Raises `LaureaError` when the artifact is not there and
    cannot be made.
    """
    artifact = credential.artifacts.filter(kind=kind).first()
    if artifact is None or storing.size(artifact.name) != artifact.size:  # gone, or broken off
        artifact = make(credential, now=now)[kind.value]
    name = file_names.of_credential(credential, kind.value)
    return storing.link(Handout(artifact.name, name, MEDIA_TYPES[kind.value]))


def make(credential: Credential, *, now: datetime) -> dict[str, Artifact]:
    """The artifacts of a credential on record, drawn from its text as at the first time, and stored; by kind."""
    press = workshop.press(freezing.as_confirmed(credential.batch), credential.design_version)
    text = credential.text.encode()
    pdf, png = press.draw(parse(text), text, credential.code, credential.valid_from)
    made: dict[str, Artifact] = {}
    for kind, content in ((Artifact.Kind.PDF, pdf), (Artifact.Kind.PNG, png)):
        stored = chunks.put(credential, kind.value, content)
        made[kind.value], _ = Artifact.objects.update_or_create(
            credential=credential,
            kind=kind.value,
            defaults={"name": stored.name, "sha256": stored.sha256, "size": stored.size, "created": now},
        )
    return made


def badge_svg(credential: Credential) -> bytes:
    """The badge as SVG with the credential in it, made anew each time: it is quick. Raises `LaureaError`."""
    return baking.embed_svg(appearances.badge(freezing.as_confirmed(credential.batch)).svg, credential.text.encode())
