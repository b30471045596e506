"""From rows to credentials with certificates and badges: what comes out, and what is left after every kind of failure.

Files are read back from the storage, and credentials out of the files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, OperationalError
from pytest_django import Settings

from laurea.actions import addresses, auditing, chunks, confirming, issuer_keys, ledger, storing, workshop
from laurea.credentials import baking
from laurea.credentials.document import parse
from laurea.credentials.errors import RenderingError
from laurea.credentials.verification import Materials, verify
from laurea.records.models import (
    Account,
    Achievement,
    Artifact,
    Batch,
    Chunk,
    Credential,
    Delivery,
    Email,
    Entry,
    Issuer,
    Person,
    Row,
    StatusList,
)
from laurea.rendering.certificate import CertificateRenderer

Values = Mapping[str, Any]
Confirm = Callable[..., Batch]


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    """A storage of each test's own."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }


@pytest.fixture
def confirm(acme: Issuer, achievement: Achievement, now: datetime) -> Confirm:
    """Makes confirmed batches of rows with these values; ten rows are a chunk."""

    def make(*people: Values, send_mail: bool = True, **about_rows: Any) -> Batch:
        batch = Batch.objects.create(issuer=acme, achievement=achievement, state=Batch.State.REVIEW)
        Row.objects.bulk_create(
            Row(batch=batch, line=line, name=values["name"], values=values, **({"state": "ready"} | about_rows))
            for line, values in enumerate(people, 2)
        )
        confirming.confirm(batch, send_mail=send_mail, now=now, actor=None)
        return batch

    return make


def work(now: datetime) -> int:
    """Do all that there is to do; give how many chunks were taken."""
    taken = 0
    while chunks.work_on_next(worker="one", now=now):
        taken += 1
    return taken


def people(count: int) -> list[Values]:
    """So many different people."""
    return [{"name": f"Person {number}", "email": f"p{number}@example.org"} for number in range(count)]


def credential_of(row: Row) -> Credential:
    return Credential.objects.get(row=row)


ADA: Values = {
    "name": "Ada Łovelace", "email": "ada.l@example.org", "employee_number": "77", "department": "Research",
    "job_role": "Analyst", "awarded": "2026-05-01", "expires": "2027-06-30", "result": "92 %", "hours": 6.5,
    "evidence": "https://acme.example/ada",
}  # fmt: skip


# --- What comes out ---------------------------------------------------------------------------------------------------


def test_all_of_it(confirm: Confirm, acme: Issuer, achievement: Achievement, now: datetime) -> None:
    achievement.include = ["evidence", "hours", "result"]
    achievement.save()
    batch = confirm(ADA, {"name": "Grace Hopper"})
    assert work(now) == 1
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == ("done", "")
    ada, grace = (credential_of(row) for row in batch.rows.order_by("line"))

    document = parse(ada.text)
    subject = document["credentialSubject"]
    assert isinstance(subject, dict)
    assert (document["id"], document["validFrom"]) == (ada.identifier, "2026-11-23T09:30:00Z")
    assert (document["awardedDate"], document["validUntil"]) == ("2026-05-01T00:00:00Z", "2027-06-30T23:59:59Z")
    assert (subject["creditsEarned"], subject["result"]) == (6.5, [{"type": ["Result"], "value": "92 %"}])
    assert (ada.name, ada.email, ada.awarded) == ("Ada Łovelace", "ada.l@example.org", date(2026, 5, 1))
    assert ada.valid_until == datetime(2027, 6, 30, 23, 59, 59, tzinfo=UTC)
    assert ada.sha256 == hashlib.sha256(ada.text.encode()).hexdigest()
    assert (ada.key, ada.design_version, ada.valid_from) == (issuer_keys.active(acme), batch.design_version, now)
    # Without a day of its own: the batch's; the achievement's validity counts from there.
    assert (grace.email, grace.awarded) == ("", date(2026, 11, 23))
    assert grace.valid_until == datetime(2028, 11, 23, 23, 59, 59, tzinfo=UTC)

    person = ada.person
    assert person is not None
    assert (person.name, person.employee_number, person.department, person.job_role) == (
        "Ada Łovelace", "77", "Research", "Analyst",
    )  # fmt: skip
    assert list(Delivery.objects.values_list("credential", "address", "language", "state", "not_before")) == [
        (ada.pk, "ada.l@example.org", "en", "due", Chunk.objects.get().finished)
    ]


def test_the_files_hold_the_text_on_record_and_whoever_gets_them_finds_it_genuine(
    confirm: Confirm, acme: Issuer, now: datetime
) -> None:
    confirm(*people(3))
    work(now)
    did_document = issuer_keys.did_document(acme)
    materials = Materials(
        did_documents={str(did_document["id"]): did_document},
        status_lists={addresses.status_list(each): parse(each.text) for each in StatusList.objects.all()},
    )
    assert Credential.objects.count() == 3
    for credential in Credential.objects.all():
        for kind in ("pdf", "png"):
            artifact = credential.artifacts.get(kind=kind)
            content = storing.get(artifact.name)
            assert (len(content), hashlib.sha256(content).hexdigest()) == (artifact.size, artifact.sha256)
            assert baking.extract(content).text == credential.text.encode()
            assert str(verify(credential.text, materials, now=now).verdict) == "genuine"
        assert f"https://badges.example.com/issuers/acme/status/{credential.status_list.name}" in credential.text


def test_each_credential_has_an_entry_that_knows_it_as_it_lies_in_the_database(
    confirm: Confirm, ada: Person, bob: Account, now: datetime
) -> None:
    first = confirm(ADA, {"name": "Grace Hopper"})
    Batch.objects.filter(pk=first.pk).update(confirmed_by=bob)
    work(now)
    old = Credential.objects.get(name="Ada Łovelace")
    second = confirm({"name": "Ada Łovelace", "email": "ada.l@example.org"}, state="renewal", person=old.person)
    work(now)
    new = Credential.objects.get(supersedes=old)
    said = [(each.act, each.identifier, each.actor, each.person, parse(each.content)) for each in _entries()]
    grace = Credential.objects.get(name="Grace Hopper")
    assert [(act, identifier, actor) for act, identifier, actor, _, _ in said] == [
        ("credential.issued", old.identifier, bob),
        ("credential.issued", grace.identifier, bob),
        ("credential.superseded", old.identifier, None),
        ("credential.issued", new.identifier, None),
    ]
    assert [person for _, _, _, person, _ in said] == [old.person, grace.person, old.person, new.person]
    facts = [content["facts"] for *_, content in said]
    assert facts[1:] == [
        {"batch": first.pk, "code": grace.code, "record": auditing.fingerprint(grace), "sha256": grace.sha256},
        {
            "because": "renewal",
            "code": old.code,
            "record": auditing.fingerprint(Credential.objects.get(pk=old.pk)),
            "sha256": old.sha256,
        },
        {
            "batch": second.pk,
            "because": "renewal",
            "code": new.code,
            "record": auditing.fingerprint(new),
            "sha256": new.sha256,
            "supersedes": old.identifier,
        },
    ]


def _entries() -> list[Entry]:
    return list(Entry.objects.filter(kind="credential").order_by("pk"))


def test_with_a_did_key_there_is_no_status(confirm: Confirm, settings: Settings, now: datetime) -> None:
    settings.LAUREA_PUBLIC_URL = "http://localhost:8000"
    confirm(*people(1))
    work(now)
    credential = Credential.objects.get()
    assert (credential.status_list, "credentialStatus" in parse(credential.text)) == (None, False)
    issuer = parse(credential.text)["issuer"]
    assert isinstance(issuer, dict)
    assert str(issuer["id"]).startswith("did:key:")


def test_no_mail_unless_it_is_wanted(confirm: Confirm, now: datetime) -> None:
    confirm(*people(2), send_mail=False)
    work(now)
    assert (Credential.objects.count(), Delivery.objects.count()) == (2, 0)


def test_people_are_found_again(confirm: Confirm, ada: Person, now: datetime) -> None:
    """By address, by number, by decision; what the records leave open is filled in, what they say stays."""
    Person.objects.filter(pk=ada.pk).update(job_role="")
    confirm(
        {"name": "A. Lovelace", "email": "ada@example.org", "job_role": "Lead", "department": "Sales"},
        {"name": "Ada K. Lovelace", "employee_number": "1001", "email": "second@example.org"},
        {"name": "Bo", "email": "bo@example.org"},
        {"name": "Bo", "email": "bo@example.org", "employee_number": "5"},
    )
    work(now)
    ada.refresh_from_db()
    assert (ada.name, ada.job_role, ada.department) == ("Ada Lovelace", "Lead", "Research")
    assert list(ada.emails.order_by("pk").values_list("address", "primary")) == [
        ("ada@example.org", True), ("second@example.org", False),
    ]  # fmt: skip
    assert list(Person.objects.order_by("pk").values_list("name", "employee_number")) == [
        ("Ada Lovelace", "1001"), ("Bo", "5"),
    ]  # fmt: skip
    assert list(Credential.objects.order_by("pk").values_list("person__name", "name")) == [
        ("Ada Lovelace", "A. Lovelace"), ("Ada Lovelace", "Ada K. Lovelace"), ("Bo", "Bo"), ("Bo", "Bo"),
    ]  # fmt: skip


def test_the_name_on_record_is_printed_where_somebody_said_so(confirm: Confirm, ada: Person, now: datetime) -> None:
    confirm({"name": "ada lovelace"}, person=ada, keep_name=True)
    work(now)
    credential = Credential.objects.get()
    assert (credential.name, credential.person) == ("Ada Lovelace", ada)
    # The list had no address for her: the message goes to the one on record.
    assert Delivery.objects.get().address == "ada@example.org"


def test_people_of_another_issuer_stay_there(confirm: Confirm, other: Issuer, now: datetime) -> None:
    stranger = Person.objects.create(issuer=other, name="Ada", employee_number="77")
    Email.objects.create(issuer=other, person=stranger, address="ada.l@example.org")
    confirm(ADA)
    work(now)
    assert Credential.objects.get().person != stranger
    assert Email.objects.filter(address="ada.l@example.org").count() == 2


def test_a_renewal_takes_the_code_over(confirm: Confirm, ada: Person, now: datetime) -> None:
    confirm({"name": "Ada Lovelace", "email": "ada@example.org"})
    work(now)
    old = Credential.objects.get()
    confirm({"name": "Ada Lovelace", "email": "ada@example.org"}, state="renewal", person=ada)
    work(now)
    old.refresh_from_db()
    new = Credential.objects.get(superseded=None)
    assert (new.code, new.supersedes) == (old.code, old)
    assert old.superseded is not None
    assert (new.identifier == old.identifier, new.text == old.text) == (False, False)
    assert len(set(Artifact.objects.values_list("name", flat=True))) == 4  # the old one keeps its files


def test_the_review_says_which_one_is_renewed(confirm: Confirm, now: datetime) -> None:
    confirm({"name": "Only A Name"})
    work(now)
    old = Credential.objects.get()
    confirm({"name": "Only A Name"}, state="renewal", problems=[{"code": "row.renewal", "credential": old.pk}])
    work(now)
    assert Credential.objects.get(superseded=None).supersedes == old


def test_a_revoked_credential_is_not_renewed(confirm: Confirm, ada: Person, now: datetime) -> None:
    confirm({"name": "Ada Lovelace", "email": "ada@example.org"})
    work(now)
    Credential.objects.update(revoked=now)
    confirm({"name": "Ada Lovelace"}, state="renewal", person=ada)
    work(now)
    assert Credential.objects.get(revoked=None).supersedes is None
    assert len(set(Credential.objects.values_list("code", flat=True))) == 2


def test_a_batch_says_what_it_said_when_it_was_confirmed_and_signs_with_the_key_of_the_day(
    confirm: Confirm, acme: Issuer, achievement: Achievement, now: datetime
) -> None:
    confirm(*people(11))
    chunks.work_on_next(worker="one", now=now)
    fresh = issuer_keys.create(acme, now=now, actor=None)
    Achievement.objects.filter(pk=achievement.pk).update(
        badge={"shape": "circle", "icon": "lock"}, description="Quite another thing", validity="1 day"
    )
    Issuer.objects.filter(pk=acme.pk).update(name="Another name", primary_colour="#ff0000")
    work(now)
    last = Credential.objects.get(row__order=10)
    assert last.key == fresh
    assert last.text.count(f"#{fresh.multikey}") == 2
    pngs = {storing.get(each.name)[-5000:] for each in Artifact.objects.filter(kind="png")}
    assert len(pngs) == 1
    assert "Quite another thing" not in last.text
    assert "Another name" not in last.text
    assert last.valid_until is not None
    assert last.valid_until.year == now.year + 2


# --- Rows that cannot be made -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "A\ue000"}, "row.name"),
        ({"name": "A", "email": "nobody"}, "row.email"),
        ({"name": "A", "expires": "2020-01-01"}, "row.expires"),
        ({"name": "A", "department": "x" * 201}, "row.too-long"),
        ({"name": "A", "awarded": "yesterday"}, "row.cannot-be-made"),
    ],
)
def test_a_row_that_cannot_be_made_stops_no_other(confirm: Confirm, values: Values, code: str, now: datetime) -> None:
    batch = confirm(*people(2), values, {"name": "After"})
    work(now)
    batch.refresh_from_db()
    chunk = batch.chunks.get()
    assert (batch.state, chunk.issued, chunk.rendered, chunk.failed) == ("done", 3, 3, 1)
    failed = batch.rows.get(outcome="failed")
    assert (failed.line, failed.problems[-1]["code"], failed.problems[-1]["fatal"]) == (4, code, True)
    assert (batch.rows.filter(outcome="issued").count(), Credential.objects.count()) == (3, 3)
    assert Person.objects.count() == 3  # nobody becomes one of the people by a line that failed


def test_whatever_is_raised_is_the_rows_own(
    confirm: Confirm, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    drawn = CertificateRenderer.pdf

    def pdf(self: CertificateRenderer, document: Any, **about: Any) -> bytes:
        name = str(document["credentialSubject"]["identifier"][0]["identityHash"])
        if name == "Person 1":
            raise ZeroDivisionError("about Person 1")
        if name == "Person 3":
            raise RenderingError("rendering.design-failed", "The design needs more than one page")
        return drawn(self, document, **about)

    monkeypatch.setattr(CertificateRenderer, "pdf", pdf)
    batch = confirm(*people(5))
    work(now)
    failed = [(row.order, row.problems[-1]["code"]) for row in batch.rows.filter(outcome="failed").order_by("order")]
    assert failed == [(1, "row.cannot-be-made"), (3, "rendering.design-failed")]
    assert Credential.objects.count() == 3
    assert "ZeroDivisionError" in caplog.text
    assert "Person" not in caplog.text  # no personal data in logs


class PanicException(BaseException):
    """As the compiler of certificates raises one."""


PanicException.__module__ = "pyo3_runtime"


def test_a_panic_is_tracked_down_to_its_row(confirm: Confirm, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = CertificateRenderer.pdf

    def pdf(self: CertificateRenderer, document: Any, **about: Any) -> bytes:
        if document["credentialSubject"]["identifier"][0]["identityHash"] == "Person 4":
            raise PanicException
        return drawn(self, document, **about)

    monkeypatch.setattr(CertificateRenderer, "pdf", pdf)
    batch = confirm(*people(7))
    work(now)
    batch.refresh_from_db()
    assert (batch.state, Credential.objects.count()) == ("done", 6)
    assert list(batch.rows.filter(outcome="failed").values_list("order", flat=True)) == [4]


def test_a_row_that_ends_its_workers_is_given_up(confirm: Confirm, now: datetime) -> None:
    """Workers die without a word: only the number of attempts tells."""
    batch = confirm(*people(4))
    claims = 0
    while (held := ledger.claim("victim", now)) is not None:
        rows = list(Row.objects.filter(chunk=held.chunk).values_list("order", flat=True))
        claims += 1
        if 2 in rows and held.attempts < ledger.MOST_ATTEMPTS:
            ledger.free("victim")  # killed; somebody else takes over
            continue
        ledger.hand_back(held)
        if 2 in rows:  # the third to claim it does not try
            Chunk.objects.filter(pk=held.chunk).update(attempts=2)
        chunks.work_on_next(worker="other", now=now)
    batch.refresh_from_db()
    assert (batch.state, Credential.objects.count()) == ("done", 3)
    row = batch.rows.get(outcome="failed")
    assert (row.order, row.problems[-1]["code"]) == (2, "row.ends-workers")
    assert claims < 20


# --- Trouble of the machine -------------------------------------------------------------------------------------------


def test_a_storage_that_fails_for_a_while(confirm: Confirm, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = confirm(*people(12))
    puts = default_storage.save
    put: list[str] = []
    with monkeypatch.context() as broken:

        def full(name: str, content: Any, **_: Any) -> str:
            if len(put) == 11:
                raise OSError(28, "No space left on device")
            put.append(name)
            return puts(name, content)

        broken.setattr(default_storage, "save", full)
        assert work(now) == 1
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == ("issuing", "The storage cannot be used: No space left on device")
    texts = set(Credential.objects.values_list("text", flat=True))
    assert (len(texts), Delivery.objects.filter(state="held").count()) == (10, 10)
    assert batch.not_before is not None
    assert work(batch.not_before) == 2
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == ("done", "")
    assert texts < set(Credential.objects.values_list("text", flat=True))
    assert (Artifact.objects.count(), Delivery.objects.filter(state="due").count()) == (24, 12)


@pytest.mark.parametrize("error", [OperationalError("database is locked"), OSError(24, "Too many open files")])
def test_other_trouble_is_no_rows_fault(
    confirm: Confirm, now: datetime, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    batch = confirm(*people(3))
    with monkeypatch.context() as broken:

        def fails(*_: Any, **__: Any) -> Any:
            raise error

        broken.setattr(workshop.Press, "draw", fails)
        work(now)
    batch.refresh_from_db()
    assert (batch.rows.filter(outcome="").count(), batch.problem) == (3, ledger.explained(error).message)
    work(batch.not_before or now)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.filter(outcome="issued").count()) == ("done", 3)


def test_without_a_key_the_batch_waits(confirm: Confirm, acme: Issuer, now: datetime) -> None:
    batch = confirm(*people(1))
    acme.keys.update(state="retired")
    work(now)
    batch.refresh_from_db()
    assert batch.problem == "Acme GmbH has no signing key"
    issuer_keys.create(acme, now=now, actor=None)
    work(batch.not_before or now)
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == ("done", "")


def test_memory_that_ran_out_ends_the_worker(confirm: Confirm, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    confirm(*people(1))

    def fails(*_: Any, **__: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(workshop.Press, "draw", fails)
    with pytest.raises(MemoryError):
        work(now)
    assert Chunk.objects.get().attempts == 1


# --- Whoever dies, and whoever comes after ----------------------------------------------------------------------------


def test_whoever_was_fenced_writes_nothing(confirm: Confirm, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker hangs while it draws; another one does all of it; then the first wakes up."""
    batch = confirm(*people(2))
    drawn = workshop.Press.draw

    def hangs(self: workshop.Press, *about: Any) -> tuple[bytes, bytes]:
        monkeypatch.setattr(workshop.Press, "draw", drawn)
        ledger.free("one")
        assert chunks.work_on_next(worker="two", now=now)
        return drawn(self, *about)

    monkeypatch.setattr(workshop.Press, "draw", hangs)
    assert work(now) == 1
    batch.refresh_from_db()
    assert (batch.state, Credential.objects.count(), Artifact.objects.count()) == ("done", 2, 4)
    assert Delivery.objects.count() == 2


def dies_before(monkeypatch: pytest.MonkeyPatch, name: str, now: datetime) -> None:
    """Work on a chunk until the function of `chunks` called `name` is reached for the first time."""

    class Killed(BaseException):
        pass

    def dies(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(chunks, name, dies)
        with pytest.raises(Killed):
            chunks.work_on_next(worker="victim", now=now)
    ledger.free("victim")


@pytest.mark.parametrize("moment", ["_make", "_record", "_deliveries", "_store", "_finish"])
def test_killed_at_any_moment_it_is_done_once(
    confirm: Confirm, now: datetime, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    batch = confirm(*people(3))
    dies_before(monkeypatch, moment, now)
    texts = list(Credential.objects.order_by("pk").values_list("text", flat=True))
    assert len(texts) == (3 if moment in ("_store", "_finish") else 0)
    assert Person.objects.count() == len(texts)
    work(now)
    batch.refresh_from_db()
    assert (batch.state, Credential.objects.count(), Artifact.objects.count()) == ("done", 3, 6)
    assert Delivery.objects.filter(state="due").count() == 3
    assert texts in ([], list(Credential.objects.order_by("pk").values_list("text", flat=True)))


def test_what_is_whole_is_not_made_again_and_what_is_half_is(
    confirm: Confirm, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm(*people(3))
    work(now)
    files = {each.name: storing.get(each.name) for each in Artifact.objects.all()}
    Chunk.objects.update(state=Chunk.State.SIGNED)
    Batch.objects.update(state=Batch.State.ISSUING)
    first, second, third = Credential.objects.order_by("pk")
    storing.remove(chunks.place(first, "pdf"))
    Path(default_storage.path(chunks.place(second, "png"))).write_bytes(b"half")
    puts: list[str] = []
    monkeypatch.setattr(storing, "put", lambda name, content, put=storing.put: (puts.append(name), put(name, content)))
    work(now)
    assert sorted(puts) == sorted([chunks.place(first, "pdf"), chunks.place(second, "png")])
    assert {each.name: storing.get(each.name) for each in Artifact.objects.all()} == files  # byte for byte
    assert third.artifacts.count() == 2


def test_a_credential_whose_files_can_no_longer_be_drawn_stays_good(
    confirm: Confirm, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = confirm(*people(2))
    dies_before(monkeypatch, "_store", now)
    drawn = workshop.Press.draw

    def draw(self: workshop.Press, document: Any, *about: Any) -> tuple[bytes, bytes]:
        if "Person 0" in str(document):
            raise RenderingError("rendering.missing-character", "No font has this")
        return drawn(self, document, *about)

    monkeypatch.setattr(workshop.Press, "draw", draw)
    work(now)
    batch.refresh_from_db()
    row = batch.rows.get(order=0)
    assert (batch.state, row.outcome, row.problems[-1]["reason"]) == ("done", "issued", "No font has this")
    assert (Artifact.objects.count(), Delivery.objects.filter(state="due").count()) == (2, 2)


@pytest.mark.parametrize("times", [1, 2])
def test_whoever_is_enrolled_by_somebody_else_meanwhile_is_found(
    confirm: Confirm, acme: Issuer, now: datetime, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    batch = confirm(*people(2))
    record = chunks._record
    attempts: list[int] = []

    def races(*about: Any) -> Any:
        attempts.append(1)
        if len(attempts) <= times:
            raise IntegrityError("UNIQUE constraint failed: email")
        return record(*about)

    monkeypatch.setattr(chunks, "_record", races)
    work(now)
    batch.refresh_from_db()
    assert (batch.state, len(attempts), Credential.objects.count()) == ("done", times + 1, 2)


def test_a_value_that_the_database_does_not_take_is_tracked_down(
    confirm: Confirm, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = confirm(*people(6))
    record = chunks._record

    def refuses(held: Any, batch: Any, tools: Any, made: Any, failed: Any) -> Any:
        if any(each.order.name == "Person 3" for each in made):
            raise DataError("value too long: Person 3")
        return record(held, batch, tools, made, failed)

    monkeypatch.setattr(chunks, "_record", refuses)
    work(now)
    batch.refresh_from_db()
    row = batch.rows.get(outcome="failed")
    assert (batch.state, row.order, row.problems[-1]["code"]) == ("done", 3, "row.not-stored")
    assert Credential.objects.count() == 5
