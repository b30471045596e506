"""Credentials that were really issued, by a worker, and what strangers see of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone
from tests.actions.conftest import server

from laurea.actions import chunks, confirming
from laurea.records.models import Achievement, Credential

__all__ = ["server"]

NAME, EMAIL, NUMBER, DEPARTMENT, JOB = "Ada Lovelace", "ada@secret.example", "EMP-77031", "Ward Seven", "Night nurse"
Issue = Callable[..., Credential]


@pytest.fixture(autouse=True)
def _nothing_was_counted() -> None:
    """Misses of the test before are no misses of this one."""
    caches["process"].clear()


@pytest.fixture
def issue(achievement: Achievement) -> Issue:
    """Issues a credential, at a moment in the past if need be."""

    def issued(
        name: str = NAME,
        *,
        at: datetime | None = None,
        of: Achievement = achievement,
        expires: date | None = None,
        **more: object,
    ) -> Credential:
        before = set(Credential.objects.values_list("pk", flat=True))
        confirming.issue_one(
            of.issuer,
            of,
            name=name,
            email=EMAIL,
            employee_number=NUMBER,
            department=DEPARTMENT,
            job_role=JOB,
            awarded=(at or timezone.now()).date(),
            expires=expires,
            send_mail=False,
            now=at or timezone.now(),
            actor=None,
            **more,  # type: ignore[arg-type]
        )
        while chunks.work_on_next(worker="test", now=timezone.now()):
            pass
        return Credential.objects.exclude(pk__in=before).get()

    return issued


@pytest.fixture
def credential(issue: Issue) -> Credential:
    """A genuine credential of Ada's, issued just now."""
    return issue()


@pytest.fixture
def expired(issue: Issue) -> Credential:
    """A credential that was valid for a month, three years ago."""
    at = timezone.now() - timedelta(days=1_095)
    return issue("Grace Hopper", at=at, expires=(at + timedelta(days=30)).date())
