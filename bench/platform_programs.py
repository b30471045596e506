"""What the benchmark of the platform has done in its installation, each in a process with Django set up."""

from __future__ import annotations

import time
from typing import Any

from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from laurea.actions import confirming, issuer_keys
from laurea.records.models import Achievement, Artifact, Batch, Credential, Design, DesignVersion, Issuer, Row


def found() -> None:
    """An issuer with a key, a design and an achievement."""
    call_command("migrate", verbosity=0)
    issuer = Issuer.objects.create(slug="academy", name="Example Academy", url="https://academy.example")
    issuer_keys.create(issuer, now=timezone.now(), actor=None)
    design = Design.objects.create(issuer=issuer, name="House style")
    DesignVersion.objects.create(design=design, number=1, base="corporate")
    Achievement.objects.create(
        issuer=issuer,
        design=design,
        name="Safe Handling of Personal Data",
        description="Recognises personal data, handles it as the law asks, and acts when something goes wrong.",
        criteria="Attended the day and passed the exercise.",
        kind="Course",
        level=2,
        skills=[{"name": "Data protection", "url": "http://data.europa.eu/esco/skill/1d0d5cb0"}],
        validity="24 months",
        badge={"shape": "shield", "icon": "lock", "title": "Data protection"},
    )


def issue(rows: int) -> dict[str, Any]:
    """Seconds from the press of the button until a batch of `rows` is done, and its paces: rows a second, by tenths."""
    achievement = Achievement.objects.select_related("issuer").get()
    batch = Batch.objects.create(issuer=achievement.issuer, achievement=achievement, state=Batch.State.REVIEW)
    Row.objects.bulk_create((row_of(batch, place) for place in range(rows)), batch_size=2_000)
    start = time.perf_counter()
    confirming.confirm(batch, send_mail=False, now=timezone.now(), actor=None)
    while batch.state != Batch.State.DONE:
        time.sleep(0.01 if rows < 1_000 else 1)
        batch.refresh_from_db(fields=["state"])
    seconds = time.perf_counter() - start
    assert Credential.objects.filter(batch=batch).count() == rows
    assert Artifact.objects.filter(credential__batch=batch).count() == 2 * rows
    return {"seconds": seconds, "paces": _paces(batch, rows)}


def stored() -> float:
    """Bytes of files a credential."""
    total = Artifact.objects.aggregate(bytes=Sum("size"))["bytes"]
    return float(total / Credential.objects.count())


def row_of(batch: Batch, place: int) -> Row:
    """A row of a list, about somebody of its own."""
    name = f"Person Number {place}"
    values = {
        "name": name,
        "email": f"p{place}.{batch.pk}@example.org",
        "employee_number": f"{batch.pk}-{place}",
        "department": f"Department {place % 9}",
        "job_role": "Analyst",
    }
    return Row(batch=batch, line=place + 2, state=Row.State.READY, name=name, values=values)


def _paces(batch: Batch, rows: int) -> list[float]:
    """Rows a second, tenth by tenth, from when the chunks ended."""
    paces: list[float] = []
    done, counted, since = 0, 0, batch.confirmed
    for finished, issued in batch.chunks.order_by("finished").values_list("finished", "issued"):
        done += issued
        if finished and since and done * 10 >= rows * (len(paces) + 1):
            paces.append((done - counted) / (finished - since).total_seconds())
            counted, since = done, finished
    return paces
