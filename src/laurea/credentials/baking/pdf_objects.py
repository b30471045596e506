"""The objects that a PDF is made of: read from bytes, and written (ISO 32000-2, 7.2 and 7.3).

Reading is iterative and spends from a `Budget`, so that no file can ask for more work than we are ready to do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from laurea.credentials.errors import BakingError


class Name(str):
    """A PDF name, ``/Type``, without its solidus."""

    __slots__ = ()


class Ref(NamedTuple):
    """A reference to an indirect object."""

    number: int
    generation: int


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream: its dictionary, and where its bytes begin in the file."""

    entries: Dict
    start: int


Value: TypeAlias = "bool | int | float | bytes | Name | Ref | Stream | list[Value] | dict[str, Value] | None"
Dict: TypeAlias = "dict[str, Value]"


@dataclass(slots=True)
class Budget:
    """What may still be done: `steps` of a few microseconds, and `unpacked` bytes that streams may unfold to."""

    steps: int = 400_000
    unpacked: int = 24 * 1024 * 1024

    def spend(self, steps: int) -> None:
        """Do `steps` more, or give up."""
        self.steps -= steps
        if self.steps < 0:
            raise BakingError(
                "baking.pdf-too-complex",
                "The PDF is built so intricately that looking through it was given up",
                "Print it to a new PDF and attach the credential anew, or hand over the JSON",
            )


_DEEPEST = 100
_SPACE = re.compile(rb"(?:[\0\t\n\f\r ]++|%[^\r\n]*+)*+")
_REFERENCE = re.compile(rb"(\d{1,10})[\0\t\n\f\r ]++(\d{1,5})[\0\t\n\f\r ]++R(?![^\0\t\n\f\r ()<>\[\]{}/%])")
_NUMBER = re.compile(rb"[+-]?(?:\d++\.?\d*+|\.\d++)")
_NAME = re.compile(rb"/([^\0\t\n\f\r ()<>\[\]{}/%]*+)")
_KEYWORD = re.compile(rb"[A-Za-z]++")
_HEX = re.compile(rb"<([0-9A-Fa-f\0\t\n\f\r ]*+)>")
_LITERAL_PART = re.compile(rb"[^()\\]++")
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_OCTAL = re.compile(rb"[0-7]{1,3}")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b""}
_KEYWORDS: dict[bytes, Value] = {b"true": True, b"false": False, b"null": None}
_CLOSE_DICT, _CLOSE_LIST = "a dictionary", "an array"


def damaged(what: str) -> BakingError:
    """The error for a PDF that is not built as a PDF must be."""
    return BakingError("baking.pdf-damaged", f"The PDF is damaged: {what}", "Download it again from where it came from")


def skip_space(data: bytes, position: int) -> int:
    """The position behind white space and comments."""
    match = _SPACE.match(data, position)
    return match.end() if match else position


def read_value(data: bytes, position: int, budget: Budget) -> tuple[Value, int]:
    """The direct object at `position`, and the position behind it. Raises `BakingError`."""
    open_values: list[tuple[str, list[Value]]] = []
    while True:
        budget.spend(1)
        position = skip_space(data, position)
        two = data[position : position + 2]
        value: Value
        if two == b"<<" or two[:1] == b"[":
            if len(open_values) >= _DEEPEST:
                raise damaged("its parts are nested too deeply")
            open_values.append((_CLOSE_DICT if two == b"<<" else _CLOSE_LIST, []))
            position += 2 if two == b"<<" else 1
            continue
        if two == b">>" or two[:1] == b"]":
            expected = _CLOSE_DICT if two == b">>" else _CLOSE_LIST
            kind, items = open_values.pop() if open_values else ("nothing", [])
            if kind != expected:
                raise damaged(f"at byte {position:,} {expected} ends that did not begin")
            position += 2 if two == b">>" else 1
            value = _dictionary(items) if kind == _CLOSE_DICT else items
        else:
            value, position = _scalar(data, position, budget)
        if not open_values:
            return value, position
        open_values[-1][1].append(value)


def _dictionary(items: list[Value]) -> Dict:
    if len(items) % 2:
        raise damaged("a dictionary has a name without a value")
    found: Dict = {}
    for name, value in zip(items[::2], items[1::2], strict=True):
        if not isinstance(name, Name):
            raise damaged("a dictionary has a key that is no name")
        found[name] = value
    return found


def _scalar(data: bytes, position: int, budget: Budget) -> tuple[Value, int]:
    first = data[position : position + 1]
    if first == b"/":
        match = _NAME.match(data, position)
        if match:
            raw = _NAME_ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), match[1])
            return Name(raw.decode("latin-1")), match.end()
    if first == b"(":
        return _literal(data, position + 1, budget)
    if match := _REFERENCE.match(data, position):
        return Ref(int(match[1]), int(match[2])), match.end()
    if match := _NUMBER.match(data, position):
        text = match[0]
        if len(text) > 32:
            raise damaged(f"at byte {position:,} a number is too long")
        return (float(text) if b"." in text else int(text)), match.end()
    if match := _HEX.match(data, position):
        digits = match[1].translate(None, b"\0\t\n\f\r ")
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")), match.end()
    if (match := _KEYWORD.match(data, position)) and match[0] in _KEYWORDS:
        return _KEYWORDS[match[0]], match.end()
    raise damaged(f"at byte {position:,} something else than a value stands" if first else "it ends too early")


def _literal(data: bytes, position: int, budget: Budget) -> tuple[bytes, int]:
    """A string in parentheses (7.3.4.2), from behind the first one."""
    parts: list[bytes] = []
    depth = 1
    while True:
        budget.spend(1)
        if match := _LITERAL_PART.match(data, position):
            parts.append(match[0])
            position = match.end()
        character = data[position : position + 1]
        position += 1
        if character == b"\\":
            if match := _OCTAL.match(data, position):
                parts.append(bytes([int(match[0], 8) & 255]))
                position = match.end()
            else:
                escaped = data[position : position + 1]
                parts.append(_ESCAPES.get(escaped, escaped))
                position += 2 if data[position : position + 2] == b"\r\n" else 1
        elif character:
            depth += 1 if character == b"(" else -1
            if not depth:
                return b"".join(parts), position
            parts.append(character)
        else:
            raise damaged("a text in it has no end")


def write_value(value: Value) -> bytes:
    """`value` as it is written in a file; strings in hexadecimal. A `Stream` has no written form here."""
    if value is None:
        return b"null"
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, Ref):
        return f"{value.number} {value.generation} R".encode()
    if isinstance(value, Name):
        return b"/" + b"".join(
            bytes([byte]) if (chr(byte).isalnum() and byte < 128) or byte in b"-_.+" else f"#{byte:02X}".encode()
            for byte in value.encode("latin-1")
        )
    if isinstance(value, bytes):
        return b"<" + value.hex().encode() + b">"
    if isinstance(value, list):
        return b"[" + b" ".join(write_value(item) for item in value) + b"]"
    if isinstance(value, dict):
        return write_dictionary(value)
    if isinstance(value, Stream):
        raise damaged("a stream stands where none may stand")
    return f"{value:f}".rstrip("0").rstrip(".").encode() if isinstance(value, float) else str(value).encode()


def write_dictionary(entries: Mapping[str, Value]) -> bytes:
    """A dictionary as it is written in a file."""
    inner = b" ".join(write_value(Name(name)) + b" " + write_value(value) for name, value in entries.items())
    return b"<<" + inner + b">>"
