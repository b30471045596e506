"""The drill of docs/how-to/key-compromise.md, step by step: what verifies before, what after, and for whom.

Others are played by Digital Bazaar's library and by Laurea's own verifier; both are given what the installation
publishes at that moment, and nothing else.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from tests.interop.conftest import Peers

import logged
from laurea.actions import addresses, chunks, confirming, issuer_keys
from laurea.credentials import contexts, keys, proof
from laurea.credentials.document import parse, serialise
from laurea.credentials.verification import Materials, Verdict, verify
from laurea.records.models import Account, Achievement, Checkpoint, Credential, Entry, Issuer, Key

pytestmark = pytest.mark.interop
KEYS = "/console/acme/settings/keys"


@dataclass(frozen=True, slots=True)
class Others:
    """Those who know of the issuer what it publishes."""

    client: Client
    peers: Peers

    def look(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Fetch did.json and all status lists, as of now."""
        did_document = json.loads(self.client.get("/issuers/acme/did.json").content)
        lists = {}
        for listed in Issuer.objects.get(slug="acme").status_lists.select_related("issuer"):
            address = addresses.status_list(listed)
            lists[address] = json.loads(self.client.get(address.removeprefix(addresses.base())).content)
        did = did_document["id"]
        self.peers.ask("know", documents={did: did_document, f"{addresses.base()}/issuers/acme/did.json": did_document})
        self.peers.ask("know", documents=lists)
        return did_document, lists

    def bazaar(self, text: str | bytes) -> bool:
        """Whether Digital Bazaar's library takes the credential, its status included."""
        self.look()
        return self.peers.content(text.encode() if isinstance(text, str) else text, status=True)

    def laurea(self, text: str | bytes) -> Verdict:
        """What `laurea verify` says on somebody else's machine."""
        did_document, lists = self.look()
        known = Materials(did_documents={did_document["id"]: did_document}, status_lists=lists)
        return verify(text, known, now=timezone.now() + timedelta(minutes=5)).verdict


@pytest.fixture
def others(client: Client) -> Iterator[Others]:
    peers = Peers()
    peers.ask("know", documents={url: contexts.load(url) for url in contexts.ALLOWED})
    yield Others(client, peers)
    peers.close()


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }


def issue(achievement: Achievement, name: str, at: datetime) -> Credential:
    confirming.issue_one(achievement.issuer, achievement, name=name, send_mail=False, now=at, actor=None)
    work(at)
    return Credential.objects.get(name=name, superseded=None)


def work(at: datetime) -> None:
    """The workers' part: issue, take entries in, sign the checkpoint."""
    while chunks.work_on_next(worker="one", now=timezone.now()):
        pass
    known = set(Checkpoint.objects.values_list("pk", flat=True))
    logged.take_in(timezone.now())
    Checkpoint.objects.exclude(pk__in=known).update(created=at)


def here(client: Client, text: str | bytes) -> str:
    """What this installation's own programs' door says of a file."""
    upload = io.BytesIO(text.encode() if isinstance(text, str) else text)
    upload.name = "credential.json"
    answer = client.post("/api/v1/verify", {"file": upload})
    assert answer.status_code == 200, answer.content
    (found,) = answer.json()["reports"]
    return str(found["verdict"])


def forge(genuine: Credential, key: Key, created: datetime) -> bytes:
    """What the thief makes: any name, any date, the issuer's own key."""
    document: Any = {name: value for name, value in parse(genuine.text).items() if name != "proof"}
    document["id"] = "urn:uuid:6f1d2a53-9a55-4b7e-8a0b-2f1f2d9b7c11"
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Eve Mallory"
    stolen = issuer_keys.unsealed(key)
    method = keys.verification_method(addresses.did(genuine.issuer, key), stolen.verification_key)
    return serialise(proof.sign(document, stolen, verification_method=method, created=created)).encode()


def test_the_drill(
    client: Client, others: Others, acme: Issuer, achievement: Achievement, key: Key, alice: Account
) -> None:
    now = timezone.now()
    client.force_login(alice)

    # Day by day: one certificate long before the theft, one after it that nobody knows of yet, and a forgery.
    early = issue(achievement, "Ada Lovelace", now - timedelta(days=3))
    late = issue(achievement, "Grace Hopper", now - timedelta(hours=2))
    forged = forge(early, key, now - timedelta(days=300))
    for text in (early.text, late.text, forged):
        assert others.bazaar(text)
        assert others.laurea(text) is Verdict.GENUINE
        assert here(client, text) == "genuine"

    # 1. The key was copied a day ago: say so.
    since = timezone.localtime(now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    client.post(f"{KEYS}/{key.pk}/stolen", {"since": since, "typed": "acme"})
    key.refresh_from_db()
    fresh = issuer_keys.active(acme)
    assert (key.state, fresh.state) == ("compromised", "active")
    assert list(Entry.objects.filter(actor=alice, kind="key").order_by("pk").values_list("act", flat=True)) == [
        "key.compromised",
        "key.made",
    ]

    # 2. did.json says it, and the status lists are signed with the new key.
    did_document, lists = others.look()
    described = {each["publicKeyMultibase"]: each.get("revoked") for each in did_document["verificationMethod"]}
    assert described[fresh.multikey] is None
    assert described[key.multikey] is not None
    assert did_document["assertionMethod"] == [f"{did_document['id']}#{fresh.multikey}"]
    for listed in lists.values():
        assert others.peers.content(listed)
        assert {each["verificationMethod"].rpartition("#")[2] for each in listed["proof"]} == {fresh.multikey}

    # 3. Here, the log tells what is older than the theft. The forgery's date does not help it.
    assert here(client, early.text) == "genuine"
    assert here(client, late.text) == "altered"
    assert here(client, forged) == "altered"
    page = client.get(f"/c/{early.code}").content.decode()
    assert "the log here shows that this was signed before" in page.replace("\n", " ")

    # 4. Elsewhere nobody sees the log: all that the key signed ends, and no forgery passes.
    for text in (early.text, late.text, forged):
        assert not others.bazaar(text)
        assert others.laurea(text) is Verdict.CANNOT_TELL

    # 5. What no longer verifies is issued anew: the same code, and good everywhere again.
    assert "1 credential was signed with a stolen key" in client.get(KEYS).content.decode()
    client.post(f"{KEYS}/reissue")
    work(timezone.now())
    again = Credential.objects.select_related("key").get(code=late.code, superseded=None)
    assert (again.key, again.name, again.awarded) == (fresh, late.name, late.awarded)
    assert others.bazaar(again.text)
    assert others.laurea(again.text) is Verdict.GENUINE
    assert here(client, again.text) == "genuine"
    assert here(client, late.text) == "altered"
    assert "no longer verify" not in client.get(KEYS).content.decode()

    # 6. What is issued from now on is as good as ever.
    new = issue(achievement, "Mary Somerville", timezone.now())
    assert new.key == fresh
    assert others.bazaar(new.text)
    assert here(client, new.text) == "genuine"


def test_the_document_names_the_steps_that_are_walked_through(root: Path) -> None:
    text = (root / "docs" / "how-to" / "key-compromise.md").read_text("utf-8")
    for said in ("Mark as stolen", "Issue anew", "laurea keys export", "laurea log verify", "assertionMethod"):
        assert said in text
