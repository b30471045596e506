"""Witnesses are told the checkpoint on schedule, by mail or by HTTP; one that cannot be told stops nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from pytest_django import Settings

import logged
from laurea.actions import log_key, outbound, verifying_log, witnessing
from laurea.credentials.transparency import note
from laurea.records.models import Checkpoint, Issuer, WitnessNotice
from mail_server import MailServer, mail_server

from .conftest import Served

BY_MAIL = "mailto:keeper@elsewhere.example"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _log(acme: Issuer, settings: Settings, tmp_path: Path, now: datetime) -> None:
    """A log with one checkpoint, in a storage of the test's own."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }
    logged.act(1, acme, now)
    logged.take_in(now)


@pytest.fixture
def mail(settings: Settings) -> Iterator[MailServer]:
    """A mail server that everything is sent through."""
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.LAUREA_LOG_WITNESSES = [BY_MAIL]
        yield running


@pytest.fixture
def posted(server: Served, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """What a witness on the web was handed; it takes it under ``/keep`` and refuses it elsewhere."""
    handed: list[tuple[str, bytes]] = []
    handler: type[BaseHTTPRequestHandler] = server.handler

    def take(self: BaseHTTPRequestHandler) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        handed.append((self.headers["Content-Type"], body))
        self.send_response(201 if self.path == "/keep" else 302 if self.path == "/moved" else 503)
        self.send_header("Location", "/keep")
        self.send_header("Content-Length", "0")
        self.end_headers()

    monkeypatch.setattr(handler, "do_POST", take, raising=False)
    monkeypatch.setattr(outbound, "post", partial(outbound.post, ways=server.ways))
    settings.LAUREA_LOG_WITNESSES = [server.url("/keep")]
    return handed


def inform(now: datetime) -> int:
    """Tell everybody who is due; give how many were tried."""
    tried = 0
    while witnessing.inform_next(worker="one", now=now):
        tried += 1
    return tried


def test_without_witnesses_nobody_is_told(now: datetime) -> None:
    assert inform(now) == 0
    assert not WitnessNotice.objects.exists()


def test_a_witness_by_mail_gets_the_checkpoint_and_what_to_do_with_it(mail: MailServer, now: datetime) -> None:
    assert inform(now) == 1
    (message,) = mail.messages
    checkpoint = Checkpoint.objects.get()
    assert message["To"] == "keeper@elsewhere.example"
    assert message["Subject"] == f"Checkpoint of badges.example.com/log at {checkpoint.size} entries"
    body = message.get_body()
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    assert checkpoint.note in text
    key = log_key.verifier(log_key.log(now=now))
    command = (
        f"laurea log verify https://badges.example.com --since checkpoint-{checkpoint.size}.txt --key {key.encode()}"
    )
    assert command in text
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == f"checkpoint-{checkpoint.size}.txt"
    content = attached.get_content()
    assert isinstance(content, bytes)
    assert note.open_note(content.decode(), key).size == checkpoint.size


def test_what_was_mailed_is_what_verifies_the_log_later(
    mail: MailServer, acme: Issuer, tmp_path: Path, now: datetime
) -> None:
    inform(now)
    (attached,) = mail.messages[0].iter_attachments()
    logged.act(300, acme, now)
    logged.take_in(now)
    read = verifying_log.in_folder(tmp_path / "files")
    content = attached.get_content()
    assert isinstance(content, bytes)
    assert verifying_log.verify(read, since=content.decode()).findings == []


def test_a_witness_on_the_web_is_handed_the_note(posted: list[tuple[str, bytes]], now: datetime) -> None:
    assert inform(now) == 1
    assert posted == [("text/plain; charset=utf-8", Checkpoint.objects.get().note.encode())]
    (witness,) = witnessing.witnesses()
    assert (witness.told, witness.waiting) == (WitnessNotice.objects.get(), None)


def test_each_is_told_once_in_its_hours_and_only_what_is_new(
    mail: MailServer, acme: Issuer, now: datetime, settings: Settings
) -> None:
    settings.LAUREA_LOG_WITNESS_HOURS = 12
    assert [inform(now), inform(now + HOUR)] == [1, 0]
    logged.act(1, acme, now)
    logged.take_in(now)
    assert [inform(now + 11 * HOUR), inform(now + 12 * HOUR), inform(now + 13 * HOUR)] == [0, 1, 0]
    assert inform(now + 48 * HOUR) == 0  # nothing has happened since
    assert [str(message["Subject"]).split()[-2] for message in mail.messages] == ["2", "3"]


# --- Trouble ----------------------------------------------------------------------------------------------------------


def test_a_witness_that_does_not_answer_is_tried_again_ever_more_seldom(
    posted: list[tuple[str, bytes]], server: Served, settings: Settings, now: datetime
) -> None:
    settings.LAUREA_LOG_WITNESSES = [server.url("/away"), server.url("/moved"), server.url("/keep")]
    assert inform(now) == 3  # the two before do not stop the third
    away, moved, kept = witnessing.witnesses()
    assert away.waiting is not None
    assert away.waiting.problem == "badges.example.org answered 503 for /away"
    assert moved.waiting is not None
    assert moved.waiting.problem == "badges.example.org answered 302 for /moved"
    assert kept.waiting is None
    WitnessNotice.objects.exclude(witness=server.url("/away")).delete()
    settings.LAUREA_LOG_WITNESSES = [server.url("/away")]
    for pause in (*witnessing.BACK_OFF, witnessing.BACK_OFF[-1]):
        notice = WitnessNotice.objects.get()
        assert notice.not_before == now + pause
        assert inform(notice.not_before - timedelta(seconds=1)) == 0
        now = notice.not_before
        assert inform(now) == 1


def test_a_newer_checkpoint_takes_the_place_of_one_that_was_not_told(
    posted: list[tuple[str, bytes]], acme: Issuer, server: Served, settings: Settings, now: datetime
) -> None:
    settings.LAUREA_LOG_WITNESSES = [server.url("/away")]
    inform(now)
    logged.act(1, acme, now)
    logged.take_in(now)
    assert inform(now + 25 * HOUR) == 1
    (notice,) = WitnessNotice.objects.all()
    assert (notice.checkpoint.size, notice.attempts) == (3, 1)


def test_a_mail_server_in_trouble_is_said_in_plain_words(mail: MailServer, now: datetime) -> None:
    mail.refusals = ["450 not now"]
    inform(now)
    (witness,) = witnessing.witnesses()
    assert witness.waiting is not None
    assert witness.waiting.problem == "The mail server does not take mail for this address just now"
    assert inform(witness.waiting.not_before) == 1
    assert len(mail.messages) == 1


def test_a_witness_inside_a_private_network_is_not_called(settings: Settings, now: datetime) -> None:
    settings.LAUREA_LOG_WITNESSES = ["https://127.0.0.1:4443/keep"]
    inform(now)
    (witness,) = witnessing.witnesses()
    assert witness.waiting is not None
    assert "not on the public internet" in witness.waiting.problem


def test_one_who_is_no_longer_named_is_no_longer_told(
    posted: list[tuple[str, bytes]], server: Served, settings: Settings, now: datetime
) -> None:
    settings.LAUREA_LOG_WITNESSES = [server.url("/away")]
    inform(now)
    settings.LAUREA_LOG_WITNESSES = []
    assert inform(now + 99 * HOUR) == 0
