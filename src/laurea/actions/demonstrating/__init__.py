"""Demonstrating: a believable installation, made by the same actions that people use, with a year behind it.

The same people earn the same things at every start; only secrets differ: keys, codes, passwords.
"""

from __future__ import annotations

import csv
import io
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from laurea.actions import (
    chunks,
    confirming,
    defining,
    designing,
    founding,
    installing,
    intake,
    inviting,
    joining,
    people,
    picturing,
)
from laurea.actions.demonstrating import lists, organisations
from laurea.actions.demonstrating.organisations import ASSETS, DemoAchievement, DemoDesign
from laurea.actions.demonstrating.staff import DemoPerson, everybody
from laurea.actions.founding import Founder
from laurea.actions.installing import InstallingError
from laurea.records.models import (
    Account,
    Achievement,
    Artifact,
    Batch,
    Chunk,
    Design,
    Issuer,
    Member,
    Person,
    Role,
)

FILE = "demo-accounts.json"
_START = timedelta(days=400)
_SMALL = 24


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Somebody to sign in as; `part` says what for."""

    part: str
    name: str
    email: str
    password: str


def populate(*, now: datetime, small: bool = False) -> list[DemoAccount]:
    """Fill an empty installation, or give the accounts of one that was filled before.

    All of it or nothing. Raises `InstallingError` (``demo.occupied``) where something else is at home.
    """
    file = Path(settings.LAUREA_DATA) / "secrets" / FILE
    if file.exists():
        return [DemoAccount(**each) for each in json.loads(file.read_text("utf-8"))]
    if Account.objects.exists() or Issuer.objects.exists():
        raise InstallingError(
            "demo.occupied",
            f"{settings.LAUREA_DATA} holds an installation already",
            "Name another folder with --data, and none with LAUREA_DATABASE_URL",
        )
    with transaction.atomic():
        accounts = _fill(now, small)
    installing.write_secret(file, json.dumps([asdict(each) for each in accounts], indent=2))
    return accounts


def _fill(now: datetime, small: bool) -> list[DemoAccount]:
    start = now - _START
    owner = DemoAccount("Owner", "Annika Lindqvist", "owner@northlight.example", _password())
    link = inviting.set_up_link(now=start)
    assert link is not None  # noqa: S101 - there is no account yet
    founder = Founder(owner.name, owner.email, owner.password)
    northlight = founding.set_up(link.rpartition("/")[2], founder, organisations.NORTHLIGHT, now=start).issuer
    account = Account.objects.get(email=owner.email)
    joining.describe(account, owner.name, "", now=start)  # pages speak the browser's language
    issuer = _member(northlight, "Issuer", "Tom Barker", Role.ISSUER, start)
    viewer = _member(northlight, "Viewer", "Nadia Haddad", Role.VIEWER, start)
    other = DemoAccount("Owner of the other", "Friederike Brandt", "owner@lindenhof.example", _password())
    brandt = joining.register(other.email, other.name, other.password, language="", now=start)
    lindenhof = founding.found(organisations.LINDENHOF, now=start, account=brandt)

    _northlight(northlight, account, Account.objects.get(email=issuer.email), start, now, small)
    _lindenhof(lindenhof, brandt, start, now, small)
    inviting.invite(northlight, "samir.petrov@northlight.example", Role.ISSUER, now=now, actor=account)
    return [owner, issuer, viewer, other]


def _northlight(issuer: Issuer, owner: Account, clerk: Account, start: datetime, now: datetime, small: bool) -> None:
    staff = everybody("northlight.example")[: _SMALL if small else None]
    _enrol(issuer, staff, start, owner)
    designs = {each.name: _design(issuer, each, start, owner) for each in organisations.DESIGNS}
    made = {each.said["name"]: _achievement(issuer, each, designs, start, owner) for each in organisations.ACHIEVEMENTS}
    held = lists.courses(staff, small=small)
    for course in held:
        moment = _workday(now, course.days_ago)
        content = _csv(lists.rows(course, moment.date()))
        batch = intake.upload(
            issuer, made[course.achievement], name=course.file, content=content, now=moment, actor=clerk
        )
        _issue(batch, moment, clerk, send_mail=course.send_mail)
    for person, achievement, days in lists.by_hand(staff):
        moment = _workday(now, days)
        batch = confirming.issue_one(
            issuer,
            made[achievement],
            name=person.name,
            email=person.email,
            employee_number=person.employee_number,
            person=Person.objects.get(issuer=issuer, employee_number=person.employee_number),
            now=moment,
            actor=clerk,
        )
        _work(batch, moment)
    for each in staff[7:20:5]:
        gone = Person.objects.get(issuer=issuer, employee_number=each.employee_number)
        people.deactivate(gone, now=now - timedelta(days=40), actor=owner)
    uploaded = now - timedelta(hours=1)
    intake.upload(
        issuer,
        made[lists.REVIEW],
        name=lists.REVIEW_FILE,
        content=_csv(lists.to_review(staff, held, now.date())),
        now=uploaded,
        actor=clerk,
    )
    intake.read_next(now=uploaded, worker="demo")


def _lindenhof(issuer: Issuer, owner: Account, start: datetime, now: datetime, small: bool) -> None:
    staff = [person for person in everybody("lindenhof.example") if person.language == "de"][: 4 if small else 16]
    _enrol(issuer, staff, start, owner)
    designs = {"Ausbildung": _design(issuer, organisations.LINDENHOF_DESIGN, start, owner)}
    made = _achievement(issuer, organisations.ARBEITSSICHERHEIT, designs, start, owner)
    moment = _workday(now, 75)
    rows = [{"Name": each.name, "E-Mail": each.email, "Personalnummer": each.employee_number} for each in staff]
    batch = intake.upload(issuer, made, name="unterweisung.csv", content=_csv(rows), now=moment, actor=owner)
    _issue(batch, moment, owner, send_mail=False)


def _workday(now: datetime, days_ago: int) -> datetime:
    """The morning of that day, or of the Friday before."""
    day = (now - timedelta(days=days_ago)).replace(hour=8, minute=23 + days_ago % 30, second=11)
    return day - timedelta(days=max(0, day.weekday() - 4))


def _issue(batch: Batch, moment: datetime, actor: Account, *, send_mail: bool) -> None:
    """Read, confirm and make a batch as it was done at `moment`."""
    intake.read_next(now=moment, worker="demo")
    batch.refresh_from_db()
    confirming.confirm(batch, send_mail=send_mail, now=moment + timedelta(minutes=6), actor=actor)
    _work(batch, moment + timedelta(minutes=6))


def _work(batch: Batch, moment: datetime) -> None:
    """What workers do, here and now; then say that it was then."""
    while chunks.work_on_next(worker="demo", now=timezone.now()):
        pass
    finished = moment + timedelta(seconds=9)
    Batch.objects.filter(pk=batch.pk).update(finished=finished, served=finished)
    Chunk.objects.filter(batch=batch).update(finished=finished)
    Artifact.objects.filter(credential__batch=batch).update(created=moment)


def _member(issuer: Issuer, part: str, name: str, role: Role, now: datetime) -> DemoAccount:
    made = DemoAccount(part, name, f"{part.lower()}@northlight.example", _password())
    account = joining.register(made.email, name, made.password, language="", now=now)
    Member.objects.create(issuer=issuer, account=account, role=role, created=now)
    return made


def _enrol(issuer: Issuer, staff: Sequence[DemoPerson], now: datetime, actor: Account) -> None:
    for each in staff:
        details = people.Details(
            name=each.name,
            emails=[each.email],
            employee_number=each.employee_number,
            department=each.department,
            job_role=each.job_role,
            language=each.language,
        )
        people.add(issuer, details, now=now, actor=actor)


def _design(issuer: Issuer, design: DemoDesign, now: datetime, actor: Account) -> Design:
    signatories = [
        {"name": name, "role": role, "picture": _signature(issuer, name, file, now)}
        for name, role, file in design.signatories
    ]
    return designing.create(
        issuer, design.name, design.base, {**design.adjustments, "signatories": signatories}, now=now, actor=actor
    )


def _signature(issuer: Issuer, name: str, file: str, now: datetime) -> int:
    return picturing.take_in(issuer, (ASSETS / file).read_bytes(), f"Signature of {name}", now=now).pk


def _achievement(
    issuer: Issuer, achievement: DemoAchievement, designs: Mapping[str, Design], now: datetime, actor: Account
) -> Achievement:
    said = {**achievement.said, "design": designs[achievement.design]}
    return defining.define(issuer, said, now=now, actor=actor)


def _csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def _password() -> str:
    return secrets.token_urlsafe(15)
