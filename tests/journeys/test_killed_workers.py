"""Workers are killed at any moment, and everything is there exactly once.

Small numbers here; `make soak` runs the same with 3,000 rows and 50 kills, on both databases.
"""

from __future__ import annotations

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


def people(rows: int) -> int:
    """How many different people stand in the list that `installation_programs.confirm` makes."""
    return rows - sum(place % 5 == 4 for place in range(rows))


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
    with own.workers(2, LAUREA_MAIL_URL="smtp://127.0.0.1:1?tls=none") as supervisor:
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
