"""The command reference, docs/reference/commands.md: every command's own help, so that the page cannot be wrong."""

from __future__ import annotations

import click

from laurea.cli import COMMANDS, main

WIDTH = 98
"""What help is wide on a terminal of 100 columns."""

_HEAD = """\
# Commands

Written from the program itself by `make docs`. The same text is shown by `laurea COMMAND --help`.

- Data goes to stdout, messages for people to stderr. With `--json`, stdout carries exactly one JSON value; when
  something fails, it is `{"error": {"code": …, "message": …, "hint": …}}`, with a code that does not change.
- A progress bar shows on long work, and only on a terminal.
- No mistake of yours ends in a traceback. If Laurea stumbles over one of its own, it says what to report;
  `LAUREA_DEBUG=1` shows everything.

| exit code | meaning |
| --- | --- |
| 0 | done, and good |
| 1 | not genuine, or rows in error |
| 2 | wrong use: an option, a file or an address is not as needed; nothing was done |
| 70 | a mistake in Laurea itself |
| 130 | interrupted; `laurea issue` can be continued with `--resume` |

| environment | meaning |
| --- | --- |
| `LAUREA_KEY` | the key file, as with `--key` |
| `LAUREA_KEY_PASSPHRASE` | the passphrase that opens it |
| `LAUREA_KEY_PASSPHRASE_FILE` | the file whose first line is that passphrase |
| `LAUREA_DEBUG` | if set, a mistake in Laurea shows its traceback |
| `NO_COLOR` | if set, no colours, also on a terminal |

| with `--json` | stdout carries an object with |
| --- | --- |
| `laurea keygen` | `key`, `issuer`, `verificationMethod`; `didDocument` and `publishAt`, null without `--did-web` |
| `laurea designs` | (a list) `name`, `title`, `description`, `papers`, `orientations`, `options`; \
with `--export`, `design` and `folder` |
| `laurea preview` | the files that were drawn: `certificate`, `badge`, `social` |
| `laurea issue` | `issued`, `kept` (were there before), `planned`, `filtered` (left out by `--where`): numbers; \
`issuer`, `out`, `seconds`; \
`errors` and `warnings`: `line`, `column`, `value`, `reason`, `hint`, `code`; \
`duplicates`: `line`, `duplicateOf`; `notes`: `code`, `message`; `publish`: `file`, `at` |
| `laurea bake` | `file`, `kind`, `sha256` of the credential's text |
| `laurea verify` | `reports`, `summary`: [the report as JSON](verification.md#the-report-as-json) |
| `laurea revoke` | `revoked`, `revokedBefore`: codes; `publish`: `file`, `at` |
"""


def page() -> str:
    """The page in Markdown."""
    sections = [_HEAD]
    context = main.make_context("laurea", [], resilient_parsing=True, terminal_width=WIDTH)
    sections.append(_section("laurea", main.get_help(context)))
    for name in COMMANDS:
        command = main.get_command(context, name)
        if command is not None:
            sections += _sections(name, command, context)
    return "\n".join(sections)


def _sections(name: str, command: click.Command, parent: click.Context) -> list[str]:
    """A command's own section, and those of the commands under it."""
    own = click.Context(command, info_name=name, parent=parent)
    under = command.commands.items() if isinstance(command, click.Group) else ()
    found = [_section(own.command_path, command.get_help(own))]
    return found + [section for each, sub in under for section in _sections(each, sub, own)]


def _section(title: str, text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return f"## {title}\n\n```text\n{lines}\n```\n"
