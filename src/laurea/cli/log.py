"""`laurea log`: the audit log, as anybody may verify it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from laurea.actions import installing, verifying_log
from laurea.cli import NOT_GOOD, OK, console, serving
from laurea.credentials.document import Document
from laurea.credentials.transparency.merkle import LogError

MOST_LINES = 40

EPILOG = """\b
Examples:
  laurea log verify https://badges.example.com
  laurea log verify https://badges.example.com --since checkpoint-of-may.txt --key witness-key.txt
  laurea log verify /var/lib/laurea
  laurea log verify ./copy-of-the-log --database"""


@click.group("log", epilog=EPILOG)
def command() -> None:
    """Verify the audit log, and the database against it."""


@command.command("verify", epilog=EPILOG, short_help="Verify a whole log, and the database against it.")
@click.argument("where", metavar="[DIR|URL]", required=False)
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="CHECKPOINT",
    help="A file with an earlier checkpoint, as witnesses keep it: is it the same log, only longer?",
)
@click.option(
    "--key", metavar="VERIFIERKEY", help="The log's verifier key, or a file with it, from a source you trust."
)
@click.option(
    "--database/--no-database",
    default=None,
    help="Hold the database of this installation against the log.  [default: if DIR is its folder]",
)
@console.json_option
def verify(where: str | None, since: Path | None, key: str | None, database: bool | None, as_json: bool) -> int:
    """Verify a whole log, and on its installation the database against it.

    DIR is a folder with a copy of the log, or the data folder of an installation; URL the address of an installation or
    of its log. Without either it is the installation that LAUREA_DATA names.

    Checks the signature of the checkpoint, every entry and every tile. Against the database: that each entry and each
    credential is there as the log knows it; a row that was changed, taken away or put in by hand is named.
    """
    folder = _installation(where)
    if database or (database is None and folder is not None):
        found = _with_database(None if folder is not None else where, folder, since, key)
    else:
        read = _reader(where or str(installing.data_folder(os.environ)))
        audit = verifying_log.verify(
            read,
            verifier=verifying_log.key_from(key) if key else None,
            since=verifying_log.read_text(since) if since else None,
        )
        found = audit.to_json()
    if as_json:
        console.data_as_json(found)
    else:
        _tell(found)
    return OK if found["good"] else NOT_GOOD


def _reader(where: str) -> verifying_log.Read:
    if "://" in where:
        return verifying_log.at_address(where)
    return verifying_log.in_folder(Path(where))


def _installation(where: str | None) -> Path | None:
    """The data folder of the installation that is meant, if one is."""
    if where is None:
        folder = installing.data_folder(os.environ)
        if not serving.is_installed(os.environ):
            raise LogError(
                "log.absent",
                f"There is no installation in {folder}",
                "Name the folder or address of a log, or set LAUREA_DATA",
            )
        return folder
    folder = Path(where)
    marked = (folder / serving.DATABASE).is_file() or (folder / "secrets").is_dir()
    # An installation whose database and secrets lie elsewhere leaves no mark in its folder; its settings name it.
    own = (
        bool(os.environ.get("LAUREA_DATABASE_URL")) and folder.resolve() == installing.data_folder(os.environ).resolve()
    )
    return folder.absolute() if marked or own else None


def _with_database(where: str | None, folder: Path | None, since: Path | None, key: str | None) -> Document:
    """The same with the records: in a process of its own, since it needs them."""
    arguments = [*(("--where", where) if where else ()), *(("--key", key) if key else ())]
    arguments += ["--since", str(since)] if since else []
    return serving.part(serving.environment(folder), "audit", *arguments)


def _tell(found: Document) -> None:
    findings, notes, checked = found["findings"], found["notes"], found["checked"]
    assert isinstance(findings, list)  # noqa: S101 - tells the type checker what `Audit.to_json` gives
    assert isinstance(notes, list)  # noqa: S101
    assert isinstance(checked, dict)  # noqa: S101
    size = found["size"]
    console.data(f"{found['log']}" + (f": {console.count(size, 'entry', 'entries')}" if isinstance(size, int) else ""))
    counted = ", ".join(f"{number:,} {what}" for what, number in checked.items() if isinstance(number, int))
    if counted:
        console.data(f"Checked: {counted}" + (f", since {found['since']:,} entries" if found["since"] else ""))
    for finding in findings[:MOST_LINES]:
        assert isinstance(finding, dict)  # noqa: S101
        console.data(f"  {finding['message']}.")
    if len(findings) > MOST_LINES:
        console.data(f"  and {len(findings) - MOST_LINES:,} more; --json lists all of them.")
    for note in notes:
        console.note(f"{note}.")
    console.data("Not as it must be." if findings else "Good: all of it is as it was published.")
