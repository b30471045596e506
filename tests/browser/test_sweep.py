"""Every page of the console, of the accounts and for everybody, in light and dark, on a desktop and on a telephone.

The addresses come from the URLconf: a new page is swept without anybody thinking of it, and one whose parameters the
sweep does not know fails it (`browser_programs.places` says what belongs where).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page

from browser.conftest import HALFWAY, Visit
from browser.looking import (
    COLOURS,
    DESKTOP,
    PHONE,
    PLACES,
    Watch,
    axe,
    overflow,
    resize,
    settled,
    unfold,
    wear,
)
from browser_programs import OWNER, SECOND
from every_address import Address, every_address
from real_installation import Installation

ALSO_AS = {
    **dict.fromkeys((address.label for address in every_address() if address.label.startswith("mfa_")), SECOND),
    "mfa_authenticate": HALFWAY,
    "console:start": SECOND,
}
"""Who else is shown a page: what the demo's owner and strangers do not see."""
ADDRESSES = {address.label: address for address in every_address()}
NO_PAGES = {
    "account_email_verification_sent": "part of a sign-in with an unconfirmed address, which no account here has",
    "account_confirm_login_code": "signing in by a mailed code is switched off",
    "account_set_password": "for accounts without a password, which nobody has",
    "mfa_login_webauthn": "asked by the program of the sign-in",
}
"""Addresses that show no page here, and why."""
FURTHER = {
    "public:verify": ["?code=XXXX", "?code=0000-0000-0000-0000"],
    "console:people": ["?q=nobody+is+called+that"],
    "console:credentials": ["?q=nobody+is+called+that"],
    "console:batches": ["?q=nothing+like+that"],
    "console:mail": ["?state=failed"],
    "console:batch-row": ["?fix=1,2"],
    "console:batch-review": ["?state=error", "?state=ready", "?q=nothing+like+that"],
    "console:issue-one": ["?person=1"],
    "console:audit": ["?group=keys", "?q=nobody+is+called+that"],
    "console:person-merge": ["?q=a"],
}
"""States of pages that only a question shows."""
MISSED = r"status of 4(04|10|22)"
"""What Chromium says of a page that is not there, or of a form that was filled in wrongly."""


@pytest.fixture(scope="module")
def known() -> set[str]:
    """The markup of dialogs and menus that were looked at: most pages have the same ones."""
    return set()


def is_page(context: BrowserContext, path: str) -> bool:
    """Whether there is something to look at: HTML, that leads nowhere else and is not to be saved."""
    response = context.request.get(path, max_redirects=0)
    assert response.status < 500, f"{path}: {response.status}"
    if is_download(response):
        return False
    return response.headers.get("content-type", "").startswith("text/html") and response.status in (200, 404, 410, 422)


def is_download(response: APIResponse) -> bool:
    return response.headers.get("content-disposition", "").startswith("attachment")


def look(page: Page, path: str, known: set[str]) -> list[str]:
    """Everything that is wrong with a page. What opens on it is `known` once it was looked at on another."""
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
    parts = openable(page)
    fresh = [part for part, markup in parts.items() if markup not in known]
    known.update(parts.values())
    for part in fresh:
        note(f"light, {part}", while_open(page, part, lambda part: axe(page, within(part))))
    wear(page, "dark")
    note("dark", axe(page, rules=COLOURS))
    for part in fresh:
        note(f"dark, {part}", while_open(page, part, lambda part: axe(page, within(part), rules=COLOURS)))
    resize(page, PHONE)
    note("360", overflow(page) + axe(page, rules=PLACES))
    german = {"name": "django_language", "value": "de", "url": page.url}  # as the switch sets it; its words are longer
    page.context.add_cookies([german])
    page.goto(path)
    page.context.clear_cookies(name=german["name"])
    settled(page)
    assert page.evaluate("document.documentElement.lang") == "de"
    unfold(page)
    note("360, German", overflow(page))
    for part in openable(page):
        note(f"360, German, {part}", while_open(page, part, lambda _: overflow(page)))
    return wrong


def openable(page: Page) -> dict[str, str]:
    """The dialogs and the first menus of a page (those of a list's rows are all alike): id -> markup."""
    found: dict[str, str] = page.evaluate("""() => {
      const menus = [...document.querySelectorAll("details.menu")].filter((each) => each.checkVisibility()).slice(0, 4);
      const markup = (each) => {
        const copy = each.cloneNode(true);
        for (const next of copy.querySelectorAll("[name=next]")) next.remove();  // the address of this page
        return copy.innerHTML;
      };
      const parts = [...document.querySelectorAll("dialog[id]"), ...menus];
      return Object.fromEntries(parts.map((each, number) => [each.id ||= `menu-${number}`, markup(each)]));
    }""")
    return found


def within(part: str) -> str:
    return f"[id='{part}']"


def while_open(page: Page, part: str, look_at: Callable[[str], list[str]]) -> list[str]:
    """What is found while a dialog or a menu is open."""
    page.evaluate(
        "(id) => { const part = document.getElementById(id); part.showModal ? part.showModal() : part.open = true; }",
        part,
    )
    found = look_at(part)
    page.evaluate(
        "(id) => { const part = document.getElementById(id); part.close ? part.close() : part.open = false; }", part
    )
    return found


@pytest.mark.parametrize("label", ADDRESSES)
def test_page(label: str, context_of: Visit, demo: Installation, watch: Watch, known: set[str]) -> None:
    watch.expected.append(MISSED)
    wrong: list[str] = []
    seen: set[Any] = set()
    address = ADDRESSES[label]
    paths = address.filled(demo.places | fewer(address, demo.places))
    if label in FURTHER:
        paths += [paths[0] + query for query in FURTHER[label]]
    if label == "console:people-import-review":
        upload_people(context_of(OWNER).pages[0])
    for who in (None, OWNER, *([ALSO_AS[label]] if label in ALSO_AS else [])):
        context = context_of(who)
        for path in paths:
            if path in seen or not is_page(context, path):
                continue
            seen.add(path)
            wrong += look(context.pages[0], path, known)
    assert "\n".join(wrong) == ""
    shows = bool(seen) or gives_no_page(context_of(OWNER), paths)
    assert shows is (label not in NO_PAGES), f"{label} shows {'a page' if seen else 'no page'}"


def upload_people(page: Page) -> None:
    """A list of people, looked over before it is taken in; with a name that differs, so that a question is asked."""
    page.goto("/console/northlight/people/")
    name, email = page.locator("a.row-name").first.inner_text().split("\n")[-2:]
    content = f"Name,E-mail,Department\n{name} Hartmann,{email},Grid\nAda Byron,ada@example.org,Grid\n,x at y,Grid\n"
    page.goto("/console/northlight/people/import/")
    page.locator("main input[type=file]").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/people/import/review/")


def fewer(address: Address, places: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Of some things not all are needed: one list shows what lines look like, one code what a missing file does."""
    if "line" in address.places:
        return {"batches/pk": places["batches/pk"][1:2]}
    if "c/typed" in address.places.values() and address.name != "public:credential":
        return {"c/typed": places["c/typed"][-1:]}
    return {}


def gives_no_page(context: BrowserContext, paths: list[str]) -> bool:
    """Whether an address is a file, or only takes what forms send."""
    for path in paths:
        response = context.request.get(path, max_redirects=0)
        media_type = response.headers.get("content-type", "text/html")
        if response.status == 405 or is_download(response) or not media_type.startswith("text/html"):
            return True
    return False


MISTAKEN = {
    "account_login": (None, "/accounts/login/"),
    "console:person-add": (OWNER, "/console/northlight/people/add/"),
    "console:achievement-new": (OWNER, "/console/northlight/achievements/new/"),
    "console:design-new": (OWNER, "/console/northlight/designs/new/"),
    "console:batch-new": (OWNER, "/console/northlight/batches/new/"),
    "console:issue-one": (OWNER, "/console/northlight/credentials/issue/"),
    "console:settings-invite": (OWNER, "/console/northlight/settings/members/invite"),
    "account_change_password": (OWNER, "/accounts/password/change/"),
}


# Fields that are marked as wrong, and do not say why. A description that is not there is no finding for axe.
_UNSAID = """() => {
  const why = (id) => document.getElementById(id)?.matches(".field-errors");
  const silent = (each) => !(each.getAttribute("aria-describedby") ?? "").split(" ").some(why);
  const wrong = [...document.querySelectorAll("[aria-invalid=true]")];
  return wrong.filter(silent).map((each) => `${each.name} is wrong, but why?`);
}"""


@pytest.mark.parametrize("label", MISTAKEN)
def test_a_form_that_was_sent_empty(label: str, context_of: Visit, watch: Watch) -> None:
    """What is wrong is said where it is, in words that programs which read aloud find, too."""
    watch.expected.append(MISSED)
    who, path = MISTAKEN[label]
    page = context_of(who).pages[0]
    resize(page, DESKTOP)
    wear(page, "light")
    page.goto(path)
    form = page.locator("main form[method=post]").first
    form.evaluate("""(form) => {
      form.noValidate = true;
      for (const each of form.querySelectorAll("input[type=text], input[type=email], textarea")) each.value = "";
      form.requestSubmit(form.querySelector(".btn-primary") ?? undefined);
    }""")
    page.locator("[aria-invalid=true]").first.wait_for(state="attached")
    settled(page)
    found = axe(page) + page.evaluate(_UNSAID)
    wear(page, "dark")
    found += axe(page)
    resize(page, PHONE)
    found += overflow(page)
    assert "\n".join(found) == ""
