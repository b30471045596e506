"""Judging by this installation's own records: never by what somebody says about it, never by asking itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from laurea.actions import chunks, confirming, issuer_keys, judging, resolving
from laurea.actions.resolving import Ways
from laurea.credentials.verification import Materials, Needs, Report, Verdict, verify
from laurea.records.models import Achievement, Credential, Issuer, StatusList


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    judging._known_reports.clear()


@pytest.fixture
def credential(achievement: Achievement) -> Credential:
    """One that was really issued."""
    now = timezone.now()
    confirming.issue_one(achievement.issuer, achievement, name="Ada Lovelace", send_mail=False, now=now, actor=None)
    while chunks.work_on_next(worker="test", now=timezone.now()):
        pass
    return Credential.objects.select_related("issuer", "status_list").get()


@pytest.fixture
def judgements(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """When a document was really judged, and not remembered."""
    seen: list[datetime] = []

    def counted(text: bytes, materials: Materials, *, now: datetime) -> Report:
        seen.append(now)
        return verify(text, materials, now=now)

    monkeypatch.setattr(judging, "verify", counted)
    return seen


def test_the_same_bytes_are_judged_once(credential: Credential, judgements: list[datetime]) -> None:
    now = timezone.now()
    for second in range(5):
        report = judging.judge(credential, now=now + timedelta(seconds=second))
        assert report.verdict is Verdict.GENUINE
        assert report.now == now + timedelta(seconds=second)
    assert len(judgements) == 1


def test_other_bytes_keys_or_lists_are_judged_anew(
    credential: Credential, acme: Issuer, judgements: list[datetime]
) -> None:
    now = timezone.now()
    judging.judge(credential, now=now)
    issuer_keys.create(acme, now=now, actor=None)
    judging.judge(credential, now=now)
    StatusList.objects.update(text=credential.status_list.text + " ")  # type: ignore[union-attr]
    credential = Credential.objects.select_related("issuer", "status_list").get()
    judging.judge(credential, now=now)
    credential.text = credential.text.replace("Ada", "Eve")
    assert judging.judge(credential, now=now).verdict is Verdict.ALTERED
    assert len(judgements) == 4


def test_time_goes_on_for_what_is_remembered(credential: Credential, judgements: list[datetime]) -> None:
    assert credential.valid_until is not None
    now = timezone.now()
    assert judging.judge(credential, now=now).verdict is Verdict.GENUINE
    last = credential.valid_until - timedelta(microseconds=1)
    assert judging.judge(credential, now=last).verdict is Verdict.GENUINE
    assert len(judgements) == 1
    assert judging.judge(credential, now=credential.valid_until).verdict is Verdict.EXPIRED
    before = credential.valid_from - timedelta(seconds=1)
    assert judging.judge(credential, now=before).verdict is not Verdict.GENUINE
    assert judging.judge(credential, now=now).verdict is Verdict.GENUINE


def test_no_more_is_remembered_than_has_room(credential: Credential, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_REMEMBERED", 2)
    for number in range(4):
        credential.text = f'{{"n": {number}}}'
        judging.judge(credential, now=timezone.now())
    assert len(judging._known_reports) == 2


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would have been asked for over the network."""
    seen: list[str] = []

    def gather(wanted: Iterable[Needs], known: Materials, *, ways: Ways) -> Materials:
        dids, lists = resolving._missing(wanted, known)
        seen.extend([*dids, *lists])
        return resolving.decline(wanted, known, "nothing is asked in tests")

    monkeypatch.setattr(resolving, "gather", gather)
    return seen


def test_ours_is_never_asked_for(credential: Credential, asked: list[str]) -> None:
    judged = judging.judge_file(credential.text.encode(), now=timezone.now())
    assert judged.verified.verdict is Verdict.GENUINE
    assert judged.record == credential
    assert not judged.replaced
    assert asked == []
    assert judging.judge_file(credential.text.encode(), now=timezone.now(), online=False).verified.verdict is (
        Verdict.GENUINE
    )


@pytest.mark.parametrize("slug", ["acme", "nobody", "acme:deeper"])
def test_what_only_claims_to_be_ours_is_not_asked_for_either(
    credential: Credential, asked: list[str], slug: str
) -> None:
    """A request to ourselves would take a second thread to answer, and tell nothing that the records do not."""
    document = json.loads(credential.text)
    document["issuer"]["id"] = f"did:web:badges.example.com:issuers:{slug}"
    document["id"] = "urn:uuid:00000000-0000-4000-8000-000000000000"
    document["credentialStatus"]["statusListCredential"] = "https://badges.example.com/issuers/acme/status/none"
    document["credentialStatus"]["id"] = "https://badges.example.com/issuers/acme/status/none#1"
    judged = judging.judge_file(json.dumps(document).encode(), now=timezone.now())
    assert judged.verified.verdict in (Verdict.ALTERED, Verdict.CANNOT_TELL)
    assert judged.record is None
    assert asked == []


def test_others_are_asked_for(credential: Credential, asked: list[str]) -> None:
    text = credential.text.replace("badges.example.com", "elsewhere.example.com").encode()
    judged = judging.judge_file(text, now=timezone.now())
    assert judged.verified.verdict is Verdict.CANNOT_TELL
    assert "did:web:elsewhere.example.com:issuers:acme" in asked


def test_the_key_of_an_issuer_here_is_no_key_of_another(
    credential: Credential, other: Issuer, asked: list[str]
) -> None:
    document = json.loads(credential.text)
    document["issuer"]["id"] = "did:web:badges.example.com:issuers:other"
    judged = judging.judge_file(json.dumps(document).encode(), now=timezone.now())
    assert judged.verified.verdict is Verdict.ALTERED


def test_an_own_bare_key(credential: Credential, settings: Any, asked: list[str]) -> None:
    """What was signed before the installation had an https address stays known."""
    settings.LAUREA_PUBLIC_URL = "http://localhost:8000"
    achievement = credential.achievement
    now = timezone.now()
    confirming.issue_one(achievement.issuer, achievement, name="Grace", send_mail=False, now=now, actor=None)
    while chunks.work_on_next(worker="test", now=timezone.now()):
        pass
    settings.LAUREA_PUBLIC_URL = "https://badges.example.com"
    early = Credential.objects.get(name="Grace")
    judged = judging.judge_file(early.text.encode(), now=timezone.now())
    assert judged.verified.verdict is Verdict.GENUINE
    assert judged.verified.report is not None
    assert "issuer.here" in {check.message for check in judged.verified.report.checks}
    Credential.objects.filter(pk=early.pk).update(revoked=now)
    assert judging.judge_file(early.text.encode(), now=timezone.now()).verified.verdict is Verdict.REVOKED


def test_at_hand(credential: Credential) -> None:
    code = credential.code
    for found in (code, code.lower(), f"https://badges.example.com/c/{code}"):
        assert judging.at_hand(found) == credential.text.encode()
    for foreign in (f"https://evil.example/c/{code}", "0000000000000000", "nonsense"):
        assert judging.at_hand(foreign) is None


@pytest.mark.django_db
@pytest.mark.parametrize("data", [b"", b"{", b'{"id": 7, "issuer": []}', b"%PDF-", b"\x89PNG\r\n\x1a\n", b"ey.ey.ey"])
def test_nothing_raises(data: bytes) -> None:
    judged = judging.judge_file(data, now=datetime(2026, 1, 1, tzinfo=UTC), online=False)
    assert judged.verified.verdict in (Verdict.MALFORMED, Verdict.CANNOT_TELL)
