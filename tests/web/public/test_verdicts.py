"""The pages of verdicts: each says what it means and what to do, and who signed, as far as anybody knows."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler

import pypdf
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageDraw
from tests.actions.conftest import HOST, Served, answer
from tests.conftest import Genuine
from tests.credentials import foreign_tokens

from bare_key import DID, SIGNED, signed_by_a_bare_key
from laurea.actions import judging, resolving, showing, storing, trusting
from laurea.actions.resolving import is_public
from laurea.credentials import baking
from laurea.credentials.verification import Report, Verdict
from laurea.records.models import Artifact, Credential, Issuer
from laurea.rendering import qr
from laurea.web.public import telling, verdicts

from .conftest import Issue
from .test_desk import hand_over, verdict

pytestmark = pytest.mark.django_db
LISTED = "https://lists.example.org/1"


@pytest.fixture(autouse=True)
def _nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the network, but for those that have a server of their own."""
    monkeypatch.setattr(judging, "judge_file", partial(judging.judge_file, online=False))


def said(response: HttpResponse) -> str:
    """The words of a page, as they are read."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    for entity, character in (("&#x27;", "'"), ("&quot;", '"'), ("&amp;", "&")):
        plain = plain.replace(entity, character)
    return re.sub(r"\s+", " ", plain)


def facts(response: HttpResponse) -> dict[str, str]:
    """What stands under “Who signed it”."""
    part = re.search(r'<dl class="facts signer">(.*?)</dl>', response.content.decode(), re.DOTALL)
    rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", part[1] if part else "", re.DOTALL)
    return {re.sub(r"<[^>]+>", "", name): re.sub(r"<[^>]+>", "", value) for name, value in rows}


# --- Every verdict ----------------------------------------------------------------------------------------------------


def judged_as(state: str, client: Client, credential: Credential, issue: Issue) -> HttpResponse:
    """A file that leads to each of the states."""
    match state:
        case "genuine":
            return hand_over(client, credential.text.encode())
        case "altered":
            return hand_over(client, credential.text.replace("Ada Lovelace", "Eve").encode())
        case "malformed":
            return hand_over(client, b"{}")
        case "revoked":
            Credential.objects.update(revoked=timezone.now())
            return hand_over(client, credential.text.encode())
        case "expired":
            at = timezone.now() - timedelta(days=1_095)
            return hand_over(client, issue("Grace", at=at, expires=(at + timedelta(days=30)).date()).text.encode())
        case "not yet valid":
            return hand_over(client, issue("Grace", at=timezone.now() + timedelta(days=40)).text.encode())
        case "replaced":
            old = credential.text.encode()
            issue(person=credential.person, renews=True, name="Ada King")
            return hand_over(client, old)
        case "issuer unknown":
            return hand_over(client, signed_by_a_bare_key("Example Academy"))
        case "status unknown":
            trusting.add(DID, "The Academy", SIGNED.date(), now=SIGNED, actor=None)
            return hand_over(client, signed_by_a_bare_key("Example Academy", listed=LISTED))
        case _:
            return hand_over(client, signed_by_a_bare_key("Example Academy", listed=LISTED))


STATES = [*verdicts._ADVICE.keys() - {Verdict.OTHER_HOLDER.value}]


def test_every_verdict_has_its_advice() -> None:
    assert {verdict.value for verdict in Verdict} <= verdicts._ADVICE.keys()
    assert len({verdicts.advice(state).means for state in verdicts._ADVICE}) == len(verdicts._ADVICE)


@pytest.mark.parametrize("state", sorted(STATES))
def test_each_says_what_it_means_and_what_to_do(
    state: str, client: Client, credential: Credential, issue: Issue
) -> None:
    response = judged_as(state, client, credential, issue)
    assert (response.status_code, verdict(response)) == (200, state)
    words, advice = said(response), verdicts.advice(state)
    assert advice.means in words
    assert all(step in words for step in advice.steps)
    shown = "Ada Lovelace" in words or "Grace" in words
    assert shown is (state not in ("altered", "malformed"))


def test_not_having_asked_about_the_status_is_said_apart(client: Client) -> None:
    """All is right but that; and beside another verdict it is said as well."""
    trusting.add(DID, "The Academy", SIGNED.date(), now=SIGNED, actor=None)
    response = hand_over(client, signed_by_a_bare_key("Example Academy", listed=LISTED))
    assert "Could not check the status" in said(response)
    assert "Signed by Example Academy on 20 November 2026, and not changed since." in said(response)
    over = signed_by_a_bare_key("Example Academy", listed=LISTED, until=SIGNED + timedelta(seconds=1))
    response = hand_over(client, over)
    assert verdict(response) == "expired"
    assert "Could not check the status" in said(response)
    forged = signed_by_a_bare_key("Example Academy", listed=LISTED).replace(b"Ada", b"Eve")
    assert "Could not check the status" not in said(hand_over(client, forged))


def test_words_that_nothing_confirms_are_called_a_claim(
    client: Client, genuine: Genuine, credential: Credential
) -> None:
    """The issuer's keys could not be had, so no signature was looked at."""
    response = hand_over(client, attached(("credential.json", genuine.text)))
    assert verdict(response) == "cannot tell"
    assert "This is what it says. Nothing of it is confirmed." in said(response)
    assert "Compare this" not in said(response)
    assert "Nothing of it is confirmed" not in said(hand_over(client, credential.text.encode()))


def test_a_wrong_signature_is_never_only_a_matter_of_status() -> None:
    text = signed_by_a_bare_key("Example Academy", listed=LISTED)

    def report(text: bytes) -> Report:
        found = judging.judge_file(text, now=SIGNED + timedelta(days=1)).verified.report
        assert found is not None
        return found

    assert verdicts.state(report(text)) == "cannot tell"  # nobody knows the issuer either
    assert verdicts.state(report(text.replace(b"Ada", b"Eve"))) == "altered"


# --- Who signed it ----------------------------------------------------------------------------------------------------


def test_an_issuer_of_this_site(client: Client, credential: Credential, acme: Issuer) -> None:
    found = facts(hand_over(client, credential.text.encode()))
    assert found["It calls itself"] == "Acme GmbH"
    assert found["Known here"].startswith("Acme GmbH has issued on this site since ")
    assert found["Domain"] == "badges.example.com"
    assert found["Identifier"] == "did:web:badges.example.com:issuers:acme"


def test_an_issuer_that_is_a_key(client: Client) -> None:
    text = signed_by_a_bare_key("Example Academy")
    response = hand_over(client, text)
    assert verdict(response) == "issuer unknown"
    assert facts(response) == {
        "It calls itself": "Example Academy",
        "Trusted here": "It is not on the list of this site",
        "Domain": "None: a key, and nothing that says whose",
        "Identifier": DID,
    }
    trusting.add(DID, "The Academy", datetime(2026, 5, 31, tzinfo=UTC).date(), now=SIGNED, actor=None)
    response = hand_over(client, text)
    assert verdict(response) == "genuine"
    assert facts(response)["Trusted here"] == "As “The Academy”, since 31 May 2026"


@pytest.mark.parametrize("name", ["Acme GmbH", "ACME  GmbH."])
def test_a_key_that_goes_by_our_issuers_name(client: Client, acme: Issuer, name: str) -> None:
    response = hand_over(client, signed_by_a_bare_key(name))
    assert verdict(response) == "issuer unknown"
    warning = facts(response)["Somebody else has this name"]
    since = telling.day(acme.created.date())
    assert warning == f"“Acme GmbH” has issued on this site since {since}, and did not sign this"
    goes_by = " ".join(name.split())
    assert f"Awarded by somebody who goes by the name of {goes_by} {warning}." in said(response)


@pytest.fixture
def elsewhere(server: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """A server that the desk reaches as if it stood on the internet."""
    monkeypatch.undo()
    monkeypatch.setattr(judging, "judge_file", partial(judging.judge_file, ways=server.ways))
    return server


def signed_elsewhere(server: Served, name: str) -> bytes:
    """A token of a did:web issuer on `server`, whose document is there."""
    did = f"did:web:{HOST}%3A{server.port}"
    document = foreign_tokens.did_document(foreign_tokens.P256, did=did)
    server.answers["/.well-known/did.json"] = answer(json.dumps(document).encode())
    return foreign_tokens.token(foreign_tokens.P256, did, kid=f"{did}#k", name=name).encode()


def test_another_domain_that_goes_by_our_issuers_name(client: Client, acme: Issuer, elsewhere: Served) -> None:
    response = hand_over(client, signed_elsewhere(elsewhere, "Acme GmbH"))
    assert verdict(response) == "issuer unknown"
    assert facts(response)["Domain"] == f"{HOST}:{elsewhere.port}"
    assert "did not sign this" in facts(response)["Somebody else has this name"]
    trusting.add("did:web:academy.example", "Example Academy", SIGNED.date(), now=SIGNED, actor=None)
    response = hand_over(client, signed_elsewhere(elsewhere, "Example Academy"))
    assert facts(response)["Somebody else has this name"] == (
        "“Example Academy”, trusted here since 20 November 2026, signs at academy.example and did not sign this"
    )
    response = hand_over(client, signed_elsewhere(elsewhere, "Somebody Else"))
    assert verdict(response) == "genuine"
    assert "Somebody else has this name" not in facts(response)


# --- A host that does not answer as it should: cannot tell, never altered ---------------------------------------------


def endless(handler: BaseHTTPRequestHandler) -> None:
    """A gigabyte, or as much of it as is taken."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(1 << 30))
    handler.end_headers()
    for _ in range(1 << 10):
        handler.wfile.write(b" " * (1 << 20))


@pytest.mark.parametrize(
    "give",
    [answer(status=500), answer(status=404), answer(b"<html>"), answer(b"{}"), endless, answer(b"{}", length=1 << 30)],
    ids=["500", "404", "page", "empty", "gigabyte", "promised"],
)
def test_a_host_with_troubles(
    client: Client, elsewhere: Served, give: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    text = signed_elsewhere(elsewhere, "Example Academy")
    elsewhere.answers["/.well-known/did.json"] = give
    response = hand_over(client, text)
    assert (response.status_code, verdict(response)) == (200, "cannot tell")
    assert verdicts.advice("cannot tell").means in said(response)


def test_a_host_that_leads_into_a_private_network(
    client: Client, elsewhere: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = signed_elsewhere(elsewhere, "Example Academy")
    elsewhere.answers["/.well-known/did.json"] = answer(b"", 302, Location="https://10.0.0.1/did.json")
    asked: list[str] = []

    def first_only(address: resolving.Address) -> bool:
        asked.append(str(address))
        return len(asked) == 1 or is_public(address)

    ways = replace(elsewhere.ways, lookup=lambda host, _: ["10.0.0.1"] if host[0] == "1" else ["127.0.0.1"])
    monkeypatch.setattr(judging, "judge_file", partial(judging.judge_file, ways=replace(ways, is_allowed=first_only)))
    response = hand_over(client, text)
    assert verdict(response) == "cannot tell"
    assert asked == ["127.0.0.1", "10.0.0.1"]


def test_a_host_that_is_slow(client: Client, elsewhere: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    text, stop = signed_elsewhere(elsewhere, "Example Academy"), threading.Event()
    elsewhere.answers["/.well-known/did.json"] = lambda _: stop.wait(60) and None
    ways = replace(elsewhere.ways, seconds=0.3)
    monkeypatch.setattr(judging, "judge_file", partial(judging.judge_file, ways=ways))
    response = hand_over(client, text)
    stop.set()
    assert verdict(response) == "cannot tell"


# --- What is printed, and what was signed -----------------------------------------------------------------------------


def pdf_of(credential: Credential) -> bytes:
    return storing.get(credential.artifacts.get(kind=Artifact.Kind.PDF).name)


def photograph(*pictures: Image.Image) -> bytes:
    """A JPEG of pictures side by side."""
    desk = Image.new("RGB", (sum(each.width for each in pictures), max(each.height for each in pictures)), "#888")
    left = 0
    for each in pictures:
        desk.paste(each, (left, 0))
        left += each.width
    taken = io.BytesIO()
    desk.save(taken, "JPEG", quality=80)
    return taken.getvalue()


def code_on_paper(text: str) -> Image.Image:
    return Image.open(io.BytesIO(qr.png(qr.matrix(text)))).convert("RGB")


def test_the_signed_name_stands_large_whatever_is_printed(client: Client, credential: Credential) -> None:
    """Somebody writes another name over the certificate; the credential inside is untouched."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of(credential)))
    label, painted = Image.new("RGB", (300, 60), "white"), io.BytesIO()
    ImageDraw.Draw(label).text((20, 20), "Eve Adams", fill="black")
    label.save(painted, "PDF")
    writer.pages[0].merge_page(pypdf.PdfReader(painted).pages[0])
    writer.add_metadata({"/Title": "Certificate of Eve Adams"})
    edited = io.BytesIO()
    writer.write(edited)
    response = hand_over(client, edited.getvalue(), "eve-adams.pdf")
    assert verdict(response) == "genuine"
    assert re.search(r'<h1 class="hero-holder"><bdi>Ada Lovelace</bdi></h1>', response.content.decode())
    assert "Compare this with what you see on the certificate." in said(response)
    assert "Compare this" not in said(hand_over(client, credential.text.encode()))


def test_somebody_elses_credential_in_a_certificate(client: Client, credential: Credential, issue: Issue) -> None:
    """The print says Grace, the attachment is Ada's: the page says Ada."""
    grace = issue("Grace Hopper")
    response = hand_over(client, baking.embed(pdf_of(grace), credential.text.encode()))
    assert "Ada Lovelace" in said(response)
    assert "Grace" not in said(response)
    assert "Compare this" in said(response)


def attached(*files: tuple[str, bytes]) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    for name, content in files:
        writer.add_attachment(name, content)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_pdf_with_other_attachments(client: Client, credential: Credential) -> None:
    text = credential.text.encode()
    assert verdict(hand_over(client, attached(("credential.json", text), ("invoice.xml", b"<a/>")))) == "genuine"
    foreign = hand_over(client, attached(("invoice.json", b'{"total": 12}')))
    assert (foreign.status_code, verdict(foreign)) == (422, "no credential")
    forged = text.replace(b"Ada Lovelace", b"Eve Lovelace")
    two = hand_over(client, attached(("credential.json", text), ("other.json", forged)))
    assert verdict(two) == "no credential"
    assert "Lovelace" not in said(two)


def test_a_photograph_says_that_paper_is_patient(client: Client, credential: Credential) -> None:
    sheet = Image.open(io.BytesIO(showing.certificate(credential))).convert("RGB")
    response = hand_over(client, photograph(sheet), "photo.jpg")
    assert verdict(response) == "genuine"
    assert "What is printed around it can be forged" in said(response)


def test_a_photograph_without_a_code(client: Client) -> None:
    response = hand_over(client, photograph(Image.new("RGB", (400, 300), "#ccc")), "photo.jpg")
    assert response.status_code == 422
    assert "The picture shows no QR code that can be read" in said(response)
    assert "That does not make it a forgery" in said(response)


def test_a_photograph_of_two_certificates(client: Client, credential: Credential, issue: Issue) -> None:
    codes = [f"https://badges.example.com/c/{each.code}" for each in (credential, issue("Grace Hopper"))]
    response = hand_over(client, photograph(*map(code_on_paper, codes)), "photo.jpg")
    assert response.status_code == 422
    assert "The picture shows QR codes of several certificates" in said(response).replace("credentials", "certificates")
    assert "Lovelace" not in said(response)
    # A code that leads elsewhere, as on a poster behind it, is passed over.
    response = hand_over(
        client, photograph(code_on_paper(codes[0]), code_on_paper("https://menu.example/")), "photo.jpg"
    )
    assert verdict(response) == "genuine"
