"""Passkeys in a real browser, with the authenticator that Chromium plays for tests (WebAuthn over its debugger)."""

from __future__ import annotations

from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.conftest import opened
from browser.looking import Watch, sign_in
from real_installation import Installation


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


def test_a_passkey_from_its_beginning_to_its_end(browser: Browser, demo: Installation, watch: Watch) -> None:
    email, password = demo.account("Viewer")
    context = opened(browser, demo, watch)
    page = context.new_page()
    with_authenticator(context, page)
    sign_in(page, email, password)

    # Added: the browser makes it, the server keeps it and hands out recovery codes.
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(password)
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
    page.wait_for_url("**/console/northlight/")

    # As the second step after the password.
    page.goto("/accounts/")
    sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/console/northlight/")

    # Before what matters, and gone.
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Laptop")
    page.goto("/accounts/2fa/webauthn/reauthenticate/?next=/accounts/2fa/webauthn/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No passkey yet")).to_be_visible()
    context.close()
