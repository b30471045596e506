"""`laurea issue`: a people file in, signed credentials with certificates and badges out."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from laurea.actions import fulfilling, keyring, planning, workers
from laurea.actions.batch_folder import DID_DOCUMENT, ERRORS, MANIFEST, status_list_file
from laurea.actions.batches import Question, RowError, RowWarning
from laurea.actions.fulfilling import Summary
from laurea.actions.planning import Plan, Request, UndecidedError
from laurea.actions.workers import Crew
from laurea.cli import INTERRUPTED, NOT_GOOD, OK, console
from laurea.credentials.errors import LaureaError

EPILOG = """\b
Examples:
  laurea issue people.csv --achievement data-protection.toml --out out
  laurea issue people.xlsx --achievement course.toml --map "name=Full Name" --design modern --out out
  laurea issue attendance.csv --achievement course.toml --where "Status=Completed" --dry-run --out out
  laurea issue people.csv --achievement course.toml --issuer-did did:web:academy.example --out out
  laurea issue people.csv --achievement course.toml --out out --resume

\b
Exit codes: 0 all issued, 1 some rows in error, 2 nothing done: an option or a file must be put right first."""

MOST_LISTED = 20
"""Errors and warnings shown to a person; errors.csv and --json have all of them."""


Pairs = tuple[tuple[str, str], ...]


def _pairs(_context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> Pairs:
    for value in values:
        if "=" not in value or not value.partition("=")[0].strip():
            raise click.BadParameter(f"{value!r} has no =", param=parameter)
    split = (value.partition("=")[::2] for value in values)
    return tuple((name.strip(), text.strip()) for name, text in split)


def _mapping(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> Mapping[str, str]:
    pairs = _pairs(context, parameter, values)
    for name, number in Counter(name for name, _ in pairs).items():
        if number > 1:
            raise click.BadParameter(f"{name!r} is given {number} times; one column can be it.", param=parameter)
    return dict(pairs)


@click.command("issue", epilog=EPILOG)
@click.argument("people", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--achievement",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="What they achieved: a TOML file (see docs/reference/achievement-toml.md).",
)
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The new folder for everything made."
)
@click.option("--design", metavar="NAME|FOLDER", help="The certificate's design, instead of the achievement's.")
@click.option("--lang", metavar="LANGUAGE", help="The certificate's language, instead of the achievement's.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    callback=_mapping,
    help='Say which column means what: --map "name=Full Name". Can be repeated.',
)
@click.option(
    "--where",
    multiple=True,
    metavar="COLUMN=VALUE",
    callback=_pairs,
    help='Take only rows with this value: --where "Status=Completed". Can be repeated; then all must hold.',
)
@click.option(
    "--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="How 03/04/2026 is meant, where it could be both."
)
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook, where several hold people.")
@click.option("--encoding", metavar="NAME", help="The encoding of a text file, such as cp1252, if it is read wrongly.")
@click.option("--delimiter", metavar="CHARACTER", help='What parts the cells of a text file; "tab" for tabs.')
@click.option("--header-line", type=click.IntRange(0), metavar="N", help="The line with the headers; 0 for none.")
@click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    default=keyring.DEFAULT_PATH,
    show_default=True,
    envvar="LAUREA_KEY",
    show_envvar=True,
    help="The key that signs; made on first use if it is the default one.",
)
@click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file whose first line opens the key (or set LAUREA_KEY_PASSPHRASE).",
)
@click.option("--issuer-did", metavar="did:web:…", help="Your web identifier. With it, credentials can be revoked.")
@click.option("--base-url", metavar="https://…", help="Where QR codes lead, if not to the host of --issuer-did.")
@click.option("--jobs", type=click.IntRange(1, 64), default=None, help="Processes to use.  [default: one a processor]")
@click.option("--svg", is_flag=True, help="Also write each badge as SVG.")
@click.option("--strict", is_flag=True, help="Issue nothing if any row is in error.")
@click.option("--resume", is_flag=True, help="Continue a batch that was stopped, in its folder.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@console.json_option
def command(**options: Any) -> int:
    """Issue a credential for each row of a people file.

    PEOPLE is a CSV, a text with tabs, or an Excel workbook, as Teams, Zoom, Moodle, Workday, SAP and others export
    them. For each row, OUT gets the signed credential (CODE.json), the certificate (CODE.pdf) and the badge
    (CODE.png), each of which can be verified on its own. manifest.csv lists them, errors.csv the rows that could not
    be issued.
    """
    return _Run(options).run()


class _Run:
    """One use of the command."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.as_json: bool = options["as_json"]
        self.strict: bool = options["strict"]
        self.dry_run: bool = options["dry_run"]
        self.jobs: int = options["jobs"] or workers.processors()
        self.started = time.perf_counter()
        self.request = Request(
            people=options["people"],
            achievement=options["achievement"],
            out=options["out"],
            key=options["key"],
            passphrase=keyring.passphrase_from(options["passphrase_file"], os.environ),
            design=options["design"],
            language=options["lang"],
            issuer_did=options["issuer_did"],
            base_url=options["base_url"],
            mapping=options["mapping"],
            where=options["where"],
            date_order=options["date_order"],
            sheet=options["sheet"],
            encoding=options["encoding"],
            delimiter={"tab": "\t"}.get(options["delimiter"], options["delimiter"]),
            header_line=options["header_line"],
            svg=options["svg"],
            resume=options["resume"],
        )

    def run(self) -> int:
        """Plan, ask what is unclear, then issue; say what came of it."""
        with fulfilling.crew_for(self.request.people, 1 if self.dry_run else self.jobs) as crew:
            return self._run(crew)

    def _run(self, crew: Crew | None) -> int:
        plan = self._plan()
        for warning in plan.warnings:
            console.warn(warning)
        if self.strict and plan.errors:
            return self._refused(plan)
        if self.dry_run:
            fulfilling.rehearse(plan)
            return self._told(plan, None)
        if not self.as_json and plan.rows:
            console.note(
                f"Issuing {console.count(len(plan.rows), 'credential', 'credentials')} into {plan.request.out}"
            )
        try:
            with console.progress(len(plan.rows), "Issuing", quiet=self.as_json) as bar:
                summary = fulfilling.fulfil(plan, crew=crew, strict=self.strict, progress=bar.update)
        except KeyboardInterrupt:
            console.note(
                f"\nStopped. {plan.request.out} keeps what is done: continue with the same command and --resume."
            )
            return INTERRUPTED
        return self._told(plan, summary)

    def _plan(self) -> Plan:
        """The plan, after as many questions as it takes."""
        while True:
            try:
                return planning.plan(self.request, datetime.now().astimezone())
            except UndecidedError as undecided:
                self.request = _answered(self.request, undecided.question, self.as_json)

    def _refused(self, plan: Plan) -> int:
        if self.as_json:
            console.data_as_json(_as_json(plan, None, self._seconds()))
        else:
            _list_errors(plan.errors, None)
            console.note("Nothing was issued, because of --strict.")
        return NOT_GOOD

    def _told(self, plan: Plan, summary: Summary | None) -> int:
        errors = summary.errors if summary else plan.errors
        if self.as_json:
            console.data_as_json(_as_json(plan, summary, self._seconds()))
        else:
            _list_remarks(plan)
            _list_errors(errors, plan.request.out / ERRORS if summary else None)
            _say_result(plan, summary, self._seconds())
        return NOT_GOOD if errors else OK

    def _seconds(self) -> float:
        return time.perf_counter() - self.started


def _answered(request: Request, question: Question, as_json: bool) -> Request:
    """The request with the answer to `question`: asked on a terminal, else an error that names the option to give."""
    option = {"date_order": "--date-order", "sheet": "--sheet", "mapping": f"--map {question.field}="}[
        question.parameter
    ]
    listed = [f"{choice.value}: {choice.meaning}" + _examples(choice.examples) for choice in question.choices]
    if as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        separator = "" if option.endswith("=") else " "
        answers = " or ".join(f"{option}{separator}{shlex.quote(choice.value)}" for choice in question.choices[:5])
        more = f"; … and {len(listed) - MOST_LISTED} more" if len(listed) > MOST_LISTED else ""
        shown = "; ".join(listed[:MOST_LISTED])
        raise LaureaError(question.code, f"{question.message} ({shown}{more})", f"Say which, with {answers}")
    console.note(f"{question.message}.")
    for line in listed:
        console.note(f"  {line}")
    values = [choice.value for choice in question.choices]
    answer: Any = click.prompt("Which is it?", type=click.Choice(values), err=True)
    if question.parameter == "mapping":
        return replace(request, mapping={**request.mapping, str(question.field): answer})
    if question.parameter == "sheet":
        return replace(request, sheet=answer)
    return replace(request, date_order=answer)


def _examples(examples: tuple[str, ...]) -> str:
    return f" ({', '.join(examples)})" if examples else ""


def _list_remarks(plan: Plan) -> None:
    for note in plan.reading.notes:
        console.note(f"Note: {note.message}")
    for warning in plan.reading.warnings[:MOST_LISTED]:
        console.warn(f"line {warning.line}, {warning.column}: {warning.reason} ({warning.value})")
    if len(plan.reading.warnings) > MOST_LISTED:
        console.note(f"… and {len(plan.reading.warnings) - MOST_LISTED} more warnings")
    if plan.reading.filtered:
        lines = console.count(plan.reading.filtered, "row", "rows")
        console.note(f"Left out: {lines} for which --where does not hold")
    for row in plan.reading.rows:
        if row.state == "duplicate":
            console.note(f"Left out: line {row.line} is the same person as line {row.duplicate_of} ({row.name})")


def _list_errors(errors: tuple[RowError, ...], listed_in: Path | None) -> None:
    if not errors:
        return
    lines = len({error.line for error in errors})
    console.note(f"\n{console.count(lines, 'row', 'rows')} in error:")
    rows: list[tuple[str, ...]] = [("Line", "Column", "Value", "Reason")]
    rows += [(str(error.line), error.column, error.value, _reason(error)) for error in errors[:MOST_LISTED]]
    console.note(console.table(rows))
    if len(errors) > MOST_LISTED:
        console.note(f"  … and {len(errors) - MOST_LISTED} more")
    if listed_in:
        console.note(
            f"Correct {'it' if lines == 1 else 'them'} in {listed_in} and issue that file into another folder."
        )


def _reason(error: RowError) -> str:
    return f"{error.reason}. {error.hint}" if error.hint else error.reason


def _say_result(plan: Plan, summary: Summary | None, seconds: float) -> None:
    if summary is None:
        console.data(f"Would issue {console.count(len(plan.rows), 'credential', 'credentials')}. Nothing was written.")
        return
    if plan.new_key and summary.issued:
        console.data(f"Made {plan.request.key}, the key that signs in your name. Keep a copy in a safe place.")
    if not summary.issued and summary.kept:
        console.data(f"Nothing left to do: all {summary.kept:,} credentials are in {summary.folder}.")
    elif summary.issued:
        rate = summary.issued / seconds
        kept = f" ({summary.kept:,} were there already)" if summary.kept else ""
        console.data(
            f"Issued {console.count(summary.issued, 'credential', 'credentials')}{kept} into {summary.folder} "
            f"in {seconds:.1f} s ({rate:,.0f} a second)."
        )
        console.data(f"{summary.folder / MANIFEST} lists them. Check any of them with: {_check(plan)}")
    else:
        console.data("Nothing was issued.")
    for path, address in summary.publish:
        console.data(f"Publish {path} at {address}")


def _check(plan: Plan) -> str:
    """The command that judges the batch from its folder alone, also before anything of it was published."""
    folder = plan.request.out
    words = ["laurea", "verify", folder, "--did-doc", folder / DID_DOCUMENT]
    if plan.batch.status_list:
        words += ["--status-list", status_list_file(folder, plan.batch.status_list)]
    return shlex.join(map(str, words))


def _as_json(plan: Plan, summary: Summary | None, seconds: float) -> dict[str, object]:
    errors = summary.errors if summary else plan.errors
    duplicates = [row for row in plan.reading.rows if row.state == "duplicate"]
    return {
        "issued": summary.issued if summary else 0,
        "kept": summary.kept if summary else 0,
        "planned": len(plan.rows),
        "issuer": plan.batch.issuer,
        "out": str(plan.request.out),
        "errors": [_remark(error) for error in errors],
        "warnings": [_remark(warning) for warning in plan.reading.warnings],
        "duplicates": [{"line": row.line, "duplicateOf": row.duplicate_of} for row in duplicates],
        "filtered": plan.reading.filtered,
        "notes": [{"code": note.code, "message": note.message} for note in plan.reading.notes],
        "publish": [{"file": str(path), "at": address} for path, address in summary.publish] if summary else [],
        "seconds": round(seconds, 3),
    }


def _remark(remark: RowError | RowWarning) -> dict[str, object]:
    return {
        "line": remark.line,
        "column": remark.column,
        "value": remark.value,
        "reason": remark.reason,
        "hint": remark.hint,
        "code": remark.code,
    }
