"""TOML read strictly: every key known, every value of its type and of a sane size, every path inside the file's folder.

A typing mistake in a key would otherwise leave something out of a signed document without a word.
"""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Protocol
from urllib.parse import urlsplit

from laurea.credentials.errors import IssuingError
from laurea.credentials.vocabulary import terms


class Digest(Protocol):
    """A hash that takes bytes as they come."""

    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


_MAX_BYTES = 64 * 1024
_MAX_ITEMS = 100
_MAX_DOTS = 3000
"""Python's TOML reader takes minutes for one key with tens of thousands of dots."""

_CONTROLS = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))} - {"\n", "\t"}


class Table:
    """One table of a TOML file, whose keys are all known. Each reader names the key in its error.

    All tables of a file share one digest of its content and of every file that was read because it names it.
    """

    def __init__(self, values: object, name: str, keys: Collection[str], *, file: Path, digest: Digest) -> None:
        if not isinstance(values, dict):
            raise IssuingError("achievement.type", f"{file}: {name} must be a table", f"Write [{name}] on its own line")
        self._values: Mapping[str, object] = values
        self._name = name
        self._file = file
        self._digest = digest
        for key in values:
            if key not in keys:
                raise IssuingError("achievement.unknown-key", f"{self._at(key)} is unknown", _nearest(key, keys))

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def digest(self) -> str:
        """SHA-256, in hexadecimal, of all that was read so far."""
        return self._digest.hexdigest()

    def wrong(self, key: str, what: str, hint: str = "") -> IssuingError:
        """The error that says what is wrong with the value of `key`."""
        return IssuingError("achievement.value", f"{self._at(key)} {what}", hint)

    def text(self, key: str, *, longest: int = 300) -> str | None:
        """A text without control characters, stripped; None when absent."""
        return None if key not in self else self._text(key, self._values[key], longest)

    def required_text(self, key: str, hint: str, *, longest: int = 300) -> str:
        """A text that must be there; `hint` says what to write."""
        value = self.text(key, longest=longest)
        if value is None:
            raise IssuingError("achievement.missing", f"{self._at(key)} is missing", hint)
        return value

    def text_or_number(self, key: str) -> str | None:
        """A text, or a whole number as text."""
        value = self._values.get(key)
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else self.text(key)

    def choice(self, key: str, allowed: Collection[str]) -> str | None:
        """One of the texts in `allowed`."""
        value = self.text(key)
        if value is not None and value not in allowed:
            raise self.wrong(key, f"cannot be {value!r}", _nearest(value, allowed))
        return value

    def url(self, key: str, schemes: Collection[str] = ("https", "http")) -> str | None:
        """An absolute address with one of the `schemes`."""
        value = self.text(key, longest=2000)
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            good = parts.scheme in schemes and bool(parts.netloc) and bool(terms.HTTP_URL.fullmatch(value))
        except ValueError:
            good = False
        if not good:
            raise self.wrong(key, f"is no address: {value!r}", terms.how_to_write(value))
        return value

    def number(self, key: str, *, most: float) -> float | None:
        """A number above zero and up to `most`."""
        value = self._values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
            raise self.wrong(key, f"must be a number above 0 and at most {most:g}")
        return value

    def flag(self, key: str) -> bool | None:
        """true or false."""
        value = self._values.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(key, "must be true or false", "Without quotes")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when absent."""
        return tuple(self._text(key, item, 300) for item in self._list(key, self._values.get(key, [])))

    def pairs(self, key: str) -> dict[str, str]:
        """A table of texts whose keys are for somebody else to judge, empty when absent."""
        value = self._values.get(key, {})
        if not isinstance(value, dict) or len(value) > _MAX_ITEMS:
            raise self.wrong(key, "must be a table of texts", f'Such as {key} = {{ name = "…" }}')
        return {name: self._text(f"{key}.{name}", item, 1000) for name, item in value.items()}

    def table(self, key: str, keys: Collection[str]) -> Table:
        """A table inside this one, empty when absent."""
        return Table(self._values.get(key, {}), self._inner(key), keys, file=self._file, digest=self._digest)

    def tables(self, key: str, keys: Collection[str], *, most: int) -> Iterator[Table]:
        """The tables that stand as ``[[key]]``."""
        items = self._list(key, self._values.get(key, []))
        if len(items) > most:
            raise self.wrong(key, f"stands {len(items)} times; {most} at most")
        for number, item in enumerate(items, 1):
            name = f"{self._inner(key)} {number}" if len(items) > 1 else self._inner(key)
            yield Table(item, name, keys, file=self._file, digest=self._digest)

    def file(self, key: str, *, most_bytes: int) -> bytes | None:
        """The content of a file beside the TOML, or in a folder below it.

        Nothing outside that folder is ever read, whatever the path or a symbolic link says: an achievement that came
        by mail must not bring other files of this machine into certificates.
        """
        named = self.text(key)
        if named is None:
            return None
        folder = self._file.resolve().parent
        path = (folder / PurePosixPath(named)).resolve()
        if PureWindowsPath(named).anchor or not path.is_relative_to(folder):
            raise self.wrong(key, f"leads out of the achievement's folder: {named!r}", "Put the file into that folder")
        try:
            with path.open("rb") as file:
                content = file.read(most_bytes + 1)
        except OSError as error:
            raise self.wrong(key, f"names {named!r}, which cannot be read: {error.strerror}") from None
        if len(content) > most_bytes:
            raise self.wrong(key, f"names {named!r}, which is larger than {most_bytes // 1024} KiB", "Make it smaller")
        self._digest.update(content)
        return content

    def _text(self, key: str, value: object, longest: int) -> str:
        if not isinstance(value, str):
            raise self.wrong(key, "must be a text", 'Text stands in quotes: "…"')
        text = value.strip()
        if not text:
            raise self.wrong(key, "is empty", "Write something, or take the line out")
        if len(text) > longest:
            raise self.wrong(key, f"has {len(text)} characters; {longest} at most")
        if unfit := next((character for character in text if character in _CONTROLS), None):
            raise self.wrong(key, f"holds the control character U+{ord(unfit):04X}", "Take it out")
        return text

    def _list(self, key: str, value: object) -> list[object]:
        if not isinstance(value, list):
            raise self.wrong(key, "must be a list", 'Such as ["…", "…"]')
        if len(value) > _MAX_ITEMS:
            raise self.wrong(key, f"has {len(value)} items; {_MAX_ITEMS} at most")
        return value

    def _inner(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key

    def _at(self, key: str) -> str:
        return f"{self._file}: {key} in [{self._name}]" if self._name else f"{self._file}: [{key}]"


def read(path: Path, keys: Collection[str]) -> Table:
    """The file's top table, whose keys must be among `keys`. `IssuingError` says what is wrong with the file."""
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise IssuingError(
            "achievement.unreadable", f"{path} cannot be read: {error.strerror}", "Check the path of the achievement"
        ) from None
    if len(content) > _MAX_BYTES:
        raise IssuingError(
            "achievement.size",
            f"{path} is larger than {_MAX_BYTES // 1024} KiB",
            "Name the TOML file of an achievement",
        )
    if content.count(b".") > _MAX_DOTS:
        raise IssuingError("achievement.syntax", f"{path} holds too many dots", "Name the TOML file of an achievement")
    try:
        values = tomllib.loads(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise IssuingError(
            "achievement.encoding", f"{path} is not UTF-8 at byte {error.start}", "Save it as UTF-8 in your editor"
        ) from None
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        what = "it nests too deeply" if isinstance(error, RecursionError) else str(error)
        raise IssuingError(
            "achievement.syntax", f"{path} is not proper TOML: {what}", 'Each line reads: key = "text"'
        ) from None
    return Table(values, "", keys, file=path, digest=hashlib.sha256(content))


def _nearest(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"Perhaps you mean {near[0]}" if near else f"Possible: {', '.join(sorted(known))}"
