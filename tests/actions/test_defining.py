"""Achievements: defined, changed, put away; what was issued stays."""

from __future__ import annotations

import pytest

from laurea.actions import appearances, defining, picturing
from laurea.actions.defining import DefinitionError
from laurea.records.models import Achievement


@pytest.fixture
def said(design):
    """A whole description."""
    return {
        "name": "First Aid at Work",
        "description": "Can help until the ambulance comes.",
        "criteria": "Attended both days.",
        "kind": "Course",
        "level": 1,
        "language": "en",
        "design": design,
        "badge": {"shape": "circle", "icon": "first-aid"},
    }


def test_define_change_archive_restore(acme, said, alice, now):
    made = defining.define(acme, said, now=now, actor=alice)
    assert (made.issuer, made.created, made.archived) == (acme, now, None)
    uid = made.uid
    defining.change(made, {"name": "First Aid", "validity": "2 years"}, now=now, actor=alice)
    kept = Achievement.objects.get()
    assert (kept.uid, kept.name, kept.validity, kept.description) == (uid, "First Aid", "2 years", said["description"])
    defining.archive(kept, now=now, actor=alice)
    assert Achievement.objects.get().archived == now
    defining.restore(kept, now=now, actor=alice)
    assert Achievement.objects.get().archived is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Party 🎉"}, "name"),
        ({"description": ""}, "description"),
        ({"criteria": ""}, "criteria"),
        ({"criteria_url": "www.example.com"}, "criteria_url"),
        ({"kind": "Cake"}, "kind"),
        ({"level": 4}, "level"),
        ({"language": "tlh"}, "language"),
        ({"validity": "a while"}, "validity"),
        ({"credits": -1.0}, "credits"),
        ({"include": ["salary"]}, "include"),
        ({"skills": [{"name": "A"}, {"name": " ", "url": "https://x.example"}]}, "skill-1-name"),
        ({"skills": [{"name": "A", "url": "esco"}]}, "skill-0-url"),
        ({"skills": [{"name": "A"}] * 31}, "skills"),
        ({"badge": {"shape": "banana"}}, "badge_shape"),
        ({"badge": {"icon": "banana"}}, "badge_icon"),
        ({"badge": {"icon": "lock", "monogram": "Py"}}, "badge_monogram"),
        ({"badge": {"monogram": "Python"}}, "badge_monogram"),
        ({"badge": {"monogram": "🎉"}}, "badge_monogram"),
        ({"badge": {"title": "x" * 41}}, "badge_title"),
        ({"badge": {"issuer": "x" * 61}}, "badge_issuer"),
        ({"badge": {"primary": "red"}}, "badge_primary"),
    ],
)
def test_mistakes_say_where_they_are(changed, field, acme, said, now):
    with pytest.raises(DefinitionError) as raised:
        defining.define(acme, said | changed, now=now, actor=None)
    assert raised.value.field == field
    assert raised.value.message
    assert not Achievement.objects.exists()


def test_all_mistakes_are_told_at_once(acme, said):
    wrong = defining.described(acme, said | {"name": "", "level": 7, "badge": {"shape": "banana"}})
    assert [problem.field for problem in defining.problems(wrong)] == ["name", "level", "badge_shape"]


def test_a_change_that_is_wrong_changes_nothing(achievement, now):
    with pytest.raises(DefinitionError):
        defining.change(achievement, {"name": "New", "validity": "soon"}, now=now, actor=None)
    assert Achievement.objects.get().name == "Safe Handling of Personal Data"


def test_what_belongs_to_somebody_else_is_refused(acme, other, said, now):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'
    theirs = picturing.take_in(other, svg, now=now)
    with pytest.raises(DefinitionError):
        defining.define(acme, said | {"badge_picture": theirs}, now=now, actor=None)
    with pytest.raises(DefinitionError):
        defining.define(other, said, now=now, actor=None)


def test_badge_of_the_issuers_colours_unless_it_has_its_own(achievement):
    assert appearances.badge_art(achievement).colours.primary == "#1f5c46"
    achievement.badge["primary"] = "#aa1122"
    assert appearances.badge_art(achievement).colours.primary == "#aa1122"
    assert appearances.badge_art(achievement).level == 2
