"""The page on which two people become one."""

from __future__ import annotations

import re

import pytest

from laurea.records.models import Email, Person

HOME = "/console/acme/people/"


@pytest.fixture
def twin(acme):
    """Ada again."""
    person = Person.objects.create(issuer=acme, name="Augusta Lovelace", job_role="Countess")
    Email.objects.create(issuer=acme, person=person, address="augusta@king.example")
    return person


def said(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_who_may(client, ada, twin, bob, vera, charlie, other):
    address, data = f"{HOME}{ada.pk}/merge/", {"other": twin.pk}
    assert client.post(address, data).url.startswith("/accounts/login/")
    for account, status in ((vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.get(address).status_code == status
        assert client.post(address, data).status_code == status
    assert client.post(f"/console/other/people/{ada.pk}/merge/", data).status_code == 404
    stranger = Person.objects.create(issuer=other, name="Ada Lovelace")
    client.force_login(bob)
    for wrong in (stranger.pk, ada.pk, 99999):
        assert client.post(address, {"other": wrong}).status_code == 404
        assert client.get(f"{address}?other={wrong}").status_code == 404
    assert Person.objects.filter(issuer=ada.issuer).count() == 2


def test_from_the_person_to_one(client, ada, twin, bob):
    client.force_login(bob)
    assert f"{HOME}{ada.pk}/merge/" in client.get(f"{HOME}{ada.pk}/").content.decode()
    assert "Augusta Lovelace" in said(client.get(f"{HOME}{ada.pk}/merge/"))  # shares the name
    assert "Nobody found" in said(client.get(f"{HOME}{ada.pk}/merge/?q=nobody"))
    page = said(client.get(f"{HOME}{ada.pk}/merge/?other={twin.pk}"))
    for expected in ("ada@example.org", "augusta@king.example", "Countess", "cannot be undone", "Keep Augusta"):
        assert expected in page
    assert Person.objects.count() == 2
    answer = client.post(f"{HOME}{ada.pk}/merge/", {"other": twin.pk}, follow=True)
    assert "are one now" in said(answer)
    assert "augusta@king.example" in said(answer)
    assert Person.objects.get() == ada


def test_before_a_search_nothing_was_not_found(client, ada, bob):
    client.force_login(bob)
    page = said(client.get(f"{HOME}{ada.pk}/merge/"))
    assert "Who else is it?" in page
    assert "Nobody found" not in page


def test_nothing_chosen_shows_the_choice_again(client, ada, twin, bob):
    client.force_login(bob)
    assert client.post(f"{HOME}{ada.pk}/merge/").status_code == 200
    assert Person.objects.count() == 2
