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
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from browser.looking import DESKTOP, Watch, sign_in
from real_installation import Installation, populated, start, stop

expect.set_options(timeout=15_000)  # the machine may be busy

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers take their time."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("slow")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Installation]:
    """The demo, with real workers. All processes of pytest-xdist share one; the last of them to leave stops it."""
    base = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    data, state = base / "demo", base / "demo.json"
    with _alone(base / "demo.lock"):
        shared = json.loads(state.read_text()) if state.exists() else {"users": 0, "accounts": None}
        if shared["accounts"] is None:
            shared["accounts"] = populated(data)
        if not shared["users"]:
            pid, there = start(data)
            shared |= {"pid": pid, "address": there.address}
        if "places" not in shared:
            shared["places"] = Installation(shared["address"], data).do("places")
        shared["users"] += 1
        state.write_text(json.dumps(shared))
    yield Installation(shared["address"], data, accounts=shared["accounts"], places=shared["places"])
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


Visit = Callable[..., Page]


@pytest.fixture
def watch(request: pytest.FixtureRequest) -> Iterator[Watch]:
    """Looks over every page of the test, and fails it at its end."""
    watching = Watch("")
    yield watching
    assert watching.problems == []


@pytest.fixture
def as_(browser: Browser, demo: Installation, watch: Watch, signed_in: dict[str, Any]) -> Iterator[Visit]:
    """A page of the demo, signed in as one of its accounts, or as nobody: ``as_(OWNER, **options of the context)``."""
    watch.host = urlsplit(demo.address).netloc
    contexts = []

    def page(part: str | None = None, **options: Any) -> Page:
        options = {
            "viewport": DESKTOP,
            "locale": "en-GB",
            "reduced_motion": "reduce",
            "base_url": demo.address,
        } | options
        if part is not None:
            if part not in signed_in:
                signed_in[part] = _state(browser, demo, part)
            options["storage_state"] = signed_in[part]
        context = browser.new_context(**options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        watch.over(context)
        return context.new_page()

    yield page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def signed_in() -> dict[str, Any]:
    """The cookies of each account, once it has signed in."""
    return {}


def _state(browser: Browser, demo: Installation, part: str) -> Any:
    with browser.new_context(base_url=demo.address, locale="en-GB") as context:
        page = context.new_page()
        sign_in(page, demo.accounts[part]["email"], demo.accounts[part]["password"])
        return context.storage_state()
