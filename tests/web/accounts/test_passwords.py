"""Passwords that are one thing over and over."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from laurea.web.accounts.passwords import VarietyValidator


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "xyxyxyxyxyxyxyxy",
        "qwertyuiop123",
        "0987654321098765",
        "asdfghjkl;asdfghjkl",
    ],
)
def test_too_simple(password: str) -> None:
    with pytest.raises(ValidationError) as error:
        VarietyValidator().validate(password)
    assert error.value.code == "password_simple"


@pytest.mark.parametrize(
    "password", ["correct horse battery", "laurel wreath 2026 on the wall", "Tr0ub4dor&3xyz", "ein leiser langer Satz"]
)
def test_good_enough(password: str) -> None:
    VarietyValidator().validate(password)
