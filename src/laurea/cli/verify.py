"""`laurea verify`: judge credentials, from whatever they come in."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from pathlib import Path

import click

from laurea.actions import reporting, verifying
from laurea.actions.verifying import Question, Skipped, Source, Verified
from laurea.cli import NOT_GOOD, OK, console, verdicts
from laurea.credentials.errors import VocabularyError
from laurea.credentials.moments import parse_day, parse_moment
from laurea.credentials.verification import LANGUAGES, Verdict

EPILOG = """\b
Examples:
  laurea verify certificate.pdf
  laurea verify out --did-doc out/did.json
  laurea verify badge.png photo.jpg credential.json --details
  laurea verify https://academy.example/c/7K3M9QXR2V5T8WHF
  laurea verify 7K3M-9QXR-2V5T-8WHF --at https://academy.example
  cat credential.json | laurea verify - --offline --json

\b
Exit codes: 0 all genuine, 1 at least one is not, 2 wrong use."""

MOST_ROWS = 40
"""Lines of a table without --details."""


class Moment(click.ParamType[datetime]):
    """A day (its first moment, UTC) or a date and time with a time zone."""

    name = "moment"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment that was typed."""
        try:
            return datetime.combine(parse_day(value), time(), UTC) if len(value) <= 10 else parse_moment(value)
        except VocabularyError as problem:
            self.fail(f"{problem.message}. {problem.hint}.", param, ctx)


@click.command("verify", epilog=EPILOG)
@click.argument("what", nargs=-1, required=True, metavar="PATH|CODE|URL|- ...")
@click.option(
    "--did-doc",
    "did_documents",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A DID document of an issuer that you vouch for. Can be repeated.",
)
@click.option(
    "--status-list",
    "status_lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A status list, instead of fetching it. Can be repeated.",
)
@click.option("--recipient", metavar="E-MAIL", help="Also ask whether it belongs to this person.")
@click.option("--now", type=Moment(), metavar="ISO", help="Judge for this moment instead of the present one.")
@click.option("--offline", is_flag=True, help="Fetch nothing; open no connection at all.")
@click.option(
    "--in",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    metavar="FOLDER",
    help="Where the credential of a CODE is looked for.  [default: the current folder]",
)
@click.option("--at", metavar="https://HOST", help="The issuer's site, to ask for the credential of a CODE.")
@click.option("--details", is_flag=True, help="Show the technical side, and every line of a long table.")
@click.option(
    "--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="The language of the answer."
)
@console.json_option
def command(
    what: tuple[str, ...],
    did_documents: tuple[Path, ...],
    status_lists: tuple[Path, ...],
    recipient: str | None,
    now: datetime | None,
    offline: bool,
    folder: Path,
    at: str | None,
    details: bool,
    lang: str,
    as_json: bool,
) -> int:
    """Judge credentials, yours or anyone else's.

    Takes JSON and JWT files, baked PNG and SVG badges, PDF certificates, pictures of a certificate's QR code, whole
    folders, the 16-character code, the address of a credential's page, or - for standard input. What is needed to judge
    (the issuer's keys, the list of revoked credentials) is fetched, over https and from public addresses only.
    """
    if not all(named.strip() for named in what):
        # An unset variable of a script. As a path it would be the current folder, and other credentials be judged.
        raise click.BadParameter("it is empty", param_hint="PATH|CODE|URL|-")
    if at is not None and not at.startswith("https://"):
        raise click.BadParameter("it must begin with https://", param_hint="--at")
    question = Question(
        now=now or datetime.now(UTC),
        given=verifying.materials_from(did_documents, status_lists),
        recipient=recipient,
        online=not offline,
        folder=folder,
        at=at,
    )
    sources, skipped = _sources(what, question)
    judged = list(_in_language(_progress(sources, question, quiet=as_json), lang))
    if as_json:
        console.data_as_json(reporting.as_json(judged, skipped, now=question.now))
    elif len(judged) == 1:
        console.data(verdicts.page(judged[0], details=details, language=lang))
    else:
        console.data(verdicts.table(judged, most=None if details else MOST_ROWS, language=lang))
        for note in verdicts.notes(judged, skipped, details=details, language=lang):
            console.note(note)
    return OK if all(answer.verdict is Verdict.GENUINE for answer in judged) else NOT_GOOD


def _sources(what: Iterable[str], question: Question) -> tuple[list[Source], list[Skipped]]:
    sources: list[Source] = []
    skipped: list[Skipped] = []
    for named in what:
        some, others = verifying.sources_of(named, question, stdin=sys.stdin.buffer)
        sources += some
        skipped += others
    return sources, skipped


def _progress(sources: list[Source], question: Question, *, quiet: bool) -> Iterator[Verified]:
    with console.progress(len(sources), "Verifying", quiet=quiet or len(sources) < 20) as bar:
        for answer in verifying.verify_all(sources, question):
            bar.update(1)
            yield answer


def _in_language(answers: Iterable[Verified], language: str) -> Iterator[Verified]:
    for answer in answers:
        yield answer.in_language(language)
