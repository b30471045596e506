"""What happened under a code: in its order, each thing once."""

from __future__ import annotations

from datetime import datetime, timedelta

from issued import batch_of, credential_of
from laurea.actions import editions
from laurea.records.models import Achievement, Credential

HOUR = timedelta(hours=1)


def edition(achievement: Achievement, old: Credential | None, at: datetime, because: str = "") -> Credential:
    made = credential_of(achievement, "Ada Lovelace", issued=at)
    if old is not None:
        Credential.objects.filter(pk=old.pk).update(superseded=at)
    code = old.code if old else made.code
    Credential.objects.filter(pk=made.pk).update(code=code, supersedes=old, because=because)
    made.refresh_from_db()
    return made


def told(credential: Credential) -> list[tuple[str, str]]:
    return [(event.what.value, event.reason) for event in editions.history(credential)]


def test_the_newest_comes_first(achievement: Achievement, now: datetime) -> None:
    batch_of(achievement)
    first = edition(achievement, None, now)
    second = edition(achievement, first, now + HOUR, "correction")
    third = edition(achievement, second, now + 2 * HOUR, "renewal")
    credential_of(achievement, "Somebody else")
    for each in (first, second, third):
        assert told(each) == [("renewal", ""), ("correction", ""), ("issued", "")]
    assert [event.edition for event in editions.history(first)] == [third, second, first]


def test_within_a_second_the_order_is_that_of_reason(achievement: Achievement, now: datetime) -> None:
    """Documents name whole seconds, and a revocation does not."""
    first = edition(achievement, None, now)
    Credential.objects.filter(pk=first.pk).update(revoked=now + timedelta(seconds=0.5), revocation_reason="mistake")
    second = edition(achievement, first, now, "again")
    assert told(second) == [("again", ""), ("revoked", "mistake"), ("issued", "")]


def test_what_was_revoked_together_is_one_thing(achievement: Achievement, now: datetime) -> None:
    first = edition(achievement, None, now)
    second = edition(achievement, first, now + HOUR, "renewal")
    Credential.objects.update(revoked=now + 2 * HOUR, revocation_reason="misconduct")
    assert told(second) == [("revoked", "misconduct"), ("renewal", ""), ("issued", "")]
