"""`laurea settle`: the part of `run`, `web` and `prepare` that works on the records, in a process of its own.

What it found out is one JSON object on stdout; what people should know goes to stderr.
"""

from __future__ import annotations

import click
from django.core import checks
from django.utils import timezone

from laurea.actions import inviting, settling
from laurea.actions.installing import InstallingError
from laurea.cli import console


@click.command("settle", hidden=True)
@click.option("--link/--no-link", default=True, help="Make a set-up link while there is no account.")
def command(link: bool) -> None:
    """Bring the installation up to date."""
    settling.settle()
    tell(checks.run_checks(include_deployment_checks=False))
    console.data_as_json({"setUpLink": inviting.set_up_link(now=timezone.now()) if link else None})


def tell(found: list[checks.CheckMessage]) -> None:
    """Warn of what self-hosting easily gets wrong; refuse what cannot work."""
    for message in found:
        if message.is_serious():
            raise InstallingError("installing.check", message.msg.rstrip("."), (message.hint or "").rstrip("."))
        if message.id and message.id.startswith("laurea."):
            console.warn(f"{message.msg} {message.hint or ''} [{message.id}]")
