"""Home: what needs somebody, in a few queries, and the first steps of a newcomer."""

from __future__ import annotations

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from issued import batch_of, credential_of, days
from laurea.records.models import Batch, Delivery

HOME = "/console/acme/"


def said(answer):
    """What the answer says, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_who_may_look(client, achievement, alice, bob, vera, charlie):
    credential_of(achievement, "Secret Holder", issued=timezone.now())
    assert client.get(HOME).status_code == 302
    for account, status in ((alice, 200), (bob, 200), (vera, 200), (charlie, 404)):
        client.force_login(account)
        answer = client.get(HOME)
        assert (answer.status_code, b"Secret Holder" in answer.content) == (status, status == 200)


def test_a_newcomer_sees_the_first_steps(client, acme, alice):
    client.force_login(alice)
    page = client.get(HOME)
    assert "First steps" in said(page)
    assert page.content.decode().count('class="done"') == 1  # the organisation has a website
    assert "Issued this month" not in said(page)


def test_steps_that_are_done_are_ticked(client, achievement, alice):
    client.force_login(alice)
    assert client.get(HOME).content.decode().count('class="done"') == 3


def test_what_needs_somebody_comes_first(client, acme, other, achievement, bob):
    now = timezone.now()
    client.force_login(bob)
    made = credential_of(achievement, issued=now - days(1), until=now + days(10))
    assert "1 credential expires within 60 days" in said(client.get(HOME))
    batch_of(achievement, "november.xlsx", Batch.State.REVIEW)
    stuck = batch_of(achievement, "october.xlsx", Batch.State.ISSUING)
    Batch.objects.filter(pk=stuck.pk).update(problem="The disk is full")
    for state in (Delivery.State.FAILED, Delivery.State.FAILED, Delivery.State.SENT):
        Delivery.objects.create(issuer=acme, credential=made, address="a@b.example", language="en", state=state)
    words = said(client.get(HOME))
    for expected in ("november.xlsx", "The disk is full", "2 messages could not be sent", "Needs you"):
        assert expected in words


def test_calm_is_said(client, achievement, bob):
    credential_of(achievement, issued=timezone.now())
    client.force_login(bob)
    assert "Nothing needs you just now" in said(client.get(HOME))


def test_an_installation_without_domain_says_so(client, acme, alice, settings):
    client.force_login(alice)
    assert "no address of its own" not in said(client.get(HOME))
    settings.LAUREA_PUBLIC_URL = "http://localhost:8000"
    assert "no address of its own" in said(client.get(HOME))


def test_queries_are_few_and_do_not_grow(client, achievement, bob):
    client.force_login(bob)

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(HOME)
        return len(queries)

    credential_of(achievement, issued=timezone.now())
    few = count()
    for number in range(9):
        batch = batch_of(achievement, f"{number}.csv", Batch.State.REVIEW)
        credential_of(achievement, f"Person {number}", batch=batch, issued=timezone.now())
    assert count() == few
    assert few <= 13
