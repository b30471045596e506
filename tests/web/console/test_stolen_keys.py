"""Marking a key as stolen, and issuing anew what it signed: on the settings pages, for owners alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

import issued
from laurea.actions import issuer_keys, rotating, safekeeping
from laurea.records.models import Account, Achievement, Batch, Issuer, Key, Row

AT = "/console/acme/settings/keys"
SINCE = "2026-11-20T08:15"


def stolen(key: Key) -> str:
    return f"{AT}/{key.pk}/stolen"


def test_who_may(
    client: Client, key: Key, alice: Account, bob: Account, vera: Account, charlie: Account, other: Issuer
) -> None:
    filled = {"since": SINCE, "typed": "acme"}
    assert client.get(stolen(key)).headers["Location"].startswith("/accounts/login/")
    for account, status in ((bob, 403), (vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.get(stolen(key)).status_code == status
        assert client.post(stolen(key), filled).status_code == status
        assert client.post(f"{AT}/reissue").status_code == status
    client.force_login(alice)
    assert client.get(stolen(key)).status_code == 200
    theirs = issuer_keys.active(other)
    assert client.post(stolen(theirs), filled).status_code == 404
    assert not Key.objects.filter(state=Key.State.COMPROMISED).exists()


def test_it_says_what_will_happen_and_does_it(client: Client, acme: Issuer, key: Key, alice: Account) -> None:
    acme.time_zone = "Europe/Berlin"
    acme.save()
    client.force_login(alice)
    page = client.get(stolen(key)).content.decode()
    assert "A new key signs at once" in page
    assert "learns from your did.json that the key is revoked" in page
    answer = client.post(stolen(key), {"since": SINCE, "typed": " acme "}, follow=True)
    key.refresh_from_db()
    assert (key.state, key.compromised_from) == ("compromised", datetime(2026, 11, 20, 7, 15, tzinfo=UTC))
    assert issuer_keys.active(acme) != key
    shown = answer.content.decode()
    assert "The key is marked as stolen. 0 credentials no longer verify." in shown
    assert "stolen since" in shown
    assert "the status lists" not in client.get(stolen(key)).content.decode()  # it signs no more


@pytest.mark.parametrize(
    ("since", "typed", "said"),
    [
        ("", "acme", "required"),
        ("yesterday", "acme", "valid date"),
        ("2999-01-01T00:00", "acme", "still to come"),
        (SINCE, "", "required"),
        (SINCE, "Acme GmbH", "not the short name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_done(
    client: Client, key: Key, alice: Account, since: str, typed: str, said: str
) -> None:
    client.force_login(alice)
    answer = client.post(stolen(key), {"since": since, "typed": typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    key.refresh_from_db()
    assert key.state == "active"


def test_only_an_earlier_moment_may_follow(client: Client, key: Key, alice: Account, now: datetime) -> None:
    rotating.compromised(key, since=now - timedelta(days=10), now=now, actor=None)
    client.force_login(alice)
    assert "It is marked already" in client.get(stolen(key)).content.decode()
    answer = client.post(stolen(key), {"since": SINCE, "typed": "acme"})
    assert answer.status_code == 422
    assert "marked as compromised already" in answer.content.decode()


def test_what_no_longer_verifies_is_issued_anew_with_one_click(
    client: Client, acme: Issuer, achievement: Achievement, key: Key, alice: Account
) -> None:
    old = issued.credential_of(achievement, issued=timezone.now())
    client.force_login(alice)
    assert "no longer verify" not in client.get(AT).content.decode()
    rotating.compromised(key, since=timezone.now() - timedelta(days=1), now=timezone.now(), actor=None)
    page = client.get(AT).content.decode()
    assert "1 credential was signed with a stolen key" in page
    answer = client.post(f"{AT}/reissue")
    batch = Batch.objects.get(state=Batch.State.ISSUING)
    assert answer.headers["Location"] == f"/console/acme/batches/{batch.pk}/"
    assert (batch.send_mail, batch.confirmed_by) == (False, alice)
    assert Row.objects.get(batch=batch).replaces == old
    assert "no longer verify" not in client.get(AT).content.decode()
    answer = client.post(f"{AT}/reissue", follow=True)
    assert "There is nothing to issue anew" in answer.content.decode()


def test_it_says_whether_the_newest_key_is_in_a_backup(client: Client, acme: Issuer, key: Key, alice: Account) -> None:
    client.force_login(alice)
    assert "The newest key is in no backup" in client.get(AT).content.decode()
    safekeeping.back_up(b"correct horse battery staple", lambda data: None, now=timezone.now(), actor=None)
    assert "A backup under a passphrase was made on" in client.get(AT).content.decode()
    rotating.rotate(acme, now=timezone.now(), actor=None)
    assert "The newest key is in no backup" in client.get(AT).content.decode()
