"""Appointing: the roles of members, and their end. An issuer always keeps an owner."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from laurea.credentials.errors import LaureaError
from laurea.records.models import Account, Issuer, Member, Role


class AppointingError(LaureaError):
    """A member's part cannot be changed."""


def appoint(member: Member, role: Role, *, now: datetime, actor: Account | None) -> None:
    """Give a member another role. Raises `AppointingError` (``member.last-owner``)."""
    with transaction.atomic():
        _keep_an_owner(member, but=role)
        Member.objects.filter(pk=member.pk).update(role=role)
    member.role = role


def dismiss(member: Member, *, now: datetime, actor: Account | None) -> None:
    """End a membership; the account stays, and what it did. Raises `AppointingError` (``member.last-owner``)."""
    with transaction.atomic():
        _keep_an_owner(member, but=None)
        Member.objects.filter(pk=member.pk).delete()


def _keep_an_owner(member: Member, *, but: Role | None) -> None:
    """Refuse what would leave the issuer without an owner. Holding the issuer's row keeps two from doing it at once."""
    issuer = Issuer.objects.select_for_update(no_key=True).get(pk=member.issuer_id)
    owners = set(issuer.members.filter(role=Role.OWNER).values_list("pk", flat=True))
    if but != Role.OWNER and owners == {member.pk}:
        raise AppointingError(
            "member.last-owner",
            f"{member.account} is the only owner of {issuer.name}",
            "Make somebody else an owner first",
        )
