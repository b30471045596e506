"""The command line: reads arguments, calls one action, prints.

Each command lives in the module of its name and is called ``command`` there. It is imported when it is asked for, so
that `laurea --help` starts at once. Here, and only here, errors become messages and exit codes.

| exit code | meaning |
| --- | --- |
| 0 | done, and good |
| 1 | not genuine, or rows in error |
| 2 | wrong use: an option, a file or an address is not as needed |
| 70 | a mistake in Laurea itself |
| 130 | interrupted |
"""

from __future__ import annotations

import difflib
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from laurea import __version__
from laurea.cli import console
from laurea.credentials.errors import LaureaError

OK, NOT_GOOD, WRONG_USE, OUR_MISTAKE, INTERRUPTED = 0, 1, 2, 70, 130

# In the order of a first visit. A summary is also the command's own; here, so that `laurea --help` imports no command.
COMMANDS = {
    "keygen": "Make the key that signs your credentials.",
    "designs": "List the designs, or copy one to change it.",
    "preview": "Draw a certificate or badge with sample data.",
    "issue": "Issue a credential for each row of a people file.",
    "bake": "Put a credential into your own picture or PDF.",
    "verify": "Judge credentials, yours or anyone else's.",
    "revoke": "Take back credentials that were issued.",
    "run": "Run the platform on this machine: pages and workers.",
    "demo": "Run the platform with a believable organisation in it.",
    "prepare": "Make or update the data folder, database and static files.",
    "web": "Serve the platform's pages alone.",
    "worker": "Do the platform's work that waits: read lists, issue, send mail.",
    "keys": "Look after the signing keys: list, rotate, back up, restore.",
    "log": "Verify the audit log, and the database against it.",
}

# Parts of the commands above that work on records, each in a process of its own; not for people.
PARTS = ("settle", "populate", "audit", "keyring")

EPILOG = """\b
The platform, with pages for everybody:
  laurea demo
  laurea run

\b
Certificates from the command line:
  laurea keygen
  laurea preview --achievement examples/data-protection.toml --out preview.pdf
  laurea issue examples/people-25.csv --achievement examples/data-protection.toml --out out
  laurea verify out --did-doc out/did.json

Exit codes: 0 good, 1 not genuine or rows in error, 2 wrong use."""


class Laurea(click.Group):
    """The group of all commands; loads each one on first use and maps every error once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS and cmd_name not in PARTS:
            return None
        if cmd_name in PARTS:
            # Records can be imported only once Django is set up; no command for people waits for that.
            importlib.import_module(f"{__name__}.records").set_up()
        command = importlib.import_module(f"{__name__}.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - tells the type checker
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and name not in PARTS and not name.startswith("-"):
            near = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.5)
            ctx.fail(f"There is no command {name!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(  # type: ignore[override]  # click's overloads speak of modes that this group does not offer
        self, args: Sequence[str] | None = None, prog_name: str | None = "laurea", **extra: Any
    ) -> NoReturn:
        """Run one command line and leave with its exit code."""
        arguments = list(sys.argv[1:] if args is None else args)
        # A part tells its command what went wrong, and the command tells whoever asked.
        as_json = "--json" in arguments or arguments[:1] in ([part] for part in PARTS)
        sys.exit(self._run(arguments, prog_name, as_json=as_json, **extra))

    def _run(self, arguments: list[str], prog_name: str | None, *, as_json: bool, **extra: Any) -> int:
        try:
            code = super().main(arguments, prog_name, standalone_mode=False, **extra)
            _flush()
            return code if isinstance(code, int) else OK
        except click.UsageError as error:
            if as_json and not isinstance(error, click.exceptions.NoArgsIsHelpError):
                console.failure_as_json("usage", error.format_message(), "")
            else:
                console.show(error)
            return WRONG_USE
        except click.ClickException as error:
            console.failure("usage", error.format_message(), "", as_json=as_json)
            return WRONG_USE
        except LaureaError as error:
            console.failure(error.code, error.message, error.hint, as_json=as_json)
            return OUR_MISTAKE if error.code == console.INTERNAL else WRONG_USE
        except (click.Abort, KeyboardInterrupt):
            console.note("Stopped.")
            return INTERRUPTED
        except SystemExit:
            # How click leaves when nobody reads its help any more; all else is written by the console.
            console.mute(sys.stdout)
            return OK
        except OSError as error:
            console.failure("system", *console.explain_os_error(error), as_json=as_json)
            return WRONG_USE
        except Exception as error:  # the last net: a mistake of ours is told as one
            console.our_mistake(error, as_json=as_json)
            return OUR_MISTAKE


def _flush() -> None:
    """Write what is left while there is somebody to read it: Python would complain about a closed pipe at exit."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        console.mute(sys.stdout)


@click.group(
    cls=Laurea,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="laurea %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Laurea issues signed digital badges and certificates (Open Badges 3.0) and lets anyone verify them."""
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False
