"""What a list says of how it ended."""

from __future__ import annotations

import pytest

from laurea.actions.batches.outcomes import is_unfinished, says_outcome


@pytest.mark.parametrize(
    "text",
    [
        "No", "no ", "NOT COMPLETED", "In Progress", "in-progress", "COURSE_INCOMPLETE", "Not started", "no-show",
        "Cancelled by self", "Completed (did not achieve pass grade)", "Absent", "25%", "0 %", "99,5 %", "FALSE",
        "Nein", "nicht bestanden", "Nicht abgeschlossen", "In Bearbeitung", "unentschuldigt", "Leider nicht bestanden",
    ],
)  # fmt: skip
def test_certainly_not_done(text: str) -> None:
    assert is_unfinished(text)
    assert says_outcome(text)


@pytest.mark.parametrize(
    "text",
    [
        "Yes", "Completed", "COURSE_COMPLETE", "Completed (achieved pass grade)", "Registered", "approved", "100%", "x",
        "Ja", "abgeschlossen", "Bestanden", "teilgenommen", "", "-", "Student", "VIP", "CA", "Not applicable", "2",
        "95",
        "Northern", "Offenbach",
    ],
)  # fmt: skip
def test_everything_else_stops_nobody(text: str) -> None:
    assert not is_unfinished(text)


def test_what_says_nothing_of_how_it_ended() -> None:
    assert [says_outcome(text) for text in ("Yes", "100 %", "Student", "CA", "", "95")] == [True, True, *[False] * 4]
