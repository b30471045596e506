"""Who may do what: one function, asked by every door."""

from __future__ import annotations

from enum import StrEnum

from laurea.records.models import Account, Invitation, Issuer, Member, Role


class Verb(StrEnum):
    """What somebody may want to do for an issuer."""

    LOOK = "look"
    """See everything of the issuer."""
    ISSUE = "issue"
    """Issue; upload and correct lists; keep people, achievements and designs."""
    MANAGE = "manage"
    """Change the issuer's profile, members and keys."""


_ALLOWED: dict[str, frozenset[Verb]] = {
    Role.VIEWER.value: frozenset({Verb.LOOK}),
    Role.ISSUER.value: frozenset({Verb.LOOK, Verb.ISSUE}),
    Role.OWNER.value: frozenset(Verb),
}


def may(member: Member, verb: Verb) -> bool:
    """Whether the role of `member` allows `verb`. Whoever is no member may nothing."""
    return verb in _ALLOWED.get(member.role, frozenset())


def may_found(account: Account) -> bool:
    """Whether `account` may found further issuers: whoever set the installation up may."""
    return Invitation.objects.filter(issuer=None, accepted_by=account).exists()


def may_trust(member: Member) -> bool:
    """Whether `member` may change the list of trusted issuers, which holds for everybody on this installation.

    An owner may who set the installation up; where there is one issuer only, each of its owners.
    """
    return may(member, Verb.MANAGE) and (may_found(member.account) or not Issuer.objects.all()[1:2].exists())
