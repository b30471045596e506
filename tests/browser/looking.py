"""How people look at pages, and what is looked for: findings of axe, sideways scrolling, what goes on unseen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize

DESKTOP, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=360, height=740)
AXE = (Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK = ("/", "/verify")
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that another scheme of colours can break."""
PLACES = ["target-size", "scrollable-region-focusable", "region", "heading-order", "landmark-unique", "button-name"]
"""The rules that another size of the window can break."""

# Evaluated through the debugger's connection, which the policy of the page does not concern.
_RUN = """async ([only, where]) => {
  const options = { runOnly: only, resultTypes: ["violations"] };
  const found = await axe.run(where ? document.querySelector(where) : document, options);
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.split("\\n").slice(1, 3).join(" ").trim()}`));
}"""

# What sticks out at the side, and what scrolls sideways inside. On a telephone, filters are a strip that one pushes
# along, and a certificate close up is larger than its stage.
_OVERFLOW = """() => {
  const root = document.documentElement;
  const found = [];
  if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} wide`);
  for (const each of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(each);
    const meant = each.closest("pre, .chips, .stage-view.is-near");
    const scrolls = ["auto", "scroll"].includes(style.overflowX) && each.clientWidth && !meant;
    if (scrolls && each.scrollWidth > each.clientWidth + 1 && each.checkVisibility())
      found.push(`${each.tagName.toLowerCase()}.${each.className} is ${each.scrollWidth} wide in ${each.clientWidth}`);
  }
  return found;
}"""

_UNFOLD = """() => {
  for (const each of document.querySelectorAll("details:not(.menu)")) each.open = true;
}"""


def axe(page: Page, where: str = "", *, rules: list[str] | None = None) -> list[str]:
    """What axe finds on the page as it is, or in one part of it: by all rules, or by some."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found: list[str] = page.evaluate(_RUN, [only, where])
    return found


def overflow(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = page.evaluate(_OVERFLOW)
    return found


def unfold(page: Page) -> None:
    """Open what is folded away, but for menus."""
    page.evaluate(_UNFOLD)


def settled(page: Page) -> None:
    """Wait until the page has its typefaces and pictures."""
    page.evaluate("""async () => {
      await document.fonts.ready;
      const waiting = [...document.images].filter((image) => image.src && image.loading !== "lazy" && !image.complete);
      const over = (image) => new Promise((done) => { image.onload = image.onerror = done; });
      await Promise.race([Promise.all(waiting.map(over)), new Promise((done) => setTimeout(done, 5000))]);
    }""")


def wear(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Show the page in light or in dark."""
    page.emulate_media(color_scheme=scheme)
    still(page)


def resize(page: Page, size: ViewportSize) -> None:
    """Show the page as large as that."""
    page.set_viewport_size(size)
    still(page)


def still(page: Page) -> None:
    """Return when nothing is on its way any more, for even what takes no time takes a frame."""
    page.evaluate("""async () => {
      const frame = () => new Promise(requestAnimationFrame);
      const moving = () => document.getAnimations().some((each) => each.effect.getTiming().iterations !== Infinity);
      for (let still = 0, frames = 0; still < 3 && frames < 90; frames++) {
        await frame();
        still = moving() ? 0 : still + 1;
      }
    }""")


@dataclass
class Watch:
    """What pages do behind a person's back. `expected` are patterns of console errors that a test provokes."""

    hosts: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Look over all pages of a context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"error: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(re.search(each, message.text) for each in self.expected):
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob", "about") and url.netloc not in self.hosts:
            self.problems.append(f"a request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.request.resource_type != "document" or response.status in range(300, 400):
            return
        policy = response.headers.get("content-security-policy", "")
        # The reader of QR codes is WebAssembly, which the verify desk alone may run; it evaluates no text.
        rest = policy.replace("'wasm-unsafe-eval'", "") if urlsplit(response.url).path in DESK else policy
        if "default-src 'none'" not in policy or "unsafe" in rest:
            self.problems.append(f"{response.url} has the policy “{policy}”")


def sign_in(page: Page, email: str, password: str, *, until: str = "**/console/**") -> None:
    """As everybody does."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=False).first.fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(until)
