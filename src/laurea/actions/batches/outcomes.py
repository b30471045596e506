"""What a list says of how it ended for somebody: done, or certainly not. Everything else says nothing here."""

from __future__ import annotations

import re
from functools import lru_cache

from laurea.actions.batches.synonyms import fold

_DONE = frozenset(
    fold(words)
    for words in (
        "Yes", "Y", "True", "X", "Completed", "Complete", "Course complete", "Completed (pass grade)", "Done",
        "Finished", "Passed", "Pass", "Attended", "Present", "Checked in", "Approved", "Registered", "Enrolled",
        "Achieved", "Successful", "Accepted", "Active",
        "Ja", "J", "Wahr", "Abgeschlossen", "Bestanden", "Teilgenommen", "Anwesend", "Erschienen", "Genehmigt",
        "Angemeldet", "Eingeschrieben", "Erledigt", "Beendet", "Erfolgreich", "Erreicht",
        "Oui", "Terminé", "Sí", "Completado", "Completato", "Voltooid",
    )
)  # fmt: skip
_NOT_DONE = frozenset(
    fold(words)
    for words in (
        "No", "N", "False", "Not completed", "Not complete", "In progress", "Not started", "Not attended",
        "Did not attend", "Not attending", "Absent", "No show", "Cancelled", "Canceled", "Cancelled by self",
        "Canceled by self", "Cancelled by host", "Denied", "Rejected", "Declined", "Withdrawn", "Dropped", "Failed",
        "Fail", "Not passed", "Did not pass", "Not achieved", "Never submitted", "Overdue", "Revoked", "Waitlisted",
        "Nein", "Falsch", "Nicht abgeschlossen", "Unvollständig", "Nicht begonnen", "Noch nicht begonnen",
        "Nicht gestartet", "In Bearbeitung", "In Arbeit", "Läuft", "Laufend", "Begonnen", "Offen", "Abwesend",
        "Nicht teilgenommen", "Nicht erschienen", "Nicht anwesend", "Gefehlt", "Fehlt", "Entschuldigt",
        "Unentschuldigt", "Abgesagt", "Abgemeldet", "Storniert", "Abgelehnt", "Abgebrochen", "Zurückgezogen",
        "Nicht bestanden", "Durchgefallen", "Überfällig", "Widerrufen", "Warteliste", "Nie abgegeben",
        "Non", "Non terminé", "En cours", "No completado", "En curso", "Non completato", "In corso", "Niet voltooid",
        "Nee", "Bezig",
    )
)  # fmt: skip
_SAYS_NOT = re.compile(r"\b(?:incomplete|did not|nicht (?:bestanden|abgeschlossen|teilgenommen|erreicht))\b")
_MARKS = frozenset(("x", "X", "✓", "✔", "☑", "✅"))
_LONGEST_GRADE = 3
_PERCENT = re.compile(r"(\d{1,3})(?:[.,]\d+)?\s?%")


def is_mark(text: str) -> bool:
    """Whether `text` is a mark as people make it on a list: who has none is not meant."""
    return text.strip() in _MARKS


def says_outcome(text: str) -> bool:
    """Whether `text` says that somebody has completed, attended or passed something, or that they have not."""
    return is_mark(text) or fold(text) in _DONE or bool(_PERCENT.fullmatch(text.strip())) or is_unfinished(text)


@lru_cache(maxsize=1_000)
def is_unfinished(text: str) -> bool:
    """Whether `text` certainly says that somebody has not completed, attended or passed something."""
    if percent := _PERCENT.fullmatch(text.strip()):
        return int(percent[1]) < 100
    words = fold(text)
    return words in _NOT_DONE or bool(_SAYS_NOT.search(words))


def is_failure(result: str) -> bool:
    """Whether a grade or result says in words that somebody has failed; numbers and letters say nothing here."""
    return len(result) > _LONGEST_GRADE and "%" not in result and is_unfinished(result)
