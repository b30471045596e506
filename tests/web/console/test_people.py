"""The people pages: who may do what, what is found, what is kept, and lists that are looked through first."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from issued import credential_of
from laurea.actions import people_lists
from laurea.records.models import Email, Member, Person, Role

HOME = "/console/acme/people/"
LOOKING = ("", "list.csv", "{pk}/")
CHANGING = ("add/", "import/", "{pk}/edit/")
POSTING = ("{pk}/active/", "{pk}/remove/", "import/cancel/")


def names(answer):
    """The names in a list, in its order."""
    return re.findall(r'<span class="name" dir="auto">([^<]+)</span>', answer.content.decode())


def said(answer):
    """What the answer says, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def issuing(client, bob):
    """A browser in which Bob is signed in."""
    client.force_login(bob)
    return client


@pytest.mark.parametrize("path", LOOKING)
def test_who_may_look(path, client, ada, alice, bob, vera, charlie):
    address = HOME + path.format(pk=ada.pk)
    assert client.get(address).status_code == 302
    for account, status in ((alice, 200), (bob, 200), (vera, 200), (charlie, 404)):
        client.force_login(account)
        answer = client.get(address)
        assert answer.status_code == status
        if status == 404:
            assert b"Lovelace" not in answer.content


@pytest.mark.parametrize("path", CHANGING)
def test_who_may_change(path, client, ada, alice, bob, vera, charlie):
    address = HOME + path.format(pk=ada.pk)
    assert client.get(address).status_code == 302
    for account, status in ((alice, 200), (bob, 200), (vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.get(address).status_code == status
        if status != 200:
            assert client.post(address, {"name": "Eve"}).status_code == status
    assert list(Person.objects.values_list("name", flat=True)) == ["Ada Lovelace"]


@pytest.mark.parametrize("path", POSTING)
def test_who_may_act(path, client, ada, bob, vera, charlie):
    address = HOME + path.format(pk=ada.pk)
    assert client.post(address).status_code == 302
    assert Person.objects.filter(active=True).count() == 1
    for account, status in ((vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.post(address).status_code == status
    client.force_login(bob)
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302


@pytest.mark.parametrize("path", [*LOOKING[2:], *CHANGING[2:]])
def test_people_of_another_issuer_are_not_there(path, client, ada, charlie):
    client.force_login(charlie)
    answer = client.get("/console/other/people/" + path.format(pk=ada.pk))
    assert (answer.status_code, b"Lovelace" in answer.content) == (404, False)
    for act in ("active", "remove", "edit"):
        assert client.post(f"/console/other/people/{ada.pk}/{act}/", {"name": "Eve"}).status_code == 404
    assert Person.objects.get().name == "Ada Lovelace"


def test_a_viewer_sees_no_buttons(client, ada, vera):
    client.force_login(vera)
    for address in (HOME, f"{HOME}{ada.pk}/"):
        page = client.get(address).content.decode()
        assert "/people/add/" not in page
        assert "/edit/" not in page
        assert 'method="post" action="/console/acme/people' not in page


def test_nobody_yet_teaches(issuing, acme):
    answer = issuing.get(HOME)
    assert "Nobody is here yet" in said(answer)
    assert f"{HOME}import/" in answer.content.decode()


def test_the_list_is_searched_and_filtered(issuing, acme, ada):
    Person.objects.create(issuer=acme, name="Jürgen Müller", department="Sales", active=False)
    Person.objects.create(issuer=acme, name="محمد الحسن", employee_number="7")
    assert names(issuing.get(HOME)) == ["Ada Lovelace", "Jürgen Müller", "محمد الحسن"]
    for query, found in (
        ("q=mueller", ["Jürgen Müller"]),
        ("q=ada%40example.org", ["Ada Lovelace"]),
        ("q=1001", ["Ada Lovelace"]),
        ("q=محمد", ["محمد الحسن"]),
        ("active=no", ["Jürgen Müller"]),
        ("active=yes&department=Research", ["Ada Lovelace"]),
        ("department=Nowhere", []),
        ("q=nobody", []),
        ("active=perhaps&after=x&before=99999999999999999999", ["Ada Lovelace", "Jürgen Müller", "محمد الحسن"]),
    ):
        assert names(issuing.get(f"{HOME}?{query}")) == found, query
    assert "Nobody found" in said(issuing.get(f"{HOME}?q=nobody"))


def test_pages_follow_each_other(issuing, acme):
    Person.objects.bulk_create(Person(issuer=acme, name=f"Person {number:03}") for number in range(120))
    seen, address = [], HOME
    while address:
        answer = issuing.get(address)
        seen += names(answer)
        link = re.search(r'rel="next" href="([^"]+)"', answer.content.decode())
        address = HOME + link[1].replace("&amp;", "&") if link else ""
        assert "Person" not in address
    assert seen == [f"Person {number:03}" for number in range(120)]


def test_queries_do_not_grow_with_people(issuing, acme):
    def count():
        with CaptureQueriesContext(connection) as queries:
            issuing.get(f"{HOME}?q=person")
        return len(queries)

    Person.objects.create(issuer=acme, name="Person 0")
    few = count()
    for number in range(1, 40):
        person = Person.objects.create(issuer=acme, name=f"Person {number}", department=f"D{number}")
        Email.objects.create(issuer=acme, person=person, address=f"p{number}@example.org")
    assert count() <= few + 1  # more than one page is counted
    assert few <= 10


def test_somebody_is_added_and_corrected(issuing, acme):
    form = {"name": "Zoë Ünal", "emails": "ZOE@example.org\nz.u@example.org", "employee_number": "5", "active": "on"}
    answer = issuing.post(f"{HOME}add/", form)
    person = Person.objects.get()
    assert answer.url == f"{HOME}{person.pk}/"
    page = said(issuing.get(answer.url))
    assert "zoe@example.org used for mail" in page
    answer = issuing.post(f"{HOME}{person.pk}/edit/", form | {"name": "Zoë Weiß", "department": "R&D"})
    assert answer.status_code == 302
    assert "Zoë Weiß" in said(issuing.get(HOME))
    assert "R&amp;D" in issuing.get(f"{HOME}{person.pk}/").content.decode()


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(issuing, acme, ada):
    answer = issuing.post(f"{HOME}add/", {"name": "Ann", "emails": "ada@example.org", "department": "Kept"})
    assert answer.status_code == 422
    assert "The address ada@example.org is Ada Lovelace's" in said(answer).replace("&#x27;", "'")
    assert 'value="Kept"' in answer.content.decode()
    assert Person.objects.count() == 1


def test_markup_in_names_is_text(issuing, acme):
    person = Person.objects.create(issuer=acme, name='<script>alert("x")</script>', department="<b>")
    for address in (HOME, f"{HOME}{person.pk}/", f"{HOME}{person.pk}/edit/"):
        page = issuing.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_a_person_shows_what_they_hold(issuing, achievement, ada):
    held = credential_of(achievement, person=ada)
    page = issuing.get(f"{HOME}{ada.pk}/").content.decode()
    assert f"/console/acme/credentials/{held.pk}/" in page
    assert achievement.name in page
    assert "cannot be deleted" in page
    assert issuing.post(f"{HOME}{ada.pk}/remove/").url == f"{HOME}{ada.pk}/"
    assert "must stay verifiable" in said(issuing.get(f"{HOME}{ada.pk}/"))
    assert Person.objects.count() == 1


def test_a_leaver_is_set_inactive_and_comes_back(issuing, ada):
    issuing.post(f"{HOME}{ada.pk}/active/", {"active": "no"})
    assert "keeps everything earned" in said(issuing.get(f"{HOME}{ada.pk}/"))
    issuing.post(f"{HOME}{ada.pk}/active/", {"active": "yes"})
    assert Person.objects.get().active


def test_who_holds_nothing_is_deleted(issuing, ada):
    assert issuing.post(f"{HOME}{ada.pk}/remove/").url == HOME
    assert not Person.objects.exists()


def test_the_export_holds_what_the_list_shows(issuing, acme, ada):
    Person.objects.create(issuer=acme, name="=cmd|x", department="Sales")
    answer = issuing.get(f"{HOME}list.csv?department=Sales")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="people-acme-')
    assert answer.headers["Cache-Control"] == "private, no-store"
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [line[0] for line in lines] == ["Name", "'=cmd|x"]


# --- Lists ------------------------------------------------------------------------------------------------------------

LIST = (
    "Name,E-mail,Employee number,Department,Active,Shoe size\n"
    "Ada King,ada@example.org,1001,Research,yes,38\n"
    "New One,new@example.org,7,IT,no,40\n"
    "New One,new@example.org,7,IT,no,40\n"
    "Wrong One,nonsense,8,IT,,\n"
)


def hand_in(client, content, name="people.csv"):
    """Upload a file."""
    return client.post(f"{HOME}import/", {"file": SimpleUploadedFile(name, content)})


def plan_of(answer):
    """The plan that the review shows."""
    return re.search(r'name="plan" value="([0-9a-f]{64})"', answer.content.decode())[1]


def test_a_list_is_shown_then_written(issuing, acme, ada):
    assert hand_in(issuing, LIST.encode()).url == f"{HOME}import/review/"
    review = issuing.get(f"{HOME}import/review/")
    words = said(review)
    assert "Write 2 people" in words
    assert "Name: Ada Lovelace → Ada King" in words
    assert "not taken: Shoe size" in words
    assert "Line 4: New One stands on line 3 already" in words
    assert "This is no e-mail address" in words
    assert Person.objects.count() == 1
    answer = issuing.post(f"{HOME}import/review/", {"plan": plan_of(review)})
    assert answer.url == HOME
    assert "1 person added, 1 changed." in said(issuing.get(HOME))
    assert list(Person.objects.order_by("name").values_list("name", "active")) == [
        ("Ada King", True),
        ("New One", False),
    ]
    assert issuing.get(f"{HOME}import/review/").url == f"{HOME}import/"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"),
        (b"PK\x03\x04" + bytes(100), "workbook"),
    ],
)
def test_what_is_no_list_is_said(issuing, acme, content, words):
    answer = hand_in(issuing, content)
    assert answer.status_code == 422
    assert words.lower() in said(answer).lower()


def test_a_list_without_header_is_asked_about(issuing, acme):
    hand_in(issuing, b"Ada Lovelace,ada@example.org\nGrace Hopper,grace@example.org\n")
    review = issuing.get(f"{HOME}import/review/")
    assert review.status_code == 200
    assert {"New One", "Ada Lovelace"} & set(names(review)) or "One thing before we go on" in said(review)


def test_what_only_a_person_knows_is_asked(issuing, acme):
    hand_in(issuing, b"Who,Number of employee\nAda Lovelace,1001\n")
    page = issuing.get(f"{HOME}import/review/")
    assert "One thing before we go on" in said(page)
    value = re.search(r'type="radio"[^>]*value="(Who[^"]*)"|value="(Who[^"]*)"', page.content.decode())
    assert issuing.post(f"{HOME}import/review/", {"answer_0": "nonsense"}).status_code == 422
    assert issuing.post(f"{HOME}import/review/", {"answer_0": value[1] or value[2]}).status_code == 302
    assert names(issuing.get(f"{HOME}import/review/")) == ["Ada Lovelace"]


def test_what_changed_meanwhile_is_looked_through_again(issuing, acme, ada):
    hand_in(issuing, LIST.encode())
    plan = plan_of(issuing.get(f"{HOME}import/review/"))
    Person.objects.update(name="Ada Byron")
    assert issuing.post(f"{HOME}import/review/", {"plan": plan}).url == f"{HOME}import/review/"
    assert Person.objects.get().name == "Ada Byron"
    assert "Somebody has changed these people" in said(issuing.get(f"{HOME}import/review/"))


def test_a_list_is_seen_by_who_handed_it_in(issuing, client, acme, alice, ada):
    hand_in(issuing, LIST.encode())
    client.force_login(alice)
    assert client.get(f"{HOME}import/review/").url == f"{HOME}import/"


def test_a_list_for_one_issuer_is_not_taken_for_another(client, acme, other, charlie, bob):
    Member.objects.create(issuer=other, account=bob, role=Role.OWNER)
    client.force_login(bob)
    hand_in(client, LIST.encode())
    assert client.get("/console/other/people/import/review/").url == "/console/other/people/import/"


def test_a_list_that_is_cancelled_is_forgotten(issuing, acme, bob):
    hand_in(issuing, LIST.encode())
    issuing.post(f"{HOME}import/cancel/")
    assert people_lists.kept(acme, "", actor=bob) is None
    assert issuing.get(f"{HOME}import/review/").url == f"{HOME}import/"
    assert not Person.objects.exists()
