"""`laurea run` and `laurea demo` as people start them: in processes of their own, on a port of their own."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest

from ports import free_port

PATIENCE = 180.0
PASSWORD = "a quiet long sentence"
ACCOUNT = re.compile(r"^  (\S.*?)\s{2,}(\S+@\S+)\s+(\S+)$", re.MULTILINE)


def environment(**more: str) -> dict[str, str]:
    """Nothing of the installation that the tests run in."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("LAUREA_", "DJANGO_"))}
    return mine | more


def laurea(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [sys.executable, "-m", "laurea", *arguments]
    return subprocess.run(
        command, env=environment(**more), capture_output=True, text=True, timeout=PATIENCE, check=False
    )


class Running:
    """A command that goes on until it is stopped."""

    def __init__(self, log: Path, *arguments: str, **more: str) -> None:
        self.log = log
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "laurea", *arguments], env=environment(**more), stdout=out, stderr=out
            )

    def until(self, pattern: str) -> str:
        """Wait until it says something; give the first group."""
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.log.read_text(), re.MULTILINE)):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)
        return found[1]

    def family(self) -> list[int]:
        """All processes that descend from it, itself first."""
        found, fresh = [], [self.process.pid]
        while fresh:
            found += fresh
            fresh = [child for pid in fresh for child in children(pid)]
        return found


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(each) for each in listed.stdout.split()]


@contextmanager
def running(log: Path, *arguments: str, **more: str) -> Iterator[Running]:
    there = Running(log, *arguments, **more)
    try:
        yield there
    finally:
        there.process.send_signal(signal.SIGTERM)
        there.process.wait(60)


class Browser:
    """Fetches pages of this machine, with cookies, as a person without JavaScript does."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str) -> tuple[int, str]:
        """Status; final address, a line end, and the page."""
        return self._ask(urllib.request.Request(self.base + path))

    def post(self, path: str, data: Mapping[str, str]) -> tuple[int, str]:
        """Fill in the form of that page."""
        _, page = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        said = urlencode({**data, "csrfmiddlewaretoken": token[1]}).encode()
        return self._ask(urllib.request.Request(self.base + path, said))

    def _ask(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, f"{answer.url}\n{answer.read().decode()}"
        except HTTPError as error:
            return error.code, error.read().decode()


def alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_from_nothing_to_a_console_and_to_the_end(tmp_path: Path) -> None:
    data, port = tmp_path / "data", str(free_port())
    arguments = ("run", "--data", str(data), "--port", port, "--workers", "2", "--no-browser")
    with running(tmp_path / "log", *arguments) as there:
        address = there.until(r"^ready: (\S+)$")
        assert address == f"http://localhost:{port}"
        link = there.until(r"Set up:\s+(\S+)").removeprefix(address)
        for path in (data, data / "secrets"):
            assert path.stat().st_mode & 0o777 == 0o700
        for path in (data / "secrets" / "secret-key", data / "secrets" / "key-encryption-key", data / "laurea.sqlite3"):
            assert path.stat().st_mode & 0o777 == 0o600, path

        browser = Browser(address)
        said = {"owner_name": "Ada", "owner_email": "ada@example.com", "password": PASSWORD, "name": "Acme"}
        said |= {"slug": "acme", "language": "en", "time_zone": "Europe/Berlin", "primary_colour": "#1f5c46"}
        status, page = browser.post(link, said)
        assert (status, page.split("\n")[0]) == (200, f"{address}/console/acme/")
        assert Browser(address).get(link)[0] == 410

        family = there.family()
        assert len(family) >= 6  # run, web and its server, the workers' supervisor and two workers
        os.kill(family[-1], signal.SIGKILL)
        deadline = time.monotonic() + 30
        while len(there.family()) < len(family):
            assert time.monotonic() < deadline, "nobody took the place of the worker that died"
            time.sleep(0.2)
        family = there.family()
        there.process.send_signal(signal.SIGTERM)
        assert there.process.wait(60) == 0
        assert [pid for pid in family if alive(pid)] == []

    with running(tmp_path / "again", *arguments) as there:  # now there is an account: no link is printed
        there.until(r"^(ready): ")
        assert "Set up" not in (tmp_path / "again").read_text()
        browser = Browser(address)
        _, page = browser.post("/accounts/login/", {"login": "ada@example.com", "password": PASSWORD})
        assert page.split("\n")[0] == f"{address}/console/acme/"
        logged = (tmp_path / "again").read_text()
        assert "/accounts/login" not in logged  # requests leave no line
        assert "GET" not in logged


def test_whoever_started_it_is_killed_and_it_ends(tmp_path: Path) -> None:
    arguments = ("run", "--data", str(tmp_path / "data"), "--port", str(free_port()), "--no-browser", "--workers", "1")
    there = Running(tmp_path / "log", *arguments)
    there.until(r"^(ready): ")
    family = there.family()
    there.process.kill()
    there.process.wait()
    deadline = time.monotonic() + 60
    while left := [pid for pid in family if alive(pid)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.2)


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for command in ("run", "web", "demo"):
            ran = laurea(command, "--data", str(tmp_path / "data"), "--port", str(port))
            assert ran.returncode == 2
            assert f"port {port}" in ran.stderr
            assert "--port" in ran.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("LAUREA_PUBLIC_URL", "badges.example.com", "LAUREA_PUBLIC_URL must begin with one of: http://, https://"),
        ("LAUREA_TIME_ZONE", "Berlin", "write it as Europe/Berlin"),
        ("LAUREA_DATABASE_URL", "mysql://root:hunter2@db/x", "LAUREA_DATABASE_URL must begin with one of"),
        ("LAUREA_DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:1/x", "The database cannot be used"),
        ("LAUREA_SECRET_KEY", "short", "at least 40 random characters"),
        ("LAUREA_KEY_ENCRYPTION_KEY", "no key", "32 random bytes in base 64"),
        ("LAUREA_COLOUR", "red", "is no setting of Laurea"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_with_a_hint(
    tmp_path: Path, variable: str, value: str, said: str
) -> None:
    ran = laurea("prepare", "--data", str(tmp_path / "data"), **{variable: value})
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "hunter2" not in ran.stderr + ran.stdout


def test_prepare_can_be_done_again_and_warns(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    first = laurea("prepare", "--data", data, LAUREA_PUBLIC_URL="http://badges.example.com")
    assert first.returncode == 0, first.stderr
    assert "[laurea.W002]" in first.stderr
    assert "[laurea.W005]" in first.stderr
    link = re.search(r"Set up: (\S+)", first.stdout)
    again = laurea("prepare", "--data", data)
    assert (again.returncode, again.stderr) == (0, "")
    other = re.search(r"Set up: (\S+)", again.stdout)
    assert link
    assert other
    assert link[1].rpartition("/")[2] != other[1].rpartition("/")[2]


def test_help_and_verify_wait_for_no_django() -> None:
    program = "import sys, laurea.cli\ntry: laurea.cli.main({})\nexcept SystemExit: pass\nprint(sorted(sys.modules))"
    for arguments in (["--help"], ["verify", "--help"], ["run", "--help"], ["demo", "--help"]):
        done = subprocess.run(
            [sys.executable, "-c", program.format(arguments)], capture_output=True, text=True, check=True
        )
        loaded = done.stdout.splitlines()[-1]
        assert "'django.apps.registry'" not in loaded, arguments
        assert "'django.db'" not in loaded, arguments


def test_the_demo_starts_and_its_accounts_sign_in(tmp_path: Path) -> None:
    data, port = tmp_path / "demo", str(free_port())
    arguments = ("demo", "--small", "--data", str(data), "--port", port, "--no-browser", "--workers", "1")
    with running(tmp_path / "log", *arguments) as there:
        address = there.until(r"^ready: (\S+)$")
        accounts = ACCOUNT.findall((tmp_path / "log").read_text())
        assert [part for part, _, _ in accounts] == ["Owner", "Issuer", "Viewer", "Owner of the other"]
        for part, email, password in accounts:
            browser = Browser(address)
            _, page = browser.post("/accounts/login/", {"login": email, "password": password})
            slug = "lindenhof" if part == "Owner of the other" else "northlight"
            assert page.split("\n")[0] == f"{address}/console/{slug}/"
            assert browser.get(f"/console/{slug}/settings/")[0] == (200 if part.startswith("Owner") else 403)
        assert browser.get("/console/northlight/")[0] == 404
    kept = data / "secrets" / "demo-accounts.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    with running(tmp_path / "again", *arguments) as there:
        there.until(r"^(ready): ")
        assert ACCOUNT.findall((tmp_path / "again").read_text()) == accounts


def test_the_demo_does_not_move_in_with_somebody_else(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    assert laurea("prepare", "--data", data).returncode == 0
    program = (
        "import django; django.setup()\nfrom laurea.records.models import Account\n"
        "Account.objects.create_user('ada@example.com', 'x')"
    )
    more = {"LAUREA_DATA": data, "DJANGO_SETTINGS_MODULE": "laurea.config.settings"}
    subprocess.run([sys.executable, "-c", program], env=environment(**more), check=True)
    ran = laurea("demo", "--data", data, "--port", str(free_port()), "--no-browser")
    assert ran.returncode == 2
    assert "holds an installation already" in ran.stderr
