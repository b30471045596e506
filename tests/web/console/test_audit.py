"""The audit trail's pages: owners see what was done, in plain words; nobody else does."""

from __future__ import annotations

import ast
import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from issued import credential_of
from laurea.actions import auditing, issuer_keys, people
from laurea.actions.auditing import Act
from laurea.actions.looking_back import Told
from laurea.actions.people import Details
from laurea.records.models import Entry, Invitation
from laurea.web.accounts import adapter
from laurea.web.console.audit import words

HOME = "/console/acme/audit/"


def said(answer):
    """What the answer says, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def titles(answer):
    """What the lines of the trail say was done."""
    return re.findall(r"</svg><span><span>([^<]+)</span>", answer.content.decode())


@pytest.fixture
def owning(client, alice):
    """A browser in which Alice is signed in, and an empty trail."""
    client.force_login(alice)
    Entry.objects.all().delete()
    return client


def note(issuer, act, *, now=None, actor=None):
    with transaction.atomic():
        return auditing.note(act, issuer=issuer, now=now or timezone.now(), actor=actor)


# --- Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "trail.csv", "{pk}/"])
def test_owners_alone(path, client, acme, ada, alice, bob, vera, charlie):
    entry = note(acme, Act("person.changed", "person", str(ada.pk), {}, ada))
    address = HOME + path.format(pk=entry.pk)
    assert client.get(address).status_code == 302
    for account, status in ((alice, 200), (bob, 403), (vera, 403), (charlie, 404)):
        client.force_login(account)
        answer = client.get(address)
        assert answer.status_code == status
        assert client.post(address).status_code == (405 if status == 200 else status)
        if status != 200:
            assert b"Lovelace" not in b"".join(answer)
    own = client.get(f"/console/other/audit/{entry.pk}/")
    assert own.status_code == 404


def test_the_whole_installation_is_for_who_answers_for_it(client, acme, other, alice, charlie):
    entry = note(None, Act("trust.added", "trusted-issuer", "1", {"name": "Zuse Institute"}))
    Invitation.objects.create(issuer=None, token_sha256="x", accepted_by=alice, expires=timezone.now())
    for account, home, sees in ((alice, HOME, True), (charlie, "/console/other/audit/", False)):
        client.force_login(account)
        answer = client.get(f"{home}?where=installation")
        assert ("Zuse Institute" in said(answer), "The installation" in said(answer)) == (sees, sees)
        assert client.get(f"{home}{entry.pk}/").status_code == (200 if sees else 404)
        assert "Zuse" not in said(client.get(home))


# --- What is seen -----------------------------------------------------------------------------------------------------


def test_an_empty_trail_says_what_comes(owning):
    assert "leaves a line here" in said(owning.get(HOME))


def test_acts_appear_with_their_member_object_and_place(owning, acme, ada, alice):
    owning.post(f"/console/acme/people/{ada.pk}/active/", {"active": "no"})
    answer = owning.get(HOME)
    assert titles(answer) == ["Person changed"]
    for words_ in ("Ada Lovelace", "Alice", "Console"):
        assert words_ in said(answer)
    assert f'href="/console/acme/people/{ada.pk}/"' in answer.content.decode()
    entry = Entry.objects.get()
    shown = said(owning.get(f"{HOME}{entry.pk}/"))
    assert "Active yes no" in shown
    assert "console:person-active" in shown
    assert bytes(entry.leaf).hex() in shown


def test_a_revocation_is_told_with_its_reason(owning, acme, achievement, key, alice):
    credential = credential_of(achievement)
    note(
        acme,
        auditing.of_credential("credential.revoked", credential, {"reason": "mistake", "batch": credential.batch_id}),
    )
    entry = Entry.objects.get()
    shown = owning.get(f"{HOME}{entry.pk}/")
    assert "Credential revoked" in said(shown)
    assert "Reason Issued by mistake" in said(shown)
    assert f'<a href="/console/acme/batches/{credential.batch_id}/">list.csv</a>' in shown.content.decode()


def test_what_is_gone_keeps_the_name_it_had(owning, acme, alice):
    note(acme, Act("batch.removed", "batch", "4711", {"file": "old.csv"}))
    note(acme, Act("credential.erased", "credential", "urn:uuid:x", {"code": "7K3M9QXR2V5T8WHF"}))
    answer = said(owning.get(HOME))
    assert "old.csv" in answer
    assert "7K3M-9QXR-2V5T-8WHF" in answer


def test_an_erased_entry_says_so(owning, acme, ada):
    entry = note(acme, Act("person.changed", "person", str(ada.pk), {"changes": {"name": ["Ada Byron", "Ada"]}}, ada))
    Entry.objects.filter(pk=entry.pk).update(content="", salt=b"", erased=timezone.now())
    assert "erased" in said(owning.get(HOME))
    shown = said(owning.get(f"{HOME}{entry.pk}/"))
    assert "This entry was erased" in shown
    assert "Byron" not in shown


def test_texts_of_others_are_shown_as_text(owning, acme, ada):
    bad = '<script>alert("x")</script>'
    entry = note(acme, Act("person.changed", "person", "0", {"changes": {bad: [bad, bad]}, bad: bad, "name": bad}))
    for answer in (owning.get(HOME), owning.get(f"{HOME}{entry.pk}/")):
        assert b"<script>alert" not in answer.content


# --- What is found ----------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(owning, acme, achievement, ada, alice, bob):
    """A trail in which something of each group was done."""
    credential = credential_of(achievement, person=ada)
    note(acme, auditing.of_credential("credential.issued", credential), now=timezone.now() - timedelta(days=3))
    note(acme, Act("person.changed", "person", str(ada.pk), {}, ada), actor=bob)
    issuer_keys.create(acme, now=timezone.now(), actor=alice)
    return credential


def test_by_group(owning, busy):
    assert titles(owning.get(f"{HOME}?group=keys")) == ["Key made", "Key retired"]
    assert titles(owning.get(f"{HOME}?group=people")) == ["Person changed"]
    assert titles(owning.get(f"{HOME}?group=mail")) == []
    assert len(titles(owning.get(f"{HOME}?group=nonsense"))) == 4


def test_by_person_object_member_and_day(owning, busy, ada, bob, charlie):
    assert titles(owning.get(f"{HOME}?person={ada.pk}")) == ["Person changed", "Credential issued"]
    assert titles(owning.get(f"{HOME}?kind=credential&id={busy.identifier}")) == ["Credential issued"]
    assert titles(owning.get(f"{HOME}?member={bob.pk}")) == ["Person changed"]
    assert len(titles(owning.get(f"{HOME}?member={charlie.pk}"))) == 4  # no member: no choice
    day = (timezone.now() - timedelta(days=2)).date().isoformat()
    assert titles(owning.get(f"{HOME}?until={day}")) == ["Credential issued"]
    assert "Credential issued" not in titles(owning.get(f"{HOME}?since={day}"))
    for nonsense in ("person=x", "person=99999999999999999999", "member=-1", "since=2026-99-99", "run=1-x", "kind=x"):
        assert len(titles(owning.get(f"{HOME}?{nonsense}"))) == 4, nonsense


def test_by_what_is_typed(owning, busy, acme):
    assert titles(owning.get(f"{HOME}?q={busy.code.lower()}")) == ["Credential issued"]
    assert titles(owning.get(f"{HOME}?q=lovelace")) == ["Person changed", "Credential issued"]
    nobody = owning.get(f"{HOME}?q=nobody")
    assert titles(nobody) == []
    assert "Nothing found" in said(nobody)


def test_what_was_done_at_once_is_one_line_that_opens(owning, acme, alice):
    with transaction.atomic():
        acts = [Act("person.added", "person", str(number), {"name": f"Number {number}"}) for number in range(30)]
        auditing.note_all(acts, issuer=acme, now=timezone.now(), actor=alice)
    answer = owning.get(HOME)
    assert titles(answer) == ["Person added"]
    assert "30 at once" in said(answer)
    [link] = re.findall(r'href="(\?[^"]*run=[^"]+)"', answer.content.decode())
    assert titles(owning.get(HOME + link.replace("&amp;", "&"))) == ["Person added"] * 30


def test_a_long_trail_costs_no_more_queries(owning, acme, achievement, ada):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            owning.get(HOME)
        return len(queries)

    for number in range(3):
        note(acme, auditing.of_credential("credential.issued", credential_of(achievement, person=ada)))
        note(acme, Act("person.changed", "person", str(ada.pk), {"line": number}, ada))
    few = asked()
    for number in range(60):
        note(acme, auditing.of_credential("credential.issued", credential_of(achievement, person=ada)))
        note(acme, Act("person.changed", "person", str(ada.pk), {"line": number}, ada))
    assert asked() == few
    assert few <= 14


# --- As a table -------------------------------------------------------------------------------------------------------


def test_the_table_has_what_the_page_shows_and_is_an_entry(owning, acme, busy):
    page = owning.get(f"{HOME}?group=people").content.decode()
    # Inside what is swapped when somebody narrows the trail further, so that it is always what is seen.
    assert f'href="{HOME}trail.csv?group=people"' in page.partition('id="list"')[2]
    answer = owning.get(f"{HOME}trail.csv?group=people")
    lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-trail-acme-')
    assert lines[0][:6] == ["Number", "Time (UTC)", "Member", "What", "About", "From where"]
    assert [(line[2], line[3], line[4]) for line in lines[1:]] == [("Bob", "Person changed", "Ada Lovelace")]
    entry = Entry.objects.latest("pk")
    assert (entry.act, auditing.leaf(bytes(entry.salt), entry.content)) == ("export.trail", bytes(entry.leaf))


# --- The ways there ---------------------------------------------------------------------------------------------------


def test_the_way_is_shown_to_owners_alone(client, acme, alice, bob):
    for account, shown in ((alice, True), (bob, False)):
        client.force_login(account)
        assert ('href="/console/acme/audit/"' in client.get("/console/acme/people/").content.decode()) is shown


# --- Words ------------------------------------------------------------------------------------------------------------


ACTIONS = Path(auditing.__file__).parent
ACT = re.compile(r"(account|achievement|batch|credential|design|export|issuer|key|mail|member|person|trust)\.[a-z-]+")
WRITERS = ("Act", "_note", "_act", "auditing.of_credential", "auditing.note_credentials")


def acts_of(path):
    """Acts that a module writes entries of: named in the call, or by a constant of the module."""
    tree = ast.parse(path.read_text("utf-8"))
    constants = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            pairs = [(node.targets[0], node.value)]
            if isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(node.targets[0].elts, node.value.elts, strict=True)
            constants |= {ast.unparse(name): value for name, value in pairs}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func) in WRITERS and call.args:
            first = call.args[0]
            for option in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                value = constants.get(ast.unparse(option), option)
                if isinstance(value, ast.Constant) and ACT.fullmatch(str(value.value)):
                    yield value.value


def test_every_act_has_words_and_is_documented(root):
    """A new one without words would show its name to people."""
    named = {act for path in ACTIONS.rglob("*.py") for act in acts_of(path)} | set(adapter._ACTS.values())
    assert len(named) > 50
    assert {"account.signed-in", "key.compromised", "member.joined"} <= named
    documented = set(re.findall(r"`([a-z-]+\.[a-z-]+)`", (root / "docs/reference/acts.md").read_text("utf-8")))
    assert sorted(act for act in named if words.title(act) == act) == []
    assert sorted(named - documented) == []


def test_facts_are_said_in_plain_words():
    told = Told(
        {
            "role": "viewer", "mail": True, "sha256": "x", "record": "y", "parts": ["design", "odd"], "tags": [],
            "new": {"a": 1}, "at": "2026-12-01T00:00:00+00:00", "since": "2026-12-01", "decision": "", "absent": None,
            "until": "2026-99-99",
        },
        "worker",
    )  # fmt: skip
    with override("en"):
        assert list(words.facts(told)) == [
            ("Role", "Viewer"), ("Holders get mail", "yes"), ("What looks different", "Design, odd"), ("Tags", "–"),
            ("new", '{"a": 1}'), ("To be revoked on", "1 December 2026, 00:00"), ("From", "1 December 2026"),
            ("Decision", "Decision taken back"), ("Until", "2026-99-99"),
        ]  # fmt: skip


def test_a_change_of_a_person_is_before_and_after(owning, acme, ada, alice):
    people.edit(
        ada, Details("Ada King", ["ada@example.org"], "1001", "Research", "Analyst"), now=timezone.now(), actor=alice
    )
    shown = said(owning.get(f"{HOME}{Entry.objects.get().pk}/"))
    assert "Name Ada Lovelace Ada King" in shown
    assert "What changed" in shown
