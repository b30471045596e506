"""Joining: accounts come by a link, and by it become members. The link proves the address it was sent to."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from laurea.actions import auditing, differing, inviting, signing_in
from laurea.actions.auditing import Act
from laurea.credentials.document import JSON
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
        auditing.note(Act("account.made", "account", str(account.pk)), issuer=None, now=now, actor=account)
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
    member, fresh = Member.objects.get_or_create(
        issuer=issuer, account=account, defaults={"role": invitation.role, "created": now}
    )
    facts: dict[str, JSON] = {"role": str(member.role), "invitation": invitation.pk}
    if _RANK[invitation.role] > _RANK[member.role]:
        Member.objects.filter(pk=member.pk).update(role=invitation.role)
        facts = {"changes": {"role": [str(member.role), str(invitation.role)]}, "invitation": invitation.pk}
        member.role = invitation.role
    if fresh or "changes" in facts:
        act = Act("member.joined" if fresh else "member.changed", "account", str(account.pk), facts)
        auditing.note(act, issuer=issuer, now=now, actor=account)
    inviting.taken(invitation, account, now)
    return member


def describe(account: Account, name: str, language: str, *, now: datetime) -> None:
    """Change one's own name and language. What members are called is seen beside all they do: a change is an entry."""
    name = " ".join(name.split())
    with transaction.atomic():
        held = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        before: dict[str, JSON] = {"name": held.name, "language": held.language}
        changes = differing.between(before, {"name": name, "language": language})
        account.name, account.language = name, language
        account.save(update_fields=["name", "language"])
        if changes:
            signing_in.changed(account, "account.changed", {"changes": changes}, now=now)
