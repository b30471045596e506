"""What the tests with a browser have done in the demo, in a process of its own: every state that a page can be in."""

from __future__ import annotations

import hashlib
import time
from datetime import datetime, timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from laurea.actions import confirming, designing, intake, inviting, joining, revoking, trusting
from laurea.records.models import (
    Account,
    Achievement,
    Batch,
    Credential,
    Delivery,
    Design,
    Entry,
    Issuer,
    Member,
    Person,
    Role,
    Row,
)

FAR = timedelta(days=30)
OWNER, ISSUER = "Owner", "Issuer"
SECOND = "an account with every second step and two issuers"
SESSIONS = (OWNER, ISSUER, SECOND)
"""Who is signed in by a session that `places` makes, in their order there."""
SECOND_STEP = {"email": "second.step@example.org", "password": "a long way to the sea"}
REFUSED = "550 5.1.1 <carmen.fernandez-villaverde@northlight.example>: Recipient address rejected: User unknown"
LIST = (
    "Name,E-mail,Date\n"
    "Ada Byron,ada.byron@example.org,2026-01-12\n"
    "Alan Turing,alan at example.org,2026-01-12\n"
    ",grace@example.org,2026-01-12\n"
    "Ada Byron,ada.byron@example.org,2026-01-12\n"
)


def upload(name: str = "list.csv", content: str = LIST) -> int:
    """A list in review; its number."""
    issuer, achievement, owner = _whose()
    return _read(
        intake.upload(issuer, achievement, name=name, content=content.encode(), now=timezone.now(), actor=owner)
    )


def places() -> dict[str, list[Any]]:
    """Bring the demo into every state, and give what belongs in each place of an address (see `every_address`)."""
    now = timezone.now()
    issuer, _achievement, owner = _whose()
    colleague = Account.objects.get(memberships__issuer=issuer, memberships__role=Role.ISSUER)
    batches = _batches(now)
    credential = _credentials(issuer)
    others = _other_credentials(issuer, now, owner)
    delivery = _deliveries(issuer)
    design, archived_design = _designs(issuer, now, owner)
    achievement, archived = _achievements(issuer, now, owner)
    newcomer = inviting.invite(issuer, "newcomer@example.org", Role.VIEWER, now=now, actor=owner)
    known = inviting.invite(issuer, "owner@lindenhof.example", Role.VIEWER, now=now, actor=owner)
    person = Person.objects.filter(issuer=issuer, credentials__isnull=False).order_by("pk").first()
    inactive = Person.objects.filter(issuer=issuer, active=False).first()
    assert person is not None
    account = _with_second_steps(issuer)
    return {
        "console/issuer": [issuer.slug],
        "issuers/slug": [issuer.slug],
        "c/typed": [credential.code, *(each.code for each in others), "0000-0000-0000-0000", "not-a-code"],
        "status/name": [credential.status_list.name if credential.status_list else "none"],
        "achievements/uid": [str(achievement.uid)],
        "badge\\./ending": ["png"],
        "files/token": ["no-such-token"],
        "set-up/token": ["no-such-token"],
        "invitations/token": [newcomer.link.rpartition("/")[2], known.link.rpartition("/")[2], "no-such-token"],
        "key/uidb36": [user_pk_to_url_str(owner)],
        "key": [default_token_generator.make_token(owner), "1-no-such-key"],
        "sessions/pk": [0],
        "keys/pk": [Authenticator.objects.get(user=account, type=Authenticator.Type.WEBAUTHN).pk],
        "achievements/pk": [achievement.pk, archived.pk],
        "designs/pk": [design.pk, archived_design.pk],
        "versions/number": [1],
        "packaged/base": ["corporate"],
        "people/pk": [person.pk, *([inactive.pk] if inactive else [])],
        "batches/pk": batches,
        "rows/line": [2, 3],
        "sample/achievement": [achievement.pk],
        "issued/batch": [_by_hand(issuer, achievement, now).pk],
        "credentials/pk": [credential.pk, others[1].pk],
        "kind": ["json"],
        "mail/pk": delivery,
        "members/pk": [Member.objects.filter(issuer=issuer, role=Role.VIEWER).values_list("pk", flat=True)[0]],
        "invitations/pk": [newcomer.invitation.pk],
        "keys/key": [issuer.keys.order_by("pk").values_list("pk", flat=True)[0]],
        "audit/pk": [Entry.objects.filter(issuer=issuer, kind=kind).latest("pk").pk for kind in ("batch", "design")],
        "trust/pk": [trusting.add("did:web:academy.example", "Academy", now.date(), now=now, actor=owner).pk],
        "tile/path": ["0/000", "9/999"],
        "session": [_session(each) for each in (owner, colleague, account)],
    }


def _whose() -> tuple[Issuer, Achievement, Account]:
    issuer = Issuer.objects.order_by("pk").first()
    assert issuer is not None
    achievement = issuer.achievements.filter(archived=None).order_by("pk").first()
    owner = Account.objects.filter(memberships__issuer=issuer, memberships__role=Role.OWNER).first()
    assert achievement is not None
    assert owner is not None
    return issuer, achievement, owner


def _read(batch: Batch) -> int:
    """Wait until a worker of the installation has read it."""
    for _ in range(600):
        batch.refresh_from_db()
        if batch.state != Batch.State.READING:
            return batch.pk
        time.sleep(0.05)
    raise TimeoutError(f"{batch} is still {batch.state}")


def _batches(now: datetime) -> list[int]:
    """One in every state; those that workers would take are kept from them."""
    issuer, achievement, owner = _whose()
    twin = Batch.objects.filter(issuer=issuer, state=Batch.State.REVIEW).values_list("pk", flat=True)
    done = Batch.objects.filter(issuer=issuer, state=Batch.State.DONE, by_hand=False).values_list("pk", flat=True)
    ambiguous = "Name,Trainer name,Date\nAda Byron,Grace,03/04/2026\nAlan Turing,Grace,05/06/2026\n"
    asking = upload("two-readings.csv", ambiguous)
    unreadable = upload("headings-alone.csv", "Name,E-mail\n")
    reading = Batch.objects.create(
        issuer=issuer,
        achievement=achievement,
        file_name="long.csv",
        file="none",
        lease_until=now + FAR,
        created_by=owner,
    )
    waiting = _confirmed("waiting.csv", now)
    Batch.objects.filter(pk=waiting).update(problem="The disk is full", not_before=now + FAR)
    stopped = _confirmed("stopped.csv", now)
    confirming.stop(Batch.objects.get(pk=stopped), now=now, actor=owner)
    return [*twin[:1], upload("mistakes.csv"), asking, unreadable, reading.pk, waiting, stopped, *done[:1]]


def _confirmed(name: str, now: datetime) -> int:
    """A confirmed list that no worker may take yet."""
    owner = _whose()[2]
    batch = Batch.objects.get(pk=upload(name, LIST.replace("Ada", name.partition(".")[0].title())))
    Batch.objects.filter(pk=batch.pk).update(not_before=now + FAR)
    batch.refresh_from_db()
    confirming.confirm(batch, send_mail=False, now=now, actor=owner)
    Batch.objects.filter(pk=batch.pk).update(not_before=now + FAR)
    return batch.pk


def _by_hand(issuer: Issuer, achievement: Achievement, now: datetime) -> Batch:
    """One that waits for its worker."""
    batch = Batch.objects.filter(issuer=issuer, by_hand=True).order_by("pk").first()
    assert batch is not None
    waiting = Batch.objects.create(
        issuer=issuer,
        achievement=achievement,
        by_hand=True,
        state=Batch.State.ISSUING,
        not_before=now + FAR,
        confirmed=now,
        moment=now,
        design_version=batch.design_version,
    )
    Row.objects.create(batch=waiting, line=1, state=Row.State.READY, name="Ada Byron")
    return waiting


def _credentials(issuer: Issuer) -> Credential:
    """A genuine one."""
    found = (
        Credential.objects.filter(issuer=issuer, superseded=None, revoked=None, valid_until__gt=timezone.now())
        .order_by("-pk")
        .first()
    )
    assert found is not None
    return found


def _other_credentials(issuer: Issuer, now: datetime, owner: Account) -> list[Credential]:
    """An expired one, one that was revoked, and one that was changed on file."""
    expired, revoked, changed = Credential.objects.filter(issuer=issuer, superseded=None).order_by("pk")[:3]
    revoking.revoke(issuer, Credential.objects.filter(pk=revoked.pk), reason="mistake", now=now, actor=owner)
    Credential.objects.filter(pk=changed.pk).update(text=changed.text.replace(changed.name, "Somebody Else"))
    return [expired, revoked, changed]


def _deliveries(issuer: Issuer) -> list[int]:
    """One that was sent, one that failed."""
    sent = Delivery.objects.filter(issuer=issuer).order_by("pk")[:2]
    Delivery.objects.filter(pk=sent[1].pk).update(state="failed", problem=REFUSED)
    return [each.pk for each in sent]


def _designs(issuer: Issuer, now: datetime, owner: Account) -> tuple[Design, Design]:
    design = issuer.designs.filter(archived=None, achievements__isnull=False).order_by("pk").first()
    assert design is not None
    archived = designing.create(issuer, "Last year's", "corporate", {}, now=now, actor=owner)
    designing.archive(archived, now=now, actor=owner)
    return design, archived


def _achievements(issuer: Issuer, now: datetime, owner: Account) -> tuple[Achievement, Achievement]:
    shown = issuer.achievements.filter(archived=None).order_by("pk")[0]
    gone = Achievement.objects.create(
        issuer=issuer,
        design=shown.design,
        name="Fax machines",
        description="Sends a fax.",
        criteria="Sent one.",
        badge=shown.badge,
        archived=now,
    )
    return shown, gone


def _with_second_steps(issuer: Issuer) -> Account:
    """An account with every second step, which works for two issuers."""
    now = timezone.now()
    account = joining.register(SECOND_STEP["email"], "Sandra Second", SECOND_STEP["password"], language="", now=now)
    for each in (issuer, Issuer.objects.exclude(pk=issuer.pk)[0]):
        Member.objects.create(issuer=each, account=account, role=Role.OWNER)
    TOTP.activate(account, generate_totp_secret())
    RecoveryCodes.activate(account)
    data = {"name": "Blue key", "credential": _passkey()}
    Authenticator.objects.create(user=account, type=Authenticator.Type.WEBAUTHN, data=data)
    return account


def _session(account: Account) -> str:
    """The key of a session of somebody who just gave the password, and will have done so for an hour."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() + 3600, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(account.pk)
    session.create()
    UserSession.objects.create(user=account, ip="127.0.0.1", session_key=session.session_key, user_agent="Firefox")
    return str(session.session_key)


def _passkey() -> dict[str, Any]:
    """What a browser sends when it has made a key (WebAuthn, section 5.1: RegistrationResponseJSON)."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    name = b"a key of the tests"
    made = AuthenticatorData.create(
        hashlib.sha256(b"localhost").digest(),
        AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT,
        0,
        AttestedCredentialData.create(b"\0" * 16, name, public),
    )
    said = CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
    return {
        "type": "public-key",
        "id": websafe_encode(name),
        "rawId": websafe_encode(name),
        "response": {
            "clientDataJSON": websafe_encode(said),
            "attestationObject": websafe_encode(AttestationObject.create("none", made, {})),
        },
        "clientExtensionResults": {},
    }
