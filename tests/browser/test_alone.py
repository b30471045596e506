"""The page that verifies alone, in a real browser: the single file with the network cut, and the page on its site."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect, sync_playwright
from tests.hostile.test_mutations import Original, issued

from installation import Browser as Visitor
from laurea.credentials import baking, keys, proof
from laurea.credentials.keys import SigningKey
from laurea.credentials.status_list import StatusList, status_list_credential
from laurea.web.public import single_file

__all__ = ["issued"]
pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
SITE = "https://badges.example.com"
DID, DID_ADDRESS = "did:web:academy.example:badges", "https://academy.example/badges/did.json"
AXE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"


@dataclass(frozen=True, slots=True)
class Files:
    """What somebody has on a disk: a real credential in every form, the issuer's files, and forgeries."""

    folder: Path
    list_address: str

    def __getitem__(self, name: str) -> Path:
        path = self.folder / name
        assert path.exists(), name
        return path


@pytest.fixture(scope="module")
def files(issued: list[Original], tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Made by `laurea issue`, and by a forger."""
    folder = tmp_path_factory.mktemp("alone")
    originals = {original.name: original.data for original in issued}
    materials = issued[0].materials
    [(address, status)] = materials.status_lists.items()
    contents = {f"certificate.{name}": data for name, data in originals.items()}
    text = originals["json"]
    altered = text.replace(b"Ada Lovelace", b"Mallory Forge")
    assert altered != text
    foreign = SigningKey.from_seed(bytes(range(32)))
    contents |= {
        "did.json": json.dumps(materials.did_documents[DID]).encode(),
        "status.json": json.dumps(status).encode(),
        "wrong-did.json": json.dumps(keys.did_web_document(DID, [foreign.verification_key])).encode(),
        "other-did.json": json.dumps(
            keys.did_web_document("did:web:other.example", [foreign.verification_key])
        ).encode(),
        "altered.json": altered,
        "cut.pdf": originals["pdf"][: len(originals["pdf"]) // 3],
        "photograph.jpg": b"\xff\xd8\xff\xe0 a photograph",
        "single.html": single_file.page(),
    }
    for name in ("pdf", "png", "svg"):
        contents[f"altered.{name}"] = baking.embed(originals[name], altered)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return Files(folder, address)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "this test needs Chromium (scripts/system-packages installs it)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Seen:
    """A page, what it asked for, and what it complained of."""

    def __init__(self, context: BrowserContext) -> None:
        self.asked: list[str] = []
        self.said: list[str] = []
        context.set_default_timeout(30_000)
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    @property
    def shown(self) -> Locator:
        """The page in the language that is shown."""
        return self.page.locator("[data-alone]:not([hidden])")

    def hand_over(self, *paths: Path) -> None:
        self.shown.locator("input[type=file]").set_input_files(paths)

    def expect(self, verdict: str) -> None:
        expect(self.shown.locator("[data-verdict]")).to_have_attribute("data-verdict", verdict)

    def faults(self) -> list[str]:
        """What axe finds, and symbols that are not there."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[str] = self.page.evaluate(
            "axe.run().then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`))"
        )
        missing: list[str] = self.page.evaluate(
            """[...document.querySelectorAll("use")].map((use) => use.getAttribute("href"))
            .filter((href) => href.startsWith("#") && !document.querySelector(href))"""
        )
        return found + missing


@pytest.fixture(params=[(1440, 900, "light"), (360, 780, "dark")], ids=["wide", "telephone"])
def offline(request: pytest.FixtureRequest, chromium: Browser, files: Files) -> Iterator[Seen]:
    """The single file, opened from a disk, with the network cut."""
    width, height, scheme = request.param
    context = chromium.new_context(
        locale="en-GB", viewport={"width": width, "height": height}, color_scheme=scheme, offline=True
    )
    seen = Seen(context)
    seen.page.goto(files["single.html"].as_uri())
    expect(seen.page.locator("html[data-alone-ready]")).to_be_attached()
    yield seen
    assert seen.said == []
    assert [address for address in seen.asked if not address.startswith(("file:", "data:"))] == []
    assert seen.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    context.close()


def test_the_network_cut_a_pdf_is_verified_and_an_altered_one_is_rejected(offline: Seen, files: Files) -> None:
    offline.hand_over(files["certificate.pdf"], files["did.json"], files["status.json"])
    offline.expect("genuine")
    expect(offline.shown.locator(".hero-holder")).to_have_text("Ada Lovelace")
    expect(offline.shown.get_by_text("The issuer is known by its internet address, academy.example.")).to_be_visible()
    expect(offline.shown.get_by_text(f"only if you got them from {DID_ADDRESS} yourself")).to_be_visible()
    expect(offline.shown.get_by_text("what was revoked later is not in it")).to_be_visible()
    expect(offline.shown.get_by_role("status").first).to_contain_text("Genuine. Signed by")
    assert offline.faults() == []
    offline.hand_over(files["altered.pdf"])
    offline.expect("altered")
    expect(offline.shown.get_by_text("Mallory")).to_have_count(0)
    expect(offline.shown.locator(".hero-holder")).to_have_count(0)
    assert offline.faults() == []


@pytest.mark.parametrize("kind", ["json", "png", "svg"])
def test_every_other_form(offline: Seen, files: Files, kind: str) -> None:
    offline.hand_over(files["did.json"], files["status.json"], files[f"certificate.{kind}"])
    offline.expect("genuine")
    offline.hand_over(files[f"altered.{kind}"])
    offline.expect("altered")


def test_one_file_after_the_other(offline: Seen, files: Files) -> None:
    """What is missing is named, with its address, and nothing is shown before it is confirmed."""
    offline.hand_over(files["certificate.pdf"])
    offline.expect("cannot tell")
    expect(offline.shown.locator(".hero-holder")).to_have_count(0)
    expect(offline.shown.get_by_role("link", name=DID_ADDRESS)).to_have_attribute("href", DID_ADDRESS)
    offline.hand_over(files["did.json"])
    offline.expect("status unknown")
    expect(offline.shown.locator(".verdict-word")).to_have_text("Could not check the status")
    expect(offline.shown.get_by_role("link", name=files.list_address)).to_be_visible()
    offline.hand_over(files["status.json"])
    offline.expect("genuine")


def test_keys_of_somebody_else(offline: Seen, files: Files) -> None:
    offline.hand_over(files["certificate.pdf"], files["wrong-did.json"], files["status.json"])
    offline.expect("altered")
    offline.page.reload()
    offline.hand_over(files["certificate.pdf"], files["other-did.json"], files["status.json"])
    offline.expect("cannot tell")


def test_what_is_no_credential_shows_no_verdict_on_another(offline: Seen, files: Files) -> None:
    offline.hand_over(files["certificate.pdf"], files["did.json"], files["status.json"])
    offline.expect("genuine")
    for name, said in (("photograph.jpg", "A photograph cannot hold a credential."), ("cut.pdf", "It is damaged.")):
        offline.hand_over(files[name])
        expect(offline.shown.get_by_role("alert").filter(has_text=said)).to_be_visible()
        expect(offline.shown.locator("[data-verdict]")).to_have_count(0)


def test_several_at_once_are_not_taken_for_one(offline: Seen, files: Files) -> None:
    offline.hand_over(files["did.json"], files["status.json"], files["certificate.pdf"], files["altered.pdf"])
    expect(offline.shown.get_by_role("alert").filter(has_text="one after the other")).to_be_visible()
    expect(offline.shown.locator("[data-verdict]")).to_have_count(0)


def test_languages(offline: Seen, files: Files) -> None:
    offline.hand_over(files["certificate.pdf"], files["did.json"], files["status.json"])
    expect(offline.shown.locator(".verdict-word")).to_have_text("Genuine")
    offline.page.locator("[data-alone-foot]:not([hidden])").get_by_role("button", name="Deutsch").click()
    expect(offline.page.locator("html")).to_have_attribute("lang", "de")
    expect(offline.shown.locator(".verdict-word")).to_have_text("Echt")
    offline.page.reload()
    expect(offline.page.locator("html")).to_have_attribute("lang", "en")


def test_a_visitor_who_reads_german(chromium: Browser, files: Files) -> None:
    context = chromium.new_context(locale="de-AT", offline=True)
    seen = Seen(context)
    seen.page.goto(files["single.html"].as_uri())
    expect(seen.page.locator("html")).to_have_attribute("lang", "de")
    context.close()


@pytest.fixture(scope="module")
def others(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A credential of another issuer, in scripts of the world, revoked and not, expired and not begun."""
    folder = tmp_path_factory.mktemp("others")
    key = SigningKey.from_seed(bytes(range(64, 96)))
    did, address = "did:web:schule.example", "https://schule.example/status/1"
    method = keys.verification_method(did, key.verification_key)
    template = json.loads(files["certificate.json"].read_bytes())
    del template["proof"]
    template["issuer"] = {"id": did, "type": ["Profile"], "name": "学校 Школа مدرسة"}
    template["credentialStatus"] |= {
        "id": f"{address}#7", "statusListIndex": "7", "statusListCredential": address, "statusPurpose": "revocation",
    }  # fmt: skip
    start = "2026-01-01T00:00:00+02:00"

    def signed(document: Any) -> bytes:
        from_start = proof.parse_moment(start)
        return json.dumps(proof.sign(document, key, verification_method=method, created=from_start)).encode()

    def credential(name: str, **members: Any) -> bytes:
        document = {**json.loads(json.dumps(template)), "validFrom": start, **members}
        document.pop("validUntil", None)
        document |= {member: value for member, value in members.items() if member == "validUntil"}
        document["credentialSubject"]["identifier"][0]["identityHash"] = name
        return signed(document)

    def listing(*revoked: int) -> bytes:
        bits = StatusList.empty().set(revoked)
        moment = proof.parse_moment(start)
        return signed(status_list_credential(bits, url=address, issuer=did, valid_from=moment))

    contents = {
        "did.json": json.dumps(keys.did_web_document(did, [key.verification_key])).encode(),
        "status.json": listing(6, 8),
        "revoked.json": listing(7),
        "arabic.json": credential("محمد بن موسى الخوارزمي"),
        "chinese.json": credential("李小龍"),
        "polish.json": credential("Żaneta Łukasiewicz-O’Neil"),
        "expired.json": credential("Ada", validUntil="2026-01-02T00:00:00+02:00"),
        "early.json": credential("Ada", validFrom="2199-01-01T00:00:00Z"),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return Files(folder, address)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("arabic.json", "محمد بن موسى الخوارزمي"),
        ("chinese.json", "李小龍"),
        ("polish.json", "Żaneta Łukasiewicz-O’Neil"),
    ],
)
def test_names_in_other_scripts(offline: Seen, others: Files, file: str, name: str) -> None:
    offline.hand_over(others[file], others["did.json"], others["status.json"])
    offline.expect("genuine")
    expect(offline.shown.locator(".hero-holder")).to_have_text(name)
    expect(offline.shown.locator(".verdict-sentence")).to_contain_text("学校 Школа مدرسة on 1 January 2026")


@pytest.mark.parametrize(
    ("file", "status", "verdict"),
    [
        ("arabic.json", "revoked.json", "revoked"),
        ("expired.json", "status.json", "expired"),
        ("early.json", "status.json", "not yet valid"),
    ],
)
def test_what_does_not_count(offline: Seen, others: Files, file: str, status: str, verdict: str) -> None:
    offline.hand_over(others[file], others["did.json"], others[status])
    offline.expect(verdict)
    assert offline.faults() == []


# --- On its site ------------------------------------------------------------------------------------------------------


class Web:
    """The site, and issuers that answer as they are told to. Nothing else exists."""

    def __init__(self, answers: dict[str, tuple[int, bytes, dict[str, str]]]) -> None:
        self.answers = answers

    def answer(self, route: Route) -> None:
        status, body, headers = self.answers.get(route.request.url, (0, b"", {}))
        if status:
            route.fulfill(status=status, body=body, headers=headers)
        else:
            route.abort()


OPEN = {"access-control-allow-origin": "*", "content-type": "application/json"}
CLOSED = OPEN | {"access-control-allow-origin": "https://elsewhere.example"}
AWAY = OPEN | {"location": "https://attacker.example/did.json"}


def site() -> dict[str, tuple[int, bytes, dict[str, str]]]:
    """Everything that the page consists of, as the site answers it."""
    visitor: Client = Visitor(headers={"host": "badges.example.com"})
    found = {}
    page = visitor.get("/verify/alone")
    addresses = ["/verify/alone", f"/verify/alone.js?v={single_file.version()}"]
    for address in addresses:
        response = visitor.get(address)
        headers = {
            name: value for name, value in response.items() if name in ("Content-Type", "Content-Security-Policy")
        }
        found[SITE + address] = (200, response.content, headers)
    types = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "png": "image/png"}
    names = ["vendor/icons.svg", "laurea/mark.svg", "laurea/favicon.svg", "laurea/page.js", "vendor/tabler.min.css"]
    names += [f"laurea/{name}.css" for name in ("fonts", "theme", "parts", "public", "alone/alone")]
    for name in names:
        path = finders.find(name)
        assert isinstance(path, str)
        found[f"{SITE}/static/{name}"] = (
            200,
            Path(path).read_bytes(),
            {"Content-Type": types[name.rpartition(".")[2]]},
        )
    assert page.status_code == 200
    return found


@pytest.fixture(scope="module")
def pages() -> dict[str, tuple[int, bytes, dict[str, str]]]:
    """Fetched before the browser runs, since Django does not like its loop."""
    return site()


@pytest.fixture
def online(
    pages: dict[str, tuple[int, bytes, dict[str, str]]], chromium: Browser, files: Files
) -> Iterator[tuple[Seen, Web]]:
    """The page on its site, and an issuer that answers."""
    web = Web(
        pages
        | {
            DID_ADDRESS: (200, files["did.json"].read_bytes(), OPEN),
            files.list_address: (200, files["status.json"].read_bytes(), OPEN),
        }
    )
    context = chromium.new_context(locale="en-GB")
    context.route("**/*", web.answer)
    seen = Seen(context)
    seen.page.goto(f"{SITE}/verify/alone")
    expect(seen.page.locator("html[data-alone-ready]")).to_be_attached()
    yield seen, web
    context.close()


def asked_elsewhere(seen: Seen) -> set[str]:
    return {address for address in seen.asked if not address.startswith((f"{SITE}/", "data:", "blob:"))}


def test_it_fetches_the_keys_and_the_list_and_nothing_else(online: tuple[Seen, Web], files: Files) -> None:
    seen, _ = online
    before = len(seen.asked)
    assert asked_elsewhere(seen) == set()
    seen.hand_over(files["certificate.pdf"])
    seen.expect("genuine")
    assert {address for address in seen.asked[before:] if not address.startswith(f"{SITE}/static/")} == {
        DID_ADDRESS,
        files.list_address,
    }
    expect(seen.shown.locator(".alone-materials .is-there")).to_have_count(3)
    assert seen.faults() == []
    assert [line for line in seen.said if "font" not in line and "ERR_FAILED" not in line] == []
    seen.hand_over(files["altered.pdf"])
    seen.expect("altered")


@pytest.mark.parametrize(
    ("address", "answer", "verdict", "said"),
    [
        ("did", (500, b"", OPEN), "cannot tell", "the address answers with an error"),
        ("did", (200, b"{", OPEN), "cannot tell", "What the address answers cannot be read."),
        ("did", (200, b"{}", CLOSED), "cannot tell", "there is no answer"),
        (
            "did",
            (302, b"", AWAY),
            "cannot tell",
            "there is no answer",
        ),
        ("did", (0, b"", {}), "cannot tell", "there is no answer"),
        ("list", (404, b"", OPEN), "status unknown", "the address answers with an error"),
        ("list", (200, b'{"a":"' + b"x" * 4_200_000 + b'"}', OPEN), "status unknown", "cannot be read"),
        ("list", (0, b"", {}), "status unknown", "there is no answer"),
    ],
)
def test_what_cannot_be_fetched_is_never_taken_for_good_nor_for_altered(
    online: tuple[Seen, Web], files: Files, address: str, answer: Any, verdict: str, said: str
) -> None:
    seen, web = online
    web.answers[DID_ADDRESS if address == "did" else files.list_address] = answer
    seen.hand_over(files["certificate.pdf"])
    expect(seen.shown.locator(".alone-materials .is-missing").filter(has_text=said)).to_have_count(1)
    seen.expect(verdict)
    # By hand it goes on.
    seen.hand_over(files["did.json" if address == "did" else "status.json"])
    seen.expect("genuine")


def test_what_was_fetched_is_fetched_anew_for_the_next_file(online: tuple[Seen, Web], files: Files) -> None:
    seen, web = online
    seen.hand_over(files["certificate.pdf"])
    seen.expect("genuine")
    web.answers[files.list_address] = (404, b"", OPEN)
    seen.hand_over(files["certificate.png"])
    seen.expect("status unknown")
