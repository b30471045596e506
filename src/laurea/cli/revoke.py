"""`laurea revoke`: take back credentials."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import click

from laurea.actions import keyring, revoking_in_folder
from laurea.actions.revoking_in_folder import Revocation
from laurea.cli import NOT_GOOD, OK, console
from laurea.credentials.code import format_code

EPILOG = """\b
Examples:
  laurea revoke out 7K2M-9QWX-4T0B-HC5N
  laurea revoke out 7K2M9QWX4T0BHC5N 0000-0000-0000-0000 --key academy.pem --yes"""


@click.command("revoke", epilog=EPILOG)
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.argument("codes", metavar="CODE...", nargs=-1, required=True)
@click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    default=keyring.DEFAULT_PATH,
    show_default=True,
    envvar="LAUREA_KEY",
    show_envvar=True,
    help="The key that the credentials were issued with.",
)
@click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file whose first line opens the key (or set LAUREA_KEY_PASSPHRASE).",
)
@click.option("--yes", is_flag=True, help="Do not ask whether you mean it.")
@console.json_option
def command(
    out: Path, codes: tuple[str, ...], key: Path, passphrase_file: Path | None, yes: bool, as_json: bool
) -> int:
    """Take back credentials that were issued.

    OUT is the folder that `laurea issue` made. The status list in it is changed and signed again; the credentials count
    as revoked for everyone as soon as you publish that file.
    """
    found = revoking_in_folder.prepare(out, codes)
    stored = keyring.load(key, passphrase=keyring.passphrase_from(passphrase_file, os.environ))
    for warning in stored.warnings:
        console.warn(warning)
    if not yes and (as_json or not sys.stdin.isatty()):
        raise click.UsageError("Nobody is there to confirm: add --yes if you mean it.")
    if not yes:
        for held in found.credentials:
            console.note(f"  {format_code(held.code)}  {held.name}" + ("  (revoked already)" if held.revoked else ""))
        what = console.count(len(found.credentials), "this credential", "these credentials").partition(" ")[2]
        if not click.confirm(f"Revoke {what}? This cannot be taken back.", err=True):
            console.note("Nothing was revoked.")
            return NOT_GOOD
    _tell(revoking_in_folder.revoke(out, codes, stored.key, datetime.now().astimezone()), as_json)
    return OK


def _tell(done: Revocation, as_json: bool) -> None:
    new = [held for held in done.credentials if not held.revoked]
    before = [held for held in done.credentials if held.revoked]
    if as_json:
        console.data_as_json(
            {
                "revoked": [held.code for held in new],
                "revokedBefore": [held.code for held in before],
                "publish": [{"file": str(done.file), "at": done.address}],
            }
        )
        return
    for held in new:
        console.data(f"Revoked {format_code(held.code)} ({held.name})")
    for held in before:
        console.data(f"{format_code(held.code)} ({held.name}) was revoked before")
    console.data(f"Now publish {done.file} at {done.address}: until then, everyone still sees them as valid.")
