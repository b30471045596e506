"""The settings pages: for owners alone; what they show and change; that nothing private is ever shown."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

import logged
from laurea.actions import inviting, issuer_keys, log_key
from laurea.credentials.keys import SigningKey
from laurea.records.models import (
    Account,
    Checkpoint,
    Entry,
    Invitation,
    Issuer,
    Key,
    Log,
    Member,
    Role,
    WitnessNotice,
)

AT = "/console/acme/settings/"
PAGES = ("", "members", "members/invite", "keys", "keys/did.json", "installation")
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10" fill="#1f5c46"/></svg>'
)


@pytest.mark.parametrize("page", PAGES)
def test_who_may_see_them(
    client: Client, alice: Account, bob: Account, vera: Account, charlie: Account, page: str
) -> None:
    assert client.get(AT + page).headers["Location"].startswith("/accounts/login/")
    for account, status in ((alice, 200), (bob, 403), (vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.get(AT + page).status_code == status


@pytest.mark.parametrize(
    "act", ["members/{}/role", "members/{}/remove", "invitations/{}/again", "invitations/{}/withdraw"]
)
def test_who_may_act(
    client: Client, acme: Issuer, alice: Account, bob: Account, vera: Account, charlie: Account, act: str
) -> None:
    invitation = inviting.invite(acme, "eve@example.com", Role.VIEWER, now=timezone.now(), actor=alice).invitation
    number = Member.objects.get(account=bob).pk if "members" in act else invitation.pk
    path = AT + act.format(number)
    for account, status in ((bob, 403), (vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.post(path, {"role": "viewer"}).status_code == status
    assert Member.objects.get(account=bob).role == Role.ISSUER
    assert Invitation.objects.get().pk == invitation.pk
    client.force_login(alice)
    assert client.get(path).status_code == 405


def test_only_owners_find_them_in_the_menu(client: Client, alice: Account, bob: Account) -> None:
    for account, there in ((alice, True), (bob, False)):
        client.force_login(account)
        assert (f'href="{AT}"' in client.get("/console/acme/").content.decode()) is there


# --- Profile ----------------------------------------------------------------------------------------------------------


def profile(**changed: Any) -> dict[str, Any]:
    said = {"name": "Acme AG", "url": "https://acme.example", "email": "", "description": "Makes everything"}
    return (
        said
        | {"language": "de", "time_zone": "Europe/Berlin", "primary_colour": "#8A1F2D", "secondary_colour": "#b8863b"}
        | {"linkedin_organization": "1337"}
        | changed
    )


def test_the_profile_is_shown_and_changed(client: Client, acme: Issuer, alice: Account) -> None:
    client.force_login(alice)
    page = client.get(AT).content.decode()
    assert "Signed with every certificate" in page
    assert "Not signed" in page
    assert client.post(AT, profile()).status_code == 302
    acme.refresh_from_db()
    assert (acme.name, acme.slug, acme.primary_colour, acme.secondary_colour) == ("Acme AG", "acme", "#8a1f2d", "")
    client.post(AT, profile(second="on"))
    acme.refresh_from_db()
    assert acme.secondary_colour == "#b8863b"


def test_the_logo_comes_and_goes(client: Client, acme: Issuer, alice: Account) -> None:
    client.force_login(alice)
    client.post(AT, profile(logo=SimpleUploadedFile("logo.svg", LOGO)))
    acme.refresh_from_db()
    assert acme.logo is not None
    page = client.get(AT).content.decode()
    assert "/files/" in page
    client.post(AT, profile(no_logo="on"))
    acme.refresh_from_db()
    assert acme.logo is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"url": "ftp//x"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"primary_colour": "#12"}, "primary_colour"),
        ({"linkedin_organization": "acme"}, "linkedin_organization"),
        ({"logo": SimpleUploadedFile("logo.svg", b"<svg><script>alert(1)</script></svg>")}, "logo"),
    ],
)
def test_mistakes_stand_beside_their_field(
    client: Client, acme: Issuer, alice: Account, changed: dict[str, Any], field: str
) -> None:
    client.force_login(alice)
    answer = client.post(AT, profile(**changed))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    acme.refresh_from_db()
    assert acme.name == "Acme GmbH"


# --- Members ----------------------------------------------------------------------------------------------------------


def test_an_invitation_goes_out_is_sent_again_and_withdrawn(client: Client, acme: Issuer, alice: Account) -> None:
    client.force_login(alice)
    answer = client.post(AT + "members/invite", {"email": "eve@example.com", "role": "issuer"}, follow=True)
    assert "on its way to eve@example.com" in answer.content.decode()
    first = Invitation.objects.get()
    client.post(f"{AT}invitations/{first.pk}/again")
    assert [message.to for message in mail.outbox] == [["eve@example.com"]] * 2
    second = Invitation.objects.get()
    assert second.token_sha256 != first.token_sha256
    Invitation.objects.update(expires=timezone.now() - timedelta(days=1))
    assert "Expired" in client.get(AT + "members").content.decode()
    client.post(f"{AT}invitations/{second.pk}/withdraw")
    assert not Invitation.objects.exists()


def test_where_no_mail_leaves_the_link_is_shown_once(
    client: Client, acme: Issuer, alice: Account, settings: Any, tmp_path: Any
) -> None:
    settings.EMAIL_BACKEND = "laurea.actions.mail_folder.MailFolder"
    settings.EMAIL_FILE_PATH = tmp_path
    client.force_login(alice)
    page = client.post(AT + "members/invite", {"email": "eve@example.com", "role": "viewer"}).content.decode()
    assert "https://badges.example.com/invitations/" in page
    assert "/invitations/" not in client.get(AT + "members").content.decode().replace("settings/invitations/", "")


def test_a_member_is_not_invited_again(client: Client, acme: Issuer, alice: Account, bob: Account) -> None:
    client.force_login(alice)
    answer = client.post(AT + "members/invite", {"email": bob.email, "role": "owner"})
    assert answer.status_code == 422
    assert "is a member already" in answer.content.decode()


def test_roles_change_and_members_go(client: Client, alice: Account, bob: Account, vera: Account) -> None:
    client.force_login(alice)
    page = client.get(AT + "members").content.decode()
    assert "Remove Bob from Acme GmbH?" in page
    assert "loses access to Acme GmbH at once" in page
    client.post(f"{AT}members/{Member.objects.get(account=bob).pk}/role", {"role": "viewer"})
    assert Member.objects.get(account=bob).role == Role.VIEWER
    client.post(f"{AT}members/{Member.objects.get(account=bob).pk}/role", {"role": "emperor"})
    assert Member.objects.get(account=bob).role == Role.VIEWER
    client.post(f"{AT}members/{Member.objects.get(account=vera).pk}/remove")
    assert not Member.objects.filter(account=vera).exists()
    client.force_login(vera)
    assert client.get("/console/acme/").status_code == 404


def test_the_last_owner_stays(client: Client, alice: Account) -> None:
    client.force_login(alice)
    mine = Member.objects.get(account=alice)
    page = client.get(AT + "members").content.decode()
    assert f"members/{mine.pk}/remove" not in page.split("<dialog")[0]
    for act, data in (("role", {"role": "viewer"}), ("remove", {})):
        answer = client.post(f"{AT}members/{mine.pk}/{act}", data, follow=True)
        assert "is the only owner of Acme GmbH" in answer.content.decode()
    assert Member.objects.get(account=alice).role == Role.OWNER


def test_whoever_leaves_is_led_out(client: Client, acme: Issuer, alice: Account, bob: Account) -> None:
    Member.objects.filter(account=bob).update(role=Role.OWNER)
    client.force_login(alice)
    answer = client.post(f"{AT}members/{Member.objects.get(account=alice).pk}/remove")
    assert answer.headers["Location"] == "/console/"


def test_members_of_another_issuer_are_not_found(client: Client, alice: Account, charlie: Account) -> None:
    client.force_login(alice)
    stranger = Member.objects.get(account=charlie).pk
    assert client.post(f"{AT}members/{stranger}/role", {"role": "viewer"}).status_code == 404
    assert client.post(f"{AT}members/{stranger}/remove").status_code == 404
    assert Member.objects.get(pk=stranger).role == Role.OWNER


# --- Keys -------------------------------------------------------------------------------------------------------------


def test_a_new_key_retires_the_old_one(client: Client, acme: Issuer, alice: Account, key: Key) -> None:
    client.force_login(alice)
    page = client.get(AT + "keys").content.decode()
    assert "did:web:badges.example.com:issuers:acme" in page
    assert "Your address vouches for you" in page
    client.post(AT + "keys/rotate")
    assert list(acme.keys.order_by("pk").values_list("state", flat=True)) == ["retired", "active"]
    document = json.loads(client.get(AT + "keys/did.json").content)
    assert {each["publicKeyMultibase"] for each in document["verificationMethod"]} == set(
        acme.keys.values_list("multikey", flat=True)
    )


def test_without_a_domain_it_says_what_one_would_change(
    client: Client, acme: Issuer, alice: Account, settings: Any
) -> None:
    settings.LAUREA_PUBLIC_URL = "http://localhost:8000"
    client.force_login(alice)
    page = client.get(AT + "keys").content.decode()
    assert "What a domain changes" in page
    assert f"did:key:{issuer_keys.active(acme).multikey}" in page
    assert "looks? like" not in page


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("page", PAGES)
def test_nothing_private_is_shown(client: Client, alice: Account, key: Key, settings: Any, page: str) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = (
        "mail.example",
        "robot",
        "hunter2hunter",
    )
    client.force_login(alice)
    html = client.get(AT + page).content.decode()
    private: SigningKey = issuer_keys.unsealed(key)
    secrets = [key.sealed, private.to_pem().decode().splitlines()[1], settings.SECRET_KEY, "hunter2hunter", "robot"]
    assert [secret for secret in [*secrets, *settings.LAUREA_KEY_ENCRYPTION_KEYS] if secret in html] == []


def test_how_the_installation_is_set_up(client: Client, alice: Account, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "mail.example"
    client.force_login(alice)
    page = client.get(AT + "installation").content.decode()
    for said in ("https://badges.example.com", "A folder on this server", "Mail server mail.example"):
        assert said in page


def test_the_audit_log_is_shown_with_its_key_its_witnesses_and_its_trouble(
    client: Client, alice: Account, settings: Settings, tmp_path: Path
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }
    now = timezone.now()
    client.force_login(alice)
    Entry.objects.all().delete()
    assert "None yet: a worker begins the log." in client.get(AT + "installation").content.decode()
    logged.act(1_234, None, now)
    logged.take_in(now)
    log = log_key.log(now=now)
    html = client.get(AT + "installation").content.decode()
    assert ("badges.example.com/log" in html, log_key.verifier(log).encode() in html, "1,234" in html) == (True,) * 3
    assert "None: nobody outside this server keeps its seals" in html
    settings.LAUREA_LOG_WITNESSES = [
        "mailto:keeper@example.org", "https://keep.example.org/log?key=hunter2", "https://late.example.org/",
    ]  # fmt: skip
    checkpoint = Checkpoint.objects.get()
    for witness, about in zip(settings.LAUREA_LOG_WITNESSES, ({"sent": now}, {"problem": "No answer"}), strict=False):
        WitnessNotice.objects.create(witness=witness, checkpoint=checkpoint, **about)
    Log.objects.update(problem="The storage does not answer")
    html = client.get(AT + "installation").content.decode()
    for expected in (
        "keeper@example.org",
        "Keeps the seal over 1,234 entries.",
        "keep.example.org",
        "Could not be told the last seal: No answer. It is tried again.",
        "late.example.org",
        "Not told yet",
        "The storage does not answer. Nothing is lost",
    ):
        assert expected in html
    assert "hunter2" not in html
