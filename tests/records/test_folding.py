"""Text to search by is the same however people write it."""

from __future__ import annotations

import pytest

from laurea.records.folding import LONGEST, folded
from laurea.records.models import Issuer, Person


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Müller", "mueller"),
        ("MÜLLER", "muller"),
        ("Mu\u0308ller", "Müller"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Weiß", "WEISS"),
        ("Søren Kjærgaard", "soren kjaergaard"),
        ("Đặng Thị", "dang thi"),
        ("İbrahim Yıldız", "ibrahim yildiz"),
        ("Ἀλέξανδρος", "αλεξανδροσ"),
        ("ＡＤＡ", "ada"),
        ("Joël", "Joel"),
        ("  Ada \u00a0 Lovelace ", "ada lovelace"),
        ("مُحَمَّد", "محمد"),
        ("김민준", "김민준"),
        ("Фёдор", "федор"),
    ],
)
def test_both_find_each_other(written: str, typed: str) -> None:
    assert folded(written) == folded(typed)


def test_what_is_typed_so_far_is_a_part() -> None:
    whole = folded("Michael Müller")
    for length in range(1, len("michael mueller") + 1):
        assert folded("michael mueller"[:length]) in whole


def test_a_row_keeps_it_beside_its_name(acme: Issuer) -> None:
    person = Person.objects.create(issuer=acme, name="Zoë Müller", employee_number="A-7")
    assert person.search == "zo muller a-7"
    person.name = "Zoë Weiß"
    person.save()
    Person.objects.bulk_create([Person(issuer=acme, name="x" * 300, employee_number="y" * 100)])
    cut = f"{'x' * 300} {'y' * 100}"[:LONGEST]
    assert list(Person.objects.order_by("pk").values_list("search", flat=True)) == ["zo weiss a-7", cut]
