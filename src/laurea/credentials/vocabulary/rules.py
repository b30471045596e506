"""The kinds of value that Open Badges 3.0 knows, each with its check.

A rule looks at one JSON value and yields what is wrong with it. The table of classes in `check` is made of these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from laurea.credentials.document import JSON
from laurea.credentials.errors import VocabularyError
from laurea.credentials.moments import parse_day, parse_moment
from laurea.credentials.vocabulary import terms


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a document that is not as it must be.

    `pointer` is a JSON pointer (RFC 6901) to the place, `message` says what must be there. `beyond_schema` marks what
    the specification's text asks for while the official JSON schema lets it pass.
    """

    pointer: str
    message: str
    beyond_schema: bool = False

    def __str__(self) -> str:
        return f"{self.pointer or 'the document'}: {self.message}"


Problems = Iterator[Problem]
Rule = Callable[[JSON, str, int], Problems]
"""(value, pointer to it, how many levels may still follow) -> problems."""

LEVELS = 64
"""Deeper than this nothing is looked at: no credential needs it."""


def step(pointer: str, member: str | int) -> str:
    """The pointer one level down."""
    return f"{pointer}/{str(member).replace('~', '~0').replace('/', '~1')}"


def shown(value: JSON) -> str:
    """A short form of `value` for a message."""
    if isinstance(value, str):
        return f"“{value}”" if len(value) <= 60 else f"“{value[:60]}…”"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool) or value is None:
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)[:60]


def text(
    *, pattern: re.Pattern[str] | None = None, like: str = "", choices: tuple[str, ...] = (), extensible: bool = False
) -> Rule:
    """Text; of `pattern` (described by `like`), or one of `choices`, or an ``ext:`` name where that is allowed."""

    def rule(value: JSON, pointer: str, _levels: int) -> Problems:
        if not isinstance(value, str):
            yield Problem(pointer, f"must be text, not {shown(value)}")
        elif pattern is not None and not pattern.fullmatch(value):
            yield Problem(pointer, f"must be {like}, not {shown(value)}")
        elif choices and value not in choices and not (extensible and terms.EXTENSION.search(value)):
            also = ", or begin with “ext:”" if extensible else ""
            yield Problem(pointer, f"must be one of {', '.join(choices)}{also}; not {shown(value)}")

    return rule


def number(value: JSON, pointer: str, _levels: int) -> Problems:
    """A number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield Problem(pointer, f"must be a number, not {shown(value)}")


def flag(value: JSON, pointer: str, _levels: int) -> Problems:
    """True or false."""
    if not isinstance(value, bool):
        yield Problem(pointer, f"must be true or false, not {shown(value)}")


def moment(value: JSON, pointer: str, _levels: int) -> Problems:
    """A date and time with a time zone."""
    yield from _written(value, pointer, parse_moment)


def day(value: JSON, pointer: str, _levels: int) -> Problems:
    """A calendar day."""
    yield from _written(value, pointer, parse_day)


def _written(value: JSON, pointer: str, parse: Callable[[str], object]) -> Problems:
    if not isinstance(value, str):
        yield Problem(pointer, f"must be text, not {shown(value)}")
        return
    try:
        parse(value)
    except VocabularyError as problem:
        yield Problem(pointer, f"{problem.message}. {problem.hint}")


def kind(*names: tuple[str, ...]) -> Rule:
    """`type` as a list of texts that names one of each group in `names`."""

    def rule(value: JSON, pointer: str, _levels: int) -> Problems:
        wanted = " and ".join(" or ".join(f"“{name}”" for name in group) for group in names)
        if not isinstance(value, list):
            yield Problem(pointer, f"must be a list with {wanted}, not {shown(value)}")
            return
        for index, name in enumerate(value):
            if not isinstance(name, str):
                yield Problem(step(pointer, index), f"must be text, not {shown(name)}")
        if not all(any(name in value for name in group) for group in names):
            yield Problem(pointer, f"must be a list with {wanted}")

    return rule


def many(each: Rule) -> Rule:
    """A list, every value of which follows `each`."""

    def rule(value: JSON, pointer: str, levels: int) -> Problems:
        if not isinstance(value, list):
            yield Problem(pointer, f"must be a list, not {shown(value)}")
            return
        for index, item in enumerate(value):
            yield from each(item, step(pointer, index), levels)

    return rule


def text_or(other: Rule) -> Rule:
    """Text, or what `other` asks for."""

    def rule(value: JSON, pointer: str, levels: int) -> Problems:
        if not isinstance(value, str):
            yield from other(value, pointer, levels)

    return rule


def contexts(value: JSON, pointer: str, _levels: int) -> Problems:
    """`@context` of Open Badges 3.0 on Verifiable Credentials 2.0: two addresses in this order, then others."""
    if not isinstance(value, list):
        yield Problem(pointer, f"must be a list, not {shown(value)}")
        return
    if not value or value[0] != terms.CREDENTIALS_CONTEXT:
        yield Problem(pointer, f"must begin with {terms.CREDENTIALS_CONTEXT}")
    second = value[1] if len(value) > 1 else None
    if not isinstance(second, str) or not terms.OPEN_BADGES_CONTEXTS.fullmatch(second):
        yield Problem(pointer, f"must have an Open Badges 3.0 context second, such as {terms.OPEN_BADGES_CONTEXT}")
    for index, item in enumerate(value[2:], start=2):
        if not isinstance(item, str | dict):
            yield Problem(step(pointer, index), f"must be an address, not {shown(item)}")


@dataclass(frozen=True, slots=True)
class Shape:
    """A class of Open Badges 3.0: its members, those it must have, and whether it may have others."""

    members: dict[str, Rule]
    required: tuple[str, ...] = ()
    closed: bool = False
    rules: tuple[Callable[[dict[str, JSON], str], Problems], ...] = ()

    def problems(self, value: JSON, pointer: str, levels: int) -> Problems:
        """What is wrong with `value` as an object of this class."""
        if not isinstance(value, dict):
            yield Problem(pointer, f"must be an object, not {shown(value)}")
            return
        if levels <= 0:
            yield Problem(pointer, "is nested too deeply")
            return
        for name in self.required:
            if name not in value:
                yield Problem(pointer, f"must have “{name}”")
        for name, item in value.items():
            rule = self.members.get(name)
            if rule is not None:
                yield from rule(item, step(pointer, name), levels - 1)
            elif self.closed:
                yield Problem(step(pointer, name), "has no meaning here")
        for beyond in self.rules:
            yield from beyond(value, pointer)
