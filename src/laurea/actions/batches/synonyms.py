"""What people and programs call the columns of a list, in English, German, French, Spanish, Italian and Dutch.

Earlier entries win over later ones when two columns of a file mean the same. Every entry is compared after `fold`, so
case, accents, punctuation and camel case do not matter. docs/reference/people-files.md lists them all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "name": (
        "Name (Original Name)", "User Name (Original Name)", "Full Name", "Recipient Name", "Participant Name",
        "Learner Name", "Learner",
        "Employee Name", "Attendee Name", "Student Name", "User Full Name", "Candidate Name", "Certificate Name",
        "Name on Certificate",
        "Name", "Display Name", "Your Name", "Person", "Participant", "Attendee", "Recipient", "Student", "Employee",
        "Worker", "Holder", "Trainee", "Member", "First Name / Last Name", "First and Last Name",
        "What is your name?",
        "What is your full name?",
        "Name (Originalname)", "Vollständiger Name", "Voller Name", "Name, Vorname", "Vorname Name",
        "Vor- und Nachname",
        "Vorname und Nachname",
        "Vorname Nachname", "Nachname, Vorname", "Vorname/Nachname", "Name des Teilnehmers", "Name der Teilnehmerin",
        "Teilnehmername", "Teilnehmer", "Teilnehmerin", "Teilnehmer/in", "Teilnehmer:in", "Teilnehmende",
        "Teilnehmende/r",
        "Teilnehmer (Originalname)", "Lernender", "Lernende", "Lernende/r", "Mitarbeiter", "Mitarbeiterin",
        "Mitarbeiter/in", "Mitarbeiter:in",
        "Mitarbeitername",
        "Mitarbeitende", "Mitarbeitende/r", "Beschäftigte/r", "Absolvent", "Absolventin", "Empfänger", "Anzeigename",
        "Ihr Name", "Wie heißen Sie?", "Wie lautet Ihr Name?", "Wie lautet Ihr vollständiger Name?", "Nom complet",
        "Nom et prénom", "Prénom et nom", "Participante", "Nombre completo",
        "Nombre y apellidos", "Nome completo", "Nome e cognome", "Cognome e nome", "Partecipante", "Volledige naam",
        "Naam", "Deelnemer",
    ),
    "first_name": (
        "First Name", "Issued To First Name", "Recipient First Name", "Given Name", "Given Names", "Forename",
        "Preferred First Name", "Legal First Name", "User First Name", "Student First Name", "Learner First Name",
        "Employee First Name", "FName", "First",
        "Vorname", "Vornamen", "Rufname", "Prénom", "Nombre", "Nome", "Voornaam",
    ),
    "middle_name": (
        "Middle Name", "Issued To Middle Name", "Middle Initial", "User Middle Initial", "Middle Names",
        "Second Name",
        "Zweiter Vorname", "Zweitname", "Mittelname", "Vorsatzwort", "Namensvorsatz", "Deuxième prénom",
        "Segundo nombre", "Secondo nome",
        "Tussenvoegsel",
    ),
    "last_name": (
        "Last Name", "Issued To Last Name", "Recipient Last Name", "Surname", "Family Name", "Preferred Last Name",
        "Legal Last Name", "User Last Name", "Student Last Name", "Learner Last Name", "Employee Last Name",
        "LName", "Last",
        "Nachname", "Familienname", "Zuname", "Nom de famille", "Nom", "Apellidos", "Apellido", "Cognome",
        "Achternaam",
        "Familienaam",
    ),
    "title": (
        "Academic Title", "Name Prefix", "Prefix", "Degree Title",
        "Akademischer Titel", "Akad. Titel", "Titel", "Namenszusatz", "Titre académique", "Título académico",
    ),
    "suffix": ("Suffix", "Name Suffix", "Degrees", "Post-nominals", "Namenssuffix", "Nachgestellter Titel"),
    "email": (
        "Recipient Email", "Recipient Email Address", "Issued To Email", "Work Email", "Work Email Address",
        "Email - Primary Work", "Primary Work Email", "Business Email", "Company Email",
        "Dienstliche E-Mail", "Dienstliche E-Mail-Adresse", "E-Mail dienstlich", "E-Mail (geschäftlich)",
        "E-Mail geschäftlich", "Geschäftliche E-Mail", "Geschäftliche E-Mail-Adresse",
        "Primäre geschäftliche E-Mail", "Firmen-E-Mail",
        "E-mail", "Email Address", "E-Mail-Adresse", "Mailadresse", "E-Mail-Adressen", "Emailadresse", "User Email",
        "Learner Email", "Participant Email", "Attendee Email", "Employee Email", "Student Email",
        "Primary Email Address", "Primary Email", "Contact Email", "Mail", "Mail Address", "Email ID", "EMAIL_ADDR",
        "E-Mail Teilnehmer", "Benutzer-E-Mail", "Registration Email", "Login Email", "Participant ID (UPN)", "UPN",
        "User Principal Name", "Teilnehmer-ID (UPN)",
        "Courriel", "Adresse e-mail", "Adresse électronique", "Correo electrónico", "Correo", "Dirección de correo",
        "Dirección de correo electrónico", "Posta elettronica", "Indirizzo email", "Indirizzo e-mail", "E-mailadres",
        "Mailadres", "Private Email", "Personal Email", "Private E-Mail-Adresse", "E-Mail privat",
    ),
    "employee_number": (
        "Employee ID", "Employee Number", "Employee No", "Employee Nr", "Personnel Number", "Personnel ID",
        "Staff ID",
        "Staff Number", "Worker ID", "Person ID", "Person Number", "Payroll Number", "Unique User ID",
        "Issuer Earner ID",
        "External ID", "Student ID", "Student Number", "Learner ID", "User ID", "ID (User)", "STUD_ID",
        "ID Number", "ID-Nummer",
        "Personalnummer", "Personal-Nr.", "Personalnr", "Pers.-Nr.", "PersNr", "Mitarbeiternummer", "Mitarbeiter-Nr.",
        "Mitarbeiternr", "Mitarbeiter-ID", "Stammnummer", "Matrikelnummer", "Matrikelnr", "Kundennummer",
        "Benutzer-ID",
        "Matricule", "Numéro d'employé", "Número de empleado", "Matricola", "Numero dipendente", "Personeelsnummer",
    ),
    "department": (
        "Department", "Department Name", "Dept", "Division", "Business Unit", "Organization Unit",
        "Organisational Unit",
        "Org Unit", "Supervisory Organization", "Aufsichtsorganisation", "Cost Center Name", "Team", "Group",
        "Unit", "Faculty",
        "Abteilung", "Abt.", "Bereich", "Fachbereich", "Organisationseinheit", "Org.-Einheit", "OE", "Ressort",
        "Dienststelle", "Referat", "Geschäftsbereich", "Fachabteilung",
        "Service", "Département", "Departamento", "Dipartimento", "Reparto", "Afdeling",
    ),
    "job_role": (
        "Job Title", "Job Role", "Business Title", "Position", "Position Title", "Function", "Occupation",
        "Profession",
        "Work Title", "Job", "Job Profile",
        "Funktion", "Stelle", "Stellenbezeichnung", "Position im Unternehmen", "Berufsbezeichnung", "Beruf",
        "Tätigkeit",
        "Jobtitel",
        "Poste", "Fonction", "Puesto", "Cargo", "Ruolo", "Mansione", "Functie",
    ),
    "course": (
        "Course", "Course Name", "Course Title", "Content Name", "Learning Content", "Item Title", "Entity Title",
        "CPNT_TITLE", "Training",
        "Training Name", "Training Title", "Seminar", "Workshop", "Programme", "Program", "Program Name", "Module",
        "Class", "Class Name", "Certificate Title", "Certification", "Credential", "Credential Name", "Achievement",
        "Badge", "Badge Name", "Learning Item", "Event", "Event Name", "Webinar", "Course Full Name", "Group Name",
        "Kurs", "Kursname", "Kurstitel", "Kursbezeichnung", "Seminartitel", "Seminarname", "Schulung",
        "Schulungstitel",
        "Lehrgang", "Lehrgangsbezeichnung", "Fortbildung", "Weiterbildung", "Veranstaltung", "Veranstaltungstitel",
        "Maßnahme", "Thema", "Zertifikat", "Modul", "Qualifikation", "Titel der Schulung", "Lerninhalt",
        "Elementtitel", "Titel des Elements",
        "Cours", "Formation", "Intitulé de la formation", "Curso", "Formación", "Corso", "Cursus", "Opleiding",
    ),
    "awarded": (
        "Issued On", "Issue Date", "Issued At", "Issued At Date", "Issued", "Date Issued", "Date of Issue",
        "Credential Issued On", "Award Date", "Date of Award", "Awarded", "Awarded On", "Date Awarded",
        "Completion Date", "Completed On",
        "Completed At", "Completed", "Completed Day", "Completed Date", "Date Completed", "Date of Completion",
        "Course Completion Date", "Course Completed", "Course Complete", "Completion Time",
        "Completion Moment", "Learning Enrollment Completion Moment", "COMPL_DTE", "Transcript Completed Date",
        "Passed On", "Exam Date",
        "Date Passed", "Certification Date", "Graduation Date", "Date", "End Date", "Finish Date", "Finished On",
        "Training Date", "Attendance Date", "Session Date", "Event Date",
        "Ausstellungsdatum", "Ausgestellt am", "Ausstelldatum", "Datum der Ausstellung", "Verleihungsdatum",
        "Datum der Verleihung", "Verliehen am", "Abschlussdatum", "Abgeschlossen am", "Abschluss am",
        "Datum des Abschlusses", "Beendet am",
        "Bestanden am", "Absolviert am", "Prüfungsdatum", "Zertifikatsdatum", "Kursdatum", "Schulungsdatum",
        "Seminardatum", "Teilnahmedatum", "Datum der Teilnahme", "Kursabschluss", "Kurs abgeschlossen",
        "Kurs beendet", "Abschluss", "Abgeschlossen", "Beendet",
        "Fertigstellungszeit", "Datum",
        "Enddatum", "Ende",
        "Date d'obtention", "Date de délivrance", "Date d'émission", "Date de fin", "Fecha de emisión",
        "Fecha de finalización", "Fecha", "Data di rilascio", "Data di completamento", "Data", "Datum van uitgifte",
        "First Join", "First Join Time", "Join Time", "Erster Beitritt", "Erste Teilnahme", "Beitrittszeit",
        "Beitritt",
    ),
    "expires": (
        "Expires", "Expires On", "Expires At", "Expiry Date", "Expiry", "Expiration Date", "Expiration", "Expired On",
        "Credential Expired On", "Date of Expiry", "Valid Until", "Valid To", "Valid Through", "Renewal Date",
        "Ablaufdatum", "Gültig bis", "Läuft ab am", "Ablauf", "Gültigkeit bis", "Befristet bis", "Gültigkeitsende",
        "Verfallsdatum",
        "Date d'expiration", "Valable jusqu'au", "Fecha de caducidad", "Fecha de vencimiento", "Válido hasta",
        "Data di scadenza", "Scadenza", "Valido fino al", "Vervaldatum", "Geldig tot",
    ),
    "result": (
        "Result", "Grade", "Score", "Final Grade", "Final Score", "Mark", "Marks", "Points", "Percentage",
        "Exam Result",
        "Test Score", "Course Total", "Course Total (Real)", "Quiz Score", "Transcript Score",
        "Ergebnis", "Note", "Gesamtnote", "Noten", "Endnote", "Punkte", "Punktzahl", "Prüfungsergebnis", "Prädikat",
        "Bewertung", "Kurs gesamt (Punkte)", "Kurs gesamt", "Gesamtergebnis", "Erreichte Punkte",
        "Résultat", "Calificación", "Nota", "Puntuación", "Risultato", "Voto", "Punteggio", "Resultaat", "Cijfer",
    ),
    "hours": (
        "Hours", "Credit Hours", "Total Hours", "Contact Hours", "Training Hours", "CPD Hours", "CPE Hours",
        "Credits",
        "CPE Credits", "CPD Points", "CEU", "CEUs", "ECTS", "ECTS Credits", "Credit Points", "Learning Hours",
        "Stunden", "Unterrichtsstunden", "Zeitstunden", "Schulungsstunden", "Umfang", "Umfang in Stunden", "UE",
        "Unterrichtseinheiten", "Anzahl Stunden", "Stundenzahl", "Kontaktstunden", "Leistungspunkte",
        "Kreditpunkte", "CME-Punkte",
        "Heures", "Nombre d'heures", "Horas", "Ore", "Crediti", "Uren", "Studiepunten",
    ),
    "evidence": (
        "Evidence", "Evidence URL", "Evidence Link", "Evidence Address", "Portfolio", "Portfolio URL", "Project URL",
        "Proof URL", "Text Evidence URL",
        "Nachweis", "Nachweis-URL", "Nachweislink", "Beleg", "Beleg-URL", "Preuve", "Evidencia", "Prova", "Bewijs",
    ),
    "language": (
        "Language", "Locale", "Preferred Language", "Language Code",
        "Sprache", "Sprachcode", "Korrespondenzsprache", "Langue", "Idioma", "Lingua", "Taal",
    ),
    "status": (
        "Attended", "Attendance", "Attendance Status", "Participated", "Present", "Passed", "Completion Status",
        "Completion Status ID", "CMPL_STAT_ID", "Course Status", "Course Completion Status", "Transcript Status",
        "Learning Status",
        "Attendee Status", "Registration Status", "Approval Status", "Enrollment Status", "Status", "State",
        "Percent Complete", "Completion Percentage", "Progress",
        "Teilgenommen", "Teilnahme", "Teilnahmestatus", "Anwesend", "Anwesenheit", "Erschienen", "Bestanden",
        "Abschlussstatus", "Kursstatus", "Lernstatus", "Anmeldestatus", "Genehmigungsstatus", "Buchungsstatus",
        "Prozent abgeschlossen", "Fortschritt",
        "Statut", "Présent", "Estado", "Asistió", "Stato", "Presente", "Aanwezig",
    ),
    "note": (
        "Note", "Notes", "Comment", "Comments", "Remark", "Remarks", "Annotation",
        "Bemerkung", "Bemerkungen", "Anmerkung", "Anmerkungen", "Kommentar", "Hinweis", "Notiz",
        "Remarque", "Commentaire", "Comentario", "Observaciones", "Osservazioni", "Commento", "Opmerking",
    ),
}  # fmt: skip

UNUSED: tuple[str, ...] = (
    "Badge Template ID", "Template ID", "Group ID", "Credential ID", "Certificate ID",
    "Role", "Meeting Role", "Rolle", "Last Leave", "Leave Time", "Duration", "Duration (Minutes)",
    "Recording Consent",
    "In-Meeting Duration", "Guest", "In Waiting Room", "Letztes Verlassen", "Verlassen", "Dauer", "Dauer (Minuten)",
    "Start Date", "Startdatum", "Registration Date", "Registration Time", "Enrollment Date", "Anmeldedatum",
    "Due Date",
    "Date of Birth", "Birthday", "Birth Date", "Geburtsdatum", "Geboren am", "Hire Date", "Eintrittsdatum",
    "Last Viewed",
    "Company", "Firma", "Unternehmen", "Organization", "Institution", "Country", "Land", "Location", "Standort",
    "Ort",
    "State or Province", "Phone", "Telefon", "Username", "Benutzername", "Content Type", "Content Provider",
    "Content ID",
    "Item ID", "Item Type", "Course ID", "Kurs-ID", "Kursnummer", "Hours Viewed", "Salutation",
    "Anrede", "Manager", "Vorgesetzte/r", "Instructor", "Trainer", "Trainerin", "Dozent", "Cost Center",
    "Kostenstelle",
    "Evidence Name", "Evidence Description", "Text Evidence Name", "ID Evidence Title", "ID Evidence Description",
    "Timestamp", "Zeitstempel", "Start Time", "End Time", "Startzeit", "Endzeit", "Host Name", "Host Email", "Topic",
    "Manager Email", "Manager Name", "Meeting ID", "Participants", "ID", "No", "Nr.", "Lfd. Nr.", "Number",
    "Groups", "Gruppen", "Organization ID", "Time in Session (minutes)", "Is Guest", "Country/Region Name",
    "Webinar ID",
    "Meeting-ID", "Webinar-ID", "Name des Hosts", "Host-E-Mail", "Verlassenszeit",
    "Zeit des Verlassens", "User Action", "Benutzeraktion", "Unterschrift", "Signature",
)  # fmt: skip
"""Known headers that fill no field: they stay extra columns and must not be taken for something that sounds alike."""

_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_GAPS = re.compile(r"[\W_]+")
# Reports of Cornerstone name the table first: “User - User Email”, “Transcript - Transcript Status”.
_TABLE = re.compile(r"\s*(?:user|training|transcript|organi[sz]ation|learner|employee)\s+-\s+(?=\S)", re.IGNORECASE)
_SCALE = re.compile(r"\s*/\s*\d{1,4}(?:[.,]\d{1,2})?\s*$")  # Moodle: “Grade/10.00”
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def fold(header: str) -> str:
    """`header` without case, accents and punctuation, words divided by one space; `Ä` counts as `ae`."""
    text = unicodedata.normalize("NFC", header[:200]).translate(_UMLAUTS)
    text = unicodedata.normalize("NFKD", _CAMEL.sub(" ", text))
    text = "".join(character for character in text if not unicodedata.combining(character)).casefold()
    text = _GAPS.sub(" ", text).strip()
    return f"email{text.removeprefix('e mail')}" if text.startswith("e mail") else text.replace(" e mail", " email")


def without_brackets(header: str) -> str:
    """`header` without what stands in brackets: units, time zones, explanations."""
    return _BRACKETS.sub(" ", header[:200])


def _dresses(header: str) -> tuple[str, ...]:
    """`header`, and what is left of it without brackets, the table it comes from, and the marks that can be had."""
    plain = without_brackets(header)
    return (header, plain, _TABLE.sub("", plain), _SCALE.sub("", plain))


def _tight(folded: str) -> str:
    return folded.replace(" ", "")


def _known() -> dict[str, tuple[tuple[str, int], ...]]:
    known: dict[str, dict[str, int]] = {}
    for field, synonyms in SYNONYMS.items():
        for rank, synonym in enumerate(synonyms):
            known.setdefault(_tight(fold(synonym)), {}).setdefault(field, rank)
    return {folded: tuple(fields.items()) for folded, fields in known.items()}


KNOWN: Mapping[str, tuple[tuple[str, int], ...]] = _known()
"""Folded header without spaces -> the fields it may mean, each with its rank (0 is the surest name of the field)."""

UNUSED_FOLDED = frozenset(_tight(fold(header)) for header in UNUSED)


def meanings(header: str) -> tuple[tuple[str, int], ...]:
    """The fields that `header` is known to mean, best first; empty for an unknown header."""
    for text in _dresses(header):
        folded = _tight(fold(text))
        if found := KNOWN.get(folded):
            return found
        if folded in UNUSED_FOLDED:
            return ()
    return ()


def is_unused(header: str) -> bool:
    """Whether `header` is known, and known to fill no field."""
    return not meanings(header) and any(_tight(fold(text)) in UNUSED_FOLDED for text in _dresses(header))


_ATTENDANCE = frozenset(
    _tight(fold(header))
    for header in (
        "First Join",
        "First Join Time",
        "Join Time",
        "Erster Beitritt",
        "Erste Teilnahme",
        "Beitrittszeit",
        "Beitritt",
        "Timestamp",
        "Zeitstempel",
    )
)
_ACTIONS = frozenset(_tight(fold(header)) for header in ("User Action", "Benutzeraktion"))


def is_moment_of_joining(header: str, headers: Iterable[str]) -> bool:
    """Whether `header` is the time beside “Joined” or “Left”, as Microsoft Teams wrote its lists at first.

    Elsewhere a time stamp is that of filling in a form.
    """
    return _tight(fold(header)) in ("timestamp", "zeitstempel") and any(
        _tight(fold(one)) in _ACTIONS for one in headers
    )


_COMPLETION = frozenset(
    _tight(fold(header))
    for header in (
        "Completion Date", "Completed On", "Completed At", "Completed", "Completed Day", "Completed Date",
        "Date Completed", "Date of Completion", "Course Completion Date", "Course Completed", "Course Complete",
        "Completion Moment", "Learning Enrollment Completion Moment", "COMPL_DTE", "Transcript Completed Date",
        "Abschlussdatum", "Abgeschlossen am", "Abschluss am", "Datum des Abschlusses", "Absolviert am",
        "Bestanden am",
        "Kursabschluss", "Kurs abgeschlossen", "Kurs beendet", "Abgeschlossen", "Beendet",
    )
)  # fmt: skip


def is_completion(header: str) -> bool:
    """Whether `header` is the day of completion in the report of a learning platform: empty while there is none."""
    return any(_tight(fold(text)) in _COMPLETION for text in _dresses(header))


def is_attendance(header: str) -> bool:
    """Whether `header` is the time of joining a meeting, which serves as day of award when nothing else does."""
    return bool({_tight(fold(header)), _tight(fold(without_brackets(header)))} & _ATTENDANCE)
