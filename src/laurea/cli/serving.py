"""What `run`, `demo`, `web` and `prepare` share: the environment of an installation, and its parts."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click

from laurea import __version__
from laurea.actions import installing
from laurea.actions.installing import InstallingError
from laurea.cli import console
from laurea.cli.parts import Part, Stop, end, watch
from laurea.credentials.errors import LaureaError

F = TypeVar("F", bound=Callable[..., Any])

DATABASE = "laurea.sqlite3"
PORT = 8000
HOST = "127.0.0.1"
_PATIENCE = 60


def data_option(command: F) -> F:
    """--data."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help=f"The folder of database, secrets and files (or set LAUREA_DATA; else ./{installing.DATA}).",
    )(command)


def address_options(command: F) -> F:
    """--host and --port."""
    command = click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="The port.")(
        command
    )
    return click.option(
        "--host", default=HOST, show_default=True, help="The address to listen on; 0.0.0.0 listens on all."
    )(command)


def run_options(command: F) -> F:
    """What `run` and `demo` take."""
    command = click.option("--browser/--no-browser", default=True, help="Open the start page in a browser.")(command)
    command = click.option(
        "--workers", type=click.IntRange(1, 64), help="Worker processes; without it, one for each processor."
    )(command)
    return data_option(address_options(command))


def environment(data: Path | None, *, port: int | None = None) -> dict[str, str]:
    """The environment of all parts: the caller's, with the data folder and an address to be reached under."""
    made = dict(os.environ)
    if data is not None:
        made["LAUREA_DATA"] = str(data.absolute())
    made["LAUREA_DATA"] = str(installing.data_folder(made))
    if port is not None and not made.get("LAUREA_PUBLIC_URL", "").strip():
        made["LAUREA_PUBLIC_URL"] = f"http://localhost:{port}"
    return made


def prepare(env: Mapping[str, str], *, link: bool) -> dict[str, Any]:
    """Make the folder, its secrets, the database and the static files; give what `laurea settle` found out.

    Leaves with its exit code when it could not: it has said why.
    """
    os.umask(0o077)  # what is written from here on, by the parts as well, is for its owner alone
    folder = installing.data_folder(env)
    installing.make_folder(folder)
    installing.make_secrets(folder, env)
    return part(env, "settle", "--link" if link else "--no-link")


def require_installation(env: Mapping[str, str]) -> None:
    """Refuse a data folder without an installation: Django would make an empty database there.

    Raises `InstallingError` (``installing.absent``).
    """
    folder = installing.data_folder(env)
    if not is_installed(env):
        raise InstallingError(
            "installing.absent",
            f"There is no installation in {folder}",
            "Name its folder with --data or LAUREA_DATA, or make a new one with `laurea run`",
        )


def is_installed(env: Mapping[str, str]) -> bool:
    """Whether the database is there. One that is elsewhere is taken to be: only asking it could tell."""
    return bool(env.get("LAUREA_DATABASE_URL", "").strip()) or (installing.data_folder(env) / DATABASE).exists()


class PartError(LaureaError):
    """What a part said when it failed, to be told as if we had found it out ourselves."""


def part(env: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    """Run a part that works on records; give the JSON object that it wrote.

    Raises `PartError` with what it told, or leaves with its exit code where it could tell nothing any more.
    """
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "laurea", *arguments], env=dict(env), stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise _failure(done.stdout, done.returncode)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _failure(told: str, code: int) -> Exception:
    try:
        return PartError(**json.loads(told)["error"])
    except (ValueError, LookupError, TypeError):
        return click.exceptions.Exit(code)


def require_free(host: str, port: int) -> None:
    """Refuse an address that somebody else listens on already, before anything is made. Raises `InstallingError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InstallingError(
                "installing.port",
                f"Nothing can be served on {host}, port {port}: {error.strerror}",
                f"Another program may be using it: choose a port with --port, such as --port {port + 80}",
            ) from None


def serve(env: Mapping[str, str], *, host: str, port: int, workers: int | None, ready: Callable[[], None]) -> int:
    """Run web server and workers until Ctrl-C; call `ready` once pages are answered. Gives the exit code."""
    parts = [Part("The web server", ("web", "--host", host, "--port", str(port), "--no-prepare"), env)]
    parts.append(Part("The workers", ("worker", *(("--jobs", str(workers)) if workers else ())), env))
    with Stop().on_signals() as stop:
        try:
            for each in parts:
                each.start()
            code = until_answered(parts[0], host, port, stop)
            if code is not None:
                return code
            if not stop:
                ready()
            code = watch(parts, stop)
        finally:
            end(parts)
    console.note("Stopped.")
    return code


def until_answered(web: Part, host: str, port: int, stop: Stop) -> int | None:
    """Wait until the web server answers anything at all; give its exit code if it ends before."""
    there = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    for _ in range(_PATIENCE * 10):
        connection = http.client.HTTPConnection(there, port, timeout=5)
        try:
            connection.request("HEAD", "/static/laurea/mark.svg")
            connection.getresponse()
            return None
        except OSError:
            if web.ended() is not None or stop.wait(0.1):
                return web.ended() or 0
        finally:
            connection.close()
    return None


def greet(env: Mapping[str, str], found: Mapping[str, Any]) -> None:
    """Say where Laurea is, and, while there is no account, how to begin."""
    lines = [("Address", env["LAUREA_PUBLIC_URL"]), ("Data", env["LAUREA_DATA"])]
    if found.get("setUpLink"):
        lines.append(("Set up", found["setUpLink"]))
    console.data(f"Laurea {__version__}")
    console.data(console.table([(f"{name}:", value) for name, value in lines]))
    if found.get("setUpLink"):
        console.data("Open the set-up link to begin. It works once, for 24 hours; a new start prints a new one.")


def open_browser(address: str) -> None:
    """Show a page to whoever sits in front of this machine, if anybody does."""
    seen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform != "linux"
    if sys.stdout.isatty() and seen and urlsplit(address).hostname in ("localhost", "127.0.0.1"):
        webbrowser.open(address)
