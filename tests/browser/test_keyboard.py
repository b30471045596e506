"""Without a mouse: all can be reached, and is seen to be; dialogs keep the keys; a list is reviewed by keys alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Visit
from browser.looking import Watch, settled, still
from browser_programs import ISSUER, OWNER
from real_installation import Installation

# What Tab shall come to: everything that does something and can be seen. Of radio buttons, one a group; what is folded
# away or in a closed dialog is not there.
_INTERACTIVE = """() => {
  document.activeElement?.blur();
  const places = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
  const groups = new Set();
  window.swept = places.filter((each) => {
    if (each.disabled || each.type === "hidden" || each.tabIndex < 0) return false;
    const shown = each.checkVisibility({ visibilityProperty: true });
    if (!shown || each.closest("dialog:not([open]), [inert]")) return false;
    if (each.type !== "radio") return true;
    const group = each.name;
    const chosen = document.querySelector(`input[type=radio][name="${each.name}"]:checked`);
    if ((chosen && chosen !== each) || groups.has(group)) return false;
    groups.add(group);
    return true;
  });
  // How each looks before it has the focus: itself, its label, what is around it.
  const look = (each) => {
    const style = getComputedStyle(each);
    return [style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor, style.boxShadow,
            style.borderColor, style.backgroundColor, style.textDecorationLine, style.opacity].join();
  };
  window.around = (each) => {
    const found = [each, ...(each.labels ?? []), each.parentElement, each.parentElement?.parentElement];
    return found.filter(Boolean).map((one) => look(one) + getComputedStyle(one, "::after").boxShadow).join("|");
  };
  window.before = new Map(window.swept.map((each) => [each, window.around(each)]));
  window.nameOf = (each) => `${each.tagName.toLowerCase()} “${(each.ariaLabel || each.textContent || each.name || "")
    .trim().replace(/\\s+/g, " ").slice(0, 40)}”`;
  return window.swept.length;
}"""

# After each Tab: which one it is, whether one sees it, and whether something lies over it.
_FOCUSED = """async () => {
  const moving = () => document.getAnimations().some((one) => one.effect.getTiming().iterations !== Infinity);
  let frames = 0;
  do await new Promise(requestAnimationFrame);  // for even what takes no time takes a frame
  while (moving() && ++frames < 90);
  const each = document.activeElement;
  const number = window.swept.indexOf(each);
  if (number < 0) return { number, name: each === document.body ? "" : window.nameOf(each), wrong: "" };
  const box = each.getBoundingClientRect();
  let wrong = window.before.get(each) === window.around(each) ? "the focus cannot be seen" : "";
  const small = box.width < 2 || box.height < 2 || getComputedStyle(each).opacity === "0";
  if (!small) {
    const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
    const top = document.elementFromPoint(x, y);
    const mine = [each, ...(each.labels ?? [])];
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) wrong = "it is out of sight";
    else if (top && !top.contains(each) && !mine.some((one) => one.contains(top)))
      wrong = `${window.nameOf(top)} lies over it`;
  }
  return { number, name: window.nameOf(each), wrong };
}"""

PAGES = {
    "sign in": (None, "/accounts/login/"),
    "verify": (None, "/verify"),
    "credential": (None, "/c/{code}"),
    "home": (OWNER, "/console/{issuer}/"),
    "credentials": (OWNER, "/console/{issuer}/credentials/?q=lind"),
    "one credential": (OWNER, "/console/{issuer}/credentials/{credential}/"),
    "issue one": (OWNER, "/console/{issuer}/credentials/issue/"),
    "batches": (OWNER, "/console/{issuer}/batches/"),
    "upload": (OWNER, "/console/{issuer}/batches/new/"),
    "review": (OWNER, "/console/{issuer}/batches/{batch}/review/?state=error"),
    "confirm": (OWNER, "/console/{issuer}/batches/{batch}/confirm/"),
    "people": (OWNER, "/console/{issuer}/people/?q=lind"),
    "a person": (OWNER, "/console/{issuer}/people/{person}/"),
    "achievements": (OWNER, "/console/{issuer}/achievements/"),
    "achievement": (OWNER, "/console/{issuer}/achievements/{achievement}/"),
    "new achievement": (OWNER, "/console/{issuer}/achievements/new/"),
    "designs": (OWNER, "/console/{issuer}/designs/"),
    "adjust a design": (OWNER, "/console/{issuer}/designs/{design}/edit/"),
    "settings": (OWNER, "/console/{issuer}/settings/"),
    "members": (OWNER, "/console/{issuer}/settings/members"),
    "keys": (OWNER, "/console/{issuer}/settings/keys"),
    "account": (OWNER, "/accounts/"),
    "security": (OWNER, "/accounts/2fa/"),
}


def address(demo: Installation, path: str) -> str:
    """A path of `PAGES` with what belongs in it."""
    names = {"issuer": "console/issuer", "code": "c/typed", "credential": "credentials/pk", "batch": "batches/pk"}
    names |= {"person": "people/pk", "achievement": "achievements/pk", "design": "designs/pk"}
    return path.format(**{name: demo.places[place][0] for name, place in names.items()})


@pytest.mark.parametrize("name", PAGES)
def test_tab_comes_to_everything_and_one_sees_where_it_is(
    name: str, context_of: Visit, demo: Installation, watch: Watch
) -> None:
    who, path = PAGES[name]
    page = context_of(who).pages[0]
    page.goto(address(demo, path))
    settled(page)
    still(page)
    count = page.evaluate(_INTERACTIVE)
    reached: list[int] = []
    wrong: list[str] = []
    for _ in range(count + 40):
        page.keyboard.press("Tab")
        found: dict[str, Any] = page.evaluate(_FOCUSED)
        if found["number"] in reached[-1:]:
            continue  # a date has a stop for each of its parts
        if found["number"] in reached:
            break
        if found["number"] >= 0:
            reached.append(found["number"])
        elif found["name"]:
            wrong.append(f"{found['name']}: not expected here")
        if found["wrong"]:
            wrong.append(f"{found['name']}: {found['wrong']}")
    names = page.evaluate("() => window.swept.map(window.nameOf)")
    missed = [f"{each}: never reached" for number, each in enumerate(names) if number not in reached]
    assert "\n".join(wrong + missed) == ""


@pytest.mark.parametrize("name", [name for name, (who, _path) in PAGES.items() if who])
def test_a_dialog_keeps_the_keys_and_closes_on_escape(
    name: str, context_of: Visit, demo: Installation, watch: Watch
) -> None:
    who, path = PAGES[name]
    page = context_of(who).pages[0]
    page.goto(address(demo, path))
    openers = page.locator("[data-opens]:not([hx-get])")
    for number in range(min(openers.count(), 3)):
        opener = openers.nth(number)
        menu = opener.locator("xpath=ancestor::details[contains(@class, 'menu')]")
        if menu.count():
            menu.locator("> summary").press("Enter")
        dialog = page.locator(f"dialog[id='{opener.get_attribute('data-opens')}']")
        opener.press("Enter")
        expect(dialog).to_be_visible()
        for _ in range(8):
            page.keyboard.press("Tab")
            inside = "(dialog) => dialog.contains(document.activeElement) || document.activeElement === document.body"
            assert dialog.evaluate(inside), f"the focus left the dialog of {opener}"
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()


def test_a_list_is_reviewed_by_keys_alone(context_of: Visit, demo: Installation, watch: Watch) -> None:
    batch = demo.do("upload", name="by-keys.csv")
    page = context_of(ISSUER).pages[0]
    page.goto(f"/console/northlight/batches/{batch}/review/")
    expect(page.get_by_role("link", name="Continue with 1 certificate")).to_be_visible()
    go(page, "Cannot be issued")
    page.wait_for_url("**state=error**")
    expect(page.locator("tr.batch-line")).to_have_count(2)
    go(page, "alan at example.org")
    type_over(page, "alan@example.org")
    expect(page.get_by_role("link", name="Continue with 2 certificates")).to_be_visible()
    expect(page.locator("#said")).to_contain_text("Line 3")
    expect(page.get_by_role("link", name="alan@example.org (correct)")).to_be_focused()  # one goes on where one was
    go(page, "empty")
    type_over(page, "Grace Hopper")
    expect(page.get_by_role("link", name="Continue with 3 certificates")).to_be_visible()
    go(page, "See the certificate of Grace Hopper")
    dialog = page.locator("dialog#preview")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    go(page, "Leave out", back=True)
    expect(page.get_by_role("link", name="Continue with 2 certificates")).to_be_visible()
    # The decision can be taken back at once.
    expect(page.get_by_role("button", name=re.compile("^Issue ?: Grace Hopper$"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Continue with 3 certificates")).to_be_visible()
    go(page, "Grace Hopper (correct)", back=True)
    expect(page.locator(".batch-edit input[type=text]").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".batch-edit")).to_have_count(0)
    go(page, "Continue with 3 certificates", back=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Issue 3 certificates?")


def focused(page: Page) -> str:
    """The name of what has the focus."""
    name = page.evaluate("() => document.activeElement.ariaLabel || document.activeElement.textContent")
    return re.sub(r"\s+", " ", str(name)).strip()


def go(page: Page, name: str, *, back: bool = False) -> None:
    """Tab until something of that name has the focus, and press Enter."""
    for _ in range(120):
        if focused(page).startswith(name):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"Tab does not come to “{name}”")


def type_over(page: Page, text: str) -> None:
    """Write into the open cell, and save it."""
    expect(page.locator(".batch-edit input[type=text]").first).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.locator(".batch-edit")).to_have_count(0)
