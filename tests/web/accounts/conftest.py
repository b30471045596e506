"""People with an account whose address is verified, as invitations make them."""

from __future__ import annotations

from datetime import datetime

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from installation import PASSWORD
from laurea.actions import joining
from laurea.records.models import Account, Issuer, Member, Role


@pytest.fixture
def dora(acme: Issuer, now: datetime) -> Account:
    """Owns Acme, too, and can sign in by herself."""
    account = joining.register("dora@example.com", "Dora", PASSWORD, language="", now=now)
    Member.objects.create(issuer=acme, account=account, role=Role.OWNER)
    assert EmailAddress.objects.filter(user=account, verified=True).exists()
    return account


@pytest.fixture
def inside(client: Client, dora: Account) -> Client:
    """Dora's browser: signed in by her password, which was asked for again just now."""
    client.post("/accounts/login/", {"login": dora.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client
