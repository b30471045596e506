"""Catching up: what was issued before the installation kept a log is entered once, as it lies in the database then."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from django.db import transaction

from laurea.actions import auditing
from laurea.records.models import Credential, Entry, Issuer

RECORDED = "credential.recorded"
_AT_ONCE = 1_000


def catch_up(*, now: datetime) -> int:
    """Enter all credentials, if the log has no entry at all yet; give how many.

    Never later: a credential without an entry is one that was put in by hand, and stays without.
    """
    with transaction.atomic():
        if Entry.objects.exists():
            return 0
        count = 0
        for issuer in Issuer.objects.order_by("pk"):
            held = Credential.objects.filter(issuer=issuer).select_related("person").order_by("pk").iterator(_AT_ONCE)
            while some := list(islice(held, _AT_ONCE)):
                auditing.note_credentials(RECORDED, some, issuer=issuer, now=now, actor=None)
                count += len(some)
    return count
