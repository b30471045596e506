"""The pages that take back, correct, renew: who may, what they say, and what comes of it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone

from issued import batch_of, credential_of, days
from laurea.actions import chunks, confirming, revoking
from laurea.records.models import Batch, Credential, Person, Row

HOME = "/console/acme/credentials/"
REVOKE = {"reason": "mistake", "note": "Wrong course", "when": "now"}


@pytest.fixture
def made(acme, achievement, ada):
    """A credential as a worker makes it."""
    now = timezone.now()
    confirming.issue_one(
        acme, achievement, name="Ada Lovelase", email="ada@example.org", person=ada, now=now, actor=None
    )
    work()
    return Credential.objects.get()


@pytest.fixture
def issuing(client, bob):
    """A browser in which Bob is signed in."""
    client.force_login(bob)
    return client


def work():
    while chunks.work_on_next(worker="one", now=timezone.now()):
        pass


def said(answer):
    """What the answer says, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("path", ["revoke/", "correct/", "anew/", "keep/", "correct/preview/"])
def test_who_may(path, client, made, bob, vera, charlie):
    address = f"{HOME}{made.pk}/{path}"
    assert client.post(address, REVOKE).url.startswith("/accounts/login/")
    for account, status in ((vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.get(address).status_code == status
        assert client.post(address, REVOKE).status_code == status
    assert client.post(f"/console/other/credentials/{made.pk}/{path}", REVOKE).status_code == 404
    made.refresh_from_db()
    assert (made.revoked, made.superseded, Batch.objects.count()) == (None, None, 1)
    client.force_login(bob)
    assert client.post(address, REVOKE).status_code in (200, 302, 422)


@pytest.mark.parametrize("path", ["revoke/", "renewals/"])
def test_who_may_do_it_to_many(path, client, made, vera, charlie):
    data = {"pk": made.pk, "sure": "1", "achievement": made.achievement_id, **REVOKE}
    assert client.post(HOME + path, data).url.startswith("/accounts/login/")
    for account, status in ((vera, 403), (charlie, 404)):
        client.force_login(account)
        assert client.post(HOME + path, data).status_code == status
    client.post(f"/console/other/credentials/{path}", data)
    made.refresh_from_db()
    assert (made.revoked, Batch.objects.count()) == (None, 1)


def test_it_is_said_what_will_happen_and_then_it_happens(issuing, made):
    page = said(issuing.get(f"{HOME}{made.pk}/revoke/"))
    assert "It is final" in page
    assert "Ada Lovelase" in page
    answer = issuing.post(f"{HOME}{made.pk}/revoke/", REVOKE, follow=True)
    assert "1 credential was revoked." in said(answer)
    assert "Reason: Issued by mistake" in said(answer)
    assert "Wrong course" in said(answer)
    made.refresh_from_db()
    assert (made.revocation_reason, made.revocation_note) == ("mistake", "Wrong course")
    assert issuing.get(f"{HOME}{made.pk}/revoke/").status_code == 302  # not twice


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"reason": ""}, "This field is required"),
        ({"reason": "nonsense"}, "nonsense"),
        ({"when": "day"}, "Say on which day"),
        ({"when": "day", "day": "2020-01-01"}, "has begun already"),
        ({"when": "day", "day": "never"}, "valid date"),
        ({"note": "x" * 2001}, "2000"),
    ],
)
def test_what_is_not_said_rightly_is_asked_again(issuing, made, wrong, words):
    answer = issuing.post(f"{HOME}{made.pk}/revoke/", REVOKE | wrong)
    assert answer.status_code == 422
    assert words in said(answer) or words in answer.content.decode()
    made.refresh_from_db()
    assert made.revoked is None


def test_a_day_to_come_begins_where_the_issuer_is_and_can_be_taken_back(issuing, acme, made):
    acme.time_zone = "Europe/Berlin"
    acme.save()
    day = date(timezone.now().year + 1, 3, 1)
    answer = issuing.post(f"{HOME}{made.pk}/revoke/", REVOKE | {"when": "day", "day": day.isoformat()}, follow=True)
    assert f"will be revoked on 1 March {day.year}" in said(answer)
    assert f"On 1 March {day.year} it will be revoked" in said(answer)
    assert "Do not revoke it" in said(answer)
    assert "to be revoked" in said(issuing.get(HOME))
    made.refresh_from_db()
    assert (made.revoked, made.revoke_at.hour) == (None, 23)  # UTC, the day before
    answer = issuing.post(f"{HOME}{made.pk}/keep/", follow=True)
    assert "It will not be revoked." in said(answer)
    made.refresh_from_db()
    assert made.revoke_at is None
    assert "No revocation is planned" in said(issuing.post(f"{HOME}{made.pk}/keep/", follow=True))


def test_many_are_asked_about_first(issuing, achievement):
    batch = batch_of(achievement)
    wrong = [credential_of(achievement, f"Wrong {number}", batch=batch) for number in range(3)]
    right = credential_of(achievement, "Right", batch=batch)
    chosen = {"pk": [each.pk for each in wrong]}
    page = issuing.post(f"{HOME}revoke/", chosen)
    assert "Revoke 3 credentials?" in said(page)
    assert "Wrong 1" in said(page)
    assert not Credential.objects.filter(revoked__isnull=False).exists()
    answer = issuing.post(f"{HOME}revoke/", chosen | REVOKE | {"sure": "1"}, follow=True)
    assert "3 credentials were revoked." in said(answer)
    assert list(Credential.objects.filter(revoked=None)) == [right]
    assert "Nothing was chosen" in said(issuing.post(f"{HOME}revoke/", chosen, follow=True))
    assert "Nothing was chosen" in said(issuing.post(f"{HOME}revoke/", follow=True))


def test_all_that_a_list_shows(issuing, achievement):
    wrong, other = batch_of(achievement, "wrong.csv"), batch_of(achievement, "right.csv")
    for number in range(3):
        credential_of(achievement, f"Person {number}", batch=wrong)
    credential_of(achievement, "Right", batch=other)
    chosen = {"all": "1", "batch": wrong.pk}
    page = issuing.post(f"{HOME}revoke/", chosen).content.decode()
    assert f'name="batch" value="{wrong.pk}"' in page
    issuing.post(f"{HOME}revoke/", chosen | REVOKE | {"sure": "1"})
    assert [each.name for each in Credential.objects.filter(revoked=None)] == ["Right"]


def test_others_numbers_are_no_ones_to_choose(client, achievement, charlie):
    held = credential_of(achievement)
    client.force_login(charlie)
    client.post("/console/other/credentials/revoke/", {"pk": held.pk, "sure": "1", **REVOKE})
    held.refresh_from_db()
    assert held.revoked is None


def test_what_was_revoked_is_sent_to_nobody_again(issuing, acme, made):
    mail = made.deliveries.get()
    mail.state = "sent"
    mail.save()
    revoking.revoke(acme, Credential.objects.all(), reason="mistake", now=timezone.now(), actor=None)
    answer = issuing.post(f"/console/acme/mail/{mail.pk}/again/", follow=True)
    assert "revoked or replaced" in said(answer)
    mail.delete()
    assert "revoked or replaced" in said(issuing.post(f"{HOME}{made.pk}/mail/", follow=True))
    assert not made.deliveries.exists()


# --- Correcting -------------------------------------------------------------------------------------------------------


def corrected(made, **changes):
    """What the form sends."""
    said = {"name": made.name, "email": made.email, "awarded": made.awarded.isoformat(), "send_mail": "on"}
    return said | {"expires": made.valid_until.date().isoformat()} | changes


def test_a_name_is_corrected(issuing, made):
    page = issuing.get(f"{HOME}{made.pk}/correct/").content.decode()
    assert 'value="Ada Lovelase"' in page
    answer = issuing.post(f"{HOME}{made.pk}/correct/", corrected(made, name="Ada Lovelace"))
    assert answer.url.startswith(f"{HOME}issued/")
    work()
    answer = issuing.get(answer.url, follow=True)
    new = Credential.objects.get(superseded=None)
    assert answer.redirect_chain[-1][0] == f"{HOME}{new.pk}/"
    assert (new.name, new.code, new.because) == ("Ada Lovelace", made.code, "correction")
    words = said(answer)
    for expected in ("History", "Corrected", "Issued", "Ada Lovelase"):
        assert expected in words
    old = said(issuing.get(f"{HOME}{made.pk}/"))
    assert "A newer one has taken its place" in old
    assert "Send it" not in old


def test_nothing_changed_is_said(issuing, made):
    answer = issuing.post(f"{HOME}{made.pk}/correct/", corrected(made))
    assert answer.status_code == 422
    assert "Nothing was changed" in said(answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "Ada \ue000"}, "character"),
        ({"email": "nobody"}, "no e-mail address"),
        ({"awarded": "2150-01-01"}, "has not come yet"),
        ({"expires": "2020-01-01"}, "before the date of award"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(issuing, made, wrong, words):
    answer = issuing.post(f"{HOME}{made.pk}/correct/", corrected(made, **wrong))
    assert answer.status_code == 422
    assert words in said(answer)
    assert Row.objects.count() == 1


def test_the_person_is_renamed_where_that_is_ticked(issuing, made, ada):
    Person.objects.filter(pk=ada.pk).update(name="Ada Lovelase")
    assert 'name="rename"' in issuing.get(f"{HOME}{made.pk}/correct/").content.decode()
    issuing.post(f"{HOME}{made.pk}/correct/", corrected(made, name="Ada Lovelace", rename="on"))
    ada.refresh_from_db()
    assert ada.name == "Ada Lovelace"
    # Her name on record is another one already: nothing to ask.
    assert 'name="rename"' not in issuing.get(f"{HOME}{made.pk}/correct/").content.decode()


def test_the_corrected_certificate_is_shown_before(issuing, made):
    answer = issuing.post(f"{HOME}{made.pk}/correct/preview/", corrected(made, name="Ada Lovelace"))
    assert 'src="data:image/png;base64,' in answer.content.decode()
    assert "Ada Lovelace" in answer.content.decode()
    assert Credential.objects.count() == 1


def test_what_would_have_ended_already_is_told_in_words_before(issuing, made):
    past = corrected(made, awarded="2025-01-10", expires="2025-11-11")
    said_before = issuing.post(f"{HOME}{made.pk}/correct/preview/", past).content.decode()
    assert "The credential would have expired already, on 11 November 2025. Correct the date" in said_before
    assert "data:image/png" not in said_before
    refused = issuing.post(f"{HOME}{made.pk}/correct/", past)
    assert refused.status_code == 422
    assert "The credential would have expired already, on 11 November 2025" in refused.content.decode()


def test_a_mistaken_revocation_is_repaired(issuing, acme, made):
    assert "Only a revoked credential" in said(issuing.get(f"{HOME}{made.pk}/anew/", follow=True))
    revoking.revoke(acme, Credential.objects.all(), reason="mistake", now=timezone.now(), actor=None)
    assert "Issue it anew" in said(issuing.get(f"{HOME}{made.pk}/"))
    assert issuing.get(f"{HOME}{made.pk}/correct/").status_code == 302
    issuing.post(f"{HOME}{made.pk}/anew/", corrected(made))
    work()
    new = Credential.objects.get(superseded=None)
    assert (new.code, new.because, new.name) == (made.code, "again", made.name)
    words = said(issuing.get(f"{HOME}{new.pk}/"))
    for expected in ("Issued anew", "Revoked", "Issued by mistake"):
        assert expected in words
    assert "Revoked, and issued anew" in said(issuing.get(f"{HOME}{made.pk}/"))


# --- Renewing ---------------------------------------------------------------------------------------------------------


def test_a_list_of_renewals_is_one_click(issuing, acme, achievement, ada):
    assert "Nothing is due" in said(issuing.get(f"{HOME}renewals/"))
    now = timezone.now()
    credential_of(achievement, "Ada Lovelace", person=ada, issued=now - days(700), until=now + days(20))
    assert achievement.name in said(issuing.get(f"{HOME}renewals/"))
    assert "renewals/" in issuing.get(f"{HOME}?state=expiring").content.decode()
    answer = issuing.post(f"{HOME}renewals/", {"achievement": achievement.pk})
    batch = Batch.objects.get(state="reading")
    assert answer.url == f"/console/acme/batches/{batch.pk}/"


def test_nobody_to_renew_is_said(issuing, achievement, other, design):
    answer = issuing.post(f"{HOME}renewals/", {"achievement": achievement.pk}, follow=True)
    assert "nobody whose credential could be renewed" in said(answer)
    for wrong in ("", "x", "99999"):
        assert issuing.post(f"{HOME}renewals/", {"achievement": wrong}).status_code == 404


def test_a_viewer_is_offered_none_of_it(client, vera, made):
    client.force_login(vera)
    for address in (HOME, f"{HOME}{made.pk}/"):
        page = client.get(address).content.decode()
        for act in ("revoke/", "correct/", "renewals/", "anew/"):
            assert act not in page
