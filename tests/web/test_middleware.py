"""Entries say from which page an act came, by the name of its address, and nothing of the address itself."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from laurea.actions import auditing
from laurea.records.models import Account, Entry, Issuer, Person

pytestmark = pytest.mark.django_db


def places(act: str) -> list[str]:
    return [json.loads(entry.content)["from"] for entry in Entry.objects.filter(act=act).order_by("pk")]


def test_an_act_knows_the_page_it_came_from(client: Client, acme: Issuer, ada: Person, alice: Account) -> None:
    client.force_login(alice)
    client.post(f"/console/acme/people/{ada.pk}/active/", {"active": "no"})
    client.get("/console/acme/people/list.csv?q=lovelace")
    assert (places("person.changed"), places("export.people")) == (["console:person-active"], ["console:people-export"])


def test_the_place_of_one_request_is_not_that_of_the_next(client: Client, acme: Issuer, alice: Account) -> None:
    client.get("/")
    assert auditing._place.get() == ""
    with auditing.from_where("worker"):
        client.get("/console/acme/people/")
        assert auditing._place.get() == "worker"
