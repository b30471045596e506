"""The scanner of the verify desk in a real browser, with a camera that shows what the test has drawn."""

from __future__ import annotations

import io
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.request import urlopen

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from laurea.rendering import qr
from own_installation import founded
from ports import free_port, wait_for

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
FRAME = (1280, 720)
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@dataclass(frozen=True, slots=True)
class Site:
    """An installation that answers, and a credential on it."""

    address: str
    code: str
    folder: Path

    def get(self, path: str) -> bytes:
        """What anybody gets."""
        with urlopen(self.address + path) as answer:
            return bytes(answer.read())

    @property
    def page(self) -> str:
        """The credential's page."""
        return f"{self.address}/c/{self.code}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The pages of an installation of its own, which issued a credential to Ada."""
    port = free_port()
    address = f"http://localhost:{port}"
    own = founded(tmp_path_factory.mktemp("site"))
    here = replace(own, environment={**own.environment, "LAUREA_PUBLIC_URL": address})
    code = here.do("issue_one", name="Ada Lovelace")
    laurea = [sys.executable, "-m", "laurea"]
    subprocess.run([*laurea, "prepare"], env=here.environment, check=True, capture_output=True, timeout=300)
    command = [*laurea, "web", "--no-prepare", "--port", str(port)]
    process = subprocess.Popen(command, env=here.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield Site(address, code, own.folder)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def sheet(*pictures: Image.Image) -> Image.Image:
    """What the camera sees: sheets of paper side by side, on a grey desk."""
    desk = Image.new("RGB", FRAME, "#7b7b78")
    room = FRAME[0] // len(pictures)
    for number, picture in enumerate(pictures):
        scale = min(room * 0.9 / picture.width, FRAME[1] * 0.9 / picture.height)
        paper = picture.convert("RGB").resize((round(picture.width * scale), round(picture.height * scale)))
        desk.paste(paper, (number * room + (room - paper.width) // 2, (FRAME[1] - paper.height) // 2))
    return desk


def code_on_paper(text: str) -> Image.Image:
    """A QR code and nothing else."""
    return Image.open(io.BytesIO(qr.png(qr.matrix(text)))).convert("RGB")


def film(picture: Image.Image, folder: Path) -> Path:
    """An MJPEG of `picture`, as Chromium's fake camera plays it again and again."""
    frame = io.BytesIO()
    picture.save(frame, "JPEG", quality=85)
    file = folder / "camera.mjpeg"
    file.write_bytes(frame.getvalue() * 5)
    return file


@contextmanager
def browser_with(*arguments: str) -> Iterator[Browser]:
    assert CHROMIUM, "this test needs Chromium (scripts/system-packages installs it)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *arguments])
        yield browser
        browser.close()


@contextmanager
def desk(site: Site, arguments: Sequence[str], before: str = "") -> Iterator[Page]:
    """The desk in a browser; what the policy of content forbids, and every error, fails the test."""
    said: list[str] = []
    with browser_with(*arguments) as browser:
        page = browser.new_page(locale="en-GB", base_url=site.address)
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        if before:
            page.add_init_script(before)
        page.goto("/verify")
        yield page
    assert said == []


def showing(picture: Image.Image, site: Site) -> list[str]:
    return [*CAMERA, f"--use-file-for-fake-video-capture={film(picture, site.folder)}"]


def certificate(site: Site) -> Image.Image:
    return Image.open(io.BytesIO(site.get(f"/c/{site.code}/certificate.png"))).convert("RGB")


def scan(page: Page) -> None:
    page.get_by_role("button", name="Scan with the camera").click()


# A reader of the browser's own that promises QR codes: what it does is filled in.
OWN_READER = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code", "ean_13"]; }
  async detect(video) { %s }
};
"""


def test_a_certificate_before_the_camera(site: Site) -> None:
    with desk(site, showing(sheet(certificate(site)), site)) as page:
        scan(page)
        page.wait_for_url(site.page)
        expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", "genuine")
        # Back at the desk the camera is off, and starts again.
        page.go_back()
        expect(page.locator(".is-scanning")).to_have_count(0)
        scan(page)
        page.wait_for_url(site.page)


def test_the_browsers_own_reader_is_asked_first(site: Site) -> None:
    seen = f"return video.videoWidth ? [{{ rawValue: '{site.page}' }}] : [];"
    with desk(site, CAMERA, OWN_READER % seen) as page:
        engine: list[str] = []
        page.on("request", lambda request: engine.append(request.url) if "zxing" in request.url else None)
        scan(page)
        page.wait_for_url(site.page)
        assert engine == []


def test_a_reader_of_the_browser_that_fails_is_replaced(site: Site) -> None:
    broken = OWN_READER % "throw new DOMException('no service', 'NotSupportedError');"
    with desk(site, showing(sheet(certificate(site)), site), broken) as page:
        scan(page)
        page.wait_for_url(site.page)


def test_codes_of_something_else_are_told_apart(site: Site) -> None:
    menu = code_on_paper("https://restaurant.example/menu")
    with desk(site, showing(sheet(menu), site)) as page:
        scan(page)
        expect(page.locator("[data-scan-said]")).to_have_text(
            "This QR code is not that of a certificate. It leads to restaurant.example"
        )
        page.get_by_role("button", name="Stop the camera").click()
        expect(page.locator("[data-scan-view]")).to_be_hidden()
        expect(page.get_by_role("button", name="Scan with the camera")).to_be_focused()
        assert page.evaluate("document.querySelector('video').srcObject.active") is False


def test_two_certificates_at_once(site: Site) -> None:
    both = sheet(code_on_paper(site.page), code_on_paper("https://other.example/c/000G40R40M30E200"))
    with desk(site, showing(both, site)) as page:
        scan(page)
        expect(page.locator("[data-scan-said]")).to_have_text(
            "There are QR codes of several certificates. Show one at a time."
        )


def every_other_way(site: Site, page: Page) -> None:
    """A file chosen, a file dropped, text and a code pasted, a code typed."""
    document = site.get(f"/c/{site.code}/credential.json")
    file = {"name": "ada.json", "mimeType": "application/json", "buffer": document}

    def genuine() -> None:
        expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", "genuine")
        page.goto("/verify")

    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    genuine()
    give = "([kind, text]) => document.body.dispatchEvent((%s)(kind, text))"
    drop = """(kind, text) => { const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], "a.json"));
      return new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }); }"""
    page.evaluate(give % drop, ["", document.decode()])
    genuine()
    paste = """(kind, text) => { const clipboardData = new DataTransfer(); clipboardData.setData("text/plain", text);
      return new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }); }"""
    page.evaluate(give % paste, ["", document.decode()])
    genuine()
    page.evaluate(give % paste, ["", f" {site.code.lower()} "])
    expect(page.locator("#code-said")).to_have_text("This is a proper code.")
    page.get_by_role("button", name="Verify", exact=True).click()
    page.wait_for_url(site.page)
    genuine()
    code = page.locator("#code")
    code.press_sequentially(site.code[:9].lower())
    expect(code).to_have_value("-".join((site.code[:4], site.code[4:8], site.code[8])))
    code.press_sequentially(site.code[9:15] + ("0" if site.code[15] != "0" else "1"))
    expect(page.locator("#code-said")).to_have_text(
        "One character is wrong, or two are swapped. Compare it group by group."
    )
    code.fill("")
    code.press_sequentially(site.code)
    code.press("Enter")
    page.wait_for_url(site.page)


def test_without_a_camera_every_other_way_works(site: Site) -> None:
    with desk(site, ["--use-fake-device-for-media-stream=device-count=0"]) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("Is this certificate genuine?")
        kinds = page.evaluate("navigator.mediaDevices.enumerateDevices().then(all => all.map(({ kind }) => kind))")
        assert "videoinput" not in kinds
        expect(page.get_by_role("button", name="Scan with the camera")).to_be_hidden()
        every_other_way(site, page)


REFUSALS: dict[str, str] = {
    "NotAllowedError": "Your browser keeps this site from the camera.",
    "NotFoundError": "No camera was found.",
    "NotReadableError": "The camera cannot be used at the moment",
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_camera_that_may_not_be_used(name: str, site: Site) -> None:
    refuse = f"navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('', '{name}'); }};"
    with desk(site, CAMERA, refuse) as page:
        scan(page)
        expect(page.locator("[data-scan-problem]")).to_contain_text(REFUSALS[name])
        expect(page.get_by_role("button", name="Scan with the camera")).to_be_visible()
        every_other_way(site, page)


def accessible(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found: list[str] = page.evaluate("axe.run().then(found => found.violations.map(each => each.id))")
    return found


@pytest.fixture(scope="session")
def axe(root: Path) -> Callable[[Page], list[str]]:
    """Judges a page's accessibility."""
    program = (root / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    return lambda page: accessible(page, program)


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_everybody_can_use_it(width: int, scheme: str, site: Site, axe: Callable[[Page], list[str]]) -> None:
    document = site.get(f"/c/{site.code}/credential.json").decode()
    texts = {"genuine": document, "altered": document.replace("Ada Lovelace", "Eve"), "malformed": "{}"}
    with browser_with(*CAMERA) as browser:
        # axe is no program of the page, so that the page's policy would keep it out.
        page = browser.new_page(
            base_url=site.address,
            viewport={"width": width, "height": 800},
            color_scheme=scheme,  # type: ignore[arg-type]
            bypass_csp=True,
            reduced_motion="reduce",
        )

        def fine() -> tuple[list[str], int]:
            wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            return axe(page), int(page.evaluate(wider))

        page.goto("/verify")
        assert fine() == ([], 0)
        scan(page)
        expect(page.locator("[data-scan-said]")).to_have_text("Hold the QR code of the certificate before the camera.")
        assert fine() == ([], 0)
        for verdict, text in texts.items():
            page.goto("/verify")
            page.locator(".desk-paste summary").click()
            page.get_by_label("Text", exact=True).fill(text)
            page.get_by_role("button", name="Verify the text").click()
            expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", verdict)
            assert fine() == ([], 0), verdict
