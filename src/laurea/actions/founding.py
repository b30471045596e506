"""Founding: an organisation with everything that it needs to issue, and the very first one with its owner."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from laurea.actions import auditing, designing, inviting, issuer_keys, joining, picturing
from laurea.actions.appearances import packaged
from laurea.actions.auditing import Act
from laurea.actions.permissions import may_found
from laurea.credentials.errors import LaureaError
from laurea.records.models import Account, Issuer, Member, Role
from laurea.rendering.design import design_names

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 60


class FoundingError(LaureaError):
    """An organisation cannot be founded."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """What an organisation says about itself. `slug` lasts for ever; `logo` is a picture file as it was uploaded."""

    name: str
    slug: str
    url: str = ""
    email: str = ""
    description: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    primary_colour: str = "#1f5c46"
    secondary_colour: str = ""
    linkedin_organization: str = ""
    logo: bytes | None = None


@dataclass(frozen=True, slots=True)
class Founder:
    """Whoever sets an installation up."""

    name: str
    email: str
    password: str


def found(organisation: Organisation, *, now: datetime, account: Account) -> Issuer:
    """A new issuer with a signing key, the packaged designs in its colours, and `account` as its owner.

    Raises `FoundingError` (``founding.slug-invalid``, ``founding.slug-taken``), and what taking in the logo raises.
    """
    slug = organisation.slug
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise FoundingError(
            "founding.slug-invalid",
            f"“{slug}” cannot be a short name",
            "Use lower-case letters a to z, digits, and hyphens between them",
        )
    with transaction.atomic():
        if Issuer.objects.filter(slug=slug).exists():
            raise FoundingError("founding.slug-taken", f"The short name “{slug}” is taken", "Choose another one")
        issuer = Issuer.objects.create(
            slug=slug,
            name=" ".join(organisation.name.split()),
            url=organisation.url,
            email=organisation.email,
            description=organisation.description,
            language=organisation.language,
            time_zone=organisation.time_zone,
            primary_colour=organisation.primary_colour,
            secondary_colour=organisation.secondary_colour,
            linkedin_organization=organisation.linkedin_organization,
            created=now,
        )
        if organisation.logo is not None:
            issuer.logo = picturing.take_in(issuer, organisation.logo, issuer.name, now=now)
            issuer.save(update_fields=["logo"])
        acts = [
            Act("issuer.founded", "issuer", str(issuer.pk), {"name": issuer.name, "slug": slug}),
            Act("member.joined", "account", str(account.pk), {"role": str(Role.OWNER)}),
        ]
        auditing.note_all(acts, issuer=issuer, now=now, actor=account)
        issuer_keys.create(issuer, now=now, actor=account)
        Member.objects.create(issuer=issuer, account=account, role=Role.OWNER, created=now)
        for base in design_names():
            designing.create(issuer, packaged(base).title, base, {}, now=now, actor=account)
    return issuer


def found_another(organisation: Organisation, *, now: datetime, account: Account) -> Issuer:
    """A further issuer on this installation, founded by whoever set it up. Raises `FoundingError`."""
    if not may_found(account):
        raise FoundingError(
            "founding.not-allowed",
            "Only whoever set up this installation founds further organisations",
            "Ask that person to found it and to invite you",
        )
    return found(organisation, now=now, account=account)


def set_up(token: str, founder: Founder, organisation: Organisation, *, now: datetime) -> Member:
    """The first account and the first issuer of an installation, by its one-time link.

    Raises `InvitationError`, `FoundingError`, `JoiningError`; then nothing is kept, and the link still works.
    """
    with transaction.atomic():
        invitation = inviting.opened(token, now=now, set_up=True, hold=True)
        account = joining.register(
            founder.email, founder.name, founder.password, language=organisation.language, now=now
        )
        issuer = found(organisation, now=now, account=account)
        inviting.taken(invitation, account, now)
    return Member.objects.select_related("issuer").get(issuer=issuer, account=account)
