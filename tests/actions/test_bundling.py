"""The ZIP of many certificates: read back with other eyes, whatever the people are called."""

from __future__ import annotations

import io
import zipfile
from pathlib import PureWindowsPath

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from issued import PDF, PNG, batch_of, credential_of
from laurea.actions import bundling, storing
from laurea.records.models import Achievement, Credential

NAMES = (
    "Ada Lovelace",
    "Ada Lovelace",
    'A/B\\C: <d>|e?*"f".',
    "محمد بن عبد الله",
    "‮evil‬ Name",
    "Zoë 🦆 Ünal",
    "María " + "del Carmen " * 20,
    "王" * 150,
    "..",
    "CON",
)


def opened(pieces: list[bytes]) -> zipfile.ZipFile:
    """The archive, checked entry by entry."""
    archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert archive.testzip() is None
    return archive


def test_every_credential_gives_a_certificate_and_a_badge(achievement: Achievement) -> None:
    made = [credential_of(achievement, name, files=True) for name in ("Ada Lovelace", "Grace Hopper")]
    archive = opened(list(bundling.zip_of(Credential.objects.all())))
    expected = {}
    for credential in made:
        expected[f"{credential.name} - {credential.code}.pdf"] = PDF + credential.code.encode()
        expected[f"{credential.name} - {credential.code}.png"] = PNG + credential.code.encode()
    assert {name: archive.read(name) for name in archive.namelist()} == expected


def test_names_are_unique_and_allowed_on_every_system(achievement: Achievement) -> None:
    for name in NAMES:
        credential_of(achievement, name, files=True)
    names = opened(list(bundling.zip_of(Credential.objects.all()))).namelist()
    assert len({name.casefold() for name in names}) == 2 * len(NAMES)
    for name in names:
        assert name == PureWindowsPath(name).name
        assert not set(name) & set('<>:"/\\|?*\u202e\u202c')
        assert len(name.encode()) <= 255
        assert not name.startswith((".", " "))
    assert any("محمد بن عبد الله" in name for name in names)
    assert any("🦆" in name for name in names)


def test_entries_say_their_length_in_front(achievement: Achievement) -> None:
    """Unpackers that read from the front need length and checksum there: no entry has a data descriptor (bit 3)."""
    credential_of(achievement, "Zoë", files=True)
    for entry in opened(list(bundling.zip_of(Credential.objects.all()))).infolist():
        assert entry.flag_bits & 0x08 == 0
        assert entry.file_size == entry.compress_size > 0


def test_a_replaced_credential_does_not_overwrite_the_one_with_its_code(achievement: Achievement) -> None:
    old = credential_of(achievement, files=True)
    Credential.objects.filter(pk=old.pk).update(superseded=old.valid_from)
    new = credential_of(achievement, files=True)
    Credential.objects.filter(pk=new.pk).update(code=old.code)
    names = opened(list(bundling.zip_of(Credential.objects.all()))).namelist()
    assert sorted(names) == [
        f"Ada Lovelace - {old.code} - {old.pk}.pdf",
        f"Ada Lovelace - {old.code} - {old.pk}.png",
        f"Ada Lovelace - {old.code}.pdf",
        f"Ada Lovelace - {old.code}.png",
    ]


def test_what_is_not_there_yet_is_named(achievement: Achievement) -> None:
    credential_of(achievement, "Ada Lovelace", files=True)
    lost = credential_of(achievement, "Grace Hopper", files=True)
    waiting = credential_of(achievement, "Mary Shelley")
    storing.remove(lost.artifacts.get(kind="pdf").name)
    archive = opened(list(bundling.zip_of(Credential.objects.all())))
    assert len(archive.namelist()) == 4
    said = archive.read("Missing files.txt").decode("utf-8-sig").splitlines()
    assert said[2:] == [
        f"Grace Hopper - {lost.code}.pdf",
        f"Mary Shelley - {waiting.code}.pdf",
        f"Mary Shelley - {waiting.code}.png",
    ]


def test_a_storage_that_fails_breaks_the_download_off(achievement: Achievement, settings: Settings) -> None:
    credential_of(achievement, files=True)
    with pytest.MonkeyPatch.context() as patch:

        def broken(name: str) -> bytes:
            raise storing.StoringError("storing.unreachable", "The storage does not answer")

        patch.setattr(storing, "get", broken)
        with pytest.raises(storing.StoringError):
            list(bundling.zip_of(Credential.objects.all()))


def test_nothing_chosen_is_an_empty_archive(acme: object) -> None:
    assert opened(list(bundling.zip_of(Credential.objects.none()))).namelist() == []


def test_many_are_read_in_pages_and_sent_in_pieces(
    achievement: Achievement, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    batch = batch_of(achievement)
    for number in range(12):
        credential_of(achievement, f"Person {number}", batch=batch, files=True)
    with django_assert_num_queries(3):  # a page, its artifacts, and the empty page after it
        pieces = list(bundling.zip_of(batch.credentials.all()))
    assert len(pieces) == 25
    assert max(map(len, pieces[:-1])) < 500
