"""`laurea keyring`: the part of `laurea keys` that works on the records, in a process of its own."""

from __future__ import annotations

import os
from pathlib import Path

import click
from django.utils import timezone

from laurea.actions import auditing, keyring, rotating, safekeeping
from laurea.cli import console, records
from laurea.credentials.errors import KeyMaterialError
from laurea.records.models import Issuer, Key

_LARGEST = 16 * 1024 * 1024


@click.group("keyring", hidden=True)
def command() -> None:
    """Keep the keys of the records."""


@command.command("list")
@records.in_reach()
def listed() -> None:
    """All keys of all issuers."""
    found = Key.objects.select_related("issuer").order_by("issuer__slug", "-created", "-id")
    console.data_as_json({"keys": [_told(key) for key in found]})


@command.command("rotate")
@click.argument("slug")
@click.option("--in-module", is_flag=True)
@records.in_reach()
def rotate(slug: str, in_module: bool) -> None:
    """Make a new key."""
    issuer = Issuer.objects.filter(slug=slug).first()
    if issuer is None:
        known = ", ".join(Issuer.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        raise KeyMaterialError("issuer.absent", f"There is no issuer “{slug}”", f"There are: {known}")
    with auditing.from_where("cli:keys"):
        made = rotating.rotate(issuer, in_module=in_module or None, now=timezone.now(), actor=None)
    console.data_as_json(_told(made))


@command.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@records.in_reach()
def export(file: Path) -> None:
    """Write a backup."""

    def store(data: bytes) -> None:
        keyring.write_new(file, data, mode=0o600)

    with auditing.from_where("cli:keys"):
        backup = safekeeping.back_up(_passphrase(), store, now=timezone.now(), actor=None)
    console.data_as_json(
        {"file": str(file), "keys": backup.kept, "inModule": backup.in_module, "notOpened": backup.lost}
    )


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@records.in_reach()
def restore(file: Path) -> None:
    """Bring keys back from a backup."""
    with file.open("rb") as stream:
        data = stream.read(_LARGEST)
    with auditing.from_where("cli:keys"):
        done = safekeeping.restore(data, _passphrase(), now=timezone.now(), actor=None)
    passed = [{"key": key, "reason": reason} for key, reason in done.passed_over]
    console.data_as_json({"sealedAnew": done.sealed, "added": done.added, "passedOver": passed})


def _passphrase() -> bytes:
    """What `laurea keys` has asked for, and hands on in the environment of this process alone."""
    return keyring.passphrase_from(None, os.environ) or b""


def _told(key: Key) -> dict[str, str | None]:
    return {
        "issuer": key.issuer.slug,
        "key": key.multikey,
        "state": key.state,
        "kept": key.module or "database",
        "made": key.created.isoformat(timespec="seconds"),
        "retired": key.retired.isoformat(timespec="seconds") if key.retired else None,
        "compromisedFrom": key.compromised_from.isoformat(timespec="seconds") if key.compromised_from else None,
    }
