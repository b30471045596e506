"""The credentials pages: who sees what, what is found, what is taken along."""

from __future__ import annotations

import csv
import io
import logging
import re
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from issued import PDF, batch_of, credential_of, days
from laurea.actions import chunks, confirming
from laurea.credentials.code import format_code
from laurea.records.models import Credential, Delivery

HOME = "/console/acme/credentials/"
LOOKING = ("", "{pk}/", "{pk}/certificate.png", "{pk}/json/", "{pk}/svg/")


@pytest.fixture
def made(acme, achievement, ada, now):
    """A credential as a worker makes it, signed, with its files."""
    confirming.issue_one(acme, achievement, name=ada.name, email="ada@example.org", person=ada, now=now, actor=None)
    while chunks.work_on_next(worker="one", now=now):
        pass
    return Credential.objects.get()


@pytest.fixture
def looking(client, vera):
    """A browser in which Vera is signed in."""
    client.force_login(vera)
    return client


def names(answer):
    """The names in the list, in its order."""
    return re.findall(r'<span class="name" dir="auto">([^<]+)</span>', answer.content.decode())


def said(answer):
    """What the answer says, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("path", LOOKING)
def test_who_may_look(path, client, made, alice, bob, vera, charlie):
    address = HOME + path.format(pk=made.pk)
    assert client.get(address).status_code == 302
    for account, status in ((alice, 200), (bob, 200), (vera, 200), (charlie, 404)):
        client.force_login(account)
        answer = client.get(address)
        assert answer.status_code == status
        assert status == 200 or b"Lovelace" not in answer.content
    assert client.get(f"/console/other/credentials/{path.format(pk=made.pk)}").status_code == (404 if path else 200)


def test_a_file_comes_by_a_link_that_expires(client, made, vera, charlie):
    address = f"{HOME}{made.pk}/pdf/"
    assert client.get(address).url.startswith("/accounts/login/")
    client.force_login(charlie)
    assert client.get(address).status_code == 404
    assert client.get(f"/console/other/credentials/{made.pk}/pdf/").status_code == 404
    client.force_login(vera)
    answer = client.get(client.get(address).url)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert f"Ada Lovelace - {made.code}.pdf" in answer.headers["Content-Disposition"]


def test_the_signed_text_goes_out_byte_for_byte(looking, made):
    answer = looking.get(f"{HOME}{made.pk}/json/")
    assert answer.content.decode() == made.text
    assert answer.headers["Content-Disposition"] == f'attachment; filename="Ada Lovelace - {made.code}.json"'


def test_files_that_do_not_exist_are_not_there(looking, made):
    for kind in ("exe", "json-ld"):
        assert looking.get(f"{HOME}{made.pk}/{kind}/").status_code == 404


def test_who_may_send_mail(client, made, bob, vera, charlie):
    made.deliveries.all().delete()
    address = f"{HOME}{made.pk}/mail/"
    for account, status in ((vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.post(address).status_code == status
    assert client.post(f"/console/other/credentials/{made.pk}/mail/").status_code == 404
    assert not Delivery.objects.exists()
    client.force_login(bob)
    client.post(address)
    client.post(address)
    assert Delivery.objects.get().address == "ada@example.org"


def test_nothing_yet_teaches(client, acme, bob):
    client.force_login(bob)
    answer = client.get(HOME)
    assert "Nothing was issued yet" in said(answer)
    assert 'type="checkbox"' not in answer.content.decode()


def test_the_list_is_searched_and_filtered(looking, acme, achievement, other):
    now = timezone.now()
    first = batch_of(achievement, "first.csv")
    credential_of(achievement, "Jürgen Müller", issued=now - days(2), batch=first)
    credential_of(achievement, "محمد الحسن", issued=now - days(3), until=now + days(3), batch=first)
    old = credential_of(
        achievement, "Łukasz Żak", issued=now - days(900), until=now - days(170), batch=batch_of(achievement)
    )
    gone = credential_of(achievement, "Zoe Gone", issued=now - days(4), email="zoe@example.org", batch=first)
    Credential.objects.filter(pk=gone.pk).update(revoked=now)
    for query, found in (
        ("", ["Jürgen Müller", "محمد الحسن", "Zoe Gone", "Łukasz Żak"]),
        ("q=mueller", ["Jürgen Müller"]),
        ("q=lukasz", ["Łukasz Żak"]),
        ("q=ZOE@EXAMPLE.ORG", ["Zoe Gone"]),
        (f"q={old.code.lower()}", ["Łukasz Żak"]),
        (f"q={format_code(old.code)}", ["Łukasz Żak"]),
        ("q=personal+data+zoe", ["Zoe Gone"]),
        ("state=valid", ["Jürgen Müller"]),
        ("state=expiring", ["محمد الحسن"]),
        ("state=expired", ["Łukasz Żak"]),
        ("state=revoked", ["Zoe Gone"]),
        (
            "state=nonsense&sort=nonsense&since=nonsense&batch=x",
            ["Jürgen Müller", "محمد الحسن", "Zoe Gone", "Łukasz Żak"],
        ),
        (f"batch={first.pk}&q=mueller", ["Jürgen Müller"]),
        (f"achievement={achievement.pk}&state=expired", ["Łukasz Żak"]),
        (f"since={(now - days(3)).date()}", ["Jürgen Müller", "محمد الحسن"]),
        (f"until={(now - days(100)).date()}", ["Łukasz Żak"]),
        ("sort=name&state=valid&q=nobody", []),
    ):
        assert names(looking.get(f"{HOME}?{query}")) == found, query
    assert "Nothing found" in said(looking.get(f"{HOME}?q=nobody"))


def test_other_issuers_achievements_and_batches_are_no_filters(client, achievement, charlie):
    held = credential_of(achievement, "Ada Lovelace")
    client.force_login(charlie)
    for query in (f"achievement={achievement.pk}", f"batch={held.batch_id}", f"after={held.pk}", f"q={held.code}"):
        answer = client.get(f"/console/other/credentials/?{query}")
        assert answer.status_code == 200
        assert b"Lovelace" not in answer.content
        assert achievement.name.encode() not in answer.content
        assert b"list.csv" not in answer.content


def test_pages_follow_each_other_and_name_nobody(looking, achievement):
    batch = batch_of(achievement)
    for number in range(60):
        credential_of(achievement, f"Person {number:02}", batch=batch)
    seen, address = [], f"{HOME}?sort=name"
    while address:
        answer = looking.get(address)
        seen += names(answer)
        link = re.search(r'rel="next" href="([^"]+)"', answer.content.decode())
        address = HOME + link[1].replace("&amp;", "&") if link else ""
        assert "Person" not in address
    assert seen == [f"Person {number:02}" for number in range(60)]


def test_queries_do_not_grow_with_the_list(looking, achievement):
    def count(query):
        with CaptureQueriesContext(connection) as queries:
            looking.get(f"{HOME}?{query}")
        return len(queries)

    batch = batch_of(achievement)
    credential_of(achievement, "Person", batch=batch)
    few, searched = count(""), count("q=person")
    for number in range(20):
        made = credential_of(achievement, f"Person {number}", batch=batch)
        Delivery.objects.create(issuer=achievement.issuer, credential=made, address="a@b.example", language="en")
    assert (count(""), count("q=person")) == (few, searched)
    assert few <= 13
    assert searched <= 10


def test_a_credential_shows_where_it_comes_from(looking, made):
    words = said(looking.get(f"{HOME}{made.pk}/"))
    for expected in ("Ada Lovelace", format_code(made.code), made.key.multikey, "Issued by hand", "version 1", "Right"):
        assert expected in words
    Credential.objects.filter(pk=made.pk).update(text=made.text.replace("Ada", "Eve"))
    assert "not what was signed" in said(looking.get(f"{HOME}{made.pk}/"))
    Credential.objects.filter(pk=made.pk).update(revoked=timezone.now())
    assert "was revoked" in said(looking.get(f"{HOME}{made.pk}/"))


def test_a_viewer_cannot_issue_or_send(looking, made):
    for address in (HOME, f"{HOME}{made.pk}/"):
        page = looking.get(address).content.decode()
        assert "/issue/" not in page
        assert "/again/" not in page


# --- Taking along -----------------------------------------------------------------------------------------------------


def taken(answer):
    """The content of a download."""
    return b"".join(answer.streaming_content)


def test_chosen_ones_come_as_a_zip(looking, achievement):
    ada, grace, _ = (credential_of(achievement, name, files=True) for name in ("Ada", "Grace", "Mary"))
    answer = looking.post(f"{HOME}download/", {"pk": [ada.pk, grace.pk], "as": "zip"})
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "private, no-store"
    archive = zipfile.ZipFile(io.BytesIO(taken(answer)))
    assert sorted(archive.namelist()) == sorted(
        f"{each.name} - {each.code}.{ending}" for each in (ada, grace) for ending in ("pdf", "png")
    )
    assert archive.read(f"Ada - {ada.code}.pdf") == PDF + ada.code.encode()


def test_all_that_match_come_as_a_table(looking, achievement):
    for name in ("Ada One", "Ada =Two", "Grace"):
        credential_of(achievement, name)
    answer = looking.post(f"{HOME}download/", {"all": "1", "q": "ada", "as": "csv"})
    lines = list(csv.reader(io.StringIO(taken(answer).decode("utf-8-sig"))))
    assert sorted(line[0] for line in lines[1:]) == ["Ada =Two", "Ada One"]


def test_nothing_chosen_is_said(looking, achievement):
    credential_of(achievement)
    assert looking.post(f"{HOME}download/", {"as": "zip"}).url == HOME
    assert "Nothing was chosen" in said(looking.get(HOME))


def test_nobody_takes_what_is_another_issuers(client, achievement, charlie):
    held = credential_of(achievement, "Ada Lovelace", files=True)
    chosen = {"pk": [held.pk], "as": "csv"}
    assert client.post(f"{HOME}download/", chosen).url.startswith("/accounts/login/")
    client.force_login(charlie)
    assert client.post(f"{HOME}download/", chosen).status_code == 404
    assert b"Lovelace" not in taken(client.post("/console/other/credentials/download/", chosen))
    for matching in ({"all": "1"}, {"all": "1", "batch": held.batch_id}, {"all": "1", "achievement": achievement.pk}):
        answer = client.post("/console/other/credentials/download/", matching | {"as": "zip"})
        assert zipfile.ZipFile(io.BytesIO(taken(answer))).namelist() == []


def test_searching_leaves_no_trace_in_logs(looking, achievement, caplog):
    credential_of(achievement, "Ada Lovelace", email="ada@example.org")
    with caplog.at_level(logging.INFO):
        looking.get(f"{HOME}?q=lovelace")
        looking.get(f"{HOME}?q=ada@example.org")
    assert "lovelace" not in caplog.text.lower()
    assert "ada@example.org" not in caplog.text
