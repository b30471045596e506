"""How `laurea verify` shows what it found: a page for one credential, a table for many.

A verdict is said by symbol, word and sentence, never by colour alone. Nothing that a document claims is shown when its
signatures do not cover it; where none could be checked, it is said to be a mere claim. Nothing it holds can steer the
terminal.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

import click

from laurea.actions.verifying import Skipped, Verified
from laurea.cli import console
from laurea.credentials.verification import Check, Outcome, Report, Verdict, messages
from laurea.credentials.verification.report import printable

_LABELS = {
    "en": {
        "holder": "Awarded to",
        "achievement": "For",
        "issuer": "Issued by",
        "unconfirmed": "This is what it says. Nothing of it is confirmed.",
        "how": "How we know",
        "passed": "{title}.",
        "proof": "{title} is right.",
        "more": "… and {count} more lines; --details shows all",
        "vouch": (
            "If you know the issuer, hand over its DID document with --did-doc FILE: "
            "the signature then tells whether it is theirs."
        ),
        "missing": (
            "What could not be fetched can be handed over: the issuer's keys with --did-doc FILE, if you know that "
            "they are theirs, and its list of withdrawn credentials with --status-list FILE. "
            "--details says what went wrong."
        ),
        "skipped": "{count} other files in the folder are no credentials and were not judged.",
        "skipped_one": "1 other file in the folder is no credential and was not judged.",
    },
    "de": {
        "holder": "Verliehen an",
        "achievement": "Für",
        "issuer": "Ausgestellt von",
        "unconfirmed": "Das steht darin. Nichts davon ist bestätigt.",
        "how": "Woher wir das wissen",
        "passed": "{title}.",
        "proof": "{title} stimmt.",
        "more": "… und {count} weitere Zeilen; --details zeigt alle",
        "vouch": (
            "Wenn Sie den Aussteller kennen, übergeben Sie sein DID-Dokument mit --did-doc DATEI: "
            "Die Signatur zeigt dann, ob sie von ihm stammt."
        ),
        "missing": (
            "Was nicht abzurufen war, können Sie übergeben: die Schlüssel des Ausstellers mit --did-doc DATEI, wenn "
            "Sie wissen, dass es seine sind, und seine Liste widerrufener Nachweise mit --status-list DATEI. "
            "--details zeigt, woran es lag."
        ),
        "skipped": "{count} weitere Dateien im Ordner sind keine Nachweise und wurden nicht geprüft.",
        "skipped_one": "1 weitere Datei im Ordner ist kein Nachweis und wurde nicht geprüft.",
    },
}
_UNSURE = (Verdict.CANNOT_TELL, Verdict.ISSUER_UNKNOWN, Verdict.NOT_YET_VALID)
_COLOURS = {"good": "green", "unsure": "yellow", "bad": "red", "aside": "bright_black"}
_MANNERS = {
    Outcome.PASSED: "good",
    Outcome.FAILED: "bad",
    Outcome.UNKNOWN: "unsure",
    Outcome.NOT_APPLICABLE: "aside",
}
_SYMBOLS = {"good": "✓", "unsure": "?", "bad": "✗", "aside": "–"}
_PLAIN_SYMBOLS = {"good": "+", "unsure": "?", "bad": "x", "aside": "-"}
_SAID_BY_TITLE = ("format", "structure", "terms", "proof", "issuer-key")
"""Checks whose title says all, once they are passed; the sentences of others hold dates and names."""
_OBTAINED = ("issuer-key", "status")
"""Checks that need something which whoever asks can hand over."""
_WIDEST = 100
_WIDEST_CELL = 36  # CODE.json .pdf .png .svg


def page(answer: Verified, *, details: bool, language: str) -> str:
    """Everything about one credential; a single line for what is none."""
    labels = _LABELS[language]
    report = answer.report
    if report is None or report.document is None or (report.verdict is Verdict.MALFORMED and not details):
        return f"{_head(answer.verdict, language)}  {_reason(answer)}"
    lines = [*_wrapped(_sentence(report, language), f"{_head(report.verdict, language)}  ", "  "), ""]
    lines += _claims(report, labels)
    lines.append(click.style(labels["how"], bold=True))
    for check in report.checks:
        lines += _check(check, labels, details=details, confirmed=report.confirmed)
    if details:
        lines += ["", *_technical(answer, report)]
    for advice in _advice([answer]):
        lines += ["", *_wrapped(labels[advice], "", "")]
    return "\n".join(lines)


def table(answers: Sequence[Verified], *, most: int | None, language: str) -> str:
    """One line for each credential, the worst first, and a summary. Files with the same credential share a line."""
    order = {verdict: place for place, verdict in enumerate(Verdict)}
    rows = sorted(_grouped(answers), key=lambda row: order[row[0].verdict])
    shown = rows if most is None else rows[:most]
    cells = [(messages.word(answer.verdict, language), _cut(names), *_about(answer)) for answer, names in shown]
    widths = [max(console.width(cell) for cell in column) for column in zip(*(row[:3] for row in cells), strict=True)]
    lines = []
    for (answer, _), (word, *others, last) in zip(shown, cells, strict=True):
        head = f"{_symbol(_manner(answer.verdict))} {console.padded(word, widths[0])}"
        padded = "".join(
            f"  {console.padded(cell, width)}" for cell, width in zip(others, widths[1:], strict=True) if cell
        )
        lines.append(f"{_styled(answer.verdict, head)}{padded}  {last}".rstrip())
    if len(shown) < len(rows):
        lines.append(click.style(_LABELS[language]["more"].format(count=len(rows) - len(shown)), dim=True))
    counted = Counter(answer.verdict for answer, _ in rows)
    summary = ", ".join(
        f"{counted[verdict]:,} {messages.word(verdict, language).lower()}" for verdict in Verdict if verdict in counted
    )
    return "\n".join([*lines, "", click.style(summary, bold=True)])


def notes(answers: Sequence[Verified], skipped: Sequence[Skipped], *, details: bool, language: str) -> list[str]:
    """What to say beside a table: about files that were not judged, and how an unknown issuer becomes known."""
    labels = _LABELS[language]
    said: list[str] = []
    if details:
        said += [f"{_symbol('aside')} {one.name} {one.why}" for one in skipped]
    elif skipped:
        said.append(labels["skipped_one"] if len(skipped) == 1 else labels["skipped"].format(count=f"{len(skipped):,}"))
    return said + [labels[advice] for advice in _advice(answers)]


def _advice(answers: Sequence[Verified]) -> Iterator[str]:
    """The labels of what whoever asks can do, where an answer leaves something open."""
    if any(answer.verdict is Verdict.ISSUER_UNKNOWN for answer in answers):
        yield "vouch"
    if any(map(_lacks_something, answers)):
        yield "missing"


def _lacks_something(answer: Verified) -> bool:
    return (
        answer.report is not None
        and answer.verdict is Verdict.CANNOT_TELL
        and any(check.id in _OBTAINED and check.outcome is Outcome.UNKNOWN for check in answer.report.checks)
    )


def _head(verdict: Verdict, language: str) -> str:
    return _styled(verdict, f"{_symbol(_manner(verdict))} {messages.word(verdict, language)}")


def _sentence(report: Report, language: str) -> str:
    """The verdict's sentence without the word that stands before it already."""
    word, colon, rest = report.sentence.partition(": ")
    if colon and word == messages.word(report.verdict, language):
        return rest[:1].upper() + rest[1:]
    return report.sentence


def _reason(answer: Verified) -> str:
    """Why it is no credential that could be judged, in one line."""
    said = ""
    if answer.problem is not None:
        said = str(answer.problem)
    elif answer.report is not None:
        check = next(check for check in answer.report.checks if check.leads_to is answer.verdict)
        said = f"{check.sentence} {check.detail}"
    name = "" if answer.name == "-" else f"{answer.name}: "
    return printable(f"{name}{said}".strip().rstrip("."), 600) + "."


def _claims(report: Report, labels: dict[str, str]) -> list[str]:
    claims = report.claims
    issuer = claims.get("issuer", "")
    if name := claims.get("issuerName"):
        issuer = f"{name} ({issuer})"
    told = [
        (labels["holder"], claims.get("holder", "")),
        (labels["achievement"], claims.get("achievement") or claims.get("name", "")),
        (labels["issuer"], issuer),
    ]
    told = [(label, value) for label, value in told if value]
    if not told:
        return []
    width = max(len(label) for label, _ in told)
    lines = [] if report.confirmed else [click.style(labels["unconfirmed"], bold=True)]
    for label, value in told:
        head = f"  {click.style(label.ljust(width), dim=True)}  "
        lines += _wrapped(value, head, " " * (width + 4), bold=label == labels["holder"])
    return [*lines, ""]


def _check(check: Check, labels: dict[str, str], *, details: bool, confirmed: bool) -> list[str]:
    """One line, or with `details` all that a check says. Sentences hold dates and names: of `confirmed` ones alone."""
    manner = _MANNERS[check.outcome]
    symbol = click.style(_symbol(manner), fg=_COLOURS[manner])
    if details:
        said = f"{check.title}. {check.sentence}"
    elif check.message == "recipient.not-asked":
        return []
    elif check.outcome is Outcome.PASSED and (not confirmed or check.id.partition(".")[0] in _SAID_BY_TITLE):
        said = labels["proof" if check.id.startswith("proof.") else "passed"].format(title=check.title)
    else:
        said = check.sentence
    lines = _wrapped(said, f"  {symbol} ", "    ")
    if details and check.detail:
        lines += [click.style(line, dim=True) for line in _wrapped(check.detail, "      ", "      ")]
    return lines


def _technical(answer: Verified, report: Report) -> list[str]:
    rows = [("File", answer.name), ("Kind", answer.kind.value if answer.kind else "")]
    rows += [("SHA-256", answer.sha256 or ""), *((name, value) for name, value in report.claims.items())]
    return console.table([(name, value) for name, value in rows if value]).splitlines()


def _grouped(answers: Iterable[Verified]) -> list[tuple[Verified, str]]:
    """An answer for each credential, with the names of the files that hold it: ``CODE.json .pdf .png``."""
    together: dict[tuple[str, str | None], list[Verified]] = {}
    for answer in answers:
        stem = str(PurePath(answer.name).with_suffix("")) if answer.sha256 else answer.name
        together.setdefault((stem, answer.sha256), []).append(answer)
    return [(group[0], _names(group)) for group in together.values()]


def _names(group: list[Verified]) -> str:
    first = PurePath(group[0].name)
    if "://" in group[0].name or len(group) == 1:
        return group[0].name if "://" in group[0].name else first.name
    return " ".join([first.name, *(PurePath(other.name).suffix for other in group[1:])])


def _about(answer: Verified) -> tuple[str, str]:
    """Holder and achievement; no holder, and the reason, where there is no proper credential."""
    report = answer.report
    if report is None or report.verdict is Verdict.MALFORMED:
        reason = answer.problem.message if answer.problem else _reason(answer).removeprefix(f"{answer.name}: ")
        return "", printable(reason, 120)
    return _cut(report.claims.get("holder", "–")), _cut(report.claims.get("achievement", ""))


def _cut(text: str) -> str:
    text = printable(text)
    return text if console.width(text) <= _WIDEST_CELL else text[: _WIDEST_CELL - 1] + "…"


def _wrapped(text: str, first: str, following: str, *, bold: bool = False) -> list[str]:
    """`text` in lines as wide as the terminal; `first` and `following` stand before them."""
    room = min(shutil.get_terminal_size().columns, _WIDEST) - len(click.unstyle(first))
    lines = textwrap.wrap(text, max(room, 30)) or [""]
    return [(first if index == 0 else following) + click.style(line, bold=bold) for index, line in enumerate(lines)]


def _manner(verdict: Verdict) -> str:
    if verdict is Verdict.GENUINE:
        return "good"
    return "unsure" if verdict in _UNSURE else "bad"


def _styled(verdict: Verdict, text: str) -> str:
    return click.style(text, fg=_COLOURS[_manner(verdict)], bold=True)


def _symbol(manner: str) -> str:
    """A symbol that the terminal can show."""
    try:
        _SYMBOLS[manner].encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return _PLAIN_SYMBOLS[manner]
    return _SYMBOLS[manner]
