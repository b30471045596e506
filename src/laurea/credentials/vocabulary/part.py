"""How a frozen value becomes a member of a document, and is refused when it could not be one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from typing import ClassVar

from laurea.credentials.document import JSON, Document
from laurea.credentials.errors import VocabularyError
from laurea.credentials.moments import format_moment
from laurea.credentials.vocabulary import terms
from laurea.credentials.vocabulary.check import SHAPES
from laurea.credentials.vocabulary.rules import shown


class Part:
    """A value of Open Badges 3.0: attributes in snake_case, members of the document in the standard's camelCase.

    Making one checks its own members (those inside other parts were checked when these were made) and raises
    `VocabularyError` that names the member and says what to do.
    """

    __slots__ = ()

    SHAPE: ClassVar[str]
    """The class in `check.SHAPES`."""

    TYPE: ClassVar[tuple[str, ...] | str | None] = None
    """`type` in the document; some classes have it as text, some as a list (standards of 1EdTech), some not at all."""

    def __post_init__(self) -> None:
        shape = SHAPES[self.SHAPE]
        own: Document = {}
        for attribute, member in _members(self):
            value = getattr(self, attribute)
            where = f"{self.SHAPE}.{member}"
            if _is_absent(value):
                if member in shape.required:
                    raise VocabularyError("vocabulary.missing", f"{where} is empty", "It must be given")
                continue
            if _is_made_of_parts(value):
                own[member] = True  # each was checked when it was made, and no rule of another looks into it
                continue
            own[member] = written = _written(value, where)
            rule = shape.members.get(member)
            if rule is not None and not _holds_parts(value):
                for problem in rule(written, "", 8):
                    raise VocabularyError("vocabulary.value", f"{where} {problem.message}", _HINTS.get(member, ""))
            _refine(self.SHAPE, member, written)
        for beyond in shape.rules:
            for problem in beyond(own, ""):
                raise VocabularyError("vocabulary.rule", f"{self.SHAPE}: {problem.message}")

    def to_document(self) -> Document:
        """This value as a JSON object: what is absent or empty is left out, sets are lists (Open Badges 3.0, 7)."""
        document: Document = {}
        if isinstance(self.TYPE, str):
            document["type"] = self.TYPE
        elif self.TYPE is not None:
            document["type"] = list(self.TYPE)
        for attribute, member in _members(self):
            value = getattr(self, attribute)
            if not _is_absent(value):
                document[member] = _written(value, member)
        # Readers expect the name of a thing before what it is.
        return {"id": document.pop("id"), **document} if "id" in document else document


def _members(part: Part) -> list[tuple[str, str]]:
    """(attribute, member) of a dataclass, in the order of its fields."""
    return _members_of(type(part))  # type: ignore[arg-type]  # a class is hashable, whatever its instances are


@cache
def _members_of(kind: type[Part]) -> list[tuple[str, str]]:
    return [
        (field.name, _camel_case(field.name))
        for field in fields(kind)  # type: ignore[arg-type]  # every Part is a dataclass
    ]


def _camel_case(attribute: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match.group(1).upper(), attribute)


def _is_absent(value: object) -> bool:
    return value is None or value == "" or value == ()


def _is_made_of_parts(value: object) -> bool:
    return isinstance(value, Part) or (isinstance(value, tuple) and all(isinstance(item, Part) for item in value))


def _holds_parts(value: object) -> bool:
    return isinstance(value, Part) or (isinstance(value, tuple) and isinstance(value[0], Part | dict))


def _written(value: object, where: str) -> JSON:
    if isinstance(value, Part):
        return value.to_document()
    if isinstance(value, tuple):
        return [_written(item, where) for item in value]
    if isinstance(value, datetime):
        return format_moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _text(value, where)
    if isinstance(value, bool | int | float | dict):
        return value
    raise VocabularyError("vocabulary.value", f"{where} cannot be a {type(value).__name__}")


def _text(value: str, where: str) -> str:
    if not value.strip():
        raise VocabularyError("vocabulary.missing", f"{where} is blank", "Leave it out, or write something")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise VocabularyError(
            "vocabulary.value", f"{where} has half of a character (a lone surrogate)", "Type that character again"
        ) from None
    return value


def _address(where: str, value: str) -> None:
    if not terms.HTTP_URL.fullmatch(value):
        raise VocabularyError(
            "vocabulary.url", f"{where} is not a web address: {shown(value)}", terms.how_to_write(value)
        )


def _identifier(where: str, value: str) -> None:
    if not terms.URI.fullmatch(value):
        raise VocabularyError(
            "vocabulary.uri",
            f"{where} is not an absolute identifier: {shown(value)}",
            "Use an address with https://, a DID, or urn:uuid: and a UUID",
        )


def _mailbox(where: str, value: str) -> None:
    if not terms.EMAIL.fullmatch(value):
        raise VocabularyError(
            "vocabulary.email", f"{where} is not an e-mail address: {shown(value)}", "Write it like name@example.org"
        )


def _extension(where: str, value: str) -> None:
    if value.startswith("ext:") and not terms.OWN_EXTENSION.fullmatch(value):
        raise VocabularyError(
            "vocabulary.value", f"{where} {shown(value)} has other characters", "Use letters, digits, dots, underscores"
        )


# What we write is held to more than what we read: an address that opens, identifiers that mean the same everywhere.
_REFINEMENTS: dict[str, Callable[[str, str], None]] = {
    "id": _identifier,
    "url": _address,
    "targetUrl": _address,
    "statusListCredential": _address,
    "email": _mailbox,
    "achievementType": _extension,
    "targetType": _extension,
    "resultType": _extension,
    "identityType": _extension,
    "identifierType": _extension,
}

_HINTS = {
    "achievementType": "See the closed list of Open Badges 3.0; a type of your own begins with ext:",
    "inLanguage": "Lower-case language, then if needed script and region: de, en-GB, zh-Hant-TW",
    "validFrom": "A moment needs its time zone",
}


def _refine(shape: str, member: str, value: JSON) -> None:
    refinement = _REFINEMENTS.get(member)
    if refinement is not None and isinstance(value, str):
        refinement(f"{shape}.{member}", value)
