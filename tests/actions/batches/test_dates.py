"""Dates: read when certain, asked about when not."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurea.actions.batches.dates import may_be_swapped, order_in, reader_for
from laurea.actions.batches.rows import Finding

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23", "2026/11/23", "2026.11.23", "20261123", "23.11.2026", "23. 11. 2026", "23.11.26", "23.11.2026.",
        "23 November 2026", "23. November 2026", "23rd November, 2026", "Nov 23 2026", "November 23, 2026", "23-Nov-26",
        "Mo., 23. Nov. 2026", "Monday, 23 November 2026", "23 de noviembre de 2026", "23 novembre 2026", "2026 Nov 23",
        "2026-11-23 14:05", "2026-11-23T14:05:33.123Z", "2026-11-23T14:05:00+01:00", "11/23/2026, 2:05:33 PM",
        "11/23/26, 9:58:54 AM", "23.11.2026 14:05 Uhr", "23.11.2026 um 14:05 Uhr",
        "11/23/2026 02:05 PM America/New York",
        "23/11/2026 14:05:00 (UTC+01:00)", "46349", "46349.5", "2026年11月23日", " 23.11.2026 ", "'2026-11-23",
        "23.11.2026\u00a014:05", "Mo., 23.11.2026", "Montag, 23.11.2026 14:05", "Mon 23/11/2026",
    ],
)  # fmt: skip
def test_one_day_in_many_spellings(text: str) -> None:
    assert reader_for([text], None).read(text) == DAY


@pytest.mark.parametrize("text", ["23 März 2026", "23. Maerz 2026", "23 mars 2026", "Mar 23, 2026", "23 marzo 2026"])
def test_months_in_several_languages(text: str) -> None:
    assert reader_for([text], None).read(text) == date(2026, 3, 23)


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2026",
        "13/13/2026",
        "30.02.2026",
        "2026-23-11",
        "1",
        "12:30",
        "Week 47",
        "23.11.",
        "00/00/0000",
        "20.11.2026 - 21.11.2026",
    ],
)
def test_what_is_no_date(text: str) -> None:
    found = reader_for([text], None).read(text)
    assert isinstance(found, Finding)
    assert found.code == "row.date"


@pytest.mark.parametrize("text", ["01.01.1949", "2201-01-01", "01.01.0001"])
def test_dates_of_other_centuries_are_slips(text: str) -> None:
    found = reader_for([text], None).read(text)
    assert isinstance(found, Finding)
    assert found.code == "row.date-range"


def test_an_ambiguous_date_is_never_guessed() -> None:
    reader = reader_for(["03/04/2026", "05/06/2026"], None)
    found = reader.read("03/04/2026")
    assert isinstance(found, Finding)
    assert found.code == "row.date-ambiguous"
    assert [(choice.value, choice.examples) for choice in reader.choices(["03/04/2026"])] == [
        ("dmy", ("03/04/2026 is 3 April 2026",)),
        ("mdy", ("03/04/2026 is 4 March 2026",)),
    ]


def test_the_same_day_either_way_is_no_question() -> None:
    assert reader_for(["04/04/2026"], None).read("04/04/2026") == date(2026, 4, 4)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ("13/04/2026", date(2026, 4, 3)),
        ("04/13/2026", date(2026, 3, 4)),
        ("24.12.2026", date(2026, 4, 3)),
        ("24.12.2026 08:00", date(2026, 4, 3)),
    ],
)
def test_one_certain_value_decides_for_the_file(evidence: str, expected: date) -> None:
    assert reader_for(["03/04/2026", evidence], None).read("03/04/2026") == expected


@pytest.mark.parametrize("harmless", ["2026-04-13", "13 April 2026", "46000", "Nov 23 2026"])
def test_a_date_without_doubt_says_nothing_about_the_others(harmless: str) -> None:
    assert isinstance(reader_for(["03/04/2026", harmless], None).read("03/04/2026"), Finding)


def test_values_that_exclude_each_other_leave_the_unclear_ones_unread() -> None:
    reader = reader_for(["13/04/2026", "04/13/2026", "03/04/2026"], None)
    found = reader.read("03/04/2026")
    assert isinstance(found, Finding)
    assert found.reason == "day and month cannot be told apart: the file has both “13/04/2026” and “04/13/2026”"
    assert reader.read("13/04/2026") == date(2026, 4, 13)
    assert reader.read("04/13/2026") == date(2026, 4, 13)


def test_the_users_word_ends_all_doubt() -> None:
    assert reader_for([], "dmy").read("03/04/2026") == date(2026, 4, 3)
    assert reader_for([], "mdy").read("03/04/2026") == date(2026, 3, 4)
    assert reader_for([], "ymd").read("03-04-05") == date(2003, 4, 5)
    wrong = reader_for([], "dmy").read("04/13/2026")
    assert isinstance(wrong, Finding)
    assert wrong.code == "row.date-order"


def test_two_digit_years_first() -> None:
    assert reader_for(["99-11-23"], None).read("99-11-23") == date(1999, 11, 23)
    assert isinstance(reader_for(["05-11-03"], None).read("05-11-03"), Finding)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([date(2026, 3, 4), "13/04/2026"], "13/04/2026"), ([date(2026, 3, 13), "13/04/2026"], None),
        ([date(2026, 3, 4), "13.04.2026"], "13.04.2026"), ([date(2026, 3, 4), "soon"], None),
        ([date(2026, 3, 4)], None), (["03/04/2026", "13/04/2026"], None), ([date(2026, 3, 4), "2026-04-13"], None),
    ],
)  # fmt: skip
def test_a_program_that_took_some_dates_only_may_have_swapped_them(values: list[date | str], text: str | None) -> None:
    assert may_be_swapped(values) == text


def test_workbook_dates_and_serials() -> None:
    reader = reader_for([], None, epoch_1904=True)
    assert reader.read(datetime.fromisoformat("2026-11-23 23:59")) == DAY
    assert reader.read(DAY) == DAY
    assert reader.read("44887") == DAY
    assert [reader.read(nothing) for nothing in ("", " ", "-", "--", "–", "n/a")] == [None] * 6


@pytest.mark.parametrize(
    ("header", "order"),
    [
        ("Date (DD/MM/YYYY)", "dmy"), ("Issued MM/DD/YY", "mdy"), ("Datum [TT.MM.JJJJ]", "dmy"),
        ("Date\n(yyyy-mm-dd)", "ymd"), ("Date jj/mm/aaaa", "dmy"), ("Date", None), ("Data/Day/Year", None),
        ("Completed (PST/PDT)", None), ("Date (DD/DD/YYYY)", None),
    ],
)  # fmt: skip
def test_a_header_may_name_the_order(header: str, order: str | None) -> None:
    assert order_in(header) == order


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert isinstance(reader_for([text], None).read(text), date | Finding | None)


@given(
    st.dates(date(1950, 1, 1), date(2068, 12, 31)), st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%b %d, %Y"])
)
def test_what_is_written_is_read(day: date, form: str) -> None:
    assert reader_for([day.strftime(form)], None).read(day.strftime(form)) == day
