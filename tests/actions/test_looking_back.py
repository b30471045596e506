"""Looking back: nothing is left out, nothing twice, and what was done at once is one line that opens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from laurea.actions import auditing, looking_back
from laurea.actions.auditing import Act
from laurea.actions.looking_back import Page, Wanted
from laurea.records.models import Account, Entry, Issuer, Person


@pytest.fixture(autouse=True)
def nothing_yet(acme: Issuer) -> None:
    """Forget what the fixtures have entered."""
    Entry.objects.all().delete()


def done(issuer: Issuer | None, name: str, now: datetime, *, times: int = 1, actor: Account | None = None) -> list[int]:
    """Keys of entries that were written at once."""
    acts = [Act(name, "list", str(number)) for number in range(times)]
    with transaction.atomic():
        return [entry.pk for entry in auditing.note_all(acts, issuer=issuer, now=now, actor=actor)]


def told(page: Page) -> list[tuple[str, int]]:
    return [(line.entry.act, line.count) for line in page.lines]


def test_what_was_done_at_once_is_one_line_the_newest_first(acme: Issuer, alice: Account, now: datetime) -> None:
    Entry.objects.all().delete()
    done(acme, "person.added", now, times=3)
    done(acme, "person.added", now + timedelta(seconds=1), times=2)  # the same act at another moment
    done(acme, "person.added", now + timedelta(seconds=1), actor=alice)  # by somebody else
    newest = done(acme, "key.made", now + timedelta(seconds=1), actor=alice)
    page = looking_back.page(acme, Wanted())
    assert told(page) == [("key.made", 1), ("person.added", 1), ("person.added", 2), ("person.added", 3)]
    assert (page.lines[0].entry.pk, page.newer, page.older) == (newest[0], None, None)


def test_a_line_opens_to_what_was_done(acme: Issuer, now: datetime) -> None:
    done(acme, "key.made", now)
    keys = done(acme, "person.added", now, times=4)
    done(acme, "key.made", now)
    line = looking_back.page(acme, Wanted()).lines[1]
    assert (line.entry.pk, line.oldest, line.count) == (keys[-1], keys[0], 4)
    opened = looking_back.page(acme, Wanted(run=(line.entry.pk, line.oldest)))
    assert [each.entry.pk for each in opened.lines] == keys[::-1]


@pytest.mark.parametrize("acts", [(), ("a.one", "a.two", "a.three")])
def test_pages_leave_nothing_out_and_lead_back(acme: Issuer, now: datetime, acts: tuple[str, ...]) -> None:
    names = ("a.one", "a.two", "a.three", "a.one", "a.one")
    for number in range(25):
        done(acme, names[number % 5], now + timedelta(minutes=number), times=1 + number % 3)
    wanted = Wanted(acts=acts)
    page = looking_back.page(acme, wanted, lines=7)
    assert page.newer is None
    pages = [page]
    while pages[-1].older:
        pages.append(looking_back.page(acme, wanted, before=pages[-1].older, lines=7))
    seen = [line.entry.pk for each in pages for line in each.lines]
    assert len(seen) == 25
    assert seen == sorted(seen, reverse=True)
    assert sum(line.count for each in pages for line in each.lines) == Entry.objects.count()
    back = looking_back.page(acme, wanted, after=pages[2].newer, lines=7)
    assert told(back) == told(pages[1])
    assert (back.newer is None, back.older) == (False, pages[1].older)
    first = looking_back.page(acme, wanted, after=back.newer, lines=7)
    assert (told(first), first.newer) == (told(page), None)


def test_more_than_a_page_looks_at_takes_two_lines(
    acme: Issuer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_back, "MOST_READ", 300)
    done(acme, "person.added", now, times=500)
    page = looking_back.page(acme, Wanted())
    assert told(page) == [("person.added", 300)]
    rest = looking_back.page(acme, Wanted(), before=page.older)
    assert (told(rest), rest.older) == ([("person.added", 200)], None)


def test_every_choice_narrows(acme: Issuer, other: Issuer, ada: Person, alice: Account, now: datetime) -> None:
    Entry.objects.all().delete()
    done(other, "key.made", now)
    done(None, "trust.added", now)
    done(acme, "key.made", now, actor=alice)
    with transaction.atomic():
        auditing.note(Act("person.changed", "person", str(ada.pk), {}, ada), issuer=acme, now=now, actor=None)
    done(acme, "key.made", now - timedelta(days=1))

    def found(**choices: object) -> list[str]:
        return [line.entry.act for line in looking_back.page(acme, Wanted(**choices)).lines]  # type: ignore[arg-type]

    assert found() == ["key.made", "person.changed", "key.made"]
    assert found(acts=("key.made",)) == ["key.made", "key.made"]
    assert found(acts=("no.such",)) == []
    assert found(kind="person", identifiers=(str(ada.pk),)) == ["person.changed"]
    assert found(kind="person", identifiers=()) == []
    assert found(persons=(ada.pk,)) == ["person.changed"]
    assert found(actor=alice.pk) == ["key.made"]
    assert found(since=date(2026, 11, 23)) == ["person.changed", "key.made"]
    assert found(until=date(2026, 11, 22)) == ["key.made"]
    assert told(looking_back.page(None, Wanted())) == [("trust.added", 1)]


def test_a_long_trail_costs_no_more_than_a_short_one(acme: Issuer, now: datetime) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            looking_back.page(acme, Wanted())
        return len(queries)

    for number in range(60):
        done(acme, "key.made", now + timedelta(seconds=number))
    few = asked()
    for number in range(600):
        done(acme, "key.made", now + timedelta(minutes=1, seconds=number))
    assert asked() == few == 2


def test_content_that_was_erased_or_spoilt_says_nothing(acme: Issuer, now: datetime) -> None:
    done(acme, "key.made", now)
    entry = Entry.objects.get()
    assert (looking_back.told(entry).erased, looking_back.told(entry).changes) == (False, {})
    for content in ("", "{", "[]", "{}", "null", '{"facts": []}'):
        entry.content = content
        assert looking_back.told(entry).erased
    entry.content = json.dumps({"facts": {"changes": {"name": ["a", "b"]}}, "from": "worker"})
    assert looking_back.told(entry).changes == {"name": ["a", "b"]}


def test_the_table_has_it_all_with_the_leaf_and_ends_with_itself(acme: Issuer, alice: Account, now: datetime) -> None:
    Entry.objects.all().delete()
    done(acme, "person.added", now, times=450, actor=alice)
    Entry.objects.filter(identifier="0").update(number=7)

    def words(entries: Sequence[Entry]) -> list[tuple[str, str, str, str]]:
        return [(entry.act, f"={entry.identifier}", "Console", "") for entry in entries]

    heads = ("Number", "Time", "Member", "What", "About", "From", "Details", "Leaf")
    pieces = looking_back.csv_of(acme, Wanted(), heads, words, now=now, actor=alice)
    assert Entry.objects.filter(act="export.trail", actor=alice).count() == 1  # before the first byte
    lines = b"".join(pieces).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 450 + 1
    leaf = bytes(Entry.objects.get(number=7).leaf).hex()
    assert lines[1] == f"7,2026-11-23T09:30:00Z,Alice,person.added,'=0,Console,,{leaf}"
    assert "export.trail" in lines[-1]
