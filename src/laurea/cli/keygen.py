"""`laurea keygen`: make the key that signs."""

from __future__ import annotations

import os
from pathlib import Path

import click

from laurea.actions import keyring
from laurea.cli import console

EPILOG = """\b
Examples:
  laurea keygen
  laurea keygen --out keys/academy.pem --passphrase-file passphrase.txt
  laurea keygen --did-web academy.example"""


@click.command("keygen", epilog=EPILOG)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=keyring.DEFAULT_PATH,
    show_default=True,
    help="The new key file. An existing file is never overwritten.",
)
@click.option(
    "--did-web",
    metavar="HOST[/PATH]",
    help="The web address that shall vouch for the key; writes did.json beside the key, to be published there.",
)
@click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Encrypt the key with the first line of this file (or set LAUREA_KEY_PASSPHRASE).",
)
@console.json_option
def command(out: Path, did_web: str | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Make the key that signs your credentials.

    Without --did-web, verifiers name you by the key itself (did:key): fine for trying out, and for people who get the
    key's name from you. With --did-web they name you by your web address, and credentials can be revoked.
    """
    made = keyring.make(out, host=did_web, passphrase=keyring.passphrase_from(passphrase_file, os.environ))
    if as_json:
        console.data_as_json(
            {
                "key": str(made.path),
                "issuer": made.did,
                "verificationMethod": made.verification_method,
                "didDocument": str(made.did_document) if made.did_document else None,
                "publishAt": made.publish_at,
            }
        )
        return
    console.data(f"Made {made.path}, the key that signs in your name. Keep a copy in a safe place; show it to nobody.")
    console.data(f"Your issuer identifier: {made.did}")
    if made.did_document:
        console.data(f"Publish {made.did_document} at {made.publish_at}, so that everyone can check your signatures.")
