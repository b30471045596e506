"""`laurea keys`: the signing keys of an installation: listed, rotated, kept elsewhere, brought back."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from laurea.actions import keyring
from laurea.cli import NOT_GOOD, OK, console, serving
from laurea.credentials.document import Document
from laurea.credentials.errors import KeyMaterialError
from laurea.credentials.key_backup import SHORTEST_PASSPHRASE

EPILOG = """\b
Examples:
  laurea keys list --data /var/lib/laurea
  laurea keys export keys-2026.backup
  laurea keys import keys-2026.backup --passphrase-file passphrase.txt
  laurea keys rotate --issuer acme
  laurea keys rotate --issuer acme --in-module"""

EXPORT_EPILOG = """\b
The passphrase is asked for; or it comes from LAUREA_KEY_PASSPHRASE,
LAUREA_KEY_PASSPHRASE_FILE or --passphrase-file (the first line of a file).

\b
Examples:
  laurea keys export keys-2026.backup
  LAUREA_DATA=/var/lib/laurea laurea keys export /media/safe/keys-2026.backup"""

IMPORT_EPILOG = """\b
Examples:
  laurea keys import keys-2026.backup
  laurea keys import /media/safe/keys-2026.backup --data /var/lib/laurea"""

ROTATE_EPILOG = """\b
Examples:
  laurea keys rotate --issuer acme
  laurea keys rotate --issuer acme --in-module"""

passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Take the passphrase from the first line of this file (or set LAUREA_KEY_PASSPHRASE).",
)


@click.group("keys", epilog=EPILOG)
def command() -> None:
    """Look after the signing keys: list, rotate, back up, restore."""


@command.command("list", epilog="\b\nExamples:\n  laurea keys list\n  laurea keys list --json")
@serving.data_option
@console.json_option
def listed(data: Path | None, as_json: bool) -> None:
    """List the keys of all issuers, and where each is kept."""
    found = serving.part(_installation(data), "keyring", "list")
    if as_json:
        console.data_as_json(found)
        return
    rows: list[tuple[str, ...]] = [
        (
            each["issuer"],
            each["key"],
            each["state"],
            f"from {each['compromisedFrom']}" if each["compromisedFrom"] else f"made {each['made'][:10]}",
            "in the database" if each["kept"] == "database" else "in the hardware module",
        )
        for each in found["keys"]
    ]
    console.data(console.table(rows, indent="") if rows else "There is no key yet.")


@command.command("rotate", epilog=ROTATE_EPILOG, short_help="Make the key that signs for an issuer from now on.")
@click.option("--issuer", required=True, metavar="SLUG", help="The short name of the issuer, as in its addresses.")
@click.option("--in-module", is_flag=True, help="Make the key in the hardware module (LAUREA_PKCS11_MODULE).")
@serving.data_option
@console.json_option
def rotate(issuer: str, in_module: bool, data: Path | None, as_json: bool) -> None:
    """Make the key that signs for an issuer from now on; what was signed before stays genuine.

    The next key is made where the last one is: in the database, or in the hardware module. With --in-module an issuer
    moves into the module.
    """
    options = ["--in-module"] if in_module else []
    made = serving.part(_installation(data), "keyring", "rotate", issuer, *options)
    if as_json:
        console.data_as_json(made)
        return
    console.data(f"{made['key']} signs for {issuer} from now on. The status lists are signed with it already.")
    if made["kept"] == "database":
        console.note("Back it up: laurea keys export FILE")


@command.command("export", epilog=EXPORT_EPILOG, short_help="Back up all signing keys into one file.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@passphrase_option
@serving.data_option
@console.json_option
def export(file: Path, passphrase_file: Path | None, data: Path | None, as_json: bool) -> int:
    """Back up all signing keys, those of the issuers and that of the log, into one file under a passphrase.

    Whoever has the file and the passphrase signs in the name of every issuer. Keep them apart, and off this machine.
    An existing file is never overwritten. Keys in a hardware module stay there: its maker says how to keep those.
    """
    env = _with_passphrase(_installation(data), passphrase_file, new=True)
    made = serving.part(env, "keyring", "export", str(file.absolute()))
    if as_json:
        console.data_as_json(made)
    else:
        console.data(f"Wrote {console.count(len(made['keys']), 'key', 'keys')} to {file}.")
        for key in made["inModule"]:
            console.note(f"{key} is in the hardware module and not in the file.")
    for key in made["notOpened"]:
        console.warn(f"{key} is not in the file: LAUREA_KEY_ENCRYPTION_KEY does not open it.")
    return NOT_GOOD if made["notOpened"] else OK


@command.command("import", epilog=IMPORT_EPILOG)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@passphrase_option
@serving.data_option
@console.json_option
def restore(file: Path, passphrase_file: Path | None, data: Path | None, as_json: bool) -> int:
    """Bring signing keys back from a file that `laurea keys export` wrote.

    For when LAUREA_KEY_ENCRYPTION_KEY was lost: the keys are sealed with the one that is set now. Keys that are missing
    are added. Which key signs, and what is said of each, stays as it is.
    """
    env = _with_passphrase(_installation(data), passphrase_file, new=False)
    done = serving.part(env, "keyring", "import", str(file.absolute()))
    if as_json:
        console.data_as_json(done)
    else:
        _tell(done)
    return OK if done["sealedAnew"] or done["added"] else NOT_GOOD


def _installation(data: Path | None) -> dict[str, str]:
    """The environment of an installation that is there."""
    env = serving.environment(data)
    serving.require_installation(env)
    return env


def _tell(done: Document) -> None:
    sealed, added, passed = done["sealedAnew"], done["added"], done["passedOver"]
    assert isinstance(sealed, list)  # noqa: S101 - tells the type checker what `laurea keyring` writes
    assert isinstance(added, list)  # noqa: S101
    assert isinstance(passed, list)  # noqa: S101
    console.data(f"Sealed {console.count(len(sealed), 'key', 'keys')} anew, added {len(added)}.")
    for each in passed:
        assert isinstance(each, dict)  # noqa: S101
        console.warn(f"{each['key']}: {each['reason']}.")


def _with_passphrase(env: dict[str, str], file: Path | None, *, new: bool) -> dict[str, str]:
    """The environment of the part, with the passphrase: of a file, of our own environment, or typed in."""
    given = keyring.passphrase_from(file, env)
    if given is None:
        if not sys.stdin.isatty():
            raise KeyMaterialError(
                "key.passphrase",
                "A passphrase is needed",
                "Give it with --passphrase-file, or in LAUREA_KEY_PASSPHRASE",
            )
        if new:
            console.note(f"Choose a passphrase of at least {SHORTEST_PASSPHRASE} characters; nobody can recover it.")
        given = str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True)).encode()
    env.pop(keyring.PASSPHRASE_FILE, None)
    return env | {keyring.PASSPHRASE: os.fsdecode(given)}
