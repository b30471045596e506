"""Workers are killed at any moment, and everything is there exactly once.

Small numbers here; `make soak` runs the same with 3,000 rows and 50 kills, on both databases.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

from own_installation import Own

ROWS = int(os.environ.get("SOAK_ROWS", "160"))
KILLS = int(os.environ.get("SOAK_KILLS", "5"))
SECONDS = 60 + ROWS
NOWHERE = "smtp://127.0.0.1:1?tls=none"
"""A mail server that does not answer: messages stay due, and can be counted."""


def people(rows: int) -> int:
    """How many different people stand in the list that `installation_programs.confirm` makes."""
    return len({place // 2 if place % 5 == 4 else place for place in range(rows)})


def whole(rows: int, failed: int = 0) -> dict[str, Any]:
    """What must hold of a batch that is done."""
    issued = rows - failed
    return {
        "state": "done",
        "rows": rows,
        "credentials": issued,
        "codes": issued,
        "rows with credential": issued,
        "entries": issued,
        "reserved": rows,
        "artifacts": {"pdf": issued, "png": issued},
        "deliveries": {"due": issued},
        "credentials with delivery": issued,
        "verdicts": {"genuine": issued},
        "counted": issued,
    }


def children(supervisor: int) -> list[int]:
    """The worker processes that are there now."""
    found = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text()
    return [int(number) for number in found.split()]


def test_workers_killed_at_random_moments_double_nothing_and_lose_nothing(own: Own) -> None:
    chance = random.Random(4)
    batch = own.do("confirm", rows=ROWS)
    killed = 0
    with own.workers(2, LAUREA_MAIL_URL=NOWHERE) as supervisor:
        while killed < KILLS and supervisor.poll() is None:
            time.sleep(chance.uniform(0.05, 2.5))
            if victims := children(supervisor.pid):
                os.kill(chance.choice(victims), signal.SIGKILL)
                killed += 1
        assert own.do("wait", batch=batch, seconds=SECONDS)["finished"]
    found = own.do("judge", batch=batch)
    expected = whole(ROWS) | {"files": 2 * ROWS, "outcomes": {"issued": ROWS}, "people": people(ROWS)}
    assert {key: found[key] for key in expected} == expected
    assert killed == KILLS


def test_a_row_that_kills_its_workers_is_found_and_the_others_are_issued(own: Own) -> None:
    batch = own.do("confirm", rows=24, poison=17)
    path = os.pathsep.join([str(Path(__file__).parent / "poison"), own.environment["PYTHONPATH"]])
    with own.workers(2, PYTHONPATH=path, LAUREA_MAIL_URL=NOWHERE):
        assert own.do("wait", batch=batch, seconds=SECONDS)["failed"] == 1
    found = own.do("judge", batch=batch)
    expected = whole(24, failed=1) | {"outcomes": {"issued": 23, "failed": 1}}
    assert {key: found[key] for key in expected} == expected
    assert [problem["code"] for problem in found["problems"]] == ["row.ends-workers"]
    assert "(139)" in own.log()
    assert "Poison" not in own.log()


def test_workers_that_claim_at_the_same_time_never_get_the_same(own: Own) -> None:
    for _ in range(3):
        own.do("confirm", rows=200)
    claiming = [own.start("claim_all", worker=f"worker {number}") for number in range(4)]
    told = [process.communicate(timeout=120)[0] for process in claiming]
    claims = [claim for text in told for claim in json.loads(text)]
    assert len(claims) == len({chunk for chunk, _ in claims}) == 3 * 17
    assert {token for _, token in claims} == {1}


def test_workers_leave_with_their_supervisor_and_others_take_over(own: Own) -> None:
    batch = own.do("confirm", rows=120)
    with own.workers(2, LAUREA_MAIL_URL=NOWHERE) as supervisor:
        own.do("wait", batch=batch, seconds=SECONDS, until=0.05)
        workers = children(supervisor.pid)
        supervisor.kill()
        supervisor.wait()
        deadline = time.monotonic() + 30
        while any(Path(f"/proc/{worker}").exists() for worker in workers):
            assert time.monotonic() < deadline, "workers live on without their supervisor"
            time.sleep(0.05)
    own.do("let_leases_run_out")
    with own.workers(1, LAUREA_MAIL_URL=NOWHERE):
        own.do("wait", batch=batch, seconds=SECONDS)
    found = own.do("judge", batch=batch, every=10)
    expected = whole(120) | {"verdicts": {"genuine": 12}}
    assert {key: found[key] for key in expected} == expected


def test_workers_end_politely_between_two_chunks(own: Own) -> None:
    batch = own.do("confirm", rows=160)
    with own.workers(2, LAUREA_MAIL_URL=NOWHERE) as supervisor:
        own.do("wait", batch=batch, seconds=SECONDS, until=0.05)
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(40) == 0
    chunks = own.do("judge", batch=batch, every=1000)["chunks"]
    assert set(chunks) <= {"waiting", "done"}  # nothing is left half done
    assert chunks["done"]
