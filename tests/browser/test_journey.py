"""A newcomer's whole way after `make demo`: from the sign-in to a stranger who is told that a PDF is genuine."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta

from playwright.sync_api import Browser, Locator, Page, Route, expect
from pypdf import PdfReader, PdfWriter

from browser.conftest import Visit, opened
from browser.looking import PHONE, Watch
from browser_programs import OWNER
from real_installation import Installation

COURSE = "Datenschutz für Führungskräfte"
ROWS = 500
HEADER = "Nachname;Vorname;Titel;E-Mail-Adresse;Personal-Nr.;Abteilung;Kurs;Abschlussdatum;Gültig bis;Note;Bemerkung"
SURNAMES = ("Müller", "Groß", "Öztürk", "von der Höhe", "Schäfer", "Jäger", "Weiß", "Lindner", "Böhm")
FIRST_NAMES = ("Jörg", "Änne", "Ayse", "Käthe", "Günter", "Zoë", "René", "Ute", "Björn", "Inès")


def spreadsheet() -> bytes:
    """The list as a personnel department has it: semicolons, letters of Windows, German days. Two lines are wrong."""
    day = date.today() - timedelta(days=10)  # noqa: DTZ011 - a day in the past, wherever this runs
    until = day + timedelta(days=730)
    lines = [HEADER]
    for number in range(1, ROWS + 1):
        surname, first = SURNAMES[number % len(SURNAMES)], FIRST_NAMES[number % len(FIRST_NAMES)]
        address = f"person{number}@example.org"
        if number == 17:
            address = "person17 at example.org"
        if number == 342:
            surname = first = ""
        lines.append(
            f"{surname};{first};{'Dr.' if number % 40 == 0 else ''};{address};{4000 + number};Vertrieb;{COURSE};"
            f"{day:%d.%m.%Y};{until:%d.%m.%Y};1,3;Präsenz – Nürnberg"
        )
    return "\r\n".join(lines).encode("cp1252")


def altered(pdf: bytes, name: str) -> bytes:
    """The same certificate with another name in the credential inside."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    attachments = {key: content for key, (content, *_) in PdfReader(io.BytesIO(pdf)).attachments.items()}
    (file, content), *_ = attachments.items()
    assert name.encode() in content
    forged = PdfWriter()
    for page in writer.pages:
        forged.add_page(page)
    forged.add_attachment(file, content.replace(name.encode(), b"Eve Adams"))
    out = io.BytesIO()
    forged.write(out)
    return out.getvalue()


def drop(page: Page, name: str, content: bytes, place: str = "[data-drop] input[type=file]") -> None:
    """Let a file fall onto the place for it."""
    page.locator(place).first.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})


def verdict(page: Page) -> Locator:
    """The band that says what a credential is worth."""
    return page.get_by_role("status").filter(has=page.locator(".verdict-word"))


def test_from_the_sign_in_to_the_verdict(browser: Browser, demo: Installation, watch: Watch) -> None:
    context = opened(browser, demo, watch)
    page = context.new_page()
    email, password = demo.account("Owner")  # as `make demo` says it
    page.goto("/")
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=False).first.fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    choose_a_design(page)
    describe_the_achievement(page)
    upload(page)
    mend_two_lines(page)
    code, name = issue(page)
    archive = download_all(page)
    context.close()

    stranger = opened(browser, demo, watch)
    page = stranger.new_page()
    page.set_viewport_size(PHONE)
    pdf = open_the_public_page(page, code, name)
    assert pdf in archive
    verify(page, pdf, name)
    stranger.close()


def choose_a_design(page: Page) -> None:
    page.get_by_role("link", name="Designs").first.click()
    page.get_by_role("link", name="New design").click()
    drawn(page)
    page.get_by_label("Name", exact=False).first.fill("Führungskräfte")
    page.locator("label.pick", has_text="Classic").click()
    before = drawn(page)
    page.get_by_role("textbox", name="First colour", exact=True).fill("#7a2048")
    page.wait_for_function(
        "(before) => Number(document.querySelector('form[data-drawn]').dataset.drawn) > before", arg=before
    )
    page.get_by_role("button", name="Save the design").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Führungskräfte")


def drawn(page: Page) -> int:
    """Wait until the preview shows something; how often it was drawn."""
    page.wait_for_selector("form[data-drawn]")
    picture = page.locator("[data-preview-picture]")
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => image.naturalWidth") > 0
    return int(page.locator("form[data-drawn]").get_attribute("data-drawn") or 0)


def describe_the_achievement(page: Page) -> None:
    page.get_by_role("link", name="Achievements").first.click()
    page.get_by_role("link", name="New achievement").click()
    page.get_by_label("Name", exact=False).first.fill(COURSE)
    page.get_by_label("Description", exact=False).first.fill("Kennt die Pflichten einer Führungskraft im Datenschutz.")
    page.get_by_label("Criteria", exact=False).first.fill("Hat den Tag besucht und die Prüfung bestanden.")
    drawn(page)
    page.get_by_text("Further details").click()
    page.get_by_role("combobox", name=re.compile("^Design")).select_option(label="Führungskräfte")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(COURSE)


def upload(page: Page) -> None:
    page.get_by_role("link", name="Issue", exact=True).click()
    drop(page, "teilnehmer.csv", spreadsheet())
    expect(page.locator("[data-drop-file]")).to_contain_text("teilnehmer.csv")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look over the lines")
    expect(page.get_by_role("link", name="Continue with 498 certificates")).to_be_visible()
    expect(page.get_by_text("Jörg Groß").first).to_be_visible()


def mend_two_lines(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Cannot be issued 2")).click()
    rows = page.locator("tr.batch-line")
    expect(rows).to_have_count(2)
    rows.nth(0).get_by_role("link", name="person17 at example.org").click()
    expect(rows.nth(0).get_by_role("textbox")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("person17@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Continue with 499 certificates")).to_be_visible()
    rows.nth(1).get_by_role("link", name="empty (correct)").first.click()
    page.get_by_label("Nachname").fill("Lindgren")
    page.get_by_label("Vorname").fill("Käthe")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Continue with 500 certificates")).to_be_visible()
    expect(page.get_by_role("link", name="Käthe Lindgren (correct)")).to_be_visible()


def issue(page: Page) -> tuple[str, str]:
    """Confirm, watch, and give the code and the name of the first one."""
    page.get_by_role("link", name="Continue with 500 certificates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Issue 500 certificates?")
    expect(page.get_by_text("500 holders have an address and are written to.")).to_be_visible()
    expect(page.get_by_text("Führungskräfte (version 1)")).to_be_visible()
    # What comes first shows how far it is: read as it arrives, for it goes on by itself.
    with page.expect_response(lambda answer: answer.request.is_navigation_request() and answer.ok) as first_answer:
        page.get_by_role("button", name="Issue 500 certificates").click()
    shown = first_answer.value.text()
    assert "Your certificates are being made" in shown
    assert re.search(r'<progress [^>]*max="500"', shown)
    expect(page.get_by_role("heading", level=1)).to_have_text("500 certificates are there", timeout=120_000)
    page.reload()  # whoever comes back finds it there
    first = page.locator(".batch-first li").first
    code = re.search(r"\w{4}-\w{4}-\w{4}-\w{4}", first.inner_text())
    assert code is not None
    return code[0], first.locator(".name").inner_text()


def download_all(page: Page) -> set[bytes]:
    """The ZIP, read: the bytes of its PDFs."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download all (ZIP)").click()
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        pdfs = {archive.read(name) for name in names if name.endswith(".pdf")}
    assert (len(pdfs), sum(name.endswith(".png") for name in names)) == (ROWS, ROWS)
    assert all(pdf.startswith(b"%PDF-") for pdf in pdfs)
    return pdfs


def open_the_public_page(page: Page, code: str, name: str) -> bytes:
    """What whoever scans the code sees, on a telephone; the PDF that is offered there."""
    page.goto("/")
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("button", name="Verify", exact=True).click()
    expect(verdict(page)).to_contain_text("Genuine")
    expect(verdict(page)).to_be_in_viewport()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_text(COURSE).first).to_be_visible()
    certificate = page.get_by_role("img", name=f"The certificate of {name}")
    certificate.scroll_into_view_if_needed()
    page.wait_for_function("(image) => image.complete && image.naturalWidth > 0", arg=certificate.element_handle())
    page.locator("summary", has_text="Download").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Certificate PDF").click()
    return waiting.value.path().read_bytes()


def verify(page: Page, pdf: bytes, name: str) -> None:
    """Drop it on the verify desk, as it is and altered."""
    page.goto("/verify")
    drop(page, "certificate.pdf", pdf)
    expect(verdict(page)).to_contain_text("Genuine")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("link", name="Open its page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.goto("/verify")
    drop(page, "certificate.pdf", altered(pdf, name))
    expect(verdict(page)).to_contain_text("Altered")
    expect(page.get_by_text("Eve Adams")).to_have_count(0)


def test_a_file_that_was_chosen_before_the_programs_came(context_of: Visit, watch: Watch) -> None:
    """A page shows before its programs are here; what one does then is not lost."""
    page = context_of(OWNER).pages[0]
    held: list[Route] = []
    page.route("**/laurea/page*.js", lambda route: held.append(route))
    with page.expect_request("**/laurea/page*.js"):
        page.goto("/console/northlight/batches/new/", wait_until="commit")
    drop(page, "teilnehmer.csv", spreadsheet())
    expect(page.locator("[data-drop-file]")).to_be_empty()
    for route in held:
        route.continue_()
    expect(page.locator("[data-drop-file]")).to_contain_text("teilnehmer.csv")
    page.unroute_all()
    assert watch.problems == []
