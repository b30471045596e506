"""`make screenshots`: runs the demo in a folder of its own, and takes the pictures of its pages for README and docs.

Needs Chromium. The pictures are committed; this is run when pages have changed.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 300_000
DESKTOP, PHONE = (1440, 900), (390, 844)
GAP = 28
ISSUER = "/console/northlight"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as `who` sees it (None: anybody): at `start`, then by the links `then`. On a phone, light beside dark."""

    name: str
    who: str | None
    start: str
    then: tuple[str, ...] = ()
    dark: bool = False
    phone: bool = False


TAKEN = (
    Picture("home", "Owner", f"{ISSUER}/"),
    Picture("review", "Issuer", f"{ISSUER}/", ("a.need", ".chip-error")),
    Picture(
        "design", "Owner", f"{ISSUER}/designs/", ("a.gallery-item:has-text('Leadership')", ".page-acts a.btn-primary")
    ),
    Picture(
        "achievement", "Owner", f"{ISSUER}/achievements/", ("a.row-name:has-text('Person in Control')",), dark=True
    ),
    Picture("public-page", None, "{credential}"),
    Picture("public-page-phone", None, "{credential}", phone=True),
)


def main() -> None:
    """Take every picture, and say how large it became."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("These pictures need Chromium (scripts/system-packages installs it).")
    with (
        tempfile.TemporaryDirectory() as folder,
        demo(Path(folder)) as (address, accounts),
        sync_playwright() as player,
    ):
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        code = first_code(browser, address, accounts)
        for picture in TAKEN:
            shots = [
                shot(browser, address, accounts, picture, dark, code)
                for dark in ((False, True) if picture.phone else (picture.dark,))
            ]
            print(f"{picture.name}: {write(PICTURES / f'{picture.name}.png', beside(shots)):,} bytes")
        browser.close()


@contextmanager
def demo(data: Path) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    """`laurea demo`, and its accounts: part -> address and password."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "laurea", "demo", "--no-browser", "--data", str(data), "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LAUREA_")}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    accounts = {}
    try:
        for line in process.stdout or ():
            if found := re.match(r"  (\S.*?)  +(\S+@\S+)  +(\S+)$", line.rstrip()):
                accounts[found[1]] = (found[2], found[3])
            if ready := re.match(r"ready: (\S+)", line):
                yield ready[1], accounts
                break
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def sign_in(page: Page, account: tuple[str, str]) -> None:
    """By the form, as everybody does."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(account[0])
    page.get_by_label("Password").first.fill(account[1])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/console/**")


def first_code(browser: Browser, address: str, accounts: dict[str, tuple[str, str]]) -> str:
    """The path of the public page of a credential of the highest level."""
    with browser.new_context(base_url=address) as context:
        page = context.new_page()
        sign_in(page, accounts["Owner"])
        page.goto(f"{ISSUER}/credentials/?q=person+in+control&state=valid")
        page.locator("a.row-name").first.click()
        found = page.get_by_role("link", name="Public page").get_attribute("href") or ""
        return "/c/" + found.rpartition("/")[2]


def shot(
    browser: Browser, address: str, accounts: dict[str, tuple[str, str]], picture: Picture, dark: bool, code: str
) -> Image.Image:
    """One page, once its typefaces, pictures and previews are there."""
    width, height = PHONE if picture.phone else DESKTOP
    with browser.new_context(
        base_url=address,
        locale="en-GB",
        viewport={"width": width, "height": height},
        device_scale_factor=2 if picture.phone else 1.5,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    ) as context:
        page = context.new_page()
        if picture.who is not None:
            sign_in(page, accounts[picture.who])
        page.goto(picture.start.format(credential=code))
        for link in picture.then:
            page.locator(link).first.click()
            page.wait_for_load_state()
        page.evaluate("document.fonts.ready")
        page.wait_for_load_state("networkidle")
        return Image.open(BytesIO(page.screenshot()))


def beside(shots: list[Image.Image]) -> Image.Image:
    """Pictures side by side."""
    if len(shots) == 1:
        return shots[0].convert("RGB")
    width = sum(each.width for each in shots) + GAP * (len(shots) - 1)
    whole = Image.new("RGB", (width, shots[0].height), "#8a958f")
    for number, each in enumerate(shots):
        whole.paste(each, (number * (each.width + GAP), 0))
    return whole


def write(file: Path, picture: Image.Image) -> int:
    """As a PNG of few colours; its size in bytes. Leaves with a message where it is too large for a repository."""
    file.parent.mkdir(exist_ok=True)
    for colours in (256, 192, 128, 96, 64):
        picture.quantize(colours, dither=Image.Dither.NONE).save(file, optimize=True)
        if file.stat().st_size <= MOST_BYTES:
            return file.stat().st_size
    sys.exit(f"{file.name} is larger than {MOST_BYTES:,} bytes")


if __name__ == "__main__":
    main()
