"""Every page of the console, of the accounts and for everybody, in light and dark, on a desktop and on a telephone.

The addresses come from the URLconf: a new page is swept without anybody thinking of it, and one whose parameters the
sweep does not know fails it (`browser_programs.places` says what belongs where).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from browser.looking import DESKTOP, OWNER, PHONE, Watch, axe, overflow, resize, settled, sheets, sign_in, unfold, wear
from every_address import every_address
from real_installation import Installation

SECOND = "an account with a second step"
ADDRESSES = {address.label: address for address in every_address()}
NO_PAGES = {
    "account_reauthenticate": "shown where something needs the password again; test_the_password_once_more",
    "account_email_verification_sent": "part of a sign-in with an unconfirmed address, which no account here has",
    "account_confirm_login_code": "signing in by a mailed code is switched off",
    "account_set_password": "for accounts without a password, which nobody has",
    "account_inactive": "",
}
"""Addresses that show no page here, and why."""
FURTHER = {
    "public:verify": ["?code=XXXX", "?code=0000-0000-0000-0000"],
    "console:people": ["?q=nobody+is+called+that"],
    "console:credentials": ["?q=nobody+is+called+that"],
    "console:batches": ["?q=nothing+like+that"],
    "console:batch-row": ["?fix=1,2"],
    "console:batch-review": ["?state=error", "?state=ready", "?q=nothing+like+that"],
    "console:issue-one": ["?person=1"],
}
"""States of pages that only a question shows."""


Visit = Callable[[str | None], BrowserContext]


@pytest.fixture(scope="module")
def watching() -> Watch:
    return Watch("")


@pytest.fixture(scope="module")
def context_of(browser: Browser, demo: Installation, watching: Watch) -> Iterator[Visit]:
    """The browser of each kind of visitor, signed in once."""
    watching.host = urlsplit(demo.address).netloc
    contexts: dict[str | None, BrowserContext] = {}

    def context(who: str | None) -> BrowserContext:
        if who not in contexts:
            made = browser.new_context(base_url=demo.address, locale="en-GB", viewport=DESKTOP, reduced_motion="reduce")
            made.set_default_timeout(30_000)
            watching.over(made)
            page = made.new_page()
            if who == SECOND:
                key = demo.places["session of an account with a second step"][0]
                made.add_cookies([{"name": "sessionid", "value": key, "url": demo.address}])
            elif who is not None:
                sign_in(page, demo.accounts[who]["email"], demo.accounts[who]["password"])
            contexts[who] = made
        return contexts[who]

    yield context
    for each in contexts.values():
        each.close()


def is_page(context: BrowserContext, path: str) -> bool:
    """Whether there is something to look at: HTML, that leads nowhere else."""
    response = context.request.get(path, max_redirects=0)
    assert response.status < 500, f"{path}: {response.status}"
    return response.headers.get("content-type", "").startswith("text/html") and response.status in (200, 404, 410, 422)


def look(page: Page, path: str) -> list[str]:
    """Everything that is wrong with a page."""
    wrong = []

    def note(where: str, found: list[str]) -> None:
        wrong.extend(f"{path} ({where}): {each}" for each in found)

    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")
    page.goto(path)
    settled(page)
    note("1440", overflow(page))
    unfold(page)
    note("light", axe(page))
    wear(page, "dark")
    note("dark", axe(page))
    for sheet in sheets(page):
        page.evaluate("(id) => document.getElementById(id).showModal()", sheet)
        note(f"dark, dialog {sheet}", axe(page, f"#{sheet}"))
        page.evaluate("(id) => document.getElementById(id).close()", sheet)
    for number in range(page.locator("details.menu").count()):
        menu = page.locator("details.menu").nth(number)
        if number < 4 and menu.is_visible():
            menu.evaluate(
                "(menu) => { menu.open = true; menu.id ||= 'swept-menu-' + Math.random().toString(36).slice(2) }"
            )
            note("dark, menu", axe(page, f"#{menu.get_attribute('id')}"))
            menu.evaluate("(menu) => { menu.open = false }")
    resize(page, PHONE)
    note("360", overflow(page))
    wear(page, "light")
    note("360, light", axe(page))
    return wrong


@pytest.mark.parametrize("label", ADDRESSES)
def test_page(label: str, context_of: Visit, demo: Installation, watching: Watch) -> None:
    watching.problems.clear()
    wrong: list[str] = []
    seen: set[Any] = set()
    address = ADDRESSES[label]
    # One list in review is enough to show its lines.
    paths = address.filled(
        demo.places | ({"batches/pk": demo.places["batches/pk"][:1]} if "line" in address.places else {})
    )
    if label in FURTHER:
        paths += [path + query for path in paths for query in FURTHER[label]]
    for who in (None, OWNER, SECOND):
        context = context_of(who)
        for path in paths:
            if path in seen or (who == SECOND and not label.startswith("mfa_")) or not is_page(context, path):
                continue
            seen.add(path)
            watching.expected = [r"status of 4(04|10|22)"]
            wrong += look(context.pages[0], path)
    assert "\n".join(wrong + watching.problems) == ""
    if not seen:
        assert label in NO_PAGES or gives_no_page(context_of(OWNER), paths), f"{label} shows no page"


def gives_no_page(context: BrowserContext, paths: list[str]) -> bool:
    """Whether an address is a file, or only takes what forms send."""
    for path in paths:
        response = context.request.get(path, max_redirects=0)
        if response.status == 405 or not response.headers.get("content-type", "text/html").startswith("text/html"):
            return True
        if response.status in (301, 302) and "login" not in response.headers["location"]:
            return True
    return False
