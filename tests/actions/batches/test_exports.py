"""Lists as programs export them: the same columns, titles and further tables, with invented people."""

from __future__ import annotations

from datetime import date

import pytest

from laurea.actions.batches import PersonRow, Reading, read

TODAY = date(2026, 11, 24)


def people(text: str, encoding: str = "utf-8", **options: str) -> Reading:
    return read(text.encode(encoding), "list.csv", today=TODAY, **options)  # type: ignore[arg-type]


def short(rows: tuple[PersonRow, ...]) -> list[tuple[object, ...]]:
    return [(row.line, row.name, row.email, row.awarded, row.course, row.state) for row in rows]


TEAMS = (
    "1. Summary\nMeeting title\tData protection basics\nAttended participants\t3\nStart time\t{0}, 9:55:01 AM\n"
    "End time\t{0}, 11:02:10 AM\nMeeting duration\t1h 7m 9s\n\n2. Participants\n"
    "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n"
    "Anna Müller\t{0}, 9:55:05 AM\t{0}, 11:02:00 AM\t1h 6m 55s\tanna@example.com\tanna@example.com\tOrganizer\n"
    "Jonas Weber (External)\t{0}, 10:00:05 AM\t{0}, 11:00:00 AM\t59m 55s\tjonas@example.org\tjonas@example.org"
    "\tAttendee\n"
    "Léa Dubois\t{0}, 10:01:05 AM\t{0}, 11:00:00 AM\t58m 55s\tlea@example.com\tlea@example.com\tAttendee\n\n"
    "3. In-Meeting Activities\nName\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n"
    "Anna Müller\t{0}, 9:55:05 AM\t{0}, 11:02:00 AM\t1h 6m 55s\tanna@example.com\tOrganizer\n"
)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig"])
def test_teams_attendance(encoding: str) -> None:
    reading = people(TEAMS.format("11/20/26").replace("\n", "\r\n"), encoding)
    assert short(reading.rows) == [
        (10, "Anna Müller", "anna@example.com", date(2026, 11, 20), None, "ready"),
        (11, "Jonas Weber", "jonas@example.org", date(2026, 11, 20), None, "warning"),
        (12, "Léa Dubois", "lea@example.com", date(2026, 11, 20), None, "ready"),
    ]
    assert (reading.header_line, reading.delimiter) == (9, "\t")
    assert [(span.first, span.last, span.reason) for span in reading.skipped][-1] == (
        14,
        16,
        "further table after the list",
    )
    assert [note.code for note in reading.notes] == ["columns.attendance"]
    assert reading.rows[0].extra["Role"] == "Organizer"


def test_teams_attendance_on_an_unclear_day_is_asked_about() -> None:
    reading = people(TEAMS.format("2/7/26"), "utf-16")
    assert reading.rows == ()
    assert [(question.code, question.parameter, question.column) for question in reading.questions] == [
        ("dates.order", "date_order", "First Join")
    ]
    assert {row.awarded for row in people(TEAMS.format("2/7/26"), "utf-16", date_order="dmy").rows} == {
        date(2026, 7, 2)
    }
    assert {row.awarded for row in people(TEAMS.format("2/7/26"), "utf-16", date_order="mdy").rows} == {
        date(2026, 2, 7)
    }


def test_teams_attendees_only() -> None:
    reading = read(TEAMS.format("11/20/26").encode(), "t.csv", today=TODAY, where=[("role", "ATTENDEE")])
    assert [row.name for row in reading.rows] == ["Jonas Weber", "Léa Dubois"]
    assert reading.filtered == 1


def test_zoom_participants() -> None:
    reading = people(
        "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants\n"
        "123 4567 8901,Data protection,11/20/2026 09:55:01 AM,11/20/2026 11:02:10 AM,host@example.com,68,4\n\n"
        "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room\n"
        "Annie (Anna Müller),anna@example.com,11/20/2026 09:55:01 AM,11/20/2026 10:20:10 AM,26,No,No\n"
        "Anna Müller,Anna@example.com,11/20/2026 10:21:01 AM,11/20/2026 11:02:10 AM,42,No,No\n"
        "Jonas Weber,,11/20/2026 10:00:01 AM,11/20/2026 11:02:10 AM,63,Yes,No\n"
        "iPhone,,11/20/2026 10:00:01 AM,11/20/2026 11:02:10 AM,63,Yes,No\n",
        "utf-8-sig",
    )
    day = date(2026, 11, 20)
    assert short(reading.rows) == [
        (5, "Anna Müller", "anna@example.com", day, None, "warning"),
        (6, "Anna Müller", "Anna@example.com", day, None, "duplicate"),
        (7, "Jonas Weber", None, day, None, "warning"),
    ]
    assert reading.rows[1].duplicate_of == 5
    assert [(error.line, error.column, error.value, error.code) for error in reading.errors] == [
        (8, "Name (Original Name)", "iPhone", "name.placeholder")
    ]


def test_moodle_grades_in_german() -> None:
    reading = people(
        "Vorname;Nachname;ID-Nummer;Institution;Abteilung;E-Mail-Adresse;Test: Abschluss (Punkte);"
        "Kurs gesamt (Punkte)\n"
        "Jörg;Müller;4711;Werk Nord;Vertrieb;joerg@example.org;9,00;87,50\n"
        "Ayse;Öztürk;4712;Werk Nord;Einkauf;ayse@example.org;10,00;100,00\n"
        "Gesamtdurchschnitt;;;;;;9,50;93,75\n",
        "utf-8",
    )
    assert [(row.name, row.email, row.department, row.result) for row in reading.rows] == [
        ("Jörg Müller", "joerg@example.org", "Vertrieb", "87,50"),
        ("Ayse Öztürk", "ayse@example.org", "Einkauf", "100,00"),
    ]
    assert [(span.first, span.reason) for span in reading.skipped] == [(4, "totals")]


def test_moodle_activity_completion_without_a_header_over_the_names() -> None:
    reading = people(
        ',"Email address","Final quiz",""\n'
        '"Anna Müller",anna@example.com,Completed,"Friday, 20 November 2026, 10:15 AM"\n'
        '"Jonas Weber",jonas@example.com,"Not completed",""\n',
    )
    assert [(row.name, row.extra) for row in reading.rows] == [
        ("Anna Müller", {"Final quiz": "Completed", "column D": "Friday, 20 November 2026, 10:15 AM"}),
        ("Jonas Weber", {"Final quiz": "Not completed"}),
    ]
    assert [note.code for note in reading.notes] == ["columns.guessed"]


def test_workday_learning() -> None:
    reading = people(
        "Learning Enrollments\nAs of 11/23/2026\n\n"
        "Worker,Employee ID,Email - Primary Work,Supervisory Organization,Business Title,Learning Content,"
        "Completion Status,Completion Date\n"
        '"Müller, Anna (21457)",21457,anna@example.com,Field Sales (Kurt Frey),Account Manager,Data protection,'
        "Completed,11/20/2026\n"
        '"Weber, Jonas",21458,jonas@example.com,Logistics,Dispatcher,Data protection,In Progress,\n',
    )
    assert short(reading.rows) == [
        (5, "Anna Müller", "anna@example.com", date(2026, 11, 20), "Data protection", "warning"),
        (6, "Jonas Weber", "jonas@example.com", None, "Data protection", "ready"),
    ]
    assert (reading.rows[0].department, reading.rows[0].job_role) == ("Field Sales (Kurt Frey)", "Account Manager")
    assert [note.message for note in reading.notes if note.code == "names.turned"] == [
        "Names were written family name first and have been turned round: “Müller, Anna (21457)” became “Anna Müller”"
    ]


def test_sap_successfactors_learning_history() -> None:
    reading = people(
        "User ID|First Name (User)|Last Name (User)|Item ID|Item Title|Completion Date|Completion Status|Credit Hours\n"
        "akm1|Anna|Müller|DP-100|Data protection|11/20/2026 02:05 PM America/New York|COURSE_COMPLETE|1.5\n",
    )
    assert short(reading.rows) == [(2, "Anna Müller", None, date(2026, 11, 20), "Data protection", "ready")]
    assert (reading.rows[0].employee_number, reading.rows[0].hours) == ("akm1", 1.5)


def test_linkedin_learning_has_several_courses_a_person() -> None:
    header = (
        "Name,Email,Unique User ID,Content Name,Content Provider,Content Type,Hours Viewed,Percent Complete,"
        "Completed Day (PST/PDT)"
    )
    reading = people(
        f"{header}\n"
        "Anna Müller,anna@example.com,u1,Python Essentials,LinkedIn,Course,1:20:00,100%,2026-11-20\n"
        "Anna Müller,anna@example.com,u1,Leading Teams,LinkedIn,Course,0:40:00,100%,2026-11-21\n"
        "Anna Müller,anna@example.com,u1,python essentials,LinkedIn,Course,1:20:00,100%,2026-11-20\n",
    )
    assert [(row.course, row.state, row.duplicate_of) for row in reading.rows] == [
        ("Python Essentials", "ready", None),
        ("Leading Teams", "ready", None),
        ("python essentials", "duplicate", 2),
    ]


def test_credly_bulk_template() -> None:
    reading = people(
        "Badge Template ID,Recipient Email,Issued To First Name,Issued To Middle Name,Issued To Last Name,Issued At,"
        "Expires At,Issuer Earner ID,Country,State or Province,Evidence Name,Evidence URL,Locale\n"
        "11111111-2222-3333-4444-555555555555,anna@example.com,Anna,Lena,Müller,11/20/26,11/20/28,E17,Germany,,Project,"
        "https://example.com/anna,de\n",
    )
    (row,) = reading.rows
    assert (row.name, row.email, row.awarded, row.expires) == (
        "Anna Lena Müller", "anna@example.com", date(2026, 11, 20), date(2028, 11, 20),
    )  # fmt: skip
    assert (row.employee_number, row.evidence, row.language) == ("E17", "https://example.com/anna", "de")
    assert sorted(row.extra) == ["Badge Template ID", "Country", "Evidence Name"]


@pytest.mark.parametrize(
    "header",
    ["Recipient Name,Recipient Email,Issued on,Grade", "recipient.name,recipient.email,credential.issued_on,grade"],
)
def test_accredible_template(header: str) -> None:
    (row,) = people(f"{header}\nJames Brown,james@example.com,5/31/17,99\n").rows
    assert (row.name, row.email, row.awarded, row.result) == (
        "James Brown",
        "james@example.com",
        date(2017, 5, 31),
        "99",
    )
