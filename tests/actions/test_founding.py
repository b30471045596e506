"""Founding an organisation, and setting an installation up by its one-time link."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from laurea.actions import founding, inviting, issuer_keys
from laurea.actions.founding import Founder, FoundingError, Organisation
from laurea.actions.inviting import InvitationError
from laurea.actions.joining import JoiningError
from laurea.actions.permissions import may_found
from laurea.actions.picturing import PictureError
from laurea.records.models import Account, Design, Invitation, Issuer, Member, Role
from laurea.rendering.design import design_names

pytestmark = pytest.mark.django_db

FOUNDER = Founder("Ada Lovelace", "Ada@Example.com", "analytical engines weave")
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10" fill="#1f5c46"/></svg>'
)


def token(now: datetime) -> str:
    link = inviting.set_up_link(now=now)
    assert link is not None
    assert link.startswith("https://badges.example.com/set-up/")
    return link.rpartition("/")[2]


def test_setting_up_makes_owner_issuer_key_and_designs(now: datetime) -> None:
    organisation = Organisation("Acme  GmbH", "acme", language="de", time_zone="Europe/Berlin", logo=LOGO)
    member = founding.set_up(token(now), FOUNDER, organisation, now=now)
    assert (member.role, member.account.email, member.account.name) == (Role.OWNER, "ada@example.com", "Ada Lovelace")
    assert member.account.check_password(FOUNDER.password)
    assert EmailAddress.objects.get(user=member.account).verified
    issuer = member.issuer
    assert (issuer.name, issuer.slug, issuer.language, issuer.time_zone) == ("Acme GmbH", "acme", "de", "Europe/Berlin")
    assert issuer.logo is not None
    assert issuer.logo.alt == "Acme GmbH"
    assert issuer_keys.unsealed(issuer_keys.active(issuer))
    designs = Design.objects.filter(issuer=issuer)
    assert sorted(design.versions.get().base for design in designs) == sorted(design_names())
    assert may_found(member.account)


def test_the_link_works_once(now: datetime) -> None:
    link = token(now)
    founding.set_up(link, FOUNDER, Organisation("Acme", "acme"), now=now)
    with pytest.raises(InvitationError) as error:
        founding.set_up(link, Founder("Eve", "eve@example.com", "x"), Organisation("Evil", "evil"), now=now)
    assert error.value.code == "invitation.used"
    assert (Account.objects.count(), Issuer.objects.count()) == (1, 1)
    assert inviting.set_up_link(now=now) is None


def test_the_link_expires(now: datetime) -> None:
    link = token(now)
    with pytest.raises(InvitationError) as error:
        founding.set_up(link, FOUNDER, Organisation("Acme", "acme"), now=now + timedelta(hours=24))
    assert error.value.code == "invitation.expired"
    assert not Account.objects.exists()


def test_a_newer_link_ends_the_older(now: datetime) -> None:
    older, newer = token(now), token(now)
    with pytest.raises(InvitationError):
        inviting.opened(older, now=now, set_up=True)
    assert inviting.opened(newer, now=now, set_up=True)
    assert Invitation.objects.count() == 1


def test_only_the_hash_of_a_link_is_kept(now: datetime) -> None:
    link = token(now)
    invitation = Invitation.objects.get()
    assert link not in {str(getattr(invitation, field.attname)) for field in invitation._meta.concrete_fields}


def test_what_goes_wrong_leaves_the_link_usable(now: datetime) -> None:
    link = token(now)
    with pytest.raises(PictureError):
        founding.set_up(link, FOUNDER, Organisation("Acme", "acme", logo=b"no picture"), now=now)
    assert (Account.objects.count(), Issuer.objects.count()) == (0, 0)
    assert founding.set_up(link, FOUNDER, Organisation("Acme", "acme"), now=now)


@pytest.mark.parametrize("slug", ["", "Acme", "a--b", "-a", "a b", "ä", "a" * 61])
def test_short_names_that_cannot_be(now: datetime, charlie: Account, slug: str) -> None:
    with pytest.raises(FoundingError) as error:
        founding.found(Organisation("Acme", slug), now=now, account=charlie)
    assert error.value.code == "founding.slug-invalid"


def test_a_short_name_is_given_once(now: datetime, alice: Account) -> None:
    with pytest.raises(FoundingError) as error:
        founding.found(Organisation("Acme again", "acme"), now=now, account=alice)
    assert error.value.code == "founding.slug-taken"


def test_further_issuers_are_founded_by_whoever_set_up_alone(now: datetime, django_user_model: type[Account]) -> None:
    owner = founding.set_up(token(now), FOUNDER, Organisation("Acme", "acme"), now=now).account
    second = founding.found_another(Organisation("Lindenhof", "lindenhof"), now=now, account=owner)
    assert Member.objects.get(issuer=second).account == owner
    stranger = Account.objects.create_user("eve@example.com", "x")
    with pytest.raises(FoundingError) as error:
        founding.found_another(Organisation("Evil", "evil"), now=now, account=stranger)
    assert error.value.code == "founding.not-allowed"


def test_an_address_has_one_account(now: datetime) -> None:
    link = token(now)
    Account.objects.create_user("ada@example.com", "x")
    with pytest.raises(JoiningError):
        founding.set_up(link, FOUNDER, Organisation("Acme", "acme"), now=now)
