"""An installation to test with: two issuers, and the people who sign in.

Alice owns Acme, Bob issues for it, Vera only looks. Charlie owns another issuer and should have no access to Acme.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from laurea.actions import issuer_keys
from laurea.records.models import Account, Achievement, Design, DesignVersion, Email, Issuer, Key, Member, Person, Role

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PASSWORD = "laurel wreath 2026 on the wall"


@pytest.fixture
def now() -> datetime:
    """The moment at which tests happen."""
    return NOW


class Browser(Client):
    """One that comes by https, to the address of the installation."""

    def generic(self, *args: Any, **options: Any) -> Any:
        """Every request goes through here; Django would say http."""
        return super().generic(*args, **options | {"secure": True})


@pytest.fixture
def client() -> Client:
    """A browser that came by https."""
    return Browser(headers={"host": "badges.example.com"})


def member(name: str, issuer: Issuer, role: Role) -> Account:
    """An account with a role."""
    account = Account.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name)
    Member.objects.create(issuer=issuer, account=account, role=role)
    return account


@pytest.fixture
def acme(db: None) -> Issuer:
    """The issuer that most tests are about, with a signing key."""
    issuer = Issuer.objects.create(slug="acme", name="Acme GmbH", url="https://acme.example", language="en")
    issuer_keys.create(issuer, now=NOW, actor=None)
    return issuer


@pytest.fixture
def other(db: None) -> Issuer:
    """Another issuer on the same installation."""
    issuer = Issuer.objects.create(slug="other", name="Other Ltd", language="en")
    issuer_keys.create(issuer, now=NOW, actor=None)
    return issuer


@pytest.fixture
def key(acme: Issuer) -> Key:
    """Acme's key."""
    return issuer_keys.active(acme)


@pytest.fixture
def alice(acme: Issuer) -> Account:
    """Owns Acme."""
    return member("Alice", acme, Role.OWNER)


@pytest.fixture
def bob(acme: Issuer) -> Account:
    """Issues for Acme."""
    return member("Bob", acme, Role.ISSUER)


@pytest.fixture
def vera(acme: Issuer) -> Account:
    """Looks at Acme."""
    return member("Vera", acme, Role.VIEWER)


@pytest.fixture
def charlie(other: Issuer) -> Account:
    """Owns the other issuer: a stranger to Acme."""
    return member("Charlie", other, Role.OWNER)


@pytest.fixture
def design(acme: Issuer) -> Design:
    """A design of Acme's with its first version."""
    made = Design.objects.create(issuer=acme, name="House style")
    DesignVersion.objects.create(design=made, number=1, base="corporate", adjustments={})
    return made


@pytest.fixture
def achievement(acme: Issuer, design: Design) -> Achievement:
    """What can be earned at Acme."""
    return Achievement.objects.create(
        issuer=acme,
        design=design,
        name="Safe Handling of Personal Data",
        description="Recognises personal data and acts within the hour when something goes wrong.",
        criteria="Attended the day and passed the exercise.",
        kind="Course",
        level=2,
        skills=[{"name": "Data protection", "url": "http://data.europa.eu/esco/skill/1d0d5cb0"}],
        validity="24 months",
        badge={"shape": "shield", "icon": "lock", "title": "Data protection"},
    )


@pytest.fixture
def ada(acme: Issuer) -> Person:
    """One of Acme's people."""
    person = Person.objects.create(
        issuer=acme, name="Ada Lovelace", employee_number="1001", department="Research", job_role="Analyst"
    )
    Email.objects.create(issuer=acme, person=person, address="ada@example.org")
    return person
