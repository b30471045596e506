"""What is different between how something was and how it is now, as entries of the log say it."""

from __future__ import annotations

from collections.abc import Mapping

from laurea.credentials.document import JSON

LONGEST = 300
"""Characters of a text that an entry keeps: enough to see what was changed, and no archive."""


def between(before: Mapping[str, JSON], after: Mapping[str, JSON]) -> dict[str, JSON]:
    """By name, what is no longer as it was: ``{"name": ["before", "after"]}``. Long texts are cut."""
    return {
        name: [_short(before.get(name)), _short(value)] for name, value in after.items() if value != before.get(name)
    }


def _short(value: JSON) -> JSON:
    if isinstance(value, str) and len(value) > LONGEST:
        return value[: LONGEST - 1] + "…"
    return value
