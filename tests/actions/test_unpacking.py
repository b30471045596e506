"""Archives from strangers: bombs, archives in archives, names with paths, and whatever else a ZIP can claim."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from laurea.actions import unpacking
from laurea.actions.unpacking import MOST_ENTRIES, Contents, is_archive, name_of, shortened, unpack
from laurea.credentials.errors import BakingError

MEGABYTE = 1024 * 1024


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return place.getvalue()


def unpacked(data: bytes, most_files: int = 200, most_bytes: int = MEGABYTE) -> Contents:
    return unpack(data, most_files=most_files, most_bytes=most_bytes)


def refusal(data: bytes, most_files: int = 200, most_bytes: int = MEGABYTE) -> str:
    with pytest.raises(BakingError) as caught:
        unpacked(data, most_files, most_bytes)
    return caught.value.code


def test_what_may_be_a_credential_and_what_is_passed_over() -> None:
    contents = unpacked(
        zipped(
            ("team/a.pdf", b"one"),
            ("b.PNG", b"two"),
            ("notes.txt", b"x"),
            ("team/manifest.csv", b"x"),
            ("status-1.json", b"x"),
            ("inner.zip", zipped(("c.pdf", b"x"))),
            ("__MACOSX/team/._a.pdf", b"x"),
            ("team/.hidden.pdf", b"x"),
            ("folder.pdf/", b""),
        )
    )
    assert [(file.name, file.data, file.problem) for file in contents.files] == [
        ("team/a.pdf", b"one", None),
        ("b.PNG", b"two", None),
    ]
    assert [skipped.name for skipped in contents.skipped] == [
        "notes.txt",
        "team/manifest.csv",
        "status-1.json",
        "inner.zip",
    ]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("../../etc/passwd.json", "etc/passwd.json"),
        ("/etc/a.pdf", "etc/a.pdf"),
        ("C:\\Windows\\..\\a.pdf", "C:/Windows/a.pdf"),
        ("a/./ /b.pdf", "a/b.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\0b\x1b[31m.pdf", "ab[31m.pdf"),
        ("", "?"),
        ("..", "?"),
    ],
)
def test_names_are_only_shown(path: str, shown: str) -> None:
    assert name_of(path) == shown


def test_a_long_name_keeps_its_end() -> None:
    assert len(shortened("a" * 5_000 + ".pdf")) <= 150
    assert shortened("a" * 400 + ".pdf").endswith("a.pdf")
    assert shortened("short.pdf") == "short.pdf"


@pytest.mark.slow
def test_a_bomb_costs_no_more_than_is_taken() -> None:
    bomb = zipped(*((f"{number}.json", bytes(8 * MEGABYTE)) for number in range(40)))
    assert len(bomb) < MEGABYTE
    tracemalloc.start()
    assert refusal(bomb, most_bytes=16 * MEGABYTE) == "archive.too-large"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 * MEGABYTE


def test_a_size_that_is_a_lie_is_not_believed() -> None:
    data = bytearray(zipped(("a.json", bytes(2 * MEGABYTE))))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)  # the size in the list of contents
    data[22:26] = struct.pack("<I", 10)  # and before the file
    [file] = unpacked(bytes(data)).files
    assert file.problem is not None
    assert (file.problem.code, file.data) == ("archive.damaged", b"")


def test_more_than_are_judged() -> None:
    many = zipped(*((f"{number}.json", b"{}") for number in range(11)), ("notes.txt", b""))
    assert len(unpacked(many, most_files=11).files) == 11
    assert refusal(many, most_files=10) == "archive.too-many"
    crowd = zipped(*((f"{number}.txt", b"") for number in range(MOST_ENTRIES + 1)))
    assert refusal(crowd) == "archive.too-many"


def test_one_that_is_protected() -> None:
    data = bytearray(zipped(("a.json", b"{}"), ("b.json", b"{}")))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    first, second = unpacked(bytes(data)).files
    assert first.problem is not None
    assert first.problem.code == "archive.encrypted"
    assert second.data == b"{}"


def test_ways_of_packing_that_may_ask_for_much_memory() -> None:
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        [file] = unpacked(zipped(("a.json", b"{}"), method=method)).files
        assert file.problem is not None
        assert file.problem.code == "archive.method"


def test_a_part_that_is_damaged() -> None:
    data = bytearray(zipped(("a.json", b'{"a": 1}'), ("b.json", b"{}"), method=zipfile.ZIP_STORED))
    data[data.index(b'{"a"')] ^= 1
    first, second = unpacked(bytes(data)).files
    assert first.problem is not None
    assert first.problem.code == "archive.damaged"
    assert second.data == b"{}"


def test_what_is_an_archive() -> None:
    assert is_archive(zipped(("a.json", b"")))
    assert is_archive(zipped())
    assert not is_archive(zipped(("[Content_Types].xml", b"")))
    assert not is_archive(zipped(("mimetype", b"application/vnd.oasis.opendocument.text"), method=zipfile.ZIP_STORED))
    assert not is_archive(b"%PDF-1.7")
    assert not is_archive(b"")


def _cut(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(len(data))]


def _flipped(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(chance.randrange(1, 6)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return data


def _doubled(data: bytearray, chance: random.Random) -> bytearray:
    at = chance.randrange(len(data))
    return data[:at] + data[at // 2 :]


@pytest.mark.parametrize("spoil", [_cut, _flipped, _doubled])
def test_any_bytes_are_unpacked_or_refused(spoil: Callable[[bytearray, random.Random], bytearray]) -> None:
    good = zipped(("a/ä.json", b'{"a": 1}'), ("b.pdf", bytes(300)), ("c.txt", b"x"))
    chance = random.Random(7)
    for _ in range(1_500):
        data = b"PK\x03\x04" + bytes(spoil(bytearray(good), chance))[4:]
        with contextlib.suppress(BakingError):
            assert sum(len(file.data) for file in unpacked(data).files) <= MEGABYTE
    assert unpacking.MOST_ENTRIES == 2_000
