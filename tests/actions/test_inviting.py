"""Invitations: by mail, once, for a week; and the memberships that come of them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from laurea.actions import appointing, inviting, joining
from laurea.actions.appointing import AppointingError
from laurea.actions.inviting import InvitationError, Sent
from laurea.actions.joining import JoiningError
from laurea.records.models import Account, Invitation, Issuer, Member, Role

pytestmark = pytest.mark.django_db


def token(sent: Sent) -> str:
    return sent.link.rpartition("/")[2]


def test_the_mail_carries_the_link_in_text_and_html(acme: Issuer, alice: Account, now: datetime) -> None:
    sent = inviting.invite(acme, " Eve@Example.com ", Role.ISSUER, now=now, actor=alice)
    assert sent.mailed
    (message,) = mail.outbox
    assert message.to == ["eve@example.com"]
    assert message.subject == "Acme GmbH invites you to Laurea"
    assert "Acme GmbH" in message.from_email
    html = message.alternatives[0].content  # type: ignore[attr-defined]
    for body in (message.body, html):
        assert sent.link in body
        assert "Alice invites you" in body
        assert "Your role: Issuer" in body
    assert "<style" not in html


def test_the_mail_speaks_the_language_of_the_issuer(acme: Issuer, alice: Account, now: datetime) -> None:
    Issuer.objects.filter(pk=acme.pk).update(language="de")
    acme.refresh_from_db()
    inviting.invite(acme, "eve@example.com", Role.VIEWER, now=now, actor=alice)
    assert '<html lang="de">' in mail.outbox[0].alternatives[0].content  # type: ignore[attr-defined]


def test_a_new_person_joins_with_a_verified_address(acme: Issuer, alice: Account, now: datetime) -> None:
    sent = inviting.invite(acme, "eve@example.com", Role.ISSUER, now=now, actor=alice)
    member = joining.register_and_accept(token(sent), "Eve", "a quiet long sentence", language="de", now=now)
    assert (member.issuer, member.role) == (acme, Role.ISSUER)
    assert (member.account.email, member.account.language) == ("eve@example.com", "de")
    assert EmailAddress.objects.get(user=member.account, primary=True).verified
    with pytest.raises(InvitationError) as error:
        joining.accept(token(sent), alice, now=now)
    assert error.value.code == "invitation.used"
    assert Invitation.objects.get(pk=sent.invitation.pk).accepted_by == member.account


def test_an_existing_account_joins(acme: Issuer, charlie: Account, now: datetime) -> None:
    sent = inviting.invite(acme, charlie.email, Role.VIEWER, now=now, actor=None)
    with pytest.raises(JoiningError):
        joining.register_and_accept(token(sent), "Charlie", "x", language="", now=now)
    member = joining.accept(token(sent), charlie, now=now)
    assert (member.issuer, member.role) == (acme, Role.VIEWER)
    assert charlie.memberships.count() == 2


@pytest.mark.parametrize(("invited", "then"), [(Role.OWNER, Role.OWNER), (Role.VIEWER, Role.ISSUER)])
def test_a_role_is_never_lowered_by_a_link(
    acme: Issuer, bob: Account, now: datetime, invited: Role, then: Role
) -> None:
    sent = inviting.invite(acme, "bob.private@example.com", invited, now=now, actor=None)
    assert joining.accept(token(sent), bob, now=now).role == then


def test_links_end(acme: Issuer, charlie: Account, now: datetime) -> None:
    first = inviting.invite(acme, "eve@example.com", Role.VIEWER, now=now, actor=None)
    second = inviting.again(first.invitation, now=now, actor=None)
    assert inviting.pending(acme).count() == 1
    with pytest.raises(InvitationError) as error:
        joining.accept(token(first), charlie, now=now)
    assert error.value.code == "invitation.unknown"
    with pytest.raises(InvitationError) as error:
        joining.accept(token(second), charlie, now=now + timedelta(days=7))
    assert error.value.code == "invitation.expired"
    inviting.withdraw(second.invitation, now=now, actor=None)
    with pytest.raises(InvitationError):
        joining.accept(token(second), charlie, now=now)


def test_a_set_up_link_is_no_invitation_and_the_other_way_round(acme: Issuer, now: datetime) -> None:
    link = inviting.set_up_link(now=now)
    assert link is not None
    with pytest.raises(InvitationError):
        inviting.opened(link.rpartition("/")[2], now=now)
    sent = inviting.invite(acme, "eve@example.com", Role.OWNER, now=now, actor=None)
    with pytest.raises(InvitationError):
        inviting.opened(token(sent), now=now, set_up=True)


def test_members_are_not_invited_again(acme: Issuer, bob: Account, now: datetime) -> None:
    with pytest.raises(InvitationError) as error:
        inviting.invite(acme, bob.email, Role.OWNER, now=now, actor=None)
    assert error.value.code == "invitation.member"


def test_a_mail_server_in_trouble_is_said_and_the_link_stays(
    acme: Issuer, now: datetime, settings: pytest.FixtureRequest
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1  # type: ignore[attr-defined]
    sent = inviting.invite(acme, "eve@example.com", Role.VIEWER, now=now, actor=None)
    assert not sent.mailed
    assert inviting.opened(token(sent), now=now)


def test_the_last_owner_stays(acme: Issuer, alice: Account, bob: Account, now: datetime) -> None:
    owner, issuer = Member.objects.get(account=alice), Member.objects.get(account=bob)
    for end in (
        lambda: appointing.appoint(owner, Role.VIEWER, now=now, actor=alice),
        lambda: appointing.dismiss(owner, now=now, actor=alice),
    ):
        with pytest.raises(AppointingError) as error:
            end()
        assert error.value.code == "member.last-owner"
    appointing.appoint(issuer, Role.OWNER, now=now, actor=alice)
    appointing.appoint(owner, Role.VIEWER, now=now, actor=alice)
    assert Member.objects.get(account=alice).role == Role.VIEWER
    appointing.dismiss(owner, now=now, actor=bob)
    assert list(acme.members.values_list("account__name", flat=True)) == ["Bob"]
    assert Account.objects.filter(pk=alice.pk).exists()
