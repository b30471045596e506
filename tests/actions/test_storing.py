"""Private files, in a folder and on a real S3 server: the same promises on both."""

from __future__ import annotations

import stat
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from laurea.actions import storing
from laurea.actions.storing import Handout, StoringError
from object_store import ObjectStore, object_store

NAME = "artifacts/0f6b/certificate.pdf"
CONTENT = b"%PDF-1.7 not for everybody %%EOF"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    with object_store(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> str:
    if request.param == "folder":
        backend: dict[str, Any] = {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path}}
    else:
        store: ObjectStore = request.getfixturevalue("store")
        backend = {"BACKEND": "laurea.actions.storing_s3.S3Files", "OPTIONS": store.options()}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    return str(request.param)


def test_what_was_put_is_got(storage: str) -> None:
    storing.put(NAME, b"first")
    storing.put(NAME, CONTENT)  # in the same place, not beside it
    assert storing.get(NAME) == CONTENT
    with storing.stream(NAME) as file:
        assert file.read(4) == b"%PDF"
    assert storing.exists(NAME)
    storing.remove(NAME)
    storing.remove(NAME)
    assert not storing.exists(NAME)


def test_an_absent_file_is_told_as_such(storage: str) -> None:
    with pytest.raises(StoringError) as caught:
        storing.get("artifacts/none.pdf")
    assert caught.value.code == "storing.absent"


@pytest.mark.parametrize("name", ["../secrets/secret-key", "/etc/passwd", "artifacts/../../x"])
def test_no_name_leads_out_of_the_storage(storage: str, name: str) -> None:
    with pytest.raises(Exception, match=r".+") as caught:
        storing.put(name, b"x")
    assert isinstance(caught.value, StoringError)


def test_a_folder_is_closed_to_others_and_holds_no_halves(settings: Settings, tmp_path: Path) -> None:
    backend = {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    storing.put(NAME, CONTENT)
    file = tmp_path / "files" / NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["certificate.pdf"]


def test_a_disk_that_is_in_the_way_is_explained(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    backend = {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    with pytest.raises(StoringError) as caught:
        storing.put(NAME, CONTENT)
    assert caught.value.code == "storing.disk"


def test_a_presigned_link_hands_out_one_file_as_said(settings: Settings, store: ObjectStore) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "laurea.actions.storing_s3.S3Files", "OPTIONS": store.options()},
    }
    storing.put(NAME, CONTENT)
    link = storing.link(Handout(NAME, "Ada Łovelace.pdf", "application/pdf"))
    with urllib.request.urlopen(link) as answer:
        headers: Message = answer.headers
        assert answer.read() == CONTENT
        assert headers["Content-Type"] == "application/pdf"
        assert "filename*=UTF-8''Ada%20%C5%81ovelace.pdf" in headers["Content-Disposition"]
    for tampered in (link.replace("certificate.pdf", "other.pdf"), link.partition("?")[0]):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(tampered)
        assert refused.value.code in (400, 403, 404)
        refused.value.close()


def test_an_unreachable_store_is_explained(settings: Settings, store: ObjectStore) -> None:
    options = {**store.options(), "endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "laurea.actions.storing_s3.S3Files", "OPTIONS": options},
    }
    with pytest.raises(StoringError) as caught:
        storing.put(NAME, CONTENT)
    assert caught.value.code == "storing.unreachable"


def test_a_local_link_is_bound_to_file_name_and_time(settings: Settings, tmp_path: Path, client: Client) -> None:
    handout = Handout(NAME, "Ada Łovelace.pdf", "application/pdf")
    backend = {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    link = storing.link(handout)
    token = link.removeprefix(storing.FILES)
    assert link.startswith("/files/")
    assert storing.opened(token) == handout
    assert storing.opened(token[:-2] + ("AA" if token[-2:] != "AA" else "BB")) is None
    assert storing.opened("") is None
    assert storing.opened(storing.link(handout, seconds=-1).removeprefix(storing.FILES)) is None


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("Ada Lovelace.pdf", 'attachment; filename="Ada Lovelace.pdf"'),
        ('a"b\\c.pdf', "attachment; filename=\"a_b_c.pdf\"; filename*=UTF-8''a%22b%5Cc.pdf"),
        ("李.pdf", "attachment; filename=\"_.pdf\"; filename*=UTF-8''%E6%9D%8E.pdf"),
    ],
)
def test_the_disposition_carries_any_name(name: str, disposition: str) -> None:
    assert Handout(NAME, name, "application/pdf").disposition == disposition
