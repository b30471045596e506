"""Signing in, as the log tells it: who came in, who tried and failed, and what changed about how somebody comes in.

The doing is allauth's. What somebody typed is never kept: an address that is nobody's may be a password in the wrong
field.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from laurea.actions import auditing
from laurea.actions.auditing import Act
from laurea.credentials.document import JSON
from laurea.records.models import Account, Entry, Issuer

SIGNED_IN, FAILED = "account.signed-in", "account.sign-in-failed"

MOST_STRANGERS = 100
"""Failures of addresses that are nobody's, an hour: whoever guesses by the million does not fill the log."""


def succeeded(account: Account, *, now: datetime) -> None:
    """Somebody has signed in."""
    _note(Act(SIGNED_IN, "account", str(account.pk)), account, now, by=account)


def failed(email: str, *, step: str, now: datetime) -> None:
    """Somebody gave `email` and did not get in; `step` is ``password`` or ``second-factor``."""
    account = Account.objects.filter(email=email.strip().lower()).first()
    if account is not None:
        _note(Act(FAILED, "account", str(account.pk), {"step": step}), account, now, by=None)
    elif not _flooded(now):
        with transaction.atomic():
            auditing.note(Act(FAILED, "account", "", {"step": step}), issuer=None, now=now, actor=None)


def changed(account: Account, what: str, facts: Mapping[str, JSON] | None = None, *, now: datetime) -> None:
    """Something about how `account` signs in was changed: `what` is an act's name, as ``account.password-changed``."""
    _note(Act(what, "account", str(account.pk), facts or {}), account, now, by=account)


def _note(act: Act, account: Account, now: datetime, *, by: Account | None) -> None:
    """In the trail of each organisation that the account works for: its owners want to know, and only they."""
    issuers: list[Issuer | None] = list(Issuer.objects.filter(members__account=account).order_by("pk"))
    with transaction.atomic():
        for issuer in issuers or [None]:
            auditing.note(act, issuer=issuer, now=now, actor=by)


def _flooded(now: datetime) -> bool:
    strangers = Entry.objects.filter(issuer=None, act=FAILED).order_by("-pk").values_list("at", flat=True)
    last = strangers[MOST_STRANGERS - 1 : MOST_STRANGERS].first()
    return last is not None and last > now - timedelta(hours=1)
