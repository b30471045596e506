"""The demo: believable people, a year of certificates, and a list with everything that lists get wrong."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email

import logged
from laurea.actions import comparing_log, demonstrating, installing
from laurea.actions.demonstrating import lists, organisations
from laurea.actions.demonstrating.staff import DEPARTMENTS, everybody
from laurea.actions.installing import InstallingError
from laurea.records.models import Account, Batch, Credential, Delivery, Issuer, Member, Row


def test_a_hundred_and_twenty_different_people_in_three_departments() -> None:
    people = everybody("northlight.example")
    assert len(people) == len({each.name for each in people}) == len({each.email for each in people}) == 120
    assert len({each.employee_number for each in people}) == 120
    assert {each.department for each in people} == set(DEPARTMENTS)
    for each in people:
        validate_email(each.email)
        assert each.email.endswith(".example")
    assert everybody("northlight.example") == people


def test_eight_achievements_in_three_levels() -> None:
    assert len(organisations.ACHIEVEMENTS) == 8
    assert {each.said["level"] for each in organisations.ACHIEVEMENTS} == {1, 2, 3}


def test_the_same_people_earn_the_same_at_every_start() -> None:
    people = everybody("northlight.example")
    courses = lists.courses(people, small=False)
    assert courses == lists.courses(people, small=False)
    assert sum(len(course.people) for course in courses) > 200
    for name in {course.achievement for course in courses}:
        holders = [each.email for course in courses if course.achievement == name for each in course.people]
        assert len(holders) == len(set(holders))


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demo_has_every_state_and_its_accounts(now: datetime, settings: Any, tmp_path: Path) -> None:
    settings.LAUREA_DATA = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }
    installing.make_folder(tmp_path)
    accounts = demonstrating.populate(now=now, small=True)
    assert [each.part for each in accounts] == ["Owner", "Issuer", "Viewer", "Owner of the other"]
    for each in accounts:
        assert Account.objects.get(email=each.email).check_password(each.password)
        validate_password(each.password)
    assert sorted(Member.objects.values_list("issuer__slug", "role")) == [
        ("lindenhof", "owner"),
        ("northlight", "issuer"),
        ("northlight", "owner"),
        ("northlight", "viewer"),
    ]
    review = Batch.objects.get(state=Batch.State.REVIEW)
    assert set(review.rows.values_list("state", flat=True)) == set(Row.State.values)
    assert not Row.objects.filter(outcome=Row.Outcome.FAILED).exists()
    assert Credential.objects.filter(valid_until__lt=now).exists()
    assert Credential.objects.earliest("valid_from").valid_from < now.replace(year=now.year - 1)
    assert Credential.objects.latest("valid_from").valid_from < now
    assert Delivery.objects.exists()
    logged.take_in(now)
    assert comparing_log.verify(now=now).findings == []
    counts = Credential.objects.count(), Issuer.objects.count()
    assert demonstrating.populate(now=now) == accounts
    assert (Credential.objects.count(), Issuer.objects.count()) == counts


@pytest.mark.usefixtures("alice")
def test_it_moves_in_nowhere_else(now: datetime, settings: Any, tmp_path: Path) -> None:
    settings.LAUREA_DATA = tmp_path
    with pytest.raises(InstallingError) as error:
        demonstrating.populate(now=now)
    assert error.value.code == "demo.occupied"
