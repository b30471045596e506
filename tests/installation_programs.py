"""What tests have done in an installation of its own, each in a process of its own (see `own_installation`)."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

import logged
from laurea.actions import addresses, chunks, confirming, issuer_keys, ledger, progress, storing
from laurea.credentials import baking
from laurea.credentials.document import parse
from laurea.credentials.verification import Materials, verify
from laurea.records.models import (
    Achievement,
    Artifact,
    Batch,
    Chunk,
    Credential,
    Delivery,
    Design,
    DesignVersion,
    Email,
    Entry,
    Issuer,
    Log,
    Person,
    Row,
    StatusList,
)


def found() -> None:
    """An issuer with a key, a design and an achievement."""
    call_command("migrate", verbosity=0)
    now = timezone.now()
    issuer = Issuer.objects.create(slug="acme", name="Acme GmbH")
    issuer_keys.create(issuer, now=now, actor=None)
    design = Design.objects.create(issuer=issuer, name="House style")
    DesignVersion.objects.create(design=design, number=1, base="corporate")
    Achievement.objects.create(
        issuer=issuer,
        design=design,
        name="Safe Handling of Personal Data",
        description="Recognises personal data.",
        criteria="Attended the day.",
        validity="24 months",
        badge={"shape": "shield", "icon": "lock"},
    )


def confirm(rows: int, *, poison: int | None = None) -> int:
    """A confirmed batch; the row in place `poison` is called Poison. Give its number."""
    achievement = Achievement.objects.select_related("issuer").get()
    batch = Batch.objects.create(issuer=achievement.issuer, achievement=achievement, state=Batch.State.REVIEW)
    Row.objects.bulk_create(
        (_row(batch, place, "Poison" if place == poison else f"Person {place}") for place in range(rows)),
        batch_size=2_000,
    )
    confirming.confirm(batch, send_mail=True, now=timezone.now(), actor=None)
    return batch.pk


def issue_one(name: str) -> str:
    """Issue a credential, without a worker that runs beside; give its code."""
    achievement, now = Achievement.objects.select_related("issuer").get(), timezone.now()
    confirming.issue_one(
        achievement.issuer, achievement, name=name, awarded=now.date(), send_mail=False, now=now, actor=None
    )
    while chunks.work_on_next(worker="test", now=timezone.now()):
        pass
    return Credential.objects.get(name=name).code


def _row(batch: Batch, place: int, name: str) -> Row:
    values = {"name": name, **_who(batch, place)}
    return Row(batch=batch, line=place + 2, state=Row.State.READY, name=name, values=values)


def _who(batch: Batch, place: int) -> dict[str, str]:
    """Three of four have a number, too. Every fifth row is about a person who stands in the first half already, far
    enough away to be enrolled by another worker at the same time."""
    place = place // 2 if place % 5 == 4 else place
    who = {"email": f"p{place}.{batch.pk}@example.org", "department": f"Department {place % 7}"}
    return who | ({"employee_number": f"{batch.pk}-{place}"} if place % 4 else {})


def wait(batch: int, *, seconds: float, until: float = 1.0) -> dict[str, Any]:
    """Wait until the batch is done, or a part of it is."""
    deadline = time.monotonic() + seconds
    while True:
        now = progress.of(Batch.objects.get(pk=batch), timezone.now())
        if now.finished or (until < 1 and now.done >= until * now.total):
            return {"done": now.done, "finished": now.finished, "problem": now.problem, "failed": now.failed}
        if time.monotonic() > deadline:
            raise TimeoutError(f"{now} after {seconds} s")
        time.sleep(0.05)


def let_leases_run_out() -> None:
    """A minute passes."""
    Chunk.objects.update(lease_until=timezone.now())


def claim_all(worker: str) -> list[tuple[int, int]]:
    """Claim, and call done, chunk after chunk, until none is left."""
    claimed = []
    while (held := ledger.claim(worker, timezone.now())) is not None:
        with transaction.atomic():
            ledger.done(held, timezone.now())
        claimed.append((held.chunk, held.token))
    return claimed


def judge(batch: int, *, every: int = 1) -> dict[str, Any]:
    """What became of a batch that is done: everything that must hold of it is counted."""
    rows = Row.objects.filter(batch=batch, order__isnull=False)
    credentials = Credential.objects.filter(batch=batch)
    texts = dict(credentials.values_list("code", "text"))
    artifacts = Artifact.objects.filter(credential__batch=batch)
    genuine = Counter(_verdict(each) for each in credentials.order_by("pk")[::every])
    entries = credentials.values_list("status_list", "status_index")
    deliveries = Delivery.objects.filter(credential__batch=batch)
    return {
        "state": Batch.objects.get(pk=batch).state,
        "rows": rows.count(),
        "outcomes": dict(Counter(rows.values_list("outcome", flat=True))),
        "problems": [row.problems[-1] for row in rows.filter(outcome=Row.Outcome.FAILED)],
        "credentials": credentials.count(),
        "codes": len(texts),
        "rows with credential": rows.filter(credential__isnull=False).count(),
        "entries": len(set(entries)),
        "reserved": sum(StatusList.objects.values_list("used", flat=True)),
        "artifacts": dict(Counter(artifacts.values_list("kind", flat=True))),
        "files": sum(storing.size(each.name) == each.size for each in artifacts[::every]),
        "deliveries": dict(Counter(deliveries.values_list("state", flat=True))),
        "credentials with delivery": deliveries.values("credential").distinct().count(),
        "people": Person.objects.count(),
        "addresses": Email.objects.count(),
        "verdicts": dict(genuine),
        "chunks": dict(Counter(Chunk.objects.filter(batch=batch).values_list("state", flat=True))),
        "counted": sum(Chunk.objects.filter(batch=batch).values_list("issued", flat=True)),
    }


def _verdict(credential: Credential) -> str:
    """What anybody finds who gets the PDF; “differs” when it does not hold the text on record."""
    pdf = baking.extract(storing.get(credential.artifacts.get(kind="pdf").name)).text
    png = baking.extract(storing.get(credential.artifacts.get(kind="png").name)).text
    text = credential.text.encode()
    if pdf != text or png != text:
        return "differs"
    return str(_report(text, credential).verdict)


def _report(text: bytes, credential: Credential) -> Any:
    did_document = issuer_keys.did_document(credential.issuer)
    materials = Materials(
        did_documents={str(did_document["id"]): did_document},
        status_lists={addresses.status_list(each): parse(each.text) for each in StatusList.objects.all()},
    )
    return verify(parse(text), materials, now=timezone.now())


# --- The audit log ----------------------------------------------------------------------------------------------------


def log_acts(count: int) -> None:
    """So many acts, numbered and published."""
    logged.act(count, None, timezone.now())
    logged.take_in(timezone.now())


def change_entry(number: int) -> None:
    """What somebody does who can write to the database."""
    Entry.objects.filter(number=number).update(content="{}")


def act_often(times: int) -> None:
    """Acts one after the other, each in a transaction of its own, some of them rolled back."""
    for turn in range(times):
        with transaction.atomic():
            logged.act(1 + turn % 3, None, timezone.now())
            transaction.set_rollback(turn % 7 == 6)


def wait_for_log() -> None:
    """Until workers have published all that there is."""
    while Entry.objects.filter(number=None).exists() or not Log.objects.filter(published__gt=0).exists():
        time.sleep(0.05)
    while not Log.objects.filter(published=Entry.objects.count()).exists():
        time.sleep(0.05)
