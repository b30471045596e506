"""Appointing: the roles of members, and their end. An issuer always keeps an owner."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from laurea.actions import auditing
from laurea.actions.auditing import Act
from laurea.credentials.document import JSON
from laurea.credentials.errors import LaureaError
from laurea.records.models import Account, Issuer, Member, Role


class AppointingError(LaureaError):
    """A member's part cannot be changed."""


def appoint(member: Member, role: Role, *, now: datetime, actor: Account | None) -> None:
    """Give a member another role. Raises `AppointingError` (``member.last-owner``)."""
    with transaction.atomic():
        issuer = _keep_an_owner(member, but=role)
        before = Member.objects.values_list("role", flat=True).get(pk=member.pk)
        if before != role:
            Member.objects.filter(pk=member.pk).update(role=role)
            facts: dict[str, JSON] = {"changes": {"role": [before, str(role)]}}
            act = Act("member.changed", "account", str(member.account_id), facts)
            auditing.note(act, issuer=issuer, now=now, actor=actor)
    member.role = role


def dismiss(member: Member, *, now: datetime, actor: Account | None) -> None:
    """End a membership; the account stays, and what it did. Raises `AppointingError` (``member.last-owner``)."""
    with transaction.atomic():
        issuer = _keep_an_owner(member, but=None)
        gone, _ = Member.objects.filter(pk=member.pk).delete()
        if gone:
            act = Act("member.removed", "account", str(member.account_id), {"role": str(member.role)})
            auditing.note(act, issuer=issuer, now=now, actor=actor)


def _keep_an_owner(member: Member, *, but: Role | None) -> Issuer:
    """Refuse what would leave the issuer without an owner. Holding the issuer's row keeps two from doing it at once."""
    issuer = Issuer.objects.select_for_update(no_key=True).get(pk=member.issuer_id)
    owners = set(issuer.members.filter(role=Role.OWNER).values_list("pk", flat=True))
    if but != Role.OWNER and owners == {member.pk}:
        raise AppointingError(
            "member.last-owner",
            f"{member.account} is the only owner of {issuer.name}",
            "Make somebody else an owner first",
        )
    return issuer
