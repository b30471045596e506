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


def errors(reading: Reading) -> list[tuple[int, str, str, str]]:
    return [(error.line, error.column, error.value, error.code) for error in reading.errors]


def skipped(reading: Reading) -> list[tuple[int, int, str]]:
    return [(span.first, span.last, span.reason) for span in reading.skipped]


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
    ]
    assert errors(reading) == [(6, "Completion Status", "In Progress", "row.status")]
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


def test_teams_attendance_in_german_with_names_turned_and_a_telephone() -> None:
    reading = people(
        "1. Zusammenfassung\nBesprechungstitel\tDatenschutz\nTeilnehmer\t4\nStartzeit\t20.11.26, 09:55:01\n\n"
        "2. Teilnehmer\n"
        "Name\tErster Beitritt\tLetztes Verlassen\tDauer der Besprechung\tE-Mail\tTeilnehmer-ID (UPN)\tRolle\n"
        "Sommer, Anna\t20.11.26, 09:55:05\t20.11.26, 11:02:00\t1 Std.\tanna@example.com\tn1@example.com\tOrganisator\n"
        "Weber, Jonas (Extern)\t20.11.26, 09:56:05\t20.11.26, 11:02:00\t1 Std.\tjo@example.org\tjo@example.org\t"
        "Teilnehmer\n"
        "Lea Vogt (Gast)\t20.11.26, 09:57:05\t20.11.26, 11:02:00\t1 Std.\t\t\tTeilnehmer\n"
        "+49 170 *****12\t20.11.26, 09:58:05\t20.11.26, 11:02:00\t1 Std.\t\t\tTeilnehmer\n\n"
        "3. Aktivitäten während der Besprechung\nName\tBeitrittszeit\tVerlassenszeit\tDauer\tE-Mail\tRolle\n"
        "Sommer, Anna\t20.11.26, 09:55:05\t20.11.26, 11:02:00\t1 Std.\tanna@example.com\tOrganisator\n",
        "utf-16",
    )
    day = date(2026, 11, 20)
    assert short(reading.rows) == [
        (8, "Anna Sommer", "anna@example.com", day, None, "ready"),
        (9, "Jonas Weber", "jo@example.org", day, None, "warning"),
        (10, "Lea Vogt", None, day, None, "warning"),
    ]
    assert errors(reading) == [(11, "Name", "+49 170 *****12", "name.placeholder")]
    assert skipped(reading)[-1] == (13, 15, "further table after the list")


@pytest.mark.parametrize(
    ("header", "joined", "left", "moment"),
    [
        ("Full Name\tUser Action\tTimestamp", "Joined", "Left", "11/20/2026, 9:{}:01 AM"),
        ("Vollständiger Name\tBenutzeraktion\tZeitstempel", "Beigetreten", "Verlassen", "20.11.2026, 09:{}:01"),
    ],
)
def test_teams_first_attendance_list(header: str, joined: str, left: str, moment: str) -> None:
    reading = people(
        f"{header}\nAnna Sommer\t{joined}\t{moment.format(10)}\nJonas Weber\t{joined}\t{moment.format(11)}\n"
        f"Jonas Weber\t{left}\t{moment.format(40)}\nJonas Weber\t{joined}\t{moment.format(45)}\n",
        "utf-16",
    )
    day = date(2026, 11, 20)
    assert [(row.name, row.awarded, row.state) for row in reading.rows] == [
        ("Anna Sommer", day, "ready"),
        ("Jonas Weber", day, "ready"),
        ("Jonas Weber", day, "duplicate"),
        ("Jonas Weber", day, "duplicate"),
    ]
    assert [note.code for note in reading.notes] == ["columns.no-email", "columns.attendance"]


def test_teams_meeting_summary_before_the_list() -> None:
    reading = people(
        "Meeting Summary\nTotal Number of Participants\t2\nMeeting Title\tPrivacy\nMeeting Start "
        "Time\t11/20/2026, 9:37 AM\n"
        "Meeting Id\t453adbad-0000\n\nFull Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)\n"
        "Anna Sommer\t11/20/2026, 9:37:51 AM\t11/20/2026, 10:07:14 AM\t29m 22s\tanna@example.com\t"
        "Organizer\tn@example.com\n",
        "utf-16",
    )
    assert short(reading.rows) == [(8, "Anna Sommer", "anna@example.com", date(2026, 11, 20), None, "ready")]


def test_teams_webinar_registrations() -> None:
    reading = people(
        "First Name,Last Name,Email,Registration Time,Registration Status\n"
        "Anna,Sommer,anna@example.com,11/18/2026 9:00:01 AM,Registered\n"
        "Jonas,Weber,jonas@example.com,11/18/2026 9:00:01 AM,Canceled\n",
    )
    assert [(row.name, row.awarded, row.status) for row in reading.rows] == [("Anna Sommer", None, "Registered")]
    assert errors(reading) == [(3, "Registration Status", "Canceled", "row.status")]


ZOOM_HEADER = (
    "Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest,"
    "Country/Region Name,,,,,,"
)
ZOOM_WEBINAR = """Attendee Report,,,,,,,,,,,,,
Report Generated:,"Nov 21, 2026 6:26 PM",,,,,,,,,,,,
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registered,Unique Viewers,Total Users,,,,,,,
Privacy basics,847 0000 1045,"Nov 20, 2026 7:13 PM",282,4,3,4,,,,,,,
Host Details,,,,,,,,,,,,,
{1}
Yes,Hanna Host,host@example.com,"Nov 20, 2026 19:13:27","Nov 20, 2026 23:55:19",282,No,Germany,,,,,,
Panelist Details,,,,,,,,,,,,,
{1}
Yes,Paul Panel,paul@example.com,"Nov 20, 2026 19:28:32","Nov 20, 2026 23:55:19",267,Yes,Germany,,,,,,
Attendee Details,,,,,,,,,,,,,
{0}Other Attended,,,,,,,,,,,,,
User Name,Join Time,Leave Time,Time in Session (minutes),Country/Region Name,,,,,,,,,
49301234567,"Nov 20, 2026 19:52:01","Nov 20, 2026 21:52:39",120,Germany,,,,,,,,,
"""


def test_zoom_webinar_with_registration() -> None:
    reading = people(
        ZOOM_WEBINAR.format(
            "Attended,User Name (Original Name),First Name,Last Name,Email,Phone,Registration Time,Approval Status,"
            "Join Time,Leave Time,Time in Session (minutes),Is Guest,Profession,Country/Region Name\n"
            'No,Ajda,Ajda,Novak,ajda@example.com,+49301,"Nov 15, 2026 11:23:29",approved,--,--,--,--,Engineer,\n'
            'Yes,Lea V,Lea,Vogt,lea@example.com,,"Nov 15, 2026 11:27:19",approved,"Nov 20, 2026 19:52:01",'
            '"Nov 20, 2026 19:59:39",8,Yes,Nurse,Germany\n'
            'Yes,Lea V,Lea,Vogt,lea@example.com,,"Nov 15, 2026 11:27:19",approved,"Nov 20, 2026 20:01:01",'
            '"Nov 20, 2026 20:59:39",59,Yes,Nurse,Germany\n',
            ZOOM_HEADER,
        ),
        "utf-8-sig",
    )
    day = date(2026, 11, 20)
    assert short(reading.rows) == [
        (14, "Lea Vogt", "lea@example.com", day, None, "ready"),
        (15, "Lea Vogt", "lea@example.com", day, None, "duplicate"),
    ]
    assert errors(reading) == [(13, "Attended", "No", "row.status")]
    assert skipped(reading) == [(1, 11, "before the header"), (16, 18, "further table after the list")]


def test_zoom_webinar_without_registration_takes_neither_hosts_nor_panelists() -> None:
    reading = people(
        ZOOM_WEBINAR.format(
            f"{ZOOM_HEADER}\n"
            'Yes,Lea Vogt,lea@example.com,"Nov 20, 2026 19:52:01","Nov 20, 2026 19:59:39",8,Yes,Germany,,,,,,\n',
            ZOOM_HEADER,
        )
    )
    assert [(row.line, row.name) for row in reading.rows] == [(13, "Lea Vogt")]
    assert skipped(reading) == [(1, 11, "before the header"), (14, 16, "further table after the list")]


def test_zoom_registrations() -> None:
    reading = people(
        "Registration Report\nReport generated time,11/21/2026 02:31:08 PM\n"
        "Topic,Webinar ID,Scheduled Time,Duration (minutes),# Registered,# Cancelled,# Approved,# Denied\n"
        'Privacy basics,000 0000 0000,"11/20/2026 10:45:00 AM",226,2,1,1,0\nAttendee Details\n'
        "First Name,Last Name,Email,Registration Time,Approval Status,Source Name\n"
        'Lea,Vogt,lea@example.com,"11/08/2026 09:00:00 PM",approved,\n'
        'Jo,Groß,jo@example.com,"11/08/2026 09:00:00 PM",cancelled by self,\n',
    )
    assert short(reading.rows) == [(7, "Lea Vogt", "lea@example.com", None, None, "ready")]
    assert errors(reading) == [(8, "Approval Status", "cancelled by self", "row.status")]


def test_zoom_participants_in_german() -> None:
    reading = people(
        "Thema,Meeting-ID,Name des Hosts,Host-E-Mail,Startzeit,Endzeit,Teilnehmer,Dauer (Minuten)\n"
        "Datenschutz,859 0000 0000,Hanna Host,host@example.com,20.11.2026 08:30:26,20.11.2026 09:46:50,2,77\n\n"
        "Name (Originalname),E-Mail,Beitrittszeit,Verlassenszeit,Dauer (Minuten),Gast,Im Warteraum\n"
        "Lea Vogt,lea@example.com,20.11.2026 08:30:00,20.11.2026 09:30:00,60,Nein,Nein\n"
        "Jonas Weber (er/ihm),,20.11.2026 08:30:00,20.11.2026 09:30:00,60,Ja,Nein\n",
        "utf-8-sig",
    )
    assert short(reading.rows) == [
        (5, "Lea Vogt", "lea@example.com", date(2026, 11, 20), None, "ready"),
        (6, "Jonas Weber", None, date(2026, 11, 20), None, "warning"),
    ]


def test_moodle_grades_in_english_have_dashes_for_nothing() -> None:
    reading = people(
        '"First name","Last name","ID number",Institution,Department,"Email address","Quiz: Final test (Real)",'
        '"Assignment: Essay (Real)","Course total (Real)","Last downloaded from this course"\n'
        "Anna,Müller,4711,Works,Sales,anna@example.com,9.00,-,87.50,1795212345\n"
        "Jonas,Weber,,Works,Sales,jonas@example.com,-,-,-,1795212345\n",
    )
    assert [(row.name, row.employee_number, row.result) for row in reading.rows] == [
        ("Anna Müller", "4711", "87.50"),
        ("Jonas Weber", None, None),
    ]


def test_moodle_grades_in_german_with_spaces_that_do_not_break() -> None:
    reading = people(
        'Vorname;Nachname;ID-Nummer;Institution;Abteilung;E-Mail-Adresse;"Kurs\u00a0gesamt (Punkte)";'
        '"Zuletzt aus diesem Kurs geladen"\nAyse;Öztürk;4711;Werk;Vertrieb;ayse@example.org;87,50;1795212345\n',
    )
    assert [(row.name, row.employee_number, row.result) for row in reading.rows] == [("Ayse Öztürk", "4711", "87,50")]
    assert reading.notes == ()


@pytest.mark.parametrize(
    "text",
    [
        "First name,Last name,Email address,Roles,Groups,Last access to course\n"
        "Anna,Müller,anna@example.com,Student,No groups,1 day 2 hours\n",
        "Vorname,Nachname,E-Mail-Adresse,Gruppen,Rollen,Letzter Zugriff auf Kurs,Status\n"
        "Anna,Müller,anna@example.com,Gruppe A,Teilnehmer/in,1 Tag,Aktiv\n",
        "Firstname,Lastname,Email,Username\nAnna,Müller,anna@example.com,amueller\n",
    ],
)
def test_moodle_participants(text: str) -> None:
    reading = people(text)
    assert [(row.name, row.email, row.department) for row in reading.rows] == [
        ("Anna Müller", "anna@example.com", None)
    ]
    assert reading.notes == ()


def test_moodle_course_completion() -> None:
    day = '"Friday, 20 November 2026, 10:15 AM"'
    reading = people(
        ',"Email address","Quiz: Final","Quiz: Final - Completion date","Course complete"\n'
        f'"Anna Müller",anna@example.com,Completed,{day},{day}\n"Jo Weber",jo@example.com,"Not completed",,\n',
    )
    assert short(reading.rows) == [(2, "Anna Müller", "anna@example.com", date(2026, 11, 20), None, "ready")]
    assert errors(reading) == [(3, "Course complete", "", "row.no-day")]


def test_moodle_course_completion_for_excel() -> None:
    reading = people(
        "ID number\tFirst name / Last name\tEmail address\tQuiz: Final\tCourse complete\n"
        "4711\tAnna Müller\tanna@example.com\tCompleted\tFriday, 20 November 2026, 10:15 AM\n",
        "utf-16-le",
    )
    assert short(reading.rows) == [(2, "Anna Müller", "anna@example.com", date(2026, 11, 20), None, "ready")]
    assert reading.rows[0].employee_number == "4711"


def test_moodle_completion_in_german() -> None:
    reading = people(
        "Vorname,Nachname,E-Mail-Adresse,Kurs abgeschlossen\n"
        'Anna,Müller,anna@example.com,"Freitag, 20. November 2026, 10:15"\nJo,Groß,jo@example.com,Nein\n',
    )
    assert short(reading.rows) == [(2, "Anna Müller", "anna@example.com", date(2026, 11, 20), None, "ready")]
    assert errors(reading) == [(3, "Kurs abgeschlossen", "Nein", "row.status")]


def test_moodle_quiz_attempts() -> None:
    reading = people(
        '"Last name","First name","Email address",Status,Started,Completed,Duration,"Grade/10.00","Q. 1 /5.00"\n'
        'Müller,Anna,anna@example.com,Finished,"20 November 2026 10:00 AM","20 November 2026 10:15 '
        'AM","15 mins",9.00,5.00\n'
        'Weber,Jo,jo@example.com,"In progress","20 November 2026 10:00 AM",-,-,-,-\n'
        '"Overall average",,,,,,,9.00,5.00\n',
    )
    assert [(row.name, row.awarded, row.result) for row in reading.rows] == [
        ("Anna Müller", date(2026, 11, 20), "9.00"),
    ]
    assert errors(reading) == [(3, "Status", "In progress", "row.status")]
    assert skipped(reading) == [(4, 4, "totals")]


def test_workday_in_german_and_with_the_moment_of_completion() -> None:
    (row,) = people(
        "Lernender,Mitarbeiter-ID,Primäre geschäftliche E-Mail,Aufsichtsorganisation,Lerninhalt,Abschlussstatus,"
        "Abschlussdatum\nAnna Sommer,21457,anna@example.com,Vertrieb,Datenschutz,Abgeschlossen,20.11.2026\n"
    ).rows
    assert (row.name, row.email, row.employee_number, row.department, row.course, row.awarded) == (
        "Anna Sommer", "anna@example.com", "21457", "Vertrieb", "Datenschutz", date(2026, 11, 20),
    )  # fmt: skip
    (row,) = people(
        "Worker,Employee ID,Learning Content,Learning Enrollment Completion Moment,Completion Status\n"
        "Anna Sommer (On Leave),21457,Data protection,2026-11-20T08:08:01.000-08:00,Completed\n"
    ).rows
    assert (row.name, row.awarded, row.status) == ("Anna Sommer", date(2026, 11, 20), "Completed")


@pytest.mark.parametrize(
    "text",
    [
        "User ID,User Last Name,User First Name,User Middle Initial,Entity ID,Entity Title,Completion Date,"
        "Completion Status ID,Grade,Contact Hours\n"
        "akm1,Müller,Anna,,DP-100,Data protection,20-NOV-2026 02:05 PM,COURSE_COMPLETE,95,2\n"
        "jow2,Weber,Jo,,DP-100,Data protection,20-NOV-2026 02:05 PM,COURSE_INCOMPLETE,10,2\n",
        "STUD_ID,LNAME,FNAME,MI,CPNT_TYP_ID,CPNT_TITLE,COMPL_DTE,CMPL_STAT_ID,GRADE,HOURS\n"
        "akm1,Müller,Anna,,COURSE,Data protection,2026-11-20 14:05:00,COURSE_COMPLETE,95,2\n"
        "jow2,Weber,Jo,,COURSE,Data protection,2026-11-20 14:05:00,COURSE_INCOMPLETE,10,2\n",
        "Benutzer-ID,Nachname,Vorname,Element-ID,Elementtitel,Abschlussdatum,Abschlussstatus,Note,Kontaktstunden\n"
        "akm1,Müller,Anna,DP-100,Data protection,20.11.2026 14:05 Europe/Berlin,COURSE_COMPLETE,95,2\n"
        "jow2,Weber,Jo,DP-100,Data protection,20.11.2026 14:05 Europe/Berlin,COURSE_INCOMPLETE,10,2\n",
    ],
)
def test_sap_successfactors_in_other_reports(text: str) -> None:
    reading = people(text)
    assert [
        (row.employee_number, row.name, row.course, row.awarded, row.result, row.hours) for row in reading.rows
    ] == [("akm1", "Anna Müller", "Data protection", date(2026, 11, 20), "95", 2.0)]
    assert [(error.line, error.code) for error in reading.errors] == [(3, "row.status")]


def test_linkedin_learner_detail_leaves_out_what_was_not_completed() -> None:
    reading = people(
        "Name,Email,Unique User ID,Groups,Content Name,Content Provider,Content Type,Hours Viewed,Percent Complete,"
        "Start Date (PST/PDT),Last Viewed (PST/PDT),Completed At (PST/PDT),Total Completions\n"
        "Anna Müller,anna@example.com,u1,Sales; All,Python,LinkedIn,Course,1:20:00,100%,2026-11-01,"
        "2026-11-20,2026-11-20,1\n"
        "Jonas Weber,jonas@example.com,u2,,Python,LinkedIn,Course,0:20:00,25%,2026-11-01,2026-11-20,,0\n",
    )
    assert short(reading.rows) == [(2, "Anna Müller", "anna@example.com", date(2026, 11, 20), "Python", "ready")]
    assert reading.rows[0].department is None
    assert errors(reading) == [(3, "Percent Complete", "25%", "row.status")]


def test_credly_template_with_asterisks_and_export_of_what_was_issued() -> None:
    (row,) = people(
        "Badge Template ID*,Recipient Email*,Issued To First Name*,Issued To Middle Name,Issued To "
        "Last Name*,Issued at*,"
        "Expires at,Issuer Earner ID,Group Tag,Text Evidence Title\n"
        "1111,anna@example.com,Anna,,Müller,2026-11-20 09:41:00 -0500,,E17,,\n"
    ).rows
    assert (row.name, row.email, row.awarded) == ("Anna Müller", "anna@example.com", date(2026, 11, 20))
    reading = people(
        "Badge ID,Badge Template ID,Badge Name,Issued to First Name,Issued to Last Name,Issued to Email,Issued At,"
        "Accepted At,Expires At,State,Public URL\n"
        "b1,t1,Privacy,Anna,Müller,anna@example.com,2026-11-20 00:00:00 UTC,2026-11-21 08:00:00 UTC,,accepted,"
        "https://example.com/1\n"
        "b2,t1,Privacy,Jo,Groß,jo@example.com,2026-11-20 00:00:00 UTC,,,revoked,https://example.com/2\n"
    )
    assert short(reading.rows) == [(2, "Anna Müller", "anna@example.com", date(2026, 11, 20), "Privacy", "ready")]
    assert errors(reading) == [(3, "State", "revoked", "row.status")]


@pytest.mark.parametrize(
    "header",
    [
        "User - User Full Name,User - User ID,User - User Email,Organization - Division,Training - Training Title,"
        "Transcript - Transcript Status,Transcript - Transcript Completed Date,Transcript - Transcript Score",
        "Report Title: Completion\nRun Date: 11/23/2026\n\n"
        "User Full Name,User ID,User Email,Division,Training Title,Transcript Status,Transcript Completed Date,"
        "Transcript Score",
    ],
)
def test_cornerstone(header: str) -> None:
    reading = people(
        f'{header}\n"Müller, Anna",E17,anna@example.com,Sales,Privacy,Completed,11/20/2026 2:05 PM,95\n'
        '"Weber, Jo",E18,jo@example.com,Sales,Privacy,In Progress,,\n'
    )
    assert [
        (row.name, row.employee_number, row.email, row.department, row.course, row.awarded, row.result)
        for row in reading.rows
    ] == [("Anna Müller", "E17", "anna@example.com", "Sales", "Privacy", date(2026, 11, 20), "95")]
    assert [error.code for error in reading.errors] == ["row.status"]


def test_docebo() -> None:
    reading = people(
        "Username,First Name,Last Name,Full Name,Email,Course Name,Enrollment Date,Completion Date,Status,"
        "Credits (CEUs),Final Score\n"
        "anna.m,Anna,Müller,Anna Müller,anna@example.com,Privacy,2026-11-01 09:00:00,2026-11-20 "
        "10:00:00,Completed,1.50,95\n"
        "jo.g,Jo,Groß,Jo Groß,jo@example.com,Privacy,2026-11-01 09:00:00,,In Progress,1.50,\n"
    )
    assert short(reading.rows) == [(2, "Anna Müller", "anna@example.com", date(2026, 11, 20), "Privacy", "ready")]
    assert (reading.rows[0].hours, reading.rows[0].result) == (1.5, "95")


def test_forms_of_google_and_microsoft() -> None:
    reading = people(
        "Timestamp,Email Address,What is your full name?,Score\n"
        "11/20/2026 14:05:03,anna@example.com,Anna Müller,8 / 10\n"
    )
    assert [(row.name, row.email, row.awarded, row.result) for row in reading.rows] == [
        ("Anna Müller", "anna@example.com", None, "8 / 10")
    ]
    reading = people(
        "ID;Startzeit;Fertigstellungszeit;E-Mail;Name\n2;20.11.26 09:00:01;20.11.26 "
        "09:05:01;anna@example.com;Anna Müller\n"
    )
    assert short(reading.rows) == [(2, "Anna Müller", "anna@example.com", date(2026, 11, 20), None, "ready")]
