"""The page of a credential: each verdict, for everybody, fast, and nothing that is nobody's business."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from laurea.actions import chunks, correcting, issuer_keys, issuing, picturing, revoking
from laurea.credentials.code import format_code
from laurea.credentials.status_list import StatusList as Bits
from laurea.records.models import Account, Credential, Issuer
from laurea.web.public import stage, visitors

from .conftest import DEPARTMENT, EMAIL, JOB, NUMBER, Issue


@pytest.fixture(autouse=True)
def _nothing_was_drawn() -> None:
    stage._drawn.clear()


def page(client: Client, credential: Credential, **headers: str) -> str:
    response = client.get(f"/c/{credential.code}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def verdict(html: str) -> str:
    return str(re.findall(r'data-verdict="([^"]+)"', html)[0])


def word(html: str) -> str:
    return str(re.findall(r'class="verdict-word">([^<]+)<', html)[0])


def test_genuine(client: Client, credential: Credential) -> None:
    html = page(client, credential)
    assert (verdict(html), word(html)) == ("genuine", "Genuine")
    for shown in ("Ada Lovelace", "Safe Handling of Personal Data", "Acme GmbH", "Data protection", "Attended the day"):
        assert shown in html
    assert f'src="/c/{credential.code}/certificate.png"' in html
    assert f"/achievements/{credential.achievement.uid}/badge.svg?v=" in html
    assert html.count('<details class="check check-good">') >= 8
    assert "eddsa-rdfc-2022" in html
    assert "eddsa-jcs-2022" in html


def test_the_page_is_small_and_asks_little(
    client: Client, credential: Credential, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4):
        response = client.get(f"/c/{credential.code}")
    assert len(response.content) < 30_000
    with django_assert_max_num_queries(2):
        client.get(f"/c/{credential.code}")


def test_members_see_what_strangers_see_with_four_queries(
    client: Client, credential: Credential, alice: Account, django_assert_max_num_queries: Any
) -> None:
    strange = page(client, credential)
    client.force_login(alice)
    with django_assert_max_num_queries(4):
        assert page(client, credential) == strange


def test_revoked_in_the_records(client: Client, credential: Credential) -> None:
    assert verdict(page(client, credential)) == "genuine"
    Credential.objects.update(revoked=timezone.now())
    html = page(client, credential)
    assert (verdict(html), word(html)) == ("revoked", "Revoked")
    assert "withdrew it on" in html
    assert_nothing_is_celebrated(html)
    assert "credential.json" in html
    assert "certificate.pdf" not in html
    assert ("Was to end" in html) is (credential.valid_until is not None)
    assert "It does not expire" not in html


def test_revoked_by_the_status_list_alone(client: Client, credential: Credential) -> None:
    assert verdict(page(client, credential)) == "genuine"
    listed, key = credential.status_list, credential.key
    assert listed is not None
    bits = Bits.empty(listed.entries).set([credential.status_index or 0])
    address = json.loads(credential.text)["credentialStatus"]["statusListCredential"]
    did = issuer_keys.did(credential.issuer)
    edition = issuing.status_list(bits, did, issuer_keys.unsealed(key), address, timezone.now().replace(microsecond=0))
    listed.text = edition.decode()
    listed.save()
    html = page(client, credential)
    assert verdict(html) == "revoked"
    assert_nothing_is_celebrated(html)


def test_expired(client: Client, expired: Credential) -> None:
    html = page(client, expired)
    assert (verdict(html), word(html)) == ("expired", "Expired")
    assert "Grace Hopper" in html
    assert "Was valid until" in html
    assert_nothing_is_celebrated(html)
    assert "certificate.pdf" in html


def test_not_yet_valid(client: Client, issue: Issue) -> None:
    coming = issue(at=timezone.now() + timedelta(days=400))
    coming.status_list = None
    html = page(client, coming)
    assert verdict(html) == "not yet valid"
    assert_nothing_is_celebrated(html)


def test_altered(client: Client, credential: Credential) -> None:
    assert verdict(page(client, credential)) == "genuine"
    Credential.objects.update(text=credential.text.replace("Ada Lovelace", "Eve Lovelace"))
    html = page(client, credential)
    assert (verdict(html), word(html)) == ("altered", "Altered")
    assert "Lovelace" not in html
    assert_nothing_is_celebrated(html)
    assert "og:title" not in html


def test_unreadable(client: Client, credential: Credential) -> None:
    Credential.objects.update(text="{")
    assert verdict(page(client, credential)) == "malformed"


def test_a_rotated_key_keeps_what_it_signed_genuine(client: Client, credential: Credential, acme: Issuer) -> None:
    issuer_keys.create(acme, now=timezone.now(), actor=None)
    assert verdict(page(client, credential)) == "genuine"


def test_a_key_that_is_not_the_issuers(client: Client, credential: Credential, acme: Issuer, other: Issuer) -> None:
    other.keys.all().delete()
    acme.keys.update(multikey=issuer_keys.create(other, now=timezone.now(), actor=None).multikey + "x")
    html = client.get(f"/c/{credential.code}").content.decode()
    assert 'data-verdict="genuine"' not in html


def test_renewal_keeps_the_code(client: Client, credential: Credential, issue: Issue) -> None:
    renewed = issue(result="", person=credential.person, renews=True, name="Ada King")
    credential.refresh_from_db()
    assert renewed.code == credential.code
    assert credential.superseded is not None
    assert "Ada King" in page(client, credential)


def assert_nothing_is_celebrated(html: str) -> None:
    for festive in ("certificate.png", "badge.svg?v=", "linkedin.com", "og:image", "hero-badge"):
        assert festive not in html


# --- Who it is for ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["", "/credential.json", "/credential.jwt", "/badge.svg", "/certificate.pdf", "/badge.png"]
)
def test_nothing_personal_beyond_the_page(client: Client, credential: Credential, path: str) -> None:
    response = client.get(f"/c/{credential.code}{path}", follow=True)
    data = b"".join(response.streaming_content) if response.streaming else response.content
    for secret in (EMAIL, NUMBER, DEPARTMENT, JOB):
        assert secret.encode() not in data


def test_not_listed_unless_published(client: Client, credential: Credential) -> None:
    hidden = client.get(f"/c/{credential.code}")
    assert hidden["X-Robots-Tag"] == "noindex"
    assert b'<meta name="robots" content="noindex">' in hidden.content
    Credential.objects.update(published=True)
    shown = client.get(f"/c/{credential.code}")
    assert "X-Robots-Tag" not in shown
    assert b'name="robots"' not in shown.content


def test_open_graph(client: Client, credential: Credential) -> None:
    html = page(client, credential)
    found = dict(re.findall(r'<meta property="og:([a-z:_]+)" content="([^"]*)">', html))
    address = f"https://badges.example.com/c/{credential.code}"
    assert found["title"] == "Safe Handling of Personal Data"
    assert found["url"] == address
    assert found["image"] == f"{address}/social.png"
    assert (found["image:width"], found["image:height"]) == ("1200", "627")
    assert "Ada" not in "".join(found.values())


def test_linkedin(client: Client, credential: Credential, acme: Issuer) -> None:
    html = unescape(page(client, credential))
    profile = urlsplit(re.findall(r'href="(https://www\.linkedin\.com/profile/add[^"]*)"', html)[0])
    until = credential.valid_until
    assert until is not None
    assert parse_qs(profile.query, strict_parsing=True) == {
        "startTask": ["CERTIFICATION_NAME"],
        "name": ["Safe Handling of Personal Data"],
        "organizationName": ["Acme GmbH"],
        "issueYear": [str(credential.awarded.year)],
        "issueMonth": [str(credential.awarded.month)],
        "expirationYear": [str(until.year)],
        "expirationMonth": [str(until.month)],
        "certUrl": [f"https://badges.example.com/c/{credential.code}"],
        "certId": [format_code(credential.code)],
    }
    share = urlsplit(re.findall(r'href="(https://www\.linkedin\.com/sharing[^"]*)"', html)[0])
    assert share.path == "/sharing/share-offsite/"
    assert parse_qs(share.query) == {"url": [f"https://badges.example.com/c/{credential.code}"]}
    acme.linkedin_organization = "1337"
    acme.save()
    assert "organizationId=1337" in page(client, credential)


def test_language(client: Client, credential: Credential) -> None:
    english = page(client, credential, accept_language="en-GB,en;q=0.9")
    german = page(client, credential, accept_language="de-AT,de;q=0.9,en;q=0.5")
    assert '<html lang="en"' in english
    assert '<html lang="de"' in german
    assert "Die Datei ist lesbar" in german
    assert word(german) == "Echt"
    switched = client.get(f"/c/{credential.code}?language=de", headers={"accept-language": "en"})
    assert (switched.status_code, switched["Location"]) == (302, f"/c/{credential.code}")
    assert word(page(client, credential, accept_language="en")) == "Echt"


def test_light_and_dark(client: Client, credential: Credential) -> None:
    assert "data-bs-theme" not in page(client, credential)
    client.cookies["laurea_scheme"] = "dark"
    assert 'data-bs-theme="dark"' in page(client, credential)


def test_what_the_page_shows_makes_another_page(client: Client, credential: Credential, acme: Issuer) -> None:
    """A drawn page is kept: nothing that it shows may be left out of its key."""
    seen = {page(client, credential)}

    def changed() -> None:
        now = page(client, credential)
        assert now not in seen
        seen.add(now)

    for name, value in (
        ("description", "New words"),
        ("primary_colour", "#aa0055"),
        ("secondary_colour", "#00aa55"),
        ("linkedin_organization", "77"),
        ("slug", "acme-2"),
    ):
        before = getattr(acme, name)
        Issuer.objects.filter(pk=acme.pk).update(**{name: value})
        changed()
        Issuer.objects.filter(pk=acme.pk).update(**{name: before})
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>'
    acme.logo = picturing.take_in(acme, svg, "Acme", now=timezone.now())
    acme.save()
    changed()
    type(credential.achievement).objects.update(changed=timezone.now())
    changed()
    Credential.objects.update(published=True)
    changed()


# --- Caching, negotiation ---------------------------------------------------------------------------------------------


def test_asked_again_it_is_not_sent_again(client: Client, credential: Credential) -> None:
    first = client.get(f"/c/{credential.code}")
    assert first["Cache-Control"] == "private, no-cache"
    assert {"Accept", "Cookie", "Accept-Language"} <= {part.strip() for part in first["Vary"].split(",")}
    again = client.get(f"/c/{credential.code}", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Credential.objects.update(revoked=timezone.now())
    assert client.get(f"/c/{credential.code}", headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("application/vc+ld+json", "application/vc+ld+json"),
        ("application/vc", "application/vc"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/json"),
        ("application/vc+ld+json, application/json;q=0.5", "application/vc+ld+json"),
        ("text/html, application/json;q=0.9", "text/html; charset=utf-8"),
        ("application/json, text/html;q=0.9", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("", "text/html; charset=utf-8"),
        ("image/tiff", "text/html; charset=utf-8"),
        (";;;,,/", "text/html; charset=utf-8"),
    ],
)
def test_what_is_asked_for(client: Client, credential: Credential, accept: str, answered: str) -> None:
    response = client.get(f"/c/{credential.code}", headers={"accept": accept})
    assert response["Content-Type"] == answered
    assert "Accept" in response["Vary"]
    if "html" not in answered:
        assert response.content == credential.text.encode()
        assert response["Access-Control-Allow-Origin"] == "*"


def test_head(client: Client, credential: Credential) -> None:
    response = client.head(f"/c/{credential.code}")
    assert (response.status_code, response.content) == (200, b"")
    assert response["ETag"]
    assert client.post(f"/c/{credential.code}").status_code == 405


def test_content_security_policy(client: Client, credential: Credential) -> None:
    policy = client.get(f"/c/{credential.code}")["Content-Security-Policy"]
    assert "unsafe" not in policy


# --- Codes ------------------------------------------------------------------------------------------------------------


def test_codes_are_read_forgivingly(client: Client, credential: Credential) -> None:
    code = credential.code
    for typed in (code.lower(), format_code(code), f" {format_code(code)} ", f"{code}/"):
        response = client.get(f"/c/{typed}")
        assert (response.status_code, response["Location"]) == (301, f"/c/{code}")
    response = client.get(f"/c/{format_code(code)}/credential.json")
    assert (response.status_code, response["Location"]) == (301, f"/c/{code}/credential.json")


def other_than(character: str) -> str:
    return "X" if character != "X" else "Y"


@pytest.mark.parametrize(("position", "group"), [(0, "first"), (6, "second"), (9, "third"), (15, "fourth")])
def test_the_group_to_compare(client: Client, credential: Credential, position: int, group: str) -> None:
    code = credential.code
    wrong = code[:position] + other_than(code[position]) + code[position + 1 :]
    response = client.get(f"/c/{wrong}")
    html = response.content.decode()
    assert response.status_code == 404
    assert f"Compare the {group} group" in html
    assert credential.code not in html
    assert format_code(credential.code) not in html
    assert format_code(wrong) in html


def test_a_wrong_code_of_nobody(client: Client, credential: Credential) -> None:
    response = client.get("/c/0000000000000001")
    assert response.status_code == 404
    assert b"group by group" in response.content
    short = client.get("/c/12345")
    assert short.status_code == 404
    assert b"11 missing" in short.content


def test_an_unknown_code(client: Client, credential: Credential) -> None:
    response = client.get("/c/0000000000000000")
    assert response.status_code == 404
    assert b"No credential has this code" in response.content
    assert response["X-Robots-Tag"] == "noindex"


def test_guessing_ends(client: Client, credential: Credential) -> None:
    for _ in range(visitors.MOST_MISSES):
        assert client.get("/c/0000000000000000").status_code == 404
    refused = client.get(f"/c/{credential.code}")
    assert (refused.status_code, refused["Retry-After"]) == (429, str(visitors.SECONDS))
    assert b"That was too often" in refused.content
    assert client.get("/verify?code=0000000000000000").status_code == 429
    assert client.get(f"/c/{credential.code}/credential.json").status_code == 429
    # Somebody else is not kept from anything.
    assert client.get(f"/c/{credential.code}", REMOTE_ADDR="192.0.2.8").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "seen"),
    [
        (0, "192.0.2.1", "203.0.113.9", "192.0.2.1"),
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "10.0.0.1", "203.0.113.9", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (0, "::ffff:192.0.2.7", "", "192.0.2.7"),
        (0, "", "", ""),
    ],
)
def test_where_somebody_comes_from(
    rf: Any, settings: Any, proxies: int, remote: str, forwarded: str, seen: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert visitors.address(rf.get("/", REMOTE_ADDR=remote, headers=headers)) == seen


# --- An installation without a lasting address ------------------------------------------------------------------------


@pytest.fixture
def local(settings: Any) -> None:
    """As `laurea run` starts: on http, so that issuers are did:key."""
    settings.LAUREA_PUBLIC_URL = "http://localhost:8000"


@pytest.mark.usefixtures("local")
def test_a_bare_key_is_known_where_it_signs(client: Client, issue: Issue) -> None:
    issued = issue()
    assert json.loads(issued.text)["issuer"]["id"].startswith("did:key:")
    html = page(client, issued)
    assert verdict(html) == "genuine"
    assert "which keeps its key" in html
    assert "according to its records on this site" in html
    Credential.objects.update(revoked=timezone.now())
    assert verdict(page(client, issued)) == "revoked"


# --- What became of it ------------------------------------------------------------------------------------------------


def history(html: str) -> list[str]:
    """The lines of the history, the newest first, without days."""
    found = re.search(r'<ol class="past">(.*?)</ol>', html, re.DOTALL)
    lines = re.findall(r"<span>(.*?)</span>", found[1], re.DOTALL) if found else []
    return [re.sub(r"<[^>]+>", ": ", line).removesuffix(": ") for line in lines]


def test_what_was_only_issued_has_no_history(client: Client, credential: Credential) -> None:
    assert history(page(client, credential)) == []


def test_a_corrected_one_tells_that_it_was_and_not_what_was_wrong(
    client: Client, credential: Credential, acme: Issuer
) -> None:
    said = replace(correcting.said_by(credential), name="Ada King")
    correcting.correct(credential, said, send_mail=False, now=timezone.now(), actor=None)
    while chunks.work_on_next(worker="test", now=timezone.now()):
        pass
    html = page(client, credential)
    assert history(html) == ["Corrected", "Issued"]
    assert (verdict(html), "Ada King" in html, "Lovelace" in html) == ("genuine", True, False)
    new = Credential.objects.get(superseded=None)
    revoking.revoke(
        acme, Credential.objects.filter(pk=new.pk), reason="not-met", note="Between us", now=timezone.now(), actor=None
    )
    html = page(client, credential)
    assert history(html) == ["Revoked: The criteria were not met", "Corrected", "Issued"]
    assert verdict(html) == "revoked"
    assert "Between us" not in html


def test_the_old_file_says_where_the_current_one_is(client: Client, credential: Credential) -> None:
    said = replace(correcting.said_by(credential), name="Ada King")
    correcting.correct(credential, said, send_mail=False, now=timezone.now(), actor=None)
    while chunks.work_on_next(worker="test", now=timezone.now()):
        pass
    file = SimpleUploadedFile("old.json", credential.text.encode())
    html = client.post("/verify", {"file": file}).content.decode()
    assert verdict(html) == "replaced"
    assert f'href="/c/{credential.code}"' in html
    assert "a corrected edition took its place" in html


def test_a_status_list_is_asked_for_again_only_when_it_changed(
    client: Client, credential: Credential, acme: Issuer
) -> None:
    listed = credential.status_list
    assert listed is not None
    address = f"/issuers/acme/status/{listed.name}"
    first = client.get(address)
    assert first["Cache-Control"] == "public, max-age=60"
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    revoking.revoke(acme, Credential.objects.all(), reason="mistake", now=timezone.now(), actor=None)
    second = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (second.status_code, second["ETag"] == first["ETag"]) == (200, False)
