"""Files are whole or absent, and what an interruption leaves is recognised."""

from __future__ import annotations

from pathlib import Path

import pytest

from laurea.actions import whole_files


@pytest.mark.parametrize("durable", [True, False])
def test_a_file_is_written_and_replaced(tmp_path: Path, durable: bool) -> None:
    path = tmp_path / "a.json"
    whole_files.write(path, b"{}", durable=durable)
    whole_files.write(path, b'{"a": 1}', durable=durable)
    assert path.read_bytes() == b'{"a": 1}'
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.mkdir()
    with pytest.raises(OSError, match="directory") as caught:
        whole_files.write(path, b"{}")
    assert caught.value.filename == str(path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "content", "whole"),
    [
        ("a.json", b'{"a": 1}', True),
        ("a.json", b'{"a": 1}\n', True),
        ("a.json", b"", False),
        ("a.json", b'{"a": 1', False),
        ("a.json", b"{}" + bytes(4096), False),
        ("a.pdf", b"%PDF-1.7 ... %%EOF", True),
        ("a.pdf", b"%PDF-1.7 ...", False),
        ("a.png", b"\x89PNG IEND\xaeB`\x82", True),
        ("a.png", b"\x89PNG IEND", False),
        ("a.svg", b"<svg></svg>\n", True),
        ("a.svg", b"<svg>", False),
    ],
)
def test_looks_whole(tmp_path: Path, name: str, content: bytes, whole: bool) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert whole_files.looks_whole(path) is whole


def test_an_absent_file_is_not_whole(tmp_path: Path) -> None:
    assert not whole_files.looks_whole(tmp_path / "a.pdf")


def test_only_parts_are_removed(tmp_path: Path) -> None:
    for name in ("a.pdf", "a.pdf.123.part", "b.json.9.part"):
        (tmp_path / name).write_bytes(b"x")
    whole_files.remove_parts(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]
