"""Every act leaves an entry: whoever adds an action with an `actor` is reminded here. What entries say comes below."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from issued import credential_of
from laurea.actions import (
    appointing,
    auditing,
    branding,
    chunks,
    confirming,
    defining,
    delivering,
    designing,
    founding,
    intake,
    inviting,
    issuer_keys,
    joining,
    people,
    people_lists,
    reviewing,
)
from laurea.actions.branding import Brand
from laurea.actions.founding import Founder, Organisation
from laurea.actions.people import Details
from laurea.actions.people_lists import Answers
from laurea.records.models import (
    Account,
    Achievement,
    Batch,
    Design,
    Entry,
    Invitation,
    Issuer,
    Key,
    Member,
    Person,
    Role,
)

ACTIONS = Path(auditing.__file__).parent

SILENT = {
    "auditing.note": "writes entries",
    "auditing.note_all": "writes entries",
    "auditing.note_credentials": "writes entries",
    "intake.read_anew": "judges again what was uploaded, by what is on record now; nobody decides anything",
    "people_lists.keep": "puts a file aside until somebody has looked through it; nothing is known from it yet",
    "people_lists.kept": "reads that file",
    "people_lists.forget": "deletes that file",
}
"""Functions with an `actor` that write no entry, and why."""


# --- Nobody is forgotten ----------------------------------------------------------------------------------------------


def modules() -> dict[str, ast.Module]:
    """The modules of the actions, by the end of their names."""
    return {path.stem: ast.parse(path.read_text("utf-8")) for path in sorted(ACTIONS.rglob("*.py"))}


def functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def called(function: ast.FunctionDef, module: str) -> Iterator[tuple[str, str]]:
    """What a function calls: (module, function)."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            target = node.func
            if isinstance(target, ast.Name):
                yield module, target.id
            elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                yield target.value.id, target.attr


def test_every_action_with_an_actor_writes_an_entry() -> None:
    parsed = {name: functions(tree) for name, tree in modules().items()}

    def writes(module: str, name: str, seen: set[tuple[str, str]]) -> bool:
        if module == "auditing":
            return name.startswith("note")
        if (module, name) in seen or name not in parsed.get(module, {}):
            return False
        seen.add((module, name))
        return any(writes(*target, seen) for target in called(parsed[module][name], module))

    silent = {
        f"{module}.{name}"
        for module, found in parsed.items()
        for name, function in found.items()
        if not name.startswith("_")
        and "actor" in {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
        and not writes(module, name, set())
    }
    assert silent == set(SILENT) - {"auditing.note", "auditing.note_all", "auditing.note_credentials"}


def test_an_entry_is_never_written_beside_the_transaction_of_its_act() -> None:
    """Only `auditing` makes entries, and it refuses to outside a transaction."""
    made = [
        name
        for name, tree in modules().items()
        if any(isinstance(node, ast.ImportFrom) and "Entry" in {each.name for each in node.names} for node in tree.body)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Entry", "Entry.objects.create")
    ]
    assert made == ["auditing"]


# --- What they say ----------------------------------------------------------------------------------------------------


def told() -> list[tuple[str, str, Any]]:
    """What was entered since the last time: the act, its object, the facts."""
    entries = list(Entry.objects.exclude(act__startswith="credential.").order_by("pk"))
    found = [
        (entry.act, f"{entry.kind} {entry.identifier}".strip(), json.loads(entry.content)["facts"]) for entry in entries
    ]
    Entry.objects.all().delete()
    return found


@pytest.fixture(autouse=True)
def nothing_yet(request: pytest.FixtureRequest) -> None:
    """Forget what fixtures have entered: each test begins with an empty log."""
    if "acme" in request.fixturenames:
        request.getfixturevalue("acme")
        Entry.objects.all().delete()


def test_members(acme: Issuer, alice: Account, bob: Account, now: datetime) -> None:
    member = Member.objects.get(account=bob)
    appointing.appoint(member, Role.OWNER, now=now, actor=alice)
    appointing.appoint(member, Role.OWNER, now=now, actor=alice)  # nothing changes, so nothing is said
    appointing.dismiss(member, now=now, actor=alice)
    assert told() == [
        ("member.changed", f"account {bob.pk}", {"changes": {"role": ["issuer", "owner"]}}),
        ("member.removed", f"account {bob.pk}", {"role": "owner"}),
    ]


def test_who_did_it_for_whom_and_when(acme: Issuer, alice: Account, bob: Account, now: datetime) -> None:
    appointing.appoint(Member.objects.get(account=bob), Role.VIEWER, now=now, actor=alice)
    entry = Entry.objects.get()
    assert (entry.issuer, entry.actor, entry.at) == (acme, alice, now)


def test_invitations(acme: Issuer, alice: Account, vera: Account, now: datetime) -> None:
    sent = inviting.invite(acme, "New@example.com", Role.ISSUER, now=now, actor=alice)
    first = sent.invitation.pk
    member = joining.register_and_accept(
        sent.link.rpartition("/")[2], "Newcomer", "a long password", language="", now=now
    )
    upgrade = inviting.invite(acme, "other@example.com", Role.ISSUER, now=now, actor=alice)
    joining.accept(upgrade.link.rpartition("/")[2], vera, now=now)
    again = inviting.invite(acme, "third@example.com", Role.VIEWER, now=now, actor=alice)
    inviting.withdraw(again.invitation, now=now, actor=alice)
    inviting.withdraw(Invitation(pk=first, issuer=acme), now=now, actor=alice)  # taken already: it stays
    assert told() == [
        ("member.invited", f"invitation {first}", {"email": "new@example.com", "role": "issuer"}),
        ("account.made", f"account {member.account_id}", {}),
        ("member.joined", f"account {member.account_id}", {"role": "issuer", "invitation": first}),
        ("member.invited", f"invitation {upgrade.invitation.pk}", {"email": "other@example.com", "role": "issuer"}),
        (
            "member.changed",
            f"account {vera.pk}",
            {"changes": {"role": ["viewer", "issuer"]}, "invitation": upgrade.invitation.pk},
        ),
        ("member.invited", f"invitation {again.invitation.pk}", {"email": "third@example.com", "role": "viewer"}),
        ("member.uninvited", f"invitation {again.invitation.pk}", {"email": "third@example.com", "role": "viewer"}),
    ]


def test_an_installation_and_its_first_organisation(db: None, now: datetime) -> None:
    link = inviting.set_up_link(now=now)
    assert link is not None
    founder = Founder("Ann", "ann@example.com", "a long password")
    member = founding.set_up(link.rpartition("/")[2], founder, Organisation("Acme", "acme"), now=now)
    found = told()
    assert [act for act, _, _ in found[:4]] == ["account.made", "issuer.founded", "member.joined", "key.made"]
    assert {act for act, _, _ in found[4:]} == {"design.made"}
    assert found[1] == ("issuer.founded", f"issuer {member.issuer_id}", {"name": "Acme", "slug": "acme"})
    assert found[3] == ("key.made", f"key {Key.objects.get().pk}", {"multikey": Key.objects.get().multikey})


def test_keys(acme: Issuer, key: Key, alice: Account, now: datetime) -> None:
    made = issuer_keys.create(acme, now=now, actor=alice)
    assert told() == [
        ("key.retired", f"key {key.pk}", {"multikey": key.multikey}),
        ("key.made", f"key {made.pk}", {"multikey": made.multikey}),
    ]


def test_the_profile(acme: Issuer, alice: Account, now: datetime) -> None:
    same = {field: getattr(acme, field) for field in branding.FIELDS}
    branding.change(acme, Brand(**same), now=now, actor=alice)
    branding.change(acme, Brand(**same | {"name": "Acme AG"}), now=now, actor=alice)
    assert told() == [("issuer.changed", f"issuer {acme.pk}", {"changes": {"name": ["Acme GmbH", "Acme AG"]}})]


def test_designs(acme: Issuer, alice: Account, now: datetime) -> None:
    design = designing.create(acme, "House", "corporate", {}, now=now, actor=alice)
    designing.save(design, "House", "corporate", {}, now=now, actor=alice)  # the same
    designing.save(design, "New house", "corporate", {}, now=now, actor=alice)
    designing.save(design, "New house", "modern", {"orientation": "portrait"}, now=now, actor=alice)
    designing.save(design, "New house", "modern", {}, now=now, actor=alice)
    for _ in range(2):
        designing.archive(design, now=now, actor=alice)
    for _ in range(2):
        designing.restore(design, now=now, actor=alice)
    assert told() == [
        ("design.made", f"design {design.pk}", {"name": "House", "base": "corporate"}),
        ("design.changed", f"design {design.pk}", {"name": "New house", "changes": {"name": ["House", "New house"]}}),
        (
            "design.changed",
            f"design {design.pk}",
            {"name": "New house", "changes": {"base": ["corporate", "modern"]}, "parts": ["orientation"], "version": 2},
        ),
        (
            "design.changed",
            f"design {design.pk}",
            {"name": "New house", "changes": {}, "parts": ["orientation"], "version": 3},
        ),
        ("design.archived", f"design {design.pk}", {"name": "New house"}),
        ("design.restored", f"design {design.pk}", {"name": "New house"}),
    ]


def test_achievements(acme: Issuer, achievement: Achievement, alice: Account, now: datetime) -> None:
    said = {field: getattr(achievement, field) for field in defining.FIELDS}
    made = defining.define(acme, said | {"name": "Another"}, now=now, actor=alice)
    defining.change(made, said | {"name": "Another"}, now=now, actor=alice)  # the same
    new = {"level": 3, "skills": [], "criteria": "x" * 400}
    defining.change(made, new, now=now, actor=alice)
    for _ in range(2):
        defining.archive(made, now=now, actor=alice)
    for _ in range(2):
        defining.restore(made, now=now, actor=alice)
    changes = {
        "level": [2, 3],
        "skills": [["Data protection"], []],
        "criteria": [achievement.criteria, "x" * 299 + "…"],
    }
    assert told() == [
        ("achievement.defined", f"achievement {made.pk}", {"name": "Another"}),
        ("achievement.changed", f"achievement {made.pk}", {"name": "Another", "changes": changes}),
        ("achievement.archived", f"achievement {made.pk}", {"name": "Another"}),
        ("achievement.restored", f"achievement {made.pk}", {"name": "Another"}),
    ]


def test_people(acme: Issuer, alice: Account, now: datetime) -> None:
    details = Details("Ada Lovelace", ["ada@example.org"], "1001", "Research")
    person = people.add(acme, details, now=now, actor=alice)
    people.edit(person, details, now=now, actor=alice)  # the same
    people.edit(person, Details("Ada King", ["new@example.org"], "1001", "Research"), now=now, actor=alice)
    for _ in range(2):
        people.deactivate(person, now=now, actor=alice)
    people.activate(person, now=now, actor=alice)
    assert list(Entry.objects.values_list("person", flat=True).distinct()) == [person.pk]
    key = person.pk
    people.remove(person, now=now, actor=alice)
    changes = {"name": ["Ada Lovelace", "Ada King"], "emails": [["ada@example.org"], ["new@example.org"]]}
    assert told() == [
        ("person.added", f"person {key}", {}),
        ("person.changed", f"person {key}", {"changes": changes}),
        ("person.changed", f"person {key}", {"changes": {"active": [True, False]}}),
        ("person.changed", f"person {key}", {"changes": {"active": [False, True]}}),
        ("person.removed", f"person {key}", {}),
    ]


def test_a_list_of_people(acme: Issuer, ada: Person, alice: Account, now: datetime) -> None:
    content = b"Name,E-mail,Department\nAda Lovelace,ada@example.org,Computing\nGrace Hopper,grace@example.org,Navy\n"
    reading = people_lists.read(content, "people.csv", Answers(), today=now.date())
    people_lists.apply(acme, reading, people_lists.plan(acme, reading).digest, now=now, actor=alice)
    grace = Person.objects.get(name="Grace Hopper")
    assert set(Entry.objects.values_list("person", flat=True)) == {ada.pk, grace.pk}
    changes = {"department": ["Research", "Computing"]}
    assert told() == [
        ("person.added", f"person {grace.pk}", {"list": True}),
        ("person.changed", f"person {ada.pk}", {"changes": changes, "list": True}),
    ]


LIST = b"Name,E-mail\nAda Lovelace,ada@example.org\nGrace Hopper,grace@example.org\n,nobody@example.org\n"


def uploaded(acme: Issuer, achievement: Achievement, alice: Account, now: datetime) -> Batch:
    batch = intake.upload(acme, achievement, name="list.csv", content=LIST, now=now, actor=alice)
    while intake.read_next(now=now, worker="test"):
        pass
    batch.refresh_from_db()
    return batch


def test_a_list_and_its_review(acme: Issuer, achievement: Achievement, alice: Account, now: datetime) -> None:
    batch = uploaded(acme, achievement, alice, now)
    key = f"batch {batch.pk}"
    reviewing.correct(batch, 3, {1: "Grace B. Hopper"}, now=now, actor=alice)
    reviewing.correct(batch, 3, {1: "Grace B. Hopper"}, now=now, actor=alice)  # the same
    reviewing.decide(batch, batch.rows.filter(line=3), "leave", now=now, actor=alice)
    reviewing.decide(batch, batch.rows.filter(line=99), "leave", now=now, actor=alice)  # nobody
    confirming.confirm(batch, send_mail=False, now=now, actor=alice)
    confirming.confirm(batch, send_mail=False, now=now, actor=alice)  # pressed twice
    for _ in range(2):
        confirming.stop(batch, now=now, actor=alice)
    for _ in range(2):
        confirming.resume(batch, now=now, actor=alice)
    found = told()
    assert found[0][2]["sha256"] == batch.file_sha256
    assert [(act, about) for act, about, _ in found] == [
        ("batch.uploaded", key), ("batch.corrected", key), ("batch.decided", key), ("batch.confirmed", key),
        ("batch.stopped", key), ("batch.resumed", key),
    ]  # fmt: skip
    assert found[1][2] == {"line": 3, "columns": [1]}
    assert found[2][2] == {"decision": "leave", "rows": 1}
    assert found[3][2] == {
        "achievement": achievement.pk,
        "by_hand": False,
        "credentials": 1,
        "design_version": batch.design_version_id,
        "mail": False,
    }


def test_a_list_that_is_answered_replaced_and_removed(
    acme: Issuer, achievement: Achievement, alice: Account, now: datetime
) -> None:
    batch = uploaded(acme, achievement, alice, now)
    key, digest = f"batch {batch.pk}", batch.file_sha256
    intake.answer(batch, mapping={"name": "Name"}, date_order="dmy", now=now, actor=alice)
    while intake.read_next(now=now, worker="test"):
        pass
    intake.upload_again(batch, name="better.csv", content=LIST, now=now, actor=alice)
    intake.remove(batch, now=now, actor=alice)
    assert told() == [
        ("batch.uploaded", key, {"achievement": achievement.pk, "file": "list.csv", "sha256": digest}),
        ("batch.answered", key, {"answers": ["date_order", "mapping"]}),
        ("batch.replaced", key, {"file": "better.csv", "sha256": digest}),
        ("batch.removed", key, {"file": "better.csv"}),
    ]


def test_one_by_hand(acme: Issuer, achievement: Achievement, ada: Person, alice: Account, now: datetime) -> None:
    batch = confirming.issue_one(acme, achievement, name="Ada Lovelace", person=ada, now=now, actor=alice)
    assert Entry.objects.get().person == ada
    [(act, about, facts)] = told()
    assert (act, about, facts["by_hand"], facts["credentials"]) == ("batch.confirmed", f"batch {batch.pk}", True, 1)


def test_people_that_a_list_brings_along(
    acme: Issuer, achievement: Achievement, ada: Person, alice: Account, now: datetime
) -> None:
    Person.objects.filter(pk=ada.pk).update(department="")
    row = {"name": "Ada Lovelace", "employee_number": "1001", "department": "Computing", "email": "new@example.org"}
    confirming.issue_one(acme, achievement, **row, now=now, actor=alice)
    confirming.issue_one(acme, achievement, name="Grace Hopper", email="grace@example.org", now=now, actor=alice)
    while chunks.work_on_next(worker="test", now=now):
        pass
    grace = Person.objects.get(name="Grace Hopper")
    assert set(Entry.objects.filter(act__startswith="person.").values_list("actor", "person")) == {
        (alice.pk, ada.pk),
        (alice.pk, grace.pk),
    }
    changes = {"department": ["", "Computing"], "email": ["", "new@example.org"]}
    assert [found for found in told() if found[0].startswith("person.")] == [
        ("person.changed", f"person {ada.pk}", {"changes": changes, "list": True}),
        ("person.added", f"person {grace.pk}", {"list": True}),
    ]


def test_mail(acme: Issuer, achievement: Achievement, ada: Person, alice: Account, now: datetime) -> None:
    credential = credential_of(achievement, person=ada, email="ada@example.org")
    Entry.objects.all().delete()
    delivery = delivering.to_holder(credential, now=now, actor=alice)
    delivering.send_again(delivery, now=now, actor=alice)
    assert list(Entry.objects.values_list("person", flat=True)) == [ada.pk, ada.pk]
    facts = {"code": credential.code, "delivery": delivery.pk}
    about = f"credential {credential.identifier}"
    assert told() == [("mail.sent", about, facts), ("mail.sent-again", about, facts)]


def test_ones_own_name(acme: Issuer, alice: Account, now: datetime) -> None:
    joining.describe(alice, "Alice Adams", "", now=now)
    joining.describe(alice, "Alice Adams", "", now=now)
    assert told() == [("account.changed", f"account {alice.pk}", {"changes": {"name": ["Alice", "Alice Adams"]}})]


def test_an_act_that_fails_leaves_no_entry(acme: Issuer, alice: Account, now: datetime) -> None:
    with pytest.raises(appointing.AppointingError):
        appointing.dismiss(Member.objects.get(account=alice), now=now, actor=alice)
    with pytest.raises(people.PeopleError):
        people.add(acme, Details(""), now=now, actor=alice)
    assert told() == []


@pytest.mark.django_db(transaction=True)
def test_acts_bring_their_transaction(
    acme: Issuer, achievement: Achievement, ada: Person, alice: Account, bob: Account, now: datetime
) -> None:
    """In pages and on the command line nobody opens one for them."""
    Entry.objects.all().delete()
    design = Design.objects.create(issuer=acme, name="Unused")
    defining.change(achievement, {"level": 3}, now=now, actor=alice)
    defining.archive(achievement, now=now, actor=alice)
    defining.restore(achievement, now=now, actor=alice)
    said = {field: getattr(achievement, field) for field in defining.FIELDS}
    defining.define(acme, said, now=now, actor=alice)
    designing.archive(design, now=now, actor=alice)
    designing.restore(design, now=now, actor=alice)
    people.deactivate(ada, now=now, actor=alice)
    people.remove(ada, now=now, actor=alice)
    sent = inviting.invite(acme, "new@example.com", Role.VIEWER, now=now, actor=alice)
    inviting.withdraw(sent.invitation, now=now, actor=alice)
    batch = confirming.issue_one(acme, achievement, name="Ann", now=now, actor=alice)
    confirming.stop(batch, now=now, actor=alice)
    confirming.resume(batch, now=now, actor=alice)
    joining.describe(alice, "Alice Adams", "", now=now)
    assert Entry.objects.count() == 14
