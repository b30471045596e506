"""How a credential stands: one answer each, the same from a record and from a query."""

from __future__ import annotations

from datetime import datetime, timedelta

from issued import credential_of, days
from laurea.actions import standing
from laurea.actions.standing import Standing
from laurea.records.models import Achievement, Credential


def test_a_record_and_a_query_agree(achievement: Achievement, now: datetime) -> None:
    second = timedelta(seconds=1)
    ends = [None, now - days(400), now - second, now, now + second, now + days(60), now + days(60) + second]
    for until in ends:
        for changes in ({}, {"revoked": now}, {"superseded": now}, {"revoked": now, "superseded": now}):
            made = credential_of(achievement, until=until)
            Credential.objects.filter(pk=made.pk).update(**changes)
    for credential in Credential.objects.all():
        stands = standing.of(credential, now)
        found = [each for each in Standing if Credential.objects.filter(standing.having(each, now), pk=credential.pk)]
        assert found == [stands]


def test_the_last_second_counts(achievement: Achievement, now: datetime) -> None:
    made = credential_of(achievement, until=now)
    assert standing.of(made, now) == Standing.EXPIRING
    assert standing.of(made, now + timedelta(microseconds=1)) == Standing.EXPIRED
    assert standing.of(credential_of(achievement, until=now + days(60)), now) == Standing.EXPIRING
    assert standing.of(credential_of(achievement, until=now + days(61)), now) == Standing.VALID
