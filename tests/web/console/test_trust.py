"""The page of trusted issuers: owners see it, whoever answers for the whole installation changes it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from laurea.actions import trusting
from laurea.credentials.trust import TrustList
from laurea.records.models import Account, Entry, Invitation, Issuer, TrustedIssuer

AT = "/console/acme/settings/trust"
DID = "did:web:academy.example"
GIVEN = {"identifier": DID, "name": "Example Academy", "since": "2026-05-31"}
CHANGING = ("/new", "/import", "/{}/remove")


@pytest.fixture
def entry(db: None) -> TrustedIssuer:
    """An issuer that is trusted already."""
    return trusting.add(DID, "Example Academy", date(2026, 5, 31), now=timezone.now(), actor=None)


def file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("trusted-issuers.json", text.encode())


@pytest.mark.parametrize("page", ["", "/new", "/import", "/export"])
def test_who_may_see_it(
    client: Client, alice: Account, bob: Account, vera: Account, page: str, entry: TrustedIssuer
) -> None:
    assert client.get(AT + page).headers["Location"].startswith("/accounts/login/")
    for account, status in ((alice, 200), (bob, 403), (vera, 403)):
        client.force_login(account)
        assert client.get(AT + page).status_code == status


def test_who_may_change_it(
    client: Client, alice: Account, bob: Account, vera: Account, charlie: Account, entry: TrustedIssuer
) -> None:
    """With a second issuer on the installation, owning one of them is not enough."""
    for account, status in ((alice, 403), (bob, 403), (vera, 403), (charlie, 404)):
        client.force_login(account)
        for act in CHANGING:
            assert client.post(AT + act.format(entry.pk), GIVEN).status_code == status, (account, act)
    client.force_login(charlie)
    assert client.post(f"/console/other/settings/trust/{entry.pk}/remove").status_code == 403
    client.force_login(alice)
    page = client.get(AT).content.decode()
    assert "The list is for all organisations on this installation" in page
    assert f"{AT}/new" not in page
    assert f"{AT}/{entry.pk}/remove" not in page
    assert TrustedIssuer.objects.count() == 1
    Invitation.objects.create(issuer=None, accepted_by=alice, expires=timezone.now())  # she set the installation up
    assert client.post(f"{AT}/{entry.pk}/remove").status_code == 302
    assert not TrustedIssuer.objects.exists()


def test_added(client: Client, alice: Account) -> None:
    client.force_login(alice)
    assert "No issuer is on the list yet" in client.get(AT).content.decode()
    response = client.post(f"{AT}/new", GIVEN)
    assert (response.status_code, response.headers["Location"]) == (302, AT)
    page = client.get(AT).content.decode()
    for said in ("Example Academy is trusted from now on.", DID, "31 May 2026", "Alice"):
        assert said in page
    entry = TrustedIssuer.objects.get()
    assert (entry.identifier, entry.name, entry.since) == (DID, "Example Academy", date(2026, 5, 31))
    assert entry.added_by == alice
    assert Entry.objects.filter(act="trust.added", actor=alice).count() == 1


def test_added_today_where_no_day_is_given(client: Client, alice: Account) -> None:
    client.force_login(alice)
    client.post(f"{AT}/new", GIVEN | {"since": ""})
    assert TrustedIssuer.objects.get().since == timezone.now().date()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"identifier": "academy.example"}, "This is no identifier of an issuer"),
        ({"name": ""}, "required"),
        ({"since": "31.13.2026"}, "valid date"),
    ],
)
def test_mistakes_stand_beside_the_field(client: Client, alice: Account, given: dict[str, str], said: str) -> None:
    client.force_login(alice)
    response = client.post(f"{AT}/new", GIVEN | given)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert f'value="{(GIVEN | given)["identifier"]}"' in response.content.decode()
    assert not TrustedIssuer.objects.exists()


def test_nobody_is_added_twice(client: Client, alice: Account, entry: TrustedIssuer) -> None:
    client.force_login(alice)
    response = client.post(f"{AT}/new", GIVEN | {"name": "Another"})
    assert response.status_code == 422
    assert "This identifier is on the list already" in response.content.decode()


def test_a_form_filled_in_by_a_link(client: Client, alice: Account) -> None:
    client.force_login(alice)
    page = client.get(f"{AT}/new", {"identifier": DID, "name": "<b>"}).content.decode()
    assert f'value="{DID}"' in page
    assert 'value="&lt;b&gt;"' in page


def test_the_list_goes_out_and_comes_in(client: Client, alice: Account, entry: TrustedIssuer) -> None:
    client.force_login(alice)
    response = client.get(f"{AT}/export")
    assert response.headers["Content-Disposition"] == 'attachment; filename="trusted-issuers.json"'
    text = response.content.decode()
    assert [issuer.identifier for issuer in TrustList.read(text)] == [DID]
    entry.delete()
    assert client.post(f"{AT}/import", {"file": file(text)}).status_code == 302
    assert "New: 1. Changed: 0. As before: 0." in client.get(AT).content.decode()
    assert client.get(f"{AT}/export").content.decode() == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "JSON"),
        ("[", "JSON"),
        (json.dumps({"laurea": "trust list", "version": 2, "issuers": []}), "no trust list of version 1"),
    ],
)
def test_a_file_that_is_no_list(client: Client, alice: Account, text: str, said: str) -> None:
    client.force_login(alice)
    response = client.post(f"{AT}/import", {"file": file(text)})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not TrustedIssuer.objects.exists()


def test_it_is_searched_and_turned_over(client: Client, alice: Account) -> None:
    client.force_login(alice)
    now = timezone.now()
    for number in range(60):
        trusting.add(f"did:web:a{number}.example", f"Academy {number:02}", now.date(), now=now, actor=alice)
    page = client.get(AT).content.decode()
    assert "Academy 49" in page
    assert "Academy 50" not in page
    assert "Academy 50" in client.get(AT, {"page": 2}).content.decode()
    found = client.get(AT, {"q": "a7.example"}).content.decode()
    assert "Academy 07" in found
    assert "Academy 08" not in found
    assert "No trusted issuer is called like that" in client.get(AT, {"q": "nobody"}).content.decode()


def test_the_only_issuers_owner_answers_for_the_installation(
    client: Client, acme: Issuer, alice: Account, entry: TrustedIssuer
) -> None:
    assert Issuer.objects.count() == 1
    client.force_login(alice)
    assert client.post(f"{AT}/{entry.pk}/remove").status_code == 302
    assert "Example Academy is no longer on the list." in client.get(AT).content.decode()
    assert client.post(f"{AT}/{entry.pk}/remove").status_code == 404
