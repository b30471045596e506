"""Issuing a single credential, from the form to the certificate."""

from __future__ import annotations

import base64
import io
import re
from datetime import date

import pytest
from django.utils import timezone
from PIL import Image

from issued import credential_of, days
from laurea.actions import chunks
from laurea.credentials.document import parse
from laurea.records.models import Batch, Credential, Delivery, Email, Person

HOME = "/console/acme/credentials/"
FORM = f"{HOME}issue/"


@pytest.fixture
def issuing(client, bob):
    """A browser in which Bob is signed in."""
    client.force_login(bob)
    return client


@pytest.fixture
def form(achievement):
    """What the form posts for somebody new."""
    return {
        "name": "Grace Hopper",
        "email": "Grace@Example.org",
        "employee_number": "1002",
        "achievement": achievement.pk,
        "awarded": (timezone.now() - days(3)).date().isoformat(),
        "send_mail": "on",
    }


def work():
    """Do what a worker does."""
    now = timezone.now()
    while chunks.work_on_next(worker="one", now=now):
        pass


def said(answer):
    """What the answer says, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("path", ["issue/", "issue/people/", "issue/preview/"])
def test_who_may_issue(path, client, form, ada, alice, bob, vera, charlie):
    assert client.post(HOME + path, form).status_code == 302
    for account, status in ((vera, 403), (charlie, 404)):
        client.force_login(account)
        answer = client.post(HOME + path, form | {"name": "Ada"})
        assert (answer.status_code, b"Lovelace" in answer.content) == (status, False)
    assert not Batch.objects.exists()
    for account in (alice, bob):
        client.force_login(account)
        assert client.post(HOME + path, form | {"name": ""}).status_code in (200, 422)


def test_somebody_new_gets_a_credential(issuing, form):
    waiting = issuing.post(FORM, form).url
    assert "Being signed and drawn" in said(issuing.get(waiting))
    work()
    made = Credential.objects.select_related("person").get()
    assert issuing.get(waiting).url == f"{HOME}{made.pk}/"
    assert issuing.get(waiting, headers={"HX-Request": "true"}).headers["HX-Redirect"] == f"{HOME}{made.pk}/"
    assert (made.name, made.email, made.person.employee_number) == ("Grace Hopper", "grace@example.org", "1002")
    assert made.awarded.isoformat() == form["awarded"]
    assert Delivery.objects.get().address == "grace@example.org"
    assert "Grace Hopper" in said(issuing.get(f"{HOME}{made.pk}/"))


def test_who_is_here_is_picked(issuing, form, ada):
    found = issuing.post(f"{FORM}people/", {"name": "lovel"})
    assert f"?person={ada.pk}" in found.content.decode()
    assert "ada@example.org" in said(found)
    assert issuing.post(f"{FORM}people/", {"name": "l"}).content.decode().count("<li>") == 0
    page = issuing.get(f"{FORM}?person={ada.pk}")
    assert "Ada Lovelace" in said(page)
    assert 'name="email"' not in page.content.decode()
    posted = {"person": ada.pk, "achievement": form["achievement"], "awarded": form["awarded"], "name": "Ignored"}
    issuing.post(FORM, posted)
    work()
    made = Credential.objects.get()
    assert (made.person, made.name, made.email, Delivery.objects.count()) == (ada, "Ada Lovelace", "ada@example.org", 0)


def test_inactive_people_are_not_offered(issuing, form, ada):
    Person.objects.update(active=False)
    assert "Lovelace" not in issuing.post(f"{FORM}people/", {"name": "lovelace"}).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "=cmd|x"}, "begins like a formula"),
        ({"name": "a\u202eb"}, "reverse the text direction"),
        ({"email": "nonsense"}, "no e-mail address"),
        ({"email": "ada@example.org"}, "This is Ada Lovelace’s"),
        ({"employee_number": "1001"}, "This is Ada Lovelace’s"),
        ({"awarded": "2999-01-01"}, "has not come yet"),
        ({"awarded": "1777-01-01"}, "too long ago"),
        ({"awarded": "1999-01-01"}, "would have expired already"),
        ({"expires": "2001-01-01"}, "before the date of award"),
        ({"achievement": "999999"}, "Select a valid choice"),
        ({"name": "Duck 🦆"}, "No font can show"),
    ],
)
def test_what_cannot_be_issued_is_said(issuing, form, ada, change, words):
    answer = issuing.post(FORM, form | change)
    assert answer.status_code == 422
    assert words in said(answer)
    assert not Batch.objects.exists()


def test_others_people_and_achievements_cannot_be_used(client, form, ada, charlie, other):
    client.force_login(charlie)
    address = "/console/other/credentials/issue/"
    assert client.post(address, form).status_code == 422
    assert b"Lovelace" not in client.get(f"{address}?person={ada.pk}").content
    assert b"Lovelace" not in client.post(f"{address}people/", {"name": "lovelace"}).content
    answer = client.post(f"{address}preview/", form | {"person": ada.pk})
    assert b"data:image" not in answer.content
    assert not Batch.objects.exists()


def test_waiting_pages_of_others_are_not_there(client, issuing, form, charlie):
    waiting = issuing.post(FORM, form).url
    client.force_login(charlie)
    assert client.get(waiting).status_code == 404
    assert client.get(waiting.replace("acme", "other")).status_code == 404


def test_who_has_it_already_is_asked_about(issuing, form, achievement, ada):
    credential_of(achievement, person=ada, email="ada@example.org", until=timezone.now() + days(500))
    posted = {"person": ada.pk, "achievement": form["achievement"], "awarded": form["awarded"]}
    answer = issuing.post(FORM, posted)
    assert answer.status_code == 422
    assert "This person has it already" in said(answer)
    assert issuing.post(FORM, posted | {"again": "on"}).status_code == 302
    work()
    assert Credential.objects.filter(superseded=None).get().supersedes.code == Credential.objects.first().code


def test_who_has_it_without_address_or_number_is_asked_about_too(issuing, acme, form, achievement):
    nameless = Person.objects.create(issuer=acme, name="John Smith")
    credential_of(achievement, "John Smith", person=nameless)
    posted = {"person": nameless.pk, "achievement": form["achievement"], "awarded": form["awarded"]}
    assert "This person has it already" in said(issuing.post(FORM, posted))


def test_what_expires_is_renewed(issuing, form, achievement, ada):
    old = credential_of(
        achievement,
        person=ada,
        email="ada@example.org",
        issued=timezone.now() - days(700),
        until=timezone.now() + days(9),
    )
    posted = {"person": ada.pk, "achievement": form["achievement"], "awarded": form["awarded"]}
    assert issuing.post(FORM, posted).status_code == 302
    work()
    assert Credential.objects.get(supersedes=old).person == ada


def test_what_the_achievement_takes_is_asked_for(issuing, form, achievement):
    assert 'name="result"' not in issuing.get(FORM).content.decode()
    achievement.include = ["result", "evidence"]
    achievement.save()
    page = issuing.get(f"{FORM}?achievement={achievement.pk}").content.decode()
    assert 'name="result"' in page
    assert 'name="evidence"' in page
    issuing.post(FORM, form | {"result": "92 %", "evidence": "https://acme.example/work"})
    work()
    text = Credential.objects.get().text
    assert "92 %" in text
    assert parse(text)["evidence"]


def test_the_preview_is_a_picture_in_the_page(issuing, form):
    answer = issuing.post(f"{FORM}preview/", form)
    data = re.search(r'src="data:image/png;base64,([^"]+)"', answer.content.decode())[1]
    picture = Image.open(io.BytesIO(base64.b64decode(data)))
    assert picture.width == 900
    assert not Batch.objects.exists()
    assert "Duck" not in answer.content.decode()
    assert "font can show" in said(issuing.post(f"{FORM}preview/", form | {"name": "Duck 🦆"}))


def test_a_form_that_is_begun_gets_a_preview_too(issuing, form):
    assert "data:image" in issuing.post(f"{FORM}preview/", {"achievement": form["achievement"]}).content.decode()
    assert issuing.post(f"{FORM}preview/", {}).status_code == 200


def test_without_achievements_the_form_says_what_comes_first(issuing, acme):
    assert "First say what can be earned" in said(issuing.get(FORM))


def test_an_address_that_is_taken_while_one_types_is_refused(issuing, acme, form, ada):
    Email.objects.create(issuer=acme, person=ada, address="grace@example.org", primary=False)
    assert issuing.post(FORM, form).status_code == 422


def test_what_failed_is_said(issuing, form):
    waiting = issuing.post(FORM, form).url
    batch = Batch.objects.get()
    batch.rows.update(outcome="failed", problems=[{"reason": "no font can show it", "hint": "Write it otherwise"}])
    assert "No font can show it. Write it otherwise" in said(issuing.get(waiting))
    assert date.fromisoformat(form["awarded"]) == batch.awarded
