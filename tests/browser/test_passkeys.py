"""Passkeys in a real browser, with the authenticator that Chromium plays for tests (WebAuthn over its debugger)."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from ports import free_port

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
EMAIL, PASSWORD = "ada@example.com", "a quiet long sentence"


@pytest.fixture(scope="module")
def link(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The set-up link of a fresh installation that runs."""
    folder = tmp_path_factory.mktemp("passkeys")
    log = folder / "log"
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("LAUREA_", "DJANGO_"))}
    command = [sys.executable, "-m", "laurea", "run", "--no-browser", "--workers", "1", "--port", str(free_port())]
    with log.open("w") as out:
        process = subprocess.Popen([*command, "--data", str(folder / "data")], env=mine, stdout=out, stderr=out)
    deadline = time.monotonic() + 180
    while not re.search(r"^ready: ", log.read_text(), re.MULTILINE):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
    found = re.search(r"Set up:\s+(\S+)", log.read_text())
    assert found
    yield found[1]
    process.send_signal(signal.SIGTERM)
    process.wait(60)


@pytest.fixture
def page(link: str) -> Iterator[Page]:
    """A page of a browser with a fingerprint reader; what the policy of content forbids fails the test."""
    assert CHROMIUM, "this test needs Chromium (scripts/system-packages installs it)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(locale="en-GB", base_url=link.partition("/set-up/")[0])
        context.set_default_timeout(30_000)
        opened = context.new_page()
        said: list[str] = []
        opened.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: said.append(str(error)))
        yield opened
        browser.close()
    assert said == []


def with_authenticator(context: BrowserContext, page: Page) -> None:
    """A fingerprint reader that always knows its owner."""
    debugger = context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda address: "/accounts/" not in address)


def test_a_passkey_from_the_set_up_to_its_end(link: str, page: Page) -> None:
    with_authenticator(page.context, page)
    _set_up(page, link)

    # Added: the browser makes it, the server keeps it and hands out recovery codes.
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Laptop")
    expect(page.get_by_label("Sign in with it alone, without the password")).to_be_checked()
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/recovery-codes/")
    expect(page.locator(".codes li")).to_have_count(10)

    # The same device a second time: the browser knows, and it is said.
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("alert")).to_have_text("This device has a key for your account already.")

    # Instead of the password.
    page.goto("/accounts/")
    sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/console/acme/")

    # As the second step after the password.
    page.goto("/accounts/")
    sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/console/acme/")

    # Before what matters, and gone.
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Laptop")
    page.goto("/accounts/2fa/webauthn/reauthenticate/?next=/accounts/2fa/webauthn/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No passkey yet")).to_be_visible()


def _set_up(page: Page, link: str) -> None:
    """Fill in the set-up, and see how it helps: the short name, and how good the password is."""
    page.goto(link)
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Your e-mail address").fill(EMAIL)
    password = page.locator("#id_password")
    said = page.locator(".strength span")
    for typed, judged in (
        ("short", "7 more characters"),
        ("ada lovelace", "Not made of your name or address"),
        ("abcabcabcabc", "Too simple: it repeats itself or runs along the keyboard"),
        (PASSWORD, "Strong"),
    ):
        password.fill(typed)
        expect(said).to_have_text(judged)
    page.get_by_role("button", name="Show the password").click()
    expect(password).to_have_attribute("type", "text")
    page.get_by_label("Name of the organisation").fill("Acme GmbH")
    expect(page.get_by_label("Short name in addresses")).to_have_value("acme")
    page.get_by_role("button", name="Set up and begin").click()
    page.wait_for_url("**/console/acme/")
