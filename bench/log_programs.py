"""What the benchmark of the log has done in its installation, each in a process with Django set up."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from bench import platform_programs
from laurea.actions import auditing, chunks, confirming, proving
from laurea.records.models import Achievement, Batch, Credential, Entry, Log, Row


def fill(entries: int) -> None:
    """So many entries in the log, each about a credential of its own; numbered and published by the workers."""
    like = Credential.objects.select_related("issuer", "row").order_by("pk").last()
    assert like is not None
    missing = entries - Entry.objects.count()
    row = {field.attname: getattr(like.row, field.attname) for field in Row._meta.concrete_fields} | {"id": None}
    rows = Row.objects.bulk_create(
        [Row(**row | {"line": 10_000 + place}) for place in range(missing)], batch_size=1_000
    )
    values = {field.attname: getattr(like, field.attname) for field in Credential._meta.concrete_fields}
    made = [
        Credential(
            **values
            | {
                "id": None,
                "row_id": each.pk,
                "identifier": f"urn:uuid:{place:036}",
                "code": f"{place:016}",
                "status_index": None,
            }
        )
        for place, each in enumerate(rows)
    ]
    with transaction.atomic():
        Credential.objects.bulk_create(made, batch_size=1_000)
        auditing.note_credentials("credential.issued", made, issuer=like.issuer, now=timezone.now(), actor=None)
    while not Log.objects.filter(published=Entry.objects.count()).exists():
        time.sleep(0.1)


def verify(rounds: int) -> list[list[float]]:
    """Seconds of the command on the installation, of the command on its published log, and of one proof."""
    folder = f"{os.environ['LAUREA_DATA']}/files/log"
    credential = Credential.objects.order_by("pk").last()
    assert credential is not None
    command = [sys.executable, "-m", "laurea", "log", "verify"]
    return [
        [_seconds(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(rounds)],
        [_seconds(lambda: subprocess.run([*command, folder], check=True, capture_output=True)) for _ in range(rounds)],
        [_seconds(lambda: proving.inclusion(credential)) for _ in range(rounds + 1)][1:],
    ]


def share_of_entries(rows: int) -> float:
    """Which part of the processor's time for issuing goes into entries. In this process alone, the second of two."""
    spent = [0.0]

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **options: Any) -> Any:
            start = time.process_time()
            try:
                return function(*args, **options)
            finally:
                spent[0] += time.process_time() - start

        return called

    for name in ("of_credential", "note_all"):
        setattr(auditing, name, timed(getattr(auditing, name)))
    share = 0.0
    for _ in range(2):
        achievement = Achievement.objects.select_related("issuer").get()
        batch = Batch.objects.create(issuer=achievement.issuer, achievement=achievement, state=Batch.State.REVIEW)
        Row.objects.bulk_create(platform_programs.row_of(batch, place) for place in range(rows))
        with transaction.atomic():  # the installation's workers do not see it, and so leave it to us
            confirming.confirm(batch, send_mail=False, now=timezone.now(), actor=None)
            spent[0], start = 0.0, time.process_time()
            while chunks.work_on_next(worker="bench", now=timezone.now()):
                pass
            share = spent[0] / (time.process_time() - start)
    return share


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
