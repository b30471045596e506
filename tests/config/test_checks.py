"""What self-hosting easily gets wrong is told at the start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core import checks as django_checks

from laurea.config import checks


def found(check: Any) -> list[str | None]:
    return [message.id for message in check()]


@pytest.fixture(autouse=True)
def _sound(settings: Any, tmp_path: Path) -> None:
    """An installation with nothing to say about."""
    (tmp_path / "secrets").mkdir(mode=0o700)
    settings.LAUREA_DATA = tmp_path
    settings.LAUREA_PUBLIC_URL = "https://badges.example.com"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "Academy <badges@example.com>"
    settings.DEBUG = False


def test_a_sound_installation_is_left_in_peace() -> None:
    assert [message for check in checks.ALL for message in check()] == []


def test_all_are_registered_with_django() -> None:
    assert set(checks.ALL) <= set(django_checks.registry.registry.get_checks())


def test_every_message_has_a_hint_and_a_number_of_its_own(settings: Any) -> None:
    settings.DEBUG, settings.LAUREA_PUBLIC_URL, settings.SECRET_KEY = True, "http://badges.example.com", ""
    settings.LAUREA_KEY_ENCRYPTION_KEYS, settings.DEFAULT_FROM_EMAIL = [], "laurea@localhost"
    messages = [message for check in checks.ALL for message in check()]
    assert all(message.hint and message.id for message in messages)
    assert len({message.id for message in messages}) == len(messages) == 5


@pytest.mark.parametrize(
    ("changed", "check", "number"),
    [
        ({"SECRET_KEY": ""}, checks.secret_key, "E001"),
        ({"LAUREA_KEY_ENCRYPTION_KEYS": []}, checks.encryption_key, "E002"),
        ({"LAUREA_KEY_ENCRYPTION_KEYS": ["short"]}, checks.encryption_key, "E002"),
        ({"DEBUG": True}, checks.debugging, "W001"),
        ({"LAUREA_PUBLIC_URL": "http://badges.example.com"}, checks.plain_http, "W002"),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 0}, checks.no_proxy, "W003"),
        ({"EMAIL_BACKEND": "laurea.actions.mail_folder.MailFolder"}, checks.mail_to_folder, "W005"),
        ({"DEFAULT_FROM_EMAIL": "Laurea <laurea@localhost>"}, checks.mail_from, "W006"),
    ],
)
def test_what_is_wrong_is_told(settings: Any, changed: dict[str, Any], check: Any, number: str) -> None:
    assert found(check) == []
    for name, value in changed.items():
        setattr(settings, name, value)
    assert found(check) == [f"laurea.{number}"]


@pytest.mark.parametrize("address", ["http://localhost:8000", "http://127.0.0.1:9000"])
def test_on_ones_own_machine_much_is_fine(settings: Any, address: str) -> None:
    settings.LAUREA_PUBLIC_URL, settings.DEBUG, settings.ALLAUTH_TRUSTED_PROXY_COUNT = address, True, 0
    settings.EMAIL_BACKEND = "laurea.actions.mail_folder.MailFolder"
    assert [message for check in checks.ALL for message in check()] == []


def test_secrets_that_others_read(tmp_path: Path) -> None:
    secret = tmp_path / "secrets" / "secret-key"
    secret.write_text("x")
    secret.chmod(0o600)
    assert found(checks.open_secrets) == []
    secret.chmod(0o640)
    (message,) = checks.open_secrets()
    assert message.id == "laurea.W004"
    assert str(secret) in message.msg
    assert message.hint == f"chmod -R go= {tmp_path / 'secrets'}"


def test_a_database_that_others_read(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "laurea.sqlite3"
    path.touch()
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", path)
    for file, folder, ids in ((0o600, 0o755, []), (0o644, 0o700, []), (0o644, 0o755, ["laurea.W008"])):
        path.chmod(file)
        tmp_path.chmod(folder)
        assert found(checks.database_for_others) == ids


@pytest.mark.parametrize(
    ("files", "static", "wrong"), [("files", "static", False), ("static/files", "static", True), ("", "static", True)]
)
def test_private_files_among_public_ones(settings: Any, tmp_path: Path, files: str, static: str, wrong: bool) -> None:
    settings.STORAGES = {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / files}},
        "staticfiles": settings.STORAGES["staticfiles"],
    }
    settings.STATIC_ROOT = tmp_path / static
    assert found(checks.public_files) == (["laurea.E003"] if wrong else [])


def test_a_hardware_module_that_cannot_be_used(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LAUREA_PKCS11_MODULE = str(tmp_path / "lib.so")
    assert found(checks.hardware_module) == ["laurea.W009"]
    (tmp_path / "lib.so").touch()
    assert found(checks.hardware_module) == []
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    assert [message.hint[:11] for message in checks.hardware_module()] == ["pip install"]
    settings.LAUREA_PKCS11_MODULE = ""
    assert found(checks.hardware_module) == []


def test_the_documentation_lists_every_number(root: Path) -> None:
    page = (root / "docs" / "how-to" / "self-host.md").read_text("utf-8")
    source = Path(str(checks.__file__)).read_text("utf-8")
    numbers = re.findall(r'id="laurea\.([EW]\d{3})"', source)
    assert len(numbers) == 12
    assert [number for number in numbers if number not in page] == []
