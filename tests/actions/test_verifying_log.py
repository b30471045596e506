"""A log is believed in nothing: each file of it that was changed is found, and an earlier checkpoint tells the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import logged
from laurea.actions import verifying_log
from laurea.actions.verifying_log import Read, at_address, in_folder, verify
from laurea.credentials.errors import ResolvingError
from laurea.credentials.keys import SigningKey
from laurea.credentials.transparency import note
from laurea.credentials.transparency.merkle import LogError

from .conftest import Served, answer

SIZE = 700


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A log of 700 entries."""
    place = tmp_path / "log"
    logged.write(place, logged.entries(SIZE))
    return place


def found(read: Read, **options: str) -> list[tuple[str, str]]:
    """Codes and names of what was found, the key being known."""
    return [(each.code, each.what) for each in verify(read, verifier=logged.VERIFIER, **options).findings]


def test_a_log_that_is_as_it_must_be(folder: Path) -> None:
    audit = verify(in_folder(folder), verifier=logged.VERIFIER)
    assert (audit.good, audit.findings, audit.notes) == (True, [], [])
    assert audit.entries == logged.entries(SIZE)
    assert audit.checked == {"tiles": 7, "entries": SIZE}
    assert audit.to_json() | {"root": ""} == {
        "good": True, "log": logged.ORIGIN, "key": logged.VERIFIER.encode(), "size": SIZE, "root": "", "since": None,
        "checked": {"tiles": 7, "entries": SIZE}, "findings": [], "notes": [],
    }  # fmt: skip


def test_without_a_key_the_one_of_the_log_is_taken_and_said(folder: Path) -> None:
    audit = verify(in_folder(folder))
    assert audit.good
    assert logged.VERIFIER.encode() in audit.notes[0]


@pytest.mark.parametrize("place", ["", "log", "files/log"])
def test_a_folder_may_be_that_of_the_log_or_of_what_holds_it(tmp_path: Path, place: str) -> None:
    logged.write(tmp_path / place, logged.entries(3))
    assert verify(in_folder(tmp_path)).good
    with pytest.raises(LogError) as caught:
        in_folder(tmp_path / "elsewhere")
    assert caught.value.code == "log.absent"


def test_no_log_is_none(tmp_path: Path) -> None:
    (tmp_path / "checkpoint").write_text("nothing of the kind")
    with pytest.raises(LogError) as caught:
        verify(in_folder(tmp_path))
    assert caught.value.code == "log.absent"
    assert found(in_folder(tmp_path)) == [("log.note", "the checkpoint")]


# --- What was changed -------------------------------------------------------------------------------------------------


def flip(path: Path, position: int) -> None:
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(data)


def test_an_entry_that_was_changed_is_named(folder: Path) -> None:
    flip(folder / "tile/entries/001", 34 * 5 + 2)
    flip(folder / "tile/entries/002.p/188", 2)
    assert found(in_folder(folder)) == [("entry.changed", "entry 261"), ("entry.changed", "entry 512")]


@pytest.mark.parametrize("tile", ["tile/0/000", "tile/0/002.p/188", "tile/1/000.p/2"])
def test_a_tile_that_was_changed_is_named(folder: Path, tile: str) -> None:
    flip(folder / tile, 40)
    assert found(in_folder(folder)) == [("tile.changed", tile)]


@pytest.mark.parametrize("tile", ["tile/entries/000", "tile/0/001", "tile/1/000.p/2"])
@pytest.mark.parametrize("fate", [Path.unlink, lambda path: path.write_bytes(b"\x00")])
def test_a_file_that_is_gone_or_broken_is_named(folder: Path, tile: str, fate: Callable[[Path], object]) -> None:
    fate(folder / tile)
    assert found(in_folder(folder)) == [("tile.missing", tile)]


def test_entries_and_tiles_that_were_both_rewritten_are_found(folder: Path) -> None:
    signed = (folder / "checkpoint").read_text()
    changed = logged.entries(SIZE)
    changed[3] = bytes(32)
    logged.write(folder, changed)
    (folder / "checkpoint").write_text(signed)
    assert found(in_folder(folder)) == [("log.root", "the log")]


def test_a_checkpoint_that_was_changed_is_found(folder: Path) -> None:
    text = (folder / "checkpoint").read_text()
    (folder / "checkpoint").write_text(text.replace("\n700\n", "\n699\n"))
    assert found(in_folder(folder)) == [("log.signature", "the checkpoint")]


def test_another_key_is_none_of_ours(folder: Path) -> None:
    other = note.Verifier(logged.ORIGIN, SigningKey.from_seed(bytes(32)).verification_key)
    assert [each.code for each in verify(in_folder(folder), verifier=other).findings] == ["log.signature"]


def test_a_size_beyond_all_measure_is_refused_before_it_is_read(folder: Path) -> None:
    signed = note.sign(note.Checkpoint(logged.ORIGIN, 10**18, bytes(32)), logged.KEY)
    (folder / "checkpoint").write_text(signed)
    with pytest.raises(LogError) as caught:
        found(in_folder(folder))
    assert caught.value.code == "log.too-large"


# --- Earlier checkpoints ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 256, 300, SIZE])
def test_a_log_goes_on_from_an_earlier_checkpoint(folder: Path, tmp_path: Path, size: int) -> None:
    earlier = logged.write(tmp_path / "earlier", logged.entries(size))
    assert found(in_folder(folder), since=earlier) == []
    assert verify(in_folder(folder), since=earlier).to_json()["since"] == size


def test_a_log_that_was_rewritten_whole_and_signed_again_is_found(folder: Path, tmp_path: Path) -> None:
    """Whoever has the key can do that; whoever kept a checkpoint knows."""
    kept = (folder / "checkpoint").read_text()
    for rewritten in (
        [*logged.entries(3), bytes(32), *logged.entries(SIZE - 4, 4)],
        [*logged.entries(3), *logged.entries(SIZE - 3, 4)],
        [*logged.entries(3), bytes(32), *logged.entries(SIZE, 3)],
    ):
        logged.write(folder, rewritten)
        assert found(in_folder(folder)) == []
        assert found(in_folder(folder), since=kept) == [("log.consistency", "the log")]


def test_a_log_that_has_become_shorter_is_found(folder: Path, tmp_path: Path) -> None:
    kept = (folder / "checkpoint").read_text()
    logged.write(tmp_path / "shorter", logged.entries(SIZE - 1))
    assert found(in_folder(tmp_path / "shorter"), since=kept) == [("log.shortened", "the log")]


def test_a_checkpoint_of_another_log_is_no_earlier_one(folder: Path) -> None:
    other = note.sign(note.Checkpoint("elsewhere.example.org/log", 3, bytes(32)), logged.KEY)
    with pytest.raises(LogError) as caught:
        found(in_folder(folder), since=other)
    assert caught.value.code == "log.signature"


# --- Logs that live ---------------------------------------------------------------------------------------------------


def test_a_log_that_grows_while_it_is_read_is_read_again(folder: Path) -> None:
    """Partial tiles are taken away when wider ones are there."""
    plain = in_folder(folder)
    grown: list[bool] = []

    def read(path: str) -> bytes:
        if path.startswith("tile") and not grown:
            grown.append(True)
            for gone in ("tile/entries/002.p/188", "tile/0/002.p/188", "tile/1/000.p/2"):
                (folder / gone).unlink()
            logged.write(folder, logged.entries(SIZE + 100))
        return plain(path)

    audit = verify(read, verifier=logged.VERIFIER)
    assert (audit.findings, len(audit.entries)) == ([], SIZE + 100)


def _hand_out(server: Served, folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            server.answers[f"/log/{path.relative_to(folder)}"] = answer(path.read_bytes())


def test_a_log_on_the_web(server: Served, folder: Path) -> None:
    _hand_out(server, folder)
    for address in (server.url(""), server.url("/log"), server.url("/log/")):
        assert verify(at_address(address, ways=server.ways)).good
    server.answers["/log/tile/0/001"] = answer(status=404)
    assert found(at_address(server.url("/log"), ways=server.ways)) == [("tile.missing", "tile/0/001")]


def test_a_server_in_trouble_is_no_fault_of_the_log(server: Served, folder: Path) -> None:
    _hand_out(server, folder)
    server.answers["/log/tile/0/001"] = answer(status=500)
    with pytest.raises(ResolvingError):
        found(at_address(server.url("/log"), ways=server.ways))


def test_only_https_is_asked() -> None:
    with pytest.raises(ResolvingError) as caught:
        verify(at_address("http://badges.example.org/log"))
    assert caught.value.code == "resolving.address"


# --- Keys -------------------------------------------------------------------------------------------------------------


def test_a_key_is_given_itself_or_by_the_name_of_its_file(folder: Path) -> None:
    for given in (logged.VERIFIER.encode(), str(folder / "key")):
        assert verifying_log.key_from(given) == logged.VERIFIER
    for wrong, code in (("badges+00+AA", "log.verifier"), (str(folder / "none"), "log.file")):
        with pytest.raises(LogError) as caught:
            verifying_log.key_from(wrong)
        assert caught.value.code == code
