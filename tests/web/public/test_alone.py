"""The page that verifies alone: what it may do, and that the single file needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from laurea.credentials.verification import Verdict
from laurea.web.public import single_file
from laurea.web.public.alone_words import words


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in policy.split(";"))}


def test_the_page_may_ask_issuers_and_run_no_other_program(client: Client) -> None:
    response = client.get("/verify/alone")
    assert response.status_code == 200
    policy = directives(response["Content-Security-Policy"])
    assert policy["connect-src"] == ["'self'", "https:"]
    assert policy["script-src"] == ["'self'"]
    assert directives(client.get("/verify")["Content-Security-Policy"])["connect-src"] == ["'self'"]
    page = response.content.decode()
    [address] = re.findall(r'<script type="module" src="([^"]+)"', page)
    assert address == f"/verify/alone.js?v={single_file.version()}"
    assert not response.cookies
    assert client.post("/verify/alone").status_code == 405


def test_its_program_is_kept_for_ever_under_its_own_hash(client: Client) -> None:
    kept = client.get(f"/verify/alone.js?v={single_file.version()}")
    assert kept["Content-Type"] == "text/javascript; charset=utf-8"
    assert "immutable" in kept["Cache-Control"]
    assert hashlib.sha256(kept.content).hexdigest().startswith(single_file.version())
    assert "immutable" not in client.get("/verify/alone.js?v=older")["Cache-Control"]
    assert client.get("/verify/alone.js", headers={"if-none-match": kept["ETag"]}).status_code == 304


def test_the_single_file_allows_its_own_program_and_nothing_else(client: Client) -> None:
    response = client.get("/verify/alone.html")
    assert response["Content-Disposition"] == 'attachment; filename="laurea-verify.html"'
    page = response.content.decode()
    [policy] = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', page)
    assert response["Content-Security-Policy"] == policy
    allowed = directives(policy)
    assert allowed["default-src"] == allowed["connect-src"] == allowed["form-action"] == ["'none'"]
    for kind, tag in (("script-src", r'<script type="module">(.*?)</script>'), ("style-src", r"<style>(.*?)</style>")):
        [text] = re.findall(tag, page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert allowed[kind] == [f"'sha256-{digest}'"]
    [program] = re.findall(r'<script type="module">(.*?)</script>', page, re.DOTALL)
    assert program == client.get("/verify/alone.js").content.decode()
    assert page.index("<meta http-equiv") < page.index("<style>")


def test_the_single_file_asks_for_no_other_file(client: Client) -> None:
    page = client.get("/verify/alone.html").content.decode()
    outside = re.sub(r"<script type=\"module\">.*?</script>", "", page, flags=re.DOTALL)
    addresses = [found for found in re.findall(r'(?:src|href|action)="([^"]*)"', outside) if not found.startswith("#")]
    assert [found.partition(",")[0] for found in addresses] == ["data:image/svg+xml;base64"]
    assert [found for found in re.findall(r"url\(([^)]*)\)", outside) if not found.startswith('"data:font/woff2')] == []
    assert "@import" not in outside
    assert "/static/" not in page


def test_the_single_file_brings_the_symbols_that_it_shows(client: Client) -> None:
    page = client.get("/verify/alone.html").content.decode()
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', page))
    looks = {look["symbol"] for each in words().values() for look in each["verdicts"].values()}
    assert looks | set(re.findall(r'href="#([\w-]+)"', page)) <= drawn
    assert {"circle-check", "circle-dashed", "check", "x", "help-circle", "minus", "laurel"} <= drawn


def test_the_single_file_speaks_both_languages(client: Client) -> None:
    for language in ("en", "de"):
        page = client.get("/verify/alone.html", headers={"accept-language": language}).content
        assert page == single_file.page()
    text = html.unescape(single_file.page().decode())
    assert re.findall(r'<main lang="(\w+)" data-alone>', text) == ["en", "de"]
    assert re.findall(r'<button type="button" lang="(\w+)"[^>]*>(\w+)</button>', text)[:2] == [
        ("en", "English"), ("de", "Deutsch"),
    ]  # fmt: skip


def test_words_are_the_same_in_both_languages() -> None:
    found = words()
    assert list(found) == ["en", "de"]

    def shape(value: object) -> object:
        return {name: shape(each) for name, each in value.items()} if isinstance(value, dict) else None

    assert shape(found["en"]) == shape(found["de"])
    assert found["de"]["verdicts"]["genuine"]["word"] == "Echt"
    here = {verdict.value for verdict in Verdict} - {"other holder"} | {"status unknown"}
    assert set(found["en"]["verdicts"]) == here


def test_the_program_says_nothing_that_has_no_words() -> None:
    """Every message, refusal and failure that occurs in the modules has its text."""
    folder = Path(single_file.__file__).parent.parent / "static" / "laurea" / "alone"
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.js"))
    said = words()["en"]
    checks = "|".join(["format", "structure", "terms", "proof", "issuer-key", "issuer", "status", "period"])
    messages = set(re.findall(rf'"((?:{checks})\.[a-z-]+)"', source))
    assert len(messages) > 40
    assert messages <= set(said["sentences"])
    assert set(re.findall(r'new Refusal\(\s*"([\w-]+)"', source)) <= set(said["refusals"])
    assert set(re.findall(r"\bsays\.(\w+)", source)) <= set(said["says"])
    assert set(re.findall(r'code: (?:[^"\n]*\? )?"([\w-]+)"', source)) <= {*said["refusals"], *said["failures"]}


@pytest.mark.interop
def test_the_program_is_proper_javascript(tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node, "Node.js is missing"
    path = tmp_path / "alone.mjs"
    path.write_text(single_file.program(), encoding="utf-8")
    subprocess.run([node, "--check", path], check=True, capture_output=True)


@pytest.mark.parametrize("text", ["</script>", "<!-- x", "<script "])
def test_words_cannot_end_the_program(text: str) -> None:
    literal = single_file._literal({"a": text})
    assert not single_file._ENDS_A_PROGRAM.search(literal)
    assert json.loads(literal) == {"a": text}


def test_the_other_pages_lead_here(client: Client) -> None:
    assert 'href="/verify/alone"' in client.get("/verify/independently").content.decode()
