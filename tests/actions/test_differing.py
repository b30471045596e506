"""What entries say of a change: the names of what is different, before and after, and no archive of long texts."""

from __future__ import annotations

from laurea.actions import differing


def test_only_what_is_different_is_said() -> None:
    before = {"name": "Acme", "level": 1, "tags": ["a"], "gone": True}
    after = {"name": "Acme AG", "level": 1, "tags": ["a", "b"], "new": None}
    assert differing.between(before, after) == {"name": ["Acme", "Acme AG"], "tags": [["a"], ["a", "b"]]}


def test_long_texts_are_cut_on_both_sides() -> None:
    found = differing.between({"text": "a" * 400}, {"text": "b" * 300})
    assert found == {"text": ["a" * 299 + "…", "b" * 300]}
