"""Joining: accounts come by a link, and by it become members. The link proves the address it was sent to."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from laurea.actions import inviting
from laurea.credentials.errors import LaureaError
from laurea.records.models import Account, Invitation, Issuer, Member, Role

_RANK = {Role.VIEWER.value: 0, Role.ISSUER.value: 1, Role.OWNER.value: 2}


class JoiningError(LaureaError):
    """An account cannot be made."""


def register(email: str, name: str, password: str, *, language: str, now: datetime) -> Account:
    """A new account whose address counts as verified. Raises `JoiningError` (``joining.known``)."""
    address = email.strip().lower()
    with transaction.atomic():
        if known(address):
            raise JoiningError("joining.known", f"There is an account for {address} already", "Sign in with it")
        account = Account.objects.create_user(
            address, password, name=" ".join(name.split()), language=language, created=now
        )
        EmailAddress.objects.create(user=account, email=address, verified=True, primary=True)
    return account


def known(email: str) -> bool:
    """Whether somebody signs in with that address."""
    address = email.strip().lower()
    return (
        Account.objects.filter(email=address).exists()
        or EmailAddress.objects.filter(email=address, verified=True).exists()
    )


def accept(token: str, account: Account, *, now: datetime) -> Member:
    """Make an account a member as its invitation says. A member's role is never lowered. Raises `InvitationError`."""
    with transaction.atomic():
        return _accept(inviting.opened(token, now=now, hold=True), account, now)


def register_and_accept(token: str, name: str, password: str, *, language: str, now: datetime) -> Member:
    """A new account for the invited address, and its membership. Raises `InvitationError`, `JoiningError`."""
    with transaction.atomic():
        invitation = inviting.opened(token, now=now, hold=True)
        account = register(invitation.email, name, password, language=language, now=now)
        return _accept(invitation, account, now)


def _accept(invitation: Invitation, account: Account, now: datetime) -> Member:
    assert invitation.issuer_id is not None  # noqa: S101 - tells the type checker
    issuer = Issuer.objects.select_for_update(no_key=True).get(pk=invitation.issuer_id)
    member, _ = Member.objects.get_or_create(
        issuer=issuer, account=account, defaults={"role": invitation.role, "created": now}
    )
    if _RANK[invitation.role] > _RANK[member.role]:
        Member.objects.filter(pk=member.pk).update(role=invitation.role)
        member.role = invitation.role
    inviting.taken(invitation, account, now)
    return member


def describe(account: Account, name: str, language: str) -> None:
    """Change one's own name and language."""
    account.name, account.language = " ".join(name.split()), language
    account.save(update_fields=["name", "language"])
