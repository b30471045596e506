"""Keys in a hardware module: SoftHSM plays the module, as Debian has it."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pkcs11
import pytest
from pytest_django import Settings

import token_box
from laurea.actions import chunks, confirming, issuer_keys, judging, key_module, restating, rotating, workshop
from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.keys import SigningKey
from laurea.credentials.verification import Verdict, verify
from laurea.records.models import Achievement, Credential, Entry, Issuer, Key


@pytest.fixture(autouse=True)
def module(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation with a hardware module, and the folder in which that keeps its keys."""
    token_box.install(tmp_path, settings, monkeypatch)
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }
    key_module.forget()
    key_module._refused.clear()
    workshop.forget()
    yield tmp_path / "tokens"
    key_module.forget()
    workshop.forget()


def code_of(address: str, multikey: str) -> str:
    with pytest.raises(KeyMaterialError) as caught:
        key_module.at(address, multikey).sign(b"anything")
    return caught.value.code


def test_it_makes_a_key_and_signs_with_it() -> None:
    made = key_module.make("Laurea acme")
    again = key_module.at(made.address, made.verification_key.multikey)
    signature = again.sign(b"a document")
    assert made.verification_key.verify(signature, b"a document")
    assert not made.verification_key.verify(signature, b"another")
    assert made.address.startswith("pkcs11:token=laurea;id=%")


def test_the_private_half_cannot_be_had(settings: Settings) -> None:
    made = key_module.make("Laurea acme")
    key_module.forget()
    token = pkcs11.lib(settings.LAUREA_PKCS11_MODULE).get_token(token_label=token_box.TOKEN)
    with token.open(user_pin=token_box.PIN) as session:
        (private,) = session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY})
        assert private[pkcs11.Attribute.LABEL] == "Laurea acme"
        assert (private[pkcs11.Attribute.SENSITIVE], private[pkcs11.Attribute.EXTRACTABLE]) == (True, False)
        with pytest.raises(pkcs11.AttributeSensitive):
            private[pkcs11.Attribute.VALUE]
    with pytest.raises(TypeError):
        pickle.dumps(made)


def test_keys_of_one_token_are_kept_apart() -> None:
    one, two = key_module.make("Laurea acme"), key_module.make("Laurea acme")
    assert one.verification_key != two.verification_key
    assert two.verification_key.verify(two.sign(b"text"), b"text")
    assert one.verification_key.verify(one.sign(b"text"), b"text")
    assert code_of(one.address, two.verification_key.multikey) == "module.other-key"


def test_signing_goes_on_when_the_module_has_restarted() -> None:
    made = key_module.make("Laurea acme")
    made.sign(b"before")
    pkcs11.lib(token_box.library()).reinitialize()  # all sessions are gone
    assert made.verification_key.verify(made.sign(b"text"), b"text")


def test_a_process_that_was_forked_signs_too() -> None:
    """Web servers fork their workers; what their parent had opened is not theirs."""
    made = key_module.make("Laurea acme")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, made.sign(b"text"))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert made.verification_key.verify(os.read(reading, 64), b"text")
    assert made.verification_key.verify(made.sign(b"text"), b"text")
    os.close(reading)
    os.close(writing)


def test_all_ways_of_signing(acme: Issuer, achievement: Achievement, key: Key, now: datetime) -> None:
    """Credentials, the general and the compiled way; status list; token. Others see no difference."""
    fresh = rotating.rotate(acme, in_module=True, now=now, actor=None)
    assert (fresh.sealed, fresh.module[:12]) == ("", "pkcs11:token")
    for name in ("Ada Lovelace", "Grace Hopper", "Mary Somerville", "Emmy Noether"):
        confirming.issue_one(acme, achievement, name=name, now=now, actor=None)
    while chunks.work_on_next(worker="one", now=now):
        pass
    for held in Credential.objects.select_related("issuer", "status_list", "key"):
        assert held.key == fresh
        report = judging.judge(held, now=now + timedelta(minutes=1))
        assert report.verdict is Verdict.GENUINE
        listed = verify(held.status_list.text if held.status_list else "", judging.own_records.materials(
            acme, judging.stolen_keys.keys_of(acme)), now=now + timedelta(minutes=1))  # fmt: skip
        assert listed.verdict is Verdict.GENUINE
        token = restating.as_token(held, report)
        found = judging.judge_file(token.encode(), now=now + timedelta(minutes=1), online=False)
        assert found.verified.verdict is Verdict.GENUINE
    assert '"module":"pkcs11:token=laurea;' in Entry.objects.filter(act="key.made").latest("pk").content


def test_the_next_key_is_made_where_the_last_one_is(acme: Issuer, key: Key, now: datetime, settings: Settings) -> None:
    assert rotating.rotate(acme, now=now, actor=None).module == ""
    first = rotating.rotate(acme, in_module=True, now=now, actor=None)
    second = rotating.compromised(first, since=now, now=now + timedelta(hours=1), actor=None)
    assert second is not None
    assert second.module not in ("", first.module)
    settings.LAUREA_PKCS11_MODULE = ""  # it is the module that was stolen
    third = rotating.compromised(second, since=now, now=now + timedelta(hours=1), actor=None)
    assert third is not None
    assert third.module == ""
    assert isinstance(issuer_keys.unsealed(third), SigningKey)


def test_nothing_is_rotated_when_the_module_fails(acme: Issuer, key: Key, now: datetime, module: Path) -> None:
    rotating.rotate(acme, in_module=True, now=now, actor=None)
    key_module.forget()
    shutil.rmtree(module)
    module.mkdir()
    with pytest.raises(KeyMaterialError) as caught:
        rotating.rotate(acme, now=now, actor=None)
    assert caught.value.code == "module.token"
    assert acme.keys.count() == 2


def test_what_can_be_wrong(settings: Settings, module: Path) -> None:
    made = key_module.make("Laurea acme")
    address, multikey = made.address, made.verification_key.multikey
    key_module.forget()
    settings.LAUREA_PKCS11_PIN = "wrong PIN"
    assert code_of(address, multikey) == "module.pin"
    settings.LAUREA_PKCS11_PIN = token_box.PIN
    unknown = address.replace(";object", "%00;object")
    assert code_of(unknown, multikey) == "module.no-key"
    assert code_of(address.replace("token=laurea", "token=other"), multikey) == "module.token"
    key_module.forget()
    settings.LAUREA_PKCS11_MODULE = "/nowhere/lib.so"
    assert code_of(address, multikey) == "module.library"
    settings.LAUREA_PKCS11_MODULE = ""
    assert code_of(address, multikey) == "module.not-configured"


def test_a_wrong_pin_is_tried_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules lock themselves after a few: a worker that tries again every second would see to that."""
    made = key_module.make("Laurea acme")
    key_module.forget()
    settings.LAUREA_PKCS11_PIN = "wrong PIN"
    asked: list[int] = []
    library = key_module._library

    def counted() -> object:
        asked.append(1)
        return library()

    monkeypatch.setattr(key_module, "_library", counted)
    for _ in range(5):
        assert code_of(made.address, made.verification_key.multikey) == "module.pin"
    settings.LAUREA_PKCS11_PIN = token_box.PIN
    assert made.verification_key.verify(made.sign(b"text"), b"text")


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    made = key_module.make("Laurea acme")
    with monkeypatch.context() as without:
        without.setattr(key_module, "pkcs11", None)
        assert code_of(made.address, made.verification_key.multikey) == "module.package"
