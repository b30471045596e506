"""What a password must be besides long and unknown to lists: not one thing over and over."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LEAST_DIFFERENT = 5
_REPEATED = re.compile(r"(.{1,6})\1{2,}")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm")


class VarietyValidator:
    """Refuses `aaaaaaaaaaaa`, `abcabcabcabc`, `123456789012` and rows of the keyboard."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a password that is one thing over and over."""
        plain = password.lower()
        rest = _REPEATED.sub(r"\1", plain)
        for run in _RUNS:
            for row in (run, run[::-1]):
                for size in range(len(row), 5, -1):
                    for start in range(len(row) - size + 1):
                        rest = rest.replace(row[start : start + size], row[start])
        if len(set(plain)) < LEAST_DIFFERENT or len(rest) < len(plain) / 2:
            raise ValidationError(
                _("This password is too simple: it repeats itself or runs along the keyboard."), code="password_simple"
            )

    def get_help_text(self) -> str:
        """In words."""
        return _("Your password must not repeat itself or run along the keyboard.")
