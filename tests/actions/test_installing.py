"""The data folder and its secrets."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from laurea.actions import installing
from laurea.actions.installing import InstallingError


def test_secrets_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    installing.make_folder(folder)
    made = installing.make_secrets(folder, {})
    assert [path.name for path in made] == ["secret-key", "key-encryption-key"]
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, folder / "secrets", *made)] == ["0o700"] * 2 + [
        "0o600"
    ] * 2
    secret, seal = (path.read_text().strip() for path in made)
    assert len(secret) >= 50
    assert Fernet(seal)
    assert installing.make_secrets(folder, {}) == []
    assert made[0].read_text().strip() == secret
    assert sorted(path.name for path in (folder / "secrets").iterdir()) == ["key-encryption-key", "secret-key"]


def test_what_the_environment_gives_is_not_made(tmp_path: Path) -> None:
    installing.make_folder(tmp_path)
    given = {"LAUREA_SECRET_KEY": "x" * 50, "LAUREA_KEY_ENCRYPTION_KEY_FILE": "/run/secrets/key"}
    assert installing.make_secrets(tmp_path, given) == []


def test_a_folder_that_cannot_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InstallingError) as error:
        installing.make_folder(tmp_path / "file" / "data")
    assert error.value.code == "installing.folder"
    assert "--data" in error.value.hint


def test_the_data_folder_is_that_of_the_environment(tmp_path: Path) -> None:
    assert installing.data_folder({"LAUREA_DATA": str(tmp_path)}) == tmp_path
    assert installing.data_folder({}) == Path("laurea-data").absolute()
