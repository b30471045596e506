"""What an installation looks like that nobody has used yet: the set-up, and every list while there is nothing in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import opened
from browser.looking import DESKTOP, PHONE, Watch, axe, overflow, resize, settled, unfold, wear
from real_installation import Installation, running

EMAIL, PASSWORD = "ada@example.com", "a quiet long sentence"
EMPTY = (
    "",
    "credentials/",
    "batches/",
    "batches/new/",
    "people/",
    "mail/",
    "achievements/",
    "designs/",
    "settings/keys",
)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A fresh one that runs."""
    with running(tmp_path_factory.mktemp("fresh") / "laurea") as there:
        yield there


def test_from_the_set_up_link_to_the_first_steps(browser: Browser, installation: Installation, watch: Watch) -> None:
    """In German, for whose browser asks for it: these are the first pages that anybody sees."""
    context = opened(browser, installation, watch, locale="de-DE")
    page = context.new_page()
    link = re.search(r"Set up:\s+(\S+)", installation.said)
    assert link is not None
    page.goto(link[1])
    expect(page.get_by_role("heading", level=1)).to_have_text("Laurea einrichten")
    wrong = looked_over(page)
    set_up(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Start")
    expect(page.get_by_role("heading", name="Erste Schritte")).to_be_visible()
    for path in EMPTY:
        page.goto(f"/console/stadtwerke-nuernberg/{path}")
        settled(page)
        wrong += [f"{path}: {each}" for each in looked_over(page)]
    assert "\n".join(wrong) == ""
    page.goto("/console/stadtwerke-nuernberg/")
    page.get_by_role("link", name="Festlegen, was man erwerben kann").click()
    page.get_by_role("link", name="Erste Qualifikation anlegen").click()
    expect(page.get_by_role("textbox", name="Name").first).to_be_visible()
    context.close()


def looked_over(page: Page) -> list[str]:
    """In light and in dark, large and small."""
    unfold(page)
    wrong = overflow(page) + axe(page)
    wear(page, "dark")
    wrong += axe(page)
    resize(page, PHONE)
    wrong += overflow(page)
    resize(page, DESKTOP)
    wear(page, "light")
    return wrong


def set_up(page: Page) -> None:
    """Fill in the form, and see how it helps: the short name, and how good the password is."""
    page.get_by_label("Ihr Name").fill("Ada Lovelace")
    page.get_by_label("Ihre E-Mail-Adresse").fill(EMAIL)
    password = page.locator("#id_password")
    said = page.locator(".strength span")
    for typed, judged in (
        ("short", "Noch 7 Zeichen"),
        ("ada lovelace", "Nicht aus Ihrem Namen oder Ihrer Adresse gebildet"),
        ("abcabcabcabc", "Zu einfach: Es wiederholt sich oder läuft die Tastatur entlang"),
        (PASSWORD, "Stark"),
    ):
        password.fill(typed)
        expect(said).to_have_text(judged)
    page.get_by_role("button", name="Passwort zeigen").click()
    expect(password).to_have_attribute("type", "text")
    page.get_by_label("Name der Organisation").fill("Stadtwerke Nürnberg GmbH")
    expect(page.get_by_label("Kurzname in Adressen")).to_have_value("stadtwerke-nuernberg")
    page.get_by_role("button", name="Einrichten und beginnen").click()
    page.wait_for_url("**/console/stadtwerke-nuernberg/")
