"""A real installation and a real browser that looks at it.

The browser reaches nothing but this machine. What pages do wrong behind a person's back fails the test that saw it (see
`looking.Watch`).
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from browser.looking import DESKTOP, Watch, sign_in
from browser_programs import SECOND_STEP, SESSIONS
from real_installation import Installation, make_demo, stop

expect.set_options(timeout=15_000)  # the machine may be busy

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers take their time: `make check` leaves them to `make test`."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("slow")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Installation]:
    """`make demo`, in every state. All processes of pytest-xdist share one; the last of them to leave stops it."""
    base = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    data, state = base / "demo", base / "demo.json"
    with _alone(base / "demo.lock"):
        shared = json.loads(state.read_text()) if state.exists() else {"users": 0}
        if not shared["users"]:
            pid, there = make_demo(data)
            shared |= {"pid": pid, "address": there.address, "said": there.said}
        if "places" not in shared:
            shared["places"] = Installation(shared["address"], data).do("places")
        shared["users"] += 1
        state.write_text(json.dumps(shared))
    yield Installation(shared["address"], data, said=shared["said"], places=shared["places"])
    with _alone(base / "demo.lock"):
        shared = json.loads(state.read_text())
        shared["users"] -= 1
        if not shared["users"]:
            stop(shared["pid"], shared["address"])
        state.write_text(json.dumps(shared))


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of this process among those of pytest-xdist; “master” where there is only one."""
    return str(getattr(request.config, "workerinput", {"workerid": "master"})["workerid"])


# --- The browser ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window and without a network; ended with the module, for others want no event loop here."""
    assert CHROMIUM, "these tests need Chromium (scripts/system-packages installs it)"
    with sync_playwright() as playwright:
        shown = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"],
        )
        yield shown
        shown.close()


Visit = Callable[[str | None], BrowserContext]
HALFWAY = "the account with every second step, after the password"


@pytest.fixture(scope="module")
def watching() -> Watch:
    """Looks over every page of the module."""
    return Watch()


@pytest.fixture
def watch(watching: Watch) -> Iterator[Watch]:
    """Fails the test at its end, where one of its pages did something behind a person's back."""
    watching.problems.clear()
    watching.expected.clear()
    yield watching
    assert "\n".join(watching.problems) == ""


@pytest.fixture(scope="module")
def context_of(browser: Browser, demo: Installation, watching: Watch) -> Iterator[Visit]:
    """The browser of each kind of visitor of the demo, signed in once: ``context_of(OWNER).pages[0]``."""
    contexts: dict[str | None, BrowserContext] = {}

    def context(who: str | None) -> BrowserContext:
        if who not in contexts:
            contexts[who] = made = opened(browser, demo, watching)
            page = made.new_page()
            if who == HALFWAY:
                sign_in(page, SECOND_STEP["email"], SECOND_STEP["password"], until="**/2fa/authenticate/**")
            elif who is not None:
                key = demo.places["session"][SESSIONS.index(who)]
                made.add_cookies([{"name": "sessionid", "value": key, "url": demo.address}])
        return contexts[who]

    yield context
    for each in contexts.values():
        each.close()


def opened(browser: Browser, there: Installation, watching: Watch, locale: str = "en-GB") -> BrowserContext:
    """A browser of its own, looked over, in which nobody has signed in."""
    watching.hosts.add(urlsplit(there.address).netloc)
    made = browser.new_context(base_url=there.address, locale=locale, viewport=DESKTOP, reduced_motion="reduce")
    made.set_default_timeout(30_000)
    watching.over(made)
    return made
