"""What every test may use."""

from __future__ import annotations

import atexit
import os
import secrets
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import django
import hypothesis
import pytest
from cryptography.fernet import Fernet
from django.conf import settings

import database_server
from laurea.credentials import keys, proof, vocabulary
from laurea.credentials.document import Document, serialise
from laurea.credentials.keys import SigningKey
from laurea.credentials.status_list import StatusList, status_list_credential

# An installation of its own for each process of the tests; settings are read once, from the environment.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laurea.config.settings")
os.environ["LAUREA_DATA"] = tempfile.mkdtemp(prefix="laurea-tests-")
os.environ["LAUREA_SECRET_KEY"] = secrets.token_urlsafe(50)
os.environ["LAUREA_KEY_ENCRYPTION_KEY"] = Fernet.generate_key().decode()
os.environ.setdefault("LAUREA_PUBLIC_URL", "https://badges.example.com")
if os.environ.pop("LAUREA_TEST_DATABASE", "sqlite") == "postgresql":
    # Only here, in the process that the others (of pytest-xdist) are started by and get their environment from.
    _server = database_server.start()
    atexit.register(_server.stop)
    os.environ["LAUREA_DATABASE_URL"] = _server.url("postgres")
django.setup()
# Nothing collects the static files before the tests: pages name them as they are, and WhiteNoise finds an empty folder.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.STATIC_ROOT.mkdir(exist_ok=True)
# Accounts are made by the hundred here, and nobody guesses their passwords.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

pytest_plugins = ["alone_programs", "installation", "own_installation"]

ROOT = Path(__file__).resolve().parent.parent
EMAIL = "ada@example.org"

# How long an example takes says more about what else the machine is doing than about the code.
hypothesis.settings.register_profile("laurea", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("quick", parent=hypothesis.settings.get_profile("laurea"), max_examples=20)
hypothesis.settings.load_profile("laurea")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole journeys and hostile files take their time: `make check` leaves them to `make test`, and the database too.

    What touches that is run on both kinds: `LAUREA_TEST_DATABASE=postgresql pytest -m database`.
    """
    for item in items:
        if {"journeys", "hostile"} & set(item.path.parts):
            item.add_marker("slow")
        if {"db", "own"} & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"):
            item.add_marker("database")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def conformance() -> Path:
    """The official vectors and corpora, which are read where they lie and never copied."""
    folder = Path(os.environ.get("LAUREA_CONFORMANCE", ROOT.parent / "shared" / "conformance"))
    if not folder.is_dir():
        pytest.skip(f"no official conformance data at {folder}; set LAUREA_CONFORMANCE to the folder that holds it")
    return folder


@pytest.fixture(scope="session")
def examples() -> Path:
    """The people files and achievements that README, documentation and tests share."""
    return ROOT / "examples"


@dataclass(frozen=True, slots=True)
class Genuine:
    """A credential with what it takes to judge it: genuine at `now`, and held by `email`."""

    text: bytes
    did_document: Document
    status_list: Document
    revoked_list: Document
    code: str = "000G40R40M30E200"
    now: str = "2026-06-01T12:00:00Z"
    email: str = EMAIL


@pytest.fixture(scope="session")
def genuine() -> Genuine:
    """A signed credential of a did:web issuer, with a status list."""
    key = SigningKey.from_seed(bytes(range(32)))
    did, address = "did:web:badges.example.org", "https://badges.example.org/status/7f3a"
    issued = datetime(2026, 5, 31, 9, 30, tzinfo=UTC)
    method = keys.verification_method(did, key.verification_key)

    def signed(document: Document) -> Document:
        return proof.sign(document, key, verification_method=method, created=issued)

    def listing(bits: StatusList) -> Document:
        return signed(status_list_credential(bits, url=address, issuer=did, valid_from=issued))

    achievement = vocabulary.Achievement(
        id="urn:uuid:5a2f1a57-3b1c-4d7b-8a55-1f5d0d9a8b22",
        name="First Aid",
        description="Can help in the first minutes: ]]> <b>&amp; more",
        criteria=vocabulary.Criteria(narrative="Attended both days and passed the exercise"),
    )
    holder = (
        vocabulary.name_identity("Ada Łovelace"),
        vocabulary.email_identity(EMAIL, "c2FsdHNhbHRzYWx0c2FsdA"),
    )
    credential = vocabulary.AchievementCredential(
        id="urn:uuid:0f6b3f5e-6c1b-4a8e-9d57-0f1d5f6f2c11",
        issuer=vocabulary.Profile(id=did, name="Example Academy"),
        valid_from=issued,
        name="First Aid",
        credential_subject=vocabulary.AchievementSubject(achievement=achievement, identifier=holder),
        credential_status=vocabulary.BitstringStatusListEntry(address, "94567"),
    )
    return Genuine(
        text=serialise(signed(credential.to_document())).encode(),
        did_document=keys.did_web_document(did, [key.verification_key]),
        status_list=listing(StatusList.empty()),
        revoked_list=listing(StatusList.empty().set([94567])),
    )
