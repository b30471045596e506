"""Messages to holders, sent through a real SMTP server and read back."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from laurea.actions import chunks, confirming, delivering
from laurea.credentials import baking
from laurea.records.models import Achievement, Credential, Delivery, Issuer
from mail_server import MailServer, mail_server

Issue = Callable[..., Credential]


@pytest.fixture
def issue(acme: Issuer, achievement: Achievement) -> Issue:
    """Issue a credential the ordinary way, up to the message that is due."""

    def make(name: str = "Ada Lovelace", email: str = "ada@example.org", **more: object) -> Credential:
        batch = confirming.issue_one(
            acme,
            achievement,
            name=name,
            email=email,
            now=timezone.now(),
            actor=None,
            **more,  # type: ignore[arg-type]
        )
        while chunks.work_on_next(worker="test", now=timezone.now()):
            pass
        return Credential.objects.select_related("achievement", "issuer").get(batch=batch)

    return make


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", running.port, False
        settings.EMAIL_TIMEOUT = 5
        settings.DEFAULT_FROM_EMAIL = "Badges <badges@example.com>"
        yield running


def state(credential: Credential) -> tuple[str, int, str]:
    delivery = credential.deliveries.get()
    return delivery.state, delivery.attempts, delivery.problem


@pytest.mark.django_db(transaction=True)
def test_the_holder_gets_one_whole_message(issue: Issue, server: MailServer) -> None:
    credential = issue()
    assert delivering.send_due(now=timezone.now()) == 1
    assert delivering.send_due(now=timezone.now()) == 0
    assert state(credential) == ("sent", 1, "")
    (letter,) = server.messages
    assert letter["To"] == "ada@example.org"
    assert letter["From"] == "Acme GmbH <badges@example.com>"
    assert letter["Subject"] == "Your certificate: Safe Handling of Personal Data"
    text, markup = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert markup is not None
    for body in (text.get_content(), markup.get_content()):
        assert f"https://badges.example.com/c/{credential.code}" in body
        assert "Ada Lovelace" in body
    assert "<style" not in markup.get_content()  # mail programs drop style sheets
    pdf = next(part for part in letter.iter_attachments() if part.get_content_type() == "application/pdf")
    assert pdf.get_filename() == f"Ada Lovelace - {credential.code}.pdf"
    assert baking.extract(pdf.get_content()).text.decode() == credential.text


@pytest.mark.django_db(transaction=True)
def test_a_german_holder_reads_german(issue: Issue, server: MailServer) -> None:
    issue(language="de")
    delivering.send_due(now=timezone.now())
    (letter,) = server.messages
    assert letter["Content-Language"] == "de"
    assert str(letter["Subject"]).startswith("Ihr Zertifikat")


@pytest.mark.django_db(transaction=True)
def test_names_cannot_become_headers_or_markup(issue: Issue, server: MailServer) -> None:
    issue(name='Ada "<b>" Lovelace & Söhne')
    delivering.send_due(now=timezone.now())
    markup = server.messages[0].get_body(("html",))
    assert markup is not None
    assert "<b>" not in markup.get_content()


@pytest.mark.django_db(transaction=True)
def test_an_unknown_address_is_given_up_at_once(issue: Issue, server: MailServer) -> None:
    credential = issue()
    server.refusals = ["550 no such user"]
    delivering.send_due(now=timezone.now())
    assert state(credential) == ("failed", 1, "The mail server does not know this address, or refuses mail for it")
    delivering.send_again(credential.deliveries.get(), now=timezone.now(), actor=None)
    delivering.send_due(now=timezone.now())
    assert state(credential) == ("sent", 1, "")


@pytest.mark.django_db(transaction=True)
def test_a_full_box_is_tried_again_later_and_given_up_in_the_end(issue: Issue, server: MailServer) -> None:
    credential = issue()
    now = timezone.now()
    for attempt in range(1, len(delivering.BACK_OFF) + 1):
        server.refusals = ["452 mailbox full"]
        delivering.send_due(now=now)
        assert state(credential)[:2] == ("due", attempt)
        assert delivering.send_due(now=now) == 0  # not before its time
        now = next_attempt(credential)
    server.refusals = ["452 mailbox full"]
    delivering.send_due(now=now)
    assert state(credential)[0] == "failed"
    assert server.messages == []


def next_attempt(credential: Credential) -> datetime:
    at = credential.deliveries.get().not_before
    assert at is not None
    return at


@pytest.mark.django_db(transaction=True)
def test_one_bad_address_does_not_stop_the_others(issue: Issue, server: MailServer) -> None:
    first, second, third = (issue(name, f"{name.lower()}@example.org") for name in ("Ada", "Ben", "Cem"))
    server.refusals = ["550 no such user"]
    delivering.send_due(now=timezone.now())
    assert [state(each)[0] for each in (first, second, third)] == ["failed", "sent", "sent"]
    assert [letter["To"] for letter in server.messages] == ["ben@example.org", "cem@example.org"]


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_down_costs_no_attempt(issue: Issue, settings: Settings) -> None:
    credential = issue()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    delivering.send_due(now=timezone.now())
    assert state(credential) == ("due", 0, "The mail server does not answer")
    with mail_server() as server:
        settings.EMAIL_PORT = server.port
        delivering.send_due(now=timezone.now() + delivering.SERVICE_PAUSE)
        assert state(credential) == ("sent", 1, "")


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_message(issue: Issue) -> None:
    issue()
    now = timezone.now()
    first = delivering._claim(now)
    assert len(first) == 1
    assert delivering._claim(now) == []
    later = delivering._claim(now + delivering.LEASE + timedelta(seconds=1))
    assert [claim.delivery.pk for claim in later] == [claim.delivery.pk for claim in first]
    assert not delivering._ours(first[0]).exists()  # the first worker is fenced off
    assert delivering._ours(later[0]).exists()


@pytest.mark.django_db(transaction=True)
def test_both_attempts_carry_one_message_id(issue: Issue, server: MailServer) -> None:
    credential = issue()
    delivering.send_due(now=timezone.now())
    delivering.send_again(credential.deliveries.get(), now=timezone.now(), actor=None)
    delivering.send_due(now=timezone.now())
    first, second = server.messages
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.django_db(transaction=True)
def test_without_a_server_mail_is_a_file(issue: Issue, settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "laurea.actions.mail_folder.MailFolder", tmp_path
    credential = issue()
    delivering.send_due(now=timezone.now())
    (file,) = tmp_path.iterdir()
    assert file.suffix == ".eml"
    assert b"Lovelace" in io.BytesIO(file.read_bytes()).read()
    assert state(credential)[0] == "sent"


@pytest.mark.django_db(transaction=True)
def test_nobody_without_an_address_gets_mail(issue: Issue) -> None:
    credential = issue(email="")
    assert not Delivery.objects.filter(credential=credential).exists()
    with pytest.raises(delivering.MailError) as caught:
        delivering.to_holder(credential, now=timezone.now(), actor=None)
    assert caught.value.code == "mail.address"
