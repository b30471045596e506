"""The sweep of strangers: every address of the URLconf, asked for by people whom it does not concern.

Nobody is signed in; Charlie owns another issuer; Vera may only look. What they get is 404, 403 or the way to the
sign-in; nothing that Acme keeps to itself stands in an answer, and nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

import logged
from every_address import every_address
from laurea.actions import chunks, confirming, delivering, intake, inviting, picturing, trusting
from laurea.actions.permissions import Verb
from laurea.records.models import (
    Account,
    Achievement,
    Batch,
    Credential,
    Design,
    Entry,
    Invitation,
    Issuer,
    Member,
    Person,
    Role,
    Row,
)

pytestmark = pytest.mark.django_db

NAME, EMAIL, NUMBER, DEPARTMENT, JOB = (
    "Zdenka Holubova",
    "zdenka@secret.example",
    "EMP-77031",
    "Ward Seven",
    "Night nurse",
)
FILE, OTHER, INVITED = "nurses-of-ward-seven.csv", "Quirin Unread", "newcomer@secret.example"
DESIGN, TEAM = "Style for the night shift", ("alice@example.com", "bob@example.com", "vera@example.com")

OPEN = {
    "public:start": "the verify desk",
    "public:verify": "the verify desk",
    "public:independently": "how to verify without this site",
    "public:alone": "the same, in the visitor's own browser",
    "public:alone-program": "its program",
    "public:alone-file": "both in one file",
    "public:many": "the verify desk for many at once",
    "public:receipt": "where a receipt is checked",
    "api-v1:api-root": "leads nowhere",
    "api-v1:openapi-json": "describes the interface for programs",
    "api-v1:verify": "the verify desk for programs",
    "public:credential": "whoever has the code sees the credential",
    "c/<str:typed>/": "the same",
    "public:credential-json": "the signed document",
    "public:credential-jwt": "the same as a token",
    "public:certificate-pdf": "what the holder has",
    "public:certificate-png": "a picture of it",
    "public:badge-png": "what the holder has",
    "public:badge-svg": "the same",
    "public:social-png": "what is seen where the page is shared; names nobody",
    "public:issuer": "who signs",
    "public:did": "the keys to verify with",
    "public:status-list": "whether credentials are revoked",
    "public:brand": "the issuer's colours",
    "public:logo": "the issuer's logo",
    "public:achievement": "what the signed document refers to",
    "public:achievement-json": "the same for programs",
    "public:badge": "its picture",
    "public:inclusion": "the proof that the credential with this code is in the log",
    "public:log-checkpoint": "what the log commits to",
    "public:log-key": "the key that it is signed with",
    "public:log-tile": "hashes",
    "public:robots": "for search engines",
    "account_login": "the sign-in",
    "account_logout": "shows the way out to whoever is in; nobody is sent on",
    "account_inactive": "said to whoever was shut out",
    "account_signup": "says that accounts are made by invitation",
    "account_reset_password": "the way back in",
    "account_reset_password_done": "part of it",
    "account_reset_password_from_key": "part of it; a wrong key opens nothing",
    "account_reset_password_from_key_done": "part of it",
    "account_email_verification_sent": "part of the sign-in",
    "account_confirm_login_code": "part of the sign-in",
    "mfa_authenticate": "part of the sign-in",
    "mfa_login_webauthn": "part of the sign-in",
    "set_language": "a cookie",
    "set_scheme": "a cookie",
}
"""What anybody may ask for, and why. Nothing private may stand there either."""

WITH_THE_CODE = {
    "public:credential",
    "c/<str:typed>/",
    "public:credential-json",
    "public:credential-jwt",
    "public:certificate-pdf",
    "public:badge-png",
    "public:badge-svg",
}
"""Where the name of the one holder stands whose code was given."""

WITH_A_CODE = {"public:certificate-png", "public:social-png", "public:inclusion"}
"""Where the code is asked for, and nothing but it may come back."""

ADDRESSES = {address.label: address for address in every_address()}


# --- What Acme has ----------------------------------------------------------------------------------------------------


@pytest.fixture
def places(
    acme: Issuer, achievement: Achievement, alice: Account, bob: Account, vera: Account, charlie: Account
) -> Mapping[str, Sequence[Any]]:
    """Everything that Acme has, one of each kind, by the place in an address that it belongs to."""
    caches["process"].clear()
    now = timezone.now()
    design = achievement.design
    assert design is not None
    Design.objects.filter(pk=design.pk).update(name=DESIGN)
    holder = _issued(acme, achievement, NAME, now)
    logged.take_in(now)
    review = _uploaded(acme, achievement, bob, now)
    drawn = picturing.take_in(acme, LOGO, "", now=now)
    Issuer.objects.filter(pk=acme.pk).update(logo=drawn)
    Invitation.objects.create(issuer=None, accepted_by=alice, expires=now)  # Alice set the installation up
    invited = inviting.invite(acme, INVITED, Role.ISSUER, now=now, actor=alice)
    session = UserSession.objects.create(user=alice, ip="203.0.113.77", session_key="of-alice", user_agent="Firefox")
    passkey = Authenticator.objects.create(user=alice, type=Authenticator.Type.WEBAUTHN, data={"name": "Key of Alice"})
    assert holder.status_list is not None
    delivery = holder.deliveries.first()
    person = holder.person
    assert delivery is not None
    assert person is not None
    return {
        "console/issuer": [acme.slug],
        "issuers/slug": [acme.slug],
        "c/typed": [holder.code],
        "status/name": [holder.status_list.name],
        "achievements/uid": [achievement.uid],
        "badge\\./ending": ["png", "svg"],
        "files/token": ["no-such-token"],
        "tile/path": ["0/000.p/1", "entries/000.p/1", "9/999"],
        "set-up/token": ["no-such-token"],
        "invitations/token": ["no-such-token"],
        "key/uidb36": ["1"],
        "key": ["set-password"],
        "sessions/pk": [session.pk],
        "keys/pk": [passkey.pk],
        "keys/key": [acme.keys.get().pk],
        "achievements/pk": [achievement.pk],
        "designs/pk": [design.pk],
        "versions/number": [1],
        "packaged/base": ["corporate"],
        "people/pk": [person.pk],
        "batches/pk": [review.pk, holder.batch_id],
        "rows/line": [2],
        "sample/achievement": [achievement.pk],
        "issued/batch": [holder.batch_id],
        "credentials/pk": [holder.pk],
        "kind": ["pdf", "png", "json", "svg"],
        "mail/pk": [delivery.pk],
        "audit/pk": [Entry.objects.filter(issuer=acme, kind="batch").latest("pk").pk],
        "members/pk": [Member.objects.get(account=bob).pk],
        "trust/pk": [trusting.add("did:web:academy.example", "Academy", now.date(), now=now, actor=None).pk],
        "invitations/pk": [invited.invitation.pk],
        "issuer": [acme.slug],
    }


LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#123456"/></svg>'
)


def _issued(issuer: Issuer, achievement: Achievement, name: str, now: datetime) -> Credential:
    confirming.issue_one(
        issuer,
        achievement,
        name=name,
        email=EMAIL,
        employee_number=NUMBER,
        department=DEPARTMENT,
        job_role=JOB,
        awarded=now.date(),
        now=now,
        actor=None,
    )
    while chunks.work_on_next(worker="test", now=timezone.now()):
        pass
    delivering.send_due(now=timezone.now())
    return Credential.objects.get(name=name)


def _uploaded(issuer: Issuer, achievement: Achievement, actor: Account, now: datetime) -> Batch:
    """A list in review whose person is unknown so far."""
    content = f"Name,E-mail\n{OTHER},quirin@secret.example\n,nobody@secret.example\n".encode()
    batch = intake.upload(issuer, achievement, name=FILE, content=content, now=now, actor=actor)
    while intake.read_next(now=now, worker="test"):
        pass
    batch.refresh_from_db()
    assert batch.state == Batch.State.REVIEW
    return batch


@pytest.fixture
def secrets(places: Mapping[str, Sequence[Any]]) -> tuple[str, ...]:
    """What only Acme's own people may read."""
    return (NAME, EMAIL, NUMBER, DEPARTMENT, JOB, FILE, OTHER, INVITED, DESIGN, "secret.example", *codes(places), *TEAM)


def codes(places: Mapping[str, Sequence[Any]]) -> tuple[str, str]:
    """The code of the credential, as it is stored and as it is shown."""
    code = places["c/typed"][0]
    return code, "-".join(re.findall(".{4}", code))


def allowed(label: str, places: Mapping[str, Sequence[Any]]) -> tuple[str, ...]:
    """What may stand in an answer to anybody: to whoever has the code, the code and its one holder's name."""
    return (NAME, *codes(places)) if label in WITH_THE_CODE else codes(places) if label in WITH_A_CODE else ()


# --- How it is asked, and what comes ----------------------------------------------------------------------------------


def paths(label: str, places: Mapping[str, Sequence[Any]]) -> list[str]:
    return ADDRESSES[label].filled(places)


def asked(label: str, places: Mapping[str, Sequence[Any]]) -> list[tuple[str, str]]:
    """Each path with each method."""
    return [(path, method) for path in paths(label, places) for method in ("GET", "POST")]


def body(response: HttpResponseBase) -> str:
    """All that was answered, headers included."""
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return f"{headers}\n{content.decode('utf-8', 'replace')}"


def told(response: HttpResponseBase, secrets: Sequence[str], *, but: Sequence[str] = ()) -> list[str]:
    """What of `secrets` the answer gives away."""
    said = body(response)
    return [secret for secret in secrets if secret not in but and secret in said]


def shut(response: HttpResponseBase) -> bool:
    """404, 403, 405 or the way to the sign-in."""
    if response.status_code == 302:
        return urlsplit(response["Location"]).path == reverse("account_login")
    return response.status_code in (403, 404, 405)


@contextmanager
def nothing_written(*, but: str = "nothing") -> Iterator[None]:
    """Fail when a table of the records is written to; `but` may be one that is."""
    written = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if re.match(rf"\s*(INSERT INTO|UPDATE|DELETE FROM) \"(records|mfa|usersessions)_(?!{but}\")", sql):
            written.append(sql[:120])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert written == []


def every(prefix: str = "", *, but: str = "") -> list[str]:
    return [label for label in ADDRESSES if label.startswith(prefix) and not (but and label.startswith(but))]


# --- Nobody -----------------------------------------------------------------------------------------------------------


def test_nobody(client: Client, places: Mapping[str, Sequence[Any]], secrets: tuple[str, ...]) -> None:
    wrong = []
    for label in ADDRESSES:
        for path, method in asked(label, places):
            with nothing_written():
                response = client.generic(method, path)
            but = allowed(label, places)
            fine = response.status_code < 500 if label in OPEN else shut(response)
            if not fine or told(response, secrets, but=but):
                wrong.append((label, method, path, response.status_code, told(response, secrets, but=but)))
    assert wrong == []


def test_what_is_open_exists() -> None:
    assert OPEN.keys() - ADDRESSES.keys() == set()
    assert (WITH_THE_CODE | WITH_A_CODE) - OPEN.keys() == set()


def test_the_sweep_sees_what_is_written(acme: Issuer) -> None:
    with pytest.raises(AssertionError), nothing_written():
        Issuer.objects.filter(pk=acme.pk).update(name="Acme AG")


def test_the_way_to_the_sign_in_leads_back(client: Client, acme: Issuer) -> None:
    response = client.get("/console/acme/people/")
    assert response["Location"] == "/accounts/login/?next=/console/acme/people/"


# --- Charlie, the owner of another issuer -----------------------------------------------------------------------------


def test_another_issuers_owner_at_acme(
    client: Client, charlie: Account, places: Mapping[str, Sequence[Any]], secrets: tuple[str, ...]
) -> None:
    client.force_login(charlie)
    wrong = []
    for label in every("console:"):
        if label == "console:start":
            continue
        for path, method in asked(label, places):
            with nothing_written():
                response = client.generic(method, path)
            if response.status_code != 404 or told(response, secrets):
                wrong.append((label, method, path, response.status_code, told(response, secrets)))
    assert wrong == []


def test_what_is_acmes_below_another_issuers_address(
    client: Client, charlie: Account, places: Mapping[str, Sequence[Any]], secrets: tuple[str, ...]
) -> None:
    """/console/other/people/<a person of Acme's>/ and the like."""
    client.force_login(charlie)
    mixed = {**places, "console/issuer": ["other"], "issuer": ["other"]}
    # The designs that everybody has; the list of trusted issuers, which is one for all, and not theirs to change.
    own = {"console:design-packaged", "console:settings-trust-remove"}
    wrong = []
    for label in every("console:"):
        foreign = set(ADDRESSES[label].places) - {"issuer"}
        if not foreign or label in own:
            continue
        for path, method in asked(label, mixed):
            with nothing_written():
                response = client.generic(method, path)
            if response.status_code not in (404, 405) or told(response, secrets):
                wrong.append((label, method, path, response.status_code, told(response, secrets)))
    assert wrong == []


def test_another_issuers_own_pages_do_not_tell_of_acme(
    client: Client, charlie: Account, places: Mapping[str, Sequence[Any]], secrets: tuple[str, ...]
) -> None:
    client.force_login(charlie)
    mixed = {**places, "console/issuer": ["other"], "issuer": ["other"]}
    wrong = []
    for label in every(but="public:"):
        if set(ADDRESSES[label].places) - {"issuer"}:
            continue
        for path in paths(label, mixed):
            for query in ("", f"?q={OTHER}&state=sent", f"?achievement={places['achievements/pk'][0]}"):
                response = client.get(path + query)
                found = [secret for secret in told(response, secrets) if secret != OTHER]  # it was typed
                if response.status_code >= 500 or found:
                    wrong.append((label, path + query, response.status_code, found))
    assert wrong == []


def test_what_belongs_to_alice_alone(client: Client, charlie: Account, places: Mapping[str, Sequence[Any]]) -> None:
    client.force_login(charlie)
    wrong = []
    for label in ("accounts:end-session", "mfa_remove_webauthn", "mfa_edit_webauthn"):
        for path, method in asked(label, places):
            with nothing_written():
                response = client.generic(method, path)
            sent_away = response.status_code == 302 and "reauthenticate" in response["Location"]
            if not (shut(response) or sent_away) or told(response, ("Key of Alice", "203.0.113.77")):
                wrong.append((path, method, response.status_code))
    assert wrong == []


@pytest.mark.usefixtures("places")
def test_what_is_acmes_in_another_issuers_forms(client: Client, charlie: Account, places: Mapping[str, Any]) -> None:
    """Numbers of Acme's people, designs, pictures and achievements, filled into forms of one's own."""
    client.force_login(charlie)
    achievement, design = places["achievements/pk"][0], places["designs/pk"][0]
    person, credential = places["people/pk"][0], places["credentials/pk"][0]
    picture = Issuer.objects.get(slug="acme").logo_id
    file = ("name", "A")
    forms: list[tuple[str, dict[str, Any]]] = [
        ("console:issue-one", {"achievement": achievement, "person": person, "awarded": "2026-01-05", "name": "X"}),
        ("console:issue-one-people", {"name": NAME[:6]}),
        ("console:issue-one-preview", {"achievement": achievement, "person": person, "awarded": "2026-01-05"}),
        ("console:batch-new", {"achievement": achievement, "file": file}),
        ("console:achievement-preview", {"name": "X", "design": design, "badge_source": "own", "picture": picture}),
        ("console:achievement-new", {"name": "X", "design": design, "badge_source": "own", "picture": picture}),
        ("console:design-preview", {"name": "X", "base": "corporate", "logo": picture}),
        ("console:credentials-download", {"pk": credential, "as": "csv"}),
        ("console:credentials-download", {"all": "1", "as": "csv", "person": person, "achievement": achievement}),
    ]
    secret = (NAME, EMAIL, NUMBER, DEPARTMENT, JOB, DESIGN)
    for label, data in forms:
        before = Achievement.objects.count(), Batch.objects.count()
        response = client.post(reverse(label, args=["other"]), data)
        assert told(response, secret, but=(data["name"],) if "name" in data else ()) == [], label
        assert (Achievement.objects.count(), Batch.objects.count()) == before, label


# --- Vera, who may only look; Bob, who may not manage -----------------------------------------------------------------


def _verb(path: str) -> Verb | None:
    return getattr(resolve(path).func, "verb", None)


def test_every_page_of_the_console_says_what_it_takes(places: Mapping[str, Sequence[Any]]) -> None:
    unguarded = [label for label in every("console:") for path in paths(label, places) if _verb(path) is None]
    assert unguarded == ["console:start"]


@pytest.mark.parametrize(("who", "may"), [("vera", {Verb.LOOK}), ("bob", {Verb.LOOK, Verb.ISSUE})])
def test_a_role_that_does_not_allow_it(
    who: str, may: set[Verb], client: Client, places: Mapping[str, Sequence[Any]]
) -> None:
    client.force_login(Account.objects.get(email=f"{who}@example.com"))
    wrong = []
    for label in every("console:"):
        for path, method in asked(label, places):
            if _verb(path) in (None, *may):
                continue
            with nothing_written():
                response = client.generic(method, path)
            if response.status_code != 403:
                wrong.append((label, method, path, response.status_code))
    assert wrong == []


def test_whoever_only_looks_changes_nothing(client: Client, vera: Account, places: Mapping[str, Sequence[Any]]) -> None:
    client.force_login(vera)
    wrong = []
    for label in every("console:"):
        for path in paths(label, places):
            for data in ({}, {"all": "1", "name": "X", "state": "ready", "decision": "issue", "role": "owner"}):
                with nothing_written(but="entry"):  # a download, which leaves one
                    response = client.post(path, data)
                if response.status_code >= 500:
                    wrong.append((label, path, response.status_code))
    assert wrong == []


# --- Alice, so that the sweep is known to look for what there is ------------------------------------------------------


def test_acmes_own_people_see_all_of_it(
    client: Client, alice: Account, places: Mapping[str, Sequence[Any]], secrets: tuple[str, ...]
) -> None:
    client.force_login(alice)
    seen, closed = "", []
    for label in every("console:"):
        if label == "console:mail-source":  # the mail of tests goes to no folder
            continue
        answers = [client.get(path) for path in paths(label, places)]
        if {answer.status_code for answer in answers}.isdisjoint((200, 302, 405)):
            closed.append((label, [answer.status_code for answer in answers]))
        seen += "".join(map(body, answers))
    assert closed == []
    assert [secret for secret in secrets if secret not in seen] == []
    assert Row.objects.filter(name=OTHER).exists()
    assert Person.objects.filter(name=NAME).exists()
