"""Who took which course of the demo, and the list that waits for its review."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from laurea.actions.demonstrating import organisations
from laurea.actions.demonstrating.organisations import DemoAchievement
from laurea.actions.demonstrating.staff import DemoPerson

_SEED = 1921
REVIEW = str(organisations.SAFETY_1.said["name"])
REVIEW_FILE = "safety-level-1-november.csv"


@dataclass(frozen=True, slots=True)
class Course:
    """A course that was held; its list was uploaded as `file`."""

    achievement: str
    days_ago: int
    file: str
    people: Sequence[DemoPerson]
    columns: Sequence[str] = ()
    send_mail: bool = False


# Achievement, how many days ago, the file, from which department ("" all), how many.
_HELD: tuple[tuple[DemoAchievement, int, str, str, int], ...] = (
    (organisations.SAFETY_1, 379, "safety-level-1-first-group.csv", "Grid operations", 12),
    (organisations.SAFETY_1, 350, "safety-level-1-second-group.csv", "Grid operations", 12),
    (organisations.DATA_PROTECTION, 300, "data-protection-first-group.csv", "", 40),
    (organisations.SAFETY_2, 251, "safety-level-2.csv", "Grid operations", 12),
    (organisations.SAFETY_3, 205, "safety-level-3.csv", "Grid operations", 5),
    (organisations.DATA_PROTECTION, 182, "data-protection-second-group.csv", "", 38),
    (organisations.FIRST_AID, 151, "first-aid-june.csv", "", 20),
    (organisations.SAFETY_1, 140, "safety-level-1-third-group.csv", "Grid operations", 8),
    (organisations.LEADING, 121, "leadership-programme.csv", "", 9),
    (organisations.CONVERSATIONS, 92, "conversations.csv", "Customer care", 22),
    (organisations.DATA_PROTECTION, 61, "data-protection-third-group.csv", "", 27),
    (organisations.GRID_DATA, 44, "grid-data-projects.csv", "Engineering", 6),
    (organisations.FIRST_AID, 30, "first-aid-october.csv", "", 12),
    (organisations.CONVERSATIONS, 2, "conversations-november.csv", "Customer care", 10),
)


def courses(staff: Sequence[DemoPerson], *, small: bool) -> list[Course]:
    """What was held in the last year, each person at most once in each achievement."""
    chance = random.Random(_SEED)  # noqa: S311 - the same at every start, on purpose
    seen: dict[str, set[str]] = {}
    found = []
    for achievement, days, file, department, size in _HELD:
        name = str(achievement.said["name"])
        done = seen.setdefault(name, set())
        free = [each for each in staff if each.email not in done and department in ("", each.department)]
        chosen = chance.sample(free, min(size, len(free), 3 if small else size))
        done |= {each.email for each in chosen}
        if chosen:
            found.append(
                Course(name, days, file, chosen, tuple(achievement.said.get("include", ())), send_mail=days < 30)
            )
    return found


def rows(course: Course, day: date) -> list[dict[str, str]]:
    """The list of a course."""
    chance = random.Random(f"{_SEED} {course.file}")  # noqa: S311 - as above
    written = []
    for each in course.people:
        row = _row(each, day)
        if "result" in course.columns:
            row["Result"] = f"{chance.randint(80, 100)} %"
        if "hours" in course.columns:
            row["Hours"] = "8"
        if "evidence" in course.columns:
            row["Evidence"] = f"https://northlight.example/projects/{each.employee_number}"
        written.append(row)
    return written


def by_hand(staff: Sequence[DemoPerson]) -> list[tuple[DemoPerson, str, int]]:
    """Who got something by hand: the person, the achievement, and how many days ago."""
    return [
        (staff[3], str(organisations.GRID_DATA.said["name"]), 20),
        (staff[1], str(organisations.LEADING.said["name"]), 9),
        (staff[0], str(organisations.LEADING.said["name"]), 1),
    ]


def to_review(staff: Sequence[DemoPerson], held: Sequence[Course], today: date) -> list[dict[str, str]]:
    """A list with renewals, people who have the certificate already, and everything that lists get wrong."""
    day = today - timedelta(days=3)
    groups = [course.people for course in held if course.achievement == REVIEW]
    known = [*groups[0][:5], *groups[1][:3], *groups[2][:2]]
    having = {person.email for group in groups for person in group}
    free = [person for person in staff if person.email not in having]
    free.sort(key=lambda person: person.department != "Grid operations")
    rows = [_row(each, day) for each in (*known, *free[:6])]
    a, b, c, d, e, f, g, h = (_row(each, day) for each in free[6:14])
    a["E-mail"] = f"  {a['E-mail'].upper()} "  # blanks and capitals: mended by itself
    b["E-mail"] = b["E-mail"].replace("@", " at ")  # no address
    c["Name"] = ""  # nobody
    d["Date"] = (today + timedelta(days=90)).isoformat()  # in the future
    e["Date"] = "1900-01-01"  # what an empty cell of a spreadsheet becomes
    f["Name"] = f["Name"].split()[0] + " Hartmann"  # married: known under another name
    g["Name"] = '=HYPERLINK("https://evil.example","Click")'  # a formula is never calculated
    h["Date"] = "31.02.2026"  # no day
    newcomer = {
        "Name": "Quentin Marchetti",
        "E-mail": "quentin.marchetti@northlight.example",
        "Employee number": "9001",
        "Department": "Grid operations",
        "Job role": "Trainee",
        "Date": day.isoformat(),
    }
    return [*rows, a, b, c, d, e, f, g, h, dict(rows[-1]), newcomer]


def _row(person: DemoPerson, day: date) -> dict[str, str]:
    return {
        "Name": person.name,
        "E-mail": person.email,
        "Employee number": person.employee_number,
        "Department": person.department,
        "Job role": person.job_role,
        "Date": day.isoformat(),
    }
