"""Settings come from the environment alone; what cannot be used is refused, all of it at once, with a hint."""

from __future__ import annotations

from pathlib import Path

import pytest

from laurea.config.databases import SCHEMES as DATABASES
from laurea.config.databases import database
from laurea.config.env import VARIABLES, Environment, SettingsError
from laurea.config.mail import SCHEMES as MAIL
from laurea.config.mail import mail
from laurea.config.storages import SCHEMES as STORAGES
from laurea.config.storages import storage
from laurea.config.witnesses import witnesses

DATA = Path("/data")


def test_a_secret_stands_in_the_variable_or_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from the file\n")
    assert Environment({"LAUREA_SECRET_KEY": " given "}).text("LAUREA_SECRET_KEY") == "given"
    assert Environment({"LAUREA_SECRET_KEY_FILE": str(file)}).text("LAUREA_SECRET_KEY") == "from the file"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"LAUREA_SECRET_KEY": "a", "LAUREA_SECRET_KEY_FILE": "/b"}, "are both given"),
        ({"LAUREA_SECRET_KEY_FILE": "/no/such/file"}, "cannot be read: No such file"),
        ({"LAUREA_LANGUAGE_FILE": "/b"}, "is no secret"),
        ({"LAUREA_LANGUAGE": "fr"}, "must be one of: en, de"),
        ({"LAUREA_TRUSTED_PROXIES": "many"}, "a whole number from 0 to 10"),
        ({"LAUREA_TYPO": "x"}, "LAUREA_TYPO is no setting"),
    ],
)
def test_wrong_ones_are_told(given: dict[str, str], said: str) -> None:
    env = Environment(given)
    env.text("LAUREA_SECRET_KEY")
    env.text("LAUREA_LANGUAGE")
    env.choice("LAUREA_LANGUAGE", ("en", "de"))
    env.number("LAUREA_TRUSTED_PROXIES", 0, 10)
    with pytest.raises(SettingsError) as error:
        env.finish()
    assert said in error.value.message
    assert error.value.hint


def test_an_address_is_never_repeated_for_it_may_hold_a_password() -> None:
    env = Environment({"LAUREA_DATABASE_URL": "mysql://root:hunter2@host/db"})
    env.url("LAUREA_DATABASE_URL", DATABASES, "sqlite://")
    with pytest.raises(SettingsError) as error:
        env.finish()
    assert "hunter2" not in str(error.value)
    assert "postgresql://" in str(error.value)


def test_the_kinds_of_database() -> None:
    env = Environment({"LAUREA_DATABASE_URL": "postgresql://lau%40rea:p%2Fw@db.example:6432/badges?sslmode=require"})
    made = database(env, env.url("LAUREA_DATABASE_URL", DATABASES, "sqlite://"), DATA)
    assert [made[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME", "OPTIONS")] == [
        "lau@rea",
        "p/w",
        "db.example",
        "6432",
        "badges",
        {"sslmode": "require"},
    ]
    plain = Environment({})
    made = database(plain, plain.url("LAUREA_DATABASE_URL", DATABASES, "sqlite://"), DATA)
    assert made["NAME"] == DATA / "laurea.sqlite3"
    for wrong in ("postgresql:///name", "postgresql://host"):
        env = Environment({"LAUREA_DATABASE_URL": wrong})
        database(env, env.url("LAUREA_DATABASE_URL", DATABASES, "sqlite://"), DATA)
        assert env.problems, wrong


@pytest.mark.parametrize(
    ("address", "backend"),
    [
        ("folder:///var/mail", "laurea.actions.mail_folder.MailFolder"),
        ("smtp://user:pw@mail.example:2525?tls=tls", "django.core.mail.backends.smtp.EmailBackend"),
        ("postmark://token", "anymail.backends.postmark.EmailBackend"),
        ("mailgun://key@example.com", "anymail.backends.mailgun.EmailBackend"),
        ("ses://eu-central-1", "anymail.backends.amazon_ses.EmailBackend"),
    ],
)
def test_the_kinds_of_mail(address: str, backend: str) -> None:
    env = Environment({"LAUREA_MAIL_URL": address})
    made = mail(env, env.url("LAUREA_MAIL_URL", MAIL, "folder://"), DATA)
    assert (made["EMAIL_BACKEND"], env.problems) == (backend, [])


@pytest.mark.parametrize("address", ["smtp://?tls=tls", "smtp://host?tls=maybe", "postmark://"])
def test_mail_that_cannot_be_sent(address: str) -> None:
    env = Environment({"LAUREA_MAIL_URL": address})
    mail(env, env.url("LAUREA_MAIL_URL", MAIL, "folder://"), DATA)
    assert env.problems


def test_the_kinds_of_storage() -> None:
    env = Environment({"LAUREA_STORAGE_URL": "s3://bucket/some/place?endpoint=https://s3.example&region=eu"})
    made = storage(env, env.url("LAUREA_STORAGE_URL", STORAGES, "file://"), DATA)["OPTIONS"]
    assert [made[name] for name in ("bucket_name", "location", "endpoint_url", "region_name")] == [
        "bucket",
        "some/place",
        "https://s3.example",
        "eu",
    ]
    plain = Environment({})
    made = storage(plain, plain.url("LAUREA_STORAGE_URL", STORAGES, "file://"), DATA)
    assert made["OPTIONS"] == {"location": DATA / "files"}


@pytest.mark.parametrize("witness", ["keeper@example.org", "http://example.org/keep", "https://", "mailto:", "ftp://x"])
def test_witnesses_are_reached_by_mail_or_https(witness: str) -> None:
    good = "mailto:keeper@example.org, https://keep.example.org/log?key=hunter2"
    env = Environment({"LAUREA_LOG_WITNESSES": good})
    assert (witnesses(env), env.problems) == (good.split(", "), [])
    env = Environment({"LAUREA_LOG_WITNESSES": f"{good}, {witness}"})
    witnesses(env)
    assert env.problems == [
        "LAUREA_LOG_WITNESSES: number 3 is neither mailto:somebody@example.org nor an https address"
    ]


def test_every_variable_says_what_it_is_for() -> None:
    assert all(variable.meaning.endswith(".") for variable in VARIABLES)
    assert len({variable.name for variable in VARIABLES}) == len(VARIABLES)
