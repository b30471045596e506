"""Signing in: the password, the second step, guessing, and every way back in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from installation import PASSWORD, Browser
from laurea.records.models import Account, Entry, Issuer

pytestmark = pytest.mark.django_db

LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
NEW = "another sentence nobody guesses"


def browser() -> Client:
    """One more browser that came by https."""
    return Browser(headers={"host": "badges.example.com"})


def signed_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def attempt(client: Client, password: str, email: str = "dora@example.com") -> str:
    answer = client.post(LOGIN, {"login": email, "password": password})
    return answer.headers.get("Location", "") or answer.content.decode()


def totp(secret: str, at: float) -> str:
    """The code of an authenticator app (RFC 6238: SHA-1, 30 seconds, 6 digits)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def test_the_password_opens_the_console(client: Client, dora: Account) -> None:
    assert attempt(client, PASSWORD) == "/console/"
    assert client.get("/console/").headers["Location"] == "/console/acme/"


def test_a_wrong_password_and_an_unknown_address_sound_the_same(client: Client, dora: Account) -> None:
    said = "The email address and/or password you specified are not correct."
    assert said in attempt(client, "wrong")
    assert said in attempt(client, "wrong", "nobody@example.com")
    assert not signed_in(client)


def test_one_is_sent_back_to_where_one_wanted_to_go(client: Client, dora: Account) -> None:
    answer = client.post(f"{LOGIN}?next=/console/acme/people/", {"login": dora.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/console/acme/people/"
    for evil in ("https://evil.example/", "//evil.example/"):
        client.post("/accounts/logout/")
        assert attempt(client, PASSWORD) == "/console/"
        client.post("/accounts/logout/")
        answer = client.post(LOGIN, {"login": dora.email, "password": PASSWORD, "next": evil})
        assert answer.headers["Location"] == "/console/"


def test_guessing_locks_the_account_for_a_while_even_for_the_right_password(client: Client, dora: Account) -> None:
    for number in range(5):
        assert "not correct" in attempt(client, f"guess {number}")
    elsewhere = browser()
    for guesser, ip in ((client, "127.0.0.1"), (elsewhere, "203.0.113.9")):
        guesser.defaults["REMOTE_ADDR"] = ip
        assert "Too many failed login attempts" in attempt(guesser, PASSWORD)
        assert not signed_in(guesser)


def test_guessing_many_accounts_from_one_address_is_stopped(client: Client, dora: Account) -> None:
    for number in range(10):
        assert "not correct" in attempt(client, "guess", f"person{number}@example.com")
    assert "Too many failed login attempts" in attempt(client, PASSWORD)
    elsewhere = browser()
    elsewhere.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert attempt(elsewhere, PASSWORD) == "/console/"


def test_asking_too_often_is_answered_with_429(client: Client) -> None:
    codes = [client.post(LOGIN, {"login": "x"}).status_code for _ in range(31)]
    assert codes == [200] * 30 + [429]
    assert "That was too often" in client.post(LOGIN, {"login": "x"}).content.decode()


def test_nobody_signs_up(client: Client) -> None:
    for answer in (client.get("/accounts/signup/"), client.post("/accounts/signup/", {"email": "eve@example.com"})):
        assert "Accounts are made by invitation" in answer.content.decode()
    assert not Account.objects.exists()


def test_a_closed_account_stays_out(client: Client, dora: Account) -> None:
    Account.objects.filter(pk=dora.pk).update(is_active=False)
    answer = client.post(LOGIN, {"login": dora.email, "password": PASSWORD}, follow=True)
    assert "This account is closed" in answer.content.decode()


def test_an_address_that_was_never_proven_is_asked_for_a_code(client: Client, alice: Account) -> None:
    answer = client.post(LOGIN, {"login": alice.email, "password": PASSWORD}, follow=True)
    assert "Enter the code" in answer.content.decode()
    code = re.search(r"^[0-9A-Z-]{6,}$", str(mail.outbox[0].body), re.MULTILINE)
    assert code
    assert "Enter the code" in client.post("/accounts/confirm-email/", {"code": "WRONG1"}).content.decode()
    assert not signed_in(client)
    client.post("/accounts/confirm-email/", {"code": code[0]})
    assert signed_in(client)


def test_the_language_of_the_account_follows_into_every_browser(client: Client, dora: Account) -> None:
    Account.objects.filter(pk=dora.pk).update(language="de")
    client.post(LOGIN, {"login": dora.email, "password": PASSWORD})
    assert client.cookies["django_language"].value == "de"
    assert '<html lang="de"' in client.get("/accounts/").content.decode()


# --- Forgotten --------------------------------------------------------------------------------------------------------


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(client: Client, dora: Account) -> None:
    assert client.post(RESET, {"email": dora.email}).headers["Location"] == f"{RESET}done/"
    message = mail.outbox[0]
    link = re.search(r"https://\S+", str(message.body))
    assert link
    html = message.alternatives[0].content  # type: ignore[attr-defined]
    assert f'href="{link[0]}"' in html
    page = client.get(link[0], follow=True)
    form = page.redirect_chain[-1][0]
    assert "Set a new password" in page.content.decode()
    assert "too short" in client.post(form, {"password1": "short"}).content.decode()
    assert client.post(form, {"password1": NEW}).status_code == 302
    assert "This link no longer works" in browser().get(link[0], follow=True).content.decode()
    assert attempt(client, NEW) == "/console/"
    assert [each.subject for each in mail.outbox] == ["Set a new password", "Your password was set anew"]


def test_an_unknown_address_gets_the_same_answer_and_another_message(client: Client, dora: Account) -> None:
    answers = [client.post(RESET, {"email": email}, follow=True).content for email in (dora.email, "eve@example.com")]
    assert answers[0] == answers[1]
    assert "There is no account for this address" in mail.outbox[1].subject
    assert "https://" not in str(mail.outbox[1].body)


def test_a_mail_server_in_trouble_is_said(client: Client, dora: Account, settings: pytest.FixtureRequest) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1  # type: ignore[attr-defined]
    answer = client.post(RESET, {"email": dora.email})
    assert answer.status_code == 422
    assert "The message could not be sent" in answer.content.decode()


def test_changing_the_password_asks_for_the_old_one_and_signs_out_the_others(inside: Client, dora: Account) -> None:
    other = browser()
    attempt(other, PASSWORD)
    change = "/accounts/password/change/"
    assert "current password" in inside.post(change, {"oldpassword": "x", "password1": NEW}).content.decode()
    assert inside.post(change, {"oldpassword": PASSWORD, "password1": NEW}).status_code == 302
    assert (signed_in(inside), signed_in(other)) == (True, False)
    assert mail.outbox[-1].subject == "Your password was changed"


# --- The second step --------------------------------------------------------------------------------------------------


@pytest.fixture
def secret(inside: Client) -> str:
    """The secret of Dora's authenticator app."""
    page = inside.get("/accounts/2fa/totp/activate/")
    found = re.search(r'data-copy="([A-Z2-7]{16,})"', page.content.decode())
    assert found
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    wrong = inside.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert wrong.status_code == 200
    # The app made its code half a minute ago, so that the next one is still good for signing in.
    done = inside.post("/accounts/2fa/totp/activate/", {"code": totp(found[1], time.time() - 30)})
    assert done.headers["Location"] == "/accounts/2fa/recovery-codes/"
    return found[1]


def test_the_app_is_asked_for_after_the_password(secret: str, dora: Account) -> None:
    client = browser()
    assert attempt(client, PASSWORD) == "/accounts/2fa/authenticate/"
    assert not signed_in(client)
    assert "The second step" in client.get("/accounts/2fa/authenticate/").content.decode()
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not signed_in(client)
    code = totp(secret, time.time())
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).headers["Location"] == "/console/"
    assert signed_in(client)
    again = browser()
    attempt(again, PASSWORD)
    again.post("/accounts/2fa/authenticate/", {"code": code})
    assert not signed_in(again)  # nobody looks over a shoulder and uses it once more


@pytest.mark.usefixtures("secret")
def test_a_recovery_code_works_once(inside: Client) -> None:
    codes = inside.get("/accounts/2fa/recovery-codes/download/").content.decode().split()
    assert len(codes) == 10
    for expected in (True, False):
        client = browser()
        attempt(client, PASSWORD)
        client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert signed_in(client) is expected
    assert "9 of 10 codes are left" in inside.get("/accounts/2fa/recovery-codes/").content.decode()


@pytest.mark.usefixtures("inside")
def test_the_database_does_not_hold_the_secrets_in_the_clear(secret: str) -> None:
    kept = list(Authenticator.objects.values_list("data", flat=True))
    assert len(kept) == 2  # the app and the recovery codes
    assert secret not in str(kept)
    assert all(str(value).startswith("gAAAA") for data in kept for value in data.values() if isinstance(value, str))


@pytest.mark.usefixtures("secret")
def test_the_app_can_be_turned_off(inside: Client) -> None:
    assert "Turn off the authenticator app?" in inside.get("/accounts/2fa/totp/deactivate/").content.decode()
    inside.post("/accounts/2fa/totp/deactivate/")
    assert attempt(browser(), PASSWORD) == "/console/"


@pytest.mark.parametrize(
    "page", ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/recovery-codes/generate/"]
)
def test_what_concerns_the_second_step_asks_who_it_is(client: Client, dora: Account, page: str) -> None:
    client.force_login(dora)
    answer = client.get(page)
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/?next=")
    assert "Is it you?" in client.get(answer.headers["Location"]).content.decode()


def test_passkeys_are_offered_and_asked_for_by_a_program_of_ours(inside: Client) -> None:
    page = inside.get("/accounts/2fa/webauthn/add/").content.decode()
    assert 'data-passkey="add"' in page
    assert "challenge" in page
    assert "passkeys.js" in page
    options = browser().get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["rpId"] == "badges.example.com"


# --- Devices ----------------------------------------------------------------------------------------------------------


def test_devices_are_listed_and_signed_out_one_by_one_or_all(inside: Client, dora: Account) -> None:
    others = [browser() for _ in range(3)]
    for other in others:
        other.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
        attempt(other, PASSWORD)
    page = inside.get("/accounts/sessions/").content.decode()
    assert page.count("Firefox on Linux") == 3
    assert page.count("This device") == 1
    first = UserSession.objects.get(session_key=others[0].session.session_key)
    inside.post(f"/accounts/sessions/{first.pk}/end")
    assert [signed_in(other) for other in others] == [False, True, True]
    inside.post("/accounts/sessions/")
    assert [signed_in(other) for other in others] == [False, False, False]
    assert signed_in(inside)


def test_nobody_signs_out_somebody_elses_device(inside: Client, charlie: Account) -> None:
    mine = UserSession.objects.get(session_key=inside.session.session_key)
    stranger = browser()
    stranger.force_login(charlie)
    assert stranger.post(f"/accounts/sessions/{mine.pk}/end").status_code == 404
    assert browser().post(f"/accounts/sessions/{mine.pk}/end").headers["Location"].startswith(LOGIN)
    assert signed_in(inside)


def test_a_new_address_is_proven_by_a_code_before_it_counts(inside: Client, dora: Account) -> None:
    answer = inside.post("/accounts/email/", {"email": "dora@new.example", "action_add": "1"}, follow=True)
    assert "Enter the code" in answer.content.decode()
    message = mail.outbox[-1]
    assert message.to == ["dora@new.example"]
    code = re.search(r"^[0-9A-Z-]{6,}$", str(message.body), re.MULTILINE)
    assert code
    dora.refresh_from_db()
    assert dora.email == "dora@example.com"
    inside.post("/accounts/confirm-email/", {"code": code[0]})
    dora.refresh_from_db()
    assert dora.email == "dora@new.example"
    assert attempt(browser(), PASSWORD).count("not correct") == 1
    assert attempt(browser(), PASSWORD, "dora@new.example") == "/console/"


# --- What the log tells of it -----------------------------------------------------------------------------------------


def entered() -> list[tuple[str, object, object]]:
    """Acts, by whom, and the step, since the last time."""
    found = []
    for entry in Entry.objects.filter(act__startswith="account.").order_by("pk"):
        said = json.loads(entry.content)
        found.append((f"{entry.act} {said['from']}", entry.actor_id, said["facts"]))
    Entry.objects.all().delete()
    return found


def test_the_log_tells_who_came_in_and_who_tried(client: Client, acme: Issuer, dora: Account) -> None:
    entered()
    attempt(client, "wrong")
    attempt(client, "wrong", "nobody@example.com")
    attempt(client, PASSWORD)
    page, step = "account_login", {"step": "password"}
    assert entered() == [
        (f"account.sign-in-failed {page}", None, step),
        (f"account.sign-in-failed {page}", None, step),
        (f"account.signed-in {page}", dora.pk, {}),
    ]


def test_the_log_tells_of_a_wrong_second_step(secret: str, dora: Account) -> None:
    other = browser()
    attempt(other, PASSWORD)
    entered()
    other.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert entered() == [("account.sign-in-failed mfa_authenticate", None, {"step": "second-factor"})]
    other.post("/accounts/2fa/authenticate/", {"code": totp(secret, time.time())})
    assert entered() == [("account.signed-in mfa_authenticate", dora.pk, {})]


def test_the_log_tells_how_a_sign_in_was_changed(inside: Client, dora: Account) -> None:
    entered()
    inside.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert entered() == [("account.password-changed account_change_password", dora.pk, {})]
