"""Judging many: order, time, what is told apart. Bounds of single archives are those of `unpacking`."""

from __future__ import annotations

import hashlib
import io
import itertools
import zipfile
from datetime import datetime

import pytest
from tests.conftest import Genuine

from laurea.actions import verifying_many
from laurea.actions.verifying_many import File, Misses, handed, judge, lines, place
from laurea.credentials import code as codes
from laurea.credentials.errors import LaureaError
from laurea.records.models import Issuer

pytestmark = pytest.mark.django_db


def found(given: verifying_many.Handed, now: datetime) -> list[tuple[str, str, str]]:
    answers = judge(given, now=now, online=False)
    problems = [answer.judged.verified.problem for answer in answers]
    return [
        (answer.judged.verified.name, answer.judged.verified.verdict.value, problem.code if problem else "")
        for answer, problem in zip(answers, problems, strict=True)
    ]


def test_in_the_order_in_which_they_came(now: datetime, genuine: Genuine) -> None:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("in/a.json", genuine.text)
        archive.writestr("in/b.json", b"{")
    files = [File("x.json", b"{}"), File("all.zip", place.getvalue()), File("../y\n.json", genuine.text)]
    given = handed(files, ["7K3M"])
    assert [name for name, _, _ in found(given, now)] == ["x.json", "in/a.json", "in/b.json", "../y .json", "7K3M"]
    assert given.digests[3] == hashlib.sha256(genuine.text).hexdigest()
    assert given.digests[4] == ""


def test_after_so_much_time_nothing_more_is_begun(now: datetime, genuine: Genuine) -> None:
    clock = itertools.count(step=verifying_many.MOST_SECONDS / 3)
    given = handed([File(f"{number}.json", genuine.text) for number in range(6)])
    answers = judge(given, now=now, online=False, clock=lambda: next(clock))
    problems = [answer.judged.verified.problem for answer in answers]
    assert [problem.code if problem else "" for problem in problems] == ["", "", "", *["many.time"] * 3]
    assert answers[-1].judged.verified.verdict.value == "cannot tell"


def test_codes(now: datetime, acme: Issuer) -> None:
    right = codes.format_code(codes.new_code(bytes(9) + b"\1"))
    misses = Misses(2)
    typed = [right, "7K3M-9QXR-2V5T-8WHX", "https://elsewhere.example/c/" + right, right.lower(), f"{right} "]
    assert [(verdict, problem) for _, verdict, problem in found(handed([], typed, misses=misses), now)] == [
        ("cannot tell", "code.not-found"),
        ("malformed", "code.check"),
        ("cannot tell", "many.elsewhere"),
        ("cannot tell", "code.not-found"),
        ("cannot tell", "many.misses"),
    ]
    assert misses.count == 2


def test_lines_of_a_text() -> None:
    text = " 7K3M 9QXR 2V5T 8WHF\r\nABCD-1234;x, y\t\n\n7K3M 9QXR 2V5T 8WHF\n" + "z" * 5_000
    assert lines(text) == ["7K3M 9QXR 2V5T 8WHF", "ABCD-1234", "x", "y", "z" * 200]


def test_all_bytes_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying_many, "MOST_BYTES", 1_000)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b" " * 600)
    assert len(handed([File("1.zip", inner.getvalue())]).sources) == 1
    with pytest.raises(LaureaError) as caught:
        handed([File("1.zip", inner.getvalue()), File("2.zip", inner.getvalue())])
    assert caught.value.code == "archive.too-large"


def test_one_at_a_time() -> None:
    with place(), pytest.raises(LaureaError) as caught, place(patience=0):
        pass
    assert caught.value.code == "many.busy"
    with place(patience=0):
        pass
