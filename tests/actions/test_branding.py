"""An issuer's profile: changed for what comes, while what was issued stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from laurea.actions import branding, designing
from laurea.actions.branding import Brand
from laurea.records.models import Account, Design, Issuer

pytestmark = pytest.mark.django_db

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10" fill="#1f5c46"/></svg>'
)
BRAND = Brand(
    name="Acme AG",
    url="https://acme.example",
    email="academy@acme.example",
    description="Makes everything",
    language="de",
    time_zone="Europe/Berlin",
    primary_colour="#8a1f2d",
    secondary_colour="",
    linkedin_organization="1337",
)


def test_the_profile_changes_and_the_short_name_stays(acme: Issuer, alice: Account, now: datetime) -> None:
    branding.change(acme, BRAND, now=now, actor=alice)
    assert (acme.name, acme.slug, acme.linkedin_organization) == ("Acme AG", "acme", "1337")


def test_designs_follow_the_colours_in_a_new_version(acme: Issuer, alice: Account, now: datetime) -> None:
    design = designing.create(acme, "House", "corporate", {}, now=now, actor=alice)
    branding.change(acme, BRAND, now=now, actor=alice)
    numbers = list(Design.objects.get(pk=design.pk).versions.order_by("number").values_list("number", flat=True))
    assert numbers == [1, 2]
    branding.change(acme, replace(BRAND, description="Else"), now=now, actor=alice)
    assert design.versions.count() == 2


def test_a_logo_comes_stays_and_goes(acme: Issuer, alice: Account, now: datetime) -> None:
    branding.change(acme, replace(BRAND, logo=LOGO), now=now, actor=alice)
    assert acme.logo is not None
    branding.change(acme, BRAND, now=now, actor=alice)
    assert acme.logo is not None
    branding.change(acme, replace(BRAND, logo=""), now=now, actor=alice)
    assert acme.logo is None
